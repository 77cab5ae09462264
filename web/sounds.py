"""Sounds for the browsers of the hall: announcements for the board, spoken help for the kiosk."""

from pathlib import Path

from flask import Blueprint, Response, request, send_file

from office.errors import NotFound
from web.callers import allow
from web.hall import Hall
from web.problems import reader_language

DAY_S = 24 * 3600


def create(hall: Hall) -> Blueprint:
    """The blueprint of ``/sounds/<name>`` and ``/kiosk/voice/<screen>.wav``."""
    blueprint = Blueprint("sounds", __name__)

    @blueprint.get("/sounds/<name>")
    @allow(hall, "board", "kiosk", "person", "key", scope="tickets")
    def announcement(name: str) -> Response:
        return _wav(hall.clip(name))

    @blueprint.get("/kiosk/voice/<screen>.wav")
    def spoken_help(screen: str) -> Response:
        language = request.args.get("lang") or reader_language(hall)
        return _wav(hall.spoken(screen, language))

    return blueprint


def _wav(path: Path | None) -> Response:
    if path is None:
        raise NotFound("no such sound")
    return send_file(path, mimetype="audio/wav", max_age=DAY_S, conditional=True)
