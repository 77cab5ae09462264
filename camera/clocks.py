"""How far each source's clock is ahead of the office's: kept, told in the journal when it changes, and asked for where
the stream does not tell."""

import logging
import threading
import time
from math import inf
from typing import Final

from camera.keeping import Keeping
from camera.source_clock import Where, offset_ms, where
from office.camera_sections import CameraSettings

STEP_MS: Final = 500
"""The first reading ever, and one that differs from the last told by more, is told in the journal, a change of a few
seconds not at once (``QUIET_S``): what held at a moment, or nearly, can be looked up years later
(office/clock_reads.py)."""
QUIET_S: Final = 600.0
"""So long a change of a few seconds waits after the last that was told: some cameras' reports waver with each, and the
journal is no place for that."""
FIRST_S: Final = 3.0
EVERY_S: Final = 300.0
OFF_MS: Final = 5_000
"""Further than this from what was configured is trouble: the time in its picture misleads."""

log = logging.getLogger(__name__)


class Clock:
    """One source's clock. ``offset_ms``: how far it is ahead, None while unknown; ``streamed``: its stream tells that;
    ``silent``: nothing answers at its address."""

    def __init__(self, settings: CameraSettings, keeping: Keeping) -> None:
        self.settings = settings
        self.offset_ms: int | None = None
        self.streamed = False
        self.silent = False
        self._keeping = keeping
        self._known_ms = keeping.last_offset_ms(settings.name)
        self._told_at = -inf

    @property
    def is_off(self) -> bool:
        """Whether it is not where configuration says."""
        return is_off(self.offset_ms, self.settings)

    def read(self, ahead_ms: int, *, streamed: bool = False) -> None:
        """It was found to be ``ahead_ms`` ahead."""
        self.streamed = self.streamed or streamed
        self.offset_ms = ahead_ms
        if self._is_news(ahead_ms):
            self._known_ms, self._told_at = ahead_ms, time.monotonic()
            self._keeping.tell("camera.clock_read", self.settings.name, offset_ms=ahead_ms)
            if abs(ahead_ms - self.settings.offset_s * 1000) > STEP_MS:
                log.warning("camera %s: its clock is %+.1f s off the office's", self.settings.name, ahead_ms / 1000)

    def _is_news(self, ahead_ms: int) -> bool:
        """Whether it is to be told: it is another than was told last, and does not only waver."""
        apart_ms = STEP_MS + 1 if self._known_ms is None else abs(ahead_ms - self._known_ms)
        return apart_ms > STEP_MS and (apart_ms > OFF_MS or time.monotonic() - self._told_at > QUIET_S)

    def ask(self, source: Where) -> None:
        """Ask it, unless its stream tells."""
        if self.streamed:
            return
        try:
            ahead_ms = offset_ms(source)
        except OSError:
            self.silent = True
            return
        self.silent = False
        if ahead_ms is not None:
            self.read(ahead_ms)


class Asking:
    """Asks the clocks whose streams do not tell, every ``every_s``; runs until ``stop``, in a thread of its own."""

    def __init__(self, clocks: tuple[Clock, ...], *, first_s: float = FIRST_S, every_s: float = EVERY_S) -> None:
        self._clocks = clocks
        self._first_s = first_s
        self._every_s = every_s

    def run(self, stop: threading.Event) -> None:
        """Ask until ``stop``."""
        pause = self._first_s
        while not stop.wait(pause):
            for clock in self._clocks:
                source = where(clock.settings)
                if source.host and not stop.is_set():
                    self._tried(clock, source)
            pause = self._every_s

    @staticmethod
    def _tried(clock: Clock, source: Where) -> None:
        """Ask; whatever a strange device answers ends no more than this asking."""
        try:
            clock.ask(source)
        except Exception:
            log.exception("the clock of %s is asked again later", clock.settings.name)


def is_off(ahead_ms: int | None, settings: CameraSettings) -> bool:
    """Whether a clock that is ``ahead_ms`` ahead of the office's is not where configuration says it is."""
    return ahead_ms is not None and abs(ahead_ms - settings.offset_s * 1000) > OFF_MS
