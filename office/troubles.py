"""What the eyes on the cameras told: pictures of no use, and since when (camera.troubled and camera.cleared)."""

import json
import sqlite3
from dataclasses import dataclass, replace
from typing import Final

LIMIT: Final = 400
"""Events that are looked through: those of months, where cameras are well kept."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture of no use. ``seq`` and ``at`` of its event; ``before`` and ``now`` the moments of its two pictures, ms
    UTC, ``before`` 0 without one; ``cleared`` when it ended, None while it lasts."""

    seq: int
    at: int
    camera: str
    trouble: str
    before: int
    now: int
    cleared: int | None = None


def recent(db: sqlite3.Connection) -> list[Seen]:
    """The last troubles, newest first, with their ends."""
    sql = (
        "SELECT seq, at, kind, data FROM journal INDEXED BY journal_kind"
        " WHERE kind IN ('camera.troubled', 'camera.cleared') ORDER BY seq DESC LIMIT ?"
    )
    found: dict[int, Seen] = {}
    lasting: dict[str, int] = {}
    for seq, at, kind, text in reversed(db.execute(sql, (LIMIT,)).fetchall()):
        data = json.loads(text)
        camera = str(data["camera"])
        before = lasting.pop(camera, 0)
        if before:
            found[before] = replace(found[before], cleared=at)
        if kind == "camera.troubled":
            found[seq] = Seen(seq, at, camera, str(data["trouble"]), int(data["before"]), int(data["now"]))
            lasting[camera] = seq
    return sorted(found.values(), key=lambda one: -one.seq)


def between(db: sqlite3.Connection, camera: str, begins: int, ends: int) -> list[Seen]:
    """The troubles of ``camera`` that touch [begins, ends), ms UTC, the oldest first."""
    mine = (one for one in reversed(recent(db)) if one.camera == camera)
    return [one for one in mine if one.at < ends and (one.cleared is None or one.cleared > begins)]


def standing(db: sqlite3.Connection) -> dict[str, Seen]:
    """What troubles cameras now, by their names."""
    return {one.camera: one for one in recent(db) if one.cleared is None}
