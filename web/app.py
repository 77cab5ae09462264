"""The Flask app: faces and API put together behind common doors."""

import hashlib
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask, request, url_for

from office.clock import rfc3339
from office.errors import Stopping
from web import door, health, look, openapi, pairing, problems, sounds
from web.api import (
    counters,
    deadlines,
    dossier_import,
    dossiers,
    footage,
    footage_alarms,
    footage_kept,
    hall_views,
    keys,
    overdue_seen,
    procedures,
    scans,
    session,
    tickets,
    visits,
)
from web.hall import Hall
from web.icons import icon

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/api/v1"
POLICY = (
    "default-src 'self'; img-src 'self' data:; media-src 'self' blob:; object-src 'none'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
WHILE_STOPPING = ("/healthz",)
PARTS = (
    *(tickets, counters, hall_views, visits, procedures, deadlines, dossiers, dossier_import, overdue_seen, scans),
    *(footage, footage_alarms, footage_kept),
    *(session, keys),
)
"""The parts of the API."""


def create_app(hall: Hall, faces: tuple[Blueprint, ...] = ()) -> Flask:
    """The app of ``hall`` with the pages of ``faces``."""
    app = Flask("web", static_folder="static", static_url_path="/static", root_path=_folder())
    app.config["MAX_CONTENT_LENGTH"] = hall.settings.web.body_max
    app.url_map.merge_slashes = False  # a doubled slash is not found, never a redirect
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    _install(app, hall)
    app.wsgi_app = _armoured(app.wsgi_app)  # type: ignore[method-assign, assignment]  # Flask's own way to wrap an app
    for blueprint in (
        health.create(hall),
        look.create(hall.settings.office.colour),
        door.create(hall),
        sounds.create(hall),
        *faces,
    ):
        app.register_blueprint(blueprint)
    for part in PARTS:
        app.register_blueprint(part.create(hall), url_prefix=PREFIX)
    openapi.install(app, PREFIX)
    return app


def _armoured(inner: "WSGIApplication") -> "WSGIApplication":
    """Adds HEADERS to every answer, none of which a view sets by itself; what is not static is kept by nobody unless
    its view says otherwise."""
    more = list(HEADERS.items())
    unkept = [*more, ("Cache-Control", "no-store")]

    def outer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        static = path.startswith(("/static", "/fonts")) or "/static/" in path

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
            kept = static or any(name == "Cache-Control" for name, _ in headers)
            return start_response(status, headers + (more if kept else unkept), *error)

        return inner(environ, start)

    return outer


def _folder() -> str:
    return __file__.rsplit("app.py", 1)[0]


def _install(app: Flask, hall: Hall) -> None:
    problems.install(app, hall)

    @app.before_request
    def _stopping() -> None:
        if hall.stopping.is_set() and request.path not in WHILE_STOPPING:
            raise Stopping("the office is shutting down")

    pairing.install(app, hall)

    versions = _Versions(app)

    @app.context_processor
    def _words() -> dict[str, Any]:
        language = problems.reader_language(hall)
        return {
            "settings": hall.settings,
            "language": language,
            "say": partial(hall.phrases.say, language),
            "icon": icon,
            "asset": versions.url,
            "server_time": rfc3339(hall.store.clock(), hall.settings.office.zone),
            "demo": hall.settings.demo,
        }


class _Versions:
    """URLs of static files with a fingerprint, so that a browser never shows an old style sheet after an upgrade."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._known: dict[str, str] = {}

    def url(self, path: str, face: str = "") -> str:
        """The URL of ``path`` below web/static, or below the static folder of blueprint ``face``."""
        endpoint = f"{face}.static" if face else "static"
        return url_for(endpoint, filename=path, v=self._version(path, face))

    def _version(self, path: str, face: str) -> str:
        name = f"{face}/{path}"
        if name not in self._known:
            folder = (self._app.blueprints[face] if face else self._app).static_folder or ""
            try:
                with open(f"{folder}/{path}", "rb") as file:  # noqa: PTH123 — Flask keeps folders as strings
                    self._known[name] = hashlib.file_digest(file, "sha256").hexdigest()[:10]
            except OSError:
                self._known[name] = "0"
        return self._known[name]
