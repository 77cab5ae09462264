"""What the clock of a camera or recorder was at a moment: the readings of the journal (camera.clock_read), each of
which holds until the next. Nothing is told of a time before the first: nobody had looked."""

import json
import sqlite3
from dataclasses import dataclass
from typing import Final

from office import journal
from office.settings import Settings

MOST: Final = 100
"""Readings told of one range at most: a clock that jumps more often than that has none."""
_SQL: Final = (
    "SELECT at, data FROM journal INDEXED BY journal_kind WHERE kind = 'camera.clock_read'"
    " AND json_extract(data, '$.camera') = ? AND seq"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """``offset_ms``: the source's clock less the office's; None where it was not known. ``since``: from when on that
    holds, ms UTC: when it was read, or the begin of the range."""

    since: int
    offset_ms: int | None

    @property
    def offset_s(self) -> float | None:
        """In seconds, as people are told."""
        return None if self.offset_ms is None else self.offset_ms / 1000


def last_ms(db: sqlite3.Connection, camera: str) -> int | None:
    """The offset that was told last, ms; None when none was."""
    row = db.execute(f"{_SQL} > 0 ORDER BY seq DESC LIMIT 1", (camera,)).fetchone()
    return int(json.loads(row[1])["offset_ms"]) if row else None


def around(db: sqlite3.Connection, at: int) -> tuple[int, int]:
    """When the last event at or before ``at`` (ms UTC) and the first after it were written, 0 for none."""
    seq = journal.seq_before(db, at + 1)
    sql = "SELECT at FROM journal WHERE seq = ?"
    before, after = (db.execute(sql, (one,)).fetchone() for one in (seq, seq + 1))
    return before[0] if before else 0, after[0] if after else 0


def last_leap(db: sqlite3.Connection) -> int:
    """When a leap of the office's own clock was told last, ms UTC; 0 for never."""
    sql = "SELECT at FROM journal INDEXED BY journal_kind WHERE kind = 'clock.leapt' ORDER BY seq DESC LIMIT 1"
    row = db.execute(sql).fetchone()
    return int(row[0]) if row else 0


def between(db: sqlite3.Connection, settings: Settings, camera: str, begins: int, ends: int) -> list[Reading]:
    """What held in [begins, ends), ms UTC, in order; the first holds from ``begins`` on.

    Of a clock that was never read at all, what configuration says of it, if that is not nothing.
    """
    first, last = journal.seq_before(db, begins + 1), journal.seq_before(db, ends)
    before = db.execute(f"{_SQL} <= ? ORDER BY seq DESC LIMIT 1", (camera, first)).fetchone()
    inside = db.execute(f"{_SQL} > ? AND seq <= ? ORDER BY seq LIMIT ?", (camera, first, last, MOST)).fetchall()
    known = json.loads(before[1])["offset_ms"] if before else None
    if before is None and not inside and last_ms(db, camera) is None:
        known = round(settings.camera_by_name[camera].offset_s * 1000) or None
    return [Reading(begins, known), *(Reading(at, json.loads(data)["offset_ms"]) for at, data in inside)]
