"""The acts of the queue: every state against every deed, and what each act does and refuses."""

import itertools
from pathlib import Path

import pytest

from office import counters, issuing, journal, returns, turns
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
    UnknownCounter,
    UnknownPriority,
    UnknownService,
    UnknownTicket,
)
from office.journal import Filter
from office.kinds import public_data
from office.tickets import TRANSITIONS, Deed, State, Ticket, diagram, number_text
from tools.rehearsal import CLERK, PHRASES, Hall, settings_with

# What the office allows, written down a second time: a change of the one table must be meant.
ALLOWED = {
    Deed.CALL: {"waiting": "called", "held": "called", "absent": "called"},
    Deed.RECALL: {"called": "called"},
    Deed.START: {"called": "serving"},
    Deed.FINISH: {"serving": "finished"},
    Deed.REOPEN: {"finished": "serving"},
    Deed.ABSENT: {"called": "absent", "serving": "absent"},
    Deed.HOLD: {"called": "held", "serving": "held"},
    Deed.RETURN: {"held": "waiting", "absent": "waiting"},
    Deed.TRANSFER: {"called": "waiting", "serving": "waiting"},
    Deed.CANCEL: {"waiting": "cancelled", "held": "cancelled", "absent": "cancelled", "called": "cancelled"},
}


def in_state(hall: Hall, state: State) -> Ticket:
    """A ticket brought into ``state`` at counter 1; counter 2 is open too."""
    hall.open("1", "2")
    found = hall.bring(hall.issue("ho-tich"), state, "1")
    assert found.state is state
    return found


@pytest.mark.parametrize(("state", "deed"), list(itertools.product(State, Deed)))
def test_every_state_against_every_deed(hall: Hall, state: State, deed: Deed) -> None:
    ticket = in_state(hall, state)
    counter = "2" if deed is Deed.CALL else "1"
    before = hall.dump()
    if state.value in ALLOWED[deed]:
        hall.deed(deed.value, ticket, counter)
        assert hall.ticket(ticket).state.value == ALLOWED[deed][state.value]
        assert hall.dump() != before
        assert TRANSITIONS[deed][state].value == ALLOWED[deed][state.value]
        return
    with pytest.raises(NotAllowed) as told:
        hall.deed(deed.value, ticket, counter)
    assert hall.dump() == before
    assert str(told.value)
    for language in PHRASES.languages:
        assert PHRASES.say(language, told.value.key, **told.value.params)
    with pytest.raises(NotAllowed, match=f"{ticket.number} is {state}"):
        ticket.after(deed)


def test_diagram_shows_every_way() -> None:
    text = diagram()
    for deed, ways in ALLOWED.items():
        for before, after in ways.items():
            assert f"    {before} --> {after}: {deed}" in text.splitlines()


@pytest.mark.parametrize(
    ("style", "n", "text"),
    [("letter", 1, "A-001"), ("letter", 1000, "A-1000"), ("plain", 7, "0007"), ("plain", 10000, "10000")],
)
def test_number_as_printed(style: str, n: int, text: str) -> None:
    assert number_text(style, "A" if style == "letter" else "", n) == text


# ---- refusals: the error, and nothing changed ------------------------------------------------------


def test_issue_refuses_what_it_does_not_know(hall: Hall) -> None:
    hall.refused(UnknownService, lambda: hall.issue("no-such"))
    hall.refused(UnknownPriority, lambda: hall.issue("ho-tich", "VIP"))


def test_counter_that_is_not_open_calls_nobody(hall: Hall) -> None:
    ticket = hall.issue("ho-tich")
    hall.refused(CounterNotOpen, lambda: hall.do(turns.call_next, "1", actor=CLERK))
    hall.open("1")
    hall.do(counters.pause, "1", person="lan", actor=CLERK)
    hall.refused(CounterNotOpen, lambda: hall.do(turns.call_next, "1", actor=CLERK))
    hall.refused(CounterNotOpen, lambda: hall.do(turns.call_number, "1", ticket.number, "why", actor=CLERK))
    hall.refused(UnknownCounter, lambda: hall.do(turns.call_next, "99", actor=CLERK))


def test_busy_counter_calls_nobody_and_stays_open(hall: Hall) -> None:
    in_state(hall, State.CALLED)
    other = hall.issue("ho-tich")
    hall.refused(CounterBusy, lambda: hall.do(turns.call_next, "1", actor=CLERK))
    hall.refused(CounterBusy, lambda: hall.do(turns.call_number, "1", other.number, "why", actor=CLERK))
    hall.refused(CounterBusy, lambda: hall.do(counters.close, "1", person="lan", actor=CLERK))
    assert hall.do(counters.pause, "1", person="lan", actor=CLERK).state == "paused"
    hall.do(turns.start, "1", actor=CLERK)
    assert hall.do(turns.finish, "1", actor=CLERK).state is State.FINISHED
    assert hall.do(counters.close, "1", person="lan", actor=CLERK).state == "closed"


