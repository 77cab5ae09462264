"""Keeps footage as long as people were told, and no longer: holds what must be held, deletes what is past its days,
then the oldest when the disk is full. A thread of its own, in small steps: nobody in the hall waits for it."""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

from camera import disk, leftovers
from camera.disk import MB, Alarm, Usage
from camera.leap import Leap
from office import footage, holding, retention
from office.errors import OfficeError
from office.follow import Follower
from office.footage import Piece
from office.retention import Cause
from office.settings import Settings
from office.store import Store

NAME: Final = "footage-holds"
ROUND_S: Final = 20.0
LEFTOVERS_S: Final = 3600.0
SETTLED_S: Final = 600.0
"""The first look for leftovers, when files and index are made to agree after a start."""
TOGETHER: Final = 100
"""Pieces an act: some 2 ms of the office's file."""
BREATH_S: Final = 0.05
MARGIN: Final = 0.005
"""A purge makes so much more room than it must, as a share of the disk: not a piece with every round."""
YOUNG_MS: Final = 600_000
"""A full disk takes nothing younger: whatever else fills it, the last minutes can be seen."""
SPARE: Final = 64 * MB
"""With less room than this the office's file may take no event: then files go first."""
DAY_MS: Final = 86_400_000

Which = Callable[[sqlite3.Connection, Settings, int], Iterator[Piece]]
"""Pieces that may go at a moment, oldest first."""

log = logging.getLogger(__name__)


