"""What each event of a dossier does to the register's tables; called by office/projection.py alone.

An event carries what the tables shall hold, worked out by the act that wrote it: nothing is computed here, so a replay
years later, under other settings, gives the same rows.
"""

import json
import sqlite3
from collections.abc import Callable
from typing import Any, Final

from office.dossier_tables import COLUMNS

Data = dict[str, Any]

SUPPLEMENT: Final = 5
"""The status in which papers are missing; what was missing is forgotten in every other."""

_MARKS: Final = ",".join("?" * (len(COLUMNS) + 1))
_RENEW: Final = ", ".join(f"{name} = excluded.{name}" for name in (*COLUMNS[1:], "seq"))
INSERT: Final = f"INSERT INTO dossiers VALUES ({_MARKS})"  # noqa: S608 — constant names of columns
UPSERT: Final = f"{INSERT} ON CONFLICT (key) DO UPDATE SET {_RENEW}"
_MOVE: Final = "INSERT INTO dossier_moves VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_FROM_ELSEWHERE: Final = (
    "INSERT INTO dossier_moves SELECT key, ?, ?, unit, ?, ?, '', NULL FROM dossiers"
    " WHERE key = ? AND (status != ? OR unit != ?)"
)
CHANGEABLE: Final = (
    *("status", "local_status", "unit", "due_at", "finished_at", "returned_at", "paused_at", "due_left"),
    *("tracking", "give_back", "rescheduled", "supplements", "received_at", "term_amount", "term_unit"),
    *("procedure", "procedure_name", "service", "intake", "sets", "fee", "fee_note"),
)
"""Columns that an act on a dossier may change; its event carries those that do in ``set``."""


def apply(db: sqlite3.Connection, kind: str, seq: int, at: int, ticket: str, dossier: str, data: Data) -> None:
    """Bring the register up to date with one event."""
    change = _CHANGES.get(kind)
    if change is not None:
        change(db, seq, at, ticket, dossier, data)
    if "left" in data:
        left = data["left"] if kind == "dossier.imported" else {dossier: data["left"]}
        _left(db, left)


def _received(db: sqlite3.Connection, seq: int, at: int, ticket: str, dossier: str, d: Data) -> None:
    row = {**d, "key": dossier}
    db.execute(INSERT, (*(row[name] for name in COLUMNS), seq))
    _papers(db, dossier, d["papers"])
    db.execute(_MOVE, (dossier, seq, at, "", d["unit"], d["status"], "", None))
    if ticket:
        _visit(db, seq, at, ticket, dossier, "hand_in")


def _imported(db: sqlite3.Connection, seq: int, at: int, ticket: str, dossier: str, d: Data) -> None:
    names, rows = d["columns"], d["rows"]
    place = {name: n for n, name in enumerate(names)}
    if d["changed"]:  # else all are new: none has moved, none misses a paper
        key, status, unit = place["key"], place["status"], place["unit"]
        db.executemany(
            _FROM_ELSEWHERE,
            [(seq, at, row[unit], row[status], row[key], row[status], row[unit]) for row in rows],
        )
        db.executemany(
            "DELETE FROM dossier_missing WHERE dossier = ?", [(row[key],) for row in rows if row[status] != SUPPLEMENT]
        )
    if tuple(names) != COLUMNS:  # an event of an earlier version
        rows = [[row[place[name]] for name in COLUMNS] for row in rows]
    db.executemany(UPSERT, [(*row, seq) for row in rows])


def _moved(db: sqlite3.Connection, seq: int, at: int, ticket: str, dossier: str, d: Data) -> None:
    _set(db, seq, dossier, d["set"])
    if d["status"] != SUPPLEMENT:
        db.execute("DELETE FROM dossier_missing WHERE dossier = ?", (dossier,))
    db.execute(_MOVE, (dossier, seq, at, d["from_unit"], d["to_unit"], d["status"], d["result"], d.get("step_due_at")))


