"""What the journal asks of the printer: one job an event, and the slip that belongs to it."""

import sqlite3
from dataclasses import dataclass
from typing import Final

from office import issuing, waits
from office.clock import local
from office.journal import Event
from office.sections import Office, Service
from office.settings import Settings
from office.tickets import State, Ticket
from printer.slip import Slip

GRACE_S: Final = 30
"""Seconds in which a slip is printed even if its ticket is called meanwhile: its holder still stands there."""
KINDS: Final = ("ticket.issued", "slip.requested")
_USELESS: Final = {
    "ticket.issued": frozenset(State) - {State.WAITING},
    "slip.requested": frozenset({State.FINISHED, State.CANCELLED}),
}
"""States in which nobody needs the paper any more: a first slip once its number is called."""


@dataclass
class Job:
    """One slip to print. ``arrived``: the printer has every byte of it, so it must never be sent again."""

    event: Event
    arrived: bool = False

    @property
    def copy(self) -> bool:
        """Whether the slip is a reprint."""
        return self.event.kind == "slip.requested"


def wanted(event: Event) -> bool:
    """Whether ``event`` asks for a slip."""
    return bool(event.data.get("slip", True))


def stale(job: Job, db: sqlite3.Connection, now: int, stale_min: float) -> bool:
    """Whether nobody needs this slip any more: too old, or its ticket's turn has come."""
    age_s = (now - job.event.at) / 1000
    if age_s > stale_min * 60:
        return True
    return age_s > GRACE_S and issuing.find(db, job.event.ticket).state in _USELESS[job.event.kind]


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
