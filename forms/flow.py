"""Text that flows down pages: words wrapped, tables broken between rows with their heads repeated.

All lengths are mm, type is in points. Every letter of Vietnamese with its marks fits into LEAD times its size.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from forms.pen import MM_OF_POINT, Face, Pen
from office.form_parts import Align

LEAD: Final = 1.42
_RISE: Final = 1.08
"""Line height and the way down to the baseline, as shares of the type's size."""
PAD: Final = 1.1
"""mm between a table's line and its text."""

_JOINTS: Final = "-/@_;"
"""Signs after which a word that is too long is broken first."""

Run = tuple[str, Face]
"""Words of one face."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The paper: its size, its margins (upper, right, lower, left), the size of its type."""

    width: float
    height: float
    margins: tuple[float, float, float, float]
    size: float


class Flow:
    """A drawing that goes down the page; ``y`` is how far. ``ended`` pages begin anew by themselves."""

    def __init__(self, pen: Pen, sheet: Sheet) -> None:
        self.pen = pen
        self.sheet = sheet
        self.left = sheet.margins[3]
        self.inside = sheet.width - sheet.margins[1] - sheet.margins[3]
        self.bottom = sheet.height - sheet.margins[2]
        self.pages = 0
        self.y = 0.0
        self.turn()

    def turn(self) -> None:
        """Begin a new page."""
        self.pen.page(self.sheet.width, self.sheet.height)
        self.pages += 1
        self.y = self.sheet.margins[0]

    def need(self, height: float) -> bool:
        """Turn the page where ``height`` does not fit any more; whether it was turned."""
        fits = self.y + height <= self.bottom
        if not fits:
            self.turn()
        return not fits

    def high(self, size: float = 0) -> float:
        """mm a line of type is high."""
        return (size or self.sheet.size) * LEAD * MM_OF_POINT

    def paragraph(self, runs: Iterable[Run], *, size: float = 0, align: Align = "left", gap: float = 0) -> None:
        """Text over the whole width, broken between pages where it must be."""
        size = size or self.sheet.size
        for line in self.wrap(runs, self.inside, size):
            self.need(self.high(size))
            self.write(line, self.left, self.y, self.inside, size, align)
            self.y += self.high(size)
        self.y += gap

    def wrap(self, runs: Iterable[Run], width: float, size: float, first: float = 0) -> list[list[Run]]:
        """The lines of ``runs``; the first begins ``first`` mm further in."""
        lines: list[list[Run]] = [[]]
        left = width - first
        for words, face in runs:
            for word in words.split(" "):
                for piece, starts in self._pieces(word, face, width, size):
                    wide = self._wide(piece, face, size)
                    space = self._wide(" ", face, size) if lines[-1] and starts else 0.0
                    if lines[-1] and (space + wide > left or not starts):
                        lines.append([])
                        left, space = width, 0.0
                    lines[-1].append((f" {piece}" if space else piece, face))
                    left -= space + wide
        return lines

    def write(self, line: Sequence[Run], x: float, top: float, width: float, size: float, align: Align) -> None:
        """One line of runs below ``top``."""
        if align != "left":
            spare = width - sum(self._wide(text, face, size) for text, face in line)
            x += spare / 2 if align == "center" else spare
        for text, face in _joined(line):
            self.pen.text(x, top + size * _RISE * MM_OF_POINT, text, face, size)
            x += self._wide(text, face, size)

    def block(self, text: str, x: float, top: float, width: float, size: float, face: Face, align: Align) -> float:
        """Text at a place of its own, wrapped; where it ends. The page is not turned."""
        for line in self.cell(text, width, size, face):
            self.write(line, x, top, width, size, align)
            top += self.high(size)
        return top

    def cell(self, text: str, width: float, size: float, face: Face = "Regular") -> list[list[Run]]:
        """The lines of a text that has line ends of its own."""
        return [line for part in text.split("\n") for line in self.wrap([(part, face)], width, size)]

    def dotted(self, x: float, top: float, width: float, size: float = 0) -> None:
        """A dotted line to write on, at the baseline of a line below ``top``."""
        y = top + (size or self.sheet.size) * _RISE * MM_OF_POINT + 0.5
        self.pen.line(x, y, x + width, y, dotted=True)

    def wide(self, line: Sequence[Run]) -> float:
        """How wide a line of the sheet's own size is."""
        return sum(self._wide(text, face, self.sheet.size) for text, face in line)

    def _wide(self, text: str, face: Face, size: float) -> float:
        return self.pen.measure(text, face) * size

    def _pieces(self, word: str, face: Face, width: float, size: float) -> list[tuple[str, bool]]:
        """A word, or the pieces of one that is wider than a line, each with whether a space may stand before it."""
        pieces: list[tuple[str, bool]] = []
        while self._wide(word, face, size) > width and len(word) > 1:
            most = next((n for n in range(1, len(word)) if self._wide(word[: n + 1], face, size) > width), len(word))
            sign = max(word.rfind(sign, 0, most) for sign in _JOINTS) + 1
            pieces.append((word[: sign or most], not pieces))
            word = word[sign or most :]
        return [*pieces, (word, not pieces)]


def _joined(line: Sequence[Run]) -> list[Run]:
    """Neighbours of one face as one text: fewer and longer strokes of the pen."""
    found: list[Run] = []
    for text, face in line:
        if found and found[-1][1] == face:
            found[-1] = (found[-1][0] + text, face)
        else:
            found.append((text, face))
    return found
