"""Why there is no footage of a moment: it was not recorded yet, it is deleted by now, or it is missing; then perhaps
because the camera was lost."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal

from office import footage, holding, journal, retention
from office.clock import local
from office.footage import Span
from office.outages import Outage
from office.settings import Settings

Reason = Literal["not_yet", "purged", "missing"]
REASONS: Final[tuple[Reason, ...]] = ("not_yet", "purged", "missing")
SLACK_MS: Final = 15_000
"""A stream is told lost, and back, some seconds after its footage ends and begins: a piece lasts ten."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without footage, ms UTC. ``lost``: why its camera gave nothing then, as camera.lost tells it, or ''."""

    begins: int
    ends: int
    reason: Reason
    lost: str = ""


def explained(db: sqlite3.Connection, settings: Settings, camera: str, gaps: tuple[Span, ...], now: int) -> list[Gap]:
    """``gaps`` of ``camera`` with their reasons at ``now`` (ms UTC), divided where the reason changes.

    What is held goes neither by age nor for room: of it only what went before it was held was deleted. Of footage that
    stays on its recorder (NVR) only that it is missing: the recorder tells no more.
    """
    if not settings.camera_by_name[camera].recorded:
        return [Gap(begins, ends, "missing") for begins, ends in gaps]
    begun, kept = _known(db, camera)
    kept = max(kept, retention.kept_from(settings, now))
    holds = [one for one in holding.every(db, local(now, settings.office.zone).date()) if camera in one.cameras]
    edges = [begun, kept, *(at for one in holds for at in (one.begins, one.ends))]

    def why(span: Span) -> Reason:
        if span[1] <= begun:
            return "not_yet"
        held = [one.seq for one in holds if one.begins <= span[0] and span[1] <= one.ends]
        if not held and span[1] <= kept:
            return "purged"
        return "purged" if _purged(db, camera, span, min(held, default=footage.NEVER)) else "missing"

    return [gap for one in gaps for gap in _joined(Gap(*span, why(span)) for span in _cut(one, edges))]


def lost(gaps: Iterable[Gap], camera: str, outages: Iterable[Outage]) -> list[Gap]:
    """``gaps`` of ``camera``, divided where one of ``outages`` begins or ends: what lies in one has its reason, and was
    never there to be deleted, whatever its age."""
    mine = [one for one in outages if one.camera == camera]
    return [part for gap in gaps for part in (_joined(_told(gap, mine)) if gap.reason != "not_yet" else [gap])]


def _told(gap: Gap, outages: list[Outage]) -> Iterator[Gap]:
    """``gap`` in parts that lie in one of ``outages`` or in none."""
    known = [
        (_near(one.begins, gap.begins), gap.ends if one.ends is None else _near(one.ends, gap.ends), one.reason)
        for one in outages
    ]
    for begins, ends in _cut((gap.begins, gap.ends), [at for one in known for at in one[:2]]):
        why = next((reason for since, until, reason in known if since <= begins and ends <= until), "")
        yield replace(gap, begins=begins, ends=ends, reason="missing" if why else gap.reason, lost=why)


def _near(at: int, edge: int) -> int:
    """``edge`` where ``at`` is that but for the time it takes to be told."""
    return edge if abs(at - edge) <= SLACK_MS else at


def _cut(span: Span, edges: Iterable[int]) -> list[Span]:
    """``span`` in parts, at those of ``edges`` that lie in it."""
    return list(pairwise(sorted({*span, *(at for at in edges if span[0] < at < span[1])})))


def _joined(parts: Iterable[Gap]) -> list[Gap]:
    """``parts``, each beginning where the one before ends, those with the same reason made one."""
    found: list[Gap] = []
    for one in parts:
        if found and replace(found[-1], begins=one.begins, ends=one.ends) == one:
            found[-1] = replace(found[-1], ends=one.ends)
        else:
            found.append(one)
    return found


def _purged(db: sqlite3.Connection, camera: str, span: Span, until: int) -> bool:
    """Whether something of ``span`` was purged, as an event before the number ``until`` tells, though older footage is
    there: the disk was full, that is held."""
    sql = (
        "SELECT 1 FROM journal INDEXED BY journal_kind WHERE kind = 'footage.purged' AND seq > ? AND seq < ?"
        " AND json_extract(data, '$.camera') = ? AND json_extract(data, '$.cause') IN ('age', 'disk')"
        " AND json_extract(data, '$.begins') < ? AND json_extract(data, '$.ends') > ? LIMIT 1"
    )
    begins, ends = span
    return db.execute(sql, (journal.seq_before(db, begins), until, camera, ends, begins)).fetchone() is not None


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
