"""What the eyes on the cameras told: pictures of no use, and since when (camera.troubled and camera.cleared)."""

import json
import sqlite3
from dataclasses import dataclass, replace
from typing import Final

from office import journal
from office.errors import NotFound
from office.footage_errors import AlarmOver
from office.settings import Settings
from office.store import Act

LIMIT: Final = 400
"""Events that are looked through: those of months, where cameras are well kept."""

ACCEPTED: Final = ("moved", "blurred")
"""Troubles that a picture has only beside the usual one: they end when somebody says that it is right so."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture of no use. ``seq`` and ``at`` of its event; ``before`` and ``now`` the moments of its two pictures, ms
    UTC, ``before`` 0 without one; ``cleared`` when it ended, None while it lasts; ``accepted``: because
    somebody said that it is right so."""

    seq: int
    at: int
    camera: str
    trouble: str
    before: int
    now: int
    cleared: int | None = None
    accepted: bool = False


def recent(db: sqlite3.Connection) -> list[Seen]:
    """The last troubles, newest first, with their ends."""
    sql = (
        "SELECT seq, at, kind, data FROM journal INDEXED BY journal_kind"
        " WHERE kind IN ('camera.troubled', 'camera.cleared', 'camera.view_accepted') ORDER BY seq DESC LIMIT ?"
    )
    found: dict[int, Seen] = {}
    lasting: dict[str, int] = {}
    for seq, at, kind, text in reversed(db.execute(sql, (LIMIT,)).fetchall()):
        data = json.loads(text)
        camera = str(data["camera"])
        before = lasting.pop(camera, 0)
        if before:
            found[before] = replace(found[before], cleared=at, accepted=kind == "camera.view_accepted")
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


def accept(act: Act, settings: Settings, seq: str, *, actor: str) -> Seen:
    """Say that what the camera of alarm ``seq`` shows is right so: the alarm ends, its eye learns anew.

    Raises NotFound for no such alarm, AlarmOver for one that ended or that is no matter of the usual view.
    """
    one = next((one for one in recent(act.db) if str(one.seq) == seq), None)
    if one is None:
        raise NotFound("no such alarm")
    if one.cleared is not None or one.trouble not in ACCEPTED:
        raise AlarmOver("this alarm has ended, or is not about the usual view")
    data = {"camera": one.camera, "trouble": one.trouble, "alarm": one.seq}
    journal.append(act, "camera.view_accepted", office=settings.office.id, actor=actor, data=data)
    return one


def accepted_at(db: sqlite3.Connection, camera: str) -> int:
    """When the view of ``camera`` was accepted last, ms UTC; 0 for never. What was learned before counts no more."""
    sql = (
        "SELECT at FROM journal INDEXED BY journal_kind WHERE kind = 'camera.view_accepted'"
        " AND json_extract(data, '$.camera') = ? ORDER BY seq DESC LIMIT 1"
    )
    row = db.execute(sql, (camera,)).fetchone()
    return int(row[0]) if row else 0
