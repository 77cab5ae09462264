"""How full the disk of the footage is, and the alarm about it: told once when it fills, once when it has room again."""

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from camera import CameraFault, FaultKind
from office import journal, retention
from office.camera_sections import FootageSettings
from office.settings import Settings
from office.store import Store

EASED: Final = 0.03
"""The alarm ends when the disk is emptier by this share than where it began: one that stands at the limit is told
once."""
MB: Final = 1_000_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Room:
    """A disk in bytes: what is used, and what the server may still write (less than all that is free where the system
    keeps some for itself)."""

    used: int
    free: int

    @property
    def share(self) -> float:
        """How full it is, 0 to 1."""
        return self.used / max(1, self.used + self.free)

    def over(self, share: float) -> int:
        """Bytes that must go until ``share`` of it is full; negative: so much may still come."""
        return self.used - int(share * (self.used + self.free))


Usage = Callable[[], Room]
"""Measures the disk."""


def room(folder: Path) -> Room:
    """The disk that ``folder`` is or will be on. Raises OSError."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    found = shutil.disk_usage(folder)
    return Room(found.used, found.free)


def check(folder: Path, settings: FootageSettings) -> str:
    """One line on the disk of the footage in ``folder``; raises CameraFault when it is nearly full, OSError."""
    now = room(folder)
    line = f"{now.share:.0%} full, {now.free / 1e9:.1f} GB free"
    if now.share >= settings.alarm_share:
        what = "make room or keep footage for fewer days (camera_notice.days)"
        raise CameraFault(FaultKind.DISK, f"{line}, from {settings.alarm_share:.0%} on that is nearly full: {what}")
    return f"{line}, alarm at {settings.alarm_share:.0%}, oldest footage goes at {settings.disk_share:.0%}"


class Alarm:
    """Whether the disk counts as nearly full, in the journal and across starts. ``usage`` measures it."""

    def __init__(self, store: Store, settings: Settings, usage: Usage) -> None:
        self._store = store
        self._settings = settings
        self._usage = usage
        self.filled = retention.filled(store.read())
        self.room = Room(0, 1)

    def look(self) -> Room:
        """Measure it, and tell what changed. Raises OSError."""
        self.room = now = self._usage()
        begins = self._settings.footage.alarm_share
        if not self.filled and now.share >= begins:
            log.warning("the disk of the footage is %.0f %% full", now.share * 100)
            self.filled = self._told("disk.filled", now)
        elif self.filled and now.share < begins - EASED:
            self.filled = not self._told("disk.eased", now)
        return now

    def _told(self, kind: str, now: Room) -> bool:
        """Write it down; whether that went well: on a full disk it is tried again with the next look."""
        data = {"share": round(now.share, 3), "free_mb": now.free // MB}
        try:
            with self._store.act() as act:
                journal.append(act, kind, office=self._settings.office.id, actor="system", data=data)
        except Exception:
            log.exception("not in the journal: %s %s", kind, data)
            return False
        return True
