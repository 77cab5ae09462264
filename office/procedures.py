"""The posted catalogue of procedures: imported whole or not at all, searched as one types."""

import sqlite3
import threading
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from office import journal
from office.catalogue_entry import Procedure, digest_of
from office.catalogue_file import read_catalogue
from office.catalogue_index import Index
from office.catalogue_text import tidy
from office.errors import UnknownProcedure
from office.settings import Settings
from office.store import Act


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: counts, and how many procedures carry each caveat."""

    total: int
    added: int
    changed: int
    removed: int
    caveats: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Edition:
    """What is posted now: key of its content, how many procedures, the latest date of their source pages."""

    digest: str
    total: int
    newest: date


@dataclass(frozen=True, slots=True)
class FieldCount:
    """A field of the catalogue and how many posted procedures it has."""

    field: str
    count: int


def import_lines(act: Act, settings: Settings, lines: Iterable[str | bytes], *, actor: str) -> Imported:
    """Post the catalogue in ``lines`` (JSON lines) in place of the one before, and journal it if it differs.

    Procedures the file no longer has leave search and fields, but ``get`` still finds them. A line without
    ``keywords`` keeps those its code had. Raises CatalogueRefused, with nothing changed.
    """
    before = {
        code: (posted, digest, body)
        for code, posted, digest, body in act.db.execute("SELECT code, posted, digest, body FROM procedures")
    }
    called = {code: Procedure.model_validate_json(body).keywords for code, (_, _, body) in before.items()}
    procedures = read_catalogue(lines, called)
    rows = {p.code: (body := p.stored(), digest_of(body)) for p in procedures}
    added = [code for code in rows if not (code in before and before[code][0])]
    changed = [code for code, (_, digest) in rows.items() if code in before and before[code][1] != digest]
    removed = [code for code, (posted, _, _) in before.items() if posted and code not in rows]
    act.db.executemany(
        "INSERT INTO procedures (code, posted, digest, body) VALUES (?, 1, ?, ?)"
        " ON CONFLICT (code) DO UPDATE SET posted = 1, digest = excluded.digest, body = excluded.body",
        [(code, rows[code][1], rows[code][0]) for code in {*added, *changed}],
    )
    act.db.executemany("UPDATE procedures SET posted = 0 WHERE code = ?", [(code,) for code in removed])
    counts = Counter(added=len(added), changed=len({*changed} - {*added}), removed=len(removed))
    if added or changed or removed:
        digest = _bind(act.db, max(p.fetched_at for p in procedures))
        told = {"what": "procedures", "name": digest[:12], **counts}
        journal.append(act, "setting.changed", office=settings.office.id, actor=actor, data=told)
    caveats: Counter[str] = Counter(caveat for p in procedures for caveat in p.caveats)
    return Imported(len(rows), counts["added"], counts["changed"], counts["removed"], {**caveats})


def _bind(db: sqlite3.Connection, newest: date) -> str:
    """Write the edition row; its digest, which is the key of the search index."""
    parts = db.execute("SELECT code, digest FROM procedures WHERE posted = 1 ORDER BY code").fetchall()
    digest = digest_of("\n".join(f"{code} {part}" for code, part in parts))
    db.execute(
        "INSERT INTO procedures_edition (id, digest, total, newest) VALUES (1, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET digest = excluded.digest, total = excluded.total, newest = excluded.newest",
        (digest, len(parts), newest.isoformat()),
    )
    return digest


_INDEXES: OrderedDict[str, Index] = OrderedDict()
_TURN = threading.Lock()
KEPT: Final = 3
"""Search indexes kept, by the digest of what they hold: the same content gives the same answers in any file."""


def search(
    conn: sqlite3.Connection, query: str, field: str = "", limit: int = 20, day: date | None = None
) -> list[Procedure]:
    """Posted procedures for ``query``, best first: words or their beginnings in any order, or a code.

    Accents and case are ignored and one slip of the finger a word is forgiven. ``field`` ('' any) and ``day``
    (those valid then) narrow it. An empty query lists all in dictionary order.
    """
    row = conn.execute("SELECT digest FROM procedures_edition").fetchone()
    return _index(conn, row[0]).search(query, field, max(0, limit), day) if row else []


def _index(conn: sqlite3.Connection, digest: str) -> Index:
    with _TURN:
        index = _INDEXES.get(digest)
        if index is None:
            index = _INDEXES[digest] = Index(_posted(conn))
        _INDEXES.move_to_end(digest)
        while len(_INDEXES) > KEPT:
            _INDEXES.popitem(last=False)
        return index


def _posted(conn: sqlite3.Connection) -> list[Procedure]:
    rows = conn.execute("SELECT body FROM procedures WHERE posted = 1").fetchall()
    return [Procedure.model_validate_json(body) for (body,) in rows]


def get(conn: sqlite3.Connection, code: str) -> Procedure:
    """The procedure of ``code``, national or local: the first eight characters count (DOMAIN 3.4).

    One that is no longer posted carries the caveat ``withdrawn``. Raises UnknownProcedure.
    """
    try:
        national = tidy(code)[:8]
    except ValueError:
        national = ""
    row = conn.execute("SELECT posted, body FROM procedures WHERE code = ?", (national,)).fetchone()
    if row is None:
        raise UnknownProcedure(f"no procedure {national!r}", code=national)
    procedure = Procedure.model_validate_json(row[1])
    return procedure if row[0] else procedure.model_copy(update={"caveats": (*procedure.caveats, "withdrawn")})


def fields(conn: sqlite3.Connection, day: date | None = None) -> list[FieldCount]:
    """The fields of what is posted (and valid on ``day``) with counts, in dictionary order."""
    row = conn.execute("SELECT digest FROM procedures_edition").fetchone()
    return [FieldCount(name, count) for name, count in _index(conn, row[0]).fields(day)] if row else []


def edition(conn: sqlite3.Connection) -> Edition | None:
    """What is posted now, or None before the first import."""
    row = conn.execute("SELECT digest, total, newest FROM procedures_edition").fetchone()
    return Edition(row[0], row[1], date.fromisoformat(row[2])) if row else None
