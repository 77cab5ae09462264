"""The posted procedures at the kiosk: fields, search as one types, one procedure in words. All of it is public."""

import sqlite3
from functools import partial
from typing import Any

from flask import Blueprint, Response, jsonify, request

from kiosk.home import Say
from kiosk.sheet import sheet, time_words
from office import procedures
from office.catalogue_entry import Procedure
from office.clock import local
from office.errors import BadRequest
from office.settings import Settings
from web.hall import Hall

FOUND_MAX = 60
"""More than this nobody leafs through: the reader types another letter."""
ALL = 20_000
TYPED_MAX = 60


def add_routes(blueprint: Blueprint, office: Hall) -> None:
    """Add ``/kiosk/procedures.json?q=&field=&lang=`` and ``/kiosk/procedures/<code>.json`` to the kiosk's blueprint."""
    settings, phrases, store = office.settings, office.phrases, office.store

    def say() -> Say:
        asked = request.args.get("lang", "")
        languages = settings.office.languages
        return partial(phrases.say, asked if asked in languages else languages[0])

    @blueprint.get("/kiosk/procedures.json")
    def found() -> Response:
        query, field = request.args.get("q", ""), request.args.get("field", "")
        if len(query) > TYPED_MAX or len(field) > 2 * 100:
            raise BadRequest("q and field are shorter", field="q")
        return jsonify(listed(store.read(), settings, store.clock(), say(), query, field))

    @blueprint.get("/kiosk/procedures/<code>.json")
    def one(code: str) -> Response:
        return jsonify(sheet(procedures.get(store.read(), code), settings, say()).json())


def listed(
    db: sqlite3.Connection, settings: Settings, now: int, say: Say, query: str, field: str = ""
) -> dict[str, Any]:
    """What ``query`` finds, best first, at ``now`` (ms UTC); nothing for an empty query without a field.

    ``more`` tells that only the first of them are there.
    """
    day = local(now, settings.office.zone).date()
    most = ALL if field and not query.strip() else FOUND_MAX
    hits = procedures.search(db, query, field, most + 1, day) if query.strip() or field else []
    return {
        "procedures": [_brief(hit, settings, say) for hit in hits[:most]],
        "more": len(hits) > most,
    }


def fields(db: sqlite3.Connection, settings: Settings, now: int) -> list[dict[str, Any]]:
    """The fields of what is posted at ``now``, in the order of the office's services, each with its drawing.

    The services' order is the one that the home screen and the counters have; a field of no service comes last.
    """
    place = {name: (at, part) for at, s in enumerate(settings.services) for part, name in enumerate(s.fields)}
    last = (len(settings.services), 0)
    counts = procedures.fields(db, local(now, settings.office.zone).date())
    found = sorted(counts, key=lambda one: place.get(one.field, last))
    icons = {service.id: service.icon for service in settings.services}
    return [
        {"field": f.field, "count": f.count, "icon": icons.get(settings.service_of_field.get(f.field, ""), "files")}
        for f in found
    ]


def _brief(procedure: Procedure, settings: Settings, say: Say) -> dict[str, Any]:
    """A line of a list: name, field and the time at the counter where the source is sure of it."""
    direct = next((channel for channel in procedure.channels if channel.channel == "direct"), None)
    return {
        "code": procedure.code,
        "name": procedure.name,
        "field": procedure.field,
        "time": time_words(direct, procedure, say) if direct and not direct.note else "",
        "service": settings.service_of_field.get(procedure.field) or "",
    }
