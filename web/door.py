"""The door page: which face do you want."""

from flask import Blueprint, render_template

from web.hall import Hall


def create(hall: Hall) -> Blueprint:
    """The blueprint of ``/``."""
    blueprint = Blueprint("door", __name__)

    @blueprint.get("/")
    def door() -> str:
        return render_template("web/door.html", face="door", counters=hall.settings.counters, trial=hall.demo)

    return blueprint
