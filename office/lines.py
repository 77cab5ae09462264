"""The line as it stands: who waits, who is next for a counter, who was absent."""

import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from pydantic_core import from_json

from office.counters import Desk as CounterDesk
from office.discipline import Choice, Desk, Rules, Waiting, choose, counted, score
from office.settings import Settings
from office.tickets import Ticket, ticket_from

TERMS = 200
"""SQLite takes at most 500 in one compound statement."""

_HEAD = (
    "SELECT id, service, priority != '', arrived_at, place, seq, target != '' FROM tickets"
    " WHERE state = 'waiting' AND service = ? AND target = ? AND (priority != '') = ? AND day = ?"
    " ORDER BY place, seq LIMIT 1"
)

_EARLIER = (
    "SELECT count(*) FROM tickets WHERE state = 'waiting' AND service = ? AND target = ? AND (priority != '') = ?"
    " AND day = ? AND place <= ? AND (arrived_at, seq) < (?, ?)"
)
"""A place is never later than the arrival: ``place <=`` lets the index find the few candidates."""

_ABSENT = "SELECT * FROM tickets WHERE state = 'absent' AND day = ? AND counter = ? ORDER BY ended_at DESC LIMIT ?"


def desk(db: sqlite3.Connection, settings: Settings, counter: str) -> Desk:
    """The counter as the discipline sees it."""
    row = db.execute("SELECT priority_run FROM counters WHERE id = ?", (counter,)).fetchone()
    return Desk(settings.counter_by_id[counter].services, row[0] if row else 0)


def next_for(db: sqlite3.Connection, settings: Settings, counter: str, day: str) -> Choice | None:
    """The ticket that ``counter`` should call next on ``day``, and why; None when none waits for it.

    Reads only the head of each group, so it costs the same with ten waiting or ten thousand; then counts those it
    overtook, who are few because overtaking is bounded.
    """
    at_desk = desk(db, settings, counter)
    heads = [*_heads(db, at_desk.services, "", day), *_heads(db, _all(settings), counter, day)]
    choice = choose(heads, at_desk, rules_of(settings))
    if choice is None:
        return None
    return counted(choice, _overtaken(db, settings, at_desk, counter, choice.ticket, day))


def waiting_for(db: sqlite3.Connection, settings: Settings, counter: str, day: str) -> list[Ticket]:
    """Everyone waiting for ``counter`` on ``day`` in the order they would be called if nobody else came."""
    services = settings.counter_by_id[counter].services
    marks = ",".join("?" * len(services))
    rows = db.execute(
        "SELECT * FROM tickets INDEXED BY tickets_line WHERE state = 'waiting' AND day = ?"  # noqa: S608 — question marks only
        f" AND (target = ? OR (target = '' AND service IN ({marks})))",
        (day, counter, *services),
    )
    return _ordered([ticket_from(row) for row in rows], desk(db, settings, counter), settings)


def at_counter(db: sqlite3.Connection, desk: CounterDesk) -> Ticket | None:
    """The ticket called or served at a counter."""
    if not desk.ticket:
        return None
    return ticket_from(db.execute("SELECT * FROM tickets WHERE id = ?", (desk.ticket,)).fetchone())


def held_by(db: sqlite3.Connection, counter: str, day: str) -> list[Ticket]:
    """Tickets of ``day`` put aside by ``counter``, the next to return first."""
    rows = db.execute(
        "SELECT * FROM tickets WHERE state = 'held' AND day = ? AND counter = ? ORDER BY hold_until", (day, counter)
    )
    return [ticket_from(row) for row in rows]


def absent_today(db: sqlite3.Connection, settings: Settings, counter: str, day: str, limit: int = 40) -> list[Ticket]:
    """Tickets of ``day`` that did not come, to ``counter`` or for a service it serves, the latest first.

    Who was away turns to any clerk: every counter that serves the ticket can put it back in line. Looks at the latest
    ``limit`` of each counter.
    """
    services = settings.counter_by_id[counter].services
    found = [ticket_from(row) for c in settings.counters for row in db.execute(_ABSENT, (day, c.id, limit))]
    mine = [ticket for ticket in found if ticket.counter == counter or ticket.service in services]
    return sorted(mine, key=lambda ticket: (ticket.ended_at or 0, ticket.seq), reverse=True)[:limit]


