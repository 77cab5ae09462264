"""Where bars lie: places whose gradients all point one way, whatever their angle.

Noise has gradients in all directions and text in several; the energy that is left when opposite directions are taken
from one another (the structure tensor's coherent part) is high on bars even where no scan line could cross them.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from scanner.reading import vision
from scanner.reading.picture import Floats, Grey

CELL: Final = 8
"""Pixels of a cell: smaller than the lowest bars, wider than the widest module."""
COHERENT: Final = 0.45
LEAST: Final = 5
"""Cells along the reading direction that a code has at least."""
MOST: Final = 6
ROOM: Final = 0.4
"""How much is cut out around a square, as a share of its width."""
WINDOWS: Final = (5, 8, 13, 21, 34)
"""Cells of the windows through which squares are looked for."""


@dataclass(frozen=True, slots=True)
class Bars:
    """A place with bars: its centre, the angle of its reading direction in radians, its length and height in pixels.

    ``lean`` is how much the row of bars climbs against that direction: seen from the side, bars do not stand
    upright on their row.
    """

    x: float
    y: float
    angle: float
    length: float
    height: float
    strength: float
    lean: float = 0.0


def bars(image: Grey) -> list[Bars]:
    """The places of ``image`` that look like bars, the likeliest first."""
    xx, yy, xy = vision.tensor(image, CELL)
    lean, slant, energy = (vision.averaged(part, 3) for part in (xx - yy, 2 * xy, xx + yy))
    strength: Floats = np.hypot(lean, slant)
    noise = float(np.percentile(energy, 20))
    coherence = strength / np.maximum(energy - noise, 1)
    floor = max(6.0, 2.0 * float(np.median(strength)), 0.02 * float(np.percentile(strength, 99.5)))
    found: list[Bars] = []
    for limit in (COHERENT, 0.7):
        mask = (coherence > limit) & (strength > floor)
        found += _places(mask, lean, slant, strength)
    found += [*_joined(found), *_chained(found)]
    return _best(found)


def coarse_bars(image: Grey) -> list[Bars]:
    """The same in the picture at half its size: grain hides the gradients of blurred bars less there."""
    places = bars(vision.scaled(image, 0.5))
    return [
        replace(one, x=2 * one.x + 0.5, y=2 * one.y + 0.5, length=2 * one.length, height=2 * one.height)
        for one in places
    ]


@dataclass(frozen=True, slots=True)
class Square:
    """A place that may hold a QR code: gradients of all directions, about as wide as high; pixels."""

    left: int
    top: int
    right: int
    bottom: int


def squares(image: Grey) -> list[Square]:
    """The places of ``image`` that look like QR codes, the likeliest first: dense with edges of all directions, seen
    through windows of several sizes."""
    xx, yy, xy = vision.tensor(image, CELL)
    energy = xx + yy
    all_ways = np.maximum(0, 2 * np.minimum(xx, yy) - float(np.percentile(energy, 20))) - np.abs(xy)
    found: list[tuple[float, Square]] = []
    for size in WINDOWS:
        if size < min(energy.shape):
            found += _peaks(vision.averaged(all_ways, size), size)
    kept: list[Square] = []
    for _, one in sorted(found, key=lambda pair: -pair[0]):
        if not any(_overlap(one, two) for two in kept):
            kept.append(one)
    return kept[:MOST]


def cut(image: Grey, square: Square) -> tuple[Grey, tuple[int, int]]:
    """The place with room around it, and where the crop's upper left corner lies."""
    more = round(ROOM * (square.right - square.left))
    left, top = max(0, square.left - more), max(0, square.top - more)
    return image[top : square.bottom + more, left : square.right + more], (left, top)


def _peaks(dense: Floats, size: int) -> list[tuple[float, Square]]:
    """The three densest windows of ``size`` cells; a wide one that is as dense as a narrow one is likelier."""
    left_over, found = dense.copy(), []
    for _ in range(3):
        y, x = np.unravel_index(int(np.argmax(left_over)), left_over.shape)
        weight = float(left_over[y, x]) * size**0.5
        if weight <= 0:
            break
        half = size / 2 * CELL
        cx, cy = (int(x) + 0.5) * CELL, (int(y) + 0.5) * CELL
        found.append((weight, Square(*(max(0, round(side)) for side in (cx - half, cy - half, cx + half, cy + half)))))
        left_over[max(0, y - size) : y + size + 1, max(0, x - size) : x + size + 1] = -1
    return found


def _overlap(one: Square, two: Square) -> bool:
    """Whether a crop of ``two`` shows what one of ``one`` would, at about the same size."""
    own, other = one.right - one.left, two.right - two.left
    apart = max(abs(one.left + one.right - two.left - two.right), abs(one.top + one.bottom - two.top - two.bottom)) / 2
    return 0.6 < own / other < 1.7 and apart < 0.4 * other


