"""The service log: a day of the journal as visits, one a ticket, with every counter it came to (its stations).

Pure reading. The table of tickets says which visits there are; their events say what happened, so that a ticket that
was put aside, passed on or called again shows all its stations.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from string import ascii_uppercase
from typing import Any, Final

from office.dossier_code import normal
from office.tickets import Ticket, number_text, ticket_from

SEARCH_DAYS: Final = 366
"""A number is looked for on so many days back."""

OUT_OF_ORDER: Final = '"by_number"'
"""The rule of a call before its turn, as the journal writes it (office/turns.py)."""

TYPED: Final = re.compile(r"(?P<series>[A-Z]?)[\s.\-_]*(?P<n>\d{1,6})", re.ASCII)
"""A number as people type it: with or without its letter, hyphen and zeros."""

PIECE: Final = 500
"""Tickets asked for at once: SQLite takes a limited number of values."""

LEFT: Final = {
    "ticket.finished": "finished",
    "ticket.absent": "absent",
    "ticket.held": "held",
    "ticket.transferred": "transferred",
    "ticket.cancelled": "cancelled",
    "ticket.returned": "returned",
}
"""Events that end a ticket's stay at a counter → how it left."""


@dataclass(slots=True)
class Station:
    """A stay at one counter, from its call on. Times in ms UTC; ``left`` '' while it is there."""

    counter: str
    clerk: str
    called_at: int
    reason: str = ""
    recalls: int = 0
    started_at: int | None = None
    left_at: int | None = None
    left: str = ""

    @property
    def served_ms(self) -> int:
        """How long somebody was served here; 0 when nobody was, or still is."""
        return self.left_at - self.started_at if self.started_at and self.left_at else 0


@dataclass(frozen=True, slots=True)
class Joined:
    """A dossier that the visit was about. ``due_at`` and ``status`` as they are now."""

    key: str
    code: str
    purpose: str
    status: int
    due_at: int | None
    finished_at: int | None


@dataclass(slots=True)
class Visit:
    """A ticket with all that happened to it. ``kinds`` are those of its events; ``stars`` 0 while it is not rated."""

    ticket: Ticket
    stations: list[Station] = field(default_factory=list)
    services: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    stars: int = 0
    dossiers: list[Joined] = field(default_factory=list)
    last_at: int = 0

    @property
    def last(self) -> Station | None:
        """The counter it came to last."""
        return self.stations[-1] if self.stations else None

    @property
    def first_call_at(self) -> int | None:
        """When it was called for the first time, ms UTC."""
        return self.stations[0].called_at if self.stations else None

    def waited_ms(self, now: int) -> int:
        """From arrival to the first call; to its end without one, to ``now`` while it waits."""
        until = self.first_call_at or self.ticket.ended_at or now
        return max(0, until - self.ticket.arrived_at)

    @property
    def served_ms(self) -> int:
        """How long it was served at all its stations together."""
        return sum(station.served_ms for station in self.stations)

    @property
    def reasons(self) -> list[str]:
        """Why it was called out of order, each time it was."""
        return [station.reason for station in self.stations if station.reason]


def of_day(db: sqlite3.Connection, day: date) -> list[Visit]:
    """The visits of the local ``day`` in order of arrival."""
    prefix = f"{day:%Y%m%d}"  # an id begins with its day
    rows = db.execute("SELECT * FROM tickets WHERE id BETWEEN ? AND ?", (f"{prefix}-", f"{prefix}."))
    return _filled(db, [ticket_from(row) for row in rows])


def of_tickets(db: sqlite3.Connection, ids: Iterable[str]) -> list[Visit]:
    """The visits of these tickets in order of arrival; ids that nobody has are left out."""
    found: list[Ticket] = []
    for some in _pieces(sorted(set(ids))):
        sql = f"SELECT * FROM tickets WHERE id IN ({_marks(some)})"  # noqa: S608 — marks only
        found += [ticket_from(row) for row in db.execute(sql, some)]
    return _filled(db, found)


def of_number(db: sqlite3.Connection, number: str, until: date) -> list[Visit]:
    """The visits that bore ``number`` in the year up to ``until``: a ticket's id is its day and number.

    As people type it: ``x002`` and ``X 2`` are X-002, ``002`` is that of every series.
    """
    wanted = _numbers(number.strip().upper()[:20])
    days = [until - timedelta(days=back) for back in range(SEARCH_DAYS)]
    return of_tickets(db, (f"{day:%Y%m%d}-{one}" for day in days for one in wanted))


