"""Rows that other systems push or export: checked one by one, compared with the register, written in chunks.

A row says what it knows; what it does not tell (None) stays as it was. Equal rows write nothing, so the same file again
changes nothing.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any, Final

from office import dossier_persons, dossiers, journal
from office.clock import local
from office.dossier_compare import Checked, Comparison, Found
from office.dossier_fields import (
    CHECKS,
    PERSONS,
    code_of,
    must_be_past,
    must_be_term,
    must_follow,
    service_of,
    status_of,
)
from office.dossier_tables import COLUMNS
from office.dossiers import Dossier
from office.settings import Settings
from office.store import Act

CHUNK: Final = 500
"""Rows an event has at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What another system tells of a dossier. None: not told, keep what is known. Times are ms UTC, ``fee`` in đồng.

    ``status`` is national (1 to 10) and counts before ``local_status``, which configuration translates;
    ``confirmed``: somebody has confirmed a code of an unknown shape.
    """

    code: str
    procedure: str | None = None
    procedure_name: str | None = None
    service: str | None = None
    status: int | None = None
    local_status: str | None = None
    unit: str | None = None
    intake: str | None = None
    give_back: str | None = None
    tracking: str | None = None
    sets: int | None = None
    fee: int | None = None
    fee_note: str | None = None
    received_at: int | None = None
    due_at: int | None = None
    term_amount: int | None = None
    term_unit: str | None = None
    finished_at: int | None = None
    returned_at: int | None = None
    name: str | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    id_number: str | None = None
    owner: str | None = None
    owner_address: str | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """What an import did."""

    total: int = 0
    added: int = 0
    changed: int = 0
    same: int = 0


def check(settings: Settings, row: Pushed, today: date) -> Checked:
    """The row as it would be written. Raises BadCode, or BadDossier naming field and reason."""
    code = code_of(row.code, today, confirmed=row.confirmed)
    told = _checked(row, CHECKS)
    must_follow(told, settings.office.zone)
    must_be_term(row.term_amount, row.term_unit or "")
    status = status_of(settings, row.status, row.local_status)
    if status is not None:
        told["status"] = status
    if row.service is not None:
        told["service"] = service_of(settings, row.service)
    return Checked(code, told, _checked(row, PERSONS))


def upsert_rows(act: Act, settings: Settings, rows: Iterable[Pushed], *, actor: str, source: str) -> Counts:
    """Write what is new in ``rows``, in chunks of one event each; of two rows of one code the later one counts.

    Raises what ``check`` raises; the act then writes nothing.
    """
    total = added = changed = 0
    compare = Comparison(act.db, settings, act.now, source)
    for chunk in _chunks(rows):
        new, other = write(act, settings, prepared(compared(compare, chunk), source), actor=actor)
        total, added, changed = total + len(chunk), added + new, changed + other
    return Counts(total, added, changed, total - added - changed)


def compared(compare: Comparison, rows: Sequence[Pushed]) -> list[Found]:
    """The rows beside what is known; each code once, as its last row says. Raises what ``check`` raises."""
    today = local(compare.now, compare.settings.office.zone).date()
    return compare.known([check(compare.settings, row, today) for row in rows])


def touched_since(db: sqlite3.Connection, seq: int) -> set[str]:
    """The keys of the dossiers that events after ``seq`` were about."""
    rows = db.execute(
        "SELECT kind, dossier, data FROM journal WHERE seq > ? AND kind >= 'dossier.' AND kind < 'dossier/'", (seq,)
    )
    keys: set[str] = set()
    for kind, dossier, data in rows:
        if kind == "dossier.imported":
            told = json.loads(data)
            keys.update(told.get("left", ()), (row[0] for row in told["rows"]))  # the key is the first of COLUMNS
        keys.add(dossier)
    return keys


def put(act: Act, settings: Settings, code: str, row: Pushed, *, actor: str) -> tuple[Dossier, bool]:
    """One dossier pushed by another system as it happens; it, and whether it is new.

    Raises BadCode, BadDossier.
    """
    source = actor.partition(":")[2] or actor
    for name in ("received_at", "finished_at", "returned_at"):
        must_be_past(name, getattr(row, name), act.now)
    found = compared(Comparison(act.db, settings, act.now, source, live=True), [replace(row, code=code)])
    write(act, settings, prepared(found, source), actor=actor, dossier=found[0].key)
    return dossiers.get(act.db, found[0].key), found[0].new


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows that differ, ready to be written: the event's data and the applicants' rows. It can be kept as JSON."""

    data: dict[str, Any]
    persons: list[Any]

    def keys(self) -> set[str]:
        """The dossiers it is about."""
        rows = (*self.data["rows"], *self.persons)
        return {row[0] for row in rows}.union(self.data.get("left", ()))  # the key is the first of COLUMNS


def prepared(found: Sequence[Found], source: str) -> Chunk | None:
    """Those of ``found`` that differ, or None."""
    differ = [one for one in found if one.differs]
    if not differ:
        return None
    added = sum(1 for one in differ if one.new)
    persons = dossier_persons.rows_of((one.key, one.person) for one in differ if one.person is not None)
    data: dict[str, Any] = {
        "source": source, "columns": list(COLUMNS), "rows": [one.values for one in differ if one.values],
        "added": added, "changed": sum(1 for one in differ if one.changes) - added,
    }  # fmt: skip
    left = {one.key: one.left for one in differ if one.left is not None}
    if left:
        data["left"] = left
    return Chunk(data, persons)


def write(act: Act, settings: Settings, chunk: Chunk | None, *, actor: str, dossier: str = "") -> tuple[int, int]:
    """Write a chunk as one event; how many are new and how many were known."""
    if chunk is None:
        return 0, 0
    dossier_persons.keep_rows(act.db, chunk.persons)
    journal.append(act, "dossier.imported", office=settings.office.id, actor=actor, dossier=dossier, data=chunk.data)
    return chunk.data["added"], chunk.data["changed"]


def _checked(row: Pushed, checks: dict[str, Any]) -> dict[str, Any]:
    told = {}
    for name, fits in checks.items():
        value = getattr(row, name)
        if value is not None:
            told[name] = fits(name, value)
    return told


def _chunks(rows: Iterable[Pushed]) -> Iterator[list[Pushed]]:
    left = iter(rows)
    while chunk := list(islice(left, CHUNK)):
        yield chunk
