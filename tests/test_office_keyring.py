"""Keys that are remembered between requests are forgotten the moment they change."""

import sqlite3
import threading
import time

from office import doors
from office.doors import KeyRing
from office.store import Store
from tools.rehearsal import Hall


class Shaky(Store):
    """A store whose disk can be made to fail for who reads."""

    failing = threading.Event()

    def read(self) -> sqlite3.Connection:
        """As Store, or the fault of a disk."""
        if self.failing.is_set():
            raise sqlite3.OperationalError("disk I/O error")
        return super().read()


def test_a_key_is_found_again_without_the_file(hall: Hall) -> None:
    ring = KeyRing(hall.store)
    secret = hall.do(doors.add_key, "province", ("journal",), actor="system")
    assert ring.find("mc_wrong") is None
    found = ring.find(secret)
    assert found is not None
    assert found.scopes == {"journal"}
    asked: list[str] = []
    hall.store.read().set_trace_callback(asked.append)
    assert ring.find(secret) is found
    hall.issue("ho-tich")  # an act that changes no key
    assert ring.find(secret) is found
    assert [sql for sql in asked if "FROM keys" in sql] == []
    hall.store.read().set_trace_callback(None)


def test_a_removed_or_renewed_key_opens_nothing_at_once(hall: Hall) -> None:
    ring = KeyRing(hall.store)
    secret = hall.do(doors.add_key, "province", ("journal",), actor="system")
    assert ring.find(secret)
    renewed = hall.do(doors.add_key, "province", ("tickets",), actor="system")
    assert ring.find(secret) is None
    assert ring.find(renewed)
    hall.do(doors.remove_key, "province", actor="system")
    assert ring.find(renewed) is None


def test_a_key_removed_by_another_process_is_soon_forgotten(hall: Hall) -> None:
    """Also when the first look of the thread that watches for others fails."""
    store, stop = Shaky(hall.store.path, hall.clock), threading.Event()
    ring = KeyRing(store)
    secret = hall.do(doors.add_key, "province", ("journal",), actor="system")
    assert ring.find(secret)
    store.failing.set()
    watcher = threading.Thread(target=store.watch_others, args=(stop,))
    watcher.start()
    time.sleep(0.1)
    store.failing.clear()
    other = Store(hall.store.path, hall.clock)
    with other.act() as act:
        doors.remove_key(act, hall.settings, "province", actor="system")
    other.close()
    until = time.monotonic() + 5
    while ring.find(secret) and time.monotonic() < until:
        time.sleep(0.05)
    stop.set()
    watcher.join()
    assert ring.find(secret) is None
    store.close()
