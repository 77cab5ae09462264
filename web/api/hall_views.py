"""The hall as a whole: the queue, the journal, the event stream, and a citizen's call for help."""

import re
from functools import partial
from typing import Any

from flask import Blueprint, Request, Response, g, request

from office import journal, lines
from office.clock import day_of
from office.counters import open_services
from office.errors import BadRequest, OfficeError
from office.journal import Filter
from office.kinds import KINDS
from web.acts import perform, reply
from web.api.operation import operation
from web.bodies import Body, body
from web.callers import Caller, allow, still_welcome
from web.hall import Hall
from web.moments import moment
from web.pulse import Audience, lean, shown
from web.shapes import counter_list

PAGE, PAGE_MAX = 200, 1000
SEQ = re.compile(r"^\d{1,15}$")
HELP_PER_MINUTE = 6
LOOK = ("tickets", "counters")
"""Who takes numbers and who calls them both need the queue."""


class NoRoom(OfficeError):
    """All event streams are taken."""

    key = "error.no_room"
    status = 503


def create(hall: Hall) -> Blueprint:
    """The blueprint of /queue, /events, /journal and /help."""
    api = Blueprint("api_hall", __name__)

    @api.get("/queue")
    @operation("Services with their lines, counters with their tickets", answers={200: "Queue"}, scope=LOOK)
    @allow(hall, "kiosk", "board", "person", "key", scope=LOOK)
    def queue() -> Response:
        return reply(200, queue_shape(hall, full=g.caller.sees_all))

    @api.get("/events")
    @operation(
        "The journal as server-sent events; a clerk hears of the hall, a screen what is public",
        query={"since": "seq after which to begin; Last-Event-ID counts first"},
        scope="journal",
    )
    @allow(hall, "kiosk", "board", "person", "key", scope="journal")
    def events() -> Response:
        since = _since(request.headers.get("Last-Event-ID") or request.args.get("since"))
        if not hall.pulse.enter():
            raise NoRoom("all event streams are taken", seconds=5)

        welcome = partial(still_welcome, hall, Request(request.environ), g.caller)
        response = Response(hall.pulse.follow(since, _audience(g.caller), welcome), content_type="text/event-stream")
        response.call_on_close(hall.pulse.leave)
        response.headers["X-Accel-Buffering"] = "no"
        return response

    @api.get("/journal")
    @operation(
        "Events in order",
        answers={200: "Journal"},
        query={
            "since": "seq after which to begin",
            "limit": f"1 to {PAGE_MAX}",
            "kind": "kind; may stand several times",
            "ticket": "ticket id",
            "dossier": "dossier code",
            "counter": "counter number",
            "from": "RFC 3339 moment, included",
            "to": "RFC 3339 moment, excluded",
            "rows": "1: imports of dossiers with their rows, up to 100 kB each",
        },
        scope="journal",
    )
    @allow(hall, "person", "key", scope="journal", supervisor=True)
    def read() -> Response:
        limit = min(max(_since(request.args.get("limit")) or PAGE, 1), PAGE_MAX)
        found = journal.read(hall.store.read(), _since(request.args.get("since")) or 0, limit, _filter())
        told = dict if request.args.get("rows") == "1" else lean
        items = [shown(event, told(event.data), hall.settings, full=True) | {"actor": event.actor} for event in found]
        return reply(200, {"events": items, "next": found[-1].seq if len(found) == limit else None})

    @api.post("/help")
    @operation("Ask for a person's help at a kiosk", body=Body, answers={202: ""}, scope="tickets")
    @allow(hall, "kiosk", "person", "key", scope="tickets")
    def ask_help() -> Response:
        body(Body)
        screen = g.caller.actor.partition(":")[2]

        def run(act: Any) -> tuple[int, dict[str, Any]]:
            hall.rates.check(f"help {g.caller.actor}", HELP_PER_MINUTE)
            event = journal.append(
                act, "help.requested", office=hall.settings.office.id, actor=g.caller.actor, data={"screen": screen}
            )
            return 202, {"seq": event.seq}

        return perform(hall, run)

    return api


def queue_shape(hall: Hall, *, full: bool) -> dict[str, Any]:
    """The queue as of journal ``seq``."""
    db, settings, now = hall.store.read(), hall.settings, hall.store.clock()
    seq = journal.head(db)[0]
    waiting = lines.waiting_counts(db, day_of(now, settings.office.zone))
    served = open_services(db, settings)
    services = []
    for service in settings.services:
        hours = settings.calendars[service.id]
        count, oldest = waiting.get(service.id, (0, None))
        services.append(
            {
                "id": service.id,
                "name": service.name.model_dump(),
                "series": service.series,
                "open": hours.is_open(now),
                "served": service.id in served,
                "waiting": count,
                "oldest_wait_s": max(0, (now - oldest) // 1000) if oldest else None,
            }
        )
    return {"seq": seq, "services": services, "counters": counter_list(db, settings, full=full)}


def _audience(caller: Caller) -> Audience:
    if not caller.sees_all:
        return "screen"
    return "all" if caller.supervisor or caller.who == "key" else "clerk"


def _filter() -> Filter:
    kinds = tuple(request.args.getlist("kind"))
    for kind in kinds:
        if kind not in KINDS:
            raise BadRequest(f"no kind {kind[:60]!r}; docs/journal.md lists them", field="kind")
    return Filter(
        kinds=kinds,
        ticket=request.args.get("ticket", ""),
        dossier=request.args.get("dossier", ""),
        counter=request.args.get("counter", ""),
        begins=_moment("from"),
        ends=_moment("to"),
    )


def _moment(name: str) -> int | None:
    text = request.args.get(name)
    if not text:
        return None
    return moment(text, name)


def _since(text: str | None) -> int | None:
    if text is None or text == "":
        return None
    if not SEQ.match(text):
        raise BadRequest("since, limit and Last-Event-ID are whole numbers", field="since")
    return int(text)
