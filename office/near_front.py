"""Coming back near the front: whoever was sent for missing papers does not wait all over again.

A right to it is a re-entry code (``MC-…`` on the slip of missing papers, for the day it was printed) or the code of a
dossier; both only while its papers are missing. It is worth ``dossiers.reentry_min`` minutes in line, for one number a
dossier and day, of the service that has the dossier or the one where one asks.
"""

import sqlite3
from dataclasses import dataclass

from office import dossier_reentry, dossiers, journal
from office.clock import day_of, day_start, local
from office.dossier_reentry import PREFIX
from office.dossiers import Dossier
from office.errors import ReentrySpent
from office.journal import Filter
from office.settings import Settings
from office.store import Act
from office.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Right:
    """A right that holds now: the re-entry code it came by (or empty), and the dossier's key."""

    code: str
    dossier: str


def right(db: sqlite3.Connection, settings: Settings, text: str, now: int) -> Right:
    """The right that ``text``, a re-entry code or a dossier's, gives at ``now`` (ms UTC).

    Raises ReentrySpent for a code of another day or used already, for a dossier that lacks no papers, and when a number
    was taken for the dossier so today. Codes nobody gave are not told apart: a guess learns nothing.
    """
    code = text[:60].strip().upper()
    found = _of_code(db, settings, code, now) if code.startswith(PREFIX) else _of_dossier(db, code)
    if found is None or _used_today(db, settings, found.dossier, now):
        raise ReentrySpent("this re-entry code holds no more, or never did")
    return found


def holds(db: sqlite3.Connection, settings: Settings, text: str, now: int) -> bool:
    """Whether ``right`` would answer one."""
    try:
        right(db, settings, text, now)
    except ReentrySpent:
        return False
    return True


def use(act: Act, settings: Settings, taken: Right, ticket: Ticket, *, actor: str) -> None:
    """``ticket`` was given on this right, which is gone with it, and serves the dossier.

    Raises ReentrySpent for a ticket of a service where the dossier has no business.
    """
    if ticket.service not in (dossiers.get(act.db, taken.dossier).service, settings.scans.ask_service):
        raise ReentrySpent("this re-entry code holds for its dossier's service only")
    if taken.code:
        dossier_reentry.use(act, settings, taken.code, ticket.id, actor=actor)
        return
    for kind, data in (("dossier.reentered", {"reentry": ""}), ("dossier.visited", {"purpose": "supplement"})):
        journal.append(
            act, kind, office=settings.office.id, actor=actor, ticket=ticket.id, dossier=taken.dossier, data=data
        )  # fmt: skip


def weight(settings: Settings) -> int:
    """How far a right moves its holder forward, ms."""
    return round(settings.dossiers.reentry_min * 60_000)


def kept(db: sqlite3.Connection, settings: Settings, ticket: Ticket) -> int:
    """How far (ms) ``ticket`` stands forward by a right alone: what is left of it when its claimed class is refused."""
    used = journal.read(db, limit=1, only=Filter(kinds=("dossier.reentered",), ticket=ticket.id))
    return min(weight(settings), ticket.arrived_at - ticket.place) if used else 0


def _of_code(db: sqlite3.Connection, settings: Settings, code: str, now: int) -> Right | None:
    found = dossier_reentry.find(db, code)
    if found is None or not found.good(day_of(now, settings.office.zone)) or _lacks(db, found.dossier) is None:
        return None
    return Right(code, found.dossier)


def _of_dossier(db: sqlite3.Connection, code: str) -> Right | None:
    dossier = _lacks(db, code)
    return Right("", dossier.key) if dossier is not None else None


def _lacks(db: sqlite3.Connection, code: str) -> Dossier | None:
    """The dossier of ``code`` if papers of it are missing."""
    dossier = dossiers.known(db, code)
    return dossier if dossier is not None and dossier.status == dossiers.SUPPLEMENT else None


def _used_today(db: sqlite3.Connection, settings: Settings, dossier: str, now: int) -> bool:
    begins = day_start(local(now, settings.office.zone).date(), settings.office.zone)
    only = Filter(kinds=("dossier.reentered",), dossier=dossier, begins=begins)
    return bool(journal.read(db, limit=1, only=only))
