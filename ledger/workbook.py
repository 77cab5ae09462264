"""XLSX by openpyxl, read as a stream: the first visible sheet that has anything in it. The one file that imports it."""

import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from openpyxl import load_workbook

from ledger import LedgerFault
from office.dossier_cells import Line

STRINGS: Final = "xl/sharedStrings.xml"
STRINGS_MAX: Final = 150_000_000
"""Bytes of text that openpyxl keeps in memory while it reads."""
PART_MAX: Final = 2_000_000_000
SQUEEZED_MAX: Final = 400
"""Times a part may be packed; a sheet is packed 10 to 60 times."""


class Workbook:
    """One XLSX file."""

    def __init__(self, path: Path) -> None:
        _refuse_bombs(path)
        self._file = path.open("rb")  # given a path, openpyxl would go by its ending
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # missing styles, unknown extensions: no matter of the rows
            try:
                self._book = load_workbook(self._file, read_only=True, data_only=True, keep_links=False)
            except Exception as fault:  # a broken file shows itself in any way at all
                self._file.close()
                raise LedgerFault("broken_file") from fault
        self._rows = 1
        self._row = 0

    def lines(self) -> Iterator[Line]:
        """Rows by the numbers that the sheet shows."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                for sheet in self._sheets():
                    for self._row, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                        yield self._row, cells
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

    def _sheets(self) -> Iterator[Any]:
        for sheet in self._book.worksheets:
            if sheet.sheet_state == "visible":
                self._rows = sheet.max_row or 1
                sheet.reset_dimensions()  # exporters write wrong ones; the rows themselves count
                yield sheet


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
