"""One picture of a camera as figures: its light, and block by block its contrast, its edges, and how far it looks like
another. Only brightness counts; blocks are small, so that a person hides a few and a clock in the picture is in few."""

from dataclasses import dataclass
from typing import Any, Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]
Figures = NDArray[np.float32]

WIDE: Final = 320
HIGH: Final = 180
BLOCK: Final = 20
"""Pixels of the small picture: 16 x 9 blocks, each a few hundred pixels of what the camera sent."""
BLACK: Final = 16
"""Black in video; white is 235."""
SMOOTH: Final = 1.5
COARSE: Final = 2
"""Pixels of the small picture that are one for phase correlation."""
JPEG: Final = (cv2.IMWRITE_JPEG_QUALITY, 80)
SHOWN: Final = 640
_WINDOW: Final = cv2.createHanningWindow((WIDE // COARSE, HIGH // COARSE), cv2.CV_32F)


@dataclass(frozen=True, slots=True)
class Sight:
    """A picture. ``light``: its middle brightness above black (a bright clock in a dark picture is no light);
    ``contrast`` and ``edges`` of each block; ``small``: the picture, noise averaged out; ``full``: as it was sent."""

    light: float
    contrast: Figures
    edges: Figures
    small: Figures
    full: Plane


def look(full: Plane) -> Sight:
    """The figures of a picture's brightness as it was sent (rows x columns, 16 to 235)."""
    small = cv2.resize(full, (WIDE, HIGH), interpolation=cv2.INTER_AREA).astype(np.float32)
    fine = cv2.GaussianBlur(small, (0, 0), 1.0)
    across, down = cv2.Sobel(fine, cv2.CV_32F, 1, 0), cv2.Sobel(fine, cv2.CV_32F, 0, 1)
    edges = np.sqrt(np.sqrt(_mean((across**2 + down**2) ** 2)))  # one strong edge counts, some noise does not
    smooth = cast(Figures, cv2.GaussianBlur(small, (0, 0), SMOOTH))
    return Sight(float(np.median(small)) - BLACK, contrast_of(smooth), edges, smooth, full)


def contrast_of(small: Figures) -> Figures:
    """The contrast of each block of a small picture, in levels of brightness (standard deviation)."""
    return cast(Figures, np.sqrt(np.maximum(_mean(small**2) - _mean(small) ** 2, 0)))


def likeness(one: Figures, other: Figures) -> Figures:
    """How far each block of two small pictures shows the same, -1 to 1, whatever their light."""
    mine, theirs = _mean(one), _mean(other)
    both = _mean(one * other) - mine * theirs
    own = contrast_of(one) * contrast_of(other)
    return cast(Figures, both / np.maximum(own, 1e-3))


def change(one: Plane, other: Plane, share: float) -> float:
    """By how much two pictures as they were sent differ, in the block that ``share`` of all blocks do not exceed."""
    if one.shape != other.shape:
        return 255.0
    apart = cv2.absdiff(one, other).astype(np.float32)
    return float(np.quantile(_mean(apart), share))


def shift(before: Figures, now: Figures) -> tuple[int, int]:
    """By how many pixels of the small picture the view moved, right and down, as phase correlation finds it."""
    (right, down), _ = cv2.phaseCorrelate(_outlined(before), _outlined(now), _WINDOW)
    return round(right * COARSE), round(down * COARSE)


def moved_by(picture: Figures, right: int, down: int) -> Figures:
    """A small picture moved by so many pixels; its edge is repeated where nothing is known."""
    matrix = np.array([[1, 0, right], [0, 1, down]], np.float32)
    return cast(Figures, cv2.warpAffine(picture, matrix, (WIDE, HIGH), borderMode=cv2.BORDER_REPLICATE))


def jpeg(picture: NDArray[Any]) -> bytes:
    """A picture (blue, green, red) for people, not too large."""
    height, width = picture.shape[:2]
    if width > SHOWN:
        picture = cv2.resize(picture, (SHOWN, round(height * SHOWN / width)), interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".jpg", picture, JPEG)[1])


def _outlined(picture: Figures) -> Figures:
    """Its edges, none stronger than a few times the mean: neither a bright window nor the light's level leads."""
    coarse = cv2.resize(picture, (WIDE // COARSE, HIGH // COARSE), interpolation=cv2.INTER_AREA)
    strength = cv2.magnitude(cv2.Sobel(coarse, cv2.CV_32F, 1, 0), cv2.Sobel(coarse, cv2.CV_32F, 0, 1))
    return cast(Figures, np.minimum(strength, 4 * strength.mean()))


def _mean(picture: Any) -> Figures:
    """A small picture's mean in each block."""
    return cast(Figures, cv2.resize(picture, (WIDE // BLOCK, HIGH // BLOCK), interpolation=cv2.INTER_AREA))
