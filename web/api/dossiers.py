"""The register: look up, receive at a counter, push from another system, and every act on a dossier."""

from collections.abc import Callable
from typing import Any, Final, get_args

from flask import Blueprint, Response, g, request

from office import dossier_acts, dossier_correct, dossier_intake, dossier_persons, dossier_rows, dossiers
from office.clock import local
from office.dossier_rows import Pushed
from office.dossiers import Dossier, Due, DueWhich, Paper
from office.errors import BadRequest
from office.settings import Settings
from office.store import Act
from web.acts import Told, done, perform, reply
from web.api.dossier_bodies import (
    HandBack,
    HandOver,
    NewDossier,
    NewDue,
    PushedDossier,
    Reason,
    Refusal,
    StatusChange,
    SupplementAsked,
    SupplementBrought,
    VisitOf,
    at,
)
from web.api.operation import operation
from web.bodies import Body, body
from web.callers import allow
from web.dossier_shapes import brief, full, persons
from web.hall import Hall
from web.problems import reader_language

LIMIT, LIMIT_MAX, QUERY_MAX = 50, 200, 100
SCOPE: Final = "dossiers"

OneAct = Callable[[Act, str], Dossier]
"""An act on the register by an actor; the dossier afterwards."""


def create(hall: Hall) -> Blueprint:
    """The blueprint of /dossiers. Screens have no business here: they ask /scans."""
    api = Blueprint("api_dossiers", __name__)
    _looking(hall, api)
    _entering(hall, api)
    _telling(hall, api)
    _papers(hall, api)
    _ends(hall, api)
    return api


def _looking(hall: Hall, api: Blueprint) -> None:
    staff = allow(hall, "person", "key", scope=SCOPE)

    @api.get("/dossiers")
    @operation(
        "Dossiers that fit all that is asked; the most urgent first with due, else the newest",
        answers={200: "Dossiers"},
        query={
            "q": "part of a code, or words of a name; accents are ignored",
            "ticket": "ticket id that served it",
            "status": "national status, 1 to 10",
            "due": "overdue, today or soon (today and tomorrow)",
            "limit": f"1 to {LIMIT_MAX}",
        },
        scope=SCOPE,
    )
    @staff
    def search() -> Response:
        db, language = hall.store.read(), reader_language(hall)
        found = dossiers.search(
            db, text=_text("q"), ticket=_text("ticket"), status=_figure("status", 10), due=_due(hall, _text("due")),
            limit=_figure("limit", LIMIT_MAX) or LIMIT,
        )  # fmt: skip
        names = dossiers.names(db, [one.key for one in found])
        rows = [brief(hall, one, language) | {"name": names.get(one.key)} for one in found]
        counts = {which: dossiers.count_due(db, _on(hall, which)) for which in get_args(DueWhich)}
        return reply(200, {"dossiers": rows, "counts": counts})

    @api.get("/dossiers/<code>")
    @operation("A dossier with its way, papers and visits", answers={200: "Dossier"}, scope=SCOPE)
    @staff
    def show(code: str) -> Response:
        db = hall.store.read()
        dossier = dossiers.get(db, code)
        return reply(200, full(hall, db, dossier, reader_language(hall)) | persons(hall, db, dossier.key))


def _entering(hall: Hall, api: Blueprint) -> None:
    staff = allow(hall, "person", "key", scope=SCOPE)

    @api.post("/dossiers")
    @operation("Register a dossier at a counter", body=NewDossier, answers={201: "Dossier"}, scope=SCOPE)
    @staff
    def receive() -> Response:
        wish = body(NewDossier)
        intake = wish.read()

        def run(act: Act, actor: str) -> Dossier:
            return dossier_intake.receive(act, hall.settings, intake, actor=actor, ticket=wish.ticket or "")

        return _done(hall, run, 201)

    @api.post("/dossiers/<code>/visits")
    @operation("Join a ticket to a dossier", body=VisitOf, answers={200: "Dossier"}, scope=SCOPE)
    @staff
    def visit(code: str) -> Response:
        wish = body(VisitOf)
        return _done(
            hall,
            lambda act, actor: dossier_acts.link_visit(
                act, hall.settings, code, wish.ticket, wish.purpose, actor=actor
            ),
        )

    @api.delete("/dossiers/<code>/applicant")
    @operation("Erase what is kept about persons; the register's row stays", answers={204: ""}, scope="admin")
    @allow(hall, "person", "key", scope="admin", supervisor=True)
    def erase(code: str) -> Response:
        return done(hall, lambda act, actor: dossier_persons.erase(act, hall.settings, code, actor=actor))


