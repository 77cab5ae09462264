"""The floor: what the same server does for a bare Flask route that commits one row, ``synchronous=FULL``.

``python -m benchmarks.floor CONFIG DATA PORT`` serves it: the office's own waitress with the same number of threads, a
connection a thread and the same turn-taking between threads, and nothing of the office behind it.
"""

import sqlite3
import sys
import threading
from pathlib import Path

from flask import Flask

from benchmarks.hall import HOST
from office.phrases import Phrases
from office.settings import load
from office.store import Store
from web.hall import Hall
from web.pulse import Pulse
from web.serving import Server, listen


def create(path: Path) -> Flask:
    """The bare app, its one table in the file ``path``."""
    app = Flask("floor")
    mine, turn = threading.local(), threading.Lock()
    _connect(path).executescript("PRAGMA journal_mode = WAL; CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT)")

    @app.post("/rows")
    def add() -> tuple[dict[str, int | None], int]:
        db: sqlite3.Connection | None = getattr(mine, "db", None)
        if db is None:
            db = mine.db = _connect(path)
        with turn:
            db.execute("BEGIN IMMEDIATE")
            row = db.execute("INSERT INTO rows (text) VALUES (?)", ("one row",)).lastrowid
            db.execute("COMMIT")
        return {"id": row}, 201

    return app


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA synchronous = FULL")
    return db


def main(config: str, data: str, port: str) -> None:
    """Serve until SIGTERM."""
    folder = Path(data)
    settings = load(Path(config))
    store = Store(folder / "unused.sqlite3")  # the server wants a hall; the bare route does not
    hall = Hall(
        settings, Phrases.load(Path(config) / "phrases", settings.office.languages), store, Pulse(store, settings)
    )
    Server(hall, create(folder / "floor.sqlite3"), listen(HOST, int(port))).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
