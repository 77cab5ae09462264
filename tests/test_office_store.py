"""One file, many writers: threads and processes lose nothing, an act is whole or not at all, followers miss nothing."""

import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from office import journal, replay, turns
from office.changes import Changes
from office.errors import BadRequest, Damaged, NotAllowed
from office.follow import Follower
from office.journal import Event
from office.store import Act, Store
from tools.rehearsal import CONFIG, Hall

ROOT = CONFIG.parent


def note(store: Store, screen: str) -> Event:
    with store.act() as act:
        return journal.append(act, "help.requested", office="H55.242", actor="system", data={"screen": screen})


def rush(path: Path, counters: str, tickets: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tools.rush", str(path), counters, str(tickets)]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE)


# ---- exactly once ------------------------------------------------------------------------------------


def test_four_processes_give_each_number_once_and_call_each_ticket_once(tmp_path: Path) -> None:
    path = tmp_path / "new" / "office.sqlite3"  # all four find it missing and make it
    results = []
    for process in [rush(path, counters, 150) for counters in ("1", "2", "3", "1,2")]:
        results.append(json.loads(process.communicate(timeout=120)[0]))
        assert process.returncode == 0
    given = [ticket for result in results for ticket in result["given"]]
    called = [ticket for result in results for ticket in result["called"]]
    called += json.loads(rush(path, "1", 0).communicate(timeout=60)[0])["called"]  # who came last and found no desk
    assert len(given) == len(set(given)) == 600
    assert len(called) == len(set(called)) == 600
    assert set(given) == set(called)
    store = Store(path)
    db = store.read()
    assert sorted(given) == sorted(row[0] for row in db.execute("SELECT id FROM tickets"))
    for series, last in db.execute("SELECT series, last FROM series"):
        numbers = [n for (n,) in db.execute("SELECT n FROM tickets WHERE series = ? ORDER BY n", (series,))]
        assert numbers == list(range(1, last + 1))
    counts = db.execute("SELECT ticket, count(*) FROM journal WHERE kind = 'ticket.called' GROUP BY ticket").fetchall()
    assert {count for _, count in counts} == {1}
    assert journal.verify(db) == 3 * 600 + 3  # each issued, called and let go once; three counters opened
    assert replay.rehearse(store) == {}


def test_threads_and_a_second_process_writing_at_once_lose_nothing(hall: Hall) -> None:
    other = rush(hall.store.path, "1", 60)

    def take(service: str) -> list[str]:
        return [hall.issue(service).id for _ in range(25)]

    with ThreadPoolExecutor(6) as threads:
        given = [t for part in threads.map(take, ("ho-tich", "dat-dai", "cu-tru") * 2) for t in part]
    given += json.loads(other.communicate(timeout=60)[0])["given"]
    db = hall.store.read()
    assert len(given) == len(set(given)) == 210
    assert set(given) == {row[0] for row in db.execute("SELECT id FROM tickets")}
    issued = db.execute("SELECT count(*), count(DISTINCT ticket) FROM journal WHERE kind = 'ticket.issued'").fetchone()
    assert issued == (210, 210)
    journal.verify(db)


# ---- acts ----------------------------------------------------------------------------------------------


def test_act_that_fails_leaves_nothing(hall: Hall) -> None:
    hall.issue("ho-tich")
    before, seen = hall.dump(), hall.store.changes.count

    def half_done(act: Act) -> None:
        act.db.execute("DELETE FROM tickets")
        journal.append(act, "help.requested", office="H55.242", actor="system")
        raise NotAllowed("second thoughts")

    with pytest.raises(NotAllowed), hall.store.act() as act:
        half_done(act)
    assert hall.dump() == before
    assert hall.store.changes.count == seen
    assert hall.issue("ho-tich").number == "H-002"  # the file is free for the next act


def test_act_is_not_seen_before_its_end_and_is_on_disk_after(hall: Hall) -> None:
    stranger = sqlite3.connect(hall.store.path)
    count = "SELECT count(*) FROM journal"
    with hall.store.act() as act:
        journal.append(act, "help.requested", office="H55.242", actor="system")
        assert stranger.execute(count).fetchone() == (0,)
    assert stranger.execute(count).fetchone() == (1,)
    stranger.close()
    assert hall.store.read().execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
    assert hall.store.read().execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_moment_of_an_act_is_one(hall: Hall) -> None:
    with hall.store.act() as act:
        hall.clock.turn(minutes=1)
        events = [journal.append(act, "help.requested", office="H55.242", actor="system") for _ in range(2)]
    assert {e.at for e in events} == {hall.clock() - 60_000}


def test_file_that_is_no_office_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "office.sqlite3"
    path.write_bytes(b"this is a text" * 1000)
    with pytest.raises(Damaged, match=r"office\.sqlite3: cannot open"):
        Store(path)


def test_file_is_opened_again_with_everything_in_it(hall: Hall) -> None:
    ticket = hall.issue("ho-tich")
    hall.store.close()
    again = Store(hall.store.path, hall.clock)
    assert again.read().execute("SELECT id FROM tickets").fetchall() == [(ticket.id,)]
    hall.store = again
    assert hall.issue("ho-tich").number == "H-002"


# ---- wake-ups ------------------------------------------------------------------------------------------


def test_change_between_reading_and_waiting_is_not_lost() -> None:
    changes = Changes()
    seen = changes.count
    changes.bump()
    began = time.perf_counter()
    assert changes.wait(seen, 30)
    assert time.perf_counter() - began < 1
    assert not changes.wait(changes.count, 0.01)


def test_all_who_wait_are_woken(hall: Hall) -> None:
    seen = hall.store.changes.count
    with ThreadPoolExecutor(8) as threads:
        waits = [threads.submit(hall.store.changes.wait, seen, 30) for _ in range(8)]
        note(hall.store, "kiosk")
        assert all(wait.result(timeout=5) for wait in waits)


def test_write_of_another_process_wakes_too(hall: Hall) -> None:
    stop = threading.Event()
    watcher = threading.Thread(target=hall.store.watch_others, args=(stop,))
    watcher.start()
    try:
        time.sleep(0.1)  # the watcher has taken its first look
        other = Store(hall.store.path)  # connections of its own, as another program has
        seen = hall.store.changes.count
        note(other, "kiosk")
        assert hall.store.changes.wait(seen, 5)
    finally:
        stop.set()
        watcher.join()


# ---- followers -----------------------------------------------------------------------------------------


def follow(hall: Hall, *, from_now: bool = False) -> Follower:
    return Follower(hall.store, "spooler", ("help.requested",), from_now=from_now)


def test_follower_begins_now_or_at_the_beginning_and_keeps_its_place(hall: Hall) -> None:
    first = note(hall.store, "a")
    hall.open("1")
    now = Follower(hall.store, "announcer", ("help.requested",))
    assert now.pending() == []
    late = follow(hall)
    assert [e.seq for e in late.pending()] == [first.seq]
    second = note(hall.store, "b")
    assert [e.seq for e in now.pending()] == [second.seq]
    with hall.store.act() as act:
        late.done(act, first.seq)
    assert follow(hall).place() == first.seq  # a new start goes on, whatever from_now says
    assert follow(hall, from_now=True).place() == first.seq
    with hall.store.act() as act:
        late.done(act, 0)  # never backward
    assert late.place() == first.seq


def test_place_and_result_are_written_together_or_not_at_all(hall: Hall) -> None:
    event, follower = note(hall.store, "a"), follow(hall)

    def work(act: Act, *, power_cut: bool) -> None:
        journal.append(act, "printer.recovered", office="H55.242", actor="system", data={"after_s": 1})
        follower.done(act, event.seq)
        if power_cut:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), hall.store.act() as act:
        work(act, power_cut=True)
    again = follow(hall)
    assert [e.seq for e in again.pending()] == [event.seq]  # repeated once, its result not yet written
    assert journal.head(hall.store.read())[0] == event.seq
    with hall.store.act() as act:
        work(act, power_cut=False)
    assert again.pending() == []
    assert journal.head(hall.store.read())[0] == event.seq + 1