def _telling(hall: Hall, api: Blueprint) -> None:
    @api.put("/dossiers/<code>")
    @operation(
        "With a key: push what another system knows, a new dossier too; what the office did since stays. As a person: "
        "correct what describes a known one; for the rest there are acts (403 names it). What is left out stays",
        body=PushedDossier,
        answers={200: "Dossier", 201: "Dossier", 403: "Problem"},
        scope=SCOPE,
    )
    @allow(hall, "person", "key", scope=SCOPE)
    def put(code: str) -> Response:
        wish = body(PushedDossier)
        row, papers = wish.read(code), wish.all_papers()
        tell = _pushed if g.caller.who == "key" else _corrected
        language = reader_language(hall)

        def run(act: Act) -> tuple[int, Told]:
            dossier, status = tell(act, hall.settings, row, papers)
            return status, lambda end: full(hall, end.db, dossier, language)

        return _with_persons(hall, perform(hall, run))


def _pushed(act: Act, settings: Settings, row: Pushed, papers: list[Paper] | None) -> tuple[Dossier, int]:
    dossier, new = dossier_rows.put(act, settings, row.code, row, actor=g.caller.actor)
    if papers is not None:
        dossier = dossier_correct.tell_papers(act, settings, dossier, papers, actor=g.caller.actor)
    return dossier, 201 if new else 200


def _corrected(act: Act, settings: Settings, row: Pushed, papers: list[Paper] | None) -> tuple[Dossier, int]:
    return dossier_correct.correct(act, settings, row.code, row, papers, actor=g.caller.actor), 200


def _papers(hall: Hall, api: Blueprint) -> None:
    staff = allow(hall, "person", "key", scope=SCOPE)

    @api.post("/dossiers/<code>/supplement")
    @operation(
        "Ask for missing papers, once; reentry lets their bringer in near the front the same day",
        body=SupplementAsked,
        answers={200: "Dossier"},
        scope=SCOPE,
    )
    @staff
    def supplement(code: str) -> Response:
        wish = body(SupplementAsked)

        def run(act: Act, actor: str) -> Dossier:
            dossier_acts.ask_supplement(
                act, hall.settings, code, wish.read(), wish.reason, actor=actor, ticket=wish.ticket or ""
            )
            return _served(hall, act, code, wish.ticket or "", actor)

        return _done(hall, run)

    @api.post("/dossiers/<code>/supplement-done")
    @operation(
        "The missing papers were brought: the clock begins anew",
        body=SupplementBrought,
        answers={200: "Dossier"},
        scope=SCOPE,
    )
    @staff
    def supplement_done(code: str) -> Response:
        wish = body(SupplementBrought)
        papers = [paper.read() for paper in wish.papers]
        return _done(
            hall,
            lambda act, actor: dossier_acts.supplement_done(
                act, hall.settings, code, papers, actor=actor, ticket=wish.ticket or ""
            ),
        )

    @api.post("/dossiers/<code>/hand-back")
    @operation("Hand the result over", body=HandBack, answers={200: "Dossier"}, scope=SCOPE)
    @staff
    def hand_back(code: str) -> Response:
        wish = body(HandBack)
        return _done(
            hall,
            lambda act, actor: dossier_acts.hand_back(
                act, hall.settings, code, actor=actor, ticket=wish.ticket or "", how=wish.how,
                tracking=wish.tracking or "",
            ),
        )  # fmt: skip


