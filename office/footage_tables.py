"""The footage tables. A file of its own, without imports, so that office/schema.py can make them.

``footage`` and ``footage_notes`` stand beside the journal: the index tells what lies in the folder and is reconciled
with it at every start, words of one's own can be erased. ``footage_holds`` follows the journal (a replay rebuilds it).
"""

from typing import Final

REPLAYED: Final = ("footage_holds",)

SCHEMA: Final[tuple[str, ...]] = (
    """
    CREATE TABLE footage (                   -- one row a piece that is whole on disk; some 8,640 a camera and day
      camera    TEXT NOT NULL,
      start     INTEGER NOT NULL,            -- ms UTC of the office's clock; also names the file
      "end"     INTEGER NOT NULL,            -- ms UTC; at most office.footage.LONGEST_MS after start
      bytes     INTEGER NOT NULL,
      keyframes TEXT NOT NULL,               -- JSON: ms after start of each keyframe
      gaps      TEXT NOT NULL,               -- JSON: [[from, to], …] ms after start where frames are missing
      PRIMARY KEY (camera, start)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE footage_holds (
      hold     TEXT PRIMARY KEY,
      cameras  TEXT NOT NULL,                -- JSON: names
      begins   INTEGER NOT NULL,             -- ms UTC
      ends     INTEGER NOT NULL,
      reason   TEXT NOT NULL,
      owner    TEXT NOT NULL,                -- actor
      until    TEXT NOT NULL,                -- first local day it is not held any more, YYYY-MM-DD
      cause    TEXT NOT NULL,                -- person, rating, complaint, out_of_order
      released INTEGER NOT NULL              -- ms UTC of its early end, or 0
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE footage_notes (             -- why somebody watched, exported or held, in their own words
      seq  INTEGER PRIMARY KEY,              -- of the event
      text TEXT NOT NULL
    ) STRICT
    """,
)