@pytest.mark.parametrize("reason", ["", "   ", "\n\t"])
def test_call_out_of_order_needs_a_reason(hall: Hall, reason: str) -> None:
    ticket = hall.issue("ho-tich")
    hall.open("1")
    hall.refused(BadRequest, lambda: hall.do(turns.call_number, "1", ticket.number, reason, actor=CLERK))


def test_call_out_of_order_keeps_the_reason(hall: Hall) -> None:
    hall.open("1")
    hall.issue("ho-tich")
    second = hall.issue("ho-tich")
    called = hall.do(turns.call_number, "1", f" {second.number.lower()} ", "  can't stand  ", actor=CLERK)
    assert called.ticket.id == second.id
    event = journal.read(hall.store.read(), only=Filter(kinds=("ticket.called",)))[-1]
    assert (event.data["why"]["rule"], event.data["why"]["reason"]) == ("by_number", "can't stand")
    assert (event.actor, event.counter, event.ticket) == (CLERK, "1", second.id)


def test_yesterdays_number_is_unknown_today(hall: Hall) -> None:
    ticket = hall.issue("ho-tich")
    hall.clock.turn(days=1)
    hall.open("1")
    hall.refused(UnknownTicket, lambda: hall.do(turns.call_number, "1", ticket.number, "why", actor=CLERK))
    assert hall.do(turns.call_next, "1", actor=CLERK) is None


def test_unknown_ids_are_refused(hall: Hall) -> None:
    hall.refused(UnknownTicket, lambda: hall.do(turns.cancel, "20261123-Z-001", actor=CLERK))
    hall.refused(UnknownTicket, lambda: hall.do(turns.return_to_line, "'; DROP TABLE tickets --", actor=CLERK))
    with pytest.raises(UnknownTicket):
        issuing.by_token(hall.store.read(), "x")


# ---- recall ------------------------------------------------------------------------------------------


def test_recall_has_a_cool_down_and_a_limit(hall: Hall) -> None:
    ticket = in_state(hall, State.WAITING)
    hall.deed("call", ticket, "1")
    hall.clock.turn(seconds=7.9)
    told = hall.refused(TooSoon, lambda: hall.do(turns.recall, "1", actor=CLERK))
    assert told.params["seconds"] == 1
    hall.clock.turn(seconds=0.1)
    for recalls in (1, 2, 3):
        assert hall.do(turns.recall, "1", actor=CLERK).recalls == recalls
        hall.refused(TooSoon if recalls < 3 else TooManyRecalls, lambda: hall.do(turns.recall, "1", actor=CLERK))
        hall.clock.turn(seconds=8)
    hall.refused(TooManyRecalls, lambda: hall.do(turns.recall, "1", actor=CLERK))
    hall.deed("absent", ticket, "1")
    hall.deed("return", ticket, "1")
    assert hall.do(turns.call_next, "1", actor=CLERK) is not None
    hall.clock.turn(seconds=8)
    assert hall.do(turns.recall, "1", actor=CLERK).recalls == 1  # counted anew for each call


def test_recall_still_works_after_the_clock_was_set_back(hall: Hall) -> None:
    hall.deed("call", in_state(hall, State.WAITING), "1")
    hall.clock.turn(hours=-1)
    hall.clock.turn(seconds=8)
    assert hall.do(turns.recall, "1", actor=CLERK).recalls == 1


# ---- finish and its undo -----------------------------------------------------------------------------


def test_finish_can_be_undone_for_ten_seconds(hall: Hall) -> None:
    ticket = in_state(hall, State.SERVING)
    hall.deed("finish", ticket, "1")
    hall.clock.turn(seconds=10)
    assert hall.do(turns.undo_finish, "1", actor=CLERK).state is State.SERVING
    assert counters.find(hall.store.read(), hall.settings, "1").ticket == ticket.id
    assert hall.ticket(ticket).ended_at is None
    hall.deed("finish", ticket, "1")
    hall.clock.turn(seconds=10.001)
    late = hall.refused(UndoTooLate, lambda: hall.do(turns.undo_finish, "1", actor=CLERK))
    assert (late.status, late.params) == (409, {"seconds": 10})


