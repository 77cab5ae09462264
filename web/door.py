"""The door page: which face do you want."""

from flask import Blueprint, Response, current_app, render_template

from web.hall import Hall


def create(hall: Hall) -> Blueprint:
    """The blueprint of ``/``."""
    blueprint = Blueprint("door", __name__)

    @blueprint.get("/")
    def door() -> str:
        return render_template("web/door.html", face="door", counters=hall.settings.counters, trial=hall.demo)

    @blueprint.get("/favicon.ico")
    def emblem() -> Response:
        """For what has no page to name it in: JSON, pictures, papers."""
        answer = current_app.send_static_file("icon.svg")
        answer.cache_control.max_age = 86400
        return answer

    return blueprint
