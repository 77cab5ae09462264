"""What comes back by itself: held tickets when their time is over, and the hall at the end of a day."""

import sqlite3

from office import counters, journal
from office.clock import day_of
from office.counters import OPEN, Desk
from office.issuing import note
from office.settings import Settings
from office.store import Act
from office.tickets import State, ticket_from

_LEFT = (
    "SELECT * FROM tickets WHERE state = 'waiting' AND day < ?"
    " UNION ALL SELECT * FROM tickets WHERE state IN ('called', 'serving', 'held') AND day < ?"
)
"""Live tickets of days before a day."""


def something_due(db: sqlite3.Connection, day: str, now: int) -> bool:
    """Whether a hold of ``day`` is over at ``now`` (ms UTC)."""
    row = db.execute(
        "SELECT 1 FROM tickets WHERE state = 'held' AND day = ? AND hold_until <= ? LIMIT 1", (day, now)
    ).fetchone()
    return row is not None


def something_left(db: sqlite3.Connection, settings: Settings, day: str) -> bool:
    """Whether a day before ``day`` left a live ticket or an open counter."""
    row = db.execute(f"SELECT 1 FROM ({_LEFT}) LIMIT 1", (day, day)).fetchone()  # noqa: S608 — fixed words
    opened = db.execute("SELECT since FROM counters WHERE state != 'closed' AND ticket = ''").fetchall()
    return row is not None or any(day_of(since, settings.office.zone) < day for (since,) in opened)


def return_due(act: Act, settings: Settings) -> int:
    """Put tickets whose hold is over back in line, for the counter that held them; how many."""
    rows = act.db.execute(
        "SELECT * FROM tickets WHERE state = 'held' AND day = ? AND hold_until <= ?",
        (day_of(act.now, settings.office.zone), act.now),
    ).fetchall()
    for row in rows:
        ticket = ticket_from(row)
        desk = counters.find(act.db, settings, ticket.counter) if ticket.counter in settings.counter_by_id else None
        target = ticket.counter if desk and desk.state == OPEN else ""
        note(act, settings, "ticket.returned", ticket, "", "system", {"why": "hold_over", "target": target})
    return len(rows)


def close_counter(act: Act, settings: Settings, counter: str, *, person: str, actor: str) -> Desk:
    """Close a counter; tickets that were waiting for it alone wait for their service again, at their place.

    Raises CounterBusy while a ticket is called or served there, UnknownCounter.
    """
    desk = counters.close(act, settings, counter, person=person, actor=actor)
    _release(act, settings, counter, actor, "counter_closed")
    return desk


def pause_counter(act: Act, settings: Settings, counter: str, *, person: str, actor: str) -> Desk:
    """No further calls until opened; whoever waits for this counter alone is called by the others meanwhile.

    Raises CounterNotOpen when it is closed, UnknownCounter.
    """
    desk = counters.pause(act, settings, counter, person=person, actor=actor)
    _release(act, settings, counter, actor, "counter_paused")
    return desk


def end_days_before(act: Act, settings: Settings, day: str) -> int:
    """Close what earlier days left open: tickets are cancelled, served ones finished, counters closed; how many."""
    rows = act.db.execute(_LEFT, (day, day)).fetchall()
    for ticket in map(ticket_from, rows):
        kind = "ticket.finished" if ticket.state is State.SERVING else "ticket.cancelled"
        counter = ticket.counter if ticket.state in (State.SERVING, State.CALLED) else ""
        note(act, settings, kind, ticket, counter, "system", {"reason": "day_ended"})
    return len(rows) + _close_counters(act, settings, day)


def _release(act: Act, settings: Settings, counter: str, actor: str, why: str) -> None:
    """Tickets that wait for ``counter`` alone wait for their service again, at their place."""
    rows = act.db.execute("SELECT * FROM tickets WHERE state = 'waiting' AND target = ?", (counter,)).fetchall()
    for row in rows:
        note(act, settings, "ticket.returned", ticket_from(row), "", actor, {"why": why, "target": ""})


def _close_counters(act: Act, settings: Settings, day: str) -> int:
    closed = 0
    # One that already serves a ticket of the new day is left until that ticket goes.
    for counter, person, since in act.db.execute(
        "SELECT id, person, since FROM counters WHERE state != 'closed' AND ticket = ''"
    ).fetchall():
        if day_of(since, settings.office.zone) < day:
            journal.append(
                act, "counter.closed", office=settings.office.id, actor="system", counter=counter,
                data={"person": person, "reason": "day_ended"},
            )  # fmt: skip
            closed += 1
    return closed
