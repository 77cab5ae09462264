"""The kiosk's home screen as the hall stands: each service's tile with its state, in words of the reader's language."""

import sqlite3
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from office import closing, counters, journal, lines
from office.clock import day_of, local
from office.sections import Service
from office.settings import Settings

Say = Callable[..., str]
"""A phrase of the reader's language: ``say(key, **params)``."""

DAY_MIN = 24 * 60

LOOK_BACK = 400
"""Events searched for the printer's last word; older trouble without a ticket since is told by the next slip."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Tile:
    """One service on the home screen. ``state`` closed: outside hours; nocounter: nobody serves it now.

    ``note`` is the line under the name (how many wait, or why not), ``opens`` when it opens again, both in words.
    """

    id: str
    name: str
    hint: str
    icon: str
    state: Literal["open", "nocounter", "closed"]
    note: str
    opens: str


@dataclass(frozen=True, slots=True)
class Home:
    """The home screen's data as of journal ``seq``.

    ``opens`` is set when every service is closed; ``printer`` is the reason it can't print now, or empty.
    """

    seq: int
    closed: bool
    opens: str
    printer: str
    tiles: tuple[Tile, ...]

    def json(self) -> dict[str, Any]:
        """The same as plain JSON data."""
        return asdict(self)


def home(db: sqlite3.Connection, settings: Settings, now: int, language: str, say: Say) -> Home:
    """Read the hall at ``now`` (ms UTC) in ``language``."""
    seq = journal.head(db)[0]  # before the rest: an event in between is then shown again, never missed
    waiting = lines.waiting_counts(db, day_of(now, settings.office.zone))
    served = counters.open_services(db, settings)
    tiles = []
    reopenings = []
    for service in settings.services:
        hours = settings.calendars[service.id]
        is_open = hours.is_open(now)
        next_open = None if is_open else hours.opens_next(now)
        if next_open is not None:
            reopenings.append(next_open)
        state: Literal["open", "nocounter", "closed"] = (
            "closed" if not is_open else "open" if service.id in served else "nocounter"
        )
        count = waiting.get(service.id, (0, None))[0]
        tiles.append(_tile(service, state, count, "" if is_open else opens(next_open, say), language, say))
    closed = all(tile.state == "closed" for tile in tiles)
    return Home(
        seq, closed, opens(min(reopenings, default=None), say) if closed else "", printer_trouble(db, seq), tuple(tiles)
    )


def printer_trouble(db: sqlite3.Connection, seq: int) -> str:
    """Why the printer can't print, as its last event among the journal's last ``LOOK_BACK`` tells; empty: it can."""
    only = journal.Filter(kinds=("printer.failed", "printer.recovered", "ticket.printed"))
    events = journal.read(db, since=max(0, seq - LOOK_BACK), limit=LOOK_BACK, only=only)
    told = [event for event in events if not event.data.get("given_up")]
    return str(told[-1].data.get("reason", "")) if told and told[-1].kind == "printer.failed" else ""


def _tile(
    service: Service,
    state: Literal["open", "nocounter", "closed"],
    count: int,
    opens_text: str,
    language: str,
    say: Say,
) -> Tile:
    note = counted(say, "kiosk.live.waiting", count) if state == "open" else say(f"kiosk.live.{state}")
    return Tile(
        id=service.id,
        name=service.name.text(language),
        hint=service.hint.text(language) if service.hint else "",
        icon=service.icon,
        state=state,
        note=note,
        opens=opens_text,
    )


def opens(moment: datetime | None, say: Say) -> str:
    """When doors open again, in words; says honestly when the calendar does not know."""
    if moment is None:
        return say("kiosk.live.opens_unknown")
    return say("kiosk.live.opens", time=f"{moment:%H:%M}", day=day_words(moment, say))


def day_words(moment: datetime, say: Say) -> str:
    """``thứ hai 23/11/2026``: weekday in the reader's language, date day first (DOMAIN 11.2)."""
    return say(f"common.day.{WEEKDAYS[moment.weekday()]}") + f" {moment:%d/%m/%Y}"


def counted(say: Say, key: str, n: int) -> str:
    """The phrase of ``key`` for none, one or ``n``."""
    return say(f"{key}_n", n=n) if n > 1 else say(f"{key}_{n}")


def today(settings: Settings, now: int, say: Say) -> str:
    """When the office is open on the day of ``now``, whichever service for, in words."""
    spans = closing.spans_on(settings, local(now, settings.office.zone).date())
    if not spans:
        return say("kiosk.home.today_closed")
    if spans == [(0, DAY_MIN)]:
        return say("kiosk.home.today_round")
    return say("kiosk.home.today", hours=", ".join(f"{_clock(begins)}–{_clock(ends)}" for begins, ends in spans))


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
