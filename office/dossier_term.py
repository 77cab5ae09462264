"""Which term a dossier has: its own, else the one posted for its procedure and way of intake; never a guess."""

import sqlite3
from typing import Any, Final

from office import deadlines, procedures
from office.catalogue_entry import ChannelName, Unit
from office.deadlines import Term
from office.dossiers import Dossier, Way
from office.errors import UnknownProcedure
from office.settings import Settings

CHANNEL: Final[dict[Way, ChannelName]] = {"counter": "direct", "online": "online", "post": "post"}
"""A dossier's way in → the same in the catalogue."""


def unit_of(text: str) -> Unit:
    """A term's unit; working days where none is told."""
    units: dict[str, Unit] = {"gio": "gio", "ngay": "ngay"}
    return units.get(text, "ngay_lam_viec")


def term_of(db: sqlite3.Connection, amount: int | None, unit: str, procedure: str, intake: str) -> Term | None:
    """The term told, else the posted one; None where nobody has written one down (DOMAIN 11.8)."""
    if amount is not None:
        return Term(amount, unit_of(unit))
    channel = next((ours for way, ours in CHANNEL.items() if way == intake), None)
    if not procedure or channel is None:
        return None
    try:
        return deadlines.term_of(procedures.get(db, procedure), channel)
    except UnknownProcedure:
        return None


def begun(db: sqlite3.Connection, settings: Settings, dossier: Dossier, at: int) -> dict[str, Any]:
    """The columns of a term that begins at ``at`` (ms UTC): from the moment of complete intake (DOMAIN 2.3, Art. 17.3).

    A due time that is known already stays where no term is.
    """
    term = term_of(db, dossier.term_amount, dossier.term_unit, dossier.procedure, dossier.intake)
    if term is None:
        return {}
    due_at = deadlines.due(settings, at, term, service=dossier.service).at
    return {"due_at": due_at, "term_amount": term.amount, "term_unit": term.unit}
