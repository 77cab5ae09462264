"""Which footage goes: what is older than the days people were told, then the oldest when the disk is full; never what
is held (DOMAIN 6.3, 2: common choice 30 days, Law 91/2025/QH15 keeps no number)."""

import heapq
import sqlite3
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Final, Literal

from office import footage, holding, journal
from office.clock import day_start, local
from office.footage import Piece, Span
from office.settings import Settings
from office.store import Act

PAGE: Final = 500
Cause = Literal["age", "disk", "missing"]
"""Why pieces went. ``missing``: their files were not there any more when folder and index were compared."""


def kept_from(settings: Settings, now: int) -> int:
    """The first moment (ms UTC) whose footage is kept at ``now``: the start of the day ``camera_notice.days`` ago."""
    zone = settings.office.zone
    first = local(now, zone).date() - timedelta(days=settings.camera_notice.days)
    return day_start(first, zone)


def aged(db: sqlite3.Connection, settings: Settings, now: int) -> Iterator[Piece]:
    """The pieces whose days are over at ``now`` (ms UTC) and that nobody holds, oldest first."""
    before = kept_from(settings, now)
    for piece in oldest(db, settings, now):
        if piece.begins >= before:
            return
        if piece.ends <= before:
            yield piece


def oldest(db: sqlite3.Connection, settings: Settings, now: int) -> Iterator[Piece]:
    """All pieces that nobody holds at ``now`` (ms UTC), of all cameras, oldest first.

    Read in pages, so that taking a few costs a few; pieces may be dropped from the index meanwhile.
    """
    holds = holding.every(db, local(now, settings.office.zone).date())
    each = (_free(db, camera, holding.spans(holds, camera)) for camera in footage.cameras(db))
    return heapq.merge(*each, key=attrgetter("begins"))


def unheld(db: sqlite3.Connection, settings: Settings, pieces: Iterable[Piece], now: int) -> list[Piece]:
    """Those of ``pieces`` that nobody holds at ``now`` (ms UTC), as the file says at this moment."""
    holds = holding.every(db, local(now, settings.office.zone).date())
    asked = list(pieces)
    held = {camera: holding.spans(holds, camera) for camera in {one.camera for one in asked}}
    return [one for one in asked if not _is_held(one, held[one.camera])]


def purge(act: Act, settings: Settings, gone: Iterable[Piece], cause: Cause) -> list[Piece]:
    """Take ``gone`` out of the index and tell it, one event a camera; the pieces that went.

    What was held since ``gone`` was read stays. The files go after the act: one that a crash leaves is found at the
    next start.
    """
    went = sorted(unheld(act.db, settings, gone, act.now), key=attrgetter("camera", "begins"))
    for camera, group in groupby(went, key=attrgetter("camera")):
        forget(act, settings.office.id, camera, list(group), cause)
    return went


def forget(act: Act, office: str, camera: str, some: list[Piece], cause: Cause) -> None:
    """Take ``some`` pieces of ``camera``, at least one, in order, out of the index, and tell it in one event."""
    footage.drop(act, camera, (one.begins for one in some))
    data = {
        "camera": camera, "begins": some[0].begins, "ends": max(one.ends for one in some),
        "pieces": len(some), "bytes": sum(one.bytes for one in some), "cause": cause,
    }  # fmt: skip
    journal.append(act, "footage.purged", office=office, actor="system", data=data)


def filled(db: sqlite3.Connection) -> bool:
    """Whether the last that was told of the disk is that it is nearly full."""
    sql = "SELECT kind FROM journal WHERE kind IN ('disk.filled', 'disk.eased') ORDER BY seq DESC LIMIT 1"
    row = db.execute(sql).fetchone()
    return row is not None and row[0] == "disk.filled"


def _free(db: sqlite3.Connection, camera: str, held: list[Span]) -> Iterator[Piece]:
    """The pieces of ``camera`` that have nothing of ``held`` (apart, in order), in order. What is held is not read:
    this is asked every few seconds, and there may be months of holds."""
    after = -1
    for begins, ends in (*held, (footage.NEVER, footage.NEVER)):
        while page := footage.page(db, camera, after, PAGE, begins):
            after = page[-1].begins
            yield from (piece for piece in page if piece.ends <= begins)
        after = max(after, ends - 1)


def _is_held(piece: Piece, held: list[Span]) -> bool:
    """Whether one of ``held`` (apart, in order) has something of ``piece``."""
    first = bisect_right(held, piece.begins, key=itemgetter(1))
    return first < len(held) and held[first][0] < piece.ends