def ordinary_waits(db: sqlite3.Connection, settings: Settings, counter: str, day: str) -> bool:
    """Whether anyone without a class waits for ``counter``."""
    heads = [*_heads(db, desk(db, settings, counter).services, "", day), *_heads(db, _all(settings), counter, day)]
    return any(not head.priority for head in heads)


def waiting_counts(db: sqlite3.Connection, day: str) -> dict[str, tuple[int, int | None]]:
    """A service id → how many wait, and the arrival (ms UTC) of who has waited longest."""
    rows = db.execute(
        "SELECT service, count(*), min(arrived_at) FROM tickets INDEXED BY tickets_line"
        " WHERE state = 'waiting' AND day = ? GROUP BY service",
        (day,),
    )
    return {service: (count, oldest) for service, count, oldest in rows}


def _heads(db: sqlite3.Connection, services: Sequence[str], target: str, day: str) -> list[Waiting]:
    groups = [(service, target, priority, day) for service in services for priority in (0, 1)]
    rows = for_each(db, _HEAD, 7, groups)
    return [Waiting(row[0], row[1], bool(row[2]), row[3], row[4], row[5], bool(row[6])) for row in rows]


def _overtaken(
    db: sqlite3.Connection, settings: Settings, at_desk: Desk, counter: str, called: Waiting, day: str
) -> int:
    """How many who wait for this counter came before ``called``."""
    groups = [*((service, "") for service in at_desk.services), *((service, counter) for service in _all(settings))]
    came = (called.arrived_at, called.arrived_at, called.seq)
    asked = [(service, target, priority, day, *came) for service, target in groups for priority in (0, 1)]
    return sum(row[0] for row in for_each(db, _EARLIER, 1, asked))


def for_each(db: sqlite3.Connection, sql: str, width: int, asked: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """The rows, ``width`` columns each, of ``sql`` for each set of parameters, in one statement and one row.

    In a busy server each statement has its price, and so has each row: the interpreter is given up and won back for it.
    """
    found: list[list[Any]] = []
    for at in range(0, len(asked), TERMS):
        part = asked[at : at + TERMS]
        values = [value for values in part for value in values]
        found += from_json(db.execute(_together(sql, width, len(part)), values).fetchone()[0])
    return found


@lru_cache(maxsize=256)
def _together(sql: str, width: int, times: int) -> str:
    columns = ", ".join(f"c{n}" for n in range(width))
    rows = " UNION ALL ".join([f"SELECT * FROM ({sql})"] * times)  # noqa: S608 — constants of this folder
    return f"WITH found ({columns}) AS ({rows}) SELECT json_group_array(json_array({columns})) FROM found"  # noqa: S608 — as above


def _ordered(tickets: list[Ticket], at_desk: Desk, settings: Settings) -> list[Ticket]:
    rules = rules_of(settings)
    by_id = {t.id: t for t in tickets}
    line = [Waiting(t.id, t.service, bool(t.priority), t.arrived_at, t.place, t.seq, bool(t.target)) for t in tickets]
    line.sort(key=lambda t: score(t, at_desk, rules), reverse=True)
    # Only the first of each of the two kinds can be next: the rule is asked about those, not about all who wait.
    groups = [[t for t in line if t.priority == priority] for priority in (False, True)]
    order: list[Ticket] = []
    while (choice := choose([group[-1] for group in groups if group], at_desk, rules)) is not None:
        order.append(by_id[choice.ticket.id])
        groups[choice.ticket.priority].pop()
        at_desk = Desk(at_desk.services, choice.priority_run)
    return order


def rules_of(settings: Settings) -> Rules:
    """The office's numbers for the rule of who is next."""
    return Rules(settings.discipline.max_priority_run, settings.discipline.preference_min)


def _all(settings: Settings) -> tuple[str, ...]:
    return tuple(settings.service_by_id)
