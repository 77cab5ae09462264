"""The tables, in small migrations that are never edited once released."""

import sqlite3

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from office.catalogue_tables import SCHEMA as CATALOGUE
from office.dossier_tables import BESIDE_SOURCES, EVERY_VALUE_LEFT
from office.dossier_tables import SCHEMA as DOSSIERS
from office.footage_tables import SCHEMA as FOOTAGE

migrations = Migrations("office")

JOURNAL = """
CREATE TABLE journal (
  seq     INTEGER PRIMARY KEY,           -- 1, 2, 3 … without a gap
  at      INTEGER NOT NULL,              -- ms since 1970-01-01 UTC, never decreasing
  kind    TEXT NOT NULL,                 -- office/kinds.py lists them
  office  TEXT NOT NULL,                 -- agency code
  actor   TEXT NOT NULL,                 -- person:NAME, screen:NAME, key:NAME or system
  counter TEXT NOT NULL DEFAULT '',
  ticket  TEXT NOT NULL DEFAULT '',
  dossier TEXT NOT NULL DEFAULT '',
  data    TEXT NOT NULL,                 -- JSON object, keys sorted
  hash    TEXT NOT NULL                  -- SHA-256 over the hash before and this row
) STRICT;
CREATE INDEX journal_ticket  ON journal(ticket, seq) WHERE ticket != '';
CREATE INDEX journal_dossier ON journal(dossier, seq) WHERE dossier != '';
CREATE INDEX journal_kind    ON journal(kind, seq);
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_no_gap BEFORE INSERT ON journal
  WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM journal)
  BEGIN SELECT RAISE(ABORT, 'the journal has no gaps'); END;
"""

QUEUE = """
CREATE TABLE series (                    -- last number given, a series and day
  day TEXT NOT NULL, series TEXT NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (day, series)
) STRICT, WITHOUT ROWID;
CREATE TABLE tickets (                   -- columns in the order of office.tickets.Ticket
  id TEXT PRIMARY KEY,                   -- 20261122-A-001: no two tickets of a day share a number
  day TEXT NOT NULL,                     -- local day, YYYY-MM-DD
  number TEXT NOT NULL, series TEXT NOT NULL, n INTEGER NOT NULL,
  token TEXT NOT NULL UNIQUE,            -- in the slip's QR; lets its holder look, nothing else
  service TEXT NOT NULL,
  priority TEXT NOT NULL,                -- class id or ''; never printed, shown or spoken
  verified INTEGER NOT NULL,             -- 1 confirmed by a clerk or needing no confirmation, 0 not yet
  language TEXT NOT NULL, state TEXT NOT NULL,
  arrived_at INTEGER NOT NULL,           -- ms UTC, kept through transfers and returns
  place INTEGER NOT NULL,                -- arrived_at less the class's weight
  target TEXT NOT NULL,                  -- counter it was sent to, or ''
  counter TEXT NOT NULL,                 -- counter that called it last, or ''
  called_at INTEGER, last_call_at INTEGER, started_at INTEGER, ended_at INTEGER, hold_until INTEGER,
  calls INTEGER NOT NULL, recalls INTEGER NOT NULL,
  slip TEXT NOT NULL,                    -- '', printed or failed
  dossier TEXT NOT NULL,
  seq INTEGER NOT NULL                   -- journal seq of its issue: breaks ties in line
) STRICT, WITHOUT ROWID;
-- Every index is one more page to write for each number given: only those that something asks for.
-- Partial indexes stay as small as the hall is full, whatever the history.
-- The line and the service times hold every column they are asked for: counting looks up no ticket.
CREATE INDEX tickets_line ON tickets(day, service, target, (priority != ''), place, seq, arrived_at, state, priority)
  WHERE state = 'waiting';
CREATE INDEX tickets_away ON tickets(day, state) WHERE state IN ('called', 'serving', 'held');
CREATE INDEX tickets_sent ON tickets(target) WHERE state = 'waiting' AND target != '';
CREATE INDEX tickets_held ON tickets(day, hold_until) WHERE state = 'held';
CREATE INDEX tickets_absent ON tickets(day, counter, ended_at) WHERE state = 'absent';
CREATE INDEX tickets_served ON tickets(service, ended_at, called_at, state) WHERE state = 'finished';
CREATE TABLE counters (
  id TEXT PRIMARY KEY, state TEXT NOT NULL, -- open, paused, closed
  person TEXT NOT NULL, since INTEGER NOT NULL,
  ticket TEXT NOT NULL,                  -- the ticket called or served here, or ''
  priority_run INTEGER NOT NULL          -- priority calls in a row past waiting others
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX one_counter_a_ticket ON counters(ticket) WHERE ticket != '';
"""

DOORS = """
CREATE TABLE people (
  name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL, -- argon2id
  created_at INTEGER NOT NULL, active INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;
CREATE TABLE sessions (                  -- hash of the cookie's secret, never the secret
  hash TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES people(name) ON DELETE CASCADE,
  csrf TEXT NOT NULL, counter TEXT NOT NULL, created_at INTEGER NOT NULL, ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE keys (
  name TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, scopes TEXT NOT NULL, created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE screens (
  name TEXT PRIMARY KEY, kind TEXT NOT NULL, code_hash TEXT NOT NULL, code_ends_at INTEGER NOT NULL,
  hash TEXT NOT NULL, created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE answers (                   -- what an Idempotency-Key was answered
  caller TEXT NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
  at INTEGER NOT NULL, PRIMARY KEY (caller, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX answers_age ON answers(at);
CREATE TABLE followers (name TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
"""


def _run(db: Database, sql: str) -> None:
    """Execute several statements inside the migration's own transaction (``executescript`` would commit it)."""
    pending = ""
    for line in sql.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            db.execute(pending)
            pending = ""


@migrations()
def journal_and_queue(db: Database) -> None:
    """The journal, the tickets, their series and the counters."""
    _run(db, JOURNAL)
    _run(db, QUEUE)


@migrations()
def doors(db: Database) -> None:
    """People, sessions, keys, screens, remembered answers and the followers' places."""
    _run(db, DOORS)


@migrations()
def catalogue(db: Database) -> None:
    """The posted procedures."""
    for statement in CATALOGUE:
        db.execute(statement)


@migrations()
def dossiers(db: Database) -> None:
    """The register of dossiers, and what is kept about persons beside it."""
    for statement in DOSSIERS:
        db.execute(statement)


@migrations()
def footage(db: Database) -> None:
    """The index of the cameras' footage, and what is held beyond its days."""
    for statement in FOOTAGE:
        db.execute(statement)


@migrations()
def beside_sources(db: Database) -> None:
    """What the office's own acts have left behind, and whose applicant was erased."""
    for statement in BESIDE_SOURCES:
        db.execute(statement)


@migrations()
def every_value_left(db: Database) -> None:
    """All that clerks have corrected of applicants, and the erased who stay so whatever was entered since."""
    for statement in EVERY_VALUE_LEFT:
        db.execute(statement)
