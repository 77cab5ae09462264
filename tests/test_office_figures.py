"""A clerk's day, and finding a moment in the journal."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office import figures, journal, turns
from office.clock import day_start, local
from office.journal import Filter
from tools.rehearsal import Hall

LAN = "person:lan"


def _served(hall: Hall, wait_s: int, service_s: int) -> None:
    hall.issue("ho-tich")
    hall.clock.turn(seconds=wait_s)
    hall.do(turns.call_next, "1", actor=LAN)
    hall.do(turns.start, "1", actor=LAN)
    hall.clock.turn(seconds=service_s)
    hall.do(turns.finish, "1", actor=LAN)


def _day(hall: Hall) -> figures.ClerkDay:
    zone = hall.settings.office.zone
    return figures.clerk_day(hall.store.read(), "lan", day_start(local(hall.clock(), zone).date(), zone))


def test_a_day_counts_own_tickets_once_and_nobody_elses(hall: Hall) -> None:
    hall.open("1", "2")
    for wait_s, service_s in ((60, 300), (120, 240), (600, 180)):
        _served(hall, wait_s, service_s)
    hall.do(turns.undo_finish, "1", actor=LAN)
    hall.do(turns.finish, "1", actor=LAN)
    hall.issue("ho-tich")
    hall.do(turns.call_next, "1", actor=LAN)
    hall.do(turns.absent, "1", actor=LAN)
    hall.issue("ho-tich")
    hall.do(turns.call_next, "1", actor="person:minh")
    hall.do(turns.absent, "1", actor="person:minh")
    assert _day(hall) == figures.ClerkDay(finished=3, absent=1, median_wait_s=120, median_service_s=240)
    hall.clock.turn(days=1)
    assert _day(hall) == figures.ClerkDay(0, 0, None, None)


@settings(max_examples=40, deadline=None)
@given(gaps=st.lists(st.integers(0, 3), max_size=12), asked=st.integers(-2, 40))
def test_a_moment_is_found_by_halving(tmp_path_factory: pytest.TempPathFactory, gaps: list[int], asked: int) -> None:
    hall = Hall(tmp_path_factory.mktemp("moments"))
    begin = hall.clock.at
    for gap in gaps:
        hall.clock.at += gap
        with hall.store.act() as act:
            journal.append(act, "help.requested", office="X", actor="screen:k", data={"screen": "k"})
    db = hall.store.read()
    moments = [event.at for event in journal.read(db)]
    assert journal.seq_before(db, begin + asked) == sum(at < begin + asked for at in moments)
    within = [e.seq for e in journal.read(db, only=Filter(begins=begin + 1, ends=begin + asked))]
    assert within == [n for n, at in enumerate(moments, 1) if begin + 1 <= at < begin + asked]
    hall.store.close()
