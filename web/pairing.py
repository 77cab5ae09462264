"""Pairing a screen: a page that asks for the code, and the gate before the screens' pages."""

import json
import secrets

from flask import Flask, Response, make_response, render_template, request
from pydantic import Field

from office import doors
from office.doors import ScreenKind
from office.errors import NotSignedIn
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
            return _welcome(hall, kind)
        if kind == "board" and signed_in(hall, request) is not None:
            return None
        if len(parts) > 1 and parts[0] == "kiosk":
            raise NotSignedIn("pair this screen first")
        return _ask(hall, kind)

    @app.post("/pair")
    def pair() -> Response:
        same_site(request)
        wish = body(Pairing)
        kind: ScreenKind = "board" if wish.kind == "board" else "kiosk"
        secret, screen = doors.pair(hall.store, hall.settings, kind, wish.code, address=request.remote_addr or "")
        response = Response(json.dumps({"name": screen.name, "kind": kind}), content_type="application/json")
        return _with_cookie(hall, response, kind, secret)


def _welcome(hall: Hall, kind: ScreenKind) -> Response:
    """The demo office lets a browser in as a screen of its own, then shows the page it asked for."""
    with hall.store.act() as act:
        secret = doors.admit(act, hall.settings, f"demo-{kind}-{secrets.token_hex(3)}", kind)
    response = make_response("", 302)
    response.headers["Location"] = request.full_path.rstrip("?")
    return _with_cookie(hall, response, kind, secret)


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
