"""The journal's pulse: one reader of the journal serves every event stream.

Each event is turned into bytes once for each audience and kept in a short ring; a stream that is further behind than
the ring reaches reads the journal itself. A slow stream waits on its own and holds nobody up. While there is no stream
the journal is left alone.
"""

import json
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final, Literal

from office import journal
from office.clock import rfc3339
from office.journal import Event
from office.kinds import public_data
from office.settings import Settings
from office.store import Store

log = logging.getLogger(__name__)
RING = 2000
BEAT_S = 5.0
REST_S = 0.5

Audience = Literal["screen", "clerk", "all"]
"""Who follows: a screen (public kinds and fields), a clerk (what happens in the hall), a supervisor or a system."""

CLERKS: Final = (
    *("ticket.", "counter.", "printer.", "slip.", "help.", "hall.", "dossier."),
    *("scan.arrived", "scan.hinted", "scanner."),
)
"""Kinds a clerk's stream tells; who signed in or was refused, and what was set up, is a supervisor's to see."""

BULKY: Final = frozenset({"columns", "rows", "left"})
"""Fields that no stream carries, and no page of the journal unasked: an import may have 100,000 dossiers, and what the
office has left behind is for later imports alone."""

LEFT_OUT: Final = frozenset({"number", "service", "token"})
"""Fields that the API does not show in an event's data: two are its ticket's, the token is its citizen's alone."""


class Beat:
    """One event as bytes, made when the first stream of an audience asks for them."""

    def __init__(self, event: Event, settings: Settings) -> None:
        self.seq = event.seq
        self._event = event
        self._settings = settings
        self._full: bytes | None = None
        self._public: bytes | None = None

    def text(self, audience: Audience) -> bytes:
        """What ``audience`` is told; empty when the event is not for it."""
        if audience == "screen":
            return self._for_screens()
        if audience == "clerk" and not self._event.kind.startswith(CLERKS):
            return b""
        return self._whole()

    def _whole(self) -> bytes:
        if self._full is None:
            self._full = frame(self._event, self._event.data, self._settings, full=True)
        return self._full

    def _for_screens(self) -> bytes:
        if self._public is None:
            seen = public_data(self._event.kind, self._event.data)
            self._public = b"" if seen is None else frame(self._event, seen, self._settings, full=False)
        return self._public


class Pulse:
    """Follows the journal in one thread and hands it to any number of streams, at most ``streams`` at once."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._condition = threading.Condition()
        self._ring: deque[Beat] = deque(maxlen=RING)
        self._head = journal.head(store.read())[0]
        self._streams = 0
        self._stopped = False
        self.beat_s = BEAT_S
        """Seconds between beats; a dial for tests."""

    @property
    def streams(self) -> int:
        """Streams open now."""
        return self._streams

    @property
    def head(self) -> int:
        """The seq of the newest event seen; behind the journal while there is no stream."""
        return self._head

    def run(self, stop: threading.Event) -> None:
        """Follow the journal until ``stop``, here or below; for a thread of its own. A failure is logged and tried
        again: streams that only beat would look well and tell nothing."""
        while not (stop.is_set() or self._stopped):
            try:
                self._turn()
            except Exception:
                log.exception("the pulse stumbled and goes on")
                stop.wait(REST_S)

    def _turn(self) -> None:
        if not self._streams:
            self._rest()
            return
        seen = self._store.changes.count  # before the read: no wake-up is lost
        beats = self._read(self._head)
        if beats:
            self._push(beats)
        else:
            self._store.changes.wait(seen, 0.5)

    def stop(self) -> None:
        """End every stream."""
        with self._condition:
            self._stopped = True
            self._condition.notify_all()

    def enter(self) -> bool:
        """Take a place for a stream; False when all are taken. ``leave`` gives it back."""
        with self._condition:
            if self._stopped or self._streams >= self._settings.web.streams:
                return False
            self._streams += 1
            self._condition.notify_all()  # the pulse may rest
            return True

    def leave(self) -> None:
        """Give a stream's place back."""
        with self._condition:
            self._streams -= 1

    def follow(
        self, since: int | None, audience: Audience, welcome: Callable[[], bool] = lambda: True
    ) -> Iterator[bytes]:
        """The stream's bytes: events after ``since`` (None: from now on), then each as it comes, and beats.

        A beat tells the journal's head. The first one's is read afresh: a page that has seen more than that knows that
        an older journal was put back. ``welcome`` is asked at every beat: the stream of someone who was removed, or
        whose session is over, ends.
        """
        newest = journal.head(self._store.read())[0]  # what the reader was told may be ahead of this pulse
        place = newest if since is None else min(since, newest)
        yield b"retry: 1000\n" + beat(newest)
        asked = time.monotonic()
        while not self._stopped:
            if time.monotonic() - asked >= self.beat_s:
                if not welcome():
                    return
                asked = time.monotonic()
            beats = self._after(place)
            if beats:
                place = beats[-1].seq
                payload = b"".join(one.text(audience) for one in beats)
                if payload:
                    yield payload
            elif not self._wait(place):
                yield beat(place)

    def _after(self, place: int) -> list[Beat]:
        with self._condition:
            if self._head <= place:
                return []
            first = self._ring[0].seq if self._ring else self._head + 1
            if first <= place + 1:
                return list(islice(self._ring, place + 1 - first, None))
        return self._read(place)

    def _wait(self, place: int) -> bool:
        with self._condition:
            return self._condition.wait_for(lambda: self._head > place or self._stopped, self.beat_s)

    def _push(self, beats: list[Beat]) -> None:
        with self._condition:
            self._ring.extend(beats)
            self._head = beats[-1].seq
            self._condition.notify_all()

    def _read(self, since: int) -> list[Beat]:
        return [self._beat(event) for event in journal.read(self._store.read(), since)]

    def _beat(self, event: Event) -> Beat:
        return Beat(event, self._settings)

    def _rest(self) -> None:
        """Wait until there is a stream, then go on from the journal's end: what is between a stream reads itself."""
        with self._condition:
            self._condition.wait_for(lambda: self._streams > 0 or self._stopped, REST_S)
        newest = journal.head(self._store.read())[0]
        with self._condition:
            self._ring.clear()
            self._head = max(self._head, newest)
            self._condition.notify_all()


def beat(head: int) -> bytes:
    """The sign of life between events."""
    return b'event: beat\ndata: {"head":%d}\n\n' % head


def shown(event: Event, data: dict[str, Any], settings: Settings, *, full: bool) -> dict[str, Any]:
    """An event as the API shows it, with the part of its data that the reader may see; a dossier only in ``full``.

    A ticket's token, which opens its phone page, is shown to nobody.
    """
    rest = {key: value for key, value in data.items() if key not in LEFT_OUT}
    ticket = None
    if event.ticket:
        ticket = {"id": event.ticket, "number": data.get("number"), "service": data.get("service")}
    return {
        "seq": event.seq,
        "at": rfc3339(event.at, settings.office.zone),
        "kind": event.kind,
        "counter": event.counter or None,
        "ticket": ticket,
        "dossier": (event.dossier or None) if full else None,
        "data": rest,
    }


def lean(data: dict[str, Any]) -> dict[str, Any]:
    """An event's data without what is too much to show."""
    return {name: value for name, value in data.items() if name not in BULKY}


def frame(event: Event, data: dict[str, Any], settings: Settings, *, full: bool) -> bytes:
    """An event as server-sent bytes."""
    body = json.dumps(shown(event, lean(data), settings, full=full), ensure_ascii=False, separators=(",", ":"))
    return f"id: {event.seq}\nevent: {event.kind}\ndata: {body}\n\n".encode()
