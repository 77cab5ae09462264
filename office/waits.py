"""What someone who waits may be told: how many are called before, and how long it may take.

A counter that serves several services calls them in one order, so both figures look at all that the counters open
now would call before this ticket, not at its own service alone. "Before" has one meaning wherever it is told (screen,
slip, phone, API): the ticket's place in the order of that counter where it stands nearest to its call.
"""

import math
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from office.discipline import Rules, setback
from office.lines import for_each, next_for, rules_of
from office.settings import Settings
from office.standing import ALL, Ask, Glance, Open, Pace
from office.tickets import State, Ticket

Z90 = 1.2816
"""Standard normal deviate of the 90th percentile."""

LEAST_S = 60
"""Nobody is promised a shorter p90: a clerk who is free still has to call."""

MANY: Final = 100
"""Of another service no more than so many a counter are counted: a longer line is told as "more than" anyway."""


@dataclass(frozen=True, slots=True)
class Wait:
    """An honest range for a wait, seconds: half of all wait less than p50, nine in ten less than p90."""

    p50_s: int
    p90_s: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a ticket's holder may be told.

    ``ahead`` is how many must be called before it, whatever the counters open now call first, if nobody else came: 0
    exactly when one of them would call it next. Later turns of ordinary tickets past a run of priority calls are not
    foreseen. ``served`` is whether any counter open now would call it; without one, ``ahead`` counts its own service
    and ``wait`` is None.
    """

    ahead: int
    wait: Wait | None
    served: bool


_Loads = dict[str, defaultdict[str, float]]
"""A counter → a service → how many of it this counter is expected to call before the ticket."""
_Before = dict[str, int]
"""A counter → how many in its order stand before the ticket, whoever calls them."""


def outlook(db: sqlite3.Connection, settings: Settings, ticket: Ticket, seen: Glance | None = None) -> Outlook:
    """What the holder of ``ticket`` may be told now; nothing is ahead of one that does not wait.

    Three statements over indexes alone, four when a ticket was sent to a counter, whatever the number of services and
    counters, and few more for a counter whose next turn is an ordinary ticket's; fewer in an act that hands in what it
    knows already (``seen``).
    """
    seen = seen or Glance(db, settings)
    open_now, any_sent = seen.counters()
    mine = _who_calls(open_now, ticket)
    if ticket.state is not State.WAITING:
        return Outlook(0, None, bool(mine))
    if not mine:
        (own,) = seen.before([_own(ticket)])
        return Outlook(own, None, served=False)
    own, before, loads = _before(seen, ticket, open_now, mine)
    if any_sent:
        _add_sent(db, settings, ticket, mine, before, loads)
    for c in mine:
        if c.desk.priority_run >= settings.discipline.max_priority_run:
            before[c.id] = _owing(db, settings, ticket, c, before[c.id])
    return Outlook(min(before.values()), _wait(seen, ticket.service, own, loads, mine), served=True)


def _owing(db: sqlite3.Connection, settings: Settings, ticket: Ticket, c: Open, before: int) -> int:
    """How many ``c`` calls before ``ticket`` when the turn is an ordinary ticket's, out of the order of places."""
    if ticket.priority and before:
        return before
    choice = next_for(db, settings, c.id, ticket.day)
    return 0 if choice is not None and choice.ticket.id == ticket.id else max(1, before)


def _who_calls(open_now: Sequence[Open], ticket: Ticket) -> list[Open]:
    """The counters open now that would call ``ticket``: the one it was sent to, else all that serve it."""
    sent = [c for c in open_now if c.id == ticket.target]
    return sent or [c for c in open_now if ticket.service in c.desk.services]


def _own(ticket: Ticket) -> Ask:
    return Ask(ticket.day, ticket.service, ticket.place, ticket.seq, ALL)


def _before(
    seen: Glance, ticket: Ticket, open_now: Sequence[Open], mine: Sequence[Open]
) -> tuple[int, _Before, _Loads]:
    """Who is called before ``ticket``: those of its own line, whom all of ``mine`` share, and what else each has.

    Tickets of another service are expected to be called by each open counter that serves it equally often; those sent
    to one counter are called there.
    """
    rules = rules_of(seen.settings)
    serving = Counter([service for c in open_now for service in c.desk.services])
    in_line = not any(c.id == ticket.target for c in mine)
    asked = [("", _own(ticket))] if in_line else []
    for c in mine:
        asked += [(c.id, ask) for ask in _asked_of(c, ticket, rules, serving, in_line=in_line)]
    counts = seen.before([ask for _, ask in asked])
    own = counts[0] if in_line else 0
    before, loads = {c.id: own for c in mine}, {c.id: defaultdict[str, float](float) for c in mine}
    for (counter, ask), count in zip(asked, counts, strict=True):
        if counter and count:
            before[counter] += count
            loads[counter][ask.service] += count / serving[ask.service]
    return own, before, loads


def _asked_of(c: Open, ticket: Ticket, rules: Rules, serving: Counter[str], *, in_line: bool) -> list[Ask]:
    """Questions about the lines of counter ``c``, its own order of preference minded (``discipline.score``)."""
    place = ticket.place + (setback(ticket.service, c.desk, rules) if in_line else 0)
    return [
        Ask(ticket.day, other, place - setback(other, c.desk, rules), ticket.seq, MANY * serving[other])
        for other in c.desk.services
        if not (in_line and other == ticket.service)
    ]


def _add_sent(
    db: sqlite3.Connection,
    settings: Settings,
    ticket: Ticket,
    mine: Sequence[Open],
    before: _Before,
    loads: _Loads,
) -> None:
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
        before[counter] += count
        loads[counter][service] += count


def _wait(seen: Glance, service: str, own: int, loads: _Loads, mine: Sequence[Open]) -> Wait:
    """How long until one of ``mine`` is free for the ticket.

    Each counter first has its own load and the rest (half) of the service under way; the ticket's own line then fills
    up the least loaded ones. The spread is that of a sum of service times, of the rest as wide as itself.
    """
    busy = {c.id: c.busy for c in mine}
    wanted = {name for load in loads.values() for name in load} | set(busy.values()) - {""}
    wanted |= {service} if own else set()
    pace = seen.paces(sorted(wanted))
    expected = []
    for counter, load in loads.items():
        rest = pace[busy[counter]].mean / 2 if busy[counter] else 0.0
        seconds = rest + sum(n * pace[name].mean for name, n in load.items())
        expected.append((seconds, rest**2 + sum(n * pace[name].spread ** 2 for name, n in load.items())))
    expected.sort()
    line = pace[service] if own else Pace(0, 0)
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
