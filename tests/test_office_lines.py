"""The line as it stands in the file: the same choice as the pure rule, honest figures, quick with many."""

import random
import time
from pathlib import Path

import pytest

from office import counters, lines, returns, turns, waits
from office.discipline import Rules, Waiting, choose
from office.tickets import State, Ticket, ticket_from
from tools.full_hall import fill
from tools.rehearsal import Hall, settings_with
from tools.sqlite_steps import steps

CLERK = "person:lan"
DAY = "2026-11-23"
CLASSES = ("", "", "", "CAO_TUOI", "CO_CONG", "HEN_TRUOC")


def whole_line(hall: Hall) -> list[Ticket]:
    rows = hall.store.read().execute("SELECT * FROM tickets WHERE state = 'waiting' AND day = ?", (DAY,))
    return [ticket_from(row) for row in rows]


def as_waiting(ticket: Ticket, counter: str) -> Waiting | None:
    """The ticket as the rule at ``counter`` sees it; None when it waits for another counter."""
    if ticket.target not in ("", counter):
        return None
    return Waiting(
        ticket.id,
        ticket.service,
        bool(ticket.priority),
        ticket.arrived_at,
        ticket.place,
        ticket.seq,
        bool(ticket.target),
    )


def crowd(hall: Hall, rng: random.Random, many: int) -> None:
    """``many`` tickets of all services and classes, some of them sent to one counter."""
    services = [s.id for s in hall.settings.services]
    for _ in range(many):
        hall.issue(rng.choice(services), rng.choice(CLASSES), after_s=rng.choice((0, 5, 60, 200)))
        if rng.random() < 0.2:
            hall.do(turns.call_next, "1", actor=CLERK)
            if counters.find(hall.store.read(), hall.settings, "1").ticket:
                hall.do(turns.transfer, "1", to_counter=rng.choice("2345"), actor=CLERK)


