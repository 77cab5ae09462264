"""Reads the clock that the simulated cameras burn into their pictures (camera/simulated/burnt.py).

``read(picture)`` takes what a decoder, a picture file or a screenshot gives, also scaled and with something around it.
As a program: ``python -m tools.burnt_clock PICTURE...`` prints each picture's moment.
"""

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from camera.simulated.burnt import CAMERA_BITS, CELLS, CHECK_BITS, GUARD, TIME_BITS, check

CONTRAST: Final = 70
"""Black and white of a row lie at least that far apart."""
CLOSE: Final = 0.2
"""How far a cell's measured width may be from that of the whole strip's 64th part, as a share."""
Row = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Burnt:
    """The moment of a picture (ms UTC, by the camera's clock) and the camera's number."""

    ms: int
    camera: int

    @property
    def moment(self) -> datetime:
        """The moment as a datetime, UTC."""
        return datetime.fromtimestamp(self.ms / 1000, UTC)


def read(picture: Any) -> Burnt | None:
    """The clock in a picture: a PIL image, or an array of height x width (x channels). None when there is none."""
    seen = np.asarray(picture.convert("L") if isinstance(picture, Image.Image) else picture)
    if seen.ndim not in (2, 3):
        raise ValueError(f"an array of height x width or height x width x channels, not {seen.shape}")
    for row in seen:
        found = _in_row(row.astype(np.float64) if seen.ndim == 2 else row[:, :3].mean(axis=1))
        if found:
            return found
    return None


def _in_row(row: Row) -> Burnt | None:
    """The strip in one row: tried between every two edges that fit the guards."""
    low, high = float(row.min()), float(row.max())
    if high - low < CONTRAST:
        return None
    edges = _edges(row, (low + high) / 2)
    if not CELLS / 4 <= len(edges) <= CELLS * 2:
        return None
    for at in range(0, len(edges) - 8, 2):
        begin = edges[at]
        cell = (edges[at + 3] - begin) / len(GUARD)
        for end in reversed(edges[at + 9 :: 2]):
            if abs((end - begin) / CELLS / cell - 1) < CLOSE:
                found = _between(row, begin, end, (low + high) / 2)
                if found:
                    return found
    return None


def _edges(row: Row, middle: float) -> list[float]:
    """Where the row turns from dark to light and back, exact to parts of a pixel; the first turns to light."""
    light = row > middle
    turns = np.flatnonzero(light[1:] != light[:-1])
    edges = [float(at + 0.5 + (middle - row[at]) / (row[at + 1] - row[at])) for at in turns]
    return edges[1:] if light[0] else edges


def _between(row: Row, begin: float, end: float, middle: float) -> Burnt | None:
    places = begin + (np.arange(CELLS) + 0.5) * (end - begin) / CELLS
    bits = [int(row[min(int(place), row.size - 1)] > middle) for place in places]
    if tuple(bits[:3]) != GUARD or tuple(bits[-3:]) != GUARD:
        return None
    word = int("".join(map(str, bits[3:-3])), 2)
    told, camera = word & (1 << CHECK_BITS) - 1, word >> CHECK_BITS & (1 << CAMERA_BITS) - 1
    ms = word >> CHECK_BITS + CAMERA_BITS & (1 << TIME_BITS) - 1
    return Burnt(ms, camera) if check(ms, camera) == told else None


def main(names: list[str]) -> int:
    """Print the moment of each picture; 1 when one has none."""
    found = [read(Image.open(name)) for name in names]
    for name, one in zip(names, found, strict=True):
        told = f"{one.moment.isoformat(timespec='milliseconds')} camera {one.camera}" if one else "no clock"
        sys.stdout.write(f"{name}: {told}\n")
    return int(None in found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
