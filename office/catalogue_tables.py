"""The catalogue's tables. A file of its own, without imports, so that office/schema.py can make them."""

from typing import Final

SCHEMA: Final[tuple[str, ...]] = (
    """
    CREATE TABLE procedures (
      code   TEXT PRIMARY KEY CHECK (length(code) = 8), -- national code, 1.001193
      posted INTEGER NOT NULL,               -- 0: the last imported file no longer has it; kept for old dossiers
      digest TEXT NOT NULL,                  -- SHA-256 of body: tells a changed procedure from an equal one
      body   TEXT NOT NULL                   -- office.catalogue_entry.Procedure as JSON
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE procedures_edition (        -- one row: what is posted now
      id        INTEGER PRIMARY KEY CHECK (id = 1),
      digest    TEXT NOT NULL,               -- SHA-256 over the posted codes and digests; the search index's key
      total     INTEGER NOT NULL,            -- procedures posted
      newest    TEXT NOT NULL                -- latest fetched_at, shown as "updated on"
    ) STRICT
    """,
)
"""Statements in the order they must run."""
