"""What someone who waits may be told: how many are called before, and how long it may take.

A counter that serves several services calls them in one order, so both figures look at all that the counters open
now would call before this ticket, not at its own service alone.
"""

import math
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic_core import from_json

from office.discipline import Desk, Rules, setback
from office.lines import for_each, next_for, rules_of
from office.settings import Settings
from office.tickets import State, Ticket

SAMPLE = 60
ENOUGH = 5
UNSURE = 0.6
"""Spread of an expected service time, as a share of it, before there is history."""

Z90 = 1.2816
"""Standard normal deviate of the 90th percentile."""

LEAST_S = 60
"""Nobody is promised a shorter p90: a clerk who is free still has to call."""

MANY: Final = 100
"""Of another service no more than so many a counter are counted: a longer line is told as "more than" anyway."""

_OPEN = (
    "SELECT json_group_object(c.id, coalesce(t.service, '')),"
    " EXISTS (SELECT 1 FROM tickets INDEXED BY tickets_sent WHERE state = 'waiting' AND target != '')"
    " FROM counters c LEFT JOIN tickets t ON t.id = c.ticket WHERE c.state = 'open'"
)
"""The counters open now with the service under way at each, and whether any ticket was sent to a counter."""

_BEFORE = (
    "SELECT ?, ?, count(*) FROM (SELECT 1 FROM tickets WHERE state = 'waiting' AND day = ? AND service = ?"
    " AND target = ? AND (priority != '') IN (0, 1) AND (place, seq) < (?, ?) LIMIT ?)"
)

_PACE = (
    "SELECT ?, count(*), avg(s), sum(s * s) FROM (SELECT (ended_at - called_at) / 1000.0 AS s FROM tickets"
    " WHERE state = 'finished' AND service = ? ORDER BY ended_at DESC LIMIT ?) WHERE s > 0"
)
"""The latest service times in seconds: how many, their mean, the sum of their squares."""


@dataclass(frozen=True, slots=True)
class Wait:
    """An honest range for a wait, seconds: half of all wait less than p50, nine in ten less than p90."""

    p50_s: int
    p90_s: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a ticket's holder may be told.

    ``ahead`` is how many would be called before it, by the counters open now, if nobody else came; ``served`` whether
    any counter open now would call it. Without one, ``ahead`` counts its own service and ``wait`` is None.
    """

    ahead: int
    wait: Wait | None
    served: bool


@dataclass(frozen=True, slots=True)
class _Open:
    """A counter open now: ``busy`` is the service of the ticket at it, or empty."""

    id: str
    desk: Desk
    busy: str


@dataclass(frozen=True, slots=True)
class _Pace:
    """Mean and spread (standard deviation) of a service's time, seconds."""

    mean: float
    spread: float


_Loads = dict[str, Counter[str]]
"""A counter → a service → how many of it this counter is expected to call before the ticket."""


def outlook(db: sqlite3.Connection, settings: Settings, ticket: Ticket) -> Outlook:
    """What the holder of ``ticket`` may be told now; nothing is ahead of one that does not wait.

    Three statements over indexes alone, four when a ticket was sent to a counter, whatever the number of services and
    counters.
    """
    open_now, any_sent = _open_counters(db, settings)
    mine = _who_calls(open_now, ticket)
    if ticket.state is not State.WAITING:
        return Outlook(0, None, bool(mine))
    if not mine:
        return Outlook(_of_its_service(db, ticket), None, served=False)
    own, loads = _before(db, settings, ticket, open_now, mine)
    if any_sent:
        _add_sent(db, settings, ticket, mine, loads)
    ahead = math.ceil(own + sum(sum(load.values()) for load in loads.values()) - 1e-6)
    return Outlook(ahead, _wait(db, settings, ticket.service, own, loads, mine), served=True)


def is_next(db: sqlite3.Connection, settings: Settings, ticket: Ticket) -> bool:
    """Whether some counter open now would call ``ticket`` next."""
    if ticket.state is not State.WAITING:
        return False
    choices = (next_for(db, settings, c.id, ticket.day) for c in _who_calls(_open_counters(db, settings)[0], ticket))
    return any(choice is not None and choice.ticket.id == ticket.id for choice in choices)


def _open_counters(db: sqlite3.Connection, settings: Settings) -> tuple[list[_Open], bool]:
    text, any_sent = db.execute(_OPEN).fetchone()
    busy = from_json(text)
    return [_Open(c.id, Desk(c.services, 0), busy[c.id]) for c in settings.counters if c.id in busy], bool(any_sent)


def _who_calls(open_now: Sequence[_Open], ticket: Ticket) -> list[_Open]:
    """The counters open now that would call ``ticket``: the one it was sent to, else all that serve it."""
    sent = [c for c in open_now if c.id == ticket.target]
    return sent or [c for c in open_now if ticket.service in c.desk.services]


def _of_its_service(db: sqlite3.Connection, ticket: Ticket) -> int:
    values = ("", "", ticket.day, ticket.service, "", ticket.place, ticket.seq, -1)
    return int(db.execute(_BEFORE, values).fetchone()[2])


