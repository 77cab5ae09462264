"""The rows of a sheet's XML, a piece at a time: openpyxl builds a tree for each row, which takes twice as long."""

from collections.abc import Callable, Iterator
from typing import IO, Any, Final
from xml.parsers import expat

from office.dossier_cells import Cell, Line

PIECE: Final = 1 << 16
COLUMNS_MAX: Final = 16_384
TEXT: Final = frozenset({"v", "t"})
CELL_MAX: Final = 1_000_000
"""Letters of a cell; spreadsheets themselves allow 32,767."""
UNREAD_MAX: Final = 4_000_000
"""Bytes that the parser may hold back, waiting for a tag to end."""

Convert = Callable[[str, str, str], Cell]
"""Makes a cell's value of its type (``t``), its style (``s``) and its text."""


class SheetFault(ValueError):
    """The XML is none, or not that of a sheet."""


class SheetRows:
    """Reads one sheet; names of elements count without their namespace's prefix."""

    def __init__(self, source: IO[bytes], convert: Convert) -> None:
        self._source = source
        self._convert = convert
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._no_doctype
        self._ready: list[Line] = []
        self._row = 0
        self._column = 0
        self._cells: list[Cell] = []
        self._kind = self._style = ""
        self._told: list[str] = []
        self._phonetic = 0

    def __iter__(self) -> Iterator[Line]:
        """Rows in order, each with its number. Raises SheetFault, and what the source raises."""
        given = 0
        try:
            while piece := self._source.read(PIECE):
                self._parser.Parse(piece, False)
                given += len(piece)
                if given - self._parser.CurrentByteIndex > UNREAD_MAX or sum(map(len, self._told)) > CELL_MAX:
                    raise SheetFault("a cell or a tag without an end")
                yield from self._ready
                self._ready.clear()
            self._parser.Parse(b"", True)
            yield from self._ready
        except expat.ExpatError as fault:
            raise SheetFault(str(fault)) from fault

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            place = attributes.get("r")
            self._column = _column(place) if place else self._column + 1
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._told.clear()
        elif name in TEXT:
            if not self._phonetic:
                self._parser.CharacterDataHandler = self._told.append
        elif name == "row":
            self._row = int(attributes.get("r") or self._row + 1)
            self._column, self._cells = 0, []
        elif name == "rPh":
            self._phonetic += 1

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name in TEXT:
            self._parser.CharacterDataHandler = None
        elif name == "c":
            if self._told:
                missing = self._column - 1 - len(self._cells)
                if missing:
                    self._cells.extend([None] * missing)
                self._cells.append(self._convert(self._kind, self._style, "".join(self._told)))
        elif name == "row":
            self._ready.append((self._row, self._cells))
        elif name == "rPh":
            self._phonetic -= 1

    def _no_doctype(self, *_: Any) -> None:
        raise SheetFault("a sheet has no document type")


def _column(place: str) -> int:
    """The column of a cell's name: 1 for ``A7``, 28 for ``AB7``."""
    found = _COLUMNS.get(letters := place.rstrip("0123456789"))
    if found is None:
        found = 0
        for letter in letters:
            found = found * 26 + ord(letter) - 64
        if not 1 <= found <= COLUMNS_MAX:
            raise SheetFault(f"no cell is called {place[:20]}")
        _COLUMNS[letters] = found
    return found


_COLUMNS: Final[dict[str, int]] = {}
"""Letters of columns met so far; there are 16,384 at most."""
