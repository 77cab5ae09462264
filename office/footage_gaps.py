"""Why there is no footage of a moment: it was not recorded yet, it is deleted by now, or it is missing."""

import json
import sqlite3
from dataclasses import dataclass
from typing import Final, Literal

from office import footage, retention
from office.footage import Span
from office.settings import Settings

Reason = Literal["not_yet", "purged", "missing"]
REASONS: Final[tuple[Reason, ...]] = ("not_yet", "purged", "missing")


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without footage, ms UTC."""

    begins: int
    ends: int
    reason: Reason


def explained(db: sqlite3.Connection, settings: Settings, camera: str, gaps: tuple[Span, ...], now: int) -> list[Gap]:
    """``gaps`` of ``camera`` with their reasons at ``now`` (ms UTC), divided where the reason changes.

    Of footage that stays on its recorder (NVR) only that it is missing: the recorder tells no more.
    """
    if not settings.camera_by_name[camera].recorded:
        return [Gap(begins, ends, "missing") for begins, ends in gaps]
    begun, kept = _known(db, camera)
    kept = max(kept, retention.kept_from(settings, now))
    found: list[Gap] = []
    for begins, ends in gaps:
        first, deleted = min(max(begins, begun), ends), min(max(begins, begun, kept), ends)
        stretches = Gap(begins, first, "not_yet"), Gap(first, deleted, "purged"), Gap(deleted, ends, "missing")
        found += [one for one in stretches if one.begins < one.ends]
    return found


def _known(db: sqlite3.Connection, camera: str) -> Span:
    """The first moment there ever was footage of, and the first that no purge has reached, ms UTC; far ahead where
    there was never any."""
    sql = (
        "SELECT data FROM journal INDEXED BY journal_kind WHERE kind = 'footage.purged'"
        " AND json_extract(data, '$.camera') = ? ORDER BY seq LIMIT 1"
    )
    oldest = footage.page(db, camera, -1, 1)
    start = oldest[0].begins if oldest else None
    row = db.execute(sql, (camera,)).fetchone()
    if row is None:
        never = 1 << 62
        return (never, never) if start is None else (start, start)
    purged = int(json.loads(row[0])["begins"])
    return (purged, purged) if start is None else (min(purged, start), start)
