"""/footage/exports, /footage/holds, /footage/watched: footage taken out, kept beyond its days, and who did what."""

from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, Response, g, send_file

from office import holding, journal, watched, watching
from office.clock import local, rfc3339
from office.errors import NotFound
from office.holding import Hold
from office.journal import Event, Filter
from office.store import Act
from office.watching import Wish
from web.acts import again, done, perform, reply
from web.api.footage_bodies import NewExport, NewHold, Release
from web.api.operation import operation
from web.bodies import body
from web.callers import allow
from web.footage_asked import RANGE, VIEW, admitted, at, footage, query
from web.hall import Hall

SCOPE: Final = "footage"
LISTED: Final = 500


def create(hall: Hall) -> Blueprint:
    """The blueprint of what supervisors do with footage besides watching it."""
    api = Blueprint("api_footage_kept", __name__)
    _exports(hall, api)
    _taken(hall, api)
    _holds(hall, api)
    _watched(hall, api)
    return api


def _exports(hall: Hall, api: Blueprint) -> None:
    watchers = allow(hall, "person", "key", scope=SCOPE, supervisor=True)

    @api.post("/footage/exports")
    @operation(
        "Take footage out as evidence: one ZIP with clips, journal, manifest, cover sheet and a program that checks it",
        body=NewExport,
        answers={201: "Export"} | dict.fromkeys((400, 404, 409, 422, 503), "Problem"),
        scope=SCOPE,
    )
    @watchers
    def export() -> Response:
        asked = body(NewExport)
        work = footage(hall).export
        if work is None:
            raise NotFound("this office exports no footage")
        wish, actor = watching.checked(hall.settings, asked.read(hall)), g.caller.actor
        if (known := again(hall)) is not None:
            return known
        masked = watching.masked(hall.settings, wish, asked.masked)
        with work(wish, actor, bool(masked)) as made:

            def run(act: Act) -> tuple[int, dict[str, Any]]:
                told = {"export": made.id, "sha256": made.sha256, "bytes": made.bytes}
                data = told | {"masked": bool(masked), "masked_cameras": list(masked)}
                watching.record(act, hall.settings, "footage.exported", wish, actor=actor, **data)
                made.keep()
                return 201, told | {"url": _url(made.id)}

            return perform(hall, run)


def _taken(hall: Hall, api: Blueprint) -> None:
    watchers = allow(hall, "person", "key", scope=SCOPE, supervisor=True)

    @api.get("/footage/exports")
    @operation("What was taken out, the newest first; url is null once it was purged", answers={200: "Exports"},
               scope=SCOPE)  # fmt: skip
    @watchers
    def exports() -> Response:
        found = _exported(hall)[-LISTED:]
        return reply(200, {"exports": [_export(hall, event) for event in reversed(found)]})

    @api.get("/footage/exports/<name>")
    @operation(
        "The ZIP of an export. Who did not take it out needs a view of all of it: a reason of their own, written down",
        answers={200: "", 206: "", 403: "Problem", 404: "Problem"},
        query=VIEW,
        scope=SCOPE,
        gives=("application/zip",),
    )
    @watchers
    def fetch(name: str) -> Response:
        event = next((one for one in _exported(hall) if one.data["export"] == name), None)
        path = footage(hall).exported(name) if event else None
        if event is None or path is None:
            raise NotFound("no such export, or it was purged")
        if event.actor != g.caller.actor:
            _admitted(hall, _wish(event))
        sent = send_file(path, mimetype="application/zip", as_attachment=True, download_name=f"{name}.zip",
                         conditional=True, etag=event.data["sha256"])  # fmt: skip
        sent.headers["Cache-Control"] = "no-store"
        return sent


def _admitted(hall: Hall, wish: Wish) -> None:
    """Let in who gave a reason for watching all of ``wish``; for a system it is written. Raises ViewFirst."""
    if g.caller.who == "key":
        with hall.store.act() as act:
            watching.by_system(act, hall.settings, replace(wish, reason=watching.SYSTEM), actor=g.caller.actor)
    for name in wish.cameras:
        admitted(hall, name, (wish.begins, wish.ends))


