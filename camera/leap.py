"""The office's clock set far ahead (a flat battery, a wrong year) would make all footage look past its days.

A leap shows itself in what was written: events and pieces, then nothing for days, then now. For a day after it nothing
goes by age.
"""

import logging
from collections.abc import Iterator
from typing import Final

from office import clock_reads, footage, journal
from office.settings import Settings
from office.store import Store

DAY_MS: Final = 86_400_000

log = logging.getLogger(__name__)


class Leap:
    """Whether the clock of ``store`` leapt ahead by more than ``footage.leap_days`` within the last day.

    Read from the office's file alone, so that a leap is seen while the server runs, at a start, and after another.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self.ahead_ms = 0
        """By how much it leapt at the last look; 0 when it did not."""

    def believed(self) -> int:
        """The moment (ms UTC) by which footage is judged: now, or within a day after a leap the last before it."""
        now = self._store.clock()
        before, after = self._around(now)
        leapt = before > 0 and after - before > self._settings.footage.leap_days * DAY_MS
        self.ahead_ms = after - before if leapt else 0
        if leapt:
            self._tell(after)
        return before if leapt else now

    def _around(self, now: int) -> tuple[int, int]:
        """The last moment that something was written at until a day ago, and the first since: ``now`` if none was."""
        known = list(self._known(now - DAY_MS))
        return max((before for before, _ in known), default=0), min([now, *(after for _, after in known if after)])

    def _known(self, at: int) -> Iterator[tuple[int, int]]:
        """The last moment at or before ``at`` and the first after it, 0 for none: of the journal, of each camera."""
        db = self._store.read()
        yield clock_reads.around(db, at)
        for camera in footage.cameras(db):
            near = footage.nearest(db, camera, at)
            yield (
                max((min(end, at) for begin, end in near if begin <= at), default=0),
                min((begin for begin, _ in near if begin > at), default=0),
            )

    def _tell(self, after: int) -> None:
        """Write it down once."""
        if clock_reads.last_leap(self._store.read()) >= after:
            return
        log.warning("the clock leapt %.1f days ahead: no footage goes by age for a day", self.ahead_ms / DAY_MS)
        data = {"ahead_s": self.ahead_ms // 1000}
        with self._store.act() as act:
            journal.append(act, "clock.leapt", office=self._settings.office.id, actor="system", data=data)