def _numbers(text: str) -> set[str]:
    """The numbers that ``text`` may mean, as they are printed."""
    typed = TYPED.fullmatch(text)
    if typed is None:
        return {text}
    series, n = typed["series"], int(typed["n"])
    letters = series or ascii_uppercase
    return {text, number_text("plain", "", n), *(number_text("letter", letter, n) for letter in letters)}


def of_dossier(db: sqlite3.Connection, code: str) -> list[Visit]:
    """The visits that were about the dossier of ``code``, or whose number was taken for it."""
    key = normal(code)
    served = "SELECT ticket FROM dossier_visits WHERE dossier = ?"
    taken = "SELECT ticket FROM journal WHERE dossier IN (?, ?) AND dossier != '' AND ticket != ''"
    rows = db.execute(f"{served} UNION {taken}", (key, key, code.strip()))
    return of_tickets(db, (ticket for (ticket,) in rows))


def _filled(db: sqlite3.Connection, tickets: list[Ticket]) -> list[Visit]:
    """Visits of ``tickets`` with what the journal and the register say of them."""
    in_order = sorted(tickets, key=lambda one: one.seq)
    visits = {ticket.id: Visit(ticket, services={ticket.service}) for ticket in in_order}
    for some in _pieces(list(visits)):
        for ticket, at, kind, actor, counter, data in _events(db, some):
            _tell(visits[ticket], at, kind, actor, counter, data)
        for ticket, joined in _joined(db, some):
            visits[ticket].dossiers.append(joined)
    return list(visits.values())


Told = tuple[str, int, str, str, str, str]
"""ticket, at (ms UTC), kind, actor, counter, data as JSON"""


def _events(db: sqlite3.Connection, ids: Sequence[str]) -> Iterator[Told]:
    sql = (
        "SELECT ticket, at, kind, actor, counter, data FROM journal INDEXED BY journal_ticket"  # noqa: S608 — marks
        f" WHERE ticket IN ({_marks(ids)}) AND ticket != '' ORDER BY ticket, seq"
    )
    yield from db.execute(sql, ids)


def _tell(visit: Visit, at: int, kind: str, actor: str, counter: str, data: str) -> None:
    """One more event of ``visit``; only the few kinds whose fields are asked for are parsed."""
    visit.kinds.add(kind)
    visit.last_at = at
    if kind == "ticket.called":
        visit.stations.append(Station(counter, clerk_of(actor), at, _reason(data)))
    elif kind == "ticket.transferred":
        fields = json.loads(data)
        visit.services |= {fields["from_service"], fields["to_service"]}
    elif kind == "rating.given":
        visit.stars = int(json.loads(data).get("stars") or 0)
    if visit.stations and kind != "ticket.called":
        _move_on(visit.stations[-1], at, kind)


def _move_on(station: Station, at: int, kind: str) -> None:
    """What an event of the ticket does to where it is or was last."""
    if kind == "ticket.started":
        station.started_at = at
    elif kind == "ticket.recalled":
        station.recalls += 1
    elif kind == "ticket.reopened":
        station.left_at, station.left = None, ""
    elif kind in LEFT and not station.left:
        station.left_at, station.left = at, LEFT[kind]


def _reason(data: str) -> str:
    """Why it was called out of order; '' for a call in order, which is not parsed."""
    if OUT_OF_ORDER not in data:
        return ""
    why: dict[str, Any] = json.loads(data).get("why") or {}
    return str(why.get("reason") or "?") if why.get("rule") == "by_number" else ""


def clerk_of(actor: str) -> str:
    """Whom the journal's ``actor`` names: a person by their sign-in name, a system or the office by the whole."""
    return actor.removeprefix("person:")


def _joined(db: sqlite3.Connection, ids: Sequence[str]) -> Iterator[tuple[str, Joined]]:
    sql = (
        "SELECT v.ticket, v.dossier, coalesce(d.code, v.dossier), v.purpose, coalesce(d.status, 0), d.due_at,"  # noqa: S608
        " d.finished_at FROM dossier_visits v LEFT JOIN dossiers d ON d.key = v.dossier"
        f" WHERE v.ticket IN ({_marks(ids)}) ORDER BY v.seq, v.purpose"
    )
    for ticket, *rest in db.execute(sql, ids):
        yield ticket, Joined(*rest)


def _pieces(ids: list[str]) -> Iterator[list[str]]:
    for at in range(0, len(ids), PIECE):
        yield ids[at : at + PIECE]


def _marks(ids: Sequence[str]) -> str:
    return ",".join("?" * len(ids))
