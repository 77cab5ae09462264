"""Why there is no footage of a moment: it was not recorded yet, it is deleted by now, or it is missing; then perhaps
because the camera was lost."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

from office import footage, journal, retention
from office.footage import Span
from office.outages import Outage
from office.settings import Settings

Reason = Literal["not_yet", "purged", "missing"]
REASONS: Final[tuple[Reason, ...]] = ("not_yet", "purged", "missing")


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without footage, ms UTC. ``lost``: why its camera gave nothing then, as camera.lost tells it, or ''."""

    begins: int
    ends: int
    reason: Reason
    lost: str = ""


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
        later: Reason = "purged" if _purged(db, camera, (deleted, ends)) else "missing"
        stretches = Gap(begins, first, "not_yet"), Gap(first, deleted, "purged"), Gap(deleted, ends, later)
        found += [one for one in stretches if one.begins < one.ends]
    return found


def lost(gaps: Iterable[Gap], camera: str, outages: Iterable[Outage]) -> list[Gap]:
    """``gaps`` of ``camera``, those that are missing while one of ``outages`` lasted with its reason."""
    mine = [one for one in outages if one.camera == camera]

    def told(gap: Gap) -> Gap:
        touching = (one for one in mine if one.begins < gap.ends and (one.ends is None or one.ends > gap.begins))
        first = next(touching, None) if gap.reason == "missing" else None
        return replace(gap, lost=first.reason) if first else gap

    return [told(gap) for gap in gaps]


def _purged(db: sqlite3.Connection, camera: str, span: Span) -> bool:
    """Whether something of ``span`` was purged though older footage is there: the disk was full, that is held."""
    sql = (
        "SELECT json_extract(data, '$.ends') FROM journal INDEXED BY journal_kind WHERE kind = 'footage.purged'"
        " AND seq > ? AND json_extract(data, '$.camera') = ? AND json_extract(data, '$.cause') IN ('age', 'disk')"
    )
    begins, ends = span
    after = journal.seq_before(db, begins)
    last = db.execute(f"{sql} ORDER BY seq DESC LIMIT 1", (after, camera)).fetchone()
    if begins >= ends or last is None or last[0] <= begins:  # the oldest goes first: nothing so young has gone as yet
        return False
    touching = f"{sql} AND json_extract(data, '$.begins') < ? AND json_extract(data, '$.ends') > ? LIMIT 1"
    return db.execute(touching, (after, camera, ends, begins)).fetchone() is not None


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
        return (footage.NEVER, footage.NEVER) if start is None else (start, start)
    purged = int(json.loads(row[0])["begins"])
    return (purged, purged) if start is None else (min(purged, start), start)