def _holds(hall: Hall, api: Blueprint) -> None:
    watchers = allow(hall, "person", "key", scope=SCOPE, supervisor=True)

    @api.post("/footage/holds")
    @operation(
        "Keep footage beyond its days; not kept_here: a recorder (NVR) may still overwrite it",
        body=NewHold,
        answers={201: "Hold"},
        scope=SCOPE,
    )
    @watchers
    def hold() -> Response:
        asked = body(NewHold)
        wish, until, actor = asked.read(hall), asked.day(), g.caller.actor

        def run(act: Act) -> tuple[int, dict[str, Any]]:
            name = holding.hold(act, hall.settings, wish, until, actor=actor)
            return 201, _hold(hall, holding.find(act.db, name))

        return perform(hall, run)

    @api.get("/footage/holds")
    @operation("All holds, the newest first, those that ended too", answers={200: "Holds"}, scope=SCOPE)
    @watchers
    def holds() -> Response:
        return reply(200, {"holds": [_hold(hall, one) for one in holding.every(hall.store.read())]})

    @api.delete("/footage/holds/<name>")
    @operation("End a hold before its day", body=Release, answers={204: "", 404: "Problem", 409: "Problem"},
               scope=SCOPE)  # fmt: skip
    @watchers
    def release(name: str) -> Response:
        reason = body(Release).reason
        return done(hall, lambda act, actor: holding.release(act, hall.settings, name, reason, actor=actor))


def _watched(hall: Hall, api: Blueprint) -> None:
    @api.get("/footage/watched")
    @operation("Who watched, took out or held what, and why; for leaders", answers={200: "Watched"}, query=RANGE)
    @allow(hall, "person", leader=True)
    def who() -> Response:
        found = watched.read(hall.store.read(), at("from", query("from")), at("to", query("to")))
        return reply(200, {"acts": [_act(hall, one) for one in found]})


def _exported(hall: Hall) -> list[Event]:
    """Every export there was, the oldest first: they are few."""
    found: list[Event] = []
    only = Filter(kinds=("footage.exported",))
    while page := journal.read(hall.store.read(), found[-1].seq if found else 0, only=only):
        found += page
    return found


def _export(hall: Hall, event: Event) -> dict[str, Any]:
    data, wish = event.data, _wish(event)
    there = footage(hall).exported(data["export"]) is not None
    about = {name: data[name] for name in ("export", "sha256", "bytes", "masked")}
    return about | {
        "masked_cameras": data.get("masked_cameras", []),
        "seq": event.seq,
        "at": _rfc(hall, event.at),
        "by": event.actor,
        "cameras": list(wish.cameras),
        "from": _rfc(hall, wish.begins),
        "to": _rfc(hall, wish.ends),
        "reason": wish.reason,
        "ticket": event.ticket or None,
        "dossier": event.dossier or None,
        "url": _url(data["export"]) if there else None,
    }


def _wish(event: Event) -> Wish:
    data = event.data
    about = {"ticket": event.ticket, "dossier": event.dossier, "counter": event.counter}
    return Wish(tuple(data["cameras"]), data["begins"], data["ends"], data["reason"], **about)


def _hold(hall: Hall, one: Hold) -> dict[str, Any]:
    today = local(hall.store.clock(), hall.settings.office.zone).date()
    return {
        "hold": one.id,
        "cameras": list(one.cameras),
        "from": _rfc(hall, one.begins),
        "to": _rfc(hall, one.ends),
        "reason": one.reason,
        "owner": one.owner,
        "until": one.until.isoformat(),
        "cause": one.cause,
        "holds": one.holds(today),
        "kept_here": _kept_here(hall, one),
        "released_at": _rfc(hall, one.released) if one.released else None,
    }


def _kept_here(hall: Hall, one: Hold) -> bool:
    """Whether all of it lies here; what a recorder has, nobody here can keep from being overwritten."""
    return all(camera.recorded for camera in hall.settings.cameras if camera.name in one.cameras)


def _act(hall: Hall, one: watched.Watched) -> dict[str, Any]:
    return {
        "seq": one.seq,
        "at": _rfc(hall, one.at),
        "kind": one.kind,
        "by": one.actor,
        "cameras": list(one.cameras),
        "from": _rfc(hall, one.begins) if one.begins else None,
        "to": _rfc(hall, one.ends) if one.ends else None,
        "reason": one.reason,
        "ticket": one.ticket or None,
        "dossier": one.dossier or None,
        "counter": one.counter or None,
        "note": one.note or None,
    }


def _url(name: str) -> str:
    return f"/api/v1/footage/exports/{name}"


def _rfc(hall: Hall, moment: int) -> str:
    return rfc3339(moment, hall.settings.office.zone)
