"""Bars read along scan lines of our own making: place, straighten, average, even out, sharpen, and then the engines."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from scanner.reading import scanline, straighten, zbar, zxing
from scanner.reading.belief import Look
from scanner.reading.found import Corners, Found
from scanner.reading.locate import Bars
from scanner.reading.picture import Floats, Grey
from scanner.reading.scanline import Blur

Blurs = Sequence[Blur | None]

BLURS: Final = (
    None,
    Blur("soft", 1.5, 30),
    Blur("laid", 1.5),
    Blur("soft", 2.2, 30),
    Blur("laid", 2.6),
    Blur("soft", 3.0, 100),
    Blur("soft", 0.8, 30),
    Blur("soft", 1.5, 300),
    Blur("soft", 4.0, 100),
    Blur("soft", 4.0, 1000),
    Blur("soft", 5.5, 300),
)
"""Blur that is taken back, in thirds of a pixel of the picture."""
STRONG: Final = (
    *(Blur("disc", size, 300) for size in (8.0, 9.6, 6.7, 11.5, 5.5)),
    *(Blur("shake", size, 300) for size in (15.0, 19.0, 12.0, 24.0, 30.0, 9.5)),
)
"""Out of focus and shaken by the hand: what a Gaussian does not undo. Each step is a fifth."""


def read(image: Grey, place: Bars, scale: float, blurs: Blurs = BLURS, *, square: bool = False) -> Iterator[list[Look]]:
    """The looks at one place, line by line, so that one may stop when enough is known.

    ``square``: the bars are taken to stand upright on their row. A shake smears them along itself, and then their
    gradients, by which they are straightened otherwise, tell more of the shake than of the bars.
    """
    if square:
        place = replace(place, angle=place.angle + float(np.arctan(place.lean)), lean=0.0)
    flat = straighten.crop(image, place, scale)
    flat = flat if square else straighten.upright(flat)
    true = flat.shape[1] / straighten.reach(place)
    for number, line in enumerate(scanline.lines(flat)):
        longer = scanline.stretched(line, max(scale, 3.0) / true)
        yield _looks(longer, max(scale, 3.0), place, f"{place.x:.0f},{place.y:.0f},{place.angle:.2f}/{number}", blurs)


def _looks(line: Floats, scale: float, place: Bars, at: str, blurs: Blurs) -> list[Look]:
    looks = []
    for blur in blurs:
        sharp = scanline.sharpened(line, blur) if blur else line
        made = [scanline.even(sharp, round(reach * scale)) for reach in (12, 30)]
        picture = scanline.stacked([*made, scanline.detail(sharp, 3.0 * scale)])
        seen = zxing.read(picture, "bars", rotate=False, downscale=False) + zbar.read(picture, "bars")
        looks += [Look(replace(found, corners=_corners(found, place, len(line))), f"{at}/{blur}") for found in seen]
    return looks


def _corners(found: Found, place: Bars, wide: int) -> Corners:
    """Where on the picture the code lies, from where it was read along the line."""
    xs = [x for x, _ in found.corners]
    length = straighten.reach(place)
    left, right = ((x / wide - 0.5) * length for x in (xs[0], xs[1] if len(xs) > 1 else xs[0]))
    if found.engine == "zbar":  # its outline may begin at any corner
        left, right = (min(xs) / wide - 0.5) * length, (max(xs) / wide - 0.5) * length
    c, s, half = np.cos(place.angle), np.sin(place.angle), place.height / 2
    k = place.lean
    ends = ((left, k * left - half), (right, k * right - half), (right, k * right + half), (left, k * left + half))
    return tuple((float(place.x + u * c - v * s), float(place.y + u * s + v * c)) for u, v in ends)
