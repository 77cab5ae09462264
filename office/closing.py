"""The hall's doors: when opening hours end, the journal says so once, and the voice can tell the hall.

The hall is open as long as one service is: some have hours of their own (the police on a Saturday). Board and voice
ask here, so that they say the same.
"""

import sqlite3
from datetime import date, datetime
from typing import Final

from office import journal
from office.clock import local, millis
from office.journal import Event
from office.settings import Settings
from office.store import Act

FRESH_MS: Final = 60_000
"""How late the end of a span may be noticed and still be told; a server started at night says nothing."""

FAR_DAYS: Final = 3


def closes(settings: Settings, now: int) -> datetime | None:
    """When the last service open at ``now`` (ms UTC) closes, local; None when none is open.

    What goes on after midnight has not closed: of a hall that never closes the moment is ``FAR_DAYS`` away.
    """
    moment = _ends(settings, now)
    for _ in range(FAR_DAYS):
        if moment is None or (moment.hour, moment.minute) != (0, 0):
            break
        goes_on = _ends(settings, millis(moment))
        if goes_on is None:
            break
        moment = goes_on
    return moment


def _ends(settings: Settings, now: int) -> datetime | None:
    all_hours = settings.calendars.values()
    return max((moment for hours in all_hours if (moment := hours.closes_at(now))), default=None)


def opens_next(settings: Settings, now: int) -> datetime | None:
    """The earliest next opening of any service after ``now`` (ms UTC), local; None when none is known."""
    all_hours = settings.calendars.values()
    return min((moment for hours in all_hours if (moment := hours.opens_next(now))), default=None)


def spans_on(settings: Settings, day: date) -> list[tuple[int, int]]:
    """When the hall is open on ``day``, whichever service for: minutes since local midnight, spans that meet as one."""
    merged: list[tuple[int, int]] = []
    for begins, ends in sorted(span for hours in settings.calendars.values() for span in hours.spans(day)):
        if merged and begins <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(ends, merged[-1][1]))
        else:
            merged.append((begins, ends))
    return merged


def just_closed(db: sqlite3.Connection, settings: Settings, now: int) -> bool:
    """Whether opening hours ended within the last minute before ``now`` (ms UTC) and nobody was told yet."""
    ended = _ended(settings, now)
    if ended is None:
        return False
    row = db.execute(
        "SELECT at FROM journal INDEXED BY journal_kind WHERE kind = 'hall.closed' ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    return row is None or row[0] < ended


def close_hall(act: Act, settings: Settings) -> Event:
    """Write that the hall stops giving numbers, and when it opens again."""
    opens = opens_next(settings, act.now)
    data = {"opens": millis(opens) if opens else 0}
    return journal.append(act, "hall.closed", office=settings.office.id, actor="system", data=data)


def _ended(settings: Settings, now: int) -> int | None:
    """The moment (ms UTC) the span ended that was open a minute ago; None when one is open or none was."""
    if closes(settings, now) is not None:
        return None
    moment = closes(settings, now - FRESH_MS)
    return millis(moment) if moment and moment <= local(now, settings.office.zone) else None
