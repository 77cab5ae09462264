"""A day from opening to midnight: hours, numbers, counters, and what is settled when it ends."""

from pathlib import Path

import pytest

from office import counters, returns, turns
from office.errors import NoCounter, ServiceClosed
from office.settings import load
from office.tickets import State
from tools.rehearsal import CLERK, CONFIG, Hall, settings_with


def test_numbers_are_given_in_opening_hours_only(tmp_path: Path) -> None:
    hall = Hall(tmp_path, load(CONFIG), start="2026-11-23 06:59")
    hall.refused(ServiceClosed, lambda: hall.issue("ho-tich"))
    for wall, given in (("07:00", True), ("11:29", True), ("11:30", False), ("13:30", True), ("17:00", False)):
        hall.set_clock(f"2026-11-23 {wall}")
        if given:
            assert hall.issue("ho-tich").state is State.WAITING
        else:
            hall.refused(ServiceClosed, lambda: hall.issue("ho-tich"))
    hall.set_clock("2026-11-24 09:00")  # Ngày Văn hóa Việt Nam
    hall.refused(ServiceClosed, lambda: hall.issue("cu-tru"))
    hall.set_clock("2026-11-28 09:00")  # Saturday: residence procedures only
    hall.refused(ServiceClosed, lambda: hall.issue("ho-tich"))
    assert hall.issue("cu-tru").number == "U-001"


def test_numbers_begin_anew_at_local_midnight_in_every_series(hall: Hall) -> None:
    hall.set_clock("2026-11-23 23:59")
    assert [hall.issue(s).number for s in ("ho-tich", "ho-tich", "dat-dai")] == ["H-001", "H-002", "L-001"]
    hall.clock.turn(seconds=59.999)
    last = hall.issue("ho-tich")
    hall.clock.turn(seconds=0.001)
    first = hall.issue("ho-tich")
    assert (last.day, last.number, last.id) == ("2026-11-23", "H-003", "20261123-H-003")
    assert (first.day, first.number, first.id) == ("2026-11-24", "H-001", "20261124-H-001")
    hall.clock.turn(seconds=-1)  # a clock set back over midnight goes on where that day ended
    assert hall.issue("ho-tich").id == "20261123-H-004"


def test_without_an_open_counter_the_office_may_refuse_numbers(tmp_path: Path) -> None:
    hall = Hall(tmp_path, settings_with(turns={"without_counter": "refuse"}))
    hall.refused(NoCounter, lambda: hall.issue("ho-tich"))
    hall.open("3")
    hall.refused(NoCounter, lambda: hall.issue("ho-tich"))
    hall.open("1")
    assert hall.issue("ho-tich").number == "H-001"
    hall.do(counters.pause, "1", person="lan", actor=CLERK)
    hall.refused(NoCounter, lambda: hall.issue("ho-tich"))


def test_counter_tells_who_sits_there_since_when(hall: Hall) -> None:
    assert counters.find(hall.store.read(), hall.settings, "4") == counters.Desk("4", "closed", "", 0, "", 0)
    hall.open("4")
    before = hall.dump()
    hall.open("4")
    assert hall.dump() == before  # opening an open counter is no event
    hall.clock.turn(minutes=1)
    desk = hall.do(counters.open_, "4", person="hoa", actor="person:hoa")
    assert (desk.person, desk.since) == ("hoa", hall.clock())
    assert [d.id for d in counters.every(hall.store.read(), hall.settings)] == ["1", "2", "3", "4", "5"]
    assert counters.open_services(hall.store.read(), hall.settings) == {"bao-tro", "kinh-doanh", "huong-dan"}


def test_a_day_ends_with_every_ticket_settled(hall: Hall) -> None:
    hall.open("1", "2", "3", "4")
    tickets = {
        state: hall.bring(hall.issue(service), state, counter)
        for counter, service, state in (
            ("1", "ho-tich", State.CALLED),
            ("2", "chung-thuc", State.ABSENT),
            ("3", "dat-dai", State.SERVING),
            ("4", "bao-tro", State.HELD),
        )
    }
    tickets[State.WAITING] = hall.issue("cu-tru")
    assert hall.do(returns.end_days_before, "2026-11-23") == 0
    hall.set_clock("2026-11-24 00:01")
    assert hall.do(returns.end_days_before, "2026-11-24") == 4 + 4
    after = {state: hall.ticket(ticket).state.value for state, ticket in tickets.items()}
    assert after == {
        State.CALLED: "cancelled",
        State.SERVING: "finished",
        State.HELD: "cancelled",
        State.ABSENT: "absent",
        State.WAITING: "cancelled",
    }
    desks = counters.every(hall.store.read(), hall.settings)
    assert {(d.state, d.ticket) for d in desks} == {("closed", "")}
    before = hall.dump()
    assert hall.do(returns.end_days_before, "2026-11-24") == 0
    assert hall.dump() == before


def test_counter_opened_after_midnight_stays_open_when_the_day_is_ended(hall: Hall) -> None:
    hall.open("1")
    hall.set_clock("2026-11-24 00:00")
    hall.open("2")
    hall.do(returns.end_days_before, "2026-11-24")
    states = {d.id: d.state for d in counters.every(hall.store.read(), hall.settings)}
    assert (states["1"], states["2"]) == ("closed", "open")


@pytest.mark.parametrize("begins", ["opens it", "calls"])
def test_counter_left_open_overnight_is_not_closed_under_who_works_there(hall: Hall, begins: str) -> None:
    hall.open("1", "2")
    hall.set_clock("2026-11-24 07:30")
    hall.issue("ho-tich")
    if begins == "opens it":
        hall.open("1")
    else:
        hall.do(turns.call_next, "1", actor=CLERK)
        hall.do(turns.start, "1", actor=CLERK)
        hall.do(turns.finish, "1", actor=CLERK)
    hall.do(returns.end_days_before, "2026-11-24")
    states = [desk.state for desk in counters.every(hall.store.read(), hall.settings)]
    assert states[:2] == ["open", "closed"]
    assert counters.find(hall.store.read(), hall.settings, "1").person == "clerk1"