def test_undo_is_the_counters_own(hall: Hall) -> None:
    in_state(hall, State.FINISHED)
    hall.refused(CounterIdle, lambda: hall.do(turns.undo_finish, "2", actor=CLERK))
    hall.issue("ho-tich")
    hall.do(turns.call_next, "1", actor=CLERK)
    hall.refused(CounterBusy, lambda: hall.do(turns.undo_finish, "1", actor=CLERK))


def test_undo_does_not_take_back_what_another_counter_finished(tmp_path: Path) -> None:
    hall = Hall(tmp_path, settings_with(turns={"undo_s": 120}))
    ticket = in_state(hall, State.FINISHED)
    hall.do(turns.undo_finish, "1", actor=CLERK)
    hall.do(turns.transfer, "1", to_counter="2", actor=CLERK)
    for act in (turns.call_next, turns.start, turns.finish):
        hall.do(act, "2", actor=CLERK)
    hall.refused(NotAllowed, lambda: hall.do(turns.undo_finish, "1", actor=CLERK))
    assert hall.do(turns.undo_finish, "2", actor=CLERK).id == ticket.id


def test_closed_counter_takes_nothing_back(hall: Hall) -> None:
    ticket = in_state(hall, State.SERVING)
    hall.deed("finish", ticket, "1")
    hall.do(counters.close, "1", person="lan", actor=CLERK)
    hall.refused(CounterNotOpen, lambda: hall.do(turns.undo_finish, "1", actor=CLERK))
    hall.open("1")
    assert hall.do(turns.undo_finish, "1", actor=CLERK).id == ticket.id


# ---- hold, return, transfer, cancel ------------------------------------------------------------------


@pytest.mark.parametrize("minutes", [0, 0.5, -1, 121, float("nan"), float("inf")])
def test_hold_takes_sensible_minutes_only(hall: Hall, minutes: float) -> None:
    in_state(hall, State.SERVING)
    hall.refused(BadRequest, lambda: hall.do(turns.hold, "1", minutes, actor=CLERK))


def test_held_ticket_comes_back_by_itself_to_the_counter_that_held_it(hall: Hall) -> None:
    ticket = in_state(hall, State.HELD)
    assert hall.ticket(ticket).hold_until is not None
    until = hall.ticket(ticket).hold_until or 0
    hall.clock.at = until - 1
    assert hall.do(returns.return_due) == 0
    assert hall.do(turns.call_next, "1", actor=CLERK) is None
    hall.clock.at = until
    assert hall.do(turns.call_next, "2", actor=CLERK) is None  # it waits for counter 1
    back = hall.ticket(ticket)
    assert (back.state, back.target, back.hold_until) == (State.WAITING, "1", None)
    assert (back.arrived_at, back.place) == (ticket.arrived_at, ticket.place)
    called = hall.do(turns.call_next, "1", actor=CLERK)
    assert called is not None
    assert (called.ticket.id, called.why["rule"], called.ticket.target) == (ticket.id, "sent_here", "")


def test_held_ticket_comes_back_to_everyone_when_its_counter_is_not_open(hall: Hall) -> None:
    ticket = in_state(hall, State.HELD)
    hall.do(counters.pause, "1", person="lan", actor=CLERK)
    hall.clock.turn(minutes=5)
    assert hall.do(returns.return_due) == 1
    called = hall.do(turns.call_next, "2", actor=CLERK)
    assert called is not None
    assert called.ticket.id == ticket.id


def test_absent_comes_back_the_same_day_at_the_old_place(hall: Hall) -> None:
    ticket = in_state(hall, State.ABSENT)
    hall.issue("ho-tich", after_s=60)
    back = hall.do(turns.return_to_line, ticket.id, actor="screen:kiosk")
    assert (back.state, back.arrived_at, back.place, back.ended_at) == (
        State.WAITING,
        ticket.arrived_at,
        ticket.place,
        None,
    )
    called = hall.do(turns.call_next, "1", actor=CLERK)
    assert called is not None
    assert (called.ticket.id, called.why["rule"], called.ticket.calls) == (ticket.id, "in_line", 2)


def test_absent_does_not_come_back_on_another_day(hall: Hall) -> None:
    ticket = in_state(hall, State.ABSENT)
    hall.set_clock("2026-11-23 23:59")
    hall.do(turns.return_to_line, ticket.id, actor=CLERK)
    hall.deed("call", ticket, "1")
    hall.deed("absent", ticket, "1")
    hall.set_clock("2026-11-24 00:00")
    hall.refused(TooLate, lambda: hall.do(turns.return_to_line, ticket.id, actor=CLERK))


