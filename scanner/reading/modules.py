"""A QR code read module by module: the grid laid over it by what is known of every code, each module as a whole.

What the engines take from one pixel is here the mean of a module, and the grid is moved until finder patterns, timing
lines and alignment pattern fit best (ISO/IEC 18004). What stands there is then drawn cleanly for zxing-cpp to decode;
its Reed-Solomon check keeps anything else from being read.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from scanner.reading import vision, zxing
from scanner.reading.belief import Look
from scanner.reading.finders import Triple
from scanner.reading.found import Corners, Found
from scanner.reading.picture import Floats, Grey

SOFTEN: Final = (0.33, 0.15)
"""Blur before modules are weighed, in modules: against grain, and where a blur is there already."""
LEAST: Final = 0.5
"""The same in pixels at least."""
FITS: Final = 0.75
"""A grid that fits less is no code's."""
LIKELY: Final = 0.6
"""The same before it was moved to fit better."""
STEPS: Final = (1.0, 0.5, 0.25, 0.12)
"""How far corners are moved to fit better, in modules."""
VERSIONS: Final = 3
"""Sizes of code that are tried at one place."""
CRISP: Final = (0.0, 0.5, 1.0, 1.6)
"""How much of its neighbours is taken out of a module: blur spreads light over the border."""
RIDGE: Final = 0.01
DOTS: Final = 4


def read(image: Grey, triple: Triple) -> Iterator[list[Look]]:
    """The looks at one place, the likeliest size of code first."""
    module = (triple.corner.module + triple.right.module + triple.below.module) / 3
    softs = [vision.softened(image.astype(np.float32), max(LEAST, soft * module)) for soft in SOFTEN]
    fits = sorted((_fitted(softs[0], triple, side, module) for side in _sides(triple)), key=lambda fit: -fit[0])
    for fit, points, side in fits[:2]:
        for soft in softs if fit > FITS else ():
            yield [Look(found) for found in _decoded(soft, points, side)]


def _sides(triple: Triple) -> list[int]:
    """Modules along the sides of codes that this may be, the likeliest first."""
    about = triple.modules + 7
    return sorted(range(21, 74, 4), key=lambda side: abs(side - about))[:VERSIONS]


def _fitted(soft: Floats, triple: Triple, side: int, module: float) -> tuple[float, Floats, int]:
    """How well a grid of ``side`` modules fits, and where the middles of its four corner patterns then lie."""
    three = [(one.x, one.y) for one in (triple.corner, triple.right, triple.below)]
    corner, right, below = (np.asarray(point) for point in three)
    points = np.stack([corner, right, below, right + below - corner]).astype(np.float64)
    best = _fit(soft, points, side)
    for step in STEPS if best > LIKELY else ():
        for _ in range(2):
            before = best
            for move in _moves(step * module):
                fit = _fit(soft, points + move, side)
                if fit > best:
                    best, points = fit, points + move
            if best == before:
                break
    return best, points, side


def _moves(step: float) -> Iterator[Floats]:
    """One corner at a time, up, down, left and right; the fourth corner is known least and moves farthest."""
    for corner in (3, 0, 1, 2):
        for axis in (0, 1):
            for way in (-step, step):
                move = np.zeros((4, 2))
                move[corner, axis] = way * (2 if corner == 3 else 1)
                yield move


def _fit(soft: Floats, points: Floats, side: int) -> float:
    """How much the known modules look as they must (up to 1), and how clear-cut all of them are."""
    weighed = _weighed(soft, points, side)
    known = _known(side)
    at = known != 0
    spread = float(weighed.std()) + 1e-3
    fits = float(((weighed[at] - weighed[at].mean()) * (known[at] - known[at].mean())).mean())
    return fits / (float(weighed[at].std()) + 1e-3) / float(known[at].std()) + 0.3 * spread / float(soft.std() + 1)


def _weighed(soft: Floats, points: Floats, side: int, off: tuple[float, float] = (0.0, 0.0)) -> Floats:
    """The grey of each module, ``off`` modules to the right of its middle and below it."""
    ys, xs = np.mgrid[0:side, 0:side] + 0.5
    xs, ys = xs + off[0], ys + off[1]
    low, high = 3.5, side - 3.5
    home = vision.homography(((low, low), (high, low), (low, high), (high, high)), points)
    below = home[2, 0] * xs + home[2, 1] * ys + home[2, 2]
    u = (home[0, 0] * xs + home[0, 1] * ys + home[0, 2]) / below
    v = (home[1, 0] * xs + home[1, 1] * ys + home[1, 2]) / below
    return vision.sampled(soft, u, v)


