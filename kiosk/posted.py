"""The posted procedures at the kiosk: fields, search as one types, one procedure in words. All of it is public."""

import sqlite3
from functools import partial
from typing import Any

from flask import Blueprint, Response, jsonify, request

from kiosk.home import Say
from kiosk.sheet import sheet
from office import procedures
from office.catalogue_entry import Procedure, time_alone
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

    def reader() -> tuple[Say, str]:
        asked = request.args.get("lang", "")
        languages = settings.office.languages
        language = asked if asked in languages else languages[0]
        return partial(phrases.say, language), language

    @blueprint.get("/kiosk/procedures.json")
    def found() -> Response:
        query, field = request.args.get("q", ""), request.args.get("field", "")
        if len(query) > TYPED_MAX or len(field) > 2 * 100:
            raise BadRequest("q and field are shorter", field="q")
        return jsonify(listed(store.read(), settings, store.clock(), *reader(), query, field))

    @blueprint.get("/kiosk/procedures/<code>.json")
    def one(code: str) -> Response:
        return jsonify(sheet(procedures.get(store.read(), code), settings, *reader()).json())


def listed(
    db: sqlite3.Connection, settings: Settings, now: int, say: Say, language: str, query: str, field: str = ""
) -> dict[str, Any]:
    """What ``query`` finds, best first, at ``now`` (ms UTC); nothing for an empty query without a field.

    ``more`` tells that only the first of them are there, ``title`` is the field's name in ``language``.
    """
    day = local(now, settings.office.zone).date()
    most = ALL if field and not query.strip() else FOUND_MAX
    hits = procedures.search(db, query, field, most + 1, day) if query.strip() or field else []
    found = {"procedures": [_brief(hit, settings, say, language) for hit in hits[:most]], "more": len(hits) > most}
    return found | ({"title": _named(field, settings, language)} if field else {})


def fields(db: sqlite3.Connection, settings: Settings, now: int, language: str) -> list[dict[str, Any]]:
    """The fields of what is posted at ``now``, in the order of the office's services, each with its drawing.

    The services' order is the one that the home screen and the counters have; a field of no service comes last.
    """
    place = {name: (at, part) for at, s in enumerate(settings.services) for part, name in enumerate(s.fields)}
    last = (len(settings.services), 0)
    counts = procedures.fields(db, local(now, settings.office.zone).date())
    found = sorted(counts, key=lambda one: place.get(one.field, last))
    icons = {service.id: service.icon for service in settings.services}
    return [
        {
            "field": f.field,
            "title": _named(f.field, settings, language),
            "count": f.count,
            "icon": icons.get(settings.service_of_field.get(f.field, ""), "files"),
        }
        for f in found
    ]


def _named(field: str, settings: Settings, language: str) -> dict[str, str]:
    """A field's name as its reader can have it, and which language that is."""
    text, own = settings.field_words(field, language)
    return {"text": text, "lang": own}


def _brief(procedure: Procedure, settings: Settings, say: Say, language: str) -> dict[str, Any]:
    """A line of a list: name, field and how long it takes."""
    return {
        "code": procedure.code,
        "name": procedure.name,
        "field": _named(procedure.field, settings, language),
        "time": say("kiosk.posted.time", time=times(procedure, say)),
        "service": settings.service_of_field.get(procedure.field) or "",
    }


def times(procedure: Procedure, say: Say) -> str:
    """The time of every channel that the source knows; once where all take the same; whom to ask where it is silent."""
    alike: dict[str, list[str]] = {}
    for channel in procedure.channels:
        alike.setdefault(time_alone(channel, procedure, say), []).append(say(f"catalogue.channel.{channel.channel}"))
    known = {time: names for time, names in alike.items() if time}
    if not known:
        return say("catalogue.unknown")
    if len(alike) == 1:
        return next(iter(known))
    return " · ".join(f"{', '.join(names)}: {time}" for time, names in known.items())
