"""A past for an office: 1,000 finished tickets a day for 1,000 days, with their events, written straight into the file.

Rows and sizes are those of real days; only the journal's hashes are random, for nobody checks the chain here.
"""

import sqlite3
from pathlib import Path

from office.clock import Clock, day_of
from office.settings import Settings
from office.store import Store

DAY_MS = 86_400_000
OPENS_MS = 8 * 3_600_000

_DAY = """
CREATE TEMP TABLE today AS
WITH RECURSIVE count(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM count WHERE n + 1 < :tickets)
SELECT replace(:day, '-', '') || '-' || series || '-' || printf('%03d', n / :services + 1) AS id,
  series || '-' || printf('%03d', n / :services + 1) AS number, series, n / :services + 1 AS n, service,
  hex(randomblob(8)) AS token, :opens + n * 27000 AS arrived, 300000 + abs(random()) % 600000 AS waits,
  120000 + abs(random()) % 360000 AS takes, CAST(1 + n % :counters AS TEXT) AS counter
FROM count JOIN kinds_of_service ON place = n % :services
"""
_SERIES = "INSERT INTO series SELECT :day, series, max(n) FROM today GROUP BY series"
_JOURNAL = """
INSERT INTO journal (seq, at, kind, office, actor, counter, ticket, data, hash)
SELECT :seq + row_number() OVER (ORDER BY at), at, kind, :office, actor, counter, id, data, lower(hex(randomblob(32)))
FROM (
  SELECT arrived AS at, 'ticket.issued' AS kind, 'screen:kiosk' AS actor, '' AS counter, id,
    '{"day":"' || :day || '","dossier":"","language":"vi","n":' || n || ',"number":"' || number || '","place":'
    || arrived || ',"priority":"","series":"' || series || '","service":"' || service || '","slip":true,"token":"'
    || token || '","verified":1}' AS data FROM today
  UNION ALL SELECT arrived + waits, 'ticket.called', 'person:lan', counter, id, '{"call":1,"number":"' || number
    || '","priority_run":0,"service":"' || service || '","why":{"moved_back_min":0.0,"moved_forward_min":0.0,'
    || '"overtook":0,"rule":"in_line","waited_s":' || waits / 1000 || '}}' FROM today
  UNION ALL SELECT arrived + waits + 20000, 'ticket.started', 'person:lan', counter, id, '{"number":"' || number
    || '","service":"' || service || '"}' FROM today
  UNION ALL SELECT arrived + waits + takes, 'ticket.finished', 'person:lan', counter, id, '{"number":"' || number
    || '","service":"' || service || '"}' FROM today
)
"""
_TICKETS = """
INSERT INTO tickets SELECT id, :day, number, series, n, token, service, '', 1, 'vi', 'finished', arrived, arrived, '',
  counter, arrived + waits, arrived + waits, arrived + waits + 20000, arrived + waits + takes, NULL, 1, 0, 'printed',
  '', :seq + n FROM today
"""


def write(path: Path, settings: Settings, clock: Clock, tickets: int, a_day: int = 1000) -> None:
    """Write ``tickets`` into the new office file ``path``, the last of them yesterday."""
    Store(path, clock).close()
    db = sqlite3.connect(path, isolation_level=None)
    gap = db.execute("SELECT sql FROM sqlite_master WHERE name = 'journal_no_gap'").fetchone()[0]
    for how in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -200000", "temp_store = MEMORY"):
        db.execute(f"PRAGMA {how}")
    db.execute("DROP TRIGGER journal_no_gap")  # it would look back before each of four million rows
    db.execute("CREATE TEMP TABLE kinds_of_service (place INTEGER PRIMARY KEY, service TEXT, series TEXT)")
    services = [(place, service.id, service.series) for place, service in enumerate(settings.services)]
    db.executemany("INSERT INTO kinds_of_service VALUES (?, ?, ?)", services)
    db.execute("BEGIN")
    days = tickets // a_day
    for ago in range(days, 0, -1):
        _one_day(db, settings, clock() - ago * DAY_MS, a_day)
    db.execute("COMMIT")
    db.execute(gap)
    db.execute("PRAGMA journal_mode = WAL")
    db.close()


def _one_day(db: sqlite3.Connection, settings: Settings, at: int, tickets: int) -> None:
    values = {
        "day": day_of(at, settings.office.zone),
        "opens": at // DAY_MS * DAY_MS + OPENS_MS,
        "office": settings.office.id,
        "tickets": tickets,
        "services": len(settings.services),
        "counters": len(settings.counters),
        "seq": db.execute("SELECT coalesce(max(seq), 0) FROM journal").fetchone()[0],
    }
    for statement in (_DAY, _SERIES, _JOURNAL, _TICKETS, "DROP TABLE today"):
        db.execute(statement, values)
