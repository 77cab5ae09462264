"""(b) From call-next to each of 50 event streams: half of them boards, half other systems."""

import json
import selectors
import socket
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.figures import Figure, middle, percentile
from benchmarks.hall import HOST, Office, connect, found, post, serving

STREAMS = 50
CALLS = 100
PAUSE_S = 0.05
WAIT_S = 5.0
LIMIT_MS = 50.0
MARK = b"event: ticket.called\n"


class Listeners:
    """Many event streams in one thread: when each call came in at each of them (seconds of the monotonic clock)."""

    def __init__(self, office: Office) -> None:
        self.heard: dict[int, list[float]] = {}
        self._all_in = threading.Condition()
        self._stop = False
        self._pick = selectors.DefaultSelector()
        self._rest: dict[socket.socket, bytes] = {}
        self.sockets = [self._listen(office, board=n % 2 == 0) for n in range(STREAMS)]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def __enter__(self) -> "Listeners":
        return self

    def __exit__(self, *_: object) -> None:
        self._stop = True
        self._thread.join()
        for line in self.sockets:
            line.close()

    def wait(self, calls: int) -> None:
        """Wait until every stream has heard ``calls`` calls. Raises TimeoutError when one has not."""
        with self._all_in:
            if not self._all_in.wait_for(lambda: self._heard_by_all(calls), WAIT_S):
                raise TimeoutError(f"not every stream heard call {calls} within {WAIT_S} s")

    def _heard_by_all(self, calls: int) -> bool:
        return sum(len(times) == STREAMS for times in self.heard.values()) >= calls

    def _listen(self, office: Office, *, board: bool) -> socket.socket:
        who = f"Cookie: mc_board={office.board}" if board else f"Authorization: Bearer {office.key}"
        line = socket.create_connection((HOST, office.port), 10)
        line.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: {HOST}:{office.port}\r\n{who}\r\n\r\n".encode())
        said = b""
        while b"event: beat" not in said:  # the stream is open
            said += line.recv(4096)
        assert b" 200 " in said, said
        line.setblocking(False)
        self._rest[line] = b""
        self._pick.register(line, selectors.EVENT_READ)
        return line

    def _run(self) -> None:
        while not self._stop:
            for ready, _ in self._pick.select(0.2):
                line = ready.fileobj
                assert isinstance(line, socket.socket)
                data = line.recv(65536)
                self._take(line, data, time.monotonic())

    def _take(self, line: socket.socket, data: bytes, at: float) -> None:
        *whole, self._rest[line] = (self._rest[line] + data).split(b"\n\n")
        for event in whole:
            if MARK in event:
                seq = int(event.partition(b"id: ")[2].partition(b"\n")[0])
                with self._all_in:
                    self.heard.setdefault(seq, []).append(at)
                    self._all_in.notify_all()


def measure(folder: Path) -> list[Figure]:
    """All calls × all streams."""
    office = found(folder)
    with ExitStack() as ending:
        ending.enter_context(serving(office))
        listeners = ending.enter_context(Listeners(office))
        line = connect(office.port)
        ending.callback(line.close)
        services = office.settings.counters[0].services
        for n in range(CALLS):
            _must(post(line, office, "/tickets", json.dumps({"service": services[n % len(services)]})), 201)
        called = []
        for n in range(CALLS):
            called.append(time.monotonic())
            _must(post(line, office, "/counters/1/call-next"), 200)
            listeners.wait(n + 1)
            _must(post(line, office, "/counters/1/absent"), 200)
            time.sleep(PAUSE_S)
    return _figures(called, listeners.heard)


def _must(answer: tuple[int, bytes], status: int) -> None:
    if answer[0] != status:
        raise RuntimeError(f"answered {answer}")


def _figures(called: list[float], heard: dict[int, list[float]]) -> list[Figure]:
    waits = [
        1000 * (at - began) for began, (_, times) in zip(called, sorted(heard.items()), strict=True) for at in times
    ]
    return [
        Figure("b", f"call-next sent → received by {STREAMS} streams: p99", percentile(waits, 0.99), "ms", LIMIT_MS),
        Figure("b", "the same: p50", middle(waits), "ms"),
        Figure("b", "the same: longest", max(waits), "ms"),
        Figure("b", "receipts measured", len(waits), ""),
    ]