@pytest.mark.parametrize("seed", range(4))
def test_heads_in_the_file_give_the_choice_of_the_whole_line(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    hall = Hall(tmp_path, settings_with(discipline={"max_priority_run": 1 + seed % 2, "preference_min": 5 * seed}))
    hall.open("1", "2", "3", "4", "5")
    crowd(hall, rng, 40)
    rules = Rules(hall.settings.discipline.max_priority_run, hall.settings.discipline.preference_min)
    rules_seen = set()
    for _ in range(60):
        counter = rng.choice("12345")
        db = hall.store.read()
        desk = lines.desk(db, hall.settings, counter)
        wanted = choose([w for t in whole_line(hall) if (w := as_waiting(t, counter))], desk, rules)
        assert lines.next_for(db, hall.settings, counter, DAY) == wanted
        called = hall.do(turns.call_next, counter, actor=CLERK)
        assert (called.ticket.id if called else None) == (wanted.ticket.id if wanted else None)
        if called and wanted:
            assert (called.why["rule"], called.why["overtook"]) == (wanted.rule, wanted.overtook)
            assert called.why["waited_s"] == (hall.clock() - called.ticket.arrived_at) // 1000
            rules_seen.add(wanted.rule)
            hall.do(turns.absent, counter, actor=CLERK)
    assert len(rules_seen) >= 4


def test_what_the_clerk_sees_next_is_what_is_called(hall: Hall) -> None:
    hall.open("1", "2", "3", "4", "5")
    crowd(hall, random.Random(7), 50)
    for counter in ("2", "3", "4"):
        shown = [t.id for t in lines.waiting_for(hall.store.read(), hall.settings, counter, DAY)]
        called = []
        while got := hall.do(turns.call_next, counter, actor=CLERK):
            called.append(got.ticket.id)
            hall.do(turns.absent, counter, actor=CLERK)
        assert called == shown
        assert len(shown) >= 4


def test_a_class_that_overtakes_another_class_is_told_so(hall: Hall) -> None:
    hall.open("1")
    hall.issue("ho-tich", "HEN_TRUOC")  # moved forward 15 minutes
    later = hall.issue("ho-tich", "CAO_TUOI", after_s=180)  # moved forward 20 minutes
    called = hall.do(turns.call_next, "1", actor=CLERK)
    assert called is not None
    assert called.ticket.id == later.id
    assert (called.why["rule"], called.why["overtook"]) == ("priority", 1)


def test_everyone_overtaken_is_counted(hall: Hall) -> None:
    hall.open("1")
    for _ in range(7):
        hall.issue("ho-tich")
    hall.issue("chung-thuc")
    hall.issue("cu-tru")  # waits for another counter
    hall.issue("ho-tich", "CO_CONG")
    called = hall.do(turns.call_next, "1", actor=CLERK)
    assert called is not None
    assert (called.why["rule"], called.why["overtook"], called.why["moved_forward_min"]) == ("priority", 8, 20)


def test_clock_set_back_lets_nobody_overtake(hall: Hall) -> None:
    hall.open("1")
    first = hall.issue("ho-tich")
    hall.clock.turn(hours=-2)
    later = hall.issue("ho-tich")
    assert (later.place, later.arrived_at) == (first.place, first.arrived_at)
    called = hall.do(turns.call_next, "1", actor=CLERK)
    assert called is not None
    assert called.ticket.id == first.id


def test_waiting_counts_tell_the_longest_wait(hall: Hall) -> None:
    first = hall.issue("ho-tich")
    hall.issue("ho-tich", after_s=60)
    other = hall.issue("dat-dai")
    hall.do(turns.cancel, hall.issue("cu-tru").id, actor=CLERK)
    assert lines.waiting_counts(hall.store.read(), DAY) == {
        "ho-tich": (2, first.arrived_at),
        "dat-dai": (1, other.arrived_at),
    }
    assert lines.waiting_counts(hall.store.read(), "2026-11-24") == {}


def test_absent_number_is_listed_at_every_counter_that_serves_it(hall: Hall) -> None:
    hall.open("1", "2", "5")
    early = hall.bring(hall.issue("chung-thuc"), State.ABSENT, "2")
    late = hall.bring(hall.issue("ho-tich"), State.ABSENT, "1")
    strange = hall.bring(hall.issue("ho-tich"), State.ABSENT, "5")

    def listed(counter: str, day: str = DAY) -> list[str]:
        return [t.id for t in lines.absent_today(hall.store.read(), hall.settings, counter, day)]

    assert listed("1") == listed("2") == [strange.id, late.id, early.id]
    assert listed("5") == [strange.id]
    assert listed("3") == []
    assert listed("1", "2026-11-24") == []
    hall.do(turns.return_to_line, early.id, actor=CLERK, why="by_clerk")
    assert listed("1") == [strange.id, late.id]


def test_a_full_hall_is_ordered_quickly(hall: Hall) -> None:
    hall.open("1")
    fill(hall, DAY, "ho-tich", State.WAITING, 1, 5000, claim="CO_CONG")
    began = time.perf_counter()
    order = lines.waiting_for(hall.store.read(), hall.settings, "1", DAY)
    assert time.perf_counter() - began < 3  # 0.1 s here; asking the rule about all who wait takes minutes
    assert len(order) == 5000
    assert [t.n for t in order[:3]] == [3, 6, 1]  # two priority calls, then an ordinary one


def test_no_act_costs_more_after_a_long_day_or_a_long_history(hall: Hall) -> None:
    hall.open("1")
    db, settings = hall.store.read(), hall.settings

    def round_trip() -> None:
        ticket = hall.issue("ho-tich", after_s=9)
        waits.outlook(db, settings, ticket)
        lines.absent_today(db, settings, "1", DAY)
        lines.waiting_counts(db, DAY)
        lines.waiting_for(db, settings, "1", DAY)
        returns.something_due(db, DAY, hall.clock())
        returns.something_left(db, settings, DAY)
        for act in (turns.call_next, turns.start, turns.finish, turns.undo_finish, turns.finish):
            hall.do(act, "1", actor=CLERK)

    fill(hall, "2026-11-20", "ho-tich", State.FINISHED, 100, 100, claim="CO_CONG")
    fill(hall, DAY, "ho-tich", State.FINISHED, 100, 100, claim="CO_CONG")
    fill(hall, DAY, "ho-tich", State.ABSENT, 300, 100, claim="CO_CONG")
    round_trip()
    few = steps(hall.store.read(), round_trip)
    fill(hall, "2026-11-20", "ho-tich", State.FINISHED, 1000, 4000, claim="CO_CONG")
    fill(hall, DAY, "ho-tich", State.FINISHED, 1000, 4000, claim="CO_CONG")
    fill(hall, DAY, "ho-tich", State.CANCELLED, 6000, 2000, claim="CO_CONG")
    fill(hall, DAY, "ho-tich", State.ABSENT, 9000, 2000, claim="CO_CONG")
    assert steps(hall.store.read(), round_trip) < 1.2 * few
