"""Exactly once, against the real server and its file: a crowd in several programs, the server killed under them.

No two tickets share a number, none is called twice, what was acknowledged is there, a repeated request did nothing.
"""

import json
import random
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.hall import Office, found, serve_command
from office import journal, replay
from office.store import Store
from office.tickets import TRANSITIONS, Deed, State
from tools.crowd import Answer, Wish, answers, started
from tools.waiting import wait_for
from tools.warm import Warm

TICKETS, CLIENTS, KILLS = 10_000, 32, 50
DESKS = (["1"], ["2"], ["3"], ["4", "5"])
SEED = 766
READY_S = 60

DEEDS = {
    "ticket.called": Deed.CALL,
    "ticket.started": Deed.START,
    "ticket.finished": Deed.FINISH,
    "ticket.absent": Deed.ABSENT,
}


class Mortal:
    """The server of an office, that can be killed and comes back on the same port and file."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self.starts: list[float] = []
        self._begin()

    def kill(self) -> None:
        """SIGKILL, and the next start as soon as it is gone."""
        self._process.kill()
        self._begin()

    def close(self) -> int:
        """End as a service manager would; the exit code."""
        self._process.process.terminate()
        return self._process.ended(20)

    def _begin(self) -> None:
        began = time.monotonic()
        self._process = Warm(self._office.folder / f"start {len(self.starts)}", *serve_command(self._office)[1:])
        wait_for(lambda: "http://" in self._process.out or not self._process.process.is_alive(), READY_S)
        assert self._process.process.is_alive(), self._process.err  # it says its address once it listens
        self.starts.append(time.monotonic() - began)


class Heard:
    """What the crowd was answered, gathered while it works."""

    def __init__(self, crowd: list[subprocess.Popen[str]]) -> None:
        self.answers: list[Answer] = []
        self._moved = threading.Condition()
        self._threads = [threading.Thread(target=self._listen, args=(process,)) for process in crowd]
        for thread in self._threads:
            thread.start()

    def wait_for(self, count: int) -> None:
        """Until ``count`` answers came, or the crowd has gone."""
        with self._moved:
            while len(self.answers) < count and any(thread.is_alive() for thread in self._threads):
                self._moved.wait(0.5)

    def join(self) -> None:
        """Until the crowd has gone."""
        for thread in self._threads:
            thread.join()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        for answer in answers(process):
            with self._moved:
                self.answers.append(answer)
                self._moved.notify_all()


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[tuple[Office, Mortal]]:
    office = found(tmp_path)
    server = Mortal(office)
    yield office, server
    server.close()


def rush(office: Office, tickets: int) -> list[subprocess.Popen[str]]:
    share = len(DESKS)
    return [
        started(Wish(office.port, office.key, f"crowd{n}", tickets // share, CLIENTS // share, desks))
        for n, desks in enumerate(DESKS)
    ]


@pytest.mark.slow
def test_killed_fifty_times_under_ten_thousand_tickets(mortal: tuple[Office, Mortal]) -> None:
    office, server = mortal
    began, chance = time.monotonic(), random.Random(SEED)
    crowd = rush(office, TICKETS)
    heard = Heard(crowd)
    for moment in sorted(chance.sample(range(20, TICKETS - 200), KILLS)):
        heard.wait_for(moment)
        time.sleep(chance.uniform(0, 0.02))  # anywhere in a request, a commit, a start
        server.kill()
    heard.join()
    seconds = time.monotonic() - began
    assert [process.wait(10) for process in crowd] == [0] * len(crowd)
    assert server.close() == 0
    repeated = sum(answer.tries > 1 for answer in heard.answers)
    start = sorted(server.starts)[len(server.starts) // 2]
    print(
        f"\nexactly once: {TICKETS} tickets, {CLIENTS} clients in {len(crowd)} programs, {KILLS} kills, "
        f"{len(heard.answers)} answers, {repeated} after repetition, {seconds:.1f} s (a start {start:.2f} s)"
    )
    assert repeated >= KILLS, "the kills did not hit the crowd"
    store = Store(office.data / "office.sqlite3")
    try:
        check_tickets(store, [answer for answer in heard.answers if answer.path == "/tickets"])
        check_calls(store, [answer for answer in heard.answers if answer.path != "/tickets"])
        journal.verify(store.read())
        assert replay.rehearse(store) == {}
    finally:
        store.close()


def check_tickets(store: Store, taken: list[Answer]) -> None:
    """Each key gave one ticket, each ticket has its own number, and the file holds exactly those."""
    assert Counter(answer.status for answer in taken) == {201: TICKETS}
    assert len({answer.key for answer in taken}) == TICKETS
    told = {answer.ticket: answer.number for answer in taken}
    assert len(told) == TICKETS
    rows = store.read().execute("SELECT id, number, day FROM tickets").fetchall()
    assert {row[0]: row[1] for row in rows} == told
    assert len({(number, day) for _, number, day in rows}) == TICKETS
    issued = [e.ticket for e in journal.walk(store.read()) if e.kind == "ticket.issued"]
    assert sorted(issued) == sorted(told)


def check_calls(store: Store, acts: list[Answer]) -> None:
    """Every counter got each answer it was owed; no ticket went to two; each walked its states in order."""
    calls = [answer for answer in acts if answer.path.endswith("call-next")]
    assert {answer.status for answer in calls} <= {200, 204}
    assert {answer.status for answer in acts if answer not in calls} <= {200}
    called = [(answer.ticket, answer.path.split("/")[2]) for answer in calls if answer.status == 200]
    assert len(called) > 100
    assert len({ticket for ticket, _ in called}) == len(called), "a ticket was called to two counters"
    events = [e for e in journal.walk(store.read()) if e.kind in DEEDS]
    assert sorted((e.ticket, e.counter) for e in events if e.kind == "ticket.called") == sorted(called)
    states: dict[str, State] = {}
    for event in events:
        before = states.get(event.ticket, State.WAITING)
        assert before in TRANSITIONS[DEEDS[event.kind]], json.dumps([event.seq, event.kind, before])
        states[event.ticket] = TRANSITIONS[DEEDS[event.kind]][before]
