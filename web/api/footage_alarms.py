"""/footage/alarms: cameras whose picture was of no use, and the two pictures that show it."""

from typing import Any, Final

from flask import Blueprint, Response

from office import troubles
from office.clock import rfc3339
from office.errors import NotFound
from office.troubles import Seen
from web.acts import done, reply
from web.api.operation import operation
from web.callers import allow
from web.camera_faults import ailing
from web.footage_asked import admitted, footage, noted
from web.hall import Hall

SCOPE: Final = "footage"
WHICH: Final = ("before", "now")
AROUND_MS: Final = 1000
"""A picture is a moment; a range is at least so long on either side."""


def create(hall: Hall) -> Blueprint:
    """The blueprint of /footage/alarms. Clerks and screens see none."""
    api = Blueprint("api_footage_alarms", __name__)
    watchers = allow(hall, "person", "key", scope=SCOPE, supervisor=True)

    @api.get("/footage/alarms")
    @operation(
        "Cameras whose picture was of no use, newest first; and those ailing now, lost ones and wrong clocks too",
        answers={200: "Alarms"},
        scope=SCOPE,
    )
    @watchers
    def alarms() -> Response:
        now = [{"camera": camera, "reasons": reasons} for camera, reasons in ailing(hall).items()]
        return reply(200, {"alarms": [_told(hall, one) for one in troubles.recent(hall.store.read())], "ailing": now})

    @api.get("/footage/alarms/<seq>/<which>")
    @operation(
        "A picture of an alarm: `before` the last good one, `now` the one that gave it; a person names a view that "
        "covers its moment",
        answers={200: "", 403: "Problem", 404: "Problem"},
        query={"view": "id of a view that covers it; systems with a key need none"},
        scope=SCOPE,
        gives=("image/jpeg",),
    )
    @watchers
    def picture(seq: str, which: str) -> Response:
        one = next((one for one in troubles.recent(hall.store.read()) if str(one.seq) == seq), None)
        if one is None or which not in WHICH:
            raise NotFound("no such alarm or picture")
        moment = one.before if which == "before" else one.now
        admitted(hall, one.camera, (moment, moment))
        path = footage(hall).alarm(one.camera, moment)
        if path is None:
            raise NotFound("this picture is gone with its days")
        noted(hall, one.camera, (moment - AROUND_MS, moment + AROUND_MS))
        return Response(path.read_bytes(), content_type="image/jpeg")

    _accepting(hall, api)
    return api


def _accepting(hall: Hall, api: Blueprint) -> None:
    @api.post("/footage/alarms/<seq>/acceptance")
    @operation(
        "Say that what a moved or blurred camera shows is right so: the alarm ends, the view is learned anew",
        answers={204: "", 403: "Problem", 404: "Problem", 409: "Problem"},
    )
    @allow(hall, "person", supervisor=True)
    def accept(seq: str) -> Response:
        return done(hall, lambda act, actor: troubles.accept(act, hall.settings, seq, actor=actor))


def _told(hall: Hall, one: Seen) -> dict[str, Any]:
    def rfc(moment: int | None) -> str | None:
        return rfc3339(moment, hall.settings.office.zone) if moment else None

    return {
        "seq": one.seq,
        "at": rfc(one.at),
        "camera": one.camera,
        "trouble": one.trouble,
        "before": rfc(one.before),
        "now": rfc(one.now),
        "cleared_at": rfc(one.cleared),
    }
