"""What a form tells, gathered from the register: the only place where forms meet tables.

A form that follows from an act (a supplement asked for, a refusal, an apology) is dated as that act was, gives its
reason and promises the day that the act promised, however often it is printed; before the act it is a draft with lines
to be filled by hand. The receipt is that of the last complete intake: papers that were asked for and brought begin the
time anew (DOMAIN 2.3, Art. 17.3 and 19.4), so the paper of before promises a day that holds no more.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from office import dossiers, form_ledger, forms, journal
from office.clock import day_start, local
from office.dossier_code import parse
from office.dossier_persons import notes
from office.dossiers import NOBODY, Dossier, Move
from office.errors import BadCode
from office.form_ledger import Ledger, Row
from office.form_matter import HandOver, Letterhead, Matter, Missing
from office.form_parts import Form, Page
from office.form_text import Words
from office.journal import Event, Filter
from office.phrases import Phrases
from office.settings import Settings

INTAKE: Final = "dossier.received"
BEGINS: Final = "begins"
FOLLOWS: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "giay_tiep_nhan": ((INTAKE, "dossier.moved", "dossier.supplemented"), BEGINS),
    "phieu_bo_sung": (("dossier.supplement_asked",), ""),
    "phieu_tu_choi": (("dossier.moved",), "refused"),
    "van_ban_xin_loi": (("dossier.rescheduled",), ""),
    "thong_bao_dung": (("dossier.moved",), "stopped"),
    "giay_bien_nhan": (("dossier.returned",), ""),
}
"""Form → kinds of events, and deed, of which it follows from the last. BEGINS: whatever begins the time."""


def made(
    db: sqlite3.Connection,
    settings: Settings,
    phrases: Phrases,
    kind: str,
    code: str,
    now: int,
    page: Page | None = None,
) -> Form:
    """The form ``kind`` of the dossier ``code``, as of ``now`` (ms UTC). Raises UnknownDossier, NotFound."""
    dossier = dossiers.get(db, code)
    words = Words(phrases, settings.office.zone)
    return forms.form(
        kind, matter(db, settings, kind, dossier, now), letterhead(settings, phrases.default), words, page
    )


def letterhead(settings: Settings, language: str) -> Letterhead:
    """Who issues this office's forms."""
    office, chosen = settings.office, settings.forms
    return Letterhead(
        parent=office.parent.text(language),
        office=office.name.text(language),
        telephone=office.phone,
        place=chosen.place,
        book=chosen.book,
        basis=chosen.basis,
        lookup_url=chosen.lookup_url,
        page=chosen.page,
    )


def matter(db: sqlite3.Connection, settings: Settings, kind: str, dossier: Dossier, now: int) -> Matter:
    """What the form ``kind`` tells of ``dossier``."""
    event = _cause(db, kind, dossier)
    moves = dossiers.moves(db, dossier.key)
    begun = event is not None and kind == "giay_tiep_nhan" and event.kind != INTAKE
    received_at = event.at if event and begun else dossier.received_at
    known = Matter(
        code=dossier.code,
        now=received_at if kind == "giay_tiep_nhan" else event.at if event else now,
        procedure=dossier.procedure_name,
        person=dossiers.applicant(db, dossier.key) or NOBODY,
        papers=tuple(dossiers.papers(db, dossier.key)),
        sets=dossier.sets,
        fee=dossier.fee,
        fee_note=dossier.fee_note,
        term=(dossier.term_amount, dossier.term_unit) if dossier.term_amount is not None else None,
        received_at=received_at,
        due_at=dossier.due_at,
        returned_at=dossier.returned_at,
        give_back=dossier.give_back,
        tracking=dossier.tracking,
        missing=tuple(Missing(m.name) for m in dossiers.missing(db, dossier.key)),
        hand_overs=tuple(_hand_over(move) for move in moves if _changes_hands(move)),
        unit=_leading(dossier, moves, settings.dossiers.unit),
        serial=_serial(dossier, local(now, settings.office.zone).date()),
    )
    return _after(known, event, db, dossier) if event else known


