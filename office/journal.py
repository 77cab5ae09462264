"""The one journal: appended to inside an act, read in order, checked link by link."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from pydantic_core import to_json

from office import projection
from office.errors import Damaged
from office.kinds import KINDS
from office.store import GENESIS, Act

COLUMNS = "seq, at, kind, office, actor, counter, ticket, dossier, data, hash"
PAGE = 500
UNMOVED = frozenset({"ticket.issued", "ticket.printed", "ticket.announced"})
"""Kinds after which counters and lines stand as before, but for the ticket that came (office/standing.py minds it)."""


_SORTED: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
"""Made once: json.dumps would make an encoder at every call."""


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the journal. ``at`` in ms UTC; ``data`` as documented for its kind in office/kinds.py."""

    seq: int
    at: int
    kind: str
    office: str
    actor: str
    counter: str
    ticket: str
    dossier: str
    data: dict[str, Any]
    hash: str


def append(
    act: Act,
    kind: str,
    *,
    office: str,
    actor: str,
    counter: str = "",
    ticket: str = "",
    dossier: str = "",
    data: dict[str, Any] | None = None,
) -> Event:
    """Write one event and what it changes in the tables, inside ``act``.

    Its moment is the act's, never before the event before it (a clock set back does not reorder the journal).
    Raises KeyError for a kind or data field that office/kinds.py does not document.
    """
    data = data or {}
    unknown = data.keys() - KINDS[kind].fields.keys()
    if unknown:
        raise KeyError(f"{kind} has undocumented fields {sorted(unknown)}")
    last, at_last, before = act.head
    seq, at = last + 1, max(act.now, at_last)
    text = canonical(data)
    link = chain(before, seq, at, kind, office, actor, counter, ticket, dossier, text)
    act.db.execute(
        f"INSERT INTO journal ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)",  # noqa: S608 — a constant list of columns
        (seq, at, kind, office, actor, counter, ticket, dossier, text, link),
    )
    act.head = (seq, at, link)
    act.kinds.add(kind)
    if kind not in UNMOVED:
        act.known.clear()
    projection.apply(act.db, kind, seq, at, ticket, counter, dossier, data)
    return Event(seq, at, kind, office, actor, counter, ticket, dossier, data, link)


def moment(act: Act) -> int:
    """The moment (ms UTC) that the next event of ``act`` will bear: now, or that of the last event if later."""
    return max(act.now, act.head[1])


def canonical(data: dict[str, Any]) -> str:
    """``data`` as the one JSON text that is stored and hashed."""
    return _SORTED(data)


def chain(before: str, *fields: object) -> str:
    """The hash of a row: SHA-256 over the hash before it and its columns as a JSON array in UTF-8, with no spaces and
    no needless escapes (as ``json.dumps(…, ensure_ascii=False, separators=(",", ":"))`` writes it)."""
    return hashlib.sha256(to_json([before, *fields])).hexdigest()


def event_from(row: Iterable[Any]) -> Event:
    """An Event from a row selected with ``COLUMNS``."""
    seq, at, kind, office, actor, counter, ticket, dossier, data, link = row
    return Event(seq, at, kind, office, actor, counter, ticket, dossier, json.loads(data), link)


@dataclass(frozen=True, slots=True)
class Filter:
    """What to read; empty means any. ``begins`` and ``ends`` in ms UTC, the end excluded."""

    kinds: tuple[str, ...] = ()
    ticket: str = ""
    dossier: str = ""
    counter: str = ""
    begins: int | None = None
    ends: int | None = None


ALL = Filter()


def read(db: sqlite3.Connection, since: int = 0, limit: int = PAGE, only: Filter = ALL) -> list[Event]:
    """Events after ``since`` in order, at most ``limit``."""
    begin = since if only.begins is None else max(since, seq_before(db, only.begins))
    where, values = ["seq > ?"], [begin]
    if only.ends is not None:
        where.append("seq <= ?")
        values.append(seq_before(db, only.ends))
    for column, value in (("ticket", only.ticket), ("dossier", only.dossier), ("counter", only.counter)):
        if value:
            where.append(f"{column} = ?")
            values.append(value)  # type: ignore[arg-type]  # SQLite takes any
    if only.kinds:
        where.append(f"kind IN ({','.join('?' * len(only.kinds))})")
        values.extend(only.kinds)  # type: ignore[arg-type]
    sql = f"SELECT {COLUMNS} FROM journal WHERE {' AND '.join(where)} ORDER BY seq LIMIT ?"  # noqa: S608 — fixed words
    return [event_from(row) for row in db.execute(sql, (*values, limit))]


def seq_before(db: sqlite3.Connection, at: int) -> int:
    """The seq of the last event before ``at`` (ms UTC), 0 when there is none.

    Moments never decrease along the journal and it has no gaps, so halving finds it without an index on them.
    """
    low, high = 0, head(db)[0]
    while low < high:
        middle = (low + high + 1) // 2
        moment_of = db.execute("SELECT at FROM journal WHERE seq = ?", (middle,)).fetchone()[0]
        low, high = (middle, high) if moment_of < at else (low, middle - 1)
    return low


def head(db: sqlite3.Connection) -> tuple[int, str]:
    """The last event's seq and hash; (0, 64 zeros) for an empty journal."""
    row = db.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    return (row[0], row[1]) if row else (0, GENESIS)


def latest(db: sqlite3.Connection) -> int:
    """The moment (ms UTC) of the last event, 0 for an empty journal."""
    row = db.execute("SELECT at FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    return int(row[0]) if row else 0


def walk(db: sqlite3.Connection, since: int = 0) -> Iterator[Event]:
    """All events after ``since``, read a page at a time."""
    while events := read(db, since):
        yield from events
        since = events[-1].seq


def verify(db: sqlite3.Connection) -> int:
    """Check every link of the chain; the number of events. Raises Damaged naming the first bad seq."""
    before, count = GENESIS, 0
    for row in db.execute(f"SELECT {COLUMNS} FROM journal ORDER BY seq"):  # noqa: S608 — fixed words
        count += 1
        if row[0] != count or chain(before, *row[:-1]) != row[-1]:
            raise Damaged(f"the journal's chain breaks at seq {row[0]}", seq=row[0])
        before = row[-1]
    return count


def restore(act: Act, events: Iterable[Event]) -> int:
    """Replay ``events`` from another journal into this empty one, as they were; how many.

    Raises Damaged when a link does not fit.
    """
    (seq, before), count = head(act.db), 0
    for e in events:
        text = canonical(e.data)
        link = chain(before, e.seq, e.at, e.kind, e.office, e.actor, e.counter, e.ticket, e.dossier, text)
        if e.seq != seq + count + 1 or link != e.hash:
            raise Damaged(f"the journal's chain breaks at seq {e.seq}", seq=e.seq)
        act.db.execute(
            f"INSERT INTO journal ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)",  # noqa: S608 — fixed words
            (e.seq, e.at, e.kind, e.office, e.actor, e.counter, e.ticket, e.dossier, text, e.hash),
        )
        projection.apply(act.db, e.kind, e.seq, e.at, e.ticket, e.counter, e.dossier, e.data)
        before, count = e.hash, count + 1
        act.head = (e.seq, e.at, e.hash)
        act.kinds.add(e.kind)
    act.known.clear()
    return count
