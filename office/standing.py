"""The hall as someone who waits must know it: who is at which counter, who is before them, how long each matter takes.

``Glance`` asks the file each time. ``Standing`` remembers what an act has read: as long as numbers are only given, and
nothing else is written, the next act need not read it again.
"""

import math
import sqlite3
from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from pydantic_core import from_json

from office.discipline import Desk
from office.lines import for_each
from office.settings import Settings
from office.store import Act
from office.tickets import Ticket

SAMPLE = 60
ENOUGH = 5
UNSURE = 0.6
"""Spread of an expected service time, as a share of it, before there is history."""

ALL: Final = -1
_KEY: Final = "standing"

_OPEN = (
    "SELECT json_group_object(c.id, json_array(coalesce(t.service, ''), c.priority_run)),"
    " EXISTS (SELECT 1 FROM tickets INDEXED BY tickets_sent WHERE state = 'waiting' AND target != '')"
    " FROM counters c LEFT JOIN tickets t ON t.id = c.ticket WHERE c.state = 'open'"
)
"""The counters open now with the service under way and the run of priority calls at each; whether any was sent."""

_BEFORE = (
    "SELECT count(*) FROM (SELECT 1 FROM tickets WHERE state = 'waiting' AND day = ? AND service = ?"
    " AND target = '' AND (priority != '') IN (0, 1) AND (place, seq) < (?, ?) LIMIT ?)"
)

_LINE = (
    "SELECT place, seq FROM tickets WHERE state = 'waiting' AND day = ? AND service = ?"
    " AND target = '' AND (priority != '') = ? ORDER BY place, seq LIMIT ?"
)

_PACE = (
    "SELECT ?, count(*), avg(s), sum(s * s) FROM (SELECT (ended_at - called_at) / 1000.0 AS s FROM tickets"
    " WHERE state = 'finished' AND service = ? ORDER BY ended_at DESC LIMIT ?) WHERE s > 0"
)
"""The latest service times in seconds: how many, their mean, the sum of their squares."""


class Open(NamedTuple):
    """A counter open now: ``busy`` is the service of the ticket at it, or empty."""

    id: str
    desk: Desk
    busy: str


class Pace(NamedTuple):
    """Mean and spread (standard deviation) of a service's time, seconds."""

    mean: float
    spread: float


class Ask(NamedTuple):
    """How many wait in ``service``'s line (sent to no counter) before ``place`` and ``seq``; ``most`` are counted."""

    day: str
    service: str
    place: int
    seq: int
    most: int


class Glance:
    """What the file says now, over indexes alone."""

    def __init__(self, db: sqlite3.Connection, settings: Settings) -> None:
        self.db = db
        self.settings = settings

    def counters(self) -> tuple[list[Open], bool]:
        """The counters open now in their order, and whether any waiting ticket was sent to a counter."""
        text, any_sent = self.db.execute(_OPEN).fetchone()
        told = from_json(text)
        known = [(c, *told[c.id]) for c in self.settings.counters if c.id in told]
        return [Open(c.id, Desk(c.services, run), busy) for c, busy, run in known], bool(any_sent)

    def before(self, asked: Sequence[Ask]) -> list[int]:
        """The answer to each of ``asked``, in one statement."""
        return [count for (count,) in for_each(self.db, _BEFORE, 1, asked)]

    def paces(self, services: Iterable[str]) -> dict[str, Pace]:
        """Each service's pace from its last ``SAMPLE`` tickets; with too little history the office's expectation."""
        found = {}
        for service, known, mean, squares in for_each(self.db, _PACE, 4, [(s, s, SAMPLE) for s in services]):
            if known < ENOUGH:
                found[service] = self._expected(service)
            else:
                found[service] = Pace(mean, math.sqrt(max(0.0, squares - known * mean * mean) / (known - 1)))
        return found

    def _expected(self, service: str) -> Pace:
        by_id = self.settings.service_by_id
        seconds = by_id[service].minutes * 60 if service in by_id else 0
        return Pace(seconds, seconds * UNSURE)


class Standing(Glance):
    """The same, each thing read once; for acts only (``standing``), where nobody else writes meanwhile."""

    def __init__(self, db: sqlite3.Connection, settings: Settings) -> None:
        super().__init__(db, settings)
        self._counters: tuple[list[Open], bool] | None = None
        self._paces: dict[str, Pace] = {}
        self._lines: dict[tuple[str, str], tuple[int, list[tuple[int, int]]]] = {}

    def counters(self) -> tuple[list[Open], bool]:
        """As Glance; do not change the list."""
        if self._counters is None:
            self._counters = super().counters()
        return self._counters

    def before(self, asked: Sequence[Ask]) -> list[int]:
        """As Glance, by halving in lines kept sorted."""
        return [self._count(one) for one in asked]

    def paces(self, services: Iterable[str]) -> dict[str, Pace]:
        """As Glance; do not change the dict."""
        new = [service for service in services if service not in self._paces]
        if new:
            self._paces |= super().paces(new)
        return self._paces

    def joined(self, ticket: Ticket) -> None:
        """``ticket`` was just given and waits."""
        if (ticket.day, ticket.service) in self._lines:
            insort(self._lines[ticket.day, ticket.service][1], (ticket.place, ticket.seq))

    def _count(self, one: Ask) -> int:
        count = bisect_left(self._line(one), (one.place, one.seq))
        return count if one.most == ALL else min(count, one.most)

    def _line(self, one: Ask) -> list[tuple[int, int]]:
        """The head of the line, at least as long as ``one`` may count."""
        reach, line = self._lines.get((one.day, one.service), (0, []))
        if reach == ALL or 0 < one.most <= reach:
            return line
        rows = for_each(self.db, _LINE, 2, [(one.day, one.service, priority, one.most) for priority in (0, 1)])
        line = sorted((place, seq) for place, seq in rows)
        self._lines[one.day, one.service] = (one.most, line)
        return line


def standing(act: Act, settings: Settings) -> Standing:
    """What ``act``, and those before it, know of the hall."""
    found = act.known.get(_KEY)
    if not isinstance(found, Standing) or found.settings is not settings:
        found = act.known[_KEY] = Standing(act.db, settings)
    return found


def joined(act: Act, ticket: Ticket) -> None:
    """``ticket`` was just given: what is known of the hall follows."""
    found = act.known.get(_KEY)
    if isinstance(found, Standing):
        found.joined(ticket)
