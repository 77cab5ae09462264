"""How dossiers look in the API, for staff and systems. Screens are told less: web/scan_shapes.py.

What is about persons (applicant, clerks' words) is laid over an answer as it leaves: remembered answers of an
``Idempotency-Key`` hold none of it.
"""

import sqlite3
from dataclasses import asdict
from typing import Any, Final

from office import dossier_persons, dossier_reentry, dossiers, issuing
from office.clock import day_of, local, rfc3339
from office.dossier_change import Deed, hindrance
from office.dossiers import PUT_OFF_LATE, Dossier, Visit
from office.errors import UnknownTicket
from web.hall import Hall

TIMES: Final = ("received_at", "due_at", "finished_at", "returned_at", "paused_at")
MAYBE: Final = ("procedure", "service", "local_status", "unit", "tracking", "fee_note", "term_unit")
"""Texts that are null when nobody has told them."""


def brief(hall: Hall, dossier: Dossier, language: str) -> dict[str, Any]:
    """A dossier in a list: its own columns, nothing about persons."""
    zone = hall.settings.office.zone
    shape = asdict(dossier) | {name: getattr(dossier, name) or None for name in MAYBE}
    shape |= {name: _moment(hall, getattr(dossier, name)) for name in TIMES}
    return shape | {
        "rescheduled": bool(dossier.rescheduled),
        "rescheduled_late": dossier.rescheduled == PUT_OFF_LATE,
        "status_name": hall.phrases.say(language, f"dossier.status.{dossier.status}"),
        "degree": hall.phrases.say(language, f"dossier.public.{dossier.status}"),
        "timeliness": dossiers.timeliness(dossier, local(hall.store.clock(), zone).date(), zone),
    }


def full(hall: Hall, db: sqlite3.Connection, dossier: Dossier, language: str) -> dict[str, Any]:
    """A dossier with its way, papers and visits; ``persons`` belongs on top of it."""
    key = dossier.key
    reentry = dossier_reentry.of_dossier(db, key)
    today = day_of(hall.store.clock(), hall.settings.office.zone)
    return brief(hall, dossier, language) | {
        "trips": dossiers.trips(db, key),
        "reentry": reentry.code if reentry and reentry.good(today) else None,
        "papers": [asdict(paper) for paper in dossiers.papers(db, key)],
        "missing": [asdict(paper) for paper in dossiers.missing(db, key)],
        "visits": [_visit(hall, db, visit) for visit in dossiers.visits(db, key)],
        "hindered": hindered(dossier),
    }


def hindered(dossier: Dossier) -> dict[str, str]:
    """The deeds that the register refuses now, each with why. A page offers no more than what is not among them."""
    return {deed.value: why for deed in Deed if (why := hindrance(dossier, deed))}


def persons(hall: Hall, db: sqlite3.Connection, key: str) -> dict[str, Any]:
    """What is about persons: who handed it in, and what clerks wrote of it in their own words."""
    who = dossiers.applicant(db, key)
    return {
        "applicant": asdict(who) if who else None,
        "moves": [
            asdict(move) | {"at": _moment(hall, move.at), "due_at": _moment(hall, move.due_at)}
            for move in dossiers.moves(db, key)
        ],
        "notes": [
            {"seq": note.seq, "at": _moment(hall, note.at), "kind": note.kind, "text": note.text}
            for note in dossier_persons.notes(db, key)
        ],
    }


def _visit(hall: Hall, db: sqlite3.Connection, visit: Visit) -> dict[str, Any]:
    try:
        number: str | None = issuing.find(db, visit.ticket).number
    except UnknownTicket:
        number = None
    return {"ticket": visit.ticket, "number": number, "purpose": visit.purpose, "at": _moment(hall, visit.at)}


def _moment(hall: Hall, at: int | None) -> str | None:
    return None if at is None else rfc3339(at, hall.settings.office.zone)
