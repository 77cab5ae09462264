"""One SQLite file: a connection a thread, and acts that are written whole or not at all."""

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Set
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlite_utils import Database

from office.clock import Clock, system_clock
from office.errors import Damaged
from office.schema import migrations

BUSY_S = 30
POLL_S = 0.5
WRITER_KIB = 16_000
CHECKPOINT_PAGES = 4000
"""16 MB of log: the same few pages change again and again, and are copied into the file once in some 300 acts."""


class Bell:
    """A write counter that followers compare, so that no wake-up is lost.

    Read ``count`` **before** reading the journal, then ``wait(count)``: a write in between has already moved it on.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._count = 0

    @property
    def count(self) -> int:
        """How often it was rung."""
        return self._count

    def ring(self) -> None:
        """Tell everyone waiting here that something was committed."""
        with self._condition:
            self._count += 1
            self._condition.notify_all()

    def wait(self, seen: int, timeout: float) -> bool:
        """Wait until the count is no longer ``seen``, at most ``timeout`` s; whether it moved."""
        with self._condition:
            return self._condition.wait_for(lambda: self._count != seen, timeout)


class Changes(Bell):
    """The bell of every commit, and one for each follower that only some kinds of event concern."""

    def __init__(self) -> None:
        super().__init__()
        self._bells: list[tuple[frozenset[str], Bell]] = []

    def about(self, kinds: Iterable[str]) -> Bell:
        """A bell for commits with an event of ``kinds``: others wake nobody who waits here."""
        bell = Bell()
        self._bells = [*self._bells, (frozenset(kinds), bell)]
        return bell

    def bump(self, kinds: Set[str] | None = None) -> None:
        """Something was committed, with events of ``kinds``; None: of kinds unknown here."""
        self.ring()
        for wanted, bell in self._bells:
            if kinds is None or not wanted.isdisjoint(kinds):
                bell.ring()


class Act:
    """One transaction under way: its connection and its moment (ms UTC).

    For office/journal.py: ``head`` is the journal's last seq, at and hash once it has looked, for nobody else writes
    meanwhile; ``kinds`` what it has written.
    """

    def __init__(self, db: sqlite3.Connection, now: int) -> None:
        self.db = db
        self.now = now
        self.head: tuple[int, int, str] | None = None
        self.kinds: set[str] = set()


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
        self._writer: sqlite3.Connection | None = None
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

        Threads of this process take turns at a lock (no busy-waiting); other processes are waited for by SQLite. They
        share one connection for it: SQLite drops a connection's cached pages whenever another one has written.
        """
        with self._turn:
            db = self._writer = self._writer or self._connect_writer()
            db.execute("BEGIN IMMEDIATE")
            try:
                act = Act(db, self.clock())
                yield act
                db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    db.execute("ROLLBACK")
                raise
        self.changes.bump(act.kinds)

    def close(self) -> None:
        """Close this thread's connection and the one of the acts; other threads' close with them.

        Both are opened again when they are needed.
        """
        connection = getattr(self._threads, "connection", None)
        if connection is not None:
            connection.close()
            self._threads.connection = None
        with self._turn:
            if self._writer is not None:
                self._writer.close()
                self._writer = None

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

    def _connect_writer(self) -> sqlite3.Connection:
        connection = self._connect()
        connection.execute(f"PRAGMA cache_size = -{WRITER_KIB}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        return connection

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
