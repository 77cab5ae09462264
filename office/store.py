"""One SQLite file: a connection a thread, and acts that are written whole or not at all."""

import logging
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from office.changes import Changes
from office.clock import Clock, system_clock
from office.errors import Damaged
from office.schema import migrations
from office.unwritten import HELD, NotWritten, why

log = logging.getLogger(__name__)
BUSY_S = 30
ONCE_HELD = 1 / 30
"""How long another program that holds the file is waited for, and the share of it once it has been for too long: acts
take turns, so thirty seconds each would leave the hall without an answer."""
POLL_S = 0.5
TOGETHER = 16
PATIENCE_S = 0.05
WRITER_KIB = 16_000
CHECKPOINT_PAGES = 4000
"""16 MB of log: the same few pages change again and again, and are copied into the file once in some 300 acts."""


Head = tuple[int, int, str]
GENESIS = "0" * 64
"""Stands for the hash before the journal's first event."""

_HEAD = "SELECT seq, at, hash FROM journal ORDER BY seq DESC LIMIT 1"


class Act:
    """One transaction under way: its connection and its moment (ms UTC).

    ``head`` is the journal's last seq, at and hash (office/journal.py moves it on); ``kinds`` is what was written.
    ``known`` is what acts have read of the hall: it outlives them as long as numbers are only given, here and by every
    other process (office/journal.py empties it at any other event).
    """

    def __init__(self, db: sqlite3.Connection, now: int, head: Head, known: dict[str, Any]) -> None:
        self.db = db
        self.now = now
        self.head = head
        self.known = known
        self.kinds: set[str] = set()


class Batch:
    """Acts that reach the disk together. ``acts`` counts those in it; ``gate`` opens once they have, or cannot."""

    def __init__(self, db: sqlite3.Connection, head: Head) -> None:
        self.db = db
        self.acts = 0
        self.head = head
        self.kinds: set[str] = set()
        self.gate = threading.Lock()
        self.gate.acquire()
        self.fault: BaseException | None = None

    def wait(self, timeout: float) -> bool:
        """Wait for the gate, at most ``timeout`` s; whether it is open."""
        if self.gate.acquire(timeout=timeout):
            self.gate.release()  # for the next one
            return True
        return False

    def take(self, act: Act) -> None:
        """``act`` went well."""
        self.acts += 1
        self.head = act.head
        self.kinds |= act.kinds

    def finish(self) -> None:
        """Commit; ``fault`` tells why it could not be."""
        try:
            self.db.execute("COMMIT")
        except BaseException as fault:
            self.fault = fault
            with suppress(sqlite3.Error):
                self.db.execute("ROLLBACK")
            if not isinstance(fault, sqlite3.Error):
                raise


