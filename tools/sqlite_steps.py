"""How much work SQLite has with something: the same on every computer, however busy."""

import sqlite3
from collections.abc import Callable

EVERY = 10


def steps(db: sqlite3.Connection, work: Callable[[], object]) -> int:
    """How many times EVERY steps of SQLite's machine ``work`` takes on the connection ``db``."""
    count = 0

    def tick() -> int:
        nonlocal count
        count += 1
        return 0

    db.set_progress_handler(tick, EVERY)
    try:
        work()
    finally:
        db.set_progress_handler(None, 0)
    return count
