"""A dossier, and finding it again: what it is, where it has been, who came for it (DOMAIN 2.3, 4.1, 4.4)."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from office.catalogue_text import fold
from office.clock import day_start, local
from office.dossier_code import normal
from office.errors import UnknownDossier

Way = Literal["counter", "online", "post"]
"""How a dossier comes in, and how its result goes back."""

PaperKind = Literal["original", "certified", "copy", ""]
Purpose = Literal["hand_in", "supplement", "collect", "ask"]
Timeliness = Literal["early", "on_time", "late", "open", "near", "overdue", "none"]
"""Done: early, on_time, late. In process: open, near (today or tomorrow), overdue. none: the clock does not run."""

NEW, RECEIVED, NOT_ACCEPTED, IN_PROCESS, SUPPLEMENT = 1, 2, 3, 4, 5
FEE_DUE, WITHDRAWN, STOPPED, DONE, RETURNED = 6, 7, 8, 9, 10
"""The national statuses (DOMAIN 4.1)."""

RUNNING: Final = (RECEIVED, IN_PROCESS)
"""Statuses in which the clock runs."""

PAUSED: Final = frozenset({SUPPLEMENT, FEE_DUE, STOPPED})
"""Statuses in which the clock stands (DOMAIN 4.3)."""

PUT_OFF, PUT_OFF_LATE = 1, 2
"""``rescheduled`` of a dossier whose day was put off: in time, and when it had passed."""

NEAR: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Dossier:
    """One row of ``dossiers``. Times are ms UTC, ``fee`` in đồng, ``due_left`` in working minutes."""

    key: str
    code: str
    shape: str
    procedure: str
    procedure_name: str
    service: str
    status: int
    local_status: str
    unit: str
    intake: str
    give_back: str
    tracking: str
    sets: int
    fee: int | None
    fee_note: str
    received_at: int
    due_at: int | None
    term_amount: int | None
    term_unit: str
    finished_at: int | None
    returned_at: int | None
    paused_at: int | None
    due_left: int | None
    rescheduled: int
    supplements: int
    source: str
    seq: int


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who handed it in, and whose it is if another's. In no journal and on no screen."""

    name: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    id_number: str = ""
    owner: str = ""
    owner_address: str = ""


NOBODY: Final = Applicant()


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that was handed in."""

    name: str
    kind: PaperKind = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Missing:
    """A paper that was asked for."""

    name: str


@dataclass(frozen=True, slots=True)
class Move:
    """One change of unit or status. ``status`` afterwards; ``result`` early, on_time, late or '' (how the giving unit
    kept its time); ``due_at`` when the receiving unit must be done, if told; ``note`` a clerk's own words."""

    seq: int
    at: int
    actor: str
    from_unit: str
    to_unit: str
    status: int
    result: str
    due_at: int | None
    note: str


@dataclass(frozen=True, slots=True)
class Visit:
    """A ticket that served a dossier."""

    dossier: str
    ticket: str
    purpose: str
    at: int


def get(db: sqlite3.Connection, code: str) -> Dossier:
    """The dossier of ``code``, however it is typed. Raises UnknownDossier."""
    found = known(db, code)
    if found is None:
        raise UnknownDossier("no dossier of that code")
    return found


def known(db: sqlite3.Connection, code: str) -> Dossier | None:
    """The dossier of ``code``, however it is typed, or None."""
    row = db.execute("SELECT * FROM dossiers WHERE key = ?", (_key(code),)).fetchone()
    return Dossier(*row) if row else None


def applicant(db: sqlite3.Connection, code: str) -> Applicant | None:
    """Who handed it in; None when nobody told, or it was erased."""
    row = db.execute(
        "SELECT name, address, phone, email, id_number, owner, owner_address FROM applicants WHERE dossier = ?",
        (_key(code),),
    ).fetchone()
    return Applicant(*row) if row else None


def names(db: sqlite3.Connection, keys: Sequence[str]) -> dict[str, str]:
    """Key → name of who handed it in, for a clerk's list; without those nobody told."""
    marks = ",".join("?" * len(keys))
    sql = f"SELECT dossier, name FROM applicants WHERE name != '' AND dossier IN ({marks})"  # noqa: S608 — marks
    return dict(db.execute(sql, list(keys)).fetchall())


def papers(db: sqlite3.Connection, code: str) -> list[Paper]:
    """What was handed in, in order."""
    sql = "SELECT name, kind, count FROM dossier_papers WHERE dossier = ? ORDER BY n"
    return [Paper(*row) for row in db.execute(sql, (_key(code),))]


def missing(db: sqlite3.Connection, code: str) -> list[Missing]:
    """What was asked for and has not been brought, in order."""
    sql = "SELECT name FROM dossier_missing WHERE dossier = ? ORDER BY n"
    return [Missing(*row) for row in db.execute(sql, (_key(code),))]


def moves(db: sqlite3.Connection, code: str) -> list[Move]:
    """Its way through the units and statuses, oldest first; each names who did it."""
    sql = (
        "SELECT m.seq, m.at, coalesce(j.actor, ''), m.from_unit, m.to_unit, m.status, m.result, m.due_at,"
        " coalesce(n.text, '') FROM dossier_moves m LEFT JOIN journal j ON j.seq = m.seq"
        " LEFT JOIN dossier_notes n ON n.dossier = m.dossier AND n.seq = m.seq WHERE m.dossier = ? ORDER BY m.seq"
    )
    return [Move(*row) for row in db.execute(sql, (_key(code),))]


