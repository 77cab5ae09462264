"""How tickets and counters look in the API, for callers who see all and for those who see what screens may."""

import sqlite3
from typing import Any

from flask import request

from office import counters, lines, waits
from office.clock import rfc3339
from office.counters import Desk
from office.settings import Settings
from office.standing import Glance
from office.tickets import Ticket


def base_url(settings: Settings) -> str:
    """The address a phone reaches this server under: the configured one, else the one just asked."""
    return settings.office.public_url.rstrip("/") or request.host_url.rstrip("/")


def ticket_shape(
    db: sqlite3.Connection,
    settings: Settings,
    ticket: Ticket,
    *,
    full: bool,
    mine: bool = False,
    seen: Glance | None = None,
) -> dict[str, Any]:
    """A ticket. ``full`` adds what only staff and systems see: class, its confirmation, and the dossier.

    ``served``: whether a counter open now would call it; false also tells a clerk that it was passed on to nobody.

    ``mine``: for whom it was just issued; they, as staff, get the address of its phone page, which anybody who can
    guess a ticket's id must not. ``seen``: what an act under way knows of the hall.
    """
    zone = settings.office.zone
    told = waits.outlook(db, settings, ticket, seen)
    shape: dict[str, Any] = {
        "id": ticket.id,
        "number": ticket.number,
        "service": ticket.service,
        "state": ticket.state.value,
        "ahead": told.ahead,
        "wait": {"p50_s": told.wait.p50_s, "p90_s": told.wait.p90_s} if told.wait else None,
        "issued_at": rfc3339(ticket.arrived_at, zone),
        "served": told.served,
        "counter": ticket.counter or None,
        "slip": ticket.slip or None,
        "calls": ticket.calls,
        "recalls": ticket.recalls,
    }
    for name in ("called_at", "started_at", "ended_at", "hold_until"):
        at = getattr(ticket, name)
        shape[name] = rfc3339(at, zone) if at else None
    if full or mine:
        shape["url"] = f"{base_url(settings)}/t/{ticket.token}"
    if full:
        shape |= {
            "priority": ticket.priority or None,
            "priority_verified": bool(ticket.verified),
            "dossier": ticket.dossier or None,
            "language": ticket.language,
            "target": ticket.target or None,
        }
    return shape


def brief(ticket: Ticket, settings: Settings, *, full: bool) -> dict[str, Any]:
    """A ticket in a list: no look-ups."""
    shape: dict[str, Any] = {
        "id": ticket.id,
        "number": ticket.number,
        "service": ticket.service,
        "state": ticket.state.value,
        "issued_at": rfc3339(ticket.arrived_at, settings.office.zone),
    }
    if full:
        shape |= {
            "priority": ticket.priority or None,
            "priority_verified": bool(ticket.verified),
            "calls": ticket.calls,
            "target": ticket.target or None,
            "hold_until": rfc3339(ticket.hold_until, settings.office.zone) if ticket.hold_until else None,
        }
    return shape


def counter_shape(settings: Settings, desk: Desk, ticket: Ticket | None, *, full: bool) -> dict[str, Any]:
    """A counter with its ticket; ``full`` adds who sits there."""
    configured = settings.counter_by_id[desk.id]
    shape: dict[str, Any] = {
        "id": desk.id,
        "name": configured.name.model_dump(),
        "state": desk.state,
        "since": rfc3339(desk.since, settings.office.zone) if desk.since else None,
        "ticket": brief(ticket, settings, full=full) if ticket else None,
        "services": list(configured.services),
        "direction": configured.direction,
    }
    return shape | ({"person": desk.person or None} if full else {})


def counter_list(db: sqlite3.Connection, settings: Settings, *, full: bool) -> list[dict[str, Any]]:
    """All counters in their configured order."""
    found = []
    for desk in counters.every(db, settings):
        found.append(counter_shape(settings, desk, lines.at_counter(db, desk), full=full))
    return found
