"""The footage index: which pieces of which camera cover a stretch of time, and what is missing in it."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from office.store import Act

LONGEST_MS: Final = 180_000
"""No piece is longer; so a look-up reads a bounded stretch of the index, whatever its size."""

JOINT_MS: Final = 400
"""Pieces that follow each other within so much have no gap between them: frames are tens of ms apart, and with the last
one the picture shown is never older than half a second."""

NEVER: Final = 1 << 62
"""A moment after all others."""

Span = tuple[int, int]
"""First and last moment, ms UTC."""

_COLUMNS = 'camera, start, "end", bytes, keyframes, gaps'


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one camera in one file. ``begins`` and ``ends`` in ms UTC; ``keyframes`` and ``gaps`` in ms after
    ``begins``."""

    camera: str
    begins: int
    ends: int
    bytes: int
    keyframes: tuple[int, ...] = (0,)
    gaps: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """What there is of a stretch: whole pieces in order, the spans that can be seen, and those that cannot."""

    pieces: tuple[Piece, ...]
    spans: tuple[Span, ...]
    gaps: tuple[Span, ...]


def path_of(folder: Path, camera: str, begins: int) -> Path:
    """Where the piece of ``camera`` that begins at ``begins`` (ms UTC) lies below ``folder``."""
    at = datetime.fromtimestamp(begins // 1000, UTC)
    return folder / camera / f"{at:%Y%m%d}" / f"{at:%Y%m%dT%H%M%S}.{begins % 1000:03d}Z.mp4"


def begin_of(path: Path) -> int:
    """The moment (ms UTC) that a piece's file name tells. Raises ValueError for another file's name."""
    text, _, rest = path.name.partition(".")
    at = datetime.strptime(text, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return int(at.timestamp()) * 1000 + int(rest.partition("Z")[0])


def keep(act: Act, pieces: Iterable[Piece]) -> None:
    """Put ``pieces``, each whole on disk, into the index; one that stands there already is written anew.

    Raises ValueError for a piece of no length or longer than ``LONGEST_MS``.
    """
    rows = []
    for one in pieces:
        if not 0 < one.ends - one.begins <= LONGEST_MS:
            raise ValueError(f"a piece of {one.ends - one.begins} ms")
        rows.append((one.camera, one.begins, one.ends, one.bytes, json.dumps(one.keyframes), json.dumps(one.gaps)))
    act.db.executemany(f"INSERT OR REPLACE INTO footage ({_COLUMNS}) VALUES (?,?,?,?,?,?)", rows)  # noqa: S608 — fixed


def drop(act: Act, camera: str, begins: Iterable[int]) -> None:
    """Take pieces, by their first moments, out of the index."""
    act.db.executemany("DELETE FROM footage WHERE camera = ? AND start = ?", ((camera, one) for one in begins))


def pieces(db: sqlite3.Connection, camera: str, begins: int, ends: int) -> list[Piece]:
    """The pieces of ``camera`` that have something of [begins, ends), in order."""
    rows = db.execute(
        f'SELECT {_COLUMNS} FROM footage WHERE camera = ? AND start > ? AND start < ? AND "end" > ? ORDER BY start',  # noqa: S608
        (camera, begins - LONGEST_MS, ends, begins),
    )
    return [_piece(row) for row in rows]


def last(db: sqlite3.Connection, camera: str) -> Piece | None:
    """The newest piece of ``camera``."""
    sql = f"SELECT {_COLUMNS} FROM footage WHERE camera = ? ORDER BY start DESC LIMIT 1"  # noqa: S608 — fixed columns
    row = db.execute(sql, (camera,)).fetchone()
    return _piece(row) if row else None


def page(db: sqlite3.Connection, camera: str, after: int, limit: int, before: int = NEVER) -> list[Piece]:
    """At most ``limit`` pieces of ``camera``, in order, that begin after ``after`` and before ``before``, ms UTC."""
    sql = f"SELECT {_COLUMNS} FROM footage WHERE camera = ? AND start > ? AND start < ? ORDER BY start LIMIT ?"  # noqa: S608
    return [_piece(row) for row in db.execute(sql, (camera, after, before, limit))]


def starts(db: sqlite3.Connection, camera: str) -> list[int]:
    """The first moments of all pieces of ``camera``, in order."""
    return [one for (one,) in db.execute("SELECT start FROM footage WHERE camera = ? ORDER BY start", (camera,))]


def nearest(db: sqlite3.Connection, camera: str, at: int) -> list[Span]:
    """The last piece of ``camera`` that begins before ``at`` (ms UTC) and the first after it, as far as there are."""
    sql = 'SELECT start, "end" FROM footage WHERE camera = ? AND start'
    before = db.execute(f"{sql} <= ? ORDER BY start DESC LIMIT 1", (camera, at)).fetchone()
    after = db.execute(f"{sql} > ? ORDER BY start LIMIT 1", (camera, at)).fetchone()
    return [(one, other) for one, other in filter(None, (before, after))]


def cameras(db: sqlite3.Connection) -> list[str]:
    """The cameras of which there is footage; a step of the index for each, however many pieces there are."""
    found: list[str] = []
    sql = "SELECT camera FROM footage WHERE camera > ? ORDER BY camera LIMIT 1"
    while row := db.execute(sql, (found[-1] if found else "",)).fetchone():
        found.append(row[0])
    return found


def cover(db: sqlite3.Connection, camera: str, begins: int, ends: int) -> Coverage:
    """What the index has of [begins, ends) of ``camera``."""
    found = pieces(db, camera, begins, ends)
    spans = joined(span for one in found for span in seen(one))
    inside = tuple((max(a, begins), min(b, ends)) for a, b in spans if b > begins and a < ends)
    return Coverage(tuple(found), inside, missing(inside, begins, ends))


def seen(piece: Piece) -> list[Span]:
    """The spans of ``piece`` that have frames, ms UTC."""
    spans, at = [], piece.begins
    for lost_from, lost_to in piece.gaps:
        spans.append((at, piece.begins + lost_from))
        at = piece.begins + lost_to
    spans.append((at, piece.ends))
    return [span for span in spans if span[1] > span[0]]


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order, those that touch (``JOINT_MS``) or overlap made one."""
    whole: list[Span] = []
    for begins, ends in sorted(spans):
        if whole and begins - whole[-1][1] <= JOINT_MS:
            whole[-1] = (whole[-1][0], max(whole[-1][1], ends))
        else:
            whole.append((begins, ends))
    return tuple(whole)


def missing(spans: Iterable[Span], begins: int, ends: int) -> tuple[Span, ...]:
    """What ``spans`` (in order, apart) leave out of [begins, ends); under ``JOINT_MS`` at an edge is none."""
    gaps, at = [], begins
    for one, other in spans:
        if one - at > (JOINT_MS if at == begins else 0):
            gaps.append((at, one))
        at = max(at, other)
    if ends - at > JOINT_MS:
        gaps.append((at, ends))
    return tuple(gaps)


def _piece(row: tuple[str, int, int, int, str, str]) -> Piece:
    camera, begins, ends, size, keyframes, gaps = row
    return Piece(camera, begins, ends, size, tuple(json.loads(keyframes)), tuple((a, b) for a, b in json.loads(gaps)))
