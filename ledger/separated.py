"""CSV in UTF-8 or UTF-16, separated by semicolon, comma, tab or bar: whichever cuts it into columns."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ledger import HEAD, LedgerFault
from ledger.text_file import TextFile
from office.dossier_cells import Line

SEPARATORS: Final = ";,\t|"
SAMPLE_ROWS: Final = 50
_EXCEL_SAYS: Final = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
"""A first line with which Excel is told the separator; no row of the table."""


class Separated(TextFile):
    """One CSV file."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, newline="")

    def rows(self) -> Iterator[Line]:
        """Rows as a spreadsheet counts them: an empty line is one, a cell with line breaks makes none."""
        row = 0
        try:
            reader = csv.reader(self._text, delimiter=self._separator(), strict=True)
            for row, cells in enumerate(reader, start=1):
                yield row, cells
        except csv.Error as fault:
            raise LedgerFault("cell_too_long" if "limit" in str(fault) else "bad_quotes", row + 1) from None

    def _separator(self) -> str:
        """The separator, the place before the first row; raises UnicodeError."""
        sample = self._text.read(HEAD)
        self._text.seek(0)
        told = _EXCEL_SAYS.match(sample)
        if told:
            self._text.readline()
            return told[1]
        return max(SEPARATORS, key=lambda sign: _cuts(sample, sign))


def _cuts(sample: str, separator: str) -> tuple[int, int]:
    """How well ``separator`` fits: how many rows it cuts into equally many columns, and how many columns."""
    lines = sample.splitlines(keepends=True)[:SAMPLE_ROWS]
    try:
        counts = Counter(len(row) for row in csv.reader(lines, delimiter=separator) if any(row))
    except csv.Error:
        return 0, 0
    counts.pop(1, None)
    return max(((rows, columns) for columns, rows in counts.items()), default=(0, 0))
