"""From what engines see in single frames to what is acted on: agreement, each receipt once, a hint after a while."""

import time
from datetime import date
from typing import Protocol

from scanner.reading import shape
from scanner.reading.drivers import load
from scanner.reading.found import Found, Verdict
from scanner.reading.picture import Picture

AGREE_S = 3.0
"""Two frames agree when they give the same text within this time."""
HINT_S = 2.0
GONE_S = 2.5
"""A receipt not read for this long has been taken away; the same one may come again."""
WEAK_S = 0.7
"""How long a text that the hall cannot act on waits for a better one on the same paper."""


class Looks(Protocol):
    """What sees codes in a frame."""

    def look(self, frame: Picture) -> tuple[list[Found], str]:
        """The codes of ``frame``, and what keeps a code-like thing in it from reading ("" when there is none)."""


class Reader:
    """The frames of one lens, through ``engines`` (default: the real ones). Not for several threads."""

    def __init__(self, engines: Looks | None = None) -> None:
        self._engines: Looks = engines or load("frames")()
        self._seen: dict[tuple[str, str], tuple[float, int]] = {}
        self._held: dict[str, float] = {}
        self._unread_since: float | None = None

    def feed(self, frame: Picture, at: float | None = None) -> Verdict:
        """One more frame, taken at ``at`` seconds (default: now) of a steady clock."""
        now = time.monotonic() if at is None else at
        today = date.today()  # noqa: DTZ011 - the office PC's own day
        found, trouble = self._engines.look(frame)
        for one in found:
            self._unread_since = None
            if self._agreed(one, now, today) and self._is_new(shape.key(one.text, today) or one.text, now):
                return Verdict(found=one)
        return Verdict(hint="" if found else self._hint(trouble, now))

    def _agreed(self, found: Found, now: float, today: date) -> bool:
        name = (found.symbology, found.text)
        last, times = self._seen.get(name, (now, 0))
        times = times + 1 if now - last <= AGREE_S else 1
        self._seen[name] = (now, times)
        needed = 1 if found.symbology == "qr" else 2 if shape.whole(found.text, today) else 4
        return times >= needed

    def _is_new(self, key: str, now: float) -> bool:
        last = self._held.get(key)
        self._held[key] = now
        return last is None or now - last > GONE_S

    def _hint(self, trouble: str, now: float) -> str:
        if not trouble:
            self._unread_since = None
            return ""
        if self._unread_since is None:
            self._unread_since = now
        return trouble if now - self._unread_since >= HINT_S else ""
