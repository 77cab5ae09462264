"""What the journal asks of the printer: one job an event, and the slip that belongs to it."""

import sqlite3
from dataclasses import dataclass
from typing import Final

from office import dossier_reentry, dossiers, issuing, waits
from office.clock import day_of, local
from office.journal import Event
from office.phrases import Phrases
from office.sections import Office, Service
from office.settings import Settings
from office.tickets import State, Ticket
from printer.missing import MissingSlip, draw_missing
from printer.sheet import Sheet
from printer.slip import Slip, draw

GRACE_S: Final = 30
"""Seconds in which a slip is printed even if its ticket is called meanwhile: its holder still stands there."""
MISSING: Final = "dossier.supplement_asked"
"""The event that asks for a slip of missing papers."""
KINDS: Final = ("ticket.issued", "slip.requested", MISSING)
_USELESS: Final = {
    "ticket.issued": frozenset(State) - {State.WAITING},
    "slip.requested": frozenset({State.FINISHED, State.CANCELLED}),
}
"""States in which nobody needs the paper any more: a first slip once its number is called."""


@dataclass
class Job:
    """One slip to print. ``arrived``: the printer has every byte of it, so it must never be sent again; ``printed``: it
    is done, confirmed by the printer or not, and only the journal is still to be told."""

    event: Event
    arrived: bool = False
    printed: bool | None = None

    @property
    def of_papers(self) -> bool:
        """Whether it is a slip of missing papers, which belongs to a dossier and not to a ticket."""
        return self.event.kind == MISSING

    @property
    def copy(self) -> bool:
        """Whether the slip is a reprint."""
        return self.event.kind == "slip.requested"


def wanted(event: Event) -> bool:
    """Whether ``event`` asks for a slip."""
    return bool(event.data.get("slip", True))


def stale(job: Job, db: sqlite3.Connection, settings: Settings, now: int) -> bool:
    """Whether nobody needs this slip any more: too old, its ticket's turn has come, its code is spent."""
    age_s = (now - job.event.at) / 1000
    if age_s > settings.printer.stale_min * 60:
        return True
    if job.of_papers:
        found = dossier_reentry.find(db, str(job.event.data["reentry"]))
        return found is None or not found.good(day_of(now, settings.office.zone))
    return age_s > GRACE_S and issuing.find(db, job.event.ticket).state in _USELESS[job.event.kind]


def drawn(job: Job, db: sqlite3.Connection, settings: Settings, phrases: Phrases) -> Sheet:
    """The sheet that the job is to be. Raises UnknownTicket, UnknownDossier."""
    printer = settings.printer
    if job.of_papers:
        return draw_missing(missing_of(job, db, settings), phrases, printer.width_mm)
    return draw(slip_of(job, db, settings), phrases, printer.width_mm, native_qr=printer.native_qr)


def missing_of(job: Job, db: sqlite3.Connection, settings: Settings) -> MissingSlip:
    """What a slip of missing papers says: all from the event, but for the code as it stands on the receipt."""
    office, event = settings.office, job.event
    language = office.languages[0]
    return MissingSlip(
        office=office.name.text(language),
        parent=office.parent.text(language),
        code=dossiers.get(db, event.dossier).code,
        papers=tuple(str(name) for name in event.data["missing"]),
        reentry=str(event.data["reentry"]),
        at=local(event.at, office.zone),
    )


def slip_of(job: Job, db: sqlite3.Connection, settings: Settings) -> Slip:
    """What the job's slip says, people ahead counted now. Raises UnknownTicket."""
    ticket = issuing.find(db, job.event.ticket)
    ahead = waits.outlook(db, settings, ticket).ahead
    return _slip(ticket, ahead, settings, copy=job.copy)


def _slip(ticket: Ticket, ahead: int, settings: Settings, *, copy: bool) -> Slip:
    office = settings.office
    service = settings.service_by_id.get(ticket.service)
    return Slip(
        number=ticket.number,
        service=_names(service, office) if service else {},
        office=_names(office, office),
        parent={language: office.parent.text(language) for language in office.languages},
        ahead=ahead,
        at=local(ticket.arrived_at, office.zone),
        url=f"{office.public_url.rstrip('/')}/t/{ticket.token}" if office.public_url else "",
        priority=bool(ticket.priority),
        copy=copy,
        language=ticket.language,
    )


def _names(named: Service | Office, office: Office) -> dict[str, str]:
    return {language: named.name.text(language) for language in office.languages}


def samples(settings: Settings) -> list[Slip]:
    """A slip of every service and language; drawn once beforehand, the real ones come faster."""
    office = settings.office
    return [
        Slip(
            number="A-000",
            service=_names(service, office),
            office=_names(office, office),
            parent={name: office.parent.text(name) for name in office.languages},
            ahead=0,
            at=local(0, office.zone),
            url=f"{office.public_url.rstrip('/')}/t/{'A' * issuing.TOKEN_LETTERS}" if office.public_url else "",
            language=language,
        )
        for language in office.languages
        for service in settings.services
    ]