def test_follower_gets_every_event_once_and_in_order_while_others_write(hall: Hall) -> None:
    stop, follower, got = threading.Event(), follow(hall), []

    def work() -> None:
        for event in follower.events(stop, poll_s=30):  # a lost wake-up would be seen as a stall
            got.append(event.data["screen"])
            with hall.store.act() as act:
                follower.done(act, event.seq)
            if len(got) == 120:
                return

    worker = threading.Thread(target=work)
    worker.start()
    with ThreadPoolExecutor(3) as threads:
        written = list(threads.map(lambda n: note(hall.store, str(n)), range(120)))
    worker.join(timeout=10)
    stop.set()
    assert not worker.is_alive()
    assert got == [e.data["screen"] for e in sorted(written, key=lambda e: e.seq)]


class Interrupted(Follower):
    """A follower that is held up right after it has read, long enough for others to write ``meanwhile``."""

    def __init__(self, store: Store, meanwhile: list[str]) -> None:
        super().__init__(store, "spooler", ("help.requested",))
        self.meanwhile = meanwhile

    def pending(self, limit: int = journal.PAGE, since: int | None = None) -> list[Event]:
        batch = super().pending(limit, since)
        if self.meanwhile:
            note(self.store, self.meanwhile.pop())
        return batch


def test_event_written_right_after_reading_wakes_the_follower(hall: Hall) -> None:
    began = time.perf_counter()
    event = next(Interrupted(hall.store, ["a"]).events(threading.Event(), poll_s=4))
    assert event.data == {"screen": "a"}
    assert time.perf_counter() - began < 2


def test_event_that_was_not_done_is_handed_out_again(hall: Hall) -> None:
    note(hall.store, "a")
    events: Iterator[Event] = follow(hall).events(threading.Event())
    assert next(events).seq == next(events).seq == 1


