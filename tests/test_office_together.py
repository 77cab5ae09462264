"""Acts of several threads that reach the disk together: each whole by itself, none answered before it is written."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from office import journal
from office.errors import NotAllowed
from office.store import Act, Store
from office.unwritten import NotWritten
from tools.rehearsal import Hall

QUEUE_S = 0.2
"""Long enough for a thread to come to the turn and wait there."""


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(24) as pool:
        yield pool


def say(act: Act, screen: str, until: threading.Event | None = None) -> None:
    journal.append(act, "help.requested", office="H55.242", actor="system", data={"screen": screen})
    if until is not None:
        until.wait(10)


def said(db: sqlite3.Connection) -> list[str]:
    return [event.data["screen"] for event in journal.walk(db)]


class Queue:
    """Holds the turn with a first act until the others have queued behind it."""

    def __init__(self, hall: Hall, threads: ThreadPoolExecutor) -> None:
        self.hall = hall
        self.threads = threads
        self.go = threading.Event()
        self.first = self.add(lambda act: say(act, "first", self.go))
        time.sleep(QUEUE_S)

    def add(self, deed: Callable[[Act], object]) -> "Future[None]":
        def run() -> None:
            with self.hall.store.act() as act:
                deed(act)

        return self.threads.submit(run)

    def release(self) -> None:
        time.sleep(QUEUE_S)
        self.go.set()


def test_acts_that_queued_are_committed_once(hall: Hall, threads: ThreadPoolExecutor) -> None:
    queue = Queue(hall, threads)
    others = [queue.add(lambda act, n=n: say(act, str(n))) for n in range(7)]  # type: ignore[misc]  # n is bound
    commits = hall.store.changes.count
    queue.release()
    for one in (queue.first, *others):
        one.result(10)
    assert hall.store.changes.count == commits + 1
    assert sorted(said(hall.store.read())) == ["0", "1", "2", "3", "4", "5", "6", "first"]
    assert journal.verify(hall.store.read()) == 8


def test_one_that_fails_among_them_takes_back_only_itself(hall: Hall, threads: ThreadPoolExecutor) -> None:
    def fail(act: Act) -> None:
        say(act, "never")
        act.db.execute("DELETE FROM counters")
        raise NotAllowed("second thoughts")

    hall.open("1")
    queue = Queue(hall, threads)
    before = queue.add(lambda act: say(act, "before"))
    time.sleep(QUEUE_S)
    failing = queue.add(fail)
    time.sleep(QUEUE_S)
    after = queue.add(lambda act: say(act, "after"))
    queue.release()
    with pytest.raises(NotAllowed):
        failing.result(10)
    for one in (queue.first, before, after):
        one.result(10)
    db = hall.store.read()
    assert {event.data.get("screen") for event in journal.walk(db)} == {None, "first", "before", "after"}
    assert db.execute("SELECT count(*) FROM counters").fetchone() == (1,)
    assert journal.verify(db) == 4


def test_first_that_fails_leaves_the_turn_to_the_others(hall: Hall, threads: ThreadPoolExecutor) -> None:
    go = threading.Event()

    def fail() -> None:
        with hall.store.act() as act:
            say(act, "never")
            go.wait(10)
            raise NotAllowed("second thoughts")

    failing = threads.submit(fail)
    time.sleep(QUEUE_S)
    after = threads.submit(hall.do, lambda act, _: say(act, "after"))
    time.sleep(QUEUE_S)
    go.set()
    after.result(10)
    with pytest.raises(NotAllowed):
        failing.result(10)
    assert said(hall.store.read()) == ["after"]


def test_nobody_is_answered_before_it_is_on_disk(hall: Hall, threads: ThreadPoolExecutor) -> None:
    slow = threading.Event()
    queue = Queue(hall, threads)
    other = queue.add(lambda act: say(act, "other", slow))
    queue.release()
    time.sleep(QUEUE_S)
    stranger = sqlite3.connect(hall.store.path)
    assert not queue.first.done()  # its work is done, the commit is not
    assert stranger.execute("SELECT count(*) FROM journal").fetchone() == (0,)
    slow.set()
    queue.first.result(10)
    other.result(10)
    assert stranger.execute("SELECT count(*) FROM journal").fetchone() == (2,)
    stranger.close()


def test_a_disk_that_is_full_tells_everyone_whose_act_is_lost(hall: Hall, threads: ThreadPoolExecutor) -> None:
    def fill(act: Act) -> None:
        pages = act.db.execute("PRAGMA page_count").fetchone()[0]
        act.db.execute(f"PRAGMA max_page_count = {pages + 2}")
        try:
            act.db.execute("CREATE TABLE heap AS SELECT randomblob(1000000) AS b")
        finally:
            act.db.execute("PRAGMA max_page_count = 1000000")

    queue = Queue(hall, threads)
    filling = queue.add(fill)
    queue.release()
    with pytest.raises(NotWritten, match="full"):
        filling.result(10)
    assert hall.store.state() == {"state": "trouble", "reason": "full"}
    lost = queue.first.exception(10)
    assert lost is None or isinstance(lost, NotWritten)
    assert said(hall.store.read()) == ([] if lost else ["first"])  # told, if it was lost
    hall.do(lambda act, _: say(act, "later"))
    assert said(hall.store.read())[-1] == "later"
    assert hall.store.state() == {"state": "ok", "reason": None}


def test_who_holds_the_file_too_long_is_not_waited_for_as_long_by_each_act(tmp_path: Path) -> None:
    store = Store(tmp_path / "office.sqlite3", busy_s=0.6)
    with store.act() as act:
        say(act, "first")
        writer = act.db
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for waited_ms in (600, 20):
        assert writer.execute("PRAGMA busy_timeout").fetchone() == (waited_ms,)
        with pytest.raises(NotWritten, match="locked"), store.act():
            pass
    assert store.state() == {"state": "trouble", "reason": "held"}
    other.execute("ROLLBACK")
    with store.act() as act:
        say(act, "second")
    assert writer.execute("PRAGMA busy_timeout").fetchone() == (600,)
    assert said(store.read()) == ["first", "second"]
    other.close()
    store.close()


def test_a_crowd_in_every_order_keeps_the_chain(hall: Hall, threads: ThreadPoolExecutor) -> None:
    def one(n: int) -> None:
        with hall.store.act() as act:
            say(act, str(n))
            if n % 5 == 0:
                raise NotAllowed("not this one")

    done = list(threads.map(lambda n: _refused(one, n), range(400)))
    assert sum(done) == 80
    assert sorted(map(int, said(hall.store.read()))) == [n for n in range(400) if n % 5]
    assert journal.verify(hall.store.read()) == 320


def _refused(deed: Callable[[int], None], n: int) -> bool:
    try:
        deed(n)
    except NotAllowed:
        return True
    return False


def test_what_issuing_answers_is_what_the_table_has(hall: Hall) -> None:
    for priority in ("", "CAO_TUOI"):
        given = hall.issue("ho-tich", priority)
        assert hall.ticket(given) == given
