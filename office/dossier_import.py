"""A file of dossiers imported whole or not at all, while the hall goes on giving numbers.

Reading, checking and comparing with the register take nearly all of the time and hold no lock: only rows that would
change something are put aside, in a nameless file on disk, so memory does not grow with the import. Then one act writes
them. It compares once more, for a clerk may have changed a dossier meanwhile; what it leaves is the whole file or,
after a power cut, nothing.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import Any, ClassVar, Final, Literal

from pydantic_core import from_json, to_json

from office import journal
from office.dossier_cells import Line
from office.dossier_compare import Comparison
from office.dossier_rows import CHUNK, Chunk, Pushed, compared, prepared, touched_since, write
from office.dossier_table import Fault, Row, Table
from office.errors import Invalid
from office.phrases import Phrases
from office.settings import Settings
from office.store import Store

_FIELDS: Final = tuple(field.name for field in fields(Pushed))
_VALUES: Final = attrgetter(*_FIELDS)
SOURCE: Final = "import"
"""What the register and the journal call a file, of whatever kind: the same rows are the same dossiers."""


class ImportRefused(Invalid):
    """The file was not imported and nothing changed. ``faults`` are the first of ``params['count']``; the params also
    tell row, column and reason of the first, and all of them as plain objects in ``errors``."""

    key: ClassVar[str] = "import.refused"

    def __init__(self, faults: Iterable[Fault], count: int) -> None:
        self.faults = tuple(faults)
        first = self.faults[0]
        errors = [told(fault) for fault in self.faults]
        text = f"row {first.row}, column {first.column or '-'}: {first.reason} ({count} faults in all)"
        super().__init__(text, **errors[0], count=count, errors=errors)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: what it does, rows so far, share of the file read (0 to 1)."""

    doing: Literal["reading", "writing"]
    rows: int
    share: float


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did: rows of the file, of them new, changed and equal, and columns nothing was made of.

    ``ours``: rows that told something older than what the office did since, which stays. ``erased``: rows that told of
    an applicant who was erased, and stays so. ``totals``: numbers of lines that only sum up, which were passed over;
    ``sheets``: names of further sheets with something in them, of which nothing was imported.
    """

    rows: int
    added: int
    changed: int
    same: int
    unused: tuple[str, ...]
    ours: int = 0
    erased: int = 0
    totals: tuple[int, ...] = ()
    sheets: tuple[str, ...] = ()


def run(
    store: Store,
    settings: Settings,
    lines: Iterable[Line],
    *,
    actor: str,
    confirmed: bool = False,
    share: Callable[[], float] = lambda: 0.0,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Report:
    """Import ``lines``; ``confirmed``: codes of unknown shapes are taken. Raises ImportRefused with nothing changed.

    Not inside an act: it makes its own once everything is known to be good.
    """
    table = Table(settings, store.clock(), confirmed=confirmed)
    with Aside(store.path.parent, store, settings) as aside:
        for chunk in _chunks(table.rows(lines)):
            if not table.wrong:
                aside.put(chunk)
            progress(Progress("reading", table.count, share()))
        if table.wrong:
            raise ImportRefused(table.faults, count=table.wrong)
        if aside.filled:
            progress(Progress("writing", table.count, 1.0))
        added, changed = aside.write(actor) if aside.filled else (0, 0)
    same = table.count - added - changed
    return Report(table.count, added, changed, same, table.unused, aside.ours, aside.erased, tuple(table.totals))


def told(fault: Fault) -> dict[str, Any]:
    """A fault as a plain object."""
    return {
        "row": fault.row, "column": fault.column, "cell": fault.cell, "field": fault.field, "reason": fault.reason,
        "other": fault.other,
    }  # fmt: skip


def sentence(phrases: Phrases, language: str, error: dict[str, Any]) -> str:
    """One fault, as ``told`` has it, in the reader's words: where it is and what is wrong there."""
    what = phrases.say(language, f"import.reason.{error['reason']}", row=error["other"])
    if not error["row"]:
        return phrases.say(language, "import.whole", what=what)
    if not error["column"]:
        return phrases.say(language, "import.row", row=error["row"], what=what)
    return phrases.say(language, "import.cell", row=error["row"], column=error["column"], what=what)


def explained(phrases: Phrases, language: str, refusal: ImportRefused) -> str:
    """A refusal as a text for people: a line that says it, and one for each fault told."""
    first = phrases.say(language, refusal.key, count=refusal.params["count"])
    return "\n".join([first, *(sentence(phrases, language, told(fault)) for fault in refusal.faults), ""])


class Aside:
    """Rows that would change something, chunk by chunk as the register would be, and beside them what was told.

    ``ours`` and ``erased`` count as Report does.
    """

    def __init__(self, folder: Path, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._since, _ = journal.head(store.read())
        self._compare = Comparison(store.read(), settings, store.clock(), SOURCE)
        self._ready = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 — closed by __exit__
        self._told = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        self._places: list[int] = []
        self.ours = 0
        self.erased = 0

    def __enter__(self) -> "Aside":
        return self

    def __exit__(self, *_: object) -> None:
        self._ready.close()
        self._told.close()

    @property
    def filled(self) -> bool:
        """Whether there is anything to write."""
        return bool(self._places)

    def put(self, rows: list[Row]) -> None:
        """Keep those of ``rows`` that differ from the register as it is now."""
        found = self._compare.known([checked for _, checked in rows])
        self.ours += sum(one.ours for one in found)
        self.erased += sum(one.erased for one in found)
        chunk = prepared(found, SOURCE)
        if chunk is not None:
            keys = chunk.keys()
            self._places.append(self._told.tell())
            self._told.write(to_json([_VALUES(row) for row, checked in rows if checked.code.key in keys]) + b"\n")
            self._ready.write(to_json([chunk.data, chunk.persons]) + b"\n")

    def write(self, actor: str) -> tuple[int, int]:
        """All of it in one act; how many are new and how many were known."""
        self._ready.seek(0)
        added = changed = 0
        with self._store.act() as act:
            touched = touched_since(act.db, self._since)
            compare = Comparison(act.db, self._settings, act.now, SOURCE)
            for line, place in zip(self._ready, self._places, strict=True):
                ready = Chunk(*from_json(line))
                chunk: Chunk | None = ready
                if touched and not touched.isdisjoint(ready.keys()):  # somebody was quicker: look again
                    chunk = prepared(compared(compare, self._told_at(place)), SOURCE)
                new, other = write(act, self._settings, chunk, actor=actor)
                added, changed = added + new, changed + other
        return added, changed

    def _told_at(self, place: int) -> list[Pushed]:
        self._told.seek(place)
        return [Pushed(**dict(zip(_FIELDS, values, strict=True))) for values in from_json(self._told.readline())]


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while chunk := list(islice(left, CHUNK)):
        yield chunk
