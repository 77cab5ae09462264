"""Backup, restore and the proof that the journal holds everything: replay it and compare."""

import shutil
import sqlite3
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from office import journal
from office.dossier_tables import REPLAYED as DOSSIERS
from office.errors import BadRequest, Damaged
from office.footage_tables import REPLAYED as FOOTAGE
from office.store import Store

REPLAYED = ("tickets", "series", "counters", *DOSSIERS, *FOOTAGE)
"""Tables that the journal alone rebuilds. Passwords, keys, sessions and applicants are kept out of it on purpose."""


def replay(source: Store, target: Store) -> int:
    """Replay the journal of ``source`` into the empty ``target``; the number of events."""
    with target.act() as act:
        return journal.restore(act, journal.walk(source.read()))


def rehearse(store: Store) -> dict[str, int]:
    """Replay the journal into a throw-away file and compare: table → rows that differ; empty when all is well.

    Works beside a running office: journal and tables are read as they were at one moment.
    """
    source = store.read()
    with tempfile.TemporaryDirectory() as folder:
        target = Store(Path(folder) / "replay.sqlite3")
        source.execute("BEGIN")  # what others write from the first reading on is not seen until the end
        try:
            replay(store, target)
            return differences(source, target.read())
        finally:
            source.execute("ROLLBACK")
            target.close()


def differences(one: sqlite3.Connection, other: sqlite3.Connection) -> dict[str, int]:
    """Table → number of rows that stand in one of the two only; empty when all are equal."""
    found = {}
    for table in REPLAYED:
        rows = [set(db.execute(f"SELECT * FROM {table}").fetchall()) for db in (one, other)]  # noqa: S608 — fixed names
        if rows[0] != rows[1]:
            found[table] = len(rows[0] ^ rows[1])
    return found


def backup(store: Store, target: Path) -> None:
    """Copy the office's file while it is in use. Raises BadRequest when ``target`` exists or cannot be written."""
    if target.exists():
        raise BadRequest(f"{target} exists already; choose another name", field="file")
    part = target.with_name(target.name + ".part")
    try:
        part.unlink(missing_ok=True)
        _copy(store.read(), part)
        part.replace(target)
    except (OSError, sqlite3.OperationalError) as fault:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise BadRequest(f"{target}: no backup could be written: {fault}", field="file") from fault


def _copy(source: sqlite3.Connection, part: Path) -> None:
    copy = sqlite3.connect(part)
    try:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        copy.close()


def restore(backup_file: Path, path: Path) -> Path | None:
    """Put a backup in the place of the office's file; where the file that stood there was moved to.

    The server must not run. Raises BadRequest when the backup is missing or the file is in use, Damaged when the
    backup's journal does not verify.
    """
    if not backup_file.is_file():
        raise BadRequest(f"{backup_file}: no such file", field="file")
    _check(backup_file)
    moved = _move_away(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    shutil.copyfile(backup_file, part)
    part.replace(path)
    return moved


def _check(backup_file: Path) -> None:
    db = sqlite3.connect(f"{backup_file.resolve().as_uri()}?mode=ro", uri=True)
    try:
        journal.verify(db)
    except sqlite3.DatabaseError as fault:
        raise Damaged(f"{backup_file} is not a backup of an office: {fault}") from fault
    finally:
        db.close()


def _move_away(path: Path) -> Path | None:
    if not path.exists():
        return None
    db = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("BEGIN EXCLUSIVE")
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as fault:
        raise BadRequest(f"{path} is in use; stop the server first", field="file") from fault
    except sqlite3.DatabaseError:
        _take_leftovers_away(path)  # it cannot be read any more: that is what the backup is for
    finally:
        db.close()
    moved = path.with_name(f"{path.name}.before-{time.strftime('%Y%m%d-%H%M%S')}")
    path.replace(moved)
    return moved


def _take_leftovers_away(path: Path) -> None:
    """SQLite's files beside a damaged one; left there they would be taken for the restored file's."""
    for ending in ("-wal", "-shm"):
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.replace(beside.with_name(f"{beside.name}.before-{time.strftime('%Y%m%d-%H%M%S')}"))
