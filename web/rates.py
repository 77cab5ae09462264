"""Soft limits on what a screen may do in a minute (DOMAIN 8.4: without identity, a limit on the kiosk)."""

import threading
import time
from collections import deque

from office.errors import TooManyTries

WINDOW_S = 60.0
NAMES_MAX = 1000


class Rates:
    """Counts acts by name within the last minute, in memory: forgetting them on a restart harms nobody."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._acts: dict[str, deque[float]] = {}

    def check(self, name: str, most: int) -> None:
        """Count one act of ``name``. Raises TooManyTries when ``most`` were counted within a minute already."""
        now = time.monotonic()
        with self._lock:
            if len(self._acts) > NAMES_MAX:
                self._acts.clear()
            acts = self._acts.setdefault(name, deque())
            while acts and acts[0] <= now - WINDOW_S:
                acts.popleft()
            if len(acts) >= most:
                raise TooManyTries(f"{name}: {most} a minute", seconds=max(1, round(acts[0] + WINDOW_S - now)))
            acts.append(now)
