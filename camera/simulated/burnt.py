"""The clock burnt into a picture: the UTC time in digits of our own, local time below it, and the first as a strip of
bits for programs.

The strip is 64 cells in a row, white for 1: white-black-white as a guard, 42 bits of milliseconds since 1970, 4 bits
of the camera's number, 12 bits to check by, and the guard again. tools/burnt_clock.py reads it.
"""

import zlib
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

CELLS: Final = 64
LOCAL_H: Final = 7
"""Hours that local time is ahead of UTC."""
GUARD: Final = (1, 0, 1)
TIME_BITS, CAMERA_BITS, CHECK_BITS = 42, 4, 12
BLACK: Final = 16
WHITE: Final = 235
GREY: Final = 128

Plane = npt.NDArray[np.uint8]

# Five columns by seven rows each.
_DRAWN: Final = {
    "0": "01110 10001 10001 10001 10001 10001 01110",
    "1": "00100 01100 00100 00100 00100 00100 01110",
    "2": "01110 10001 00001 00110 01000 10000 11111",
    "3": "11110 00001 00001 01110 00001 00001 11110",
    "4": "00010 00110 01010 10010 11111 00010 00010",
    "5": "11111 10000 11110 00001 00001 10001 01110",
    "6": "00110 01000 10000 11110 10001 10001 01110",
    "7": "11111 00001 00010 00100 00100 01000 01000",
    "8": "01110 10001 10001 01110 10001 10001 01110",
    "9": "01110 10001 10001 01111 00001 00010 01100",
    "-": "00000 00000 00000 11111 00000 00000 00000",
    ":": "00000 00100 00100 00000 00100 00100 00000",
    ".": "00000 00000 00000 00000 00000 01100 01100",
    "+": "00000 00100 00100 11111 00100 00100 00000",
    "U": "10001 10001 10001 10001 10001 10001 01110",
    "T": "11111 00100 00100 00100 00100 00100 00100",
    "C": "01110 10001 10000 10000 10000 10001 01110",
    " ": "00000 00000 00000 00000 00000 00000 00000",
}
_COLUMNS, _ROWS = 6, 7


def check(ms: int, camera: int) -> int:
    """The twelve bits that tell a strip from chance."""
    return zlib.crc32(ms.to_bytes(6, "big") + bytes((camera,))) & 0xFFF


def cells(ms: int, camera: int) -> tuple[int, ...]:
    """The strip of a moment (ms UTC) of a camera (0 to 15) as 64 zeros and ones."""
    word = (((ms << CAMERA_BITS) | camera) << CHECK_BITS) | check(ms, camera)
    count = TIME_BITS + CAMERA_BITS + CHECK_BITS
    return (*GUARD, *((word >> place) & 1 for place in range(count - 1, -1, -1)), *GUARD)


def burn(planes: tuple[Plane, Plane, Plane], ms: int, camera: int) -> None:
    """Burn the moment into a picture, given as its planes Y, U and V (half as wide and high)."""
    luma = planes[0]
    unit = luma.shape[1] // 66
    margin = max(2, unit // 2)
    strip = np.repeat(np.array(cells(ms, camera), np.uint8) * (WHITE - BLACK) + BLACK, unit)
    bottom = 2 * margin + unit * 3 // 2
    luma[:bottom] = BLACK
    luma[margin : bottom - margin, unit : unit + strip.size] = strip
    moment = datetime.fromtimestamp(ms / 1000, UTC)
    boxes = [(0, bottom, luma.shape[1])]
    scale = max(2, luma.shape[1] // 160)
    here = f"{moment + timedelta(hours=LOCAL_H):%Y-%m-%d %H:%M:%S} +{LOCAL_H:02}"
    for text, size in ((f"{moment:%H:%M:%S}.{ms % 1000 // 100} UTC", scale), (here, max(1, scale // 2))):
        top = boxes[-1][1]
        high, wide = _write(luma[top:], text, size)
        boxes.append((top, top + high, wide))
    for top, bottom, wide in boxes:
        for plane in planes[1:]:
            plane[top // 2 : (bottom + 1) // 2, : (wide + 1) // 2] = GREY


def _write(luma: Plane, text: str, scale: int) -> tuple[int, int]:
    """Write ``text`` on black at the upper left; the rows and columns it took."""
    high, wide = (_ROWS + 2) * scale, (_COLUMNS * len(text) + 2) * scale
    luma[:high, :wide] = BLACK
    for place, letter in enumerate(text):
        left = (1 + place * _COLUMNS) * scale
        glyph = _glyph(letter, scale)
        luma[scale : scale + glyph.shape[0], left : left + glyph.shape[1]] = glyph
    return high, wide


@lru_cache(64)
def _glyph(letter: str, scale: int) -> Plane:
    rows = [[int(cell) for cell in row] for row in _DRAWN[letter].split()]
    return (np.kron(np.array(rows), np.ones((scale, scale))) * (WHITE - BLACK) + BLACK).astype(np.uint8)
