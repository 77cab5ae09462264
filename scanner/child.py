"""Reading in a process of its own: some pictures make the libraries hang or abort, and then only that process ends."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, ClassVar, Final

from scanner.reading import STILL_MS, Found, UnreadablePicture, Verdict
from scanner.reading.picture import Picture

ROOT = Path(__file__).resolve().parents[1]
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
        self._child: subprocess.Popen[bytes] | None = None
        self._answers: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        self._orders = 0
        self._closed = False
        self.starts = 0

    @property
    def pid(self) -> int | None:
        """The process that reads now; None when none runs."""
        child = self._child
        return child.pid if child is not None and child.poll() is None else None

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
            writing = threading.Thread(target=_write, args=(child, line + data), daemon=True)
            writing.start()
            told = self._answer(timeout_s)
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

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._closed:
            raise DecoderFault("reading is shutting down")
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._end()
        self.starts += 1
        self._answers = SimpleQueue()
        try:
            child = self._child = subprocess.Popen(
                self._program,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as fault:
            raise DecoderFault(f"the reading process cannot be started: {fault}") from fault
        threading.Thread(target=_listen, args=(child, self._answers), name="reading-answers", daemon=True).start()
        self._answer(START_S)
        return child

    def _answer(self, timeout_s: float) -> dict[str, Any]:
        """The next answer; a process that gives none in time, or ends, is cleared away for a new one."""
        try:
            answer = self._answers.get(timeout=timeout_s)
        except Empty:
            self._end()
            raise DecoderFault(f"nothing read after {timeout_s:.3g} s, the reading process was ended") from None
        if answer is None:
            self._end()
            raise DecoderFault("the reading process ended")
        return answer

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def _found(told: dict[str, Any]) -> Found:
    corners = tuple((float(x), float(y)) for x, y in told["corners"])
    return Found(told["symbology"], told["text"], told["engine"], corners)


def _write(child: "subprocess.Popen[bytes]", data: bytes) -> None:
    """Hand an order over; a process that has ended is noticed by its answer that never comes."""
    with suppress(OSError, ValueError):
        if child.stdin is not None:
            child.stdin.write(data)
            child.stdin.flush()


def _listen(child: "subprocess.Popen[bytes]", answers: "SimpleQueue[dict[str, Any] | None]") -> None:
    """Pass the answers on until the process ends; then None. A line that is no answer counts as its end."""
    with suppress(OSError, ValueError):
        for line in child.stdout or ():
            answers.put(dict(json.loads(line)))
    answers.put(None)
