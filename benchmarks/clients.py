"""Clients that ask as fast as they are answered, as a program of their own: the server keeps its interpreter to itself.

``python -m benchmarks.clients THREADS`` reads one JSON object a line (port, path, headers, bodies, seconds), asks for
so long over kept connections, one a thread, and writes one JSON object back (times in seconds, statuses).
"""

import http.client
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.hall import ROOT, connect


@dataclass(frozen=True, slots=True)
class Round:
    """One round of asking: POST ``bodies`` in turn to ``path`` for ``seconds``."""

    port: int
    path: str
    headers: dict[str, str]
    bodies: list[str]
    seconds: float


@dataclass
class Heard:
    """What came back: seconds each answer took, how many of each status, and how long it went on."""

    times: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    seconds: float = 0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds if self.seconds else 0

    def add(self, other: "Heard") -> None:
        """Take in what another client heard in the same round."""
        self.times += other.times
        self.statuses += other.statuses
        self.seconds = max(self.seconds, other.seconds)


class Crowd:
    """Several processes of clients that go through the same rounds together."""

    def __init__(self, processes: list[subprocess.Popen[str]]) -> None:
        self._processes = processes

    def go(self, once: Round) -> Heard:
        """One round; raises RuntimeError when a client broke off."""
        heard = Heard()
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.write(json.dumps(asdict(once)) + "\n")
            process.stdin.flush()
        for process in self._processes:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                raise RuntimeError("a client broke off")
            told = json.loads(line)
            heard.add(Heard(told["times"], Counter(told["statuses"]), told["seconds"]))
        return heard


@contextmanager
def crowd(processes: int, threads: int) -> Iterator[Crowd]:
    """``processes`` programs of ``threads`` clients each."""
    with ExitStack() as ending:
        started = []
        for _ in range(processes):
            command = [sys.executable, "-m", "benchmarks.clients", str(threads)]
            process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            ending.enter_context(process)  # closes its input, which ends it, and waits
            started.append(process)
        yield Crowd(started)


def ask(once: Round, threads: int) -> Heard:
    """One round with ``threads`` clients in this process."""
    lines = [connect(once.port) for _ in range(threads)]
    heard, gate = [Heard() for _ in lines], threading.Barrier(threads + 1)
    workers = [
        threading.Thread(target=_one, args=(once, line, mine, gate), daemon=True)
        for line, mine in zip(lines, heard, strict=True)
    ]
    for worker in workers:
        worker.start()
    gate.wait()
    began = time.perf_counter()
    for worker in workers:
        worker.join()
    together = Heard(seconds=time.perf_counter() - began)
    for mine in heard:
        together.add(mine)
    return together


def _one(once: Round, line: http.client.HTTPConnection, heard: Heard, gate: threading.Barrier) -> None:
    gate.wait()
    until = time.perf_counter() + once.seconds
    turn = 0
    while (began := time.perf_counter()) < until:
        line.request("POST", once.path, once.bodies[turn % len(once.bodies)], once.headers)
        answer = line.getresponse()
        answer.read()
        heard.times.append(time.perf_counter() - began)
        heard.statuses[str(answer.status)] += 1
        turn += 1
    line.close()


def main(threads: str) -> None:
    """Go through the rounds that come in."""
    for text in sys.stdin:
        wish: dict[str, Any] = json.loads(text)
        print(json.dumps(vars(ask(Round(**wish), int(threads)))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
