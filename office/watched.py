"""Who watched footage, took it out, held it or let it go, when and why: for the supervisors' supervisor."""

import json
import sqlite3
from dataclasses import dataclass
from typing import Final

from office import journal

KINDS: Final = ("footage.viewed", "footage.exported", "footage.held", "footage.released")
LIMIT: Final = 500
_MARKS: Final = ",".join("?" * len(KINDS))


@dataclass(frozen=True, slots=True)
class Watched:
    """One act upon footage. ``at``, ``begins`` and ``ends`` in ms UTC; ``note``: the person's own words, kept beside
    the journal."""

    seq: int
    at: int
    kind: str
    actor: str
    counter: str
    ticket: str
    dossier: str
    cameras: tuple[str, ...]
    begins: int
    ends: int
    reason: str
    note: str
    masked: bool
    until: str
    cause: str


def read(db: sqlite3.Connection, begins: int, ends: int, limit: int = LIMIT) -> list[Watched]:
    """What was done within [begins, ends) ms UTC, the newest first, at most ``limit``."""
    first, last = journal.seq_before(db, begins), journal.seq_before(db, ends)
    sql = (
        "SELECT j.seq, j.at, j.kind, j.actor, j.counter, j.ticket, j.dossier, j.data, coalesce(n.text, '')"  # noqa: S608
        " FROM journal j INDEXED BY journal_kind LEFT JOIN footage_notes n ON n.seq = j.seq"
        f" WHERE j.kind IN ({_MARKS}) AND j.seq > ? AND j.seq <= ? ORDER BY j.seq DESC LIMIT ?"
    )
    return [_watched(row) for row in db.execute(sql, (*KINDS, first, last, limit))]


def _watched(row: tuple[int, int, str, str, str, str, str, str, str]) -> Watched:
    seq, at, kind, actor, counter, ticket, dossier, data, note = row
    told = json.loads(data)
    return Watched(
        seq, at, kind, actor, counter, ticket, dossier, tuple(told.get("cameras", ())), told.get("begins", 0),
        told.get("ends", 0), told.get("reason", ""), note, bool(told.get("masked")), told.get("until", ""),
        told.get("cause", ""),
    )  # fmt: skip