def _ends(hall: Hall, api: Blueprint) -> None:
    staff = allow(hall, "person", "key", scope=SCOPE)
    settings = hall.settings

    def add(path: str, summary: str, wanted: type[Body], run: Callable[[Act, str, Any, str], Dossier]) -> None:
        @operation(summary, body=wanted, answers={200: "Dossier"}, scope=SCOPE)
        @staff
        def view(code: str) -> Response:
            wish = body(wanted)
            return _done(hall, lambda act, actor: run(act, code, wish, actor))

        api.add_url_rule(f"/dossiers/<code>/{path}", path, view, methods=["POST"])

    def move(act: Act, code: str, wish: HandOver, actor: str) -> Dossier:
        due_at = at(wish.due_at, "due_at")
        return dossier_acts.move(
            act, settings, code, wish.to_unit, wish.note or "", due_at, actor=actor, from_unit=wish.from_unit
        )

    def status(act: Act, code: str, wish: StatusChange, actor: str) -> Dossier:
        return dossier_acts.set_status(act, settings, code, wish.status, wish.note or "", actor=actor)

    def reschedule(act: Act, code: str, wish: NewDue, actor: str) -> Dossier:
        due_at = at(wish.due_at, "due_at") or 0
        return dossier_acts.reschedule(act, settings, code, due_at, wish.reason, actor=actor)

    def stop(act: Act, code: str, wish: Reason, actor: str) -> Dossier:
        return dossier_acts.stop(act, settings, code, wish.reason, actor=actor)

    def refuse(act: Act, code: str, wish: Refusal, actor: str) -> Dossier:
        dossier_acts.refuse(act, settings, code, wish.reason, actor=actor)
        return _served(hall, act, code, wish.ticket or "", actor)

    add("moves", "Hand it over to another unit", HandOver, move)
    add("status", "Another status: in process, payment due, withdrawn, done", StatusChange, status)
    add("reschedule", "Apologise and name another day, once", NewDue, reschedule)
    add("stop", "Stop processing", Reason, stop)
    add("refuse", "Not accepted", Refusal, refuse)


def _served(hall: Hall, act: Act, code: str, ticket: str, actor: str) -> Dossier:
    """The dossier once the ticket that an act was done with, if any, serves it: unless told more, to ask about it.

    Raises UnknownTicket.
    """
    if not ticket or any(visit.ticket == ticket for visit in dossiers.visits(act.db, code)):
        return dossiers.get(act.db, code)
    return dossier_acts.link_visit(act, hall.settings, code, ticket, "ask", actor=actor)


def _done(hall: Hall, run: OneAct, status: int = 200) -> Response:
    """Perform an act and answer the dossier as it is afterwards."""
    language = reader_language(hall)

    def told(act: Act) -> tuple[int, Told]:
        dossier = run(act, g.caller.actor)
        return status, lambda end: full(hall, end.db, dossier, language)

    return _with_persons(hall, perform(hall, told))


def _with_persons(hall: Hall, answer: Response) -> Response:
    """An answer of ``full`` with what is about persons laid over it; a problem as it is."""
    if answer.status_code >= 300:
        return answer
    shape: dict[str, Any] = answer.get_json()
    return reply(answer.status_code, shape | persons(hall, hall.store.read(), shape["key"]))


def _text(name: str) -> str:
    text = request.args.get(name, "")
    if len(text) > QUERY_MAX:
        raise BadRequest(f"{name} has at most {QUERY_MAX} characters", field=name)
    return text


def _figure(name: str, most: int) -> int | None:
    text = request.args.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 9 and 1 <= int(text) <= most):
        raise BadRequest(f"{name} is 1 to {most}", field=name)
    return int(text)


def _due(hall: Hall, which: str) -> Due | None:
    if not which:
        return None
    if which not in get_args(DueWhich):
        raise BadRequest(f"due is one of {', '.join(get_args(DueWhich))}", field="due")
    return _on(hall, which)


def _on(hall: Hall, which: Any) -> Due:
    zone = hall.settings.office.zone
    return Due(which, local(hall.store.clock(), zone).date(), zone)