def _before(
    db: sqlite3.Connection, settings: Settings, ticket: Ticket, open_now: Sequence[_Open], mine: Sequence[_Open]
) -> tuple[int, _Loads]:
    """Who is called before ``ticket``: those of its own line, whom all of ``mine`` share, and what else each has.

    Tickets of another service are expected to be called by each open counter that serves it equally often; those sent
    to one counter are called there.
    """
    rules = rules_of(settings)
    serving = Counter(service for c in open_now for service in c.desk.services)
    in_line = not any(c.id == ticket.target for c in mine)
    asked: list[tuple[object, ...]] = []
    if in_line:
        asked.append(("", ticket.service, ticket.day, ticket.service, "", ticket.place, ticket.seq, -1))
    for c in mine:
        asked += _asked_of(c, ticket, rules, serving, in_line=in_line)
    own, loads = 0, {c.id: Counter[str]() for c in mine}
    for counter, service, count in for_each(db, _BEFORE, 3, asked):
        if counter and count:
            loads[counter][service] += count / serving[service]
        elif not counter:
            own = count
    return own, loads


def _asked_of(
    c: _Open, ticket: Ticket, rules: Rules, serving: Counter[str], *, in_line: bool
) -> list[tuple[object, ...]]:
    """Questions about the lines of counter ``c``, its own order of preference minded (``discipline.score``)."""
    place = ticket.place + (setback(ticket.service, c.desk, rules) if in_line else 0)
    return [
        (c.id, service, ticket.day, service, "", place - setback(service, c.desk, rules), ticket.seq,
         MANY * serving[service])
        for service in c.desk.services
        if not (in_line and service == ticket.service)
    ]  # fmt: skip


def _add_sent(db: sqlite3.Connection, settings: Settings, ticket: Ticket, mine: Sequence[_Open], loads: _Loads) -> None:
    """Add the tickets sent to one of ``mine`` that it calls before ``ticket``."""
    rules, services = rules_of(settings), tuple(settings.service_by_id)
    one = (
        "SELECT target, service, count(*) FROM tickets WHERE state = 'waiting' AND day = ?"  # noqa: S608 — question marks
        f" AND service IN ({','.join('?' * len(services))}) AND target = ? AND (priority != '') IN (0, 1)"
        " AND (place, seq) < (?, ?) GROUP BY target, service"
    )
    asked = []
    for c in mine:
        back = 0 if c.id == ticket.target else setback(ticket.service, c.desk, rules)
        asked.append((ticket.day, *services, c.id, ticket.place + back, ticket.seq))
    for counter, service, count in for_each(db, one, 3, asked):
        loads[counter][service] += count


def _wait(
    db: sqlite3.Connection, settings: Settings, service: str, own: int, loads: _Loads, mine: Sequence[_Open]
) -> Wait:
    """How long until one of ``mine`` is free for the ticket.

    Each counter first has its own load and the rest (half) of the service under way; the ticket's own line then fills
    up the least loaded ones. The spread is that of a sum of service times, of the rest as wide as itself.
    """
    busy = {c.id: c.busy for c in mine}
    wanted = {name for load in loads.values() for name in load} | set(busy.values()) - {""}
    wanted |= {service} if own else set()
    pace = _paces(db, settings, sorted(wanted))
    expected = []
    for counter, load in loads.items():
        rest = pace[busy[counter]].mean / 2 if busy[counter] else 0.0
        seconds = rest + sum(n * pace[name].mean for name, n in load.items())
        expected.append((seconds, rest**2 + sum(n * pace[name].spread ** 2 for name, n in load.items())))
    expected.sort()
    line = pace[service] if own else _Pace(0, 0)
    middle, sharing = _filled([seconds for seconds, _ in expected], own * line.mean)
    spread = math.sqrt(expected[0][1] + own * (line.spread / sharing) ** 2)
    return Wait(round(middle), max(LEAST_S, round(middle + Z90 * spread)))


def _filled(loads: Sequence[float], work: float) -> tuple[float, int]:
    """The level to which ``work`` fills up ``loads`` (sorted), and how many of them it reaches."""
    level, below = loads[0] + work, loads[0]
    for reached, load in enumerate(loads[1:], 1):
        if level <= load:
            return level, reached
        below += load
        level = (below + work) / (reached + 1)
    return level, len(loads)


def _paces(db: sqlite3.Connection, settings: Settings, services: Sequence[str]) -> dict[str, _Pace]:
    """Each service's pace from its last ``SAMPLE`` tickets; with too little history the office's own expectation."""
    found = {}
    for service, known, mean, squares in for_each(db, _PACE, 4, [(s, s, SAMPLE) for s in services]):
        if known < ENOUGH:
            minutes = settings.service_by_id[service].minutes if service in settings.service_by_id else 0
            found[service] = _Pace(minutes * 60, minutes * 60 * UNSURE)
        else:
            found[service] = _Pace(mean, math.sqrt(max(0.0, squares - known * mean * mean) / (known - 1)))
    return found
