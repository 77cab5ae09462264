"""One SQLite file: a connection a thread, and acts that are written whole or not at all."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlite_utils import Database

from office.clock import Clock, system_clock
from office.errors import Damaged
from office.schema import migrations

BUSY_S = 30
POLL_S = 0.5


class Changes:
    """A write counter that followers compare, so that no wake-up is lost.

    Read ``count`` **before** reading the journal, then ``wait(count)``: a write in between has already moved it on.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._count = 0

    @property
    def count(self) -> int:
        """How many acts this process has committed."""
        return self._count

    def bump(self) -> None:
        """Tell everyone waiting that something was committed."""
        with self._condition:
            self._count += 1
            self._condition.notify_all()

    def wait(self, seen: int, timeout: float) -> bool:
        """Wait until the count is no longer ``seen``, at most ``timeout`` s; whether it moved."""
        with self._condition:
            return self._condition.wait_for(lambda: self._count != seen, timeout)


class Act:
    """One transaction under way: its connection and its moment (ms UTC).

    ``head`` is the journal's last seq, at and hash once office/journal.py has looked: nobody else writes meanwhile.
    """

    def __init__(self, db: sqlite3.Connection, now: int) -> None:
        self.db = db
        self.now = now
        self.head: tuple[int, int, str] | None = None


class Store:
    """The office's one file.

    ``path`` is created with its tables when missing; ``clock`` gives the moment of each act.
    """

    def __init__(self, path: Path, clock: Clock = system_clock) -> None:
        self.path = path
        self.clock = clock
        self.changes = Changes()
        self._threads = threading.local()
        self._turn = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._prepare()

    def read(self) -> sqlite3.Connection:
        """This thread's connection, for reading."""
        connection = getattr(self._threads, "connection", None)
        if connection is None:
            connection = self._threads.connection = self._connect()
        return connection

    @contextmanager
    def act(self) -> Iterator[Act]:
        """One ``BEGIN IMMEDIATE`` transaction: committed to disk at the end, undone on any exception.

        Threads of this process take turns at a lock (no busy-waiting); other processes are waited for by SQLite.
        """
        db = self.read()
        with self._turn:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield Act(db, self.clock())
                db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    db.execute("ROLLBACK")
                raise
        self.changes.bump()

    def close(self) -> None:
        """Close this thread's connection; other threads' close with them."""
        connection = getattr(self._threads, "connection", None)
        if connection is not None:
            connection.close()
            self._threads.connection = None

    def watch_others(self, stop: threading.Event) -> None:
        """Bump ``changes`` when another process wrote; runs until ``stop``. For a thread of its own."""
        db = self.read()
        seen = db.execute("PRAGMA data_version").fetchone()[0]
        while not stop.wait(POLL_S):
            version = db.execute("PRAGMA data_version").fetchone()[0]
            if version != seen:
                seen = version
                self.changes.bump()

    def _prepare(self) -> None:
        for attempt in range(20):  # two processes may start on a new file at once
            try:
                db = self.read()
                db.execute("PRAGMA journal_mode = WAL")
                migrations.apply(Database(db, execute_plugins=False))
                return
            except sqlite3.DatabaseError as fault:
                self.close()
                if not isinstance(fault, sqlite3.OperationalError | sqlite3.IntegrityError) or attempt == 19:
                    raise Damaged(f"{self.path}: cannot open the office's file: {fault}") from fault
                time.sleep(0.1)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("PRAGMA cache_size = -4000")
        except sqlite3.Error:
            connection.close()
            raise
        return connection