@cache
def _known(side: int) -> Floats:
    """What every code of this size has: 1 light, -1 dark, 0 its own."""
    known = np.zeros((side, side), np.float32)
    known[6, 8:-8] = known[8:-8, 6] = np.where(np.arange(8, side - 8) % 2, 1, -1)
    ys, xs = np.mgrid[-4:5, -4:5]
    ring = np.maximum(abs(xs), abs(ys))
    pattern = np.where((ring == 2) | (ring == 4), 1, -1)
    known[:8, :8] = pattern[1:, 1:]
    known[:8, -8:] = pattern[1:, :-1]
    known[-8:, :8] = pattern[:-1, 1:]
    known[-8, 8] = -1
    if 21 < side < 45:  # one alignment pattern; larger codes have several
        ring = ring[2:-2, 2:-2]
        known[-9:-4, -9:-4] = np.where(ring == 1, 1, -1)
    return known


def _decoded(soft: Floats, points: Floats, side: int) -> list[Found]:
    """What zxing-cpp makes of the modules under the first rule for dark and light that reads."""
    tried: set[bytes] = set()
    for light in _lights(soft, points, side):
        known = _known(side)
        drawn = np.where(known == 0, light, known > 0)
        if drawn.tobytes() in tried:
            continue
        tried.add(drawn.tobytes())
        clean = np.pad(drawn, 4, constant_values=True).astype(np.uint8) * 255
        seen = zxing.read(np.repeat(np.repeat(clean, DOTS, 0), DOTS, 1), "qr", pure=True)
        if seen:
            return [Found("qr", one.text, "zxing", _corners(points, side)) for one in seen]
    return []


def _lights(soft: Floats, points: Floats, side: int) -> Iterator[npt.NDArray[np.bool_]]:
    """Which modules are light, by several rules."""
    weighed = _weighed(soft, points, side)
    for crisp in CRISP:
        sharp = weighed + crisp * (weighed - vision.softened(weighed, 0.8))
        yield sharp > _between(sharp, side)
        yield sharp > vision.averaged(sharp, 9)
        yield sharp > (np.percentile(sharp, 5) + np.percentile(sharp, 95)) / 2
    for step in (0.5, 1.0):
        yield _learnt(soft, points, side, step) > 0


def _learnt(soft: Floats, points: Floats, side: int, step: float) -> Floats:
    """How light each module is, from it and its neighbourhood as the known modules teach it (ridge regression).

    Blur and shaking do the same to all modules; a second and third lesson take the clearest of the others too.
    """
    views = _views(soft, points, side, step)
    known = _known(side)
    goal, weight = known.ravel(), (known != 0).ravel().astype(np.float64)
    ridge = RIDGE * np.diag([*[1.0] * (views.shape[1] - 3), *[0.01] * 3])
    light = goal
    for _ in range(3):
        moment = views.T @ (views * weight[:, None]) + ridge * weight.sum()
        light = views @ np.linalg.solve(moment, views.T @ (weight * goal))
        goal = np.where(known.ravel() != 0, known.ravel(), np.sign(light))
        weight = np.where(known.ravel() != 0, 1, np.clip(abs(light), 0, 1) ** 2 / 2)
    return np.asarray(light.reshape(side, side))


def _views(soft: Floats, points: Floats, side: int, step: float) -> Floats:
    """For each module what is seen in and around it, opposite places as one, and where it lies."""
    around = [(step * x, step * y) for y in range(3) for x in range(-2, 3) if (y, x) >= (0, 0)]
    seen = [
        (_weighed(soft, points, side, one) + _weighed(soft, points, side, (-one[0], -one[1]))) / 2 for one in around
    ]
    views = np.stack(seen, -1).reshape(side * side, -1).astype(np.float64)
    views = (views - views.mean()) / (views.std() + 1e-6)
    ys, xs = (part.ravel() / side - 0.5 for part in np.mgrid[0:side, 0:side])
    return np.column_stack([views, np.ones_like(xs), xs, ys])


def _between(weighed: Floats, side: int) -> Floats:
    """Halfway from dark to light, each a plane through the known modules."""
    ys, xs = np.mgrid[0:side, 0:side] / side - 0.5
    basis = np.stack([np.ones_like(xs), xs, ys], -1)
    planes = []
    for sign in (-1, 1):
        at = _known(side) == sign
        solved = np.linalg.lstsq(basis[at], weighed[at], rcond=None)[0]
        planes.append(basis @ solved)
    return np.asarray((planes[0] + planes[1]) / 2)


def _corners(points: Floats, side: int) -> Corners:
    low, high = 3.5, side - 3.5
    home = vision.homography(((low, low), (high, low), (low, high), (high, high)), points)
    seen = np.array([[0, 0, 1], [side, 0, 1], [side, side, 1], [0, side, 1]]) @ home.T
    return tuple((float(x / w), float(y / w)) for x, y, w in seen)
