"""When a dossier would be due: counted and explained before anything is written down."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast, get_args

from flask import Blueprint, Response, request

from office import procedures
from office.catalogue_entry import Channel, ChannelName, Procedure, Unit
from office.clock import local, rfc3339
from office.deadlines import LONGEST, Due, Step, Term, channel_of, doubts_of, due, term_of
from office.errors import BadRequest, UnknownService
from office.settings import Settings
from web.acts import reply
from web.api.operation import operation
from web.hall import Hall
from web.moments import moment
from web.problems import reader_language

CHANNELS: Final[dict[str, ChannelName]] = {
    "": "direct",
    "counter": "direct",
    **{name: name for name in get_args(ChannelName)},
}
"""How a dossier comes in, as the register and the catalogue call it."""

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a caller asks: ``procedure`` None when only a term was given."""

    procedure: Procedure | None
    channel: ChannelName
    received_at: int
    term: Term | None
    service: str


def create(hall: Hall) -> Blueprint:
    """The blueprint of /deadlines. Open to all: it says no more than the posted catalogue and the calendar do."""
    api = Blueprint("api_deadlines", __name__)

    @api.get("/deadlines")
    @operation(
        "When a dossier is due, and why; null where the catalogue is silent",
        answers={200: "Deadline"},
        query={
            "procedure": "code; its posted time limit for the channel counts unless amount and unit are given",
            "channel": "counter (or direct), online or post; counter when left out",
            "received_at": "RFC 3339 moment; now when left out",
            "amount": f"1 to {LONGEST}, or 0 days: the same day",
            "unit": "gio, ngay or ngay_lam_viec",
            "service": "id of the service whose working time counts; the procedure's when left out",
        },
    )
    def ask() -> Response:
        asked = _asked(hall)
        found = due(hall.settings, asked.received_at, asked.term, service=asked.service)
        return reply(200, _shape(hall, asked, found))

    return api


def _asked(hall: Hall) -> _Asked:
    given = request.args
    code, channel = given.get("procedure", ""), CHANNELS.get(given.get("channel", ""))
    if channel is None:
        raise BadRequest(f"channel is one of {', '.join(filter(None, CHANNELS))}", field="channel")
    procedure = procedures.get(hall.store.read(), code) if code else None
    term = _term(given.get("amount", ""), given.get("unit", ""))
    if term is None:
        if procedure is None:
            raise BadRequest("say a procedure, or amount and unit", field="procedure")
        term = term_of(procedure, channel)
    return _Asked(procedure, channel, _received_at(hall), term, _service(hall.settings, procedure))


def _term(amount: str, unit: str) -> Term | None:
    if not amount and not unit:
        return None
    if unit not in get_args(Unit):
        raise BadRequest(f"unit is one of {', '.join(get_args(Unit))}", field="unit")
    if not (amount.isascii() and amount.isdecimal()):
        raise BadRequest("amount is a whole number", field="amount")
    return Term(int(amount[:9]), cast(Unit, unit))


def _received_at(hall: Hall) -> int:
    text = request.args.get("received_at", "")
    at = moment(text, "received_at") if text else hall.store.clock()
    try:
        known = FIRST <= local(at, hall.settings.office.zone).date() <= LAST
    except (ValueError, OverflowError, OSError):
        known = False
    if not known:
        raise BadRequest(f"received_at lies between {FIRST.year} and {LAST.year}", field="received_at")
    return at


def _service(settings: Settings, procedure: Procedure | None) -> str:
    service = request.args.get("service", "")
    if service and service not in settings.service_by_id:
        raise UnknownService(f"no service {service[:60]!r}")
    return service or (settings.service_of_field.get(procedure.field, "") if procedure else "")


def _shape(hall: Hall, asked: _Asked, found: Due) -> dict[str, Any]:
    zone, term = hall.settings.office.zone, asked.term
    procedure, row = asked.procedure, channel_of(asked.procedure, asked.channel) if asked.procedure else None
    steps = [*found.steps, *(doubts_of(procedure) if procedure and not request.args.get("unit") else ())]
    return {
        "received_at": rfc3339(asked.received_at, zone),
        "due_at": None if found.at is None else rfc3339(found.at, zone),
        "amount": term.amount if term else None,
        "unit": term.unit if term else None,
        "service": asked.service or None,
        "channel": asked.channel,
        "procedure": _source(procedure, row) if procedure else None,
        "steps": [_told(hall, step) for step in steps],
    }


def _source(procedure: Procedure, row: Channel | None) -> dict[str, Any]:
    """Where a posted term comes from, and what the source remarks on it."""
    return {
        "code": procedure.code,
        "name": procedure.name,
        "note": row.note if row else None,
        "source_url": procedure.source_url,
        "fetched_at": procedure.fetched_at.isoformat(),
    }


def _told(hall: Hall, step: Step) -> dict[str, Any]:
    say = hall.phrases.say(reader_language(hall), step.key, **step.params)
    return {"key": step.key, "params": dict(step.params), "say": say}
