"""The simulated printer's head: ESC/POS bytes in, dots on paper and answers out.

Knows the commands a slip can be made of and skips the rest by their length, as printers do. It keeps its place
inside a command across connections: a picture that broke off swallows what comes next, as in a real printer.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import segno
from PIL import Image, ImageDraw, ImageFont

from printer import wire

_LINE = 30
_MORE = {
    0x1B: dict.fromkeys(b"aEGMRTtdJ!-3V{r=%?", 1) | dict.fromkeys(b"$\\cB", 2) | {ord("p"): 3},
    0x1D: dict.fromkeys(b"!BHIafhwrb", 1) | dict.fromkeys(b"LWP$\\", 2),
    0x10: {0x04: 1, 0x05: 1, 0x14: 3},
    0x1C: dict.fromkeys(b"!-WCS", 1),
}
"""Prefix → letter → bytes after it; letters not named have none. GS v, GS ( and GS V tell theirs as they go."""
_FEEDING_CUTS = (65, 66, 97, 98, 103, 104)
_QR_SIZE, _QR_STORE, _QR_PRINT = 67, 80, 81


@dataclass
class Head:
    """Prints on a strip ``width`` dots wide. ``answer`` is told bytes for the host, ``cut`` each finished strip."""

    width: int
    answer: Callable[[bytes], None]
    cut: Callable[[Image.Image], None]
    paper_told: Callable[[], int]
    skipped: int = 0
    _buffer: bytearray = field(default_factory=bytearray)
    _rows: list[bytes] = field(default_factory=list)
    _line: bytearray = field(default_factory=bytearray)
    _centred: bool = False
    _code: dict[int, bytes] = field(default_factory=dict)

    @property
    def printed(self) -> int:
        """Rows on the strip not cut off yet."""
        return len(self._rows)

    def take(self, data: bytes) -> None:
        """Work off ``data``; an unfinished command waits for its rest."""
        self._buffer += data
        while self._buffer:
            length = self._length()
            if length is None or length > len(self._buffer):
                return
            command = bytes(self._buffer[:length])
            del self._buffer[:length]
            self._do(command)

    def strip(self) -> Image.Image:
        """What is on the strip now, black on white."""
        bits = b"".join(self._rows)
        inked = Image.frombytes("1", (self.width, len(self._rows)), bits)
        return inked.point([255] + [0] * 255)

    def _length(self) -> int | None:
        """Bytes of the command at the buffer's head; None while too few have come to know."""
        have = self._buffer
        if have[0] not in _MORE:
            return 1
        if len(have) < 2:
            return None
        told = _TELLING.get(bytes(have[:2]))
        return told(have) if told else 2 + _MORE[have[0]].get(have[1], 0)

    def _do(self, command: bytes) -> None:
        kind = command[:2]
        act = self._acts().get(kind)
        if act is not None:
            act(command)
        elif kind[:1] == b"\n":
            self._end_line()
        elif command[0] >= 0x20:
            self._line += command
        elif command[0] in _MORE:
            self.skipped += 1

    def _acts(self) -> dict[bytes, Callable[[bytes], None]]:
        return {
            b"\x1b@": self._wake,
            b"\x1ba": self._align,
            b"\x1bJ": lambda c: self._feed(c[2]),
            b"\x1bd": lambda c: self._feed(c[2] * _LINE),
            b"\x1dv": self._raster,
            b"\x1dV": self._cut_off,
            b"\x1dr": lambda c: self.answer(bytes((self.paper_told(),))),
            b"\x1d(": self._extended,
            b"\x1dP": lambda c: None,
            b"\x10\x04": lambda c: None,
        }

    def _wake(self, command: bytes) -> None:
        self._line.clear()
        self._centred = False

    def _align(self, command: bytes) -> None:
        self._centred = command[2] in b"\x011"

    def _raster(self, command: bytes) -> None:
        wide, high = command[4] + 256 * command[5], command[6] + 256 * command[7]
        if wide and high:
            picture = Image.frombytes("1", (wide * 8, high), command[8:])
            self._put(picture)

    def _put(self, picture: Image.Image) -> None:
        row = Image.new("1", (self.width, picture.height), 0)
        row.paste(picture, ((self.width - picture.width) // 2 if self._centred else 0, 0))
        bits, stride = row.tobytes(), (self.width + 7) // 8
        self._rows += [bits[at : at + stride] for at in range(0, len(bits), stride)]

    def _feed(self, dots: int) -> None:
        self._rows += [bytes((self.width + 7) // 8)] * dots

    def _cut_off(self, command: bytes) -> None:
        if len(command) > 3:
            self._feed(command[3])
        if self._rows:
            self.cut(self.strip())
            self._rows.clear()

    def _extended(self, command: bytes) -> None:
        if command[2:3] == b"H" and command[5:7] == b"00":
            self.answer(b"\x37\x22" + command[7:11] + b"\x00")
        elif command[2:3] == b"k" and command[5:6] == b"1":
            self._two_d(command[6], command[7:])

    def _two_d(self, function: int, data: bytes) -> None:
        self._code[function] = data
        if function == _QR_PRINT and self._code.get(_QR_STORE):
            made = segno.make(self._code[_QR_STORE][1:], error="l", micro=False, boost_error=False, encoding="utf-8")
            dots = self._code.get(_QR_SIZE, b"\x03")[0]
            side = len(made.matrix)
            small = Image.frombytes("L", (side, side), bytes(255 * (d & 1) for row in made.matrix for d in row))
            self._put(small.resize((side * dots, side * dots), Image.Resampling.NEAREST).convert("1"))

    def _end_line(self) -> None:
        if self._line:
            strip = Image.new("1", (self.width, _LINE), 0)
            pen = ImageDraw.Draw(strip)
            pen.fontmode = "1"
            pen.text((0, 2), self._line.decode("ascii", "replace"), fill=1, font=ImageFont.load_default(22))
            self._line.clear()
            self._put(strip)
        else:
            self._feed(_LINE)


def _raster_length(have: bytearray) -> int | None:
    return None if len(have) < 8 else 8 + (have[4] + 256 * have[5]) * (have[6] + 256 * have[7])


def _extended_length(have: bytearray) -> int | None:
    return None if len(have) < 5 else 5 + have[3] + 256 * have[4]


def _cut_length(have: bytearray) -> int | None:
    return None if len(have) < 3 else 3 + (have[2] in _FEEDING_CUTS)


_TELLING = {b"\x1dv": _raster_length, b"\x1d(": _extended_length, b"\x1dV": _cut_length}


def questions(data: bytes) -> Iterator[int]:
    """The n of each DLE EOT n within ``data``; a printer hears them as bytes arrive, even inside a picture."""
    at = data.find(wire.DLE + wire.EOT)
    while 0 <= at < len(data) - 2:
        if data[at + 2] in range(1, 5):
            yield data[at + 2]
        at = data.find(wire.DLE + wire.EOT, at + 2)
