"""What each event does to the tables. The only writer of tickets, series and counters: a replay is the same code.

The register of dossiers has a file of its own, office/dossier_projection.py.
"""

import json
import sqlite3
from collections.abc import Callable
from typing import Any, Final

from office import dossier_projection

Data = dict[str, Any]
Row = tuple[int, str, str, Data]
"""at (ms UTC), ticket id, counter id, data"""


def apply(
    db: sqlite3.Connection, kind: str, seq: int, at: int, ticket: str, counter: str, dossier: str, data: Data
) -> None:
    """Bring the tables up to date with one event. Kinds that change no table are passed over."""
    change = _CHANGES.get(kind)
    if change is not None:
        change(db, seq, at, ticket, counter, data)
    elif kind.startswith("dossier."):
        dossier_projection.apply(db, kind, seq, at, ticket, dossier, data)


def _issued(db: sqlite3.Connection, seq: int, at: int, ticket: str, _: str, d: Data) -> None:
    db.execute(
        "INSERT INTO series VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET last = excluded.last",
        (d["day"], d["series"], d["n"]),
    )
    db.execute(
        "INSERT INTO tickets VALUES (?,?,?,?,?,?,?,?,?,?,'waiting',?,?,'','',NULL,NULL,NULL,NULL,NULL,0,0,'',?,?)",
        (
            ticket, d["day"], d["number"], d["series"], d["n"], d["token"], d["service"], d["priority"],
            d["verified"], d["language"], at, d["place"], d["dossier"], seq,
        ),
    )  # fmt: skip


def _called(db: sqlite3.Connection, _: int, at: int, ticket: str, counter: str, d: Data) -> None:
    db.execute(
        "UPDATE tickets SET state = 'called', counter = ?, target = '', called_at = ?, last_call_at = ?,"
        " started_at = NULL, ended_at = NULL, hold_until = NULL, calls = calls + 1, recalls = 0 WHERE id = ?",
        (counter, at, at, ticket),
    )
    db.execute("UPDATE counters SET ticket = ?, priority_run = ? WHERE id = ?", (ticket, d["priority_run"], counter))


def _recalled(db: sqlite3.Connection, _: int, at: int, ticket: str, counter: str, d: Data) -> None:
    db.execute(
        "UPDATE tickets SET recalls = ?, last_call_at = ? WHERE id = ?",
        (d["recall"], at, ticket),
    )


def _started(db: sqlite3.Connection, _: int, at: int, ticket: str, counter: str, d: Data) -> None:
    db.execute("UPDATE tickets SET state = 'serving', started_at = ? WHERE id = ?", (at, ticket))


def _finished(db: sqlite3.Connection, _: int, at: int, ticket: str, counter: str, d: Data) -> None:
    _ended(db, "finished", at, ticket)


def _absent(db: sqlite3.Connection, _: int, at: int, ticket: str, counter: str, d: Data) -> None:
    _ended(db, "absent", at, ticket)


def _cancelled(db: sqlite3.Connection, _: int, at: int, ticket: str, counter: str, d: Data) -> None:
    _ended(db, "cancelled", at, ticket)


def _ended(db: sqlite3.Connection, state: str, at: int, ticket: str) -> None:
    db.execute(
        "UPDATE tickets SET state = ?, ended_at = ?, target = '', hold_until = NULL WHERE id = ?",
        (state, at, ticket),
    )
    _free(db, ticket)


def _free(db: sqlite3.Connection, ticket: str) -> None:
    db.execute("UPDATE counters SET ticket = '' WHERE ticket = ?", (ticket,))


def _reopened(db: sqlite3.Connection, _: int, at: int, ticket: str, counter: str, d: Data) -> None:
    db.execute("UPDATE tickets SET state = 'serving', ended_at = NULL WHERE id = ?", (ticket,))
    db.execute("UPDATE counters SET ticket = ? WHERE id = ?", (ticket, counter))


def _held(db: sqlite3.Connection, _: int, at: int, ticket: str, counter: str, d: Data) -> None:
    db.execute("UPDATE tickets SET state = 'held', hold_until = ? WHERE id = ?", (d["until"], ticket))
    _free(db, ticket)


def _returned(db: sqlite3.Connection, _: int, at: int, ticket: str, counter: str, d: Data) -> None:
    db.execute(
        "UPDATE tickets SET state = 'waiting', hold_until = NULL, ended_at = NULL, target = ? WHERE id = ?",
        (d["target"], ticket),
    )


def _transferred(db: sqlite3.Connection, _: int, at: int, ticket: str, counter: str, d: Data) -> None:
    db.execute(
        "UPDATE tickets SET state = 'waiting', service = ?, target = ? WHERE id = ?",
        (d["to_service"], d["target"], ticket),
    )
    _free(db, ticket)


def _checked(db: sqlite3.Connection, _: int, at: int, ticket: str, counter: str, d: Data) -> None:
    if d["confirmed"]:
        db.execute("UPDATE tickets SET verified = 1 WHERE id = ?", (ticket,))
    else:
        db.execute("UPDATE tickets SET verified = 1, priority = '', place = ? WHERE id = ?", (d["place"], ticket))


def _printed(db: sqlite3.Connection, _: int, at: int, ticket: str, counter: str, d: Data) -> None:
    db.execute("UPDATE tickets SET slip = 'printed' WHERE id = ?", (ticket,))


def _unprinted(db: sqlite3.Connection, _: int, at: int, ticket: str, counter: str, d: Data) -> None:
    if ticket:
        db.execute("UPDATE tickets SET slip = 'failed' WHERE id = ? AND slip != 'printed'", (ticket,))


def _counter(state: str) -> Callable[..., None]:
    def change(db: sqlite3.Connection, _: int, at: int, ticket: str, counter: str, d: Data) -> None:
        db.execute(
            "INSERT INTO counters VALUES (?, ?, ?, ?, '', 0) ON CONFLICT DO UPDATE SET"
            " state = excluded.state, person = excluded.person, since = excluded.since",
            (counter, state, d["person"], at),
        )

    return change


def _footage_held(db: sqlite3.Connection, _: int, at: int, ticket: str, counter: str, d: Data) -> None:
    db.execute(
        "INSERT INTO footage_holds VALUES (?,?,?,?,?,?,?,?,0)",
        (
            d["hold"], json.dumps(d["cameras"]), d["begins"], d["ends"], d["reason"], d["owner"], d["until"],
            d["cause"],
        ),
    )  # fmt: skip


def _footage_released(db: sqlite3.Connection, _: int, at: int, ticket: str, counter: str, d: Data) -> None:
    db.execute("UPDATE footage_holds SET released = ? WHERE hold = ?", (at, d["hold"]))


_CHANGES: Final[dict[str, Callable[..., None]]] = {
    "ticket.issued": _issued,
    "ticket.called": _called,
    "ticket.recalled": _recalled,
    "ticket.started": _started,
    "ticket.finished": _finished,
    "ticket.reopened": _reopened,
    "ticket.absent": _absent,
    "ticket.held": _held,
    "ticket.returned": _returned,
    "ticket.transferred": _transferred,
    "ticket.cancelled": _cancelled,
    "ticket.priority_checked": _checked,
    "ticket.printed": _printed,
    "printer.failed": _unprinted,
    "counter.opened": _counter("open"),
    "counter.paused": _counter("paused"),
    "counter.closed": _counter("closed"),
    "footage.held": _footage_held,
    "footage.released": _footage_released,
}
