"""What the clock alone does: a day ends once the new one has lasted, and a clock set wrong is told."""

from office import counters
from office.tickets import State
from tools.rehearsal import CLERK, Hall
from tools.webhall import Doors
from web.health import BEHIND_S, health
from web.ticker import HOLDS_S, NewDay, once


class Steady:
    """A clock that nobody sets, in seconds; turned by the test."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def test_day_is_ended_once_the_new_one_has_lasted(hall: Hall) -> None:
    web, steady = Doors(hall).web, Steady()
    new_day = NewDay(steady)
    hall.open("1")
    ticket = hall.issue("ho-tich")
    hall.set_clock("2026-11-24 00:00")
    once(web, new_day, sweep=False)
    steady.at += HOLDS_S - 1
    once(web, new_day, sweep=False)
    assert hall.ticket(ticket).state is State.WAITING
    steady.at += 1
    once(web, new_day, sweep=False)
    assert hall.ticket(ticket).state is State.CANCELLED
    assert counters.find(hall.store.read(), hall.settings, "1").state == "closed"


def test_clock_that_jumped_and_was_put_right_ends_no_day(hall: Hall) -> None:
    web, steady = Doors(hall).web, Steady()
    new_day = NewDay(steady)
    hall.open("1")
    ticket = hall.issue("ho-tich")
    right = hall.clock()
    for _ in range(4):  # it jumps, is put right, and jumps again
        hall.clock.turn(days=30)
        for _ in range(3):
            once(web, new_day, sweep=False)
            steady.at += HOLDS_S / 4
        hall.clock.at = right
        once(web, new_day, sweep=False)
        steady.at += HOLDS_S
        once(web, new_day, sweep=False)
    assert hall.ticket(ticket).state is State.WAITING
    hall.bring(ticket, State.CALLED, "1")


def test_clock_behind_the_journal_is_trouble(hall: Hall) -> None:
    doors = Doors(hall)
    assert health(doors.web)["clock"] == {"state": "ok"}
    hall.issue("ho-tich")
    hall.clock.turn(seconds=-BEHIND_S)
    assert health(doors.web)["state"] == "ok"
    hall.clock.turn(seconds=-1)
    told = doors.open.get("/healthz").json or {}
    assert (told["state"], told["clock"]) == (
        "trouble",
        {"state": "trouble", "reason": "behind_journal", "behind_s": 61},
    )
    hall.do(counters.open_, "1", person="lan", actor=CLERK)  # and the office works on
