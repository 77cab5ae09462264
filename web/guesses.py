"""Unknown codes are counted by who sends them: a few are receipts of other offices, many are somebody trying.

The same code again is none more: whoever holds a receipt up three times learns nothing by it.
"""

import hashlib
import secrets
import threading
import time
from collections.abc import Iterable
from typing import Final

from office import journal
from office.errors import TooManyTries
from office.settings import Settings
from office.store import Act

WINDOW_S: Final = 300.0
NAMES_MAX: Final = 1000


class Guesses:
    """Counts in memory: forgetting them on a restart harms nobody. Codes are kept as signs that do not tell them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._salt = secrets.token_bytes(16)
        self._misses: dict[str, dict[bytes, float]] = {}

    def check(self, name: str, most: int) -> None:
        """Raises TooManyTries while ``most`` unknown codes of ``name`` lie within the window: known ones are not told
        apart then, so a guess learns nothing."""
        now = time.monotonic()
        with self._lock:
            begun = list(self._of(name, now).values())
            if len(begun) >= most:
                left_s = max(1, round(begun[len(begun) - most] + WINDOW_S - now))
                raise TooManyTries(f"{name}: {most} unknown codes in {WINDOW_S:.0f} s", seconds=left_s)

    def miss(self, name: str, code: str) -> int:
        """Count an unknown ``code`` of ``name``; how many lie within the window, or 0 when this one did already."""
        sign = hashlib.blake2b(code.encode("utf-8", "replace"), key=self._salt, digest_size=8).digest()
        now = time.monotonic()
        with self._lock:
            misses = self._of(name, now)
            if sign in misses:
                return 0
            misses[sign] = now
            return len(misses)

    def note(self, act: Act, settings: Settings, name: str, most: int, codes: Iterable[str]) -> None:
        """Count unknown ``codes`` of ``name``; the one that makes it ``most`` is told to the supervisor."""
        counts = [self.miss(name, code) for code in codes]
        if most in counts:
            told = {"count": max(counts), "window_s": round(WINDOW_S), "by": name.partition(":")[2] or name}
            journal.append(act, "scan.guessed", office=settings.office.id, actor=name, data=told)

    def _of(self, name: str, now: float) -> dict[bytes, float]:
        if len(self._misses) > NAMES_MAX:
            self._misses.clear()
        misses = self._misses.setdefault(name, {})
        for sign, at in list(misses.items()):
            if at > now - WINDOW_S:
                break
            del misses[sign]
        return misses
