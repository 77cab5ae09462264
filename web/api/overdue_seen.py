"""Somebody asked after a dossier that is late: what waits for a supervisor, and that one of them knows of it."""

from flask import Blueprint, Response

from office import overdue_seen
from office.clock import rfc3339
from web.acts import done, reply
from web.api.operation import operation
from web.bodies import Body, body
from web.callers import allow
from web.hall import Hall


def create(hall: Hall) -> Blueprint:
    """The blueprint of /overdue-seen."""
    api = Blueprint("api_overdue_seen", __name__)
    supervisor = allow(hall, "person", "key", scope="dossiers", supervisor=True)

    @api.get("/overdue-seen")
    @operation(
        "Late dossiers that somebody asked after today, which no supervisor has noted yet",
        answers={200: "OverdueSeen"},
        scope="dossiers",
    )
    @supervisor
    def waiting() -> Response:
        zone = hall.settings.office.zone
        found = overdue_seen.waiting(hall.store.read(), hall.settings, hall.store.clock())
        told = [
            {"seq": one.seq, "at": rfc3339(one.at, zone), "dossier": one.dossier, "days": one.data["days"]}
            for one in found
        ]
        return reply(200, {"waiting": told})

    @api.post("/overdue-seen/<code>/note")
    @operation("A supervisor knows that somebody asked after it", body=Body, answers={204: ""}, scope="dossiers")
    @supervisor
    def note(code: str) -> Response:
        body(Body)
        return done(hall, lambda act, actor: overdue_seen.note(act, hall.settings, code, actor=actor))

    return api
