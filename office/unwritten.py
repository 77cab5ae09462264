"""When the office's file cannot be written: which faults of SQLite mean that, and how it is told."""

import sqlite3
from typing import Final

from office.errors import OfficeError

HELD: Final = "held"
_CODES: Final = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_BUSY: HELD,
    sqlite3.SQLITE_LOCKED: HELD,
    sqlite3.SQLITE_IOERR: "failing",
    sqlite3.SQLITE_CANTOPEN: "failing",
    sqlite3.SQLITE_READONLY: "failing",
}
"""SQLite's primary result code → why: no room on the disk, another program holds the file, the disk fails."""


class NotWritten(OfficeError):
    """The act could not be written, so nothing of it happened; it may be tried again."""

    key = "error.not_written"
    status = 503


def why(fault: BaseException | None) -> str:
    """``full``, ``held`` or ``failing`` when ``fault`` means that the file cannot be written now; else empty."""
    if not isinstance(fault, sqlite3.OperationalError):
        return ""
    return _CODES.get(getattr(fault, "sqlite_errorcode", 0) & 0xFF, "")
