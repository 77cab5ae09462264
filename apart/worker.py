"""A process that several threads give orders, one at a time: begun with the first, anew after it ended or hung."""

import json
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from apart.child import Child, GoneError

START_S: Final = 20.0
"""Longest start: libraries of some 100 MB, and Windows builds its speech bindings on the first one."""


class BusyError(Exception):
    """As many orders wait as may, or this one waited too long; nothing is wrong with the process."""


class Worker:
    """Runs ``program``, which says one line when it can work and then one line an order. ``close`` ends it.

    ``waiting`` orders wait their turn at most (each holds a thread of the server), each ``wait_s`` at most (-1: as
    long as it takes). ``silent``: what it writes to stderr is lost.
    """

    def __init__(
        self, program: Sequence[str], *, waiting: int = sys.maxsize - 1, wait_s: float = -1, silent: bool = False
    ) -> None:
        self._program = list(program)
        self._silent = silent
        self._wait_s = wait_s
        self._turn = threading.Lock()
        self._places = threading.BoundedSemaphore(waiting + 1)
        self._child: Child | None = None
        self._closed = threading.Event()
        self._used = time.monotonic()
        self.starts = 0

    @property
    def pid(self) -> int | None:
        """Its process; None while there is none."""
        child = self._child
        return child.pid if child is not None and child.running else None

    def start(self) -> None:
        """Have the process ready before the first order. Raises TimeoutError or GoneError when it does not come up."""
        with self._turn:
            self._ready()

    def tell(self, order: dict[str, Any], longest_s: float, data: bytes = b"") -> dict[str, Any]:
        """Its answer to ``order``, which goes to it as a line of JSON with ``data`` after it.

        Raises BusyError; TimeoutError when it gives none within ``longest_s``, GoneError when it ended or is closed:
        the next order then finds a new process.
        """
        with self._own_turn():
            child = self._ready()
            child.hand(json.dumps(order).encode() + b"\n" + data)
            return self._heard(child, longest_s, "no answer within")

    def rest(self, idle_s: float) -> None:
        """End the process if it has had nothing to do for so long; the next order starts another."""
        if self._turn.acquire(blocking=False):
            try:
                if time.monotonic() - self._used > idle_s:
                    self._end()
            finally:
                self._turn.release()

    def close(self) -> None:
        """End it; orders after this are refused."""
        self._closed.set()
        self._end()

    @contextmanager
    def _own_turn(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise BusyError("too many wait for their turn")
        try:
            if not self._turn.acquire(timeout=self._wait_s):
                raise BusyError(f"those before it took more than {self._wait_s:.3g} s")
            try:
                yield
            finally:
                self._used = time.monotonic()
                self._turn.release()
        finally:
            self._places.release()

    def _ready(self) -> Child:
        if self._child is not None and self._child.running:
            return self._child
        self._end()
        if self._closed.is_set():
            raise GoneError("it is shutting down")
        self.starts += 1
        child = self._child = Child(self._program, silent=self._silent)
        if self._closed.is_set():  # closed while it was being started: the closing thread has not seen this one
            self._end()
        self._heard(child, START_S, "not ready after")
        return child

    def _heard(self, child: Child, longest_s: float, late: str) -> dict[str, Any]:
        """What it says next; without a word in time it is cleared away for a new one."""
        try:
            return child.hear(longest_s)
        except TimeoutError:
            self._end()
            raise TimeoutError(f"{late} {longest_s:.3g} s, it was ended") from None
        except GoneError:
            self._end()
            raise

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()
