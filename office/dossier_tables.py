"""The register's tables. A file of its own, without imports, so that office/schema.py can make them.

The first group follows the journal alone (a replay rebuilds it) and holds nothing about persons: codes, states, days,
names of papers and units. Applicants and what clerks write in their own words stand beside it, are never journaled, and
can be erased.
"""

from typing import Final

REPLAYED: Final = (
    "dossiers",
    "dossier_papers",
    "dossier_missing",
    "dossier_moves",
    "dossier_visits",
    "dossier_reentries",
    "dossier_left",
    "dossier_erased",
)
"""Tables that the journal alone rebuilds."""

COLUMNS: Final = (
    *("key", "code", "shape", "procedure", "procedure_name", "service", "status", "local_status", "unit"),
    *("intake", "give_back", "tracking", "sets", "fee", "fee_note", "received_at", "due_at", "term_amount"),
    *("term_unit", "finished_at", "returned_at", "paused_at", "due_left", "rescheduled", "supplements", "source"),
)
"""Columns of ``dossiers`` that an event carries, in schema order; ``seq`` follows them."""

SCHEMA: Final[tuple[str, ...]] = (
    """
    CREATE TABLE dossiers (                  -- columns in the order of office.dossiers.Dossier
      key            TEXT PRIMARY KEY,       -- the code as looked up: office.dossier_code.normal
      code           TEXT NOT NULL,          -- the code as given
      shape          TEXT NOT NULL,          -- qcvn102, short, qd20, or other once a clerk confirmed it
      procedure      TEXT NOT NULL,          -- national code, or ''
      procedure_name TEXT NOT NULL,          -- its name on the day of intake
      service        TEXT NOT NULL,          -- service id whose counter handles it, or ''
      status         INTEGER NOT NULL CHECK (status BETWEEN 1 AND 10), -- national list, DOMAIN 4.1
      local_status   TEXT NOT NULL,          -- the word of the system it came from, or ''
      unit           TEXT NOT NULL,          -- which unit has it now, or ''
      intake         TEXT NOT NULL,          -- counter, online, post
      give_back      TEXT NOT NULL,          -- counter, post, online
      tracking       TEXT NOT NULL,          -- the post's number, or ''
      sets           INTEGER NOT NULL,
      fee            INTEGER,                -- đồng; NULL where nobody has told it
      fee_note       TEXT NOT NULL,
      received_at    INTEGER NOT NULL,       -- all times ms UTC
      due_at         INTEGER,
      term_amount    INTEGER,
      term_unit      TEXT NOT NULL,          -- gio, ngay, ngay_lam_viec, or ''
      finished_at    INTEGER,                -- processing ended (status 9): what early and late are told by
      returned_at    INTEGER,                -- result handed over (status 10)
      paused_at      INTEGER,                -- the clock stands since then
      due_left       INTEGER,                -- working minutes that were left as it was stopped
      rescheduled    INTEGER NOT NULL,       -- 1: the day was put off, which is allowed once; 2: when it had passed
      supplements    INTEGER NOT NULL,       -- how often papers were asked for, which is allowed once
      source         TEXT NOT NULL,          -- counter, or the name of what it was imported from
      seq            INTEGER NOT NULL        -- journal seq of what changed it last
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX dossiers_received ON dossiers(received_at)",
    # What is in process and when it must be done: a list of hundreds, whatever the history.
    "CREATE INDEX dossiers_due ON dossiers(due_at) WHERE status IN (2, 4)",
    """
    CREATE TABLE dossier_papers (            -- handed in
      dossier TEXT NOT NULL, n INTEGER NOT NULL,
      name TEXT NOT NULL,
      kind TEXT NOT NULL,                    -- original, certified, copy, or ''
      count INTEGER NOT NULL,
      PRIMARY KEY (dossier, n)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE dossier_missing (           -- asked for and not brought yet
      dossier TEXT NOT NULL, n INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (dossier, n)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE dossier_moves (             -- each change of unit or status; who: the event's actor
      dossier   TEXT NOT NULL,
      seq       INTEGER NOT NULL,
      at        INTEGER NOT NULL,
      from_unit TEXT NOT NULL, to_unit TEXT NOT NULL,
      status    INTEGER NOT NULL,            -- afterwards
      result    TEXT NOT NULL,               -- early, on_time, late: how the giving unit kept its time; '' not known
      due_at    INTEGER,                     -- when the receiving unit must be done, if it was told
      PRIMARY KEY (dossier, seq)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE dossier_visits (            -- which tickets served which dossiers
      dossier TEXT NOT NULL, ticket TEXT NOT NULL,
      purpose TEXT NOT NULL,                 -- hand_in, supplement, collect, ask
      at INTEGER NOT NULL, seq INTEGER NOT NULL,
      PRIMARY KEY (dossier, ticket, purpose)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX dossier_visits_ticket ON dossier_visits(ticket)",
    """
    CREATE TABLE dossier_reentries (         -- who was sent for papers comes back near the front, once, the same day
      code    TEXT PRIMARY KEY,              -- MC-…, on the slip of missing papers
      dossier TEXT NOT NULL,
      day     TEXT NOT NULL,                 -- local day it holds, YYYY-MM-DD
      ticket  TEXT NOT NULL                  -- the ticket it was used for, or ''
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX dossier_reentries_dossier ON dossier_reentries(dossier)",
    """
    CREATE TABLE applicants (                -- about persons: in no journal, no log, no screen; erased on demand
      dossier TEXT PRIMARY KEY,
      name TEXT NOT NULL, address TEXT NOT NULL, phone TEXT NOT NULL, email TEXT NOT NULL, id_number TEXT NOT NULL,
      owner TEXT NOT NULL, owner_address TEXT NOT NULL,
      sought TEXT NOT NULL                   -- both names folded, for the clerk's search
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE dossier_notes (             -- a reason or note in a clerk's own words, by the event it belongs to
      dossier TEXT NOT NULL, seq INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (dossier, seq)
    ) STRICT, WITHOUT ROWID
    """,
)
"""Statements in the order they must run."""

BESIDE_SOURCES: Final[tuple[str, ...]] = (
    """
    CREATE TABLE dossier_left (              -- what the office's own acts have left behind, beside rows of others
      dossier TEXT PRIMARY KEY,
      columns TEXT NOT NULL                  -- JSON object: column, the values it was changed from
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE dossier_erased (            -- whose applicant was erased once; other systems bring none any more
      dossier TEXT PRIMARY KEY
    ) STRICT, WITHOUT ROWID
    """,
    "INSERT INTO dossier_erased SELECT DISTINCT dossier FROM journal WHERE kind = 'dossier.erased'",
    """
    CREATE TABLE applicants_corrected (      -- an applicant as it was before a clerk corrected it; erased with it
      dossier TEXT PRIMARY KEY,
      name TEXT NOT NULL, address TEXT NOT NULL, phone TEXT NOT NULL, email TEXT NOT NULL, id_number TEXT NOT NULL,
      owner TEXT NOT NULL, owner_address TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)
"""Statements that let the register live beside other systems, in the order they must run."""

EVERY_VALUE_LEFT: Final[tuple[str, ...]] = (
    """
    CREATE TABLE applicants_left (           -- all that clerks have corrected of applicants; erased with them
      dossier TEXT NOT NULL,
      field TEXT NOT NULL,                   -- column of applicants
      text TEXT NOT NULL,                    -- what stood there
      PRIMARY KEY (dossier, field, text)
    ) STRICT, WITHOUT ROWID
    """,
    *(
        f"INSERT INTO applicants_left SELECT dossier, '{name}', {name} FROM applicants_corrected"  # noqa: S608 — fixed
        for name in ("name", "address", "phone", "email", "id_number", "owner", "owner_address")
    ),
    "DROP TABLE applicants_corrected",
    # A clerk's entry once lifted the mark; it stays now, as a replay has it.
    "INSERT OR IGNORE INTO dossier_erased SELECT DISTINCT dossier FROM journal WHERE kind = 'dossier.erased'",
)
"""Statements after which no correction is forgotten, and whoever was erased once is the clerks' alone."""
