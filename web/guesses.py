"""Unknown codes are counted by who sends them: a few are receipts of other offices, many are somebody trying."""

import threading
import time
from collections import deque
from typing import Final

from office import journal
from office.errors import TooManyTries
from office.settings import Settings
from office.store import Act

WINDOW_S: Final = 300.0
NAMES_MAX: Final = 1000


class Guesses:
    """Counts in memory: forgetting them on a restart harms nobody."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._misses: dict[str, deque[float]] = {}

    def check(self, name: str, most: int) -> None:
        """Raises TooManyTries while ``most`` unknown codes of ``name`` lie within the window: known ones are not told
        apart then, so a guess learns nothing."""
        now = time.monotonic()
        with self._lock:
            misses = self._of(name, now)
            if len(misses) >= most:
                left_s = max(1, round(misses[len(misses) - most] + WINDOW_S - now))
                raise TooManyTries(f"{name}: {most} unknown codes in {WINDOW_S:.0f} s", seconds=left_s)

    def miss(self, name: str) -> int:
        """Count one unknown code of ``name``; how many lie within the window."""
        now = time.monotonic()
        with self._lock:
            misses = self._of(name, now)
            misses.append(now)
            return len(misses)

    def note(self, act: Act, settings: Settings, name: str, most: int, codes: int = 1) -> None:
        """Count ``codes`` unknown codes of ``name``; the one that makes it ``most`` is told to the supervisor."""
        counts = [self.miss(name) for _ in range(codes)]
        if most in counts:
            told = {"count": counts[-1], "window_s": round(WINDOW_S)}
            journal.append(act, "scan.guessed", office=settings.office.id, actor=name, data=told)

    def _of(self, name: str, now: float) -> deque[float]:
        if len(self._misses) > NAMES_MAX:
            self._misses.clear()
        misses = self._misses.setdefault(name, deque())
        while misses and misses[0] <= now - WINDOW_S:
            misses.popleft()
        return misses