def test_absent_ticket_called_again_has_not_ended(hall: Hall) -> None:
    ticket = in_state(hall, State.ABSENT)
    hall.deed("call", ticket, "1")
    assert hall.ticket(ticket).ended_at is None


def test_transfer_keeps_number_and_first_arrival(hall: Hall) -> None:
    ticket = in_state(hall, State.SERVING)
    hall.issue("dat-dai", after_s=600)
    moved = hall.do(turns.transfer, "1", service="dat-dai", actor=CLERK)
    assert (moved.state, moved.service, moved.number) == (State.WAITING, "dat-dai", ticket.number)
    assert (moved.arrived_at, moved.place, moved.seq) == (ticket.arrived_at, ticket.place, ticket.seq)
    hall.open("3")
    called = hall.do(turns.call_next, "3", actor=CLERK)
    assert called is not None
    assert (called.ticket.id, called.why["rule"]) == (ticket.id, "in_line")


def test_transfer_to_a_counter_is_called_there_only(hall: Hall) -> None:
    ticket = in_state(hall, State.CALLED)
    hall.open("5")
    hall.do(turns.transfer, "1", to_counter="5", actor=CLERK)
    assert hall.do(turns.call_next, "1", actor=CLERK) is None
    assert hall.do(turns.call_next, "2", actor=CLERK) is None
    called = hall.do(turns.call_next, "5", actor=CLERK)
    assert called is not None
    assert (called.ticket.id, called.ticket.service) == (ticket.id, "ho-tich")


def test_transfer_names_exactly_one_place_that_exists(hall: Hall) -> None:
    in_state(hall, State.CALLED)
    hall.refused(BadRequest, lambda: hall.do(turns.transfer, "1", actor=CLERK))
    hall.refused(BadRequest, lambda: hall.do(turns.transfer, "1", service="dat-dai", to_counter="2", actor=CLERK))
    hall.refused(BadRequest, lambda: hall.do(turns.transfer, "1", to_counter="1", actor=CLERK))
    hall.refused(UnknownCounter, lambda: hall.do(turns.transfer, "1", to_counter="77", actor=CLERK))
    hall.refused(UnknownService, lambda: hall.do(turns.transfer, "1", service="no-such", actor=CLERK))


def test_cancel_of_a_called_ticket_frees_its_counter(hall: Hall) -> None:
    ticket = in_state(hall, State.CALLED)
    hall.do(turns.cancel, ticket.id, actor=CLERK)
    assert counters.find(hall.store.read(), hall.settings, "1").ticket == ""
    event = journal.read(hall.store.read(), only=Filter(kinds=("ticket.cancelled",)))[-1]
    assert event.counter == "1"


# ---- priority ----------------------------------------------------------------------------------------


def test_claimed_class_is_confirmed_or_refused_at_the_counter(hall: Hall) -> None:
    hall.open("1")
    ordinary = hall.issue("ho-tich")
    old = hall.issue("ho-tich", "CAO_TUOI", after_s=60)
    small = hall.issue("ho-tich", "MANG_THAI", after_s=60)
    assert (old.verified, old.place) == (0, old.arrived_at - 20 * 60_000)
    first = hall.do(turns.call_next, "1", actor=CLERK)
    assert first is not None
    assert (first.ticket.id, first.why["rule"], first.why["overtook"]) == (old.id, "priority", 1)
    assert hall.do(turns.check_priority, "1", confirmed=True, actor=CLERK).verified == 1
    hall.refused(NotAllowed, lambda: hall.do(turns.check_priority, "1", confirmed=True, actor=CLERK))
    hall.deed("absent", old, "1")
    second = hall.do(turns.call_next, "1", actor=CLERK)
    assert second is not None
    assert second.ticket.id == small.id
    refused_one = hall.do(turns.check_priority, "1", confirmed=False, actor=CLERK)
    assert (refused_one.priority, refused_one.place) == ("", refused_one.arrived_at)
    hall.do(turns.transfer, "1", service="ho-tich", actor=CLERK)
    third = hall.do(turns.call_next, "1", actor=CLERK)
    assert third is not None
    assert third.ticket.id == ordinary.id  # the refused claim waits at its arrival


def test_reason_of_priority_stays_out_of_what_screens_see(hall: Hall) -> None:
    hall.open("1")
    hall.issue("ho-tich", "CO_CONG")
    hall.do(turns.call_next, "1", actor=CLERK)
    hall.do(turns.check_priority, "1", confirmed=False, actor=CLERK)
    seen = [public_data(e.kind, e.data) for e in journal.read(hall.store.read())]
    assert "CO_CONG" not in str(seen)
    assert any(data is None for data in seen)