# ---- backup and restore --------------------------------------------------------------------------------


def test_backup_is_taken_while_others_write_and_restores_to_a_working_office(hall: Hall, tmp_path: Path) -> None:
    hall.open("1")
    tickets = [hall.issue("ho-tich") for _ in range(3)]
    copy = tmp_path / "backup.sqlite3"
    with ThreadPoolExecutor(1) as threads:
        writing = threads.submit(lambda: [note(hall.store, str(n)) for n in range(30)])
        replay.backup(hall.store, copy)
        writing.result()
    with pytest.raises(BadRequest, match="exists already"):
        replay.backup(hall.store, copy)
    hall.do(turns.cancel, tickets[0].id, actor="person:lan")
    home = tmp_path / "restored" / "office.sqlite3"
    assert replay.restore(copy, home) is None
    restored = Store(home, hall.clock)
    journal.verify(restored.read())
    assert replay.rehearse(restored) == {}
    assert restored.read().execute("SELECT count(*) FROM tickets WHERE state = 'waiting'").fetchone() == (3,)
    assert note(restored, "kiosk").seq > 4


def test_restore_moves_the_present_file_away_with_all_that_was_in_it(hall: Hall, tmp_path: Path) -> None:
    hall.issue("ho-tich")
    copy = tmp_path / "backup.sqlite3"
    replay.backup(hall.store, copy)
    hall.issue("ho-tich")
    with pytest.raises(BadRequest, match="in use"):
        replay.restore(copy, hall.store.path)  # the office runs: its connection is open
    hall.store.close()
    moved = replay.restore(copy, hall.store.path)
    assert moved is not None
    counts = []
    for path in (moved, hall.store.path):
        store = Store(path, hall.clock)
        counts.append(store.read().execute("SELECT count(*) FROM tickets").fetchone()[0])
        store.close()
    assert counts == [2, 1]


@pytest.mark.parametrize("content", [b"", b"not a database" * 500])
def test_restore_refuses_what_is_no_backup(hall: Hall, tmp_path: Path, content: bytes) -> None:
    hall.issue("ho-tich")
    before = hall.dump()
    hall.store.close()
    wrong = tmp_path / "wrong.sqlite3"
    wrong.write_bytes(content)
    with pytest.raises(Damaged, match="not a backup"):
        replay.restore(wrong, hall.store.path)
    with pytest.raises(BadRequest, match="no such file"):
        replay.restore(tmp_path / "missing.sqlite3", hall.store.path)
    assert hall.dump() == before


def test_restore_replaces_a_file_that_cannot_be_read_any_more(hall: Hall, tmp_path: Path) -> None:
    hall.issue("ho-tich")
    copy = tmp_path / "backup.sqlite3"
    replay.backup(hall.store, copy)
    hall.store.close()
    hall.store.path.write_bytes(b"a disk went bad" * 1000)
    hall.store.path.with_name("office.sqlite3-wal").write_bytes(b"left behind")
    moved = replay.restore(copy, hall.store.path)
    assert moved is not None
    assert moved.read_bytes().startswith(b"a disk went bad")
    assert Store(hall.store.path).read().execute("SELECT count(*) FROM tickets").fetchone() == (1,)


def test_restore_refuses_a_backup_whose_chain_is_broken(hall: Hall, tmp_path: Path) -> None:
    hall.issue("ho-tich")
    copy = tmp_path / "backup.sqlite3"
    replay.backup(hall.store, copy)
    stranger = sqlite3.connect(copy)
    stranger.execute("DROP TRIGGER journal_no_update")
    stranger.execute("UPDATE journal SET actor = 'nobody'")
    stranger.commit()
    stranger.close()
    hall.store.close()
    with pytest.raises(Damaged, match="chain breaks at seq 1"):
        replay.restore(copy, hall.store.path)


def test_rehearsal_finds_events_cut_off_at_the_end(hall: Hall) -> None:
    for _ in range(3):
        hall.issue("ho-tich")
    assert replay.rehearse(hall.store) == {}
    stranger = sqlite3.connect(hall.store.path)
    stranger.execute("DROP TRIGGER journal_no_delete")
    stranger.execute("DELETE FROM journal WHERE seq = 3")
    stranger.commit()
    stranger.close()
    assert journal.verify(hall.store.read()) == 2  # the links that are left hold
    assert replay.rehearse(hall.store) == {"tickets": 1, "series": 2}


def test_rehearsal_beside_a_running_office_is_of_one_moment(hall: Hall) -> None:
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            hall.issue("ho-tich")

    worker = threading.Thread(target=work)
    worker.start()
    try:
        assert [replay.rehearse(hall.store) for _ in range(5)] == [{}] * 5
    finally:
        stop.set()
        worker.join()


def test_act_inside_an_act_is_refused_at_once(hall: Hall) -> None:
    with hall.store.act() as act:
        with pytest.raises(RuntimeError, match="under way"), hall.store.act():
            pass
        assert act.db.in_transaction
    hall.issue("ho-tich")  # and the next act is taken as ever
