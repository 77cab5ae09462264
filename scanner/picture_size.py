"""How many pixels a JPEG or PNG says it has, read from its head alone: a small file may unfold to gigabytes."""

from collections.abc import Iterator
from typing import Final

MOST: Final = 12_600_000
"""12 megapixels, as cameras count them."""

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
"""JPEG markers without a segment behind them."""
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG markers whose segment holds the size (ITU-T T.81, table B.1)."""


def pixels(data: bytes) -> int:
    """Width times height as the head tells; 0 when it is no JPEG or PNG, or tells none."""
    if data.startswith(_PNG) and data[12:16] == b"IHDR":
        return int.from_bytes(data[16:20]) * int.from_bytes(data[20:24])
    if data.startswith(b"\xff\xd8"):
        return max(_frames(data), default=0)
    return 0


def _frames(data: bytes) -> Iterator[int]:
    """The sizes told before the first scan; more than one only in a picture made to deceive."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF or marker in _BARE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker == 0xDA:
            return
        if marker in _FRAMES:
            yield int.from_bytes(data[at + 5 : at + 7]) * int.from_bytes(data[at + 7 : at + 9])
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
