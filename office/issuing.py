"""Giving out numbers, finding tickets again, and writing what happens to one."""

import secrets
import sqlite3
from typing import Any

from office import counters, journal, near_front, standing
from office.clock import day_of
from office.errors import NoCounter, NotAllowed, ServiceClosed, UnknownPriority, UnknownService, UnknownTicket
from office.journal import Event
from office.sections import Service
from office.settings import Settings
from office.store import Act
from office.tickets import State, Ticket, number_text, ticket_from

TOKEN_LETTERS = 16
"""80 bits, in letters that a QR code packs tightly."""
LETTERS = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Thirty-two, without those that an eye mixes up (0 and O, 1 and I)."""
_LETTER_OF = LETTERS * (256 // len(LETTERS))
"""A byte's letter; each stands for as many bytes as any other."""


def find(db: sqlite3.Connection, ticket: str) -> Ticket:
    """The ticket of that id. Raises UnknownTicket."""
    return _one(db.execute("SELECT * FROM tickets WHERE id = ?", (ticket,)).fetchone(), ticket)


def by_token(db: sqlite3.Connection, token: str) -> Ticket:
    """The ticket whose slip carries ``token``. Raises UnknownTicket."""
    return _one(db.execute("SELECT * FROM tickets WHERE token = ?", (token,)).fetchone(), "of that token")


def by_number(db: sqlite3.Connection, number: str, day: str) -> Ticket:
    """The ticket with ``number`` on ``day``. Raises UnknownTicket."""
    return _one(db.execute("SELECT * FROM tickets WHERE id = ?", (_id(day, number),)).fetchone(), number)


def issue(
    act: Act,
    settings: Settings,
    *,
    service: str,
    actor: str,
    priority: str = "",
    language: str = "",
    dossier: str = "",
    slip: bool = True,
    reentry: str = "",
) -> Ticket:
    """Give the next number of ``service``'s series; with ``reentry`` (office/near_front.py) near the front.

    Raises UnknownService, UnknownPriority, ServiceClosed outside its hours, NoCounter where the office gives no
    numbers without an open counter, ReentrySpent.
    """
    wanted = known_service(settings, service)
    weight, verified = _class(settings, priority)
    back = near_front.right(act.db, settings, reentry, act.now) if reentry else None
    if back is not None:
        weight, dossier = max(weight, near_front.weight(settings)), back.dossier
    _must_be_open(act, settings, wanted)
    day = day_of(act.now, settings.office.zone)
    series = wanted.series if settings.numbering.style == "letter" else ""
    n = _next_n(act, day, series)
    number = number_text(settings.numbering.style, series, n)
    ticket = _id(day, number)
    data = {
        "number": number, "service": service, "day": day, "series": series, "n": n, "token": _token(),
        "priority": priority, "verified": verified, "language": _language(settings, language),
        "place": journal.moment(act) - weight, "slip": slip, "dossier": dossier,
    }  # fmt: skip
    event = journal.append(
        act,
        "ticket.issued",
        office=settings.office.id,
        actor=actor,
        ticket=ticket,
        dossier=dossier,
        data=data,
    )
    given = _new(event)
    standing.joined(act, given)
    if back is not None:
        near_front.use(act, settings, back, given, actor=actor)
    return given


def _new(event: Event) -> Ticket:
    """The ticket that a ``ticket.issued`` event makes, as office/projection.py writes it."""
    d = event.data
    return Ticket(
        id=event.ticket, day=d["day"], number=d["number"], series=d["series"], n=d["n"], token=d["token"],
        service=d["service"], priority=d["priority"], verified=d["verified"], language=d["language"],
        state=State.WAITING, arrived_at=event.at, place=d["place"], target="", counter="", called_at=None,
        last_call_at=None, started_at=None, ended_at=None, hold_until=None, calls=0, recalls=0, slip="",
        dossier=d["dossier"], seq=event.seq,
    )  # fmt: skip


def request_slip(act: Act, settings: Settings, ticket: str, *, actor: str) -> Event:
    """Ask for the slip again; it is marked as a copy. Raises UnknownTicket, NotAllowed once the ticket has ended."""
    found = find(act.db, ticket)
    if found.state in (State.FINISHED, State.CANCELLED):
        raise NotAllowed(f"{found.number} is {found.state}", number=found.number, state=found.state.value)
    return note(act, settings, "slip.requested", found, "", actor, {})


def record(act: Act, settings: Settings, kind: str, ticket: Ticket, counter: str, actor: str, **data: Any) -> Ticket:
    """Write one event of ``ticket`` and answer the ticket as it is afterwards."""
    note(act, settings, kind, ticket, counter, actor, data)
    return find(act.db, ticket.id)


def note(
    act: Act, settings: Settings, kind: str, ticket: Ticket, counter: str, actor: str, data: dict[str, Any]
) -> Event:
    """Write one event of ``ticket``; its number and service are always among the data."""
    named = {"number": ticket.number, "service": ticket.service, **data}
    return journal.append(
        act, kind, office=settings.office.id, actor=actor, counter=counter, ticket=ticket.id,
        dossier=ticket.dossier, data=named,
    )  # fmt: skip


def _must_be_open(act: Act, settings: Settings, service: Service) -> None:
    if not settings.calendars[service.id].is_open(act.now):
        raise ServiceClosed(f"{service.id} is closed now", service=service.id)
    if settings.turns.without_counter == "refuse" and not counters.serving(act.db, settings, service.id):
        raise NoCounter(f"no open counter serves {service.id}", service=service.id)


def _id(day: str, number: str) -> str:
    return f"{day.replace('-', '')}-{number}"


def _next_n(act: Act, day: str, series: str) -> int:
    """One more than the last number; it is taken, for a refused act makes all that is known forgotten."""
    last: dict[tuple[str, str], int] = act.known.setdefault("series", {})
    if (day, series) not in last:
        row = act.db.execute("SELECT last FROM series WHERE day = ? AND series = ?", (day, series)).fetchone()
        last[day, series] = row[0] if row else 0
    last[day, series] += 1
    return last[day, series]


def known_service(settings: Settings, service: str) -> Service:
    if service not in settings.service_by_id:
        raise UnknownService(f"no service {service!r}; known: {', '.join(settings.service_by_id)}", field="service")
    return settings.service_by_id[service]


def _class(settings: Settings, priority: str) -> tuple[int, int]:
    """Weight in ms, and whether it counts as verified already."""
    if not priority:
        return 0, 1
    if priority not in settings.class_by_id:
        raise UnknownPriority(f"no class {priority!r}; known: {', '.join(settings.class_by_id)}", field="priority")
    chosen = settings.class_by_id[priority]
    return round(chosen.weight_min * 60_000), 0 if chosen.confirm else 1


def _language(settings: Settings, language: str) -> str:
    return language if language in settings.office.languages else settings.office.languages[0]


def _token() -> str:
    return secrets.token_bytes(TOKEN_LETTERS).translate(_LETTER_OF).decode("ascii")


def _one(row: Any, what: str) -> Ticket:
    if row is None:
        raise UnknownTicket(f"no ticket {what}")
    return ticket_from(row)
