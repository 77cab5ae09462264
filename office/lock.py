"""One server an office: two on one folder would print every slip and speak every call twice."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from office.errors import ConfigurationError, Damaged


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock at ``path`` until the end of the block; a crash lets go of it by itself.

    SQLite's own file lock is used: it holds on Linux and Windows alike. Raises ConfigurationError when another
    process has it, Damaged when the folder cannot be used: a disk may come later, so this may be tried again.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        held = sqlite3.connect(path, timeout=0, isolation_level=None)
    except (OSError, sqlite3.OperationalError) as fault:
        raise Damaged(f"{path.parent}: cannot be the folder of data: {fault}; check --data") from fault
    try:
        try:
            held.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as fault:
            raise ConfigurationError(
                f"{path.parent}: another server already runs on this folder; stop it, or give this one another --data"
            ) from fault
        yield
    finally:
        held.close()
