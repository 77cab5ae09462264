"""When cameras gave no footage, and why: camera.lost and camera.recovered of the journal as stretches of time."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from office import journal

LOOK_BACK: Final = 400
"""Events of cameras before the stretch that are looked through for one that still lasted."""
_SQL: Final = (
    "SELECT seq, at, kind, data FROM journal INDEXED BY journal_kind WHERE kind IN ('camera.lost', 'camera.recovered')"
)


@dataclass(frozen=True, slots=True)
class Outage:
    """A camera without footage. ``begins`` and ``ends`` in ms UTC, ``ends`` None while it lasts; ``reason`` as in
    the last camera.lost: one that a camera ends with becomes the one for which it does not come back."""

    camera: str
    begins: int
    ends: int | None
    reason: str


def between(db: sqlite3.Connection, begins: int, ends: int) -> list[Outage]:
    """The outages that touch [begins, ends), in order."""
    told = _told(_events(db, begins))
    touching = [one for one in told if one.begins < ends and (one.ends or ends) > begins]
    return sorted(touching, key=lambda one: (one.begins, one.camera))


def recent(db: sqlite3.Connection) -> list[Outage]:
    """The last outages, the newest first, those that last too."""
    rows = db.execute(f"{_SQL} ORDER BY seq DESC LIMIT ?", (LOOK_BACK,)).fetchall()
    told = _told([(at, kind, json.loads(data)) for _, at, kind, data in reversed(rows)])
    return sorted(told, key=lambda one: -one.begins)


def lost_since(db: sqlite3.Connection, camera: str) -> int | None:
    """Since when ``camera`` gives nothing, ms UTC, as it was told last; None where its return was told, or no loss."""
    sql = (
        "SELECT seq, at, data FROM journal INDEXED BY journal_kind WHERE kind = ?"
        " AND json_extract(data, '$.camera') = ? ORDER BY seq DESC LIMIT 1"
    )
    lost, back = (db.execute(sql, (kind, camera)).fetchone() for kind in ("camera.lost", "camera.recovered"))
    if lost is None or (back is not None and back[0] > lost[0]):
        return None
    return int(json.loads(lost[2]).get("since") or lost[1])


Told = tuple[int, str, dict[str, Any]]


def _told(events: Iterable[Told]) -> list[Outage]:
    """The outages that ``events``, in order, tell; those that last come last."""
    found: list[Outage] = []
    lost: dict[str, Outage] = {}
    for at, kind, data in events:
        camera = str(data.get("camera", ""))
        if kind == "camera.recovered" and camera in lost:
            found.append(replace(lost.pop(camera), ends=at))
        elif kind == "camera.lost":
            known = lost.get(camera) or Outage(camera, int(data.get("since") or at), None, "")
            lost[camera] = replace(known, reason=str(data.get("reason", "")))
    return [*found, *lost.values()]


def _events(db: sqlite3.Connection, begins: int) -> list[Told]:
    """Events of cameras from some before ``begins`` (ms UTC) to some after it."""
    middle = journal.seq_before(db, begins)
    before = db.execute(f"{_SQL} AND seq <= ? ORDER BY seq DESC LIMIT ?", (middle, LOOK_BACK)).fetchall()
    after = db.execute(f"{_SQL} AND seq > ? ORDER BY seq LIMIT ?", (middle, LOOK_BACK)).fetchall()
    return [(at, kind, json.loads(data)) for _, at, kind, data in (*reversed(before), *after)]
