"""XLSX by openpyxl, read as a stream: the first visible sheet that has anything in it. The one file that imports it.

openpyxl opens the book, finds its sheets, its shared texts and which styles are dates; the rows themselves, which are
nearly all of a file, ledger/sheet_rows.py reads.
"""

import warnings
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, cast

from openpyxl import load_workbook
from openpyxl.utils.datetime import from_excel, from_ISO8601

from ledger import LedgerFault
from ledger.sheet_rows import Convert, SheetRows
from office.dossier_cells import Cell, Line

STRINGS: Final = "xl/sharedStrings.xml"
STRINGS_MAX: Final = 150_000_000
"""Bytes of text that openpyxl keeps in memory while it reads."""
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
                self._book: Any = load_workbook(self._file, read_only=True, data_only=True, keep_links=False)
            except Exception as fault:  # a broken file shows itself in any way at all
                self._file.close()
                raise LedgerFault("broken_file") from fault
        self._rows = 1
        self._row = 0

    def lines(self) -> Iterator[Line]:
        """Rows by the numbers that the sheet shows; empty ones may be left out."""
        try:
            for sheet in self._book.worksheets:
                if sheet.sheet_state != "visible":
                    continue
                self._rows = sheet.max_row or 1
                with sheet._get_source() as source:  # openpyxl's own way to a sheet's XML
                    for line in SheetRows(source, _converter(self._book, sheet)):
                        self._row = line[0]
                        yield line
                if self._row:
                    return
        except Exception as fault:  # see above
            raise LedgerFault("broken_file", self._row + 1) from fault

    def share(self) -> float:
        """By the rows that the sheet says it has."""
        return min(1.0, self._row / self._rows)

    def close(self) -> None:
        """Let the file go."""
        self._book.close()
        self._file.close()


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
            sizes = {part.filename: (part.file_size, part.compress_size) for part in parts.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError) as fault:
        raise LedgerFault("broken_file") from fault
    if "xl/workbook.xml" not in sizes and "[Content_Types].xml" not in sizes:
        raise LedgerFault("not_a_table")
    for name, (size, packed) in sizes.items():
        most = STRINGS_MAX if name == STRINGS else PART_MAX
        if size > most or (size > 10_000_000 and size > SQUEEZED_MAX * max(1, packed)):
            raise LedgerFault("too_big")
