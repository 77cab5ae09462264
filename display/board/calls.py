"""The calls of the day, the latest first: what the board shows large, and beside it."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from office import journal
from office.clock import rfc3339
from office.journal import Event
from office.settings import Settings

KINDS = ("ticket.called", "ticket.recalled")

FIRST_LOOK = 400
"""Events looked back over at first; four times as many each time that was not enough."""


@dataclass(frozen=True, slots=True)
class Call:
    """One number called to one counter. ``seq`` and ``at`` (RFC 3339) are those of its last call or recall."""

    seq: int
    at: str
    ticket: str
    number: str
    counter: str
    recall: bool


def recent(db: sqlite3.Connection, settings: Settings, begins: int, most: int) -> tuple[Call, ...]:
    """The last ``most`` calls since ``begins`` (ms UTC), the latest first, each ticket once.

    Looks back from the journal's end only as far as needed, so it costs the same whatever the history.
    """
    head, reach = journal.head(db)[0], FIRST_LOOK
    while True:
        since = max(0, head - reach)
        found = journal.read(db, since, reach, journal.Filter(kinds=KINDS, begins=begins))
        calls = tuple(_latest(found, settings))[:most]
        if len(calls) == most or since == 0 or journal.read(db, since - 1, 1)[0].at < begins:
            return calls
        reach *= 4


def _latest(events: Iterable[Event], settings: Settings) -> Iterable[Call]:
    by_ticket: dict[str, Call] = {}
    for event in events:
        by_ticket[event.ticket] = Call(
            event.seq,
            rfc3339(event.at, settings.office.zone),
            event.ticket,
            str(event.data["number"]),
            event.counter,
            event.kind == "ticket.recalled",
        )
    return sorted(by_ticket.values(), key=lambda call: call.seq, reverse=True)
