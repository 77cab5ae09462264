"""Which reads are believed. Wrong ones pass Code 128's checksum in every engine, and Code 39 has none (HARDWARE).

A QR code corrects itself and is believed. Bars are believed when their text is a code of the office's shape with a date
that can be, and more than one look saw it where one is not enough; any other text needs two engines.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from scanner.reading import shape
from scanner.reading.found import Found

WHOLE: Final = "whole"
"""The look at a picture as it is; any other look is at a scan line made of many, where misreads are likelier."""
DISSENT: Final = 3
"""A text must have this many times the looks of another one read from the same bars."""


@dataclass(frozen=True, slots=True)
class Look:
    """One read by one engine, and at what: the whole picture or a certain scan line."""

    found: Found
    at: str = WHOLE


def believed(looks: Iterable[Look], today: date) -> list[Found]:
    """Each believed text once, the first read first."""
    groups: dict[tuple[str, str], list[Look]] = defaultdict(list)
    for look in looks:
        groups[look.found.symbology, look.found.text].append(look)
    kept = [group for group in groups.values() if _enough(group, today)]
    return [_one(group) for group in kept if not any(_contradicts(other, group) for other in groups.values())]


def _enough(group: list[Look], today: date) -> bool:
    found = group[0].found
    if found.symbology == "qr":
        return True
    engines = {look.found.engine for look in group}
    places = {look.at for look in group}
    if not shape.whole(found.text, today):
        return len(engines) > 1 and len(places) > 1
    if found.symbology == "code39":
        return len(places) > 1 or (len(engines) > 1 and WHOLE in places)
    return WHOLE in places or len(places) > 1 or len(engines) > 1


def _contradicts(other: list[Look], group: list[Look]) -> bool:
    """Whether the same bars also read as ``other``, and not much more rarely."""
    one, two = group[0].found, other[0].found
    if one.symbology == "qr" or one.symbology != two.symbology or one.text == two.text:
        return False
    return len(group) < DISSENT * len(other) and _meet(one, two)


def _meet(one: Found, two: Found) -> bool:
    if not one.corners or not two.corners:
        return True
    (x, y), reach = _middle(two)
    (u, v), own = _middle(one)
    return abs(x - u) < (reach + own) / 2 and abs(y - v) < (reach + own) / 2


def _middle(found: Found) -> tuple[tuple[float, float], float]:
    xs, ys = zip(*found.corners, strict=True)
    return (sum(xs) / len(xs), sum(ys) / len(ys)), max(max(xs) - min(xs), max(ys) - min(ys)) / 2


def _one(group: list[Look]) -> Found:
    engines = sorted({look.found.engine for look in group})
    return replace(group[0].found, engine="+".join(engines))
