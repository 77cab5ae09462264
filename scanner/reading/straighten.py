"""Bars made upright: a crop turned by the place's angle, then unbent by the bars' own direction.

Under perspective, on curled paper or after a shake of the hand the bars of one code are neither parallel nor straight.
Along a bar the grey does not change, so ``Ix * s + Iy = 0`` for its slope ``s = dx/dy``; the slope as a smooth function
of the place, fitted to every pixel of the crop, tells how far each row must be moved.
"""

from typing import Final

import numpy as np

from scanner.reading import vision
from scanner.reading.locate import Bars
from scanner.reading.picture import Floats, Grey

ENDS: Final = 0.16
"""How much is cut out beyond both ends, as a share of the length: quiet zone, and bars that were missed."""
WIDEST: Final = 1800
MOST_ROWS: Final = 160
ROUNDS: Final = (3.0, 1.5, 1.0)
"""Blur before each fit, in pixels of the crop: slopes are found from coarse to fine."""


def reach(place: Bars) -> float:
    """The length of a crop in pixels of the picture."""
    return place.length * (1 + 2 * ENDS) + 40


def crop(image: Grey, place: Bars, scale: float) -> Floats:
    """The place with its bars about upright, ``scale`` times as long, with room at both ends."""
    length = reach(place)
    scale = min(scale, WIDEST / length)
    height = max(16.0, 0.86 * place.height)
    c, s = np.cos(place.angle), np.sin(place.angle)
    along = (c - place.lean * s, s + place.lean * c)  # the row climbs, its bars stay upright
    x = place.x - length / 2 * along[0] + height / 2 * s
    y = place.y - length / 2 * along[1] - height / 2 * c
    rows = round(min(MOST_ROWS, height))  # along the bars nothing is to be seen finer than a pixel
    size = (round(length * scale), rows)
    return vision.turned(
        image, (x, y), (along[0] / scale, along[1] / scale), (-s * height / rows, c * height / rows), size
    ).astype(np.float32)


def upright(flat: Floats) -> Floats:
    """``flat`` with its bars straight and upright."""
    high, wide = flat.shape
    y = ((np.arange(high, dtype=np.float32) - (high - 1) / 2) / high)[:, None]
    x = ((np.arange(wide, dtype=np.float32) - (wide - 1) / 2) / wide)[None]
    shift = np.zeros_like(flat)
    columns, rows = np.meshgrid(np.arange(wide, dtype=np.float32), np.arange(high, dtype=np.float32))
    now = flat
    for sigma in ROUNDS:
        shift = shift + _slopes(vision.softened(now, sigma), x, y) * high
        now = vision.sampled(flat, columns + shift, rows)
    return now


def _slopes(now: Floats, x: Floats, y: Floats) -> Floats:
    """How far the bars have moved sideways at each pixel, in shares of the height, zero in the middle row."""
    across = np.gradient(now, axis=1)
    down = np.gradient(now, axis=0)
    step = max(1, now.size // 25_000)
    basis = _basis(x, y, now.shape)
    steep = np.abs(across)
    rows = np.stack([(term * across).ravel()[::step] for term in basis], 1)
    goal = -down.ravel()[::step]
    heavy = steep.ravel()[::step] > np.percentile(steep, 50)
    solved = np.linalg.lstsq(rows[heavy], goal[heavy], rcond=None)[0]
    # The integral of each term from the middle row on.
    whole = (y, x * y, x * x * y, y * y / 2, x * y * y / 2)
    moved = np.zeros_like(now)
    for weight, term in zip(solved, whole, strict=True):
        moved += weight * term
    return moved


def _basis(x: Floats, y: Floats, shape: tuple[int, ...]) -> list[Floats]:
    return [np.broadcast_to(term, shape) for term in (np.ones_like(y), x, x * x, y, x * y)]
