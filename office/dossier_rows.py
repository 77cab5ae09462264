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
from office.clock import day_start, is_day, local
from office.deadlines import worktime_of
from office.dossier_code import Code
from office.dossier_fields import CHECKS, PERSONS, code_of, must_be_term, service_of, status_of
from office.dossier_tables import COLUMNS
from office.dossiers import DONE, PAUSED, RECEIVED, RETURNED, Applicant, Dossier
from office.settings import Settings
from office.store import Act

CHUNK: Final = 500
"""Rows an event has at most."""
DAYS: Final = frozenset({"received_at", "due_at"})
"""Fields whose day, told by a file without an hour, stands for the beginning or the end of its work."""


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


@dataclass(frozen=True, slots=True)
class Checked:
    """A row that can be written: its code, and the told columns of the register and of the applicant."""

    code: Code
    told: dict[str, Any]
    person: dict[str, str]


def check(settings: Settings, row: Pushed, today: date) -> Checked:
    """The row as it would be written. Raises BadCode, or BadDossier naming field and reason."""
    code = code_of(row.code, today, confirmed=row.confirmed)
    told = _checked(row, CHECKS)
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
        new, other = write(act, settings, prepared(compare.chunk(chunk), source), actor=actor)
        total, added, changed = total + len(chunk), added + new, changed + other
    return Counts(total, added, changed, total - added - changed)


def touched_since(db: sqlite3.Connection, seq: int) -> set[str]:
    """The keys of the dossiers that events after ``seq`` were about."""
    rows = db.execute(
        "SELECT kind, dossier, data FROM journal WHERE seq > ? AND kind >= 'dossier.' AND kind < 'dossier/'", (seq,)
    )
    keys: set[str] = set()
    for kind, dossier, data in rows:
        if kind == "dossier.imported":
            keys.update(row[0] for row in json.loads(data)["rows"])  # the key is the first of COLUMNS
        keys.add(dossier)
    return keys


def put(act: Act, settings: Settings, code: str, row: Pushed, *, actor: str) -> tuple[Dossier, bool]:
    """One dossier pushed by another system, or corrected by a clerk; it, and whether it is new.

    Raises BadCode, BadDossier.
    """
    source = actor.partition(":")[2] or actor
    found = Comparison(act.db, settings, act.now, source, live=True).chunk([replace(row, code=code)])
    write(act, settings, prepared(found, source), actor=actor, dossier=found[0].key)
    return dossiers.get(act.db, found[0].key), found[0].new


@dataclass(slots=True)
class Found:
    """A row beside what the register has."""

    key: str
    new: bool
    values: tuple[Any, ...] | None
    """Its columns when they differ."""
    person: Applicant | None
    """Its applicant when it differs."""

    @property
    def differs(self) -> bool:
        """Whether it changes anything."""
        return self.values is not None or self.person is not None


