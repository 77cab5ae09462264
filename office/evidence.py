"""What the office's file adds to exported footage: an extract of the journal that can be checked row by row, and what
the register says of the dossiers, without any person's name."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from office import dossiers, journal
from office.clock import rfc3339
from office.dossier_code import normal
from office.dossiers import Dossier
from office.journal import COLUMNS
from office.phrases import Phrases
from office.settings import Settings
from office.store import GENESIS
from office.watching import Wish

NAMES: Final = ("seq", "at", "kind", "office", "actor", "counter", "ticket", "dossier", "data", "hash")
_CHOSEN: Final = f"""
    SELECT {COLUMNS} FROM journal WHERE seq > ? AND seq <= ?
    UNION SELECT {COLUMNS} FROM journal INDEXED BY journal_ticket WHERE ticket = ? AND ticket != ''
    UNION SELECT {COLUMNS} FROM journal WHERE dossier IN (?, ?) AND dossier != ''
    ORDER BY seq
"""  # noqa: S608 — fixed words


@dataclass(frozen=True, slots=True)
class Order:
    """An export that is asked for: ``id`` its name, ``wish`` checked, ``actor`` who asks, ``at`` when (ms UTC)."""

    id: str
    wish: Wish
    actor: str
    at: int
    masked: bool = False


def extract(db: sqlite3.Connection, wish: Wish) -> Iterator[dict[str, Any]]:
    """The journal's rows within the range of ``wish``, and all of its ticket and dossier, in order.

    Each with ``before``, the hash of the row before it, so that its own can be made again (``journal.chain``): ``data``
    stays the text that was hashed.
    """
    first, last = journal.seq_before(db, wish.begins), journal.seq_before(db, wish.ends)
    known = normal(wish.dossier) if wish.dossier else ""
    before = (0, GENESIS)
    for row in db.execute(_CHOSEN, (first, last, wish.ticket, wish.dossier, known)):
        seq: int = row[0]
        link = before[1] if before[0] == seq - 1 else _hash(db, seq - 1)
        before = (seq, row[-1])
        yield dict(zip(NAMES, row, strict=True)) | {"before": link}


def lines(rows: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    """``rows`` as JSON lines."""
    for row in rows:
        yield json.dumps(row, ensure_ascii=False).encode() + b"\n"


def dossiers_of(db: sqlite3.Connection, settings: Settings, phrases: Phrases, wish: Wish) -> list[dict[str, Any]]:
    """The dossier of ``wish`` and those its ticket was about: codes, statuses and moves; nobody's name or own words."""
    found = {one.key: one for one in dossiers.of_ticket(db, wish.ticket)} if wish.ticket else {}
    if wish.dossier and (named := dossiers.known(db, wish.dossier)) is not None:
        found[named.key] = named
    return [_dossier(db, settings, phrases, one) for one in found.values()]


def _dossier(db: sqlite3.Connection, settings: Settings, phrases: Phrases, one: Dossier) -> dict[str, Any]:
    zone = settings.office.zone

    def moment(at: int | None) -> str | None:
        return None if at is None else rfc3339(at, zone)

    def status(number: int) -> dict[str, Any]:
        return {"status": number, "status_name": phrases.say(phrases.default, f"dossier.status.{number}")}

    moves = [
        {"at": moment(m.at), "by": m.actor, "from": m.from_unit, "to": m.to_unit, "kept": m.result} | status(m.status)
        for m in dossiers.moves(db, one.key)
    ]
    visits = [{"ticket": v.ticket, "purpose": v.purpose, "at": moment(v.at)} for v in dossiers.visits(db, one.key)]
    times = ("received_at", "due_at", "finished_at", "returned_at")
    return {
        "code": one.code,
        "procedure": one.procedure,
        "procedure_name": one.procedure_name,
        "service": one.service,
        **status(one.status),
        **{name: moment(getattr(one, name)) for name in times},
        "moves": moves,
        "visits": visits,
    }


def _hash(db: sqlite3.Connection, seq: int) -> str:
    row = db.execute("SELECT hash FROM journal WHERE seq = ?", (seq,)).fetchone()
    return str(row[0]) if row else GENESIS