def _places(mask: npt.NDArray[np.bool_], lean: Floats, slant: Floats, strength: Floats) -> list[Bars]:
    count, numbers = vision.islands(mask)
    sizes = np.bincount(numbers.ravel(), minlength=count)
    sizes[0] = 0
    found = []
    for number in np.argsort(sizes)[::-1][:12]:
        if sizes[number] < LEAST:
            break
        ys, xs = np.nonzero(numbers == number)
        place = _place(xs, ys, lean[ys, xs], slant[ys, xs], strength[ys, xs])
        if place is not None:
            found.append(place)
    return found


def _place(
    xs: npt.NDArray[np.intp], ys: npt.NDArray[np.intp], steep: Floats, slant: Floats, weight: Floats
) -> Bars | None:
    angle = float(np.arctan2(slant.sum(), steep.sum())) / 2
    own = np.cos(np.arctan2(slant, steep) - 2 * angle) > 0.5  # within 30 degrees of the whole
    if own.sum() < LEAST:
        return None
    along = (xs[own] * np.cos(angle) + ys[own] * np.sin(angle)) * CELL
    across = (ys[own] * np.cos(angle) - xs[own] * np.sin(angle)) * CELL
    lean = _climb(along, across)
    middle = float(along.mean())
    across = across - lean * (along - middle)
    left, right = np.percentile(along, (1, 99))
    top, bottom = np.percentile(across, (4, 96))
    length, height = right - left + CELL, bottom - top + CELL
    if length < LEAST * CELL or length < 0.8 * height:
        return None
    u = (left + right) / 2
    v = (top + bottom) / 2 + lean * (u - middle)
    x, y = u * np.cos(angle) - v * np.sin(angle), u * np.sin(angle) + v * np.cos(angle)
    half = CELL / 2
    power = float(weight[own].sum()) * min(2.0, length / height)
    return Bars(float(x) + half, float(y) + half, angle, float(length), float(height), power, lean)


def _climb(along: Floats, across: Floats) -> float:
    """The slope of the row of bars, from the middles of its columns."""
    columns = np.round(along / (2 * CELL)).astype(np.intp)
    columns -= columns.min()
    counts = np.bincount(columns)
    good = counts >= 0.5 * np.percentile(counts[counts > 0], 80)
    if good.sum() < 6:
        return 0.0
    middles = np.bincount(columns, across)[good] / counts[good]
    return float(np.clip(np.polyfit(np.flatnonzero(good) * 2.0 * CELL, middles, 1)[0], -0.8, 0.8))


def _joined(found: list[Bars]) -> list[Bars]:
    """Two pieces in one line, parted by glare or a finger, as one place."""
    made = []
    for number, one in enumerate(found):
        for other in found[number + 1 :]:
            turn = abs((one.angle - other.angle + np.pi / 2) % np.pi - np.pi / 2)
            if turn < 0.2:
                whole = _span(one, other)
                if whole is not None:
                    made.append(whole)
    return made


def _chained(found: list[Bars]) -> list[Bars]:
    """All that lies in one line with one of the strongest pieces, as one place: blur and shine break bars up."""
    made = []
    for first in sorted(found, key=lambda place: -place.strength)[:2]:
        whole, parts = first, 1
        for other in sorted(found, key=lambda place: np.hypot(place.x - first.x, place.y - first.y)):
            turn = abs((first.angle - other.angle + np.pi / 2) % np.pi - np.pi / 2)
            grown = _span(whole, other) if turn < 0.15 and other is not first else None
            if grown is not None:
                whole, parts = grown, parts + 1
        if parts > 2:
            made.append(whole)
    return made


def _span(one: Bars, other: Bars) -> Bars | None:
    c, s = np.cos(one.angle), np.sin(one.angle)
    dx, dy = other.x - one.x, other.y - one.y
    along, across = dx * c + dy * s, dy * c - dx * s
    gap = abs(along) - (one.length + other.length) / 2
    if abs(across) > 0.5 * max(one.height, other.height) or not -0.3 * other.length < gap < 1.2 * (
        one.length + other.length
    ):
        return None
    left = min(-one.length / 2, along - other.length / 2)
    right = max(one.length / 2, along + other.length / 2)
    middle = (left + right) / 2
    height = max(one.height, other.height)
    power = one.strength + other.strength
    return Bars(one.x + middle * c, one.y + middle * s, one.angle, right - left, height, power, one.lean)


def _best(found: list[Bars]) -> list[Bars]:
    """The strongest, each place once."""
    kept: list[Bars] = []
    for one in sorted(found, key=lambda place: -place.strength):
        if not any(_same(one, other) for other in kept):
            kept.append(one)
    return kept[:MOST]


def _same(one: Bars, other: Bars) -> bool:
    near = np.hypot(one.x - other.x, one.y - other.y) < 0.15 * other.length
    turn = abs((one.angle - other.angle + np.pi / 2) % np.pi - np.pi / 2)
    return bool(near and turn < 0.1 and 0.8 < one.length / other.length < 1.25)
