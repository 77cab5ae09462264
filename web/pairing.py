"""Pairing a screen: a page that asks for the code, and the gate before the screens' pages."""

import json

from flask import Flask, Request, Response, g, make_response, render_template, request
from pydantic import Field

from office import doors
from office.doors import ScreenKind
from office.errors import NotSignedIn
from web.acts import enter
from web.bodies import Body, body
from web.callers import SCREEN_COOKIES, paired_screen, same_site, signed_in
from web.hall import Hall
from web.problems import reader_language

YEAR_S = 366 * 24 * 3600
GATES: dict[str, ScreenKind] = {"kiosk": "kiosk", "board": "board"}
OPEN = ("static",)


class Pairing(Body):
    """A pairing code typed on the screen."""

    kind: str = Field(pattern="^(kiosk|board)$")
    code: str = Field(min_length=6, max_length=12)


def install(app: Flask, hall: Hall) -> None:
    """Close ``/kiosk`` and ``/board`` to screens that are not paired; in the demo office they pair by themselves."""

    @app.before_request
    def gate() -> Response | None:
        parts = request.path.strip("/").split("/")
        kind = GATES.get(parts[0])
        if kind is None or (len(parts) > 1 and parts[1] in OPEN):
            return None
        if paired_screen(hall, request, kind) is not None:
            return None
        if hall.settings.demo and request.method == "GET":
            g.welcome = kind
            return None
        if kind == "board" and signed_in(hall, request) is not None:
            return None
        if len(parts) > 1 and parts[0] == "kiosk":
            raise NotSignedIn("pair this screen first")
        return _ask(hall, kind)

    if hall.settings.demo:
        _open_to_all(app, hall)

    _pairing(app, hall)


def screen_name(hall: Hall, asked: Request, kind: ScreenKind) -> str:
    """The name of the screen that asks for a page; in the demo also before its first page has paired it."""
    screen = paired_screen(hall, asked, kind)
    return screen.name if screen else f"demo-{kind}" if hall.settings.demo else ""


def _pairing(app: Flask, hall: Hall) -> None:
    @app.post("/pair")
    def pair() -> Response:
        same_site(request)
        wish = body(Pairing)
        kind: ScreenKind = "board" if wish.kind == "board" else "kiosk"

        def run() -> Response:
            secret, screen = doors.pair(hall.store, hall.settings, kind, wish.code, address=request.remote_addr or "")
            response = Response(json.dumps({"name": screen.name, "kind": kind}), content_type="application/json")
            return _with_cookie(hall, response, kind, secret)

        return enter(hall, run)


def _open_to_all(app: Flask, hall: Hall) -> None:
    """The demo's one kiosk and one board are paired from the start: a page that is opened changes nothing any more."""
    for kind in GATES.values():
        if doors.screen(hall.store.read(), _demo_secret(kind)) is None:
            with hall.store.act() as act:
                doors.admit(act, hall.settings, f"demo-{kind}", kind, secret=_demo_secret(kind))

    @app.after_request
    def welcome(response: Response) -> Response:
        kind: ScreenKind | None = g.pop("welcome", None)
        return _with_cookie(hall, response, kind, _demo_secret(kind)) if kind else response


def _demo_secret(kind: ScreenKind) -> str:
    """The demo's doors are open: every browser is given this, and keeps it when the demo is started again."""
    return f"demo-{kind}"


def _ask(hall: Hall, kind: ScreenKind) -> Response:
    page = render_template("web/pair.html", kind=kind, face="door", language=reader_language(hall))
    return make_response(page, 401)


def _with_cookie(hall: Hall, response: Response, kind: ScreenKind, secret: str) -> Response:
    response.set_cookie(
        SCREEN_COOKIES[kind],
        secret,
        max_age=YEAR_S,
        httponly=True,
        samesite="Strict",
        secure=hall.settings.web.secure_cookies,
    )
    return response
