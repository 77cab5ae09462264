"""A still picture through one stage after another, the cheap ones first, until something is read that is of use."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

from scanner.reading import shape, vision, zbar, zxing
from scanner.reading.found import Found
from scanner.reading.picture import Grey, Picture

Stage = Callable[[Grey], list[Found]]


def read_bytes(data: bytes, budget_ms: float) -> list[Found]:
    """The codes of a JPEG or PNG. Raises UnreadablePicture."""
    return read(vision.decoded(data), budget_ms)


def read(image: Picture, budget_ms: float, today: date | None = None) -> list[Found]:
    """The codes of ``image`` that are to be believed; ends with the first stage that gave one the hall can act on."""
    ends = time.monotonic() + budget_ms / 1000
    day = today or date.today()  # noqa: DTZ011 - the office PC's own day; a code of tomorrow is refused
    seen: list[Found] = []
    grey = vision.grey(image)
    for stage in _stages(grey):
        seen += stage(grey)
        believed = _believed(seen, day)
        if any(shape.key(found.text, day) for found in believed) or time.monotonic() > ends:
            break
    return _believed(seen, day)


def _stages(grey: Grey) -> Iterator[Stage]:
    longest = max(grey.shape)
    if longest > 1280:
        yield partial(_resized, zxing.read, 1280 / longest)
    yield zxing.read
    yield zbar.read
    yield vision.SquareReader().read
    yield partial(zxing.read, binarizer="global")
    for factor in (2.0, 0.5):
        yield partial(_resized, zxing.read, factor)
        yield partial(_resized, zbar.read, factor)


def _resized(stage: Stage, factor: float, image: Grey) -> list[Found]:
    return _larger(stage(vision.scaled(image, factor)), 1 / factor)


def _larger(found: list[Found], factor: float) -> list[Found]:
    return [Found(f.symbology, f.text, f.engine, tuple((x * factor, y * factor) for x, y in f.corners)) for f in found]


def _believed(seen: list[Found], today: date) -> list[Found]:
    """Each text once: squares correct themselves, bars need the shape of a code or two engines that agree."""
    believed: dict[tuple[str, str], Found] = {}
    for found in seen:
        agree = {one.engine for one in seen if (one.symbology, one.text) == (found.symbology, found.text)}
        if found.symbology == "qr" or shape.whole(found.text, today) or len(agree) > 1:
            believed.setdefault((found.symbology, found.text), found)
    return list(believed.values())
