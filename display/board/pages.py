"""The pages of the hall board and of the small panels over the counters, and the data they refresh with."""

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from display.board import posted, view
from display.board.words import Words, words_of
from office.clock import rfc3339
from office.errors import UnknownCounter
from office.journal import head
from web.edition import edition
from web.hall import Hall

FOLDER = Path(__file__).resolve().parent.parent
SILENT = "off"


def create(hall: Hall) -> Blueprint:
    """The blueprint of ``/board`` (``?sound=off``: a second board, which stays silent) and ``/board/<counter>``."""
    words = words_of(hall.settings, hall.phrases)
    drawn_from = edition(hall, FOLDER)
    blueprint = Blueprint(
        "display",
        __name__,
        template_folder=str(FOLDER / "templates"),
        static_folder=str(FOLDER / "static"),
        static_url_path="/board/static",
    )

    @blueprint.get("/board")
    def board() -> str:
        seen, strip = _seen(hall, words), _strip(hall, words)
        data = {
            "edition": drawn_from,
            "hall": seen.json(),
            "strip": strip,
            "notice_s": hall.settings.board.notice_s,
            "last": hall.settings.board.last_calls,
            "sound": request.args.get("sound") != SILENT,
            "words": _words(words),
        }
        return render_template(
            "display/board.html", face="board", seen=seen, strip=strip, data=data, **_look(hall, words)
        )

    @blueprint.get("/board/hall.json")
    def hall_data() -> Response:
        return jsonify(_seen(hall, words).json() | {"edition": drawn_from})

    @blueprint.get("/board/strip.json")
    def strip_data() -> Response:
        return jsonify({"items": _strip(hall, words)})

    @blueprint.get("/board/<counter>")
    def panel(counter: str) -> Response:
        try:
            calling = {"word": words.say("panel.calling"), "under": words.under("panel.calling")}
            data = _panel(hall, words, counter) | {"edition": drawn_from, "calling": calling}
        except UnknownCounter:
            page = render_template("display/unknown.html", face="panel", **_look(hall, words))
            return Response(page, 404)
        return Response(render_template("display/panel.html", face="panel", data=data, **_look(hall, words)))

    @blueprint.get("/board/<counter>/desk.json")
    def panel_data(counter: str) -> Response:
        return jsonify(_panel(hall, words, counter) | {"edition": drawn_from})

    return blueprint


def _look(hall: Hall, words: Words) -> dict[str, Any]:
    """What every template of this face is given in place of the reader's own language."""
    return {
        "theme": hall.settings.board.theme,
        "language": words.language,
        "say": words.say,
        "under": words.under,
        "second": words.second,
        "counters": hall.settings.counters,
    }


def _seen(hall: Hall, words: Words) -> view.Board:
    return view.board(hall.store.read(), hall.settings, hall.store.clock(), words)


def _strip(hall: Hall, words: Words) -> list[dict[str, Any]]:
    return [item.json() for item in posted.items(hall.store.read(), hall.settings, hall.store.clock(), words)]


def _panel(hall: Hall, words: Words, counter: str) -> dict[str, Any]:
    """A panel's data. Raises UnknownCounter."""
    db, now = hall.store.read(), hall.store.clock()
    seq = head(db)[0]
    desk = view.desk(db, hall.settings, counter, words)
    return {
        "seq": seq,
        "at": rfc3339(now, hall.settings.office.zone),
        "desk": desk.id,
        "name": desk.name,
        "state": desk.state,
        "number": desk.number,
        "word": words.say(f"panel.{desk.state}"),
        "under": words.under(f"panel.{desk.state}"),
    }


def _words(words: Words) -> dict[str, str]:
    """The phrases the page's script fills in by itself."""
    return (
        {key: words.say(f"board.now.{key}") for key in ("call", "recall", "past")}
        | {f"{key}_under": words.under(f"board.now.{key}") for key in ("call", "recall", "past")}
        | {key: words.say(f"board.direction.{key}") for key in ("left", "straight", "right")}
    )
