"""Coming back with the missing papers: a code that lets its holder in near the front, once, the same day."""

import secrets
import sqlite3
from dataclasses import dataclass
from typing import Final

from office import dossiers, journal
from office.clock import day_of
from office.errors import ReentrySpent
from office.settings import Settings
from office.store import Act

LETTERS: Final = "BCGHKLMNPQTV"
"""Consonants no input method changes (HARDWARE, Codes): no vowel to take a tone, no w or d, none twice in a row."""

LENGTH: Final = 8
PREFIX: Final = "MC-"


@dataclass(frozen=True, slots=True)
class Reentry:
    """A re-entry code: its dossier (key), the local day it holds, and the ticket it was used for, or ''."""

    code: str
    dossier: str
    day: str
    ticket: str

    def good(self, day: str) -> bool:
        """Whether it may be used on ``day``."""
        return not self.ticket and self.day == day


def make(db: sqlite3.Connection) -> str:
    """A new code that none before it was."""
    while True:
        letters = ""
        while len(letters) < LENGTH:
            letters += secrets.choice([letter for letter in LETTERS if letter != letters[-1:]])
        if find(db, PREFIX + letters) is None:
            return PREFIX + letters


def find(db: sqlite3.Connection, code: str) -> Reentry | None:
    """What a code that was read means, or None; upper or lower case."""
    row = db.execute("SELECT * FROM dossier_reentries WHERE code = ?", (code[:40].strip().upper(),)).fetchone()
    return Reentry(*row) if row else None


def of_dossier(db: sqlite3.Connection, code: str) -> Reentry | None:
    """The re-entry code of a dossier, the newest; None when papers were never asked for."""
    key = dossiers.get(db, code).key
    row = db.execute(
        "SELECT r.* FROM dossier_reentries r WHERE r.dossier = ? ORDER BY r.day DESC LIMIT 1", (key,)
    ).fetchone()
    return Reentry(*row) if row else None


def use(act: Act, settings: Settings, code: str, ticket: str, *, actor: str) -> Reentry:
    """Use a code up for the ticket just given in the same act, and join the ticket to the dossier.

    Raises ReentrySpent when it is none, was used, or is of another day.
    """
    found = find(act.db, code)
    if found is None or not found.good(day_of(act.now, settings.office.zone)):
        raise ReentrySpent("no such re-entry code, or it is spent")
    for kind, data in (("dossier.reentered", {"reentry": found.code}), ("dossier.visited", {"purpose": "supplement"})):
        journal.append(
            act, kind, office=settings.office.id, actor=actor, ticket=ticket, dossier=found.dossier, data=data
        )  # fmt: skip
    return Reentry(found.code, found.dossier, found.day, ticket)
