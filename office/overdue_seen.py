"""Somebody asked after a dossier that is late: the kiosk says that a supervisor is told, so one must see it today.

It is told once a dossier and day, and waits on every supervisor's page until one of them has said that it is known.
Only events are kept of it: what waits is read from the day's.
"""

import sqlite3
from typing import Final

from office import dossiers, journal
from office.clock import day_start, local
from office.journal import Event, Filter
from office.settings import Settings
from office.store import Act

SEEN: Final = "dossier.overdue_seen"
NOTED: Final = "dossier.overdue_noted"


def tell(act: Act, settings: Settings, dossier: str, days: int, *, actor: str) -> None:
    """Somebody asked after ``dossier`` (its key), ``days`` past its due day; not written twice a day."""
    if not _today(act.db, settings, act.now, (SEEN,), dossier):
        data = {"days": days}
        journal.append(act, SEEN, office=settings.office.id, actor=actor, dossier=dossier, data=data)


def waiting(db: sqlite3.Connection, settings: Settings, now: int) -> list[Event]:
    """What was told on the day of ``now`` (ms UTC) and is not yet known to a supervisor, oldest first."""
    found: dict[str, Event] = {}
    for event in _today(db, settings, now, (SEEN, NOTED)):
        if event.kind == SEEN:
            found[event.dossier] = event
        else:
            found.pop(event.dossier, None)
    return list(found.values())


def note(act: Act, settings: Settings, code: str, *, actor: str) -> None:
    """A supervisor knows of it; nothing is written when nothing waits for this dossier. Raises UnknownDossier."""
    key = dossiers.get(act.db, code).key
    if any(event.dossier == key for event in waiting(act.db, settings, act.now)):
        journal.append(act, NOTED, office=settings.office.id, actor=actor, dossier=key)


def _today(
    db: sqlite3.Connection, settings: Settings, now: int, kinds: tuple[str, ...], dossier: str = ""
) -> list[Event]:
    zone = settings.office.zone
    only = Filter(kinds=kinds, dossier=dossier, begins=day_start(local(now, zone).date(), zone))
    return journal.read(db, only=only)
