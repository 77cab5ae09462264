"""What readers at the server have read, until its page asks for it: in memory only, half a minute, once.

The journal gets an opaque id, never the text: that may be a citizen's card.
"""

import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from office.errors import UnknownArrival

KEEP_S: Final = 30.0
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Arrival:
    """One code that was read. ``screen`` or ``counter`` is whose page may have it."""

    text: str = field(repr=False)
    symbology: str
    reader: str
    screen: str
    counter: str


@dataclass(slots=True)
class _Held:
    """An arrival since when (s of a steady clock), and the Idempotency-Key of who has had it."""

    at: float
    arrival: Arrival
    taken: str | None = None


class Inbox:
    """Arrivals by id, each for ``keep_s`` seconds."""

    def __init__(self, keep_s: float = KEEP_S) -> None:
        self.keep_s = keep_s
        self._lock = threading.Lock()
        self._held: OrderedDict[str, _Held] = OrderedDict()

    def put(self, arrival: Arrival) -> str:
        """Keep ``arrival`` for its page; the id it is asked for by."""
        name = secrets.token_urlsafe(9)
        with self._lock:
            self._forget_old()
            self._held[name] = _Held(time.monotonic(), arrival)
        return name

    def take(self, name: str, *, screen: str = "", counter: str = "", key: str = "") -> Arrival:
        """The arrival of that id, once; again only for the same Idempotency-Key ``key``, whose answer was lost.

        Raises UnknownArrival when there is none for this page.
        """
        with self._lock:
            self._forget_old()
            held = self._held.get(name)
            if held is None or (held.arrival.screen, held.arrival.counter) != (screen, counter):
                raise UnknownArrival("no such arrival for this page")
            if held.taken is not None and (not key or held.taken != key):
                raise UnknownArrival("this arrival was handled before")
            held.taken = key
            return held.arrival

    def _forget_old(self) -> None:
        oldest = time.monotonic() - self.keep_s
        while self._held and (len(self._held) > MOST or next(iter(self._held.values())).at < oldest):
            self._held.popitem(last=False)
