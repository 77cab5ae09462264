"""Where the three finder patterns of a QR code may lie, found by what they look like as a whole.

The engines look for dark and light runs of 1 : 1 : 3 : 1 : 1 along single rows, which grain breaks. A template as large
as the pattern averages the grain away; made the same for every turn, it finds tilted patterns too.
"""

from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Final

import numpy as np

from scanner.reading import vision
from scanner.reading.picture import Floats, Grey

MODULE: Final = 2.0
"""Pixels of a module at which patterns are compared."""
FINEST: Final = 1.2
STEP: Final = 1.22
GRAIN: Final = 0.9
"""Blur before the comparison, in its pixels."""
ALIKE: Final = 0.36
"""Correlation from which on a place may be a finder pattern."""
MOST: Final = 32
TRIPLES: Final = 8
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Finder:
    """The middle of a pattern, its module in pixels, and how much it looks like one (up to 1)."""

    x: float
    y: float
    module: float
    alike: float


@dataclass(frozen=True, slots=True)
class Triple:
    """Three patterns that may belong to one code: the corner, the one to its right and the one below it."""

    corner: Finder
    right: Finder
    below: Finder

    @property
    def modules(self) -> float:
        """Modules from pattern to pattern, about: 14 for the smallest code, 4 more for each next one."""
        legs = _apart(self.corner, self.right) + _apart(self.corner, self.below)
        return 1.5 * legs / (self.corner.module + self.right.module + self.below.module)


def triples(image: Grey, finest: float = FINEST) -> list[Triple]:
    """The likeliest sets of three in ``image``, whose modules have at least ``finest`` pixels."""
    rated = [made for three in combinations(patterns(image, finest), 3) if (made := _triple(three))]
    return [triple for _, triple in sorted(rated, key=lambda pair: -pair[0])[:TRIPLES]]


def patterns(image: Grey, finest: float = FINEST) -> list[Finder]:
    """The places of ``image`` that look like finder patterns, the likeliest first."""
    found: list[Finder] = []
    module = finest
    while module * 21 < min(image.shape):
        found += _at_size(image, module)
        module *= STEP
    kept: list[Finder] = []
    for one in sorted(found, key=lambda finder: -finder.alike):
        if not any(_same(one, other) for other in kept):
            kept.append(one)
    return kept[:MOST]


def _same(one: Finder, other: Finder) -> bool:
    """Whether both are one pattern. Its dark core alone looks like a smaller pattern: that one is kept too."""
    sizes = sorted((one.module, other.module))
    return sizes[1] < 1.7 * sizes[0] and _apart(one, other) < 4 * sizes[1]


def _at_size(image: Grey, module: float) -> list[Finder]:
    factor = MODULE / module
    sized = vision.scaled(image, factor) if abs(factor - 1) > 0.02 else image
    template = _template()
    if min(sized.shape) <= len(template):
        return []
    alike = vision.alike(vision.softened(sized.astype(np.float32), GRAIN), template)
    half = (len(template) - 1) / 2
    return [
        Finder((x + half + 0.5) / factor - 0.5, (y + half + 0.5) / factor - 0.5, module, float(alike[y, x]))
        for y, x in vision.summits(alike, 9, ALIKE, MOST)
    ]


@cache
def _template() -> Floats:
    """The pattern with its quiet zone, the mean of all its turns."""
    reach = round(4.5 * MODULE)
    ys, xs = np.mgrid[-reach : reach + 1, -reach : reach + 1] / MODULE
    total = np.zeros_like(xs)
    for turn in np.linspace(0, np.pi / 2, 12, endpoint=False):
        ring = np.maximum(abs(xs * np.cos(turn) + ys * np.sin(turn)), abs(ys * np.cos(turn) - xs * np.sin(turn)))
        total += np.where((ring < 1.5) | ((ring > 2.5) & (ring < 3.5)), -1.0, 1.0)
    return np.asarray(vision.softened(np.asarray(total, np.float32), GRAIN), np.float32)


def _apart(one: Finder, other: Finder) -> float:
    return float(np.hypot(one.x - other.x, one.y - other.y))


def _triple(three: tuple[Finder, ...]) -> tuple[float, Triple] | None:
    """The three in order and how likely they are one code's; None when they cannot be."""
    sizes = [one.module for one in three]
    if max(sizes) > 1.7 * min(sizes):
        return None
    corner, one, other = _ordered(three)
    a, b = _apart(corner, one), _apart(corner, other)
    turn = ((one.x - corner.x) * (other.y - corner.y) - (one.y - corner.y) * (other.x - corner.x)) / (a * b)
    right, below = (one, other) if turn > 0 else (other, one)
    made = Triple(corner, right, below)
    if max(a, b) > 2.0 * min(a, b) or abs(turn) < 0.7 or not 10 < made.modules < 70:
        return None
    odd = abs(np.log(a / b)) + abs(np.log(max(sizes) / min(sizes))) / 2 + 1 - abs(turn)
    larger = 0.15 * np.log(sum(sizes))  # of a core and its whole pattern the whole one
    return sum(finder.alike for finder in three) + float(larger - odd / 2), made


def _ordered(three: tuple[Finder, ...]) -> tuple[Finder, Finder, Finder]:
    """The one opposite the longest side first."""
    sides = [_apart(three[(n + 1) % 3], three[(n + 2) % 3]) for n in range(3)]
    first = int(np.argmax(sides))
    return three[first], three[(first + 1) % 3], three[(first + 2) % 3]
