"""XLSX by openpyxl, read as a stream: the first visible sheet that has anything in it. The one file that imports it.

openpyxl opens the book, finds its sheets, its shared texts and which styles are dates; the rows themselves, which are
nearly all of a file, ledger/sheet_rows.py reads.
"""

import warnings
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from itertools import dropwhile, islice
from pathlib import Path
from typing import IO, Any, Final, cast

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.xml.constants import SHARED_STRINGS

from ledger import LedgerFault
from ledger.sheet_rows import Convert, SheetRows
from office.dossier_cells import Cell, Line

STRINGS_MAX: Final = 150_000_000
"""Bytes of text that openpyxl keeps in memory while it reads."""
WHOLE_MAX: Final = 5_000_000
"""Bytes of any other part that openpyxl reads as a whole (styles, relations, the book itself), many times its size in
memory. Only sheets are read as a stream; pictures and the like are not read at all."""
PART_MAX: Final = 2_000_000_000
SQUEEZED_MAX: Final = 400
"""Times a part may be packed; a sheet is packed 10 to 60 times."""
REMEMBERED: Final = 50_000
from_iso: Final[Any] = from_ISO8601  # its types are not told


class Workbook:
    """One XLSX file."""

    def __init__(self, path: Path) -> None:
        _refuse_bombs(path)
        self._file = path.open("rb")  # given a path, openpyxl would go by its ending
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # missing styles, unknown extensions: no matter of the rows
            try:
                reader = _Reader(self._file)
                reader.read()
                self._book: Any = reader.wb
            except LedgerFault:
                self._file.close()
                raise
            except Exception as fault:  # a broken file shows itself in any way at all
                self._file.close()
                raise LedgerFault("broken_file") from fault
        self._rows = 1
        self._row = 0
        self._read: Any = None

    def lines(self) -> Iterator[Line]:
        """Rows by the numbers that the sheet shows; empty ones may be left out."""
        try:
            for sheet in self._visible():
                self._rows = sheet.max_row or 1
                for line in self._of(sheet):
                    self._row = line[0]
                    yield line
                if self._row:
                    self._read = sheet
                    return
        except Exception as fault:  # see above
            raise LedgerFault("broken_file", self._row + 1) from fault

    def others(self) -> tuple[str, ...]:
        """Visible sheets after the one that was read that have anything in them. Raises LedgerFault."""
        after = dropwhile(lambda sheet: sheet is not self._read, self._visible())
        try:
            return tuple(sheet.title for sheet in islice(after, 1, None) if self._filled(sheet))
        except Exception as fault:  # see above
            raise LedgerFault("broken_file") from fault

    def _visible(self) -> Iterator[Any]:
        return (sheet for sheet in self._book.worksheets if sheet.sheet_state == "visible")

    def _filled(self, sheet: Any) -> bool:
        return any(cell not in (None, "") for _, cells in self._of(sheet) for cell in cells)

    def _of(self, sheet: Any) -> Iterator[Line]:
        with sheet._get_source() as source:  # openpyxl's own way to a sheet's XML
            yield from SheetRows(source, _converter(self._book, sheet))

    def share(self) -> float:
        """By the rows that the sheet says it has."""
        return min(1.0, self._row / self._rows)

    def close(self) -> None:
        """Let the file go."""
        self._book.close()
        self._file.close()


class _Parts(zipfile.ZipFile):
    """The parts of a workbook. Whatever they are called: what is read as a whole is small, or it is not expanded."""

    def read(self, name: str | zipfile.ZipInfo, pwd: bytes | None = None) -> bytes:
        """One part. Raises LedgerFault before it is expanded."""
        self.must_fit(name, WHOLE_MAX)
        return super().read(name, pwd)

    def must_fit(self, name: str | zipfile.ZipInfo, most: int) -> None:
        """Raises LedgerFault for a part of more than ``most`` bytes."""
        part = name if isinstance(name, zipfile.ZipInfo) else self.getinfo(name)
        if part.file_size > most:
            raise LedgerFault("too_big")


class _Reader(ExcelReader):  # type: ignore[misc, unused-ignore]  # its types are not told
    """openpyxl's way into a workbook, past our doors."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file, read_only=True, data_only=True, keep_links=False)
        self.archive = self._parts = _Parts(file)

    def read_strings(self) -> None:
        """The shared texts, under the name that the book gives them. Raises LedgerFault."""
        part = cast(Any, self.package).find(SHARED_STRINGS)
        if part is not None:
            self._parts.must_fit(part.PartName[1:], STRINGS_MAX)
        super().read_strings()


def _converter(book: Any, sheet: Any) -> Convert:
    """Makes values as openpyxl does; days are shared, a table says the same ones again and again."""
    strings: list[str] = sheet._shared_strings
    dates = frozenset(str(style) for style in book._date_formats)
    spans = frozenset(str(style) for style in book._timedelta_formats)

    @lru_cache(REMEMBERED)
    def day(told: str, span: bool) -> Cell:
        try:
            return cast(Cell, from_excel(_number(told), book.epoch, timedelta=span))
        except (OverflowError, ValueError):
            return "#VALUE!"

    def convert(kind: str, style: str, told: str) -> Cell:
        if kind == "s":
            return strings[int(told)]
        if kind == "n":
            return day(told, style in spans) if style in dates else _number(told)
        if kind == "b":
            return bool(int(told))
        return cast(Cell, from_iso(told)) if kind == "d" else told

    return convert


def _number(told: str) -> int | float:
    return float(told) if "." in told or "E" in told or "e" in told else int(told)


def _refuse_bombs(path: Path) -> None:
    """Raises LedgerFault for a file that would fill the memory, or is no XLSX."""
    try:
        with zipfile.ZipFile(path) as parts:
            sizes = [(part.file_size, part.compress_size) for part in parts.infolist()]
            names = set(parts.namelist())
    except (zipfile.BadZipFile, OSError, ValueError) as fault:
        raise LedgerFault("broken_file") from fault
    if names.isdisjoint({"xl/workbook.xml", "[Content_Types].xml"}):
        raise LedgerFault("not_a_table")
    for size, packed in sizes:
        if size > PART_MAX or (size > 10_000_000 and size > SQUEEZED_MAX * max(1, packed)):
            raise LedgerFault("too_big")
