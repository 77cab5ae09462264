"""What is kept about persons beside the register: applicants, and clerks' own words. In no journal, and erasable."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, Final

from office import journal
from office.catalogue_text import fold, tidy
from office.dossiers import NOBODY, Applicant, applicant, get
from office.errors import BadDossier, FieldMissing
from office.settings import Settings
from office.store import Act

LONGEST: Final = {
    "name": 200, "address": 400, "phone": 40, "email": 120, "id_number": 40, "owner": 200, "owner_address": 400,
}  # fmt: skip
NOTE_MAX: Final = 1000
_told: Final = attrgetter(*LONGEST)  # dataclasses.astuple takes six times as long, and imports have 100,000 rows


@dataclass(frozen=True, slots=True)
class Note:
    """A reason or note in a clerk's own words, with the event it belongs to: its kind, moment (ms UTC) and data."""

    seq: int
    at: int
    kind: str
    text: str
    data: dict[str, Any]


def clean(name: str, text: str) -> str:
    """An applicant's field as it is kept. Raises BadDossier when it is too long or no text."""
    return cleaned(name, text, LONGEST[name])


def cleaned(name: str, text: str, longest: int, *, lines: bool = False) -> str:
    """``text`` in NFC without unseen letters. Raises BadDossier, naming the field, when it is too long or no text."""
    try:
        kept = tidy(text, lines=lines)
    except ValueError as fault:
        raise BadDossier(f"{name}: not valid Unicode", field=name, reason="no_text") from fault
    if len(kept) > longest:
        raise BadDossier(f"{name}: at most {longest} characters", field=name, reason="too_long")
    return kept


class Persons:
    """The applicants of some dossiers beside what rows of other systems tell of them.

    What a clerk has corrected stays until a row tells what nobody has corrected yet. Of whom was erased once no row
    tells anything any more: whoever is entered since, a clerk has entered.
    """

    def __init__(self, db: sqlite3.Connection, keys: Sequence[str]) -> None:
        marks = ",".join("?" * len(keys))
        sql = f"SELECT * FROM applicants WHERE dossier IN ({marks})"  # noqa: S608 — question marks
        self._known = {row[0]: Applicant(*row[1:-1]) for row in db.execute(sql, keys)}
        sql = f"SELECT dossier, field, text FROM applicants_left WHERE dossier IN ({marks})"  # noqa: S608 — marks
        self._left = set(db.execute(sql, keys).fetchall())
        sql = f"SELECT dossier FROM dossier_erased WHERE dossier IN ({marks})"  # noqa: S608 — question marks
        self._erased = {key for (key,) in db.execute(sql, keys)}

    def erased(self, key: str) -> bool:
        """Whether the applicant was erased once: other systems tell nothing of one from then on."""
        return key in self._erased

    def changed(self, key: str, told: dict[str, str]) -> Applicant | None:
        """The applicant as ``told`` changes it, or None when it does not."""
        if not told or key in self._erased:
            return None
        known = self._known.get(key, NOBODY)
        if self._left:
            told = {name: text for name, text in told.items() if (key, name, text) not in self._left}
        after = replace(known, **told)
        return after if after != known else None


def correct(db: sqlite3.Connection, key: str, told: dict[str, str]) -> bool:
    """A clerk enters or corrects the applicant; whether that changes anything. Whatever stood there is remembered, so
    that a row of another system that still tells it does not bring it back."""
    known = applicant(db, key) or NOBODY
    after = replace(known, **told)
    if after == known:
        return False
    fields = zip(LONGEST, _told(known), _told(after), strict=True)
    left = [(key, name, before) for name, before, text in fields if before != text]
    db.executemany("INSERT OR IGNORE INTO applicants_left VALUES (?, ?, ?)", left)
    keep(db, [(key, after)])
    return True


def keep(db: sqlite3.Connection, persons: Iterable[tuple[str, Applicant]]) -> None:
    """Keep who handed in which dossier (its key); of an applicant of whom nothing is told any more nothing is kept."""
    keep_rows(db, rows_of(persons))


def rows_of(persons: Iterable[tuple[str, Applicant]]) -> list[tuple[str, ...]]:
    """What ``keep_rows`` writes: made before an act, for folding 100,000 names takes its time."""
    return [(key, *_told(one), fold(f"{one.name} {one.owner}")) for key, one in persons]


def keep_rows(db: sqlite3.Connection, rows: Iterable[Sequence[str]]) -> None:
    """Keep what ``rows_of`` made; where nothing is told, what was kept before goes."""
    told = list(rows)
    db.executemany("DELETE FROM applicants WHERE dossier = ?", [(row[0],) for row in told if not any(row[1:])])
    kept = [row for row in told if any(row[1:])]
    db.executemany("INSERT OR REPLACE INTO applicants VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", kept)


def write_note(act: Act, key: str, seq: int, text: str) -> None:
    """Keep a clerk's words beside event ``seq`` of a dossier."""
    if text:
        act.db.execute("INSERT INTO dossier_notes VALUES (?, ?, ?)", (key, seq, text))


def notes(db: sqlite3.Connection, code: str) -> list[Note]:
    """The clerks' words about a dossier, oldest first. Raises UnknownDossier."""
    key = get(db, code).key
    texts = dict(db.execute("SELECT seq, text FROM dossier_notes WHERE dossier = ?", (key,)).fetchall())
    events = journal.read(db, limit=10_000, only=journal.Filter(dossier=key))
    return [Note(e.seq, e.at, e.kind, texts[e.seq], e.data) for e in events if e.seq in texts]


def erase(act: Act, settings: Settings, code: str, *, actor: str) -> int:
    """Erase what is kept about persons of a dossier; how many rows that were. The register's row stays, and rows of
    other systems bring no applicant from then on (office/dossier_projection.py), also where nobody was kept yet.

    Nothing is journaled the second time when nothing was kept since. Raises UnknownDossier.
    """
    key = get(act.db, code).key
    rows = act.db.execute("DELETE FROM applicants WHERE dossier = ?", (key,)).rowcount
    act.db.execute("DELETE FROM applicants_left WHERE dossier = ?", (key,))
    rows += act.db.execute("DELETE FROM dossier_notes WHERE dossier = ?", (key,)).rowcount
    if rows or not Persons(act.db, [key]).erased(key):
        journal.append(
            act, "dossier.erased", office=settings.office.id, actor=actor, dossier=key, data={"rows": rows}
        )  # fmt: skip
    return rows


def needed(name: str) -> BadDossier:
    """The refusal of a field that was left empty."""
    return FieldMissing(f"{name}: is needed", field=name, reason="missing")
