"""Counts and times of a day."""

import sqlite3
from dataclasses import dataclass
from statistics import median

from office import journal


@dataclass(frozen=True, slots=True)
class ClerkDay:
    """One clerk's day so far; times in seconds, None while there are none."""

    finished: int
    absent: int
    median_wait_s: int | None
    median_service_s: int | None


def clerk_day(db: sqlite3.Connection, person: str, begins: int) -> ClerkDay:
    """What ``person`` (sign-in name) has done since ``begins`` (ms UTC, local midnight)."""
    rows = db.execute(
        "SELECT DISTINCT t.id, t.state, t.called_at - t.arrived_at, t.ended_at - t.called_at FROM journal j"
        " JOIN tickets t ON t.id = j.ticket"
        " WHERE j.kind IN ('ticket.finished', 'ticket.absent') AND j.actor = ? AND j.seq > ?"
        " AND t.ended_at = j.at",
        (f"person:{person}", journal.seq_before(db, begins)),
    ).fetchall()
    done = [row for row in rows if row[1] == "finished"]
    return ClerkDay(
        finished=len(done),
        absent=sum(1 for row in rows if row[1] == "absent"),
        median_wait_s=_seconds([row[2] for row in done]),
        median_service_s=_seconds([row[3] for row in done]),
    )


def counts(db: sqlite3.Connection, day: str) -> dict[str, int]:
    """Tickets of ``day`` by state, for the metrics page."""
    ids = "SELECT state, count(*) FROM tickets WHERE id BETWEEN ? AND ? GROUP BY state"  # an id begins with its day
    prefix = day.replace("-", "")
    return dict(db.execute(ids, (f"{prefix}-", f"{prefix}.")).fetchall())


def _seconds(values: list[int]) -> int | None:
    return round(median(values) / 1000) if values else None
