"""Counters: open, call, serve, pass on, close."""

from collections.abc import Callable
from typing import Annotated, Any

from flask import Blueprint, Response, g
from pydantic import BeforeValidator, Field

from office import counters, journal, lines, returns, turns
from office.clock import day_of
from office.store import Act
from office.tickets import Ticket
from web.acts import Told, perform, reply
from web.api.operation import operation
from web.bodies import Body, body
from web.callers import allow
from web.hall import Hall
from web.shapes import brief, counter_shape, ticket_shape

WAITING_MAX = 200


COUNTER = BeforeValidator(
    lambda given: str(given) if type(given) is int else given, json_schema_input_type=str | int | None
)
"""A counter's number may come as one, too: 2 is "2"."""


class OutOfOrder(Body):
    """A number to call before its turn."""

    number: Annotated[str, Field(min_length=1, max_length=12, description="the number, for example A-007")]
    reason: Annotated[str, Field(min_length=1, max_length=200, description="why; kept in the journal")]


class Hold(Body):
    """How long to put a ticket aside."""

    minutes: Annotated[float, Field(ge=1, le=480, description="minutes until it is back in line")]


class Transfer(Body):
    """Where to pass a ticket on to: one of the two."""

    service: Annotated[str | None, Field(None, max_length=40, description="service id")]
    counter: Annotated[Annotated[str, Field(max_length=4)] | None, COUNTER, Field(None, description="counter number")]


class PriorityCheck(Body):
    """What the clerk saw."""

    confirmed: Annotated[bool, Field(description="false: the class is taken away, the turn stays")]


OneAct = Callable[[Act, str], Ticket]


def create(hall: Hall) -> Blueprint:
    """The blueprint of /counters."""
    api = Blueprint("api_counters", __name__)
    staff = allow(hall, "person", "key", scope="counters")
    _states(hall, api)
    _calls(hall, api)

    @api.get("/counters/<counter>")
    @operation(
        "A counter: its ticket, who waits in order, who is next and why", answers={200: "Desk"}, scope="counters"
    )
    @staff
    def show(counter: str) -> Response:
        return reply(200, desk_shape(hall, counter))

    def simple(name: str, summary: str, act_on: Callable[..., Ticket]) -> None:
        @operation(summary, body=Body, answers={200: "Ticket"}, scope="counters")
        @staff
        def view(counter: str) -> Response:
            body(Body)
            return _one(hall, lambda act, actor: act_on(act, hall.settings, counter, actor=actor))

        api.add_url_rule(f"/counters/<counter>/{name}", name, view, methods=["POST"])

    simple("recall", "Call the number again", turns.recall)
    simple("start", "Service begins", turns.start)
    simple("finish", "Service ends", turns.finish)
    simple("undo", "Take back the last finish, for some seconds", turns.undo_finish)
    simple("absent", "Nobody came", turns.absent)

    @api.post("/counters/<counter>/hold")
    @operation("Put the ticket aside", body=Hold, answers={200: "Ticket"}, scope="counters")
    @staff
    def hold(counter: str) -> Response:
        minutes = body(Hold).minutes
        return _one(hall, lambda act, actor: turns.hold(act, hall.settings, counter, minutes, actor=actor))

    @api.post("/counters/<counter>/transfer")
    @operation("Pass the ticket on", body=Transfer, answers={200: "Ticket"}, scope="counters")
    @staff
    def transfer(counter: str) -> Response:
        to = body(Transfer)
        return _one(
            hall,
            lambda act, actor: turns.transfer(
                act, hall.settings, counter, service=to.service or "", to_counter=to.counter or "", actor=actor
            ),
        )

    @api.post("/counters/<counter>/priority")
    @operation("Confirm or refuse a claimed class", body=PriorityCheck, answers={200: "Ticket"}, scope="counters")
    @staff
    def priority(counter: str) -> Response:
        confirmed = body(PriorityCheck).confirmed
        return _one(
            hall,
            lambda act, actor: turns.check_priority(act, hall.settings, counter, confirmed=confirmed, actor=actor),
        )

    return api


