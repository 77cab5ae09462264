"""How visits of the service log look in the API. Nothing about persons but the clerks' sign-in names; of a priority
only that there was one."""

from typing import Any

from office.clock import rfc3339
from office.visit_filters import late
from office.visits import Joined, Station, Visit
from web.hall import Hall


def visit_shape(hall: Hall, visit: Visit, now: int) -> dict[str, Any]:
    """A visit with its stations and dossiers; durations in seconds."""
    ticket = visit.ticket
    return {
        "ticket": ticket.id,
        "number": ticket.number,
        "service": ticket.service,
        "services": sorted(visit.services),
        "state": ticket.state.value,
        "arrived_at": _moment(hall, ticket.arrived_at),
        "first_call_at": _moment(hall, visit.first_call_at),
        "ended_at": _moment(hall, ticket.ended_at),
        "waited_s": visit.waited_ms(now) // 1000,
        "served_s": visit.served_ms // 1000,
        "calls": ticket.calls,
        "priority": bool(ticket.priority),
        "out_of_order": visit.reasons,
        "stars": visit.stars or None,
        "stations": [_station(hall, one) for one in visit.stations],
        "dossiers": [_dossier(hall, one, now) for one in visit.dossiers],
    }


def _station(hall: Hall, station: Station) -> dict[str, Any]:
    return {
        "counter": station.counter,
        "clerk": station.clerk,
        "called_at": _moment(hall, station.called_at),
        "started_at": _moment(hall, station.started_at),
        "left_at": _moment(hall, station.left_at),
        "left": station.left or None,
        "recalls": station.recalls,
        "reason": station.reason or None,
    }


def _dossier(hall: Hall, joined: Joined, now: int) -> dict[str, Any]:
    return {
        "code": joined.code,
        "purpose": joined.purpose,
        "status": joined.status,
        "late": late(joined, now, hall.settings.office.zone),
    }


def _moment(hall: Hall, at: int | None) -> str | None:
    return rfc3339(at, hall.settings.office.zone) if at else None
