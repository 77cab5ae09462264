"""The kiosk's page and the data it refreshes itself with."""

from functools import partial
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from kiosk import phone, posted
from kiosk.home import home, today
from office import procedures
from office.clock import day_of, rfc3339
from web.edition import edition
from web.hall import Hall
from web.pairing import screen_name

LARGE, LOW = "large", "low"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CODE_KEYS = f"0123456789{LETTERS}.-"
"""What a dossier's code and a re-entry code are written with (DOMAIN 3.1)."""


def create(office: Hall) -> Blueprint:
    """Make the blueprint of ``/kiosk`` and of the phone page ``/t/<token>``."""
    blueprint = Blueprint(
        "kiosk", __name__, template_folder="templates", static_folder="static", static_url_path="/kiosk/static"
    )

    program = edition(office, Path(__file__).resolve().parent)

    @blueprint.get("/kiosk")
    def page() -> Response:
        answer = Response(render_template("kiosk/kiosk.html", **_context(office, _drawn_from(office, program))))
        answer.cache_control.no_store = True
        return answer

    @blueprint.get("/kiosk/hall.json")
    def tiles() -> Response:
        language = _language(office)
        say = partial(office.phrases.say, language)
        now = office.store.clock()
        data = home(office.store.read(), office.settings, now, language, say).json()
        answer = jsonify(
            data | {"at": rfc3339(now, office.settings.office.zone), "edition": _drawn_from(office, program)}
        )
        answer.cache_control.no_store = True
        return answer

    posted.add_routes(blueprint, office)
    phone.add_routes(blueprint, office.settings, office.phrases, office.store)
    return blueprint


def _language(office: Hall) -> str:
    """The language asked for with ``?lang=``; the office's first one when it has no such language."""
    asked = request.args.get("lang", "")
    languages = office.settings.office.languages
    return asked if asked in languages else languages[0]


def _drawn_from(office: Hall, program: str) -> str:
    """What the page's fixed parts were drawn from: the program and its configuration, what is posted, and the day."""
    posted_now = procedures.edition(office.store.read())
    today_is = day_of(office.store.clock(), office.settings.office.zone)
    return f"{program} {posted_now.digest[:12] if posted_now else ''} {today_is}"


def _context(office: Hall, drawn_from: str) -> dict[str, Any]:
    language = _language(office)
    settings = office.settings
    say = partial(office.phrases.say, language)
    now = office.store.clock()
    seen = home(office.store.read(), settings, now, language, say)
    return {
        "face": "kiosk",
        "theme": "light",
        "language": language,
        "say": say,
        "others": [
            (code, office.phrases.say(code, "kiosk.tool.language"))
            for code in settings.office.languages
            if code != language
        ],
        "server_time": rfc3339(now, settings.office.zone),
        "hall": seen,
        "today": today(settings, now, say),
        "large": request.args.get("type") == LARGE,
        "low": request.args.get("reach") == LOW,
        "fields": posted.fields(office.store.read(), settings, now, language),
        "classes": [(c.id, c.name.text(language), c.icon) for c in settings.discipline.classes],
        "data": {
            "edition": drawn_from,
            "language": language,
            "words": _words(office, language),
            "idle_s": settings.kiosk.idle_s,
            "warn_s": settings.kiosk.warn_s,
            "thanks_s": settings.kiosk.thanks_s,
            "prints": settings.printer.driver != "none",
            "asks_class": bool(settings.discipline.classes),
            "takes_without_counter": settings.turns.without_counter == "issue",
            "shows_code": bool(settings.office.public_url),
            "hall": seen.json(),
            **_reading(office, language),
        },
    }


def _reading(office: Hall, language: str) -> dict[str, Any]:
    """What the page needs to read codes: which screen it is, how codes look, and words for what a code may mean."""
    settings = office.settings
    return {
        "screen": screen_name(office, request, "kiosk"),
        "letters": LETTERS,
        "code_keys": CODE_KEYS,
        "code_example": f"{settings.office.id}-261120-0007",
        "ask_service": settings.scans.ask_service,
        "public": office.phrases.section(language, "dossier.public"),
        "says": office.phrases.section(language, "scan.say"),
        "classes": {one.id: one.name.text(language) for one in settings.discipline.classes},
    }


def _words(office: Hall, language: str) -> dict[str, str]:
    """The phrases the page's script fills in by itself; what is only spoken stays out."""
    section = office.phrases.section(language, "kiosk")
    shown = {key: phrase for key, phrase in section.items() if not key.startswith("voice.")}
    return shown | {"sheet.unknown": office.phrases.say(language, "catalogue.unknown")}