def ledger(
    db: sqlite3.Connection, settings: Settings, phrases: Phrases, since: date, until: date, *, most: int | None = None
) -> tuple[Ledger, int]:
    """The ledger of dossiers received from ``since`` to ``until``, both included, oldest first; and how many they are.

    ``most`` rows at most, the rest is only counted.
    """
    zone, words = settings.office.zone, Words(phrases, settings.office.zone)
    span = day_start(since, zone), day_start(until + timedelta(days=1), zone)
    (count,) = db.execute("SELECT count(*) FROM dossiers WHERE received_at >= ? AND received_at < ?", span).fetchone()
    issuer = letterhead(settings, phrases.default)
    days = f"{since:%d/%m/%Y}", f"{until:%d/%m/%Y}"
    rows = list(_rows(db, *span, -1 if most is None else most))
    return form_ledger.ledger(rows, forms.head(issuer, words, None), days, words, issuer.basis), count


def _rows(db: sqlite3.Connection, since: int, until: int, most: int) -> Iterator[Row]:
    """The ledger's rows; the unit that leads is the first one that the dossier was handed over to."""
    sql = (
        "SELECT d.code, d.procedure_name, d.sets, coalesce(a.name, ''), coalesce(a.address, ''), coalesce(a.phone, ''),"
        " coalesce((SELECT m.to_unit FROM dossier_moves m WHERE m.dossier = d.key AND m.from_unit != ''"
        " AND m.from_unit != m.to_unit ORDER BY m.seq LIMIT 1), d.unit),"
        " d.received_at, d.due_at, d.returned_at, d.intake, d.give_back"
        " FROM dossiers d LEFT JOIN applicants a ON a.dossier = d.key"
        " WHERE d.received_at >= ? AND d.received_at < ? ORDER BY d.received_at, d.key LIMIT ?"
    )
    for code, procedure, sets, name, address, phone, unit, *rest in db.execute(sql, (since, until, most)):
        yield Row(code, procedure, sets, name, "; ".join(part for part in (address, phone) if part), unit, *rest)


def _cause(db: sqlite3.Connection, kind: str, dossier: Dossier) -> Event | None:
    """The last event that the form follows from."""
    causes, deed = FOLLOWS.get(kind, ((), ""))
    events = journal.read(db, limit=10_000, only=Filter(kinds=causes, dossier=dossier.key)) if causes else []
    return next((event for event in reversed(events) if _fits(event, deed)), None)


def _fits(event: Event, deed: str) -> bool:
    """Whether it is an event of that deed; an online dossier that is received only now moves, and its time begins."""
    if deed == BEGINS:
        return event.kind != "dossier.moved" or "received_at" in event.data["set"]
    return not deed or event.data.get("deed") == deed


def _after(known: Matter, event: Event, db: sqlite3.Connection, dossier: Dossier) -> Matter:
    """What the act told: its reason, what was missing then, the day it promised and the one before."""
    reason = next((note.text for note in notes(db, dossier.key) if note.seq == event.seq), "")
    asked = event.data.get("missing")
    return replace(
        known,
        reason=reason,
        due_at=event.data.get("due_at", event.data.get("set", {}).get("due_at", known.due_at)),
        old_due_at=event.data.get("from_due_at"),
        missing=tuple(Missing(str(name)) for name in asked) if asked else known.missing,
    )


def _changes_hands(move: Move) -> bool:
    return bool(move.from_unit) and move.from_unit != move.to_unit


def _hand_over(move: Move) -> HandOver:
    result = move.result if move.result in ("early", "on_time", "late") else ""
    return HandOver(move.from_unit, move.to_unit, move.at, result, move.note)  # type: ignore[arg-type]  # one of Result


def _leading(dossier: Dossier, moves: list[Move], desk: str) -> str:
    """The unit that leads: the first that the dossier was handed over to; empty while only the ``desk`` has had it."""
    unit = next((move.to_unit for move in moves if _changes_hands(move)), dossier.unit)
    return "" if unit == desk else unit


def _serial(dossier: Dossier, today: date) -> str:
    """The number that the code itself gives within its day; empty for a code that tells none."""
    try:
        return parse(dossier.code, today).sequence
    except BadCode:
        return ""
