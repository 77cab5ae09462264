"""One frame of a video: zxing-cpp on each, and one further stage in turn (it doubled the clips read, HARDWARE)."""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import cycle, islice
from typing import Final

import numpy as np

from scanner.reading import barlines, finders, locate, modules, vision, zbar, zxing
from scanner.reading.belief import Look
from scanner.reading.found import Found
from scanner.reading.picture import Grey, Picture

LENS: Final = 1280
"""The longer side in pixels at which frames are looked at."""
FINE: Final = 230
"""Bars shorter than this many pixels hold a code of the office's length too finely."""
BRIGHT, GLARING = 250, 0.02
"""A pixel that is only light, and the share of them on the paper that is glare."""
BLURS: Final = barlines.BLURS[:6]
"""Of the ways to sharpen a line, those that a frame has time for."""
STRONG: Final = 4
"""Every so manieth look at bars is for strong blur."""
WIDEST: Final = 180
"""Pixels of a QR code's place that a frame has time for."""
LEAST: Final = 150.0
"""Energy of a cell that grain alone does not reach in any light."""
RESTS: Final = 4
"""What need not be done on each frame is done on every fourth."""
ASKS: Final = 8
"""Every so manieth unread frame is asked what keeps it from reading, from the second on."""
SOFT: Final = 0.16
"""Steepest change of grey from pixel to pixel, as a share of the contrast, below which a picture is blurred."""


class Frames:
    """What the engines see in frames as they come."""

    def __init__(self) -> None:
        bars, square = self._bars, vision.SquareReader().read
        stages: tuple[Callable[[Grey], list[Found]], ...] = (
            *(bars, square, bars, zbar.read, bars, lambda image: square(vision.levelled(image))),
            *(bars, partial(zxing.read, binarizer="global"), bars, zbar.read),
            *(bars, self._grid),
        )
        self._turn = cycle(stages)
        self._place = self._spot = self._unread = 0
        self._trouble = ""

    def look(self, frame: Picture, *, eager: bool = True) -> tuple[list[Found], str]:
        """The codes of ``frame``, and what keeps a code-like thing in it from reading ("" when there is none).

        Not ``eager``: a receipt that was read still lies there, the further stage may rest most of the time.
        """
        grey = vision.grey(frame)
        larger = max(1.0, max(grey.shape) / LENS)
        small = vision.scaled(grey, 1 / larger) if larger > 1 else grey
        found = zxing.read(small)
        found = found or self._further(small, eager=eager)
        if found:
            self._trouble = ""
        return [one.moved(larger) for one in found], self._trouble

    def _further(self, image: Grey, *, eager: bool) -> list[Found]:
        """The next stage on a frame in which the first saw nothing, or in its place now and then why that may be."""
        self._unread += 1
        if self._unread % ASKS == 2:
            self._trouble = trouble(image)
            return []
        return next(self._turn)(image) if eager or self._unread % RESTS == 0 else []

    def _bars(self, image: Grey) -> list[Found]:
        """The likeliest place with bars, now and then the second or as found at half size against strong blur, by its
        averaged line and one of its thirds."""
        self._place += 1
        strong = self._place % STRONG == 0
        places = (locate.coarse_bars(image) if strong else locate.bars(image))[:2]
        if not places:
            return []
        place = places[0 if strong else self._place % 3 // 2 % len(places)]
        looks = barlines.read(image, place, 2.5, barlines.STRONG if strong else BLURS)
        return _first_seen(islice(looks, 1 if strong else 2))

    def _grid(self, image: Grey) -> list[Found]:
        """One of the likeliest places of a QR code, module by module."""
        spots = [one for one in locate.squares(image) if one.right - one.left <= WIDEST][:3]
        if not spots:
            return []
        self._spot += 1
        crop, corner = locate.cut(image, spots[self._spot % len(spots)])
        found = _first_seen(looks for triple in finders.triples(crop)[:1] for looks in modules.read(crop, triple))
        return [one.moved(1.0, corner) for one in found]


def _first_seen(lines: Iterable[list[Look]]) -> list[Found]:
    """Each text of the first line that shows any."""
    seen: dict[tuple[str, str], Found] = {}
    for looks in lines:
        for look in looks:
            seen.setdefault((look.found.symbology, look.found.text), look.found)
        if seen:
            break
    return list(seen.values())


def trouble(image: Grey) -> str:
    """Why a code that seems to be there does not read; "" when nothing seems to be there."""
    xx, yy, _ = vision.tensor(image, locate.CELL)
    energy = vision.averaged(xx + yy, 3)
    floor = max(LEAST, 3 * float(np.percentile(energy, 20)))
    busy = energy > floor
    if busy.sum() < 20:
        return ""
    rows, columns = np.flatnonzero(busy.any(1)), np.flatnonzero(busy.any(0))
    cell = locate.CELL
    paper = image[rows[0] * cell : (rows[-1] + 1) * cell, columns[0] * cell : (columns[-1] + 1) * cell]
    return _why(paper, image)


def _why(paper: Grey, image: Grey) -> str:
    dark, light = np.percentile(paper, (2, 98))
    if (paper >= BRIGHT).mean() > GLARING and np.percentile(paper, 60) < BRIGHT - 15:
        return "tilt"
    steps = np.abs(np.diff(paper.astype(np.int16), axis=1))
    if np.percentile(steps, 99) < SOFT * max(1.0, float(light - dark)):
        return "still"
    places = locate.bars(image)
    if places and places[0].length < FINE:
        return "closer"
    return "move"