class Keeper:
    """Footage below ``data``; ``usage`` measures its disk, the real one if not given; ``reconciled``: whether files and
    index were made to agree, before which nothing counts as in no index."""

    def __init__(
        self, store: Store, settings: Settings, data: Path, usage: Usage | None = None,
        reconciled: Callable[[], bool] = lambda: True,
    ) -> None:  # fmt: skip
        self._store = store
        self._settings = settings
        self._data = data
        self._folder = data / settings.footage.folder
        self._usage = usage or partial(disk.room, self._folder)
        self._reconciled = reconciled
        self._follower = Follower(store, NAME, holding.KINDS)
        self.alarm = Alarm(store, settings, self._usage)
        self._leap = Leap(store, settings)
        self._spent_at = 0
        self._stuck = False
        self._kept_days = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End it after the step under way."""
        self._stop.set()
        self._thread.join(5)

    def health(self) -> dict[str, Any]:
        """The disk's part in the health report. Reasons: ``filled`` nearly full, ``purging`` footage goes before its
        days, ``held`` full and nothing may go: recording ends when the last of it is written; ``leapt`` the
        clock was set far ahead, and nothing goes by age for a day."""
        room, reason = self.alarm.room, self._reason()
        return {
            "state": "trouble" if reason else "ok",
            "reason": reason,
            "share": round(room.share, 3),
            "free_mb": room.free // MB,
            "kept_days": round(self._kept_days, 1),
        }

    def hold(self) -> None:
        """Hold what gives cause to be held by itself, each with the follower's place in one act."""
        for event in self._follower.pending():
            with self._store.act() as act:
                try:
                    holding.by_itself(act, self._settings, event)
                except OfficeError as fault:
                    log.warning("event %d holds nothing: %s", event.seq, fault)
                self._follower.done(act, event.seq)

    def round(self) -> None:
        """The alarm first, then what is past its days, then what the disk has no room for. Raises OSError."""
        self.alarm.look()
        while some := self._next(retention.aged, self._store.clock()):
            self._gone(some, "age")
        self._make_room()
        self._kept_days = self._oldest_days()
        self.alarm.look()

    def clear(self) -> None:
        """Delete old files that no index knows; what a crash left is taken in first, and purged as such."""
        if not self._reconciled():
            return
        count = leftovers.clear(self._store, self._settings, self._data, self._leap.believed())
        if count:
            log.warning("%d old files that were in no index are deleted", count)

    def _run(self) -> None:
        works: tuple[tuple[Callable[[], None], float], ...] = (
            (self.hold, 0),
            (self.round, ROUND_S),
            (self.clear, LEFTOVERS_S),
        )
        due = [0.0, 0.0, time.monotonic() + SETTLED_S]
        while not self._stop.is_set():
            seen = self._follower.changes.count  # before the read: a write in between is not missed
            for place, (work, every_s) in enumerate(works):
                if time.monotonic() >= due[place]:
                    due[place] = time.monotonic() + self._tried(work, every_s)
            if not self._stop.is_set():
                self._follower.changes.wait(seen, 0.5)

    def _tried(self, work: Callable[[], None], every_s: float) -> float:
        """Do it; seconds until it is done again. A full disk must end no purge, so nothing here ends the thread."""
        try:
            work()
        except Exception:
            log.exception("the keeper of footage goes on after a fault")
            return max(every_s, 5.0)
        return every_s

    def _make_room(self) -> None:
        footage_settings = self._settings.footage
        self._stuck = False
        if self._usage().over(footage_settings.disk_share) <= 0:
            return
        need = self._usage().over(footage_settings.disk_share - MARGIN)  # once: some disks free later what is deleted
        while need > 0 and not self._stop.is_set():
            some = self._next(retention.oldest, self._old_before())
            if not some:
                now = self._leap.believed()
                spared = leftovers.spare(self._store, self._settings, self._folder, need, now)
                self._stuck = not spared and not self._stop.is_set()
                return
            need -= self._gone(_enough(some, need), "disk")
            self._spent_at = self._store.clock()

    def _next(self, which: Which, before: int) -> list[Piece]:
        """The next pieces to go that ended ``before`` and are not young; none once it is to stop. What is to be held is
        held first."""
        if self._stop.is_set():
            return []
        with suppress(Exception):  # a disk too full for a hold needs its purge the more; holds are of the last minutes
            self.hold()
        found = which(self._store.read(), self._settings, self._leap.believed())
        return list(islice((one for one in found if one.ends <= before and not self._is_young(one)), TOGETHER))

    def _gone(self, pieces: list[Piece], cause: Cause) -> int:
        """Purge those of ``pieces`` that are not held meanwhile: index and event first, then the files; their bytes."""
        try:
            went = self._purge(pieces, cause)
        except Exception:
            if not self._files_first():
                raise
            went = self._purge(pieces, cause)
        self._delete(went)
        self._stop.wait(BREATH_S)
        return sum(one.bytes for one in went)

    def _files_first(self) -> bool:
        """On a disk with no room for an event: delete the oldest files until there is some; whether there is now. Their
        rows are the next to be purged."""
        if self._usage().free > SPARE:
            return False
        now, before = self._leap.believed(), self._old_before()
        for one in retention.oldest(self._store.read(), self._settings, now):
            if one.ends > before:
                break
            if self._is_young(one):
                continue
            self._delete(retention.unheld(self._store.read(), self._settings, [one], now))
            if self._usage().free > SPARE:
                return True
        return False

    def _old_before(self) -> int:
        """The moment (ms UTC) that is not young any more; by the newest footage too, as the clock may be set back."""
        db = self._store.read()
        newest = (one.ends for camera in footage.cameras(db) if (one := footage.last(db, camera)))
        return max(self._store.clock(), *newest, 0) - YOUNG_MS

    def _is_young(self, piece: Piece) -> bool:
        """Whether it is of the last minutes by the clock, whatever else is dated years ahead."""
        return 0 <= self._store.clock() - piece.ends < YOUNG_MS

    def _purge(self, pieces: list[Piece], cause: Cause) -> list[Piece]:
        with self._store.act() as act:
            return retention.purge(act, self._settings, pieces, cause)

    def _delete(self, pieces: list[Piece]) -> None:
        for one in pieces:
            leftovers.remove(footage.path_of(self._folder, one.camera, one.begins))

    def _oldest_days(self) -> float:
        """How far back footage goes, in days."""
        db, now = self._store.read(), self._store.clock()
        firsts = [footage.page(db, camera, -1, 1)[0].begins for camera in footage.cameras(db)]
        return max(0, now - min(firsts, default=now)) / DAY_MS

    def _reason(self) -> str | None:
        if self._stuck:
            return "held"
        if self._leap.ahead_ms:
            return "leapt"
        if self._spent_at and self._store.clock() - self._spent_at < DAY_MS:
            return "purging"
        return "filled" if self.alarm.filled else None


def _enough(pieces: list[Piece], need: int) -> list[Piece]:
    """As many of the first ``pieces`` as make ``need`` bytes."""
    for count in range(1, len(pieces)):
        if sum(one.bytes for one in pieces[:count]) >= need:
            return pieces[:count]
    return pieces
