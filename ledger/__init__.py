"""Tables that others hand us as files: what every driver offers, how a file fails, and which drivers there are.

A file is told by what is in it, never by its name: exports called ``.xls`` are HTML or CSV often enough.
"""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from pkgutil import resolve_name
from typing import Final, Literal, Protocol, cast

from office.dossier_cells import Line

__all__ = ["DRIVERS", "Book", "Kind", "LedgerFault", "encoding_of", "kind_of", "open_book"]

Kind = Literal["csv", "xlsx", "jsonl"]
DRIVERS: Final[dict[Kind, str]] = {
    "csv": "ledger.separated:Separated",
    "xlsx": "ledger.workbook:Workbook",
    "jsonl": "ledger.records:Records",
}
HEAD: Final = 65_536
"""Bytes looked at to tell what a file is."""

_BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ZIP, _OLD_OFFICE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"
_MARKUP: Final = re.compile(r"\s*<(?:!doctype|\?xml|html|table|meta|head)", re.IGNORECASE)


class LedgerFault(Exception):
    """The file cannot be read: ``reason`` as in phrases ``import.reason.<reason>``; ``row`` from 1, 0 for the file."""

    def __init__(self, reason: str, row: int = 0) -> None:
        super().__init__(f"row {row}: {reason}" if row else reason)
        self.reason = reason
        self.row = row


class Book(Protocol):
    """A file under way. Every method raises LedgerFault; memory does not grow with the file."""

    def __init__(self, path: Path) -> None: ...

    def lines(self) -> Iterator[Line]:
        """Its rows from the first one on, each with its number as a spreadsheet shows it."""

    def others(self) -> tuple[str, ...]:
        """Names of what has rows too and is not read: further sheets."""

    def share(self) -> float:
        """How much of it has been read, 0 to 1."""

    def close(self) -> None:
        """Let the file go."""


def open_book(path: Path) -> tuple[Kind, Book]:
    """What ``path`` is, and its driver. Raises LedgerFault for what is no table."""
    kind = kind_of(path)
    driver = cast(type[Book], resolve_name(DRIVERS[kind]))
    return kind, driver(path)


def kind_of(path: Path) -> Kind:
    """Told by the first bytes. Raises LedgerFault: empty_file, old_excel, html_table, not_a_table."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.strip():
        raise LedgerFault("empty_file")
    if head.startswith(_ZIP):
        return "xlsx"
    if head.startswith(_OLD_OFFICE):
        raise LedgerFault("old_excel")
    if head.startswith(_PDF):
        raise LedgerFault("not_a_table")
    start = head.decode(encoding_of(head), "replace").lstrip("\ufeff \r\n\t")
    if _MARKUP.match(start):
        raise LedgerFault("html_table")
    if start.startswith("["):
        raise LedgerFault("json_array")
    return "jsonl" if start.startswith("{") else "csv"


def encoding_of(head: bytes) -> str:
    """utf-8-sig or utf-16 by the mark at the beginning; without one by where zero bytes are, else utf-8."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    zeros = [head[place::2].count(0) for place in (0, 1)]
    if max(zeros) * 8 > len(head):  # a Latin letter's other byte in UTF-16
        return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
    return "utf-8"