class Comparison:
    """Compares rows with the register as it is in ``db``; ``now`` (ms UTC) dates what they change.

    ``live``: a row is pushed as it happens, so an end that it tells without a time is now. A file's may be of any day
    since the last one; such an end has no time, rather than a wrong one.
    """

    def __init__(
        self, db: sqlite3.Connection, settings: Settings, now: int, source: str, *, live: bool = False
    ) -> None:
        self._db = db
        self._settings = settings
        self._now = now
        self._zone = settings.office.zone
        self._today = local(now, self._zone).date()
        self._source = source
        self._live = live
        sql = "SELECT code, json_extract(body, '$.name'), json_extract(body, '$.field') FROM procedures"
        self._procedures = {code: (name, field) for code, name, field in db.execute(sql)}

    def chunk(self, rows: Sequence[Pushed]) -> list[Found]:
        """The rows beside what is known; each code once, as its last row says."""
        return self.known([check(self._settings, row, self._today) for row in rows])

    def known(self, checked: Sequence[Checked]) -> list[Found]:
        """The same for rows that were checked before."""
        marks = ",".join("?" * len(checked))
        keys = [one.code.key for one in checked]
        sql = f"SELECT * FROM dossiers WHERE key IN ({marks})"  # noqa: S608 — question marks
        known = {row[0]: row[: len(COLUMNS)] for row in self._db.execute(sql, keys)}
        sql = f"SELECT * FROM applicants WHERE dossier IN ({marks})"  # noqa: S608 — question marks
        persons = {row[0]: Applicant(*row[1:-1]) for row in self._db.execute(sql, keys)}
        found: dict[str, Found] = {}
        for one in checked:
            key = one.code.key
            values = self._row(one, known.get(key))
            person = replace(persons.get(key, Applicant()), **one.person)
            found[key] = Found(
                key,
                key not in known,
                values if values != known.get(key) else None,
                person if person != persons.get(key, Applicant()) else None,
            )
        return list(found.values())

    def _row(self, one: Checked, old: tuple[Any, ...] | None) -> tuple[Any, ...]:
        before = dict(zip(COLUMNS, old, strict=True)) if old else self._unknown(one)
        values = before | one.told
        if "term_amount" in one.told or "term_unit" in one.told:  # one told beside the other that is known
            must_be_term(values["term_amount"], values["term_unit"])
        if not values["service"]:
            values["service"] = self._service(values["procedure"])
        if not values["procedure_name"]:
            values["procedure_name"] = self._procedures.get(values["procedure"], ("", ""))[0]
        if old and values["status"] != before["status"]:
            values |= self._clock(values["status"], before) | one.told
        if not self._live:
            for name in DAYS & one.told.keys():
                values[name] = self._hour(name, values[name], before[name] if old else None, values["service"])
        return tuple(values[name] for name in COLUMNS)

    def _unknown(self, one: Checked) -> dict[str, Any]:
        """The columns of a dossier of which nothing is known but its code."""
        day = one.code.day
        status = RETURNED if "returned_at" in one.told else DONE if "finished_at" in one.told else RECEIVED
        return dict.fromkeys(COLUMNS, "") | {
            "key": one.code.key, "code": one.code.text, "shape": one.code.shape, "status": status,
            "intake": "counter", "give_back": "counter", "sets": 1, "fee": None, "source": self._source,
            "received_at": day_start(day, self._zone) if day else self._now, "due_at": None, "term_amount": None,
            "finished_at": None, "returned_at": None, "paused_at": None, "due_left": None, "rescheduled": 0,
            "supplements": 0,
        }  # fmt: skip

    def _clock(self, status: int, before: dict[str, Any]) -> dict[str, Any]:
        """What follows from another status, where the row itself does not tell. Its due day is the other system's."""
        now = self._now if self._live else None
        ended = status in (DONE, RETURNED)
        return {
            "local_status": "",  # the word of the status before
            "paused_at": (before["paused_at"] or self._now) if status in PAUSED else None,
            "due_left": before["due_left"] if status in PAUSED else None,
            "finished_at": (before["finished_at"] or now) if ended else None,
            "returned_at": (before["returned_at"] or now) if status == RETURNED else None,
        }

    def _hour(self, name: str, told: int, known: int | None, service: str) -> int:
        """A file's day without an hour: the moment of that day that is known, else when its work begins or ends.

        A day that is not worked stays its midnight.
        """
        if not is_day(told, self._zone):
            return told
        day, worktime = local(told, self._zone).date(), worktime_of(self._settings, service)
        if known is not None and not is_day(known, self._zone) and local(known, self._zone).date() == day:
            return known
        if not worktime.calendar.spans(day):
            return told
        return worktime.day_ends(told) if name == "due_at" else worktime.next_open(told)

    def _service(self, procedure: str) -> str:
        field = self._procedures.get(procedure, ("", ""))[1]
        return self._settings.service_of_field.get(field, "")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows that differ, ready to be written: the event's data and the applicants' rows. It can be kept as JSON."""

    data: dict[str, Any]
    persons: list[Any]

    def keys(self) -> set[str]:
        """The dossiers it is about."""
        return {row[0] for row in (*self.data["rows"], *self.persons)}  # the key is the first of COLUMNS


def prepared(found: Sequence[Found], source: str) -> Chunk | None:
    """Those of ``found`` that differ, or None."""
    differ = [one for one in found if one.differs]
    if not differ:
        return None
    added = sum(1 for one in differ if one.new)
    persons = dossier_persons.rows_of((one.key, one.person) for one in differ if one.person is not None)
    data = {
        "source": source, "columns": list(COLUMNS), "rows": [one.values for one in differ if one.values],
        "added": added, "changed": len(differ) - added,
    }  # fmt: skip
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