class Store:
    """The office's one file.

    ``path`` is created with its tables when missing; ``clock`` gives the moment of each act; ``busy_s``: see BUSY_S.
    """

    def __init__(self, path: Path, clock: Clock = system_clock, *, busy_s: float = BUSY_S) -> None:
        self.path = path
        self.clock = clock
        self._busy_s = busy_s
        self.changes = Changes()
        self._threads = threading.local()
        self._turn = threading.Lock()
        self._queued: deque[None] = deque()  # one for each thread that waits for the turn
        self._batch: Batch | None = None
        self._acting = 0
        self._writer: sqlite3.Connection | None = None
        self._known: dict[str, Any] = {}
        self._known_at = 0  # the journal's last seq when it was right
        self._fault = ""  # why the last act could not be written
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

        Acts that queued while another was under way share its transaction, each undone by itself (a savepoint), and
        its commit: no act returns before it is on disk, and eight at once wait for the disk once.

        Raises NotWritten when the file cannot be written now, RuntimeError inside another act of the same thread, which
        would wait for itself for ever.
        """
        batch = self._join()
        try:
            act = Act(batch.db, self.clock(), batch.head, self._known)
            yield act
        except BaseException as fault:
            self._undo(batch, fault)
            self._tell(fault)
            raise
        batch.take(act)
        self._leave(batch)
        if batch.fault is not None:
            self._tell(batch.fault)
            raise sqlite3.OperationalError(f"not written: {batch.fault}") from batch.fault

    def _join(self) -> Batch:
        """Take the turn, in the batch of those before or a new one."""
        me = threading.get_ident()
        if self._acting == me:
            raise RuntimeError("an act is under way in this thread already")
        self._queued.append(None)
        try:
            self._turn.acquire()
        finally:
            self._queued.pop()
        try:
            if self._batch is None:
                db = self._writer = self._writer or self._connect_writer()
                db.execute("BEGIN IMMEDIATE")
                self._batch = Batch(db, self._head(db))
            else:
                self._batch.db.execute("SAVEPOINT act")
        except BaseException as fault:
            if why(fault) == HELD:
                self._wait_for_others(self._busy_s * ONCE_HELD)
            self._turn.release()
            self._tell(fault)
            raise
        self._acting = me
        return self._batch

    def _head(self, db: sqlite3.Connection) -> Head:
        """The journal's head as a transaction begins; what was known is forgotten when others have written since."""
        head: Head = db.execute(_HEAD).fetchone() or (0, 0, GENESIS)
        if head[0] != self._known_at:
            self._known.clear()
        return head

    def _tell(self, fault: BaseException) -> None:
        """Raises NotWritten when ``fault`` means that the file cannot be written; remembered until it can again."""
        if reason := why(fault):
            self._fault = reason
            log.error("the office's file cannot be written (%s): %s", reason, fault)
            raise NotWritten(f"not written: {fault}") from fault

    def _written(self) -> None:
        """An act was written: whatever kept them from it is over."""
        if self._fault == HELD:
            self._wait_for_others(self._busy_s)
        self._fault = ""

    def _wait_for_others(self, seconds: float) -> None:
        """How long the next acts wait for another program that holds the file. With the turn."""
        if self._writer is not None:
            self._writer.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")

    def _undo(self, batch: Batch, fault: BaseException) -> None:
        """Take back the act that failed, and only it."""
        self._known.clear()
        if batch.acts and batch.db.in_transaction:
            with suppress(sqlite3.Error):
                batch.db.execute("ROLLBACK TO act")
            self._leave(batch)
            return
        with suppress(sqlite3.Error):
            batch.db.execute("ROLLBACK")  # SQLite may have done so by itself: a full disk loses the whole batch
        batch.fault = fault
        self._batch, self._acting = None, 0
        self._turn.release()
        batch.gate.release()

    def _leave(self, batch: Batch) -> None:
        """Give the turn to who is queued, and wait; the last one commits for all."""
        self._acting = 0
        if self._queued and batch.acts < TOGETHER:
            self._turn.release()
            while not batch.wait(PATIENCE_S):  # who was queued may never have come
                self._turn.acquire()
                self._close(batch)
        else:
            self._close(batch)

    def _close(self, batch: Batch) -> None:
        """Commit the batch unless somebody has, with the turn, which is given back."""
        mine = self._batch is batch
        try:
            if mine:
                self._batch = None
                batch.finish()
                self._known_at = batch.head[0]
                if batch.fault is not None:
                    self._known.clear()
                elif batch.kinds:
                    self._written()
        finally:
            self._turn.release()
            if mine:
                if batch.fault is None:
                    self.changes.bump(batch.kinds)
                batch.gate.release()

    def state(self) -> dict[str, Any]:
        """For ``/healthz``: trouble from an act that could not be written to one that was; why: office/unwritten.py."""
        return {"state": "trouble" if self._fault else "ok", "reason": self._fault or None}

    def close(self) -> None:
        """Close this thread's connection and the one of the acts; other threads' close with them.

        Both are opened again when they are needed.
        """
        connection = getattr(self._threads, "connection", None)
        if connection is not None:
            connection.close()
            self._threads.connection = None
        with self._turn:
            if self._writer is not None and self._batch is None:
                self._known.clear()
                self._writer.close()
                self._writer = None

    def watch_others(self, stop: threading.Event) -> None:
        """Bump ``changes`` when another process wrote; runs until ``stop``. For a thread of its own.

        A look that fails counts as a change: what another process took away must not stay good because of it.
        """
        seen = self._version()
        while not stop.wait(POLL_S):
            version = self._version()
            if version is None or version != seen:
                self.changes.bump()
            seen = version

    def _version(self) -> int | None:
        """A number that changes when another connection has written; None when the file cannot be read now."""
        try:
            return int(self.read().execute("PRAGMA data_version").fetchone()[0])
        except sqlite3.Error:
            return None

    def _prepare(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise Damaged(f"{self.path.parent}: cannot be the folder of data: {fault}") from fault
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
        connection = sqlite3.connect(self.path, timeout=self._busy_s, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")  # what is erased leaves no bytes behind; some builds do not
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("PRAGMA cache_size = -4000")
        except sqlite3.Error:
            connection.close()
            raise
        return connection
