"""How the answer to a scan looks: for a screen a code and a degree, for staff and systems the whole dossier."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from office import scan_actions, scans
from office.clock import local, rfc3339
from office.dossiers import RUNNING, Dossier
from office.scan_actions import APOLOGY, Action, Who
from office.scans import Card, Scan
from office.settings import Settings
from office.store import Act
from web import dossier_shapes
from web.hall import Hall
from web.shapes import ticket_shape


@dataclass(frozen=True, slots=True, repr=False)
class Reading:
    """One text that was read, what kind of code it stood in, and what it means."""

    symbology: str
    text: str
    scan: Scan


def answer(
    hall: Hall,
    act: Act,
    readings: list[Reading],
    scan: Scan,
    action: Action,
    language: str,
    *,
    full: bool,
    who: Who,
) -> dict[str, Any]:
    """The answer, every key always there, without what may not be kept: texts that are no codes, and a card's fields.
    ``full``: for staff and systems; ``who`` reads its sentence."""
    return {
        "read": [{"symbology": one.symbology, "text": one.scan.shown} for one in readings],
        "kind": "dossier" if action.dossier and scan.kind == "unknown" else scan.kind,
        "action": _action(hall, act, scan, action, sentence(hall, action, language, who), full=full),
        "dossier": _dossier(hall, act, action.dossier, language, full=full) if action.dossier else None,
    }


def shown(db: sqlite3.Connection, reading: Reading) -> str:
    """What was read, as staff may be shown it again: all but a person's parameters; a code that the register has stays
    as it is. A card stays whole: its fields are in the answer anyway."""
    if reading.scan.card:
        return reading.text
    dossier = scan_actions.of_scan(db, reading.scan)
    return scans.without_identity(reading.text, dossier.key if dossier else "")


def sentence(hall: Hall, action: Action, language: str, who: Who) -> str:
    """What the reader is told, one or two whole sentences: a citizen what to do, a clerk what there is to be done."""
    dossier, params = action.dossier, {"number": action.ticket.number if action.ticket else ""}
    about, name = ("status", action.say_staff) if who == "clerk" else ("public", action.say)
    if dossier is not None:
        params["degree"] = hall.phrases.say(language, f"dossier.{about}.{dossier.status}")
    if (due := _due(action)) is not None:
        params["due"] = local(due, hall.settings.office.zone).strftime("%d/%m/%Y")
        name += "_due" if action.name == "status" else ""
    if action.age_class:
        name += "_early"
    return hall.phrases.say(language, name, **params)


def _action(hall: Hall, act: Act, scan: Scan, action: Action, say: str, *, full: bool) -> dict[str, Any]:
    settings, due = hall.settings, _due(action)
    ticket = ticket_shape(act.db, settings, action.ticket, full=full) if action.ticket else None
    return {
        "name": action.name,
        "say": say,
        "reason": action.reason or None,
        "service": action.service or None,
        "wish": _wish(settings, act.now, scan, action),
        "due_at": rfc3339(due, settings.office.zone) if due is not None else None,
        "days_late": action.days_late or None,
        "missing": [{"name": paper.name} for paper in action.missing],
        "reentry": action.reentry or None,
        "ticket": ticket,
        "age_class": action.age_class or None,
        "card": None,
        "draft": APOLOGY if action.name == "overdue" and full else None,
    }


def _due(action: Action) -> int | None:
    """The due moment, where the reader is told one: while the clock runs."""
    dossier = action.dossier
    return dossier.due_at if dossier is not None and dossier.status in RUNNING else None


def _wish(settings: Settings, now: int, scan: Scan, action: Action) -> dict[str, str] | None:
    """The body with which a number is taken now; None where none is needed or its service is closed."""
    if not action.service or not settings.calendars[action.service].is_open(now):
        return None
    code = action.dossier.code if action.dossier else scan.code.key if scan.code else ""
    named = {"service": action.service, "dossier": code, "reentry": action.reentry}
    return {key: value for key, value in named.items() if value}


def _dossier(hall: Hall, act: Act, dossier: Dossier, language: str, *, full: bool) -> dict[str, Any]:
    if full:
        return dossier_shapes.full(hall, act.db, dossier, language)
    degree = hall.phrases.say(language, f"dossier.public.{dossier.status}")
    return {"code": dossier.code, "degree": degree, "status": dossier.status}


def card_shape(card: Card) -> dict[str, Any]:
    """A card's fields for the clerk's form."""
    return {
        "number": card.number,
        "old_number": card.old_number,
        "name": card.name,
        "birth": card.birth.isoformat() if card.birth else None,
        "sex": card.sex,
        "address": card.address,
        "issued": card.issued.isoformat() if card.issued else None,
    }
