"""What the style sheets need from the server: the packaged type, and the office's own colour."""

from pathlib import Path

import fontpkg_be_vietnam_pro
from flask import Blueprint, Response, abort, send_from_directory

FOLDER = Path(fontpkg_be_vietnam_pro.ROOT) / "files"
SERVED = frozenset(f"BeVietnamPro-{weight}.ttf" for weight in ("Regular", "Italic", "Medium", "SemiBold", "Bold"))
YEAR_S = 365 * 24 * 3600
DEEPER = 0.78
"""How much darker the pressed button is than the office's colour."""


def create(colour: str) -> Blueprint:
    """Make the blueprint of ``GET /fonts/<name>`` (Be Vietnam Pro, OFL) and ``GET /theme.css``.

    ``colour`` is ``office.colour`` of the settings, ``#rrggbb``. The dark board keeps its own, lighter red.
    """
    blueprint = Blueprint("look", __name__)
    sheet = theme(colour)

    @blueprint.get("/fonts/<name>")
    def font(name: str) -> Response:
        if name not in SERVED:
            abort(404)
        answer = send_from_directory(FOLDER, name, mimetype="font/ttf", max_age=YEAR_S)
        answer.cache_control.immutable = True
        return answer

    @blueprint.get("/theme.css")
    def office_theme() -> Response:
        return Response(sheet, mimetype="text/css", headers={"Cache-Control": "no-cache"})

    return blueprint


def theme(colour: str) -> str:
    """The style sheet that puts the office's ``#rrggbb`` in the place of the light theme's red."""
    channels = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    deep = "".join(f"{round(value * DEEPER):02x}" for value in channels)
    return f':root:not([data-theme="dark"]) {{ --red: {colour}; --red-deep: #{deep}; }}\n'
