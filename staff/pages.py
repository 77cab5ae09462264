"""The staff pages: signing in, the clerk's counter, and the supervisor's set-up."""

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from office.errors import Forbidden
from office.people import SUPERVISING
from staff import log
from staff.data import choose_data, desk_data, dossiers_data, setup_data
from staff.frame import draw, role_name
from web.callers import signed_in
from web.hall import Hall
from web.problems import LANGUAGE_COOKIE, page_language

AFTER = ("staff.counter", "staff.setup", "staff.dossiers", "staff.log", "staff.watched", "staff.cameras", "staff.holds")
"""Pages that one may be on the way to when asked to sign in."""

YEAR_S = 366 * 24 * 3600


def create(hall: Hall) -> Blueprint:
    """Make the blueprint of ``/staff`` and the pages below it; staff/log.py adds those of the service log."""
    blueprint = Blueprint(
        "staff", __name__, template_folder="templates", static_folder="static", static_url_path="/staff/static"
    )

    blueprint.add_url_rule("/staff", "sign_in", lambda: _sign_in(hall), strict_slashes=False)
    blueprint.add_url_rule("/staff/counter", "counter", lambda: _counter(hall))
    blueprint.add_url_rule("/staff/dossiers", "dossiers", lambda: _dossiers(hall))
    blueprint.add_url_rule("/staff/setup", "setup", lambda: _setup(hall))
    log.add(blueprint, hall)

    @blueprint.after_request
    def keep_language(response: Response) -> Response:
        """Words that come later by script are in the page's language too."""
        if response.mimetype == "text/html":
            response.set_cookie(LANGUAGE_COOKIE, page_language(hall), max_age=YEAR_S, samesite="Strict")
        return response

    return blueprint


def _sign_in(hall: Hall) -> str | Answer:
    wanted = request.args.get("to", "")
    after = url_for(wanted if wanted in AFTER else AFTER[0])
    if wanted == "staff.log" and (ask := request.args.get("ask", "")):
        after += f"?{ask}"  # an address of the log that was passed on
    if signed_in(hall, request) is not None:
        return redirect(after)
    trial = hall.demo if hall.settings.demo else {}
    accounts = [(name, role_name(hall, role)) for name, role in trial.get("accounts", ())]
    password = trial.get("password", "")
    return draw(hall, "sign_in", None, {"to": after}, accounts=accounts, trial_password=password)


def _counter(hall: Hall) -> str | Answer:
    session = signed_in(hall, request)
    if session is None:
        return redirect(url_for("staff.sign_in", to="staff.counter"))
    if session.counter not in hall.settings.counter_by_id:
        return draw(hall, "choose", session, choose_data(hall))
    data = desk_data(hall, session, page_language(hall))
    seat = hall.settings.counter_by_id[session.counter]
    shared = any(set(one.services) & set(seat.services) for one in hall.settings.counters if one.id != seat.id)
    return draw(hall, "desk", session, data, counter=seat, shared=shared, example=_example(hall, seat.services[0]))


def _dossiers(hall: Hall) -> str | Answer:
    """The register; ``?ticket=`` the number being served, ``?code=`` a dossier to open, ``?new=1`` the empty form."""
    session = signed_in(hall, request)
    if session is None:
        return redirect(url_for("staff.sign_in", to="staff.dossiers"))
    data = dossiers_data(hall, session, page_language(hall), request.args.get("ticket", ""))
    asked = {"code": request.args.get("code", ""), "open": "new" if "new" in request.args else ""}
    counter = hall.settings.counter_by_id.get(session.counter)
    return draw(hall, "dossiers", session, data | asked, counter=counter, entering="new" in request.args)


def _setup(hall: Hall) -> str | Answer:
    session = signed_in(hall, request)
    if session is None:
        return redirect(url_for("staff.sign_in", to="staff.setup"))
    if session.person.role not in SUPERVISING:
        raise Forbidden("only a supervisor may see this page")
    return draw(hall, "setup", session, setup_data(hall, session))


def _example(hall: Hall, service: str) -> str:
    """What a number looks like here, for the field where one is typed."""
    series = hall.settings.service_by_id[service].series
    return f"{series}-007" if hall.settings.numbering.style == "letter" else "0007"
