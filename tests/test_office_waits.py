"""What someone who waits is told: true where counters share the work, quick however many wait."""

import random
from functools import partial
from pathlib import Path

import pytest

from office import counters, lines, turns, waits
from office.tickets import State, Ticket
from tools.full_hall import fill
from tools.rehearsal import CLERK, Hall, settings_with
from tools.sqlite_steps import steps

DAY = "2026-11-23"
MINUTE = 60


def told(hall: Hall, ticket: Ticket) -> waits.Outlook:
    return waits.outlook(hall.store.read(), hall.settings, hall.ticket(ticket))


def ahead(hall: Hall, *tickets: Ticket) -> list[int]:
    return [told(hall, ticket).ahead for ticket in tickets]


def wait(hall: Hall, ticket: Ticket) -> waits.Wait:
    found = told(hall, ticket).wait
    assert found is not None
    return found


def minutes(hall: Hall, service: str) -> int:
    return round(hall.settings.service_by_id[service].minutes * MINUTE)


def serve(hall: Hall, counter: str, took: float) -> None:
    for act in (turns.call_next, turns.start):
        hall.do(act, counter, actor=CLERK)
    hall.clock.turn(minutes=took)
    assert hall.do(turns.finish, counter, actor=CLERK).state is State.FINISHED


def flat(tmp_path: Path) -> Hall:
    """An office where no counter prefers any of its services."""
    return Hall(tmp_path, settings_with(discipline={"preference_min": 0}))


# ---- how many are ahead --------------------------------------------------------------------------------


def test_the_only_open_counter_calls_the_others_first(hall: Hall) -> None:
    hall.open("2")
    for _ in range(20):
        hall.issue("chung-thuc")
    last = hall.issue("huong-dan")
    found = told(hall, last)
    assert (found.ahead, found.served) == (20, True)
    assert found.wait is not None
    assert found.wait.p50_s == 20 * minutes(hall, "chung-thuc")


def test_whoever_stands_before_it_is_called_first_by_whichever_counter(tmp_path: Path) -> None:
    hall = flat(tmp_path)
    hall.open("1", "2")  # certification at both, guidance at 2 alone
    for _ in range(5):
        hall.issue("chung-thuc")
    guided, certified = hall.issue("huong-dan"), hall.issue("chung-thuc")
    assert ahead(hall, guided, certified) == [5, 5]  # counter 1 calls no guidance: the one guided is not in the way
    assert wait(hall, guided).p50_s == round(2.5 * minutes(hall, "chung-thuc"))  # it takes half of the five, though


@pytest.mark.parametrize("seed", range(6))
def test_ahead_at_one_counter_is_the_place_in_the_order_of_calls(tmp_path: Path, seed: int) -> None:
    """Exactly so, apart from the turn of an ordinary ticket after a run of priority calls."""
    rng = random.Random(seed)
    hall = Hall(tmp_path, settings_with(discipline={"preference_min": 4 * seed, "max_priority_run": 20}))
    hall.open("2", "5")
    for _ in range(30):
        hall.issue(rng.choice([s.id for s in hall.settings.services]), rng.choice(("", "", "", "CO_CONG")), after_s=90)
        if rng.random() < 0.2 and hall.do(turns.call_next, "5", actor=CLERK):
            hall.do(turns.transfer, "5", to_counter="2", actor=CLERK)
    hall.do(counters.close, "5", person="lan", actor=CLERK)
    order = lines.waiting_for(hall.store.read(), hall.settings, "2", DAY)
    assert len(order) >= 12
    assert any(ticket.target for ticket in order)
    assert ahead(hall, *order) == list(range(len(order)))


def test_a_ticket_sent_to_one_counter_is_in_front_of_those_there_only(hall: Hall) -> None:
    hall.open("1", "2", "3")
    sent = hall.issue("dat-dai")
    here, there = hall.issue("ho-tich"), hall.issue("dat-dai")
    hall.deed("call", sent, "3")
    hall.do(turns.transfer, "3", to_counter="1", actor=CLERK)
    assert ahead(hall, sent, here, there) == [0, 0, 0]  # counter 2 would call it next
    hall.do(counters.close, "2", person="lan", actor=CLERK)
    assert ahead(hall, sent, here, there) == [0, 1, 0]