def visits(db: sqlite3.Connection, code: str) -> list[Visit]:
    """The tickets that served it, oldest first."""
    sql = "SELECT dossier, ticket, purpose, at FROM dossier_visits WHERE dossier = ? ORDER BY seq, purpose"
    return [Visit(*row) for row in db.execute(sql, (_key(code),))]


def of_ticket(db: sqlite3.Connection, ticket: str) -> list[Dossier]:
    """The dossiers that a ticket serves, in the order they were joined to it."""
    sql = (
        "SELECT d.* FROM (SELECT dossier, min(seq) AS first FROM dossier_visits WHERE ticket = ? GROUP BY dossier) v"
        " JOIN dossiers d ON d.key = v.dossier ORDER BY v.first, d.key"
    )
    return [Dossier(*row) for row in db.execute(sql, (ticket,))]


def trips(db: sqlite3.Connection, code: str) -> int:
    """Repeat trips: how often somebody had to come again to hand papers in, beyond the first time.

    A ticket is one trip whatever it served; one that was given up or not answered is none. Where no ticket handed it in
    (online, by post, at a counter without numbers) every ticket with missing papers is a repeat.
    """
    row = db.execute(
        "SELECT count(DISTINCT v.ticket), coalesce(max(v.purpose = 'hand_in'), 0)"
        " FROM dossier_visits v LEFT JOIN tickets t ON t.id = v.ticket"
        " WHERE v.dossier = ? AND v.purpose IN ('hand_in', 'supplement')"
        " AND coalesce(t.state, '') NOT IN ('cancelled', 'absent')",
        (_key(code),),
    ).fetchone()
    return int(row[0]) - int(row[1])


def recent(db: sqlite3.Connection, limit: int) -> list[Dossier]:
    """The dossiers received last, newest first."""
    return search(db, limit=limit)


def find(db: sqlite3.Connection, text: str, limit: int) -> list[Dossier]:
    """For staff: dossiers whose code has ``text`` in it, or whose applicant or owner is called so; newest first."""
    return search(db, text=text, limit=limit)


DueWhich = Literal["overdue", "today", "soon"]


@dataclass(frozen=True, slots=True)
class Due:
    """Which dossiers in process by their due day: ``overdue`` before today, ``today``, ``soon`` (today or tomorrow)."""

    which: DueWhich
    today: date
    zone: ZoneInfo

    def span(self) -> tuple[int, int]:
        """Due moments from … up to, ms UTC."""
        begins = day_start(self.today, self.zone)
        if self.which == "overdue":
            return 0, begins
        days = 1 if self.which == "today" else 2
        return begins, day_start(self.today + timedelta(days=days), self.zone)


def search(
    db: sqlite3.Connection,
    *,
    text: str = "",
    ticket: str = "",
    status: int | None = None,
    due: Due | None = None,
    limit: int = 50,
) -> list[Dossier]:
    """For staff: dossiers that fit all that is given; the most urgent first with ``due``, else the newest.

    ``text`` is part of a code (four letters or more), or words of a name (accents ignored).
    """
    where = ["1"]
    values: list[Any] = []
    if text.strip():
        named, sought = fold(text), _key(text)
        where.append(
            "(key LIKE ? ESCAPE '!' OR key IN (SELECT dossier FROM applicants WHERE ? != '' AND sought LIKE ?))"
        )
        values += [f"%{_literal(sought)}%", named, f"%{named}%"]
    if ticket:
        where.append("key IN (SELECT dossier FROM dossier_visits WHERE ticket = ?)")
        values.append(ticket)
    if status is not None:
        where.append("status = ?")
        values.append(status)
    if due is not None:
        where.append("status IN (2, 4) AND due_at >= ? AND due_at < ?")
        values += due.span()
    order = "due_at, key" if due else "received_at DESC, key DESC"
    sql = f"SELECT * FROM dossiers WHERE {' AND '.join(where)} ORDER BY {order} LIMIT ?"  # noqa: S608 — fixed words
    return [Dossier(*row) for row in db.execute(sql, (*values, limit))]


def count_due(db: sqlite3.Connection, due: Due) -> int:
    """How many ``search`` would find with ``due``, without a limit."""
    sql = "SELECT count(*) FROM dossiers WHERE status IN (2, 4) AND due_at >= ? AND due_at < ?"
    return int(db.execute(sql, due.span()).fetchone()[0])


def timeliness(dossier: Dossier, today: date, zone: ZoneInfo) -> Timeliness:
    """How a dossier keeps its time on ``today``, by days only (DOMAIN 4.4).

    What counts is when processing ended, not when the result was collected; without a due day all is on time.
    """
    due = local(dossier.due_at, zone).date() if dossier.due_at is not None else None
    if dossier.finished_at is not None:
        return kept(local(dossier.finished_at, zone).date(), due)
    if dossier.status not in RUNNING:
        return "none"
    if due is None or due > today + NEAR:
        return "open"
    return "overdue" if due < today else "near"


def kept(day: date, due: date | None) -> Literal["early", "on_time", "late"]:
    """How ``day`` keeps ``due``; no due day is kept (DOMAIN 4.4)."""
    if due is None or day == due:
        return "on_time"
    return "early" if day < due else "late"


def _key(code: str) -> str:
    """``code`` as it is looked up; text that no file can hold is looked up as nothing."""
    return normal(code[:LONGEST_ASKED].encode("utf-8", "ignore").decode())


LONGEST_ASKED: Final = 120


def _literal(text: str) -> str:
    """``text`` with the signs of LIKE made plain."""
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
