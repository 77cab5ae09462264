"""Receiving a dossier at the counter: its code, its due time, its papers, one event."""

import sqlite3
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from office import deadlines, dossier_change, dossier_persons, dossiers, procedures
from office.catalogue_entry import Procedure
from office.clock import local
from office.deadlines import Term
from office.dossier_code import Code
from office.dossier_fields import CHECKS, PERSONS, code_of, must_be_past, must_be_term, papers_told, service_of
from office.dossier_term import CHANNEL, unit_of
from office.dossiers import NOBODY, RECEIVED, Applicant, Dossier, Paper, Way
from office.errors import DossierKnown, NotAllowed, WrongDay
from office.settings import Settings
from office.store import Act


class NoCodeLeft(NotAllowed):
    """All codes that this office can give today are taken."""

    key: ClassVar[str] = "error.no_code_left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What a clerk enters, once. Times are ms UTC, ``fee`` in đồng.

    ``procedure`` is empty when it is not posted; then ``procedure_name`` says what it is. ``code`` empty: the office
    gives one; ``confirmed``: the clerk has confirmed a code of an unknown shape. ``received_at`` None: now. ``due_at``
    None: by the term; the term None: the posted one of the procedure and the way of intake.
    """

    procedure: str = ""
    procedure_name: str = ""
    service: str = ""
    code: str = ""
    confirmed: bool = False
    intake: Way = "counter"
    give_back: Way = "counter"
    sets: int = 1
    fee: int | None = None
    fee_note: str = ""
    received_at: int | None = None
    due_at: int | None = None
    term_amount: int | None = None
    term_unit: str = ""
    papers: tuple[Paper, ...] = ()
    applicant: Applicant = NOBODY


def receive(act: Act, settings: Settings, wish: Intake, *, actor: str, ticket: str = "") -> Dossier:
    """Register a dossier; with a ticket, its holder has handed it in.

    Raises UnknownProcedure, UnknownTicket, BadCode, BadDossier, DossierKnown, NoCodeLeft.
    """
    procedure = procedures.get(act.db, wish.procedure) if wish.procedure else None
    received_at = act.now if wish.received_at is None else wish.received_at
    must_be_past("received_at", received_at, act.now)
    data = _checked(settings, wish, procedure, received_at)
    data |= _term(settings, wish, procedure, data["service"], received_at)
    code = _code(act, settings, wish)
    data |= {"code": code.text, "shape": code.shape}
    told = dossier_change.write(act, settings, "dossier.received", code.key, data, actor=actor, ticket=ticket)
    person = Applicant(**{name: fits(name, getattr(wish.applicant, name)) for name, fits in PERSONS.items()})
    dossier_persons.keep(act.db, [(code.key, person)])
    return told


def _checked(settings: Settings, wish: Intake, procedure: Procedure | None, received_at: int) -> dict[str, Any]:
    """The columns that follow from the wish alone, as the event carries them."""
    name = wish.procedure_name or (procedure.name if procedure else "")
    if not name.strip():
        raise dossier_persons.needed("procedure_name")
    told = {
        "procedure": procedure.code if procedure else "", "procedure_name": name, "intake": wish.intake,
        "give_back": wish.give_back, "sets": wish.sets, "fee": wish.fee, "fee_note": wish.fee_note,
        "received_at": received_at, "unit": settings.dossiers.unit,
    }  # fmt: skip
    kept = {key: None if value is None else CHECKS[key](key, value) for key, value in told.items()}
    served = service_of(settings, wish.service)
    if not served and procedure:
        served = settings.service_of_field.get(procedure.field, "")
    return kept | {
        "service": served, "status": RECEIVED, "local_status": "", "tracking": "", "finished_at": None,
        "returned_at": None, "paused_at": None, "due_left": None, "rescheduled": 0, "supplements": 0,
        "source": "counter", "papers": papers_told(wish.papers),
    }  # fmt: skip


def _term(
    settings: Settings, wish: Intake, procedure: Procedure | None, service: str, received_at: int
) -> dict[str, Any]:
    """The term and the due time: as told, else as posted, else unknown (never guessed, DOMAIN 11.8)."""
    term = None
    if wish.term_amount is not None:
        CHECKS["term_amount"]("term_amount", wish.term_amount)
        CHECKS["term_unit"]("term_unit", wish.term_unit)
        must_be_term(wish.term_amount, wish.term_unit)
        term = Term(wish.term_amount, unit_of(wish.term_unit))
    elif procedure is not None:
        term = deadlines.term_of(procedure, CHANNEL[wish.intake])
    due_at = wish.due_at
    if due_at is None:
        due_at = deadlines.due(settings, received_at, term, service=service).at
    elif CHECKS["due_at"]("due_at", due_at) < received_at:
        raise WrongDay("due_at: before received_at", field="due_at", reason="too_early")
    return {
        "due_at": due_at,
        "term_amount": term.amount if term else None,
        "term_unit": term.unit if term else "",
    }


def _code(act: Act, settings: Settings, wish: Intake) -> Code:
    """The code given, unless the register has it; or the office's next one."""
    today = local(act.now, settings.office.zone).date()
    if not wish.code.strip():
        agency = settings.dossiers.agency or settings.office.id
        return next_code(act.db, agency, today, settings.dossiers.digits)
    code = code_of(wish.code, today, confirmed=wish.confirmed)
    if dossiers.known(act.db, code.key):
        raise DossierKnown("the register has a dossier of that code", code=code.key)
    return code


def next_code(db: sqlite3.Connection, agency: str, day: date, digits: int) -> Code:
    """The code after the last one of ``agency`` on ``day``, whoever gave that: ``H55.242-261120-0008`` (DOMAIN 3.1).

    Only numbers of ``digits`` count. Once the last of them is taken, the lowest that is free. Taken by the act that
    writes it; acts are one at a time, so none is given twice. Raises NoCodeLeft when all are taken.
    """
    begins, most = f"{agency}-{day:%y%m%d}-", 10**digits - 1
    rows = db.execute(
        "SELECT substr(key, ?) FROM dossiers WHERE key > ? AND key < ? AND length(key) = ?",
        (len(begins) + 1, begins, f"{begins}:", len(begins) + digits),  # a colon comes after the digits
    ).fetchall()
    taken = {int(number) for (number,) in rows if number.isdecimal()}
    following = max(taken, default=0) + 1
    if following > most:
        following = next((number for number in range(1, most) if number not in taken), 0)
    if not following:
        raise NoCodeLeft(f"all {most} codes of the day are taken")
    text = f"{begins}{following:0{digits}d}"
    return Code(text, text, "qd20", agency, day, text[len(begins) :])
