"""/footage: what there is, a reason before it is watched, clips and small pictures."""

import json
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, g, send_file

from office import clock_reads, footage_gaps, watching
from office import footage as index
from office.clips import Clip
from office.clock import rfc3339
from office.errors import BadRequest
from office.footage import Span
from office.store import Act
from office.watching import Wish
from web.acts import perform, reply
from web.api.footage_bodies import NewView
from web.api.operation import operation
from web.bodies import body
from web.callers import allow
from web.footage_asked import CLIP_MS, RANGE, VIEW, admitted, at, camera, footage, noted, query, seeing, span
from web.hall import Hall
from web.problems import reader_language

SCOPE: Final = "footage"
HEADERS: Final = ("Footage-From", "Footage-To", "Footage-Gaps")


def create(hall: Hall) -> Blueprint:
    """The blueprint of /footage. Clerks and screens see none."""
    api = Blueprint("api_footage", __name__)
    _looking(hall, api)
    _watching(hall, api)
    return api


def _looking(hall: Hall, api: Blueprint) -> None:
    watchers = allow(hall, "person", "key", scope=SCOPE, supervisor=True)

    @api.get("/footage")
    @operation(
        "Of which moments there is footage, and of which none: of a camera, of those that saw a counter, or of all",
        answers={200: "Footage"},
        query={"camera": "its name", "counter": "counter number"} | RANGE,
        scope=SCOPE,
    )
    @watchers
    def cover() -> Response:
        begins, ends = span(query("from"), query("to"))
        cameras = [_covered(hall, name, (begins, ends)) for name in _named(hall, begins)]
        return reply(200, {"from": _rfc(hall, begins), "to": _rfc(hall, ends), "cameras": cameras})

    @api.post("/footage/views")
    @operation("Say why, before footage is watched; the view counts for a while", body=NewView, answers={201: "View"},
               scope=SCOPE)  # fmt: skip
    @watchers
    def view() -> Response:
        wish = body(NewView).read(hall)

        def run(act: Act) -> tuple[int, dict[str, Any]]:
            made = watching.view(act, hall.settings, wish, actor=g.caller.actor)
            names = dict.fromkeys(wish.cameras)
            clips = [{"camera": name, "url": _clip_url(name, wish, made.id)} for name in names]
            return 201, {"view": made.id, "ends_at": _rfc(hall, made.ends_at), "clips": clips}

        return perform(hall, run)


def _watching(hall: Hall, api: Blueprint) -> None:
    watchers = allow(hall, "person", "key", scope=SCOPE, supervisor=True)

    @api.get("/footage/clip")
    @operation(
        "A playable MP4 (H.264) of the range, from the keyframe at or before its begin on; byte ranges work. Moments "
        "in it are Footage-From plus its seconds; Footage-To ends it, Footage-Gaps tells what is missing",
        answers={200: "", 206: "", 403: "Problem", 404: "Problem", 503: "Problem"},
        query={"camera": "its name"} | RANGE | VIEW,
        scope=SCOPE,
        gives=("video/mp4",),
    )
    @watchers
    def clip() -> Response:
        name, wanted = camera(hall), span(query("from"), query("to"), CLIP_MS)
        admitted(hall, name, wanted)
        made = footage(hall).clip(name, *wanted)
        noted(hall, name, wanted)
        return _sent(hall, made)

    @api.get("/footage/thumbnail")
    @operation(
        "The picture nearest to a moment, 320 pixels wide",
        answers={200: "", 403: "Problem", 404: "Problem", 503: "Problem"},
        query={"camera": "its name", "at": "moment, RFC 3339"} | VIEW,
        scope=SCOPE,
        gives=("image/jpeg",),
    )
    @watchers
    def thumbnail() -> Response:
        name, moment = camera(hall), at("at", query("at"))
        admitted(hall, name, (moment, moment))
        picture = footage(hall).picture(name, moment)
        noted(hall, name, (moment, moment + 1))
        return Response(picture, content_type="image/jpeg")


def _named(hall: Hall, begins: int) -> tuple[str, ...]:
    """The cameras a request names. Raises BadRequest, UnknownCamera, UnknownCounter."""
    if query("camera") and query("counter"):
        raise BadRequest("camera or counter, one of the two", field="counter")
    if query("camera"):
        return (camera(hall),)
    if query("counter"):
        return seeing(hall, query("counter"), begins)
    return tuple(hall.settings.camera_by_name)


def _covered(hall: Hall, name: str, wanted: Span) -> dict[str, Any]:
    known = hall.settings.camera_by_name[name]
    found = footage(hall).cover(name, *wanted)
    held = clock_reads.between(hall.store.read(), hall.settings, name, *wanted)
    return {
        "id": name,
        "title": known.title.text(reader_language(hall)),
        "kind": known.source,
        "clock_offset_s": held[0].offset_s,
        "clock_offsets": [{"from": _rfc(hall, one.since), "offset_s": one.offset_s} for one in held],
        "ranges": _spans(hall, found.spans),
        "gaps": _gaps(hall, name, found.gaps),
        "recorded": "here" if known.recorded else "recorder",
    }


def _spans(hall: Hall, spans: tuple[index.Span, ...]) -> list[dict[str, str]]:
    return [{"from": _rfc(hall, one), "to": _rfc(hall, other)} for one, other in spans]


def _gaps(hall: Hall, name: str, gaps: tuple[index.Span, ...]) -> list[dict[str, str]]:
    found = footage_gaps.explained(hall.store.read(), hall.settings, name, gaps, hall.store.clock())
    return [{"from": _rfc(hall, one.begins), "to": _rfc(hall, one.ends), "reason": one.reason} for one in found]


def _sent(hall: Hall, clip: Clip) -> Response:
    """A clip as a file: whole, or the bytes that are asked for."""
    response = send_file(clip.path, mimetype="video/mp4", conditional=True, etag=clip.tag)
    gaps = [[_rfc(hall, one), _rfc(hall, other)] for one, other in clip.gaps]
    told = _rfc(hall, clip.begins), _rfc(hall, clip.ends), json.dumps(gaps)
    response.headers.extend(zip(HEADERS, told, strict=True))
    response.headers["Cache-Control"] = "no-store"  # what was watched stays on no computer
    return response


def _clip_url(name: str, wish: Wish, view: str) -> str:
    ends = min(wish.ends, wish.begins + CLIP_MS)
    asked = {"camera": name, "from": _z(wish.begins), "to": _z(ends), "view": view}
    return f"/api/v1/footage/clip?{urlencode(asked)}"


def _z(moment: int) -> str:
    """In UTC: no plus sign, so that it stands in an address as it is."""
    return datetime.fromtimestamp(moment / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _rfc(hall: Hall, moment: int) -> str:
    return rfc3339(moment, hall.settings.office.zone)
