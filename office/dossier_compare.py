"""Rows of other systems beside what the register has: what of each would change, and what would not."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from office import deadlines
from office.clock import day_start, is_day, local
from office.deadlines import worktime_of
from office.dossier_code import Code
from office.dossier_fields import must_be_term, must_follow
from office.dossier_merge import ENDS, TIMES, Left, left_of, merged, same_day
from office.dossier_persons import Persons
from office.dossier_tables import COLUMNS
from office.dossier_term import term_of, unit_of
from office.dossiers import DONE, NEW, PAUSED, RECEIVED, RETURNED, RUNNING, Applicant
from office.settings import Settings

_STATUS: Final = COLUMNS.index("status")


@dataclass(frozen=True, slots=True)
class Checked:
    """A row that can be written: its code, and the told columns of the register and of the applicant."""

    code: Code
    told: dict[str, Any]
    person: dict[str, str]


@dataclass(slots=True)
class Found:
    """A row beside what the register has."""

    key: str
    new: bool
    values: tuple[Any, ...] | None
    """Its columns when they differ."""
    person: Applicant | None
    """Its applicant when it differs."""
    left: Left | None = None
    """What of the office's own changes is still to be remembered, when that is less than before."""
    ours: bool = False
    """Whether the office has changed since what the row tells, and that stays."""
    erased: bool = False
    """Whether the row tells of an applicant who was erased, and stays so."""

    @property
    def differs(self) -> bool:
        """Whether it changes anything that is kept."""
        return self.changes or self.left is not None

    @property
    def changes(self) -> bool:
        """Whether it changes anything that is seen."""
        return self.values is not None or self.person is not None