def _asked(db: sqlite3.Connection, seq: int, at: int, ticket: str, dossier: str, d: Data) -> None:
    _moved(db, seq, at, ticket, dossier, d)
    db.execute("DELETE FROM dossier_missing WHERE dossier = ?", (dossier,))
    db.executemany(
        "INSERT INTO dossier_missing VALUES (?, ?, ?)",
        [(dossier, n, name) for n, name in enumerate(d["missing"], start=1)],
    )
    db.execute("INSERT INTO dossier_reentries VALUES (?, ?, ?, '')", (d["reentry"], dossier, d["day"]))


def _supplemented(db: sqlite3.Connection, seq: int, at: int, ticket: str, dossier: str, d: Data) -> None:
    _moved(db, seq, at, ticket, dossier, d)
    _papers(db, dossier, d["papers"])
    if ticket:
        _visit(db, seq, at, ticket, dossier, "supplement")


def _rescheduled(db: sqlite3.Connection, seq: int, at: int, ticket: str, dossier: str, d: Data) -> None:
    _set(db, seq, dossier, d["set"])


def _returned(db: sqlite3.Connection, seq: int, at: int, ticket: str, dossier: str, d: Data) -> None:
    _moved(db, seq, at, ticket, dossier, d)
    if ticket:
        _visit(db, seq, at, ticket, dossier, "collect")


def _visited(db: sqlite3.Connection, seq: int, at: int, ticket: str, dossier: str, d: Data) -> None:
    _visit(db, seq, at, ticket, dossier, d["purpose"])


def _reentered(db: sqlite3.Connection, seq: int, at: int, ticket: str, dossier: str, d: Data) -> None:
    db.execute("UPDATE dossier_reentries SET ticket = ? WHERE code = ?", (ticket, d["reentry"]))


def _corrected(db: sqlite3.Connection, seq: int, at: int, ticket: str, dossier: str, d: Data) -> None:
    _set(db, seq, dossier, d["set"])
    if d["papers"] is not None:
        db.execute("DELETE FROM dossier_papers WHERE dossier = ?", (dossier,))
        _papers(db, dossier, d["papers"])


def _erased(db: sqlite3.Connection, seq: int, at: int, ticket: str, dossier: str, d: Data) -> None:
    db.execute("INSERT OR IGNORE INTO dossier_erased VALUES (?)", (dossier,))


def _left(db: sqlite3.Connection, left: dict[str, Data]) -> None:
    """What the office has left behind, of each dossier the whole; nothing is no row."""
    db.executemany("DELETE FROM dossier_left WHERE dossier = ?", [(key,) for key in left])
    rows = [(key, json.dumps(columns, ensure_ascii=False, sort_keys=True)) for key, columns in left.items() if columns]
    db.executemany("INSERT INTO dossier_left VALUES (?, ?)", rows)


def _set(db: sqlite3.Connection, seq: int, dossier: str, values: Data) -> None:
    names = [name for name in CHANGEABLE if name in values]
    assigned = "".join(f"{name} = ?, " for name in names)
    sql = f"UPDATE dossiers SET {assigned}seq = ? WHERE key = ?"  # noqa: S608 — constant names of columns
    db.execute(sql, (*(values[name] for name in names), seq, dossier))


def _papers(db: sqlite3.Connection, dossier: str, papers: list[list[Any]]) -> None:
    (last,) = db.execute("SELECT coalesce(max(n), 0) FROM dossier_papers WHERE dossier = ?", (dossier,)).fetchone()
    db.executemany(
        "INSERT INTO dossier_papers VALUES (?, ?, ?, ?, ?)",
        [(dossier, n, *paper) for n, paper in enumerate(papers, start=last + 1)],
    )


def _visit(db: sqlite3.Connection, seq: int, at: int, ticket: str, dossier: str, purpose: str) -> None:
    db.execute(
        "INSERT INTO dossier_visits VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", (dossier, ticket, purpose, at, seq)
    )


_CHANGES: Final[dict[str, Callable[..., None]]] = {
    "dossier.received": _received,
    "dossier.imported": _imported,
    "dossier.moved": _moved,
    "dossier.supplement_asked": _asked,
    "dossier.supplemented": _supplemented,
    "dossier.rescheduled": _rescheduled,
    "dossier.returned": _returned,
    "dossier.visited": _visited,
    "dossier.reentered": _reentered,
    "dossier.corrected": _corrected,
    "dossier.erased": _erased,
}
