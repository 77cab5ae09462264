"""Tickets: take a number, look at it, give it up, come back into line, have the slip again."""

import hmac
import sqlite3
from typing import Annotated, Any

from flask import Blueprint, Response, g
from pydantic import Field

from office import dossiers, issuing, journal, scan_actions, scans, turns
from office.clock import local
from office.errors import BadRequest, Forbidden, ReentrySpent
from office.journal import Filter
from office.kinds import public_data
from office.standing import standing
from office.store import Act
from office.tickets import Ticket
from web.acts import Told, perform, reply
from web.api.operation import operation
from web.bodies import Body, body
from web.callers import allow
from web.hall import Hall
from web.pulse import shown
from web.shapes import ticket_shape

EVENTS_MAX = 200


class Wish(Body):
    """A wish for a number."""

    service: Annotated[str, Field(min_length=1, max_length=40, description="service id")]
    priority: Annotated[str | None, Field(None, max_length=20, description="priority class id")]
    dossier: Annotated[str | None, Field(None, max_length=60, description="dossier code it is about")]
    language: Annotated[str | None, Field(None, max_length=3, description="language of the slip")]
    slip: Annotated[bool, Field(True, description="false: no paper wanted")]
    reentry: Annotated[
        str | None, Field(None, max_length=60, description="action.reentry of a scan: near the front, once")
    ]


class Own(Body):
    """Proof that a number is one's own, from a kiosk that did not issue it."""

    token: Annotated[str | None, Field(None, max_length=40, description="last part of the ticket's url")]


def create(hall: Hall) -> Blueprint:
    """The blueprint of /tickets."""
    api = Blueprint("api_tickets", __name__)

    @api.post("/tickets")
    @operation("Take a number", body=Wish, answers={201: "NewTicket"}, scope="tickets")
    @allow(hall, "kiosk", "person", "key", scope="tickets")
    def issue() -> Response:
        wish = body(Wish)
        return _given(hall, wish)

    @api.get("/tickets/<ticket>")
    @operation("A ticket and its events", answers={200: "TicketWithEvents"}, scope="tickets")
    @allow(hall, "kiosk", "board", "person", "key", scope="tickets")
    def show(ticket: str) -> Response:
        return reply(200, _with_events(hall, hall.store.read(), ticket))

    @api.post("/tickets/<ticket>/cancel")
    @operation("Give a number up", body=Own, answers={200: "TicketWithEvents"}, scope="tickets")
    @allow(hall, "kiosk", "person", "key", scope="tickets")
    def cancel(ticket: str) -> Response:
        own = body(Own)
        reason = "citizen" if g.caller.who == "kiosk" else "clerk"

        def run(act: Act) -> tuple[int, Told]:
            _check_own(act.db, ticket, own)
            turns.cancel(act, hall.settings, ticket, actor=_me(), reason=reason)
            return 200, _with_events(hall, act.db, ticket)

        return perform(hall, run)

    @api.post("/tickets/<ticket>/return")
    @operation("Back in line at the old place, the same day", body=Own, answers={200: "Ticket"}, scope="tickets")
    @allow(hall, "kiosk", "person", "key", scope="tickets")
    def return_to_line(ticket: str) -> Response:
        own = body(Own)
        why = "asked" if g.caller.who == "kiosk" else "by_clerk"

        def run(act: Act) -> tuple[int, Told]:
            _check_own(act.db, ticket, own)
            back = turns.return_to_line(act, hall.settings, ticket, actor=_me(), why=why)
            return 200, _shape(hall, back)

        return perform(hall, run)

    @api.post("/tickets/<ticket>/slip")
    @operation("Print the slip again, marked as a copy", body=Body, answers={202: ""}, scope="tickets")
    @allow(hall, "person", "key", scope="tickets")
    def slip(ticket: str) -> Response:
        body(Body)
        return perform(
            hall,
            lambda act: (202, {"seq": issuing.request_slip(act, hall.settings, ticket, actor=_me()).seq}),
        )

    return api


def _given(hall: Hall, wish: Wish) -> Response:
    """The number; a right that was refused counts as a guess."""
    spent: list[ReentrySpent] = []
    try:
        return perform(hall, lambda act: _issue(hall, act, wish, spent))
    finally:
        if spent:  # in an act of its own: the one that was refused is undone
            with hall.store.act() as act:
                hall.guesses.note(act, hall.settings, _me(), _guesses(hall), [wish.reentry or ""])


def _issue(hall: Hall, act: Act, wish: Wish, spent: list[ReentrySpent]) -> tuple[int, Told]:
    """Give the number. A right that is refused goes into ``spent``: it may have been a guess."""
    if g.caller.who == "kiosk":  # here, so that a repeated request with its key does not count
        hall.rates.check(g.caller.actor, hall.settings.kiosk.per_minute)
    if wish.reentry:
        hall.guesses.check(_me(), _guesses(hall))
    try:
        ticket = issuing.issue(
            act,
            hall.settings,
            service=wish.service,
            actor=_me(),
            priority=wish.priority or "",
            language=wish.language or "",
            dossier=_dossier(hall, act, wish.dossier or ""),
            slip=wish.slip,
            reentry=wish.reentry or "",
        )
    except ReentrySpent as refusal:
        spent.append(refusal)
        raise
    scan_actions.link(act, hall.settings, ticket, actor=_me())
    return 201, _shape(hall, ticket, mine=True)


def _shape(hall: Hall, ticket: Ticket, *, mine: bool = False) -> Told:
    def told(act: Act) -> dict[str, Any]:
        seen = standing(act, hall.settings)
        return ticket_shape(act.db, hall.settings, ticket, full=g.caller.sees_all, mine=mine, seen=seen)

    return told


def _check_own(db: sqlite3.Connection, ticket: str, own: Own) -> None:
    """A kiosk gives up or brings back only what it issued, or what the citizen's token is shown for."""
    if g.caller.who != "kiosk":
        return
    token = issuing.find(db, ticket).token
    if own.token is not None and hmac.compare_digest(own.token.encode(), token.encode()):
        return
    issued = journal.read(db, limit=1, only=Filter(kinds=("ticket.issued",), ticket=ticket))
    if not issued or issued[0].actor != g.caller.actor:
        raise Forbidden("this number was not taken here; its token was not sent")


def _with_events(hall: Hall, db: sqlite3.Connection, ticket: str) -> dict[str, Any]:
    full = g.caller.sees_all
    shape = ticket_shape(db, hall.settings, issuing.find(db, ticket), full=full)
    events = []
    for event in journal.read(db, limit=EVENTS_MAX, only=Filter(ticket=ticket)):
        data = event.data if full else public_data(event.kind, event.data)
        if data is not None:
            events.append(shown(event, data, hall.settings, full=full))
    return shape | {"events": events}


def _dossier(hall: Hall, act: Act, text: str) -> str:
    """The code a number is taken for, as it is looked up; one that the register has, whatever it looks like. Raises
    BadRequest."""
    if not text:
        return ""
    if not text.isprintable():
        raise BadRequest("dossier has control characters", field="dossier")
    dossier = dossiers.known(act.db, text)
    return dossier.key if dossier else scans.for_ticket(text, local(act.now, hall.settings.office.zone).date())


def _guesses(hall: Hall) -> int:
    return hall.settings.scans.limits(screen=g.caller.who == "kiosk").guesses


def _me() -> str:
    return str(g.caller.actor)
