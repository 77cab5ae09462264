"""Sounds for the browsers of the hall: announcements for the board, spoken help for the kiosk."""

from pathlib import Path

from flask import Blueprint, Response, request, send_file

from office import issuing
from office.clock import day_of
from office.errors import NotFound
from web.callers import allow
from web.hall import Hall
from web.problems import reader_language

DAY_S = 24 * 3600


def create(hall: Hall) -> Blueprint:
    """The blueprint of ``/sounds/<name>``, ``/kiosk/voice/<screen>.wav`` and ``/kiosk/voice/number/<token>.wav``."""
    blueprint = Blueprint("sounds", __name__)

    @blueprint.get("/sounds/<name>")
    @allow(hall, "board", "kiosk", "person", "key", scope="tickets")
    def announcement(name: str) -> Response:
        return _wav(hall.clip(name))

    @blueprint.get("/kiosk/voice/<screen>.wav")
    def spoken_help(screen: str) -> Response:
        return _wav(hall.spoken(screen, _language(hall)))

    @blueprint.get("/kiosk/voice/number/<token>.wav")
    def spoken_number(token: str) -> Response:
        """Only numbers of today, each known by its ticket's secret: nothing else can be said."""
        ticket = issuing.by_token(hall.store.read(), token)
        if ticket.day != day_of(hall.store.clock(), hall.settings.office.zone):
            raise NotFound(f"ticket {ticket.id} is of another day")
        return _wav(hall.spoken_number(ticket.number, _language(hall)))

    return blueprint


def _language(hall: Hall) -> str:
    return request.args.get("lang") or reader_language(hall)


def _wav(path: Path | None) -> Response:
    if path is None:
        raise NotFound("no such sound")
    return send_file(path, mimetype="audio/wav", max_age=DAY_S, conditional=True)
