"""The counters: open, pause, close, and what each is doing."""

import sqlite3
from dataclasses import dataclass

from office.clock import day_of
from office.errors import CounterBusy, CounterNotOpen, UnknownCounter
from office.journal import append
from office.settings import Settings
from office.store import Act

OPEN, PAUSED, CLOSED = "open", "paused", "closed"


@dataclass(frozen=True, slots=True)
class Desk:
    """A counter now. ``since`` ms UTC of its last change of state, 0 when it never opened."""

    id: str
    state: str
    person: str
    since: int
    ticket: str
    priority_run: int


def find(db: sqlite3.Connection, settings: Settings, counter: str) -> Desk:
    """The counter's present row. Raises UnknownCounter when the configuration has none of that number."""
    if counter not in settings.counter_by_id:
        raise UnknownCounter(f"no counter {counter!r}", counter=counter)
    row = db.execute("SELECT * FROM counters WHERE id = ?", (counter,)).fetchone()
    return Desk(*row) if row else Desk(counter, CLOSED, "", 0, "", 0)


def every(db: sqlite3.Connection, settings: Settings) -> list[Desk]:
    """All configured counters in their order."""
    return [find(db, settings, counter.id) for counter in settings.counters]


def open_(act: Act, settings: Settings, counter: str, *, person: str, actor: str) -> Desk:
    """Take calls; a clerk coming to a paused or closed counter takes it over."""
    return _set(act, settings, counter, OPEN, person, actor)


def pause(act: Act, settings: Settings, counter: str, *, person: str, actor: str) -> Desk:
    """No further calls until opened; a ticket being served may be finished. Raises CounterNotOpen when closed."""
    if find(act.db, settings, counter).state == CLOSED:
        raise CounterNotOpen(f"counter {counter} is closed", counter=counter, state=CLOSED)
    return _set(act, settings, counter, PAUSED, person, actor)


def close(act: Act, settings: Settings, counter: str, *, person: str, actor: str) -> Desk:
    """Close for now. Raises CounterBusy while a ticket is called or served here."""
    desk = find(act.db, settings, counter)
    if desk.ticket:
        raise CounterBusy(f"counter {counter} still has {desk.ticket}", counter=counter)
    if desk.state == CLOSED:
        return desk
    return _set(act, settings, counter, CLOSED, person, actor)


def carry_on(act: Act, settings: Settings, counter: str, *, actor: str) -> None:
    """Somebody calls at a counter that stood open overnight: it is open today, and no day's end closes it meanwhile."""
    desk = find(act.db, settings, counter)
    if _of_an_earlier_day(act, settings, desk):
        _set(act, settings, counter, OPEN, desk.person, actor)


def serving(db: sqlite3.Connection, settings: Settings, service: str) -> bool:
    """Whether any counter open now serves ``service``."""
    ids = [c.id for c in settings.counters if service in c.services]
    return any(find(db, settings, counter).state == OPEN for counter in ids)


def open_services(db: sqlite3.Connection, settings: Settings) -> frozenset[str]:
    """Services that some counter open now serves."""
    open_now = {row[0] for row in db.execute("SELECT id FROM counters WHERE state = 'open'")}
    return frozenset(s for c in settings.counters if c.id in open_now for s in c.services)


def _set(act: Act, settings: Settings, counter: str, state: str, person: str, actor: str) -> Desk:
    desk = find(act.db, settings, counter)
    if (desk.state, desk.person) != (state, person) or _of_an_earlier_day(act, settings, desk):
        kind = {OPEN: "counter.opened", PAUSED: "counter.paused", CLOSED: "counter.closed"}[state]
        append(act, kind, office=settings.office.id, actor=actor, counter=counter, data={"person": person})
    return find(act.db, settings, counter)


def _of_an_earlier_day(act: Act, settings: Settings, desk: Desk) -> bool:
    """Whether the counter has been left as it is on a day before this one."""
    return day_of(desk.since, settings.office.zone) < day_of(act.now, settings.office.zone)
