"""Which visits of the service log are asked for: filters that all must fit, and a search by number or dossier code."""

import sqlite3
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from office import visits
from office.clock import local
from office.dossiers import RUNNING, kept
from office.visits import Joined, Visit

LOW_STARS: Final = 2
"""So many stars or fewer are a low rating (of 5)."""

LONG_WAIT_MIN: Final = 30
"""Minutes from which a wait is offered as long."""

MINUTE: Final = 60_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; empty or zero means any. ``text`` (a number or a dossier's code) and ``dossier`` look over a
    year, everything else at ``day`` alone. ``wait_min`` minutes or longer."""

    day: date
    text: str = ""
    dossier: str = ""
    ticket: str = ""
    counter: str = ""
    clerk: str = ""
    service: str = ""
    kind: str = ""
    wait_min: int = 0
    out_of_order: bool = False
    overdue: bool = False
    low: bool = False

    @property
    def over_a_year(self) -> bool:
        """Whether days before ``day`` are looked at too."""
        return bool(self.text or self.dossier or self.ticket)


def find(db: sqlite3.Connection, wanted: Wanted, now: int, zone: ZoneInfo) -> list[Visit]:
    """The visits that fit all that is ``wanted``, the newest first."""
    found = [visit for visit in _sought(db, wanted) if fits(visit, wanted, now, zone)]
    return sorted(found, key=lambda visit: -visit.ticket.seq)


def _sought(db: sqlite3.Connection, wanted: Wanted) -> list[Visit]:
    if wanted.ticket:
        return visits.of_tickets(db, [wanted.ticket])
    if wanted.dossier:
        return visits.of_dossier(db, wanted.dossier)
    if wanted.text:
        return visits.of_number(db, wanted.text, wanted.day) or visits.of_dossier(db, wanted.text)
    return visits.of_day(db, wanted.day)


def fits(visit: Visit, wanted: Wanted, now: int, zone: ZoneInfo) -> bool:
    """Whether ``visit`` is one of those that are ``wanted``, its day and the search aside."""
    return _at(visit, wanted) and _of_kind(visit, wanted) and _remarkable(visit, wanted, now, zone)


def _at(visit: Visit, wanted: Wanted) -> bool:
    """By where, by whom and for what."""
    stations = visit.stations
    return (
        (not wanted.counter or any(one.counter == wanted.counter for one in stations))
        and (not wanted.clerk or any(one.clerk == wanted.clerk for one in stations))
        and (not wanted.service or wanted.service in visit.services)
    )


def _of_kind(visit: Visit, wanted: Wanted) -> bool:
    return not wanted.kind or wanted.kind in visit.kinds


def _remarkable(visit: Visit, wanted: Wanted, now: int, zone: ZoneInfo) -> bool:
    """By what a supervisor should look into."""
    return (
        visit.waited_ms(now) >= wanted.wait_min * MINUTE
        and (not wanted.out_of_order or bool(visit.reasons))
        and (not wanted.low or 0 < visit.stars <= LOW_STARS)
        and (not wanted.overdue or any(late(one, now, zone) for one in visit.dossiers))
    )


def late(dossier: Joined, now: int, zone: ZoneInfo) -> bool:
    """Whether the dossier was done after its day, or is not done and its day is over (DOMAIN 4.4: days only)."""
    until = now if dossier.status in RUNNING else dossier.finished_at
    if dossier.due_at is None or until is None:
        return False
    day = local(until, zone).date()
    return kept(day, local(dossier.due_at, zone).date()) == "late"


def clerks(found: list[Visit]) -> list[str]:
    """Who called any of ``found``, by name."""
    return sorted({one.clerk for visit in found for one in visit.stations})
