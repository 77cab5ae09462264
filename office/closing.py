"""The hall's doors: when opening hours end, the journal says so once, and the voice can tell the hall."""

import sqlite3
from typing import Final

from office import journal
from office.clock import local, millis
from office.journal import Event
from office.settings import Settings
from office.store import Act
from office.workday import Calendar, calendar

FRESH_MS: Final = 60_000
"""How late the end of a span may be noticed and still be told; a server started at night says nothing."""


def just_closed(db: sqlite3.Connection, settings: Settings, now: int) -> bool:
    """Whether opening hours ended within the last minute before ``now`` (ms UTC) and nobody was told yet."""
    ended = _ended(_hours(settings), now)
    if ended is None:
        return False
    row = db.execute(
        "SELECT at FROM journal INDEXED BY journal_kind WHERE kind = 'hall.closed' ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    return row is None or row[0] < ended


def close_hall(act: Act, settings: Settings) -> Event:
    """Write that the hall stops giving numbers, and when it opens again."""
    opens = _hours(settings).opens_next(act.now)
    data = {"opens": millis(opens) if opens else 0}
    return journal.append(act, "hall.closed", office=settings.office.id, actor="system", data=data)


def _hours(settings: Settings) -> Calendar:
    return calendar(settings.hours, settings.holidays, settings.office.zone)


def _ended(hours: Calendar, now: int) -> int | None:
    """The moment (ms UTC) the span ended that was open a minute ago; None when one is open or none was."""
    if hours.is_open(now) or not hours.is_open(now - FRESH_MS):
        return None
    moment = hours.closes_at(now - FRESH_MS)
    return millis(moment) if moment and moment <= local(now, hours.zone) else None
