"""How many are called before one: the same number wherever it is told, 0 exactly for who is next."""

import random
from functools import partial
from pathlib import Path

import pytest

from kiosk.phone import view
from office import counters, journal, lines, turns, waits
from office.journal import Filter
from office.tickets import State, Ticket, ticket_from
from printer.jobs import Job, slip_of
from tools.rehearsal import CLERK, PHRASES, Hall, settings_with

DAY = "2026-11-23"


def hall_by_chance(folder: Path, rng: random.Random, longest_run: int) -> Hall:
    """Some counters open, tickets of every service and class waiting, some sent to a counter, some calls made."""
    hall = Hall(folder, settings_with(discipline={"preference_min": 4, "max_priority_run": longest_run}))
    names = [c.id for c in hall.settings.counters]
    open_now = rng.sample(names, rng.randint(1, len(names) - 1))
    hall.open(*open_now)
    services = sorted({service for c in open_now for service in hall.settings.counter_by_id[c].services})
    for _ in range(25):
        hall.issue(rng.choice(services), rng.choice(("", "", "CO_CONG", "CAO_TUOI")), after_s=rng.choice((1, 60, 200)))
        desk = rng.choice(open_now)
        if rng.random() < 0.3 and call(hall, desk):
            if others := [c for c in open_now if c != desk and rng.random() < 0.3]:
                hall.do(turns.transfer, desk, to_counter=others[0], actor=CLERK)
            else:
                hall.do(turns.absent, desk, actor=CLERK)
    return hall


def call(hall: Hall, desk: str) -> Ticket | None:
    called = hall.do(turns.call_next, desk, actor=CLERK)
    return called.ticket if called else None


def waiting(hall: Hall) -> list[Ticket]:
    rows = hall.store.read().execute("SELECT * FROM tickets WHERE state = 'waiting' ORDER BY seq")
    return [ticket_from(row) for row in rows]


def open_now(hall: Hall) -> list[str]:
    found = [counters.find(hall.store.read(), hall.settings, c.id) for c in hall.settings.counters]
    return [desk.id for desk in found if desk.state == counters.OPEN]


def ahead(hall: Hall, ticket: Ticket) -> int:
    return waits.outlook(hall.store.read(), hall.settings, ticket).ahead


@pytest.mark.parametrize("seed", range(8))
def test_nobody_is_ahead_exactly_of_those_whom_an_open_counter_would_call_next(tmp_path: Path, seed: int) -> None:
    """Whatever runs of priority calls there are; then counters call in any order until nobody waits."""
    rng = random.Random(seed)
    hall = hall_by_chance(tmp_path, rng, longest_run=1 + seed % 3)
    desks = open_now(hall)
    while line := waiting(hall):
        choices = [lines.next_for(hall.store.read(), hall.settings, desk, DAY) for desk in desks]
        following = {choice.ticket.id for choice in choices if choice}
        assert following == {ticket.id for ticket in line if ahead(hall, ticket) == 0}
        desk = rng.choice(desks)
        if call(hall, desk):
            hall.do(turns.absent, desk, actor=CLERK)


@pytest.mark.parametrize("seed", range(6))
def test_however_counters_take_turns_nobody_is_called_before_so_many_others(tmp_path: Path, seed: int) -> None:
    """And not after more of them either, when the counter where the ticket stands nearest calls alone."""
    rng = random.Random(seed)
    hall = hall_by_chance(tmp_path, rng, longest_run=20)
    db, desks = hall.store.read(), open_now(hall)
    told = {ticket.id: ahead(hall, ticket) for ticket in waiting(hall)}
    orders = [[t.id for t in lines.waiting_for(db, hall.settings, desk, DAY)] for desk in desks]
    assert told == {name: min(order.index(name) for order in orders if name in order) for name in told}
    calls = 0
    while waiting(hall):
        desk = rng.choice(desks)
        if found := call(hall, desk):
            assert told[found.id] <= calls
            calls += 1
            hall.do(turns.absent, desk, actor=CLERK)
    assert calls == len(told)


def test_screen_slip_and_phone_tell_the_same(hall: Hall) -> None:
    """As at the kiosk: back with missing papers, near the front at a free counter, behind others at the next one."""
    hall.open("1", "2")
    for service in ("chung-thuc", "chung-thuc", "ho-tich"):
        hall.issue(service, after_s=1)
    mine = hall.issue("ho-tich", "CO_CONG", after_s=1)
    assert mine.state is State.WAITING
    later = hall.issue("ho-tich", after_s=1)
    for ticket, number, words in ((mine, 0, "phone.first"), (later, 2, "kiosk.live.ahead_n")):
        db, say = hall.store.read(), partial(PHRASES.say, "vi")
        assert ahead(hall, ticket) == number
        seen = view(db, hall.settings, ticket, "vi", say)
        assert seen.ahead == say(words, **({"n": number} if number else {}))
        (given,) = journal.read(db, limit=2, only=Filter(kinds=("ticket.issued",), ticket=ticket.id))
        assert slip_of(Job(given), db, hall.settings).ahead == number
