"""The server's end of a cutter (camera/cutter.py): one process, one order at a time, a few that wait, none for long."""

import json
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from apart.child import Child, GoneError
from camera import CameraFault, FaultKind
from office.errors import FootageBusy

PROGRAM: Final = (sys.executable, "-m", "camera.cutter")
START_S: Final = 20.0
WAITING: Final = 12
"""So many orders wait at most: each holds a thread of the server."""
WAIT_S: Final = 8.0
BUSY_S: Final = 3
"""When to ask again, seconds."""


class Cutter:
    """Starts with the first order, or earlier by ``start``; for several threads. ``close`` ends it.

    ``waiting`` orders wait their turn at most, each ``wait_s`` at most.
    """

    def __init__(self, program: Sequence[str] = PROGRAM, *, waiting: int = WAITING, wait_s: float = WAIT_S) -> None:
        self._program = list(program)
        self._wait_s = wait_s
        self._turn = threading.Lock()
        self._places = threading.BoundedSemaphore(waiting + 1)
        self._child: Child | None = None
        self._closed = False
        self._used = time.monotonic()

    @property
    def pid(self) -> int | None:
        """Its process; None while there is none."""
        child = self._child
        return child.pid if child is not None and child.running else None

    def start(self) -> None:
        """Have the process ready. Raises CameraFault when it does not come up."""
        with self._turn:
            self._running()

    def ask(self, order: dict[str, Any], longest_s: float) -> dict[str, Any]:
        """The answer to ``order``. A process that gives none within ``longest_s`` is ended.

        Raises FootageBusy when too many wait, CameraFault.
        """
        with self._own_turn():
            child = self._running()
            child.hand(json.dumps(order).encode() + b"\n")
            told = self._heard(child, longest_s)
        if not told["ok"]:
            raise CameraFault(FaultKind(told["fault"]), told["detail"])
        return told

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
        self._closed = True
        self._end()

    @contextmanager
    def _own_turn(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise FootageBusy("too many clips wait to be cut", seconds=BUSY_S)
        try:
            if not self._turn.acquire(timeout=self._wait_s):
                raise FootageBusy(f"the clips before this one took more than {self._wait_s:.3g} s", seconds=BUSY_S)
            try:
                yield
            finally:
                self._used = time.monotonic()
                self._turn.release()
        finally:
            self._places.release()

    def _running(self) -> Child:
        if self._closed:
            raise CameraFault(FaultKind.UNKNOWN, "the cutter is shutting down")
        if self._child is not None and self._child.running:
            return self._child
        self._end()
        try:
            child = self._child = Child(self._program, silent=True)
        except GoneError as fault:
            raise CameraFault(FaultKind.UNKNOWN, f"the cutter's process: {fault}") from None
        self._heard(child, START_S)
        return child

    def _heard(self, child: Child, longest_s: float) -> dict[str, Any]:
        """Its next answer; without one in time it is cleared away for a new one."""
        try:
            return child.hear(longest_s)
        except TimeoutError:
            self._end()
            raise CameraFault(FaultKind.STALLED, f"not done after {longest_s:.3g} s") from None
        except GoneError as fault:
            self._end()
            raise CameraFault(FaultKind.UNKNOWN, f"the cutter's process: {fault}") from None

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()
