"""A crowd at the doors of a running server that may be killed at any moment: every request is repeated until answered.

``python -m tools.crowd`` reads one JSON object (the fields of ``Wish``) and writes one JSON object a line, an answer
each (the fields of ``Answer``). Each request keeps its Idempotency-Key through all its repetitions.
"""

import http.client
import itertools
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
SERVICES = ("ho-tich", "chung-thuc", "dat-dai", "cu-tru", "bao-tro", "kinh-doanh", "tra-ket-qua", "huong-dan")
CLASSES = (None, None, "CAO_TUOI", None, None, None, "HEN_TRUOC")
PATIENCE_S = 60.0
"""A request that is not answered for so long has failed."""

PAUSE_S = 0.05


@dataclass(frozen=True, slots=True)
class Wish:
    """What one program of the crowd does: ``clients`` take ``tickets`` numbers between them, meanwhile each of
    ``counters`` calls, serves and lets go. ``name`` begins its Idempotency-Keys."""

    port: int
    key: str
    name: str
    tickets: int
    clients: int
    counters: list[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """One acknowledged request: its key, path, status, the ticket's id and number (empty without one), how many tries
    it took, and the seconds of the last one."""

    key: str
    path: str
    status: int
    ticket: str
    number: str
    tries: int
    seconds: float


class Caller:
    """One client with a connection of its own, opened again whenever it breaks."""

    def __init__(self, wish: Wish) -> None:
        self._port = wish.port
        self._headers = {"Authorization": f"Bearer {wish.key}", "Content-Type": "application/json"}
        self._line: http.client.HTTPConnection | None = None

    def post(self, path: str, key: str, body: dict[str, Any]) -> Answer:
        """POST until answered by anything but 503. Raises TimeoutError when nobody answers for ``PATIENCE_S``."""
        deadline = time.monotonic() + PATIENCE_S
        for tries in itertools.count(1):
            began = time.perf_counter()
            try:
                status, text = self._once(path, key, json.dumps(body))
            except (OSError, http.client.HTTPException) as fault:
                self._hang_up()
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{path}: nobody answers") from fault
            else:
                if status != http.HTTPStatus.SERVICE_UNAVAILABLE:
                    told = json.loads(text) if text else {}
                    ticket = told.get("ticket", told)
                    seconds = time.perf_counter() - began
                    return Answer(key, path, status, ticket.get("id", ""), ticket.get("number", ""), tries, seconds)
            time.sleep(PAUSE_S)
        raise AssertionError

    def _once(self, path: str, key: str, body: str) -> tuple[int, bytes]:
        if self._line is None:
            self._line = http.client.HTTPConnection(HOST, self._port, timeout=20)
        self._line.request("POST", f"/api/v1{path}", body, self._headers | {"Idempotency-Key": key})
        answer = self._line.getresponse()
        return answer.status, answer.read()

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


class Crowd:
    """The clients and counters of one program."""

    def __init__(self, wish: Wish) -> None:
        self._wish = wish
        self._turns = iter(range(wish.tickets))
        self._lock = threading.Lock()
        self._served = threading.Event()
        self.failed = False

    def work(self) -> None:
        """Go through the whole wish, telling each answer."""
        takers = [threading.Thread(target=self._safely, args=(self._take,)) for _ in range(self._wish.clients)]
        desks = [threading.Thread(target=self._safely, args=(self._serve, desk)) for desk in self._wish.counters]
        for thread in (*takers, *desks):
            thread.start()
        for thread in takers:
            thread.join()
        self._served.set()
        for thread in desks:
            thread.join()

    def _safely(self, part: Any, *args: str) -> None:
        try:
            part(*args)
        except BaseException:
            self.failed = True
            raise

    def _take(self) -> None:
        caller = Caller(self._wish)
        while True:
            with self._lock:
                n = next(self._turns, None)
            if n is None:
                return
            body = {"service": SERVICES[n % len(SERVICES)], "priority": CLASSES[n % len(CLASSES)]}
            self._tell(caller.post("/tickets", f"{self._wish.name}-{n}", body))

    def _serve(self, desk: str) -> None:
        caller = Caller(self._wish)
        keys = (f"{self._wish.name}-desk{desk}-{n}" for n in itertools.count())
        for n in itertools.count():
            called = self._tell(caller.post(f"/counters/{desk}/call-next", next(keys), {}))
            if called.status == http.HTTPStatus.OK:
                for act in ("absent",) if n % 2 else ("start", "finish"):
                    self._tell(caller.post(f"/counters/{desk}/{act}", next(keys), {}))
            else:
                time.sleep(PAUSE_S)
            if self._served.is_set():
                return

    def _tell(self, answer: Answer) -> Answer:
        line = json.dumps(asdict(answer))
        with self._lock:
            print(line, flush=True)
        return answer


def started(wish: Wish) -> subprocess.Popen[str]:
    """A program of the crowd at work; its answers come from its stdout."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.crowd"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process.stdin or nullcontext() as told:
        print(json.dumps(asdict(wish)), file=told)
    return process


def answers(process: subprocess.Popen[str]) -> Iterator[Answer]:
    """The answers of a program of the crowd as they come."""
    with process.stdout or nullcontext(()) as lines:
        for line in lines:
            yield Answer(**json.loads(line))


if __name__ == "__main__":
    crowd = Crowd(Wish(**json.load(sys.stdin)))
    crowd.work()
    sys.exit(1 if crowd.failed else 0)
