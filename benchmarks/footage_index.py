"""(f) What there is of a stretch of time, asked of an index of ten million pieces."""

import random
import sqlite3
import time
from pathlib import Path
from typing import Final

from benchmarks.figures import Figure, middle, percentile
from office import footage
from office.store import Store

CAMERAS: Final = 16
EACH: Final = 625_000
"""Pieces a camera: ten weeks of ten seconds."""
PIECE_MS: Final = 10_000
BEGUN: Final = 1_780_000_000_000
LOOKS: Final = 5_000
LONGEST_MS: Final = 600_000
"""A visit."""
SEED: Final = 4

_FILL = """
INSERT INTO footage
WITH RECURSIVE count(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM count WHERE n + 1 < :each)
SELECT :camera, :begun + n * :ms, :begun + (n + 1) * :ms, 3000000 + abs(random()) % 300000, '[0,2000,4000,6000,8000]',
  CASE n % 500 WHEN 0 THEN '[[3000,7000]]' ELSE '[]' END FROM count
"""


def measure(folder: Path) -> list[Figure]:
    """Stretches of up to ten minutes, anywhere, of any camera."""
    path = folder / "office.sqlite3"
    began = time.perf_counter()
    _fill(path)
    filled = time.perf_counter() - began
    store = Store(path)
    took = _looks(store.read())
    store.close()
    name = f"coverage out of {CAMERAS * EACH:,} pieces"
    return [
        Figure("f", f"{name}: p99", percentile(took, 0.99), "ms", 2),
        Figure("f", "the same: p50", middle(took), "ms"),
        Figure("f", "the file with them", path.stat().st_size / 1_000_000, "MB"),
        Figure("f", "writing it (not an act of the office)", filled, "s"),
    ]


def _looks(db: sqlite3.Connection) -> list[float]:
    """Milliseconds of each look."""
    chance, took = random.Random(SEED), []
    for _ in range(LOOKS):
        begins = BEGUN + chance.randrange(EACH * PIECE_MS - LONGEST_MS)
        ends, camera = begins + chance.randrange(1000, LONGEST_MS), _name(chance.randrange(CAMERAS))
        began = time.perf_counter()
        found = footage.cover(db, camera, begins, ends)
        took.append(1000 * (time.perf_counter() - began))
        if not found.spans:
            raise RuntimeError("nothing found")
    return took


def _fill(path: Path) -> None:
    Store(path).close()
    db = sqlite3.connect(path, isolation_level=None)
    for how in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -200000"):
        db.execute(f"PRAGMA {how}")
    db.execute("BEGIN")
    for camera in map(_name, range(CAMERAS)):
        db.execute(_FILL, {"camera": camera, "each": EACH, "begun": BEGUN, "ms": PIECE_MS})
    db.execute("COMMIT")
    db.execute("PRAGMA journal_mode = WAL")
    db.close()


def _name(number: int) -> str:
    return f"cam{number + 1:02d}"
