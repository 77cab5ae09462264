"""A file on disk imported into the register: its driver, its rows, the office's act."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from ledger import Book, LedgerFault, open_book
from office.dossier_cells import Line
from office.dossier_import import ImportRefused, Progress, Report, run
from office.dossier_table import Fault
from office.settings import Settings
from office.store import Store


def import_file(
    store: Store,
    settings: Settings,
    path: Path,
    *,
    actor: str,
    confirmed: bool = False,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Report:
    """Import ``path``, all or nothing. Raises ImportRefused, also for what cannot be read; OSError."""
    try:
        _, book = open_book(path)
        sheets: list[str] = []
        try:
            lines = _lines(book, sheets)
            done = run(store, settings, lines, actor=actor, confirmed=confirmed, share=book.share, progress=progress)
            return replace(done, sheets=tuple(sheets))
        finally:
            book.close()
    except LedgerFault as fault:
        raise ImportRefused([Fault(fault.row, "", "", fault.reason)], 1) from fault


def _lines(book: Book, sheets: list[str]) -> Iterator[Line]:
    """The rows of ``book``, and at their end the names of its further ``sheets``: before anything is written, for they
    may be broken too."""
    yield from book.lines()
    sheets += book.others()
