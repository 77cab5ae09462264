"""Reading in a process of its own: some pictures make the libraries hang or abort, and then only that process ends."""

import json
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Final

from apart.child import Child, GoneError
from scanner.reading import STILL_MS, Found, UnreadablePicture, Verdict
from scanner.reading.picture import Picture

PROGRAM = (sys.executable, "-m", "scanner.reading.serving")
START_S = 20.0
GRACE_S = 3.0
"""Beyond its budget a picture gets this long before the process counts as hanging."""
WAITING: Final = 4
"""So many pictures wait for their turn at most: each may hold megabytes and a thread of the server."""
WAIT_S: Final = 8.0
"""A picture waits no longer for its turn: as long as three hard ones take."""


class DecoderFault(Exception):
    """This picture was not read: the process died on it or hung; the next one finds a new process."""

    busy: ClassVar[bool] = False


class DecoderBusy(DecoderFault):
    """As many pictures as may wait are waiting, or this one waited too long; nothing is wrong with any of them."""

    busy: ClassVar[bool] = True


class Decoder:
    """The process that reads. Starts with the first picture, or earlier by ``start``; for several threads.

    Pictures wait for their turn, a few of them and not for long.
    """

    def __init__(
        self,
        program: Sequence[str] = PROGRAM,
        *,
        grace_s: float = GRACE_S,
        waiting: int = WAITING,
        wait_s: float = WAIT_S,
    ) -> None:
        self._program = list(program)
        self._grace_s = grace_s
        self._wait_s = wait_s
        self._turn = threading.Lock()
        self._places = threading.BoundedSemaphore(waiting + 1)
        self._child: Child | None = None
        self._orders = 0
        self._closed = False
        self.starts = 0

    @property
    def pid(self) -> int | None:
        """The process that reads now; None when none runs."""
        child = self._child
        return child.pid if child is not None and child.running else None

    def start(self) -> None:
        """Have the process ready. Raises DecoderFault when it does not come up."""
        with self._turn:
            self._running()

    def read_bytes(self, data: bytes, budget_ms: float = STILL_MS) -> list[Found]:
        """The codes of a JPEG or PNG. Raises UnreadablePicture, DecoderBusy, DecoderFault."""
        told = self._ask({"do": "still", "budget_ms": budget_ms}, data, budget_ms / 1000 + self._grace_s)
        return [_found(one) for one in told["found"]]

    def feed(self, frame: Picture, lens: str = "", at: float | None = None) -> Verdict:
        """The next frame of a lens (its reader lives in the process). Raises DecoderBusy, DecoderFault."""
        when = time.monotonic() if at is None else at
        order = {"do": "frame", "shape": list(frame.shape), "lens": lens, "at": when}
        told = self._ask(order, frame.tobytes(), self._grace_s)
        return Verdict(_found(told["found"]) if told["found"] else None, told["hint"])

    def close(self) -> None:
        """End the process; pictures after this are refused."""
        self._closed = True
        self._end()

    def _ask(self, order: dict[str, Any], data: bytes, timeout_s: float) -> dict[str, Any]:
        with self._own_turn():
            child = self._running()
            self._orders += 1
            line = json.dumps(order | {"id": self._orders, "bytes": len(data)}).encode() + b"\n"
            child.hand(line + data)
            told = self._answer(child, timeout_s)
        if told["ok"]:
            return told
        raise UnreadablePicture(told["reason"]) if told["unreadable"] else DecoderFault(told["reason"])

    @contextmanager
    def _own_turn(self) -> Iterator[None]:
        """One picture at a time. Raises DecoderBusy at once when too many wait, or after the longest wait."""
        if not self._places.acquire(blocking=False):
            raise DecoderBusy("too many pictures wait to be read")
        try:
            if not self._turn.acquire(timeout=self._wait_s):
                raise DecoderBusy(f"the pictures before this one took more than {self._wait_s:.3g} s")
            try:
                yield
            finally:
                self._turn.release()
        finally:
            self._places.release()

    def _running(self) -> Child:
        if self._closed:
            raise DecoderFault("reading is shutting down")
        if self._child is not None and self._child.running:
            return self._child
        self._end()
        self.starts += 1
        try:
            child = self._child = Child(self._program)
        except GoneError as fault:
            raise DecoderFault(f"the reading process: {fault}") from fault
        self._answer(child, START_S)
        return child

    def _answer(self, child: Child, timeout_s: float) -> dict[str, Any]:
        """The next answer; a process that gives none in time, or ends, is cleared away for a new one."""
        try:
            return child.hear(timeout_s)
        except TimeoutError:
            self._end()
            raise DecoderFault(f"nothing read after {timeout_s:.3g} s, the reading process was ended") from None
        except GoneError as fault:
            self._end()
            raise DecoderFault(f"the reading process: {fault}") from None

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()


def _found(told: dict[str, Any]) -> Found:
    corners = tuple((float(x), float(y)) for x, y in told["corners"])
    return Found(told["symbology"], told["text"], told["engine"], corners)
