"""A still picture through one stage after another, the cheap ones first, until something is read that is of use."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import islice
from typing import Final

from scanner.reading import barlines, finders, locate, modules, shape, squares, vision, zbar, zxing
from scanner.reading.belief import Look, believed
from scanner.reading.found import Found
from scanner.reading.locate import Bars, Square
from scanner.reading.picture import Grey, Picture

LENS: Final = 1280
"""The longer side in pixels at which a picture is looked at first."""
PATIENCE: Final = 1.4
"""The budget is time of work; where others work too it may last so many times as long."""
LARGEST: Final = 3_000_000
"""Pixels up to which a picture may be enlarged as a whole."""

Stage = Callable[[Grey], list[Found]]


def read_bytes(data: bytes, budget_ms: float) -> list[Found]:
    """The codes of a JPEG or PNG. Raises UnreadablePicture."""
    return read(vision.decoded(data), budget_ms)


def read(image: Picture, budget_ms: float, today: date | None = None) -> list[Found]:
    """The codes of ``image`` that are to be believed; ends with the first stage that gave one the hall can act on."""
    worked, waited = time.thread_time() + budget_ms / 1000, time.monotonic() + PATIENCE * budget_ms / 1000
    day = today or shape.today()
    looks: list[Look] = []
    for more in _looks(vision.grey(image)):
        looks += more
        if more and any(shape.key(found.text, day) for found in believed(looks, day)):
            break
        if time.thread_time() > worked or time.monotonic() > waited:
            break
    return believed(looks, day)


def _looks(grey: Grey) -> Iterator[list[Look]]:
    """What each stage sees, stage by stage."""
    longest = max(grey.shape)
    if longest > LENS:
        yield _whole(partial(resized, zxing.read, LENS / longest), grey)
    yield _whole(zxing.read, grey)
    places = locate.bars(grey)
    for place in places[:2]:
        yield from barlines.read(grey, place, 3.0)
    yield _whole(zbar.read, grey)
    yield _whole(vision.SquareReader().read, grey)
    spots = locate.squares(grey)
    for spot in spots[:3]:
        yield from squares.read(grey, spot)
    for stage in _retries(grey):
        yield _whole(stage, grey)
    yield from _grids(grey, spots[:4])
    yield from _blurred(grey, places)
    for spot in spots[3:]:
        yield from squares.read(grey, spot)
    for place in places[2:]:
        yield from barlines.read(grey, place, 3.0)
    for place in places[:2]:
        yield from barlines.read(grey, replace(place, length=1.7 * place.length), 2.0)


def _blurred(grey: Grey, places: list[Bars]) -> Iterator[list[Look]]:
    """Bars out of focus or shaken: as found at half size, and sharpened for such blur."""
    coarse = locate.coarse_bars(grey)[:1]
    yield from _some(coarse, grey, barlines.BLURS, 3)
    for square in (False, True):
        yield from _some([*places[:2], *coarse], grey, barlines.STRONG, 2, square=square)


def _some(
    places: list[Bars], grey: Grey, blurs: barlines.Blurs, lines: int, *, square: bool = False
) -> Iterator[list[Look]]:
    """The first ``lines`` of each place."""
    for place in places:
        yield from islice(barlines.read(grey, place, 3.0, blurs, square=square), lines)


def _grids(grey: Grey, spots: list[Square]) -> Iterator[list[Look]]:
    """QR codes by their finder patterns: the picture at a frame's size, places of a larger one as they are."""
    larger = max(1.0, max(grey.shape) / LENS)
    yield from _grid(vision.scaled(grey, 1 / larger) if larger > 1 else grey, larger, (0, 0))
    for spot in spots if larger > 1 else ():
        crop, corner = locate.cut(grey, spot)
        if max(crop.shape) < LENS / 2:
            yield from _grid(crop, 1.0, corner)


def _grid(image: Grey, larger: float, corner: tuple[int, int]) -> Iterator[list[Look]]:
    for triple in finders.triples(image):
        for looks in modules.read(image, triple):
            yield [replace(look, found=look.found.moved(larger, corner)) for look in looks]


def _retries(grey: Grey) -> Iterator[Stage]:
    """Every other way the engines have to look at the whole picture."""
    for scale in (1.0, 0.5, 1.5, 2.0):
        if scale > 1 and grey.size > LARGEST:
            continue
        for binarizer in ("local", "global", "fixed"):
            yield partial(resized, partial(zxing.read, binarizer=binarizer), scale)
    yield partial(resized, zbar.read, 0.5)
    yield lambda image: zxing.read(vision.levelled(image))
    yield lambda image: vision.SquareReader().read(vision.levelled(image))


def _whole(stage: Stage, image: Grey) -> list[Look]:
    return [Look(found) for found in stage(image)]


def resized(stage: Stage, scale: float, image: Grey) -> list[Found]:
    """What ``stage`` sees in the picture made larger or smaller, in places of the picture itself."""
    if scale == 1.0:
        return stage(image)
    return [found.moved(1 / scale) for found in stage(vision.scaled(image, scale))]
