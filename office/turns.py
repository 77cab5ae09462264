"""The acts of the queue. Each checks the state, writes one event (and through it the tables), or changes nothing.

Every function takes an ``Act`` (a transaction under way) and the actor's name as the journal keeps it.
"""

from dataclasses import dataclass
from typing import Any

from office import counters, journal, lines, near_front
from office.clock import day_of
from office.counters import CLOSED, OPEN
from office.discipline import Waiting, next_run
from office.errors import (
    BadRequest,
    CounterBusy,
    CounterIdle,
    CounterNotOpen,
    NotAllowed,
    TooLate,
    TooManyRecalls,
    TooSoon,
    UndoTooLate,
)
from office.issuing import by_number, find, known_service, record
from office.returns import return_due
from office.settings import Settings
from office.store import Act
from office.tickets import Deed, State, Ticket

LATELY_MS = 3_600_000
"""Only finishes of the last hour are searched for one to undo: ``undo_s`` is shorter by far."""


@dataclass(frozen=True, slots=True)
class Called:
    """A call with what explains it."""

    ticket: Ticket
    why: dict[str, Any]


def call_next(act: Act, settings: Settings, counter: str, *, actor: str) -> Called | None:
    """Call who is next by the discipline; None when nobody waits for this counter.

    Raises CounterNotOpen, or CounterBusy while the counter still has a ticket.
    """
    _must_be_free(act, settings, counter)
    return_due(act, settings)
    day = day_of(act.now, settings.office.zone)
    choice = lines.next_for(act.db, settings, counter, day)
    if choice is None:
        return None
    ticket = find(act.db, choice.ticket.id)
    why = {
        "rule": choice.rule,
        "waited_s": max(0, (act.now - ticket.arrived_at) // 1000),
        "moved_forward_min": choice.moved_forward_min,
        "moved_back_min": choice.moved_back_min,
        "overtook": choice.overtook,
    }
    return _call(act, settings, counter, ticket, why, choice.priority_run, actor)


def call_number(act: Act, settings: Settings, counter: str, number: str, reason: str, *, actor: str) -> Called:
    """Call a number out of order; the reason is kept in the journal.

    Raises BadRequest without a reason, UnknownTicket, NotAllowed by its state, CounterBusy, CounterNotOpen.
    """
    reason = reason.strip()
    if not reason:
        raise BadRequest("a call out of order needs a reason", field="reason")
    _must_be_free(act, settings, counter)
    return_due(act, settings)
    ticket = by_number(act.db, number.strip().upper(), day_of(act.now, settings.office.zone))
    ticket.after(Deed.CALL)
    why = {
        "rule": "by_number",
        "reason": reason,
        "waited_s": max(0, (act.now - ticket.arrived_at) // 1000),
    }
    return _call(act, settings, counter, ticket, why, _run_after(act, settings, counter, ticket), actor)


def recall(act: Act, settings: Settings, counter: str, *, actor: str) -> Ticket:
    """Call the counter's number again. Raises TooManyRecalls, or TooSoon within the cool-down."""
    ticket = _at(act, settings, counter)
    ticket.after(Deed.RECALL)
    limits = settings.turns
    if ticket.recalls >= limits.recall_limit:
        raise TooManyRecalls(f"{ticket.number} was recalled {ticket.recalls} times", limit=limits.recall_limit)
    past_s = (act.now - (ticket.last_call_at or 0)) / 1000
    wait_s = limits.recall_cooldown_s - past_s
    if past_s >= 0 and wait_s > 0:  # a clock set back does not lengthen the wait
        raise TooSoon(f"wait {wait_s:.0f} s", seconds=max(1, round(wait_s)))
    return record(act, settings, "ticket.recalled", ticket, counter, actor, recall=ticket.recalls + 1)


def start(act: Act, settings: Settings, counter: str, *, actor: str) -> Ticket:
    """Service begins. Raises CounterIdle, NotAllowed."""
    ticket = _at(act, settings, counter)
    ticket.after(Deed.START)
    return record(act, settings, "ticket.started", ticket, counter, actor)


def finish(act: Act, settings: Settings, counter: str, *, actor: str) -> Ticket:
    """Service ends. Raises CounterIdle, NotAllowed."""
    ticket = _at(act, settings, counter)
    ticket.after(Deed.FINISH)
    return record(act, settings, "ticket.finished", ticket, counter, actor)


def undo_finish(act: Act, settings: Settings, counter: str, *, actor: str) -> Ticket:
    """Take back the counter's last finish.

    Raises UndoTooLate after ``undo_s``, CounterBusy, CounterNotOpen once the counter is closed, CounterIdle, NotAllowed
    when the ticket has gone on elsewhere since.
    """
    desk = counters.find(act.db, settings, counter)
    if desk.ticket:
        raise CounterBusy(f"counter {counter} has {desk.ticket}", counter=counter)
    if desk.state == CLOSED:
        raise CounterNotOpen(f"counter {counter} is closed", counter=counter, state=desk.state)
    since = journal.seq_before(act.db, act.now - LATELY_MS)
    row = act.db.execute(
        "SELECT ticket, at FROM journal WHERE kind = 'ticket.finished' AND counter = ? AND seq > ?"
        " ORDER BY seq DESC LIMIT 1",
        (counter, since),
    ).fetchone()
    if row is None:
        raise CounterIdle(f"counter {counter} finished nothing lately", counter=counter)
    if act.now - row[1] > settings.turns.undo_s * 1000:
        raise UndoTooLate("the time to undo is over", seconds=round(settings.turns.undo_s))
    ticket = find(act.db, row[0])
    ticket.after(Deed.REOPEN)
    if ticket.counter != counter:
        raise NotAllowed(f"{ticket.number} went on to {ticket.counter}", number=ticket.number, state=ticket.state.value)
    return record(act, settings, "ticket.reopened", ticket, counter, actor)


def absent(act: Act, settings: Settings, counter: str, *, actor: str) -> Ticket:
    """Nobody came, or Start was pressed for nobody. Raises CounterIdle, NotAllowed."""
    ticket = _at(act, settings, counter)
    ticket.after(Deed.ABSENT)
    return record(act, settings, "ticket.absent", ticket, counter, actor)


def hold(act: Act, settings: Settings, counter: str, minutes: float, *, actor: str) -> Ticket:
    """Put the counter's ticket aside; it comes back into line for this counter after ``minutes``.

    Raises BadRequest outside 1 … ``hold_max_min``, CounterIdle, NotAllowed.
    """
    most = settings.turns.hold_max_min
    if not 1 <= minutes <= most:
        raise BadRequest(f"hold takes 1 to {most} minutes", field="minutes")
    ticket = _at(act, settings, counter)
    ticket.after(Deed.HOLD)
    until = act.now + round(minutes * 60_000)
    return record(act, settings, "ticket.held", ticket, counter, actor, until=until, minutes=minutes)


def transfer(
    act: Act, settings: Settings, counter: str, *, service: str = "", to_counter: str = "", actor: str
) -> Ticket:
    """Pass the counter's ticket on to a service's line or to one counter; number and first arrival are kept.

    Raises BadRequest unless exactly one is given, UnknownService, UnknownCounter, CounterNotOpen for a
    counter that is paused or closed, NotAllowed, CounterIdle.
    """
    if bool(service) == bool(to_counter):
        raise BadRequest("give service or counter, one of them", field="service")
    ticket = _at(act, settings, counter)
    ticket.after(Deed.TRANSFER)
    if to_counter:
        _must_take(act, settings, to_counter, counter)
    to_service = known_service(settings, service).id if service else ticket.service
    return record(
        act, settings, "ticket.transferred", ticket, counter, actor,
        to_service=to_service, target=to_counter, from_service=ticket.service,
    )  # fmt: skip


def return_to_line(act: Act, settings: Settings, ticket: str, *, actor: str, why: str = "asked") -> Ticket:
    """Back in line at the old place, on request the same day. Raises TooLate on another day, NotAllowed."""
    found = find(act.db, ticket)
    found.after(Deed.RETURN)
    if found.day != day_of(act.now, settings.office.zone):
        raise TooLate(f"{found.number} is of {found.day}", day=found.day)
    return record(act, settings, "ticket.returned", found, "", actor, why=why, target="")


def cancel(act: Act, settings: Settings, ticket: str, *, actor: str, reason: str = "clerk") -> Ticket:
    """Give the number up. Raises UnknownTicket, NotAllowed."""
    found = find(act.db, ticket)
    found.after(Deed.CANCEL)
    counter = found.counter if found.state is State.CALLED else ""
    return record(act, settings, "ticket.cancelled", found, counter, actor, reason=reason)


def check_priority(act: Act, settings: Settings, counter: str, *, confirmed: bool, actor: str) -> Ticket:
    """The clerk confirms or refuses the class claimed by the counter's ticket (DOMAIN 2.6).

    A refused ticket loses its class but not its turn. Raises CounterIdle, NotAllowed when nothing is to confirm.
    """
    ticket = _at(act, settings, counter)
    if not ticket.priority or ticket.verified:
        raise NotAllowed(f"{ticket.number} claims nothing to confirm", number=ticket.number)
    kept = near_front.kept(act.db, settings, ticket)
    place = ticket.place if confirmed else ticket.arrived_at - kept
    return record(act, settings, "ticket.priority_checked", ticket, counter, actor, confirmed=confirmed, place=place)


def _call(
    act: Act, settings: Settings, counter: str, ticket: Ticket, why: dict[str, Any], run: int, actor: str
) -> Called:
    ticket.after(Deed.CALL)
    counters.carry_on(act, settings, counter, actor=actor)
    data = {"why": why, "priority_run": run, "call": ticket.calls + 1}
    return Called(record(act, settings, "ticket.called", ticket, counter, actor, **data), why)


def _must_take(act: Act, settings: Settings, to_counter: str, counter: str) -> None:
    desk = counters.find(act.db, settings, to_counter)
    if to_counter == counter:
        raise BadRequest("it is at this counter already", field="counter")
    if desk.state != OPEN:  # nobody there would call it
        raise CounterNotOpen(f"counter {to_counter} is {desk.state}", counter=to_counter, state=desk.state)


def _at(act: Act, settings: Settings, counter: str) -> Ticket:
    desk = counters.find(act.db, settings, counter)
    if not desk.ticket:
        raise CounterIdle(f"counter {counter} has no ticket", counter=counter)
    return find(act.db, desk.ticket)


def _must_be_free(act: Act, settings: Settings, counter: str) -> None:
    desk = counters.find(act.db, settings, counter)
    if desk.ticket:
        raise CounterBusy(f"counter {counter} still has {desk.ticket}", counter=counter)
    if desk.state != OPEN:
        raise CounterNotOpen(f"counter {counter} is {desk.state}", counter=counter, state=desk.state)


def _run_after(act: Act, settings: Settings, counter: str, ticket: Ticket) -> int:
    """The counter's run of priority calls once ``ticket`` is called out of order."""
    seen = Waiting(ticket.id, ticket.service, bool(ticket.priority), ticket.arrived_at, ticket.place, ticket.seq)
    others_wait = bool(ticket.priority) and lines.ordinary_waits(act.db, settings, counter, ticket.day)
    return next_run(seen, lines.desk(act.db, settings, counter), others_wait=others_wait)