def test_without_an_open_counter_the_own_service_is_counted(hall: Hall) -> None:
    first = hall.issue("ho-tich")
    second = hall.issue("ho-tich", after_s=1)
    hall.issue("chung-thuc")
    favoured = hall.issue("ho-tich", "CO_CONG", after_s=1)
    assert ahead(hall, first, second, favoured) == [1, 2, 0]
    assert told(hall, first) == waits.Outlook(1, None, served=False)


def test_nothing_is_ahead_of_one_that_does_not_wait(hall: Hall) -> None:
    hall.open("1")
    hall.issue("ho-tich")
    called = hall.bring(hall.issue("ho-tich"), State.CALLED, "1")
    assert told(hall, called) == waits.Outlook(0, None, served=True)


# ---- how long it may take --------------------------------------------------------------------------------


def test_wait_is_a_range_from_history(hall: Hall) -> None:
    hall.open("5")
    for took in (4, 5, 6, 5):
        hall.issue("cu-tru")
        serve(hall, "5", took)
    line = [hall.issue("cu-tru") for _ in range(4)]
    assert wait(hall, line[3]).p50_s == 3 * minutes(hall, "cu-tru")  # too little history: the office's own expectation
    serve(hall, "5", 5)
    alone = wait(hall, line[3])
    assert alone.p50_s == 2 * 5 * MINUTE
    assert alone.p50_s < alone.p90_s < 2 * alone.p50_s
    hall.open("1", "2", "3")  # they do not serve it: nobody waits shorter
    assert wait(hall, line[3]) == alone
    hall.do(counters.close, "5", person="lan", actor=CLERK)
    assert told(hall, line[3]).wait is None


def test_wait_counts_the_service_under_way(hall: Hall) -> None:
    hall.open("5")
    first = hall.issue("cu-tru")
    free = wait(hall, first)
    assert (free.p50_s, free.p90_s) == (0, waits.LEAST_S)  # a clerk who is free has to call, too
    hall.bring(first, State.SERVING, "5")
    second = wait(hall, hall.issue("cu-tru"))
    assert second.p50_s == minutes(hall, "cu-tru") / 2
    assert second.p90_s > second.p50_s


def test_own_line_goes_to_the_counters_with_the_least_else_to_do(tmp_path: Path) -> None:
    hall = flat(tmp_path)
    hall.open("2", "4")  # guidance at both; certification at 2, social support at 4
    for _ in range(6):
        hall.issue("chung-thuc")
    line = [hall.issue("huong-dan") for _ in range(3)]
    assert wait(hall, line[2]).p50_s == 2 * minutes(hall, "huong-dan")  # counter 4 takes them all
    for _ in range(6):
        hall.issue("bao-tro")
    busy = wait(hall, hall.issue("huong-dan")).p50_s
    level = (6 * minutes(hall, "chung-thuc") + 6 * minutes(hall, "bao-tro") + 3 * minutes(hall, "huong-dan")) / 2
    assert 6 * minutes(hall, "chung-thuc") <= busy <= level


# ---- quick, however many wait --------------------------------------------------------------------------


def test_thousands_of_another_service_are_not_all_counted(hall: Hall) -> None:
    hall.open("2")
    fill(hall, DAY, "chung-thuc", State.WAITING, 1, 400)
    last = hall.issue("huong-dan")
    db = hall.store.read()
    look = partial(waits.outlook, db, hall.settings, last)
    few = steps(db, look)
    fill(hall, DAY, "chung-thuc", State.WAITING, 401, 9000)
    assert steps(db, look) < 1.1 * few
    assert told(hall, last).ahead == waits.MANY
    assert ahead(hall, hall.issue("chung-thuc"))[0] >= 9400  # its own line is counted to the last
