"""The service log agrees with the tables whatever happened, and finds what is asked for."""

import random
from datetime import date, timedelta
from pathlib import Path

from office import journal, outages, visit_filters, visits
from office.errors import OfficeError
from office.journal import Filter
from office.tickets import TRANSITIONS, Deed, State, Ticket, ticket_from
from office.visit_filters import Wanted
from office.visits import Visit
from tools.log_days import LogDay
from tools.rehearsal import Hall

DAY = date(2026, 11, 23)
STEPS = 500


def walk(hall: Hall, seed: int) -> None:
    """Tickets that go random allowed ways at three counters, over two days."""
    rng = random.Random(seed)
    hall.open("1", "2", "3")
    given: list[Ticket] = []
    for n in range(STEPS):
        hall.clock.turn(seconds=rng.choice((1, 7, 40, 70)))
        if n == STEPS // 2:
            hall.clock.turn(hours=14)
        if n % 6 == 0:
            given.append(hall.issue(rng.choice(("ho-tich", "chung-thuc"))))
            continue
        ticket = hall.ticket(rng.choice(given[-6:]))
        ways = [deed.value for deed, ways in TRANSITIONS.items() if ticket.state in ways and deed is not Deed.CANCEL]
        try:
            hall.deed(rng.choice(ways or ["call"]), ticket, ticket.counter or rng.choice("123"))
        except OfficeError:
            continue  # the counter is busy, or another limit


def agrees(hall: Hall, visit: Visit) -> None:
    """What the log says of a ticket is what its row and its events say."""
    db, ticket = hall.store.read(), visit.ticket
    events = journal.read(db, limit=1000, only=Filter(ticket=ticket.id))
    assert ticket == ticket_from(db.execute("SELECT * FROM tickets WHERE id = ?", (ticket.id,)).fetchone())
    assert visit.kinds == {event.kind for event in events}
    calls = [(event.counter, event.at) for event in events if event.kind == "ticket.called"]
    assert [(one.counter, one.called_at) for one in visit.stations] == calls
    assert len(calls) == ticket.calls
    assert sum(one.recalls for one in visit.stations) == sum(e.kind == "ticket.recalled" for e in events)
    assert {ticket.service} <= visit.services <= {"ho-tich", "chung-thuc"}
    if visit.last is not None:
        assert (visit.last.counter, visit.last.called_at) == (ticket.counter, ticket.called_at)
        assert (visit.last.left == "") == (ticket.state in (State.CALLED, State.SERVING))
    if ticket.state is State.FINISHED and visit.last is not None:
        assert (visit.last.left, visit.last.left_at) == ("finished", ticket.ended_at)
    earlier = [one.left_at for one in visit.stations[:-1]]
    assert all(left is not None and left <= then[1] for left, then in zip(earlier, calls[1:], strict=True))
    assert 0 <= visit.served_ms <= (ticket.ended_at or hall.clock()) - ticket.arrived_at


def test_random_days_agree_with_the_tickets(tmp_path: Path) -> None:
    seen: set[str] = set()
    for seed in range(4):
        hall = Hall(tmp_path / str(seed))
        walk(hall, seed)
        days = [visits.of_day(hall.store.read(), DAY + timedelta(days=n)) for n in range(2)]
        told = [visit for day in days for visit in day]
        count = hall.store.read().execute("SELECT count(*) FROM tickets").fetchone()[0]
        assert len(told) == count == len({visit.ticket.id for visit in told})
        assert all(day == sorted(day, key=lambda one: one.ticket.seq) for day in days)
        for visit in told:
            agrees(hall, visit)
            seen |= {station.left for station in visit.stations}
        hall.store.close()
    assert seen >= {"finished", "absent", "held", "transferred"}


def found(hall: Hall, **asked: object) -> list[str]:
    wanted = Wanted(**({"day": DAY} | asked))  # type: ignore[arg-type]  # the test's own words
    told = visit_filters.find(hall.store.read(), wanted, hall.clock(), hall.settings.office.zone)
    return [visit.ticket.number for visit in told]


def test_each_filter_finds_its_own(hall: Hall) -> None:
    day = LogDay(hall)
    late, low = day.passed_on(), day.finish(day.begun("dat-dai", "3", "người già yếu"), "3")
    day.hand_in(late, "H55.242-261118-0007", due_in_days=-2)
    day.hand_in(low, "H55.242-261122-0011")
    day.rate(low, 1)
    plain = hall.issue("cu-tru")
    hall.clock.turn(minutes=40)
    assert found(hall) == [plain.number, low.number, late.number]
    assert found(hall, out_of_order=True) == [low.number, late.number]
    assert found(hall, overdue=True) == [late.number]
    assert found(hall, low=True) == [low.number]
    assert found(hall, wait_min=30) == [plain.number]
    assert found(hall, counter="2") == found(hall, clerk="minh") == [late.number]
    assert found(hall, service="chung-thuc") == found(hall, service="ho-tich") == [late.number]
    assert found(hall, kind="ticket.transferred") == [late.number]
    assert found(hall, low=True, overdue=True) == []
    assert found(hall, day=DAY - timedelta(days=1)) == []


def test_a_number_or_a_dossier_is_found_over_the_year(hall: Hall) -> None:
    day = LogDay(hall)
    old = day.passed_on()
    day.hand_in(old, "H55.242-261118-0007")
    hall.clock.turn(days=300)
    new = hall.issue("ho-tich")
    later = DAY + timedelta(days=300)
    assert old.number == new.number
    assert found(hall, day=later, text=old.number.lower()) == [old.number, new.number]
    for asked in ({"text": "h55.242-261118-0007"}, {"dossier": "H55.242-261118-0007"}, {"ticket": old.id}):
        assert found(hall, day=later, **asked) == [old.number]
    for typed in ("h001", "H 1", "001", "1"):
        assert found(hall, day=later, text=typed) == [old.number, new.number], typed
    assert found(hall, day=later, text="h2") == found(hall, day=later, text="2") == []
    assert found(hall, day=later, text="H-999") == found(hall, day=later, text="'; --") == []


def test_outages_are_told_with_their_reason(hall: Hall) -> None:
    def tell(kind: str, **data: object) -> int:
        with hall.store.act() as act:
            event = journal.append(act, kind, office="x", actor="system", data={"camera": "q1", **data})
        hall.clock.turn(seconds=60)
        return event.at

    begins = tell("camera.lost", reason="stalled", since=0)
    assert outages.lost_since(hall.store.read(), "q1") == begins
    ends = tell("camera.recovered", after_s=60)
    assert outages.lost_since(hall.store.read(), "q1") is None
    again = tell("camera.lost", reason="ended", since=hall.clock() - 5000)
    tell("camera.lost", reason="refused", since=again - 5000)  # it does not come back: why is the last that was told
    db, now = hall.store.read(), hall.clock()
    told = [(one.begins, one.ends, one.reason) for one in outages.between(db, begins - 1000, now)]
    assert told == [(begins, ends, "stalled"), (again - 5000, None, "refused")]
    assert [one.reason for one in outages.between(db, now - 1, now)] == ["refused"]
    assert outages.between(db, begins - 90_000, begins) == []
    assert (outages.lost_since(db, "q1"), outages.lost_since(db, "q2")) == (again - 5000, None)