def _states(hall: Hall, api: Blueprint) -> None:
    staff = allow(hall, "person", "key", scope="counters")
    for name, summary, change in (
        ("open", "Take calls", counters.open_),
        ("pause", "No further calls for now", returns.pause_counter),
        ("close", "Close the counter", returns.close_counter),
    ):

        def view(counter: str, change: Callable[..., counters.Desk] = change) -> Response:
            body(Body)
            return perform(hall, lambda act: _changed(hall, act, counter, change))

        described = operation(summary, body=Body, answers={200: "Counter"}, scope="counters")(staff(view))
        api.add_url_rule(f"/counters/<counter>/{name}", name, described, methods=["POST"])


def _calls(hall: Hall, api: Blueprint) -> None:
    staff = allow(hall, "person", "key", scope="counters")

    @api.post("/counters/<counter>/call-next")
    @operation("Call who is next", body=Body, answers={200: "Call", 204: ""}, scope="counters")
    @staff
    def call_next(counter: str) -> Response:
        body(Body)

        def run(act: Act) -> tuple[int, Told]:
            called = turns.call_next(act, hall.settings, counter, actor=g.caller.actor)
            return (200, _called(hall, called)) if called else (204, None)

        return perform(hall, run)

    @api.post("/counters/<counter>/call")
    @operation("Call a number out of order", body=OutOfOrder, answers={200: "Call"}, scope="counters")
    @staff
    def call(counter: str) -> Response:
        wish = body(OutOfOrder)

        def run(act: Act) -> tuple[int, Told]:
            called = turns.call_number(act, hall.settings, counter, wish.number, wish.reason, actor=g.caller.actor)
            return 200, _called(hall, called)

        return perform(hall, run)


def desk_shape(hall: Hall, counter: str) -> dict[str, Any]:
    """Everything a clerk's page shows of a counter, as of journal ``seq``."""
    db, settings = hall.store.read(), hall.settings
    seq = journal.head(db)[0]
    desk = counters.find(db, settings, counter)
    day = day_of(hall.store.clock(), settings.office.zone)
    waiting = lines.waiting_for(db, settings, counter, day)
    choice = lines.next_for(db, settings, counter, day)
    ticket = lines.at_counter(db, desk)
    return counter_shape(settings, desk, ticket, full=True) | {
        "seq": seq,
        "current": ticket_shape(db, settings, ticket, full=True) if ticket else None,
        "waiting": [brief(t, settings, full=True) for t in waiting[:WAITING_MAX]],
        "waiting_count": len(waiting),
        "held": [brief(t, settings, full=True) for t in lines.held_by(db, counter, day)],
        "absent": [brief(t, settings, full=True) for t in lines.absent_today(db, settings, counter, day)],
        "next": {"id": choice.ticket.id, "rule": choice.rule, "moved_forward_min": choice.moved_forward_min,
                 "moved_back_min": choice.moved_back_min, "overtook": choice.overtook}
        if choice
        else None,
    }  # fmt: skip


def _changed(hall: Hall, act: Act, counter: str, change: Callable[..., counters.Desk]) -> tuple[int, Told]:
    person = g.caller.session.person.name if g.caller.session else g.caller.actor
    desk = change(act, hall.settings, counter, person=person, actor=g.caller.actor)
    return 200, counter_shape(hall.settings, desk, lines.at_counter(act.db, desk), full=True)


def _called(hall: Hall, called: turns.Called) -> Told:
    return lambda act: {"ticket": ticket_shape(act.db, hall.settings, called.ticket, full=True), "why": called.why}


def _one(hall: Hall, run: OneAct) -> Response:
    def told(act: Act) -> tuple[int, Told]:
        ticket = run(act, g.caller.actor)
        return 200, lambda inner: ticket_shape(inner.db, hall.settings, ticket, full=True)

    return perform(hall, told)
