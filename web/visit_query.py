"""Which visits or events an address asks for: the same query at the service log's page and at the API."""

import re
from datetime import date
from typing import Final

from flask import request

from office.clock import local
from office.errors import BadRequest
from office.kinds import KINDS
from office.visit_filters import Wanted
from web.hall import Hall

LONGEST: Final = 80
FIRST, LAST = 2000, 2099
NUMBER: Final = re.compile(r"\d{1,9}")

QUERY: Final[dict[str, str]] = {
    "day": "local day, YYYY-MM-DD; today unless given",
    "q": "a ticket's number or a dossier's code, over the year up to day",
    "dossier": "dossier code, over all days",
    "ticket": "ticket id",
    "counter": "counter number; any of its stations",
    "clerk": "sign-in name; any of its stations",
    "service": "service id",
    "kind": "kind of event that it must have",
    "wait": "minutes or longer until the first call",
    "out_of_order": "1: only those called out of order",
    "overdue": "1: only those about a dossier that is or was late",
    "low": "1: only those rated low",
}


def wanted(hall: Hall) -> Wanted:
    """What the request's query looks for. Raises BadRequest naming the field."""
    return Wanted(
        day=day("day", today(hall)),
        text=text("q"),
        dossier=text("dossier"),
        ticket=text("ticket"),
        counter=text("counter"),
        clerk=text("clerk"),
        service=text("service"),
        kind=_kind(),
        wait_min=figure("wait", 1440),
        out_of_order=_flag("out_of_order"),
        overdue=_flag("overdue"),
        low=_flag("low"),
    )


def today(hall: Hall) -> date:
    """The office's day now."""
    return local(hall.store.clock(), hall.settings.office.zone).date()


def text(name: str) -> str:
    """The query's ``name``, trimmed; '' when it is missing. Raises BadRequest when it is too long."""
    found = request.args.get(name, "").strip()
    if len(found) > LONGEST:
        raise BadRequest(f"{name} has at most {LONGEST} characters", field=name)
    return found.encode("utf-8", "ignore").decode()


def figure(name: str, most: int) -> int:
    """The query's whole number ``name``, at most ``most``; 0 when it is missing. Raises BadRequest."""
    found = text(name)
    if not found:
        return 0
    if not NUMBER.fullmatch(found):
        raise BadRequest(f"{name} is a whole number", field=name)
    return min(int(found), most)


def day(name: str, otherwise: date) -> date:
    """The query's day ``name``, ``otherwise`` when it is missing. Raises BadRequest, also outside of 2000 to 2099: days
    beside it could not be told."""
    found = text(name)
    try:
        asked = date.fromisoformat(found) if found else otherwise
    except ValueError as fault:
        raise BadRequest(f"{name} is YYYY-MM-DD", field=name) from fault
    if not FIRST <= asked.year <= LAST:
        raise BadRequest(f"{name} lies between the years {FIRST} and {LAST}", field=name)
    return asked


def _kind() -> str:
    found = text("kind")
    if found and found not in KINDS:
        raise BadRequest("no such kind; docs/journal.md lists them", field="kind")
    return found


def _flag(name: str) -> bool:
    return request.args.get(name, "") in ("1", "true", "on")