class Comparison:
    """Compares rows with the register as it is in ``db``; ``now`` (ms UTC) dates what they change.

    ``live``: a row is pushed as it happens, so an end that it tells without a time is now. A file's may be of any day
    since the last one; such an end has no time, rather than a wrong one.
    """

    def __init__(
        self, db: sqlite3.Connection, settings: Settings, now: int, source: str, *, live: bool = False
    ) -> None:
        self.settings = settings
        self.now = now
        self.live = live
        self._db = db
        self._zone = settings.office.zone
        self._source = source
        sql = "SELECT code, json_extract(body, '$.name'), json_extract(body, '$.field') FROM procedures"
        self._procedures = {code: (name, field) for code, name, field in db.execute(sql)}

    def known(self, checked: Sequence[Checked]) -> list[Found]:
        """Checked rows beside what is known; each code once, as its last row says. Raises BadDossier."""
        marks = ",".join("?" * len(checked))
        keys = [one.code.key for one in checked]
        sql = f"SELECT * FROM dossiers WHERE key IN ({marks})"  # noqa: S608 — question marks
        known = {row[0]: row[: len(COLUMNS)] for row in self._db.execute(sql, keys)}
        left, persons = left_of(self._db, keys), Persons(self._db, keys)
        found: dict[str, Found] = {}
        for one in checked:
            key = one.code.key
            found[key] = self._found(one, known.get(key), left.get(key))
            found[key].person = persons.changed(key, one.person)
            found[key].erased = persons.erased(key) and any(one.person.values())
        return list(found.values())

    def _found(self, one: Checked, old: tuple[Any, ...] | None, left: Left | None) -> Found:
        found = Found(one.code.key, old is None, None, None)
        if old and (left or old[_STATUS] == RETURNED):
            ours = dict(zip(COLUMNS, old, strict=True))
            counts = merged(one.told, left or {}, ours, self._zone, live=self.live)
            one = replace(one, told=counts.told)
            found.left, found.ours = counts.left, counts.ours
        values = self._row(one, old)
        found.values = values if values != old else None
        return found

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
            values |= self._clock(values["status"], before, one.told) | one.told
        if self.live:
            self._as_it_happens(values, before, one.told, new=old is None)
        else:
            for name in TIMES & one.told.keys():
                values[name] = self._hour(name, values[name], before[name] if old else None, values["service"])
        if before["paused_at"] is not None and values["due_at"] != before["due_at"]:
            values["due_left"] = None  # that was left of another day; the one told meanwhile counts when it goes on
        return tuple(values[name] for name in COLUMNS)

    def _unknown(self, one: Checked) -> dict[str, Any]:
        """The columns of a dossier of which nothing is known but its code."""
        day = one.code.day
        status = RETURNED if "returned_at" in one.told else DONE if "finished_at" in one.told else RECEIVED
        return dict.fromkeys(COLUMNS, "") | {
            "key": one.code.key, "code": one.code.text, "shape": one.code.shape, "status": status,
            "intake": "counter", "give_back": "counter", "sets": 1, "fee": None, "source": self._source,
            "received_at": day_start(day, self._zone) if day else self.now, "due_at": None, "term_amount": None,
            "finished_at": None, "returned_at": None, "paused_at": None, "due_left": None, "rescheduled": 0,
            "supplements": 0,
        }  # fmt: skip

    def _clock(self, status: int, before: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
        """What follows from another status, where the row itself does not tell. Its due day is the other system's."""
        follows = {
            "local_status": "",  # the word of the status before
            "paused_at": (before["paused_at"] or self.now) if status in PAUSED else None,
            "due_left": self._left(before, told) if status in PAUSED else None,
        } | self._ends(status, before, told)
        if status in (*RUNNING, DONE, RETURNED) and before["due_left"] is not None:
            follows["due_at"] = self._resumed(before, told)
        return follows

    def _left(self, before: dict[str, Any], told: dict[str, Any]) -> int | None:
        """Working minutes left when the clock stops: now, when that is pushed; of a file nobody knows when that was."""
        due_at = told.get("due_at", before["due_at"])
        if not self.live or before["paused_at"] is not None or due_at is None:
            return before["due_left"]  # type: ignore[no-any-return]  # a column
        return deadlines.pause(self.settings, due_at, self.now, service=before["service"])

    def _resumed(self, before: dict[str, Any], told: dict[str, Any]) -> int | None:
        """The due time when a suspension of which that was noted has ended: it extends the term (DOMAIN 4.3)."""
        at = max(told.get("finished_at") or self.now, before["paused_at"] or 0)
        return deadlines.resume(
            self.settings, before["due_left"], at, unit_of(before["term_unit"]), service=before["service"],
            same_day=before["term_amount"] == 0,
        ).at  # fmt: skip

    def _ends(self, status: int, before: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
        """When it ended and was handed back, as far as that is known: not later than it was told to be handed back."""
        now = self.now if self.live else None
        ended, returned = status in (DONE, RETURNED), status == RETURNED
        return {
            "finished_at": (before["finished_at"] or (told.get("returned_at") if self.live else None) or now)
            if ended
            else None,
            "returned_at": (before["returned_at"] or now) if returned else None,
        }

    def _as_it_happens(
        self, values: dict[str, Any], before: dict[str, Any], told: dict[str, Any], *, new: bool
    ) -> None:
        """What a live row means besides what it tells: the ends of a new one, the due time of one that is accepted."""
        if new:
            values |= self._ends(values["status"], before, told) | told
            if values["status"] == RECEIVED and "received_at" in told:  # later ones may have been suspended
                values |= self._begun(values, told)
        elif before["status"] == NEW and values["status"] in RUNNING and told.keys().isdisjoint(ENDS):
            values |= self._begun(values, told)
        if TIMES & told.keys():
            must_follow(before | {"received_at": values["received_at"]} | told, self._zone)

    def _begun(self, values: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
        """An online dossier is received: now, unless told; its due time by the term where the row tells none."""
        received_at = told.get("received_at", self.now)
        term = term_of(self._db, values["term_amount"], values["term_unit"], values["procedure"], values["intake"])
        if term is None or told.get("due_at") is not None:
            return {"received_at": received_at}
        due_at = deadlines.due(self.settings, received_at, term, service=values["service"]).at
        return {
            "received_at": received_at, "due_at": due_at, "term_amount": term.amount, "term_unit": term.unit,
        }  # fmt: skip

    def _hour(self, name: str, told: int, known: int | None, service: str) -> int:
        """A file's day without an hour: the moment of that day that is known, else when its work begins or ends.

        An end, and a day that is not worked, stay their midnight.
        """
        if not is_day(told, self._zone):
            return told
        if known is not None and not is_day(known, self._zone) and same_day(name, told, known, self._zone):
            return known
        worktime = worktime_of(self.settings, service)
        if name in ENDS or not worktime.calendar.spans(local(told, self._zone).date()):
            return told
        return worktime.day_ends(told) if name == "due_at" else worktime.next_open(told)

    def _service(self, procedure: str) -> str:
        field = self._procedures.get(procedure, ("", ""))[1]
        return self.settings.service_of_field.get(field, "")
