"""From what engines see in single frames to what is acted on: agreement, each receipt once, a hint after a while."""

import time
from collections.abc import Iterable
from datetime import date
from typing import Final, Protocol

from scanner.reading import shape
from scanner.reading.drivers import load
from scanner.reading.found import Found, Verdict
from scanner.reading.picture import Picture

AGREE_S: Final = 3.0
"""Two frames agree when they give the same text within this time."""
HINT_S: Final = 2.0
GONE_S: Final = 2.5
"""A receipt not seen for this long has been taken away; the same one may come again."""
LONGEST_S: Final = 30.0
"""A receipt that lies there unread holds its place no longer than this."""
WEAK_S: Final = 0.7
"""How long a text that the hall cannot act on waits for a better one on the same paper."""


class Looks(Protocol):
    """What sees codes in a frame."""

    def look(self, frame: Picture, *, eager: bool = True) -> tuple[list[Found], str]:
        """The codes of ``frame``, and what keeps a code-like thing in it from reading ("" when there is none)."""


class Reader:
    """The frames of one lens, through ``engines`` (default: the real ones). Not for several threads."""

    def __init__(self, engines: Looks | None = None) -> None:
        self._engines: Looks = engines or load("frames")()
        self._seen: dict[tuple[str, str], tuple[float, float, int]] = {}
        self._held: dict[str, tuple[float, float]] = {}
        self._unread_since: float | None = None

    def feed(self, frame: Picture, at: float | None = None) -> Verdict:
        """One more frame, taken at ``at`` seconds (default: now) of a steady clock."""
        now = time.monotonic() if at is None else at
        today = shape.today()
        found, trouble = self._engines.look(frame, eager=not self._held)
        self._forget(now, still_there=bool(found or trouble))
        agreed = [one for one in found if self._agreed(one, now, today)]
        for one in sorted(agreed, key=lambda each: not shape.key(each.text, today)):
            if self._is_news(one, now, today):
                self._unread_since = None
                return Verdict(found=one)
        return Verdict(hint=self._hint(trouble, now, bool(agreed)))

    def _agreed(self, found: Found, now: float, today: date) -> bool:
        """Squares correct themselves; bars need a second frame, and more when they are no code of the office."""
        name = (found.symbology, found.text)
        first, _, times = self._seen.get(name, (now, now, 0))
        self._seen[name] = (first, now, times + 1)
        needed = 1 if found.symbology == "qr" else 2 if shape.whole(found.text, today) else 4
        return times + 1 >= needed

    def _is_news(self, found: Found, now: float, today: date) -> bool:
        key = shape.key(found.text, today)
        if not key and (self._acted(now) or now - self._seen[found.symbology, found.text][0] < WEAK_S):
            return False
        known = (key or found.text) in self._held
        self._held[key or found.text] = (now, now)
        return not known

    def _acted(self, now: float) -> bool:
        """Whether a code of this very paper was given already."""
        return any(now - seen <= GONE_S for seen, _ in self._held.values())

    def _forget(self, now: float, *, still_there: bool) -> None:
        """Drop what has not been seen for long; something code-like under the lens may still be the same receipt."""
        held: Iterable[tuple[str, tuple[float, float]]] = list(self._held.items())
        for key, (there, read) in held:
            if now - there > GONE_S:
                del self._held[key]
            elif still_there and now - read < LONGEST_S:
                self._held[key] = (now, read)
        for name, (_, last, _) in list(self._seen.items()):
            if now - last > AGREE_S:
                del self._seen[name]

    def _hint(self, trouble: str, now: float, read: bool) -> str:
        """``trouble`` once it has lasted; while a receipt that was read lies there, nothing is wrong."""
        if read or not trouble or self._held:
            self._unread_since = None
            return ""
        if self._unread_since is None:
            self._unread_since = now
        return trouble if now - self._unread_since >= HINT_S else ""
