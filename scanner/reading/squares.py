"""QR codes read in crops: the place alone, enlarged, and made crisp, level or smooth."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from scanner.reading import vision, zxing
from scanner.reading.belief import Look
from scanner.reading.found import Found
from scanner.reading.locate import Square
from scanner.reading.picture import Grey

SIDE: Final = 640
"""Pixels that the longer side of a crop is brought to: four to twenty a module."""
MARGIN: Final = 0.3

WAYS: Final[tuple[Callable[[Grey], Grey], ...]] = (
    lambda crop: crop,
    lambda crop: vision.crisp(crop, 4.0),
    vision.levelled,
    vision.smooth,
    lambda crop: vision.crisp(vision.smooth(crop), 7.0),
)


def read(image: Grey, place: Square) -> Iterator[list[Look]]:
    """The looks at one place, way by way."""
    wide, high = place.right - place.left, place.bottom - place.top
    more = round(MARGIN * max(wide, high)) + 8
    left, top = max(0, place.left - more), max(0, place.top - more)
    cut = image[top : place.bottom + more, left : place.right + more]
    scale = min(4.0, SIDE / max(cut.shape))
    crop = vision.scaled(cut, scale)
    square = vision.SquareReader()
    for way in WAYS:
        made = way(crop)
        seen = zxing.read(made, "qr") or zxing.read(made, "qr", binarizer="global") or square.read(made)
        yield [Look(_placed(found, left, top, scale)) for found in seen]


def _placed(found: Found, left: int, top: int, scale: float) -> Found:
    return replace(found, corners=tuple((left + x / scale, top + y / scale) for x, y in found.corners))
