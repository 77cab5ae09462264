"""What each act does to a dossier's clock, and how its end and its hand-overs are judged by it."""

from dataclasses import replace
from datetime import date

import pytest

from office import (
    dossier_acts,
    dossier_change,
    dossier_intake,
    dossier_persons,
    dossier_reentry,
    dossiers,
)
from office.dossier_change import ALLOWED, Deed
from office.dossier_intake import Intake
from office.dossier_rows import Pushed, put, upsert_rows
from office.dossiers import Missing, Paper
from office.errors import (
    DossierStatus,
    FieldMissing,
    RescheduleOnce,
    SupplementOnce,
    WrongDay,
)
from office.replay import rehearse
from tools.papers_in import BY, CLERK, CODE, day, in_status, received
from tools.rehearsal import Hall

# ---- the clock ---------------------------------------------------------------------------------------------


def test_a_supplement_stops_the_clock_and_begins_it_anew(hall: Hall) -> None:
    made = received(hall)
    assert day(hall, made.due_at) == "2026-12-01T08:00"  # Tuesday 24 November is a holiday
    hall.set_clock("2026-11-25 09:30")
    code = hall.do(dossier_acts.ask_supplement, made.code, [Missing("Tờ khai")], "thiếu", **BY)
    asked = dossiers.get(hall.store.read(), made.code)
    assert (asked.status, asked.paused_at, asked.supplements) == (5, hall.clock.at, 1)
    assert dossiers.timeliness(asked, date(2027, 1, 1), hall.settings.office.zone) == "none"
    hall.refused(SupplementOnce, lambda: hall.do(dossier_acts.ask_supplement, made.code, [Missing("x")], "thiếu", **BY))
    hall.set_clock("2026-11-30 10:00")
    brought = hall.do(dossier_acts.supplement_done, made.code, [Paper("Tờ khai", "original")], **BY)
    assert (brought.status, brought.paused_at, brought.due_left) == (2, None, None)
    assert day(hall, brought.due_at) == "2026-12-07T10:00"
    assert brought.received_at == made.received_at
    assert dossiers.missing(hall.store.read(), made.code) == []
    hall.refused(SupplementOnce, lambda: hall.do(dossier_acts.ask_supplement, made.code, [Missing("x")], "thiếu", **BY))
    assert dossier_reentry.find(hall.store.read(), code.lower()) is not None


def test_a_fee_suspends_and_what_was_left_goes_on(hall: Hall) -> None:
    made = received(hall)
    hall.set_clock("2026-11-25 09:00")
    due = hall.do(dossier_acts.set_status, made.code, 6, **BY)
    assert due.due_left == 31 * 60  # 40 hours less the 8 of Monday and the first hour and more of Wednesday
    hall.set_clock("2026-12-02 09:00")  # five working days later: Wednesday to Wednesday
    goes_on = hall.do(dossier_acts.set_status, made.code, 4, **BY)
    assert (goes_on.paused_at, goes_on.due_left) == (None, None)
    assert day(hall, goes_on.due_at) == "2026-12-08T08:00"


def test_done_straight_from_a_suspension_keeps_its_time_as_through_in_process(hall: Hall) -> None:
    zone = hall.settings.office.zone
    made = [received(hall, term_amount=3) for _ in range(2)]
    hall.clock.turn(hours=1)
    for one in made:
        hall.do(dossier_acts.set_status, one.code, 6, **BY)
    hall.clock.turn(days=20)
    hall.do(dossier_acts.set_status, made[0].code, 4, **BY)
    through, straight = (hall.do(dossier_acts.set_status, one.code, 9, **BY) for one in made)
    assert straight.due_at == through.due_at
    assert (straight.due_at or 0) > hall.clock.at
    assert (straight.paused_at, straight.due_left) == (None, None)
    for one in made:
        assert dossiers.moves(hall.store.read(), one.code)[-1].result == "early"
        hall.do(dossier_acts.hand_back, one.code, **BY)
        assert dossiers.moves(hall.store.read(), one.code)[-1].result == "early"
        assert dossiers.timeliness(dossiers.get(hall.store.read(), one.code), date(2027, 1, 1), zone) == "early"
    assert rehearse(hall.store) == {}


@pytest.mark.parametrize("status", sorted(dossiers.PAUSED))
@pytest.mark.parametrize("ends", [9, 10])
def test_any_end_of_a_suspension_extends_the_term_as_going_on_does(hall: Hall, status: int, ends: int) -> None:
    made = received(hall)
    hall.clock.turn(hours=1)
    paused = replace(made, **dossier_change.clock(hall.settings, made, status, hall.clock.at))
    later = hall.clock.at + 20 * 86_400_000
    goes_on = dossier_change.clock(hall.settings, paused, 4, later)
    ended = dossier_change.clock(hall.settings, paused, ends, later)
    assert ended["due_at"] == goes_on["due_at"] > later
    assert dossier_change.kept_until(hall.settings, paused, ended) == "early"


@pytest.mark.parametrize("live", [True, False])
def test_a_suspension_that_another_system_ends_extends_the_term_too(hall: Hall, live: bool) -> None:
    ours, theirs = received(hall), received(hall)
    hall.set_clock("2026-11-25 09:00")
    for one in (ours, theirs):
        hall.do(dossier_acts.set_status, one.code, 6, **BY)
    hall.set_clock("2026-12-02 09:00")
    done = hall.do(dossier_acts.set_status, ours.code, 9, **BY)
    row = Pushed(code=theirs.code, status=9)
    if live:
        hall.do(put, theirs.code, row, actor="key:tinh")
    else:
        hall.do(upsert_rows, [row], actor="system", source="import")
    told = dossiers.get(hall.store.read(), theirs.code)
    assert (told.status, told.due_at, told.due_left) == (9, done.due_at, None)


def test_a_suspension_that_is_pushed_extends_the_term_whoever_ends_it(hall: Hall) -> None:
    made = [received(hall) for _ in range(3)]
    hall.set_clock("2026-11-25 09:00")
    hall.do(dossier_acts.set_status, made[0].code, 6, **BY)
    for one in made[1:]:
        hall.do(put, one.code, Pushed(code="", status=6), actor="key:tinh")
    hall.set_clock("2026-12-02 09:00")
    due = {hall.do(dossier_acts.set_status, one.code, 4, **BY).due_at for one in made[:2]}
    due.add(hall.do(put, made[2].code, Pushed(code="", status=4), actor="key:tinh")[0].due_at)
    assert [day(hall, at) for at in due] == ["2026-12-08T08:00"]


@pytest.mark.parametrize("ends", ["push", "clerk"])
def test_a_due_time_that_is_pushed_during_a_suspension_counts_when_it_ends(hall: Hall, ends: str) -> None:
    told = hall.moment("2026-12-10 17:00")
    in_status(hall, 4)
    for row in (Pushed(code="", status=6), Pushed(code="", due_at=told), Pushed(code="", status=8, due_at=told)):
        hall.clock.turn(hours=1)
        hall.do(put, CODE, row, actor="key:tinh")
    hall.clock.turn(days=2)
    if ends == "push":
        hall.do(put, CODE, Pushed(code="", status=4), actor="key:tinh")
    else:
        hall.do(dossier_acts.set_status, CODE, 4, **BY)
    goes_on = dossiers.get(hall.store.read(), CODE)
    assert (goes_on.due_at, goes_on.paused_at, goes_on.due_left) == (told, None, None)
    assert rehearse(hall.store) == {}


def test_without_a_due_day_nothing_is_left_and_nothing_invented(hall: Hall) -> None:
    made = received(hall, term_amount=None, term_unit="")
    assert made.due_at is None
    hall.do(dossier_acts.ask_supplement, made.code, [Missing("Tờ khai")], "thiếu", **BY)
    brought = hall.do(dossier_acts.supplement_done, made.code, **BY)
    assert (brought.due_at, brought.due_left) == (None, None)
    done = hall.do(dossier_acts.set_status, made.code, 9, **BY)
    assert dossiers.timeliness(done, date(2027, 1, 1), hall.settings.office.zone) == "on_time"


def test_marked_done_too_soon(hall: Hall) -> None:
    made = received(hall)
    done = hall.do(dossier_acts.set_status, made.code, 9, **BY)
    assert done.finished_at == hall.clock.at
    again = hall.do(dossier_acts.set_status, made.code, 4, **BY)
    assert (again.finished_at, again.due_at) == (None, made.due_at)


def test_a_day_is_put_off_once_and_only_later(hall: Hall) -> None:
    made = received(hall)
    old = made.due_at or 0
    for wrong in (old, old - 1, 0, hall.clock.at - 1):
        hall.refused(
            WrongDay,
            lambda at=wrong: hall.do(dossier_acts.reschedule, made.code, at, "chờ", **BY),  # type: ignore[misc]
        )
    hall.refused(FieldMissing, lambda: hall.do(dossier_acts.reschedule, made.code, old + 1, " ", **BY))
    later = hall.do(dossier_acts.reschedule, made.code, old + 86_400_000, "chờ xác minh", **BY)
    assert (later.due_at, later.rescheduled) == (old + 86_400_000, 1)
    note = dossier_persons.notes(hall.store.read(), made.code)[-1]
    assert (note.text, note.data["from_due_at"]) == ("chờ xác minh", old)
    hall.refused(RescheduleOnce, lambda: hall.do(dossier_acts.reschedule, made.code, old * 2, "nữa", **BY))


@pytest.mark.parametrize(
    ("finished", "told"), [("2026-11-29 23:59", "early"), ("2026-11-30 23:59", "on_time"), ("2026-12-01 00:01", "late")]
)
def test_early_on_time_and_late_compare_days_only(hall: Hall, finished: str, told: str) -> None:
    zone = hall.settings.office.zone
    in_status(hall, 4)
    hall.set_clock(finished)
    done = hall.do(dossier_acts.set_status, CODE, 9, **BY)
    assert dossiers.moves(hall.store.read(), CODE)[-1].result == told
    hall.set_clock("2026-12-20 10:00")
    back = hall.do(dossier_acts.hand_back, CODE, **BY)  # collected late, which does not count
    for one in (done, back):
        assert dossiers.timeliness(one, date(2026, 12, 20), zone) == told


@pytest.mark.parametrize(
    ("today", "told"),
    [("2026-11-28", "open"), ("2026-11-29", "near"), ("2026-11-30", "near"), ("2026-12-01", "overdue")],
)
def test_in_process_near_and_overdue(hall: Hall, today: str, told: str) -> None:
    made = in_status(hall, 4)
    assert dossiers.timeliness(made, date.fromisoformat(today), hall.settings.office.zone) == told


def test_an_immediate_result(hall: Hall) -> None:
    ticket = hall.issue("chung-thuc")
    made = hall.do(dossier_intake.receive, Intake(procedure_name="Chứng thực"), actor=CLERK, ticket=ticket.id)
    back = hall.do(dossier_acts.hand_back, made.code, actor=CLERK, ticket=ticket.id)
    assert (back.status, back.finished_at, back.returned_at) == (10, hall.clock.at, hall.clock.at)
    assert {v.purpose for v in dossiers.visits(hall.store.read(), made.code)} == {"hand_in", "collect"}


@pytest.mark.parametrize("status", [2, 3, 4, 7, 8, 9])
def test_a_dossier_is_handed_back_once(hall: Hall, status: int) -> None:
    in_status(hall, status)
    hall.do(dossier_acts.hand_back, CODE, **BY)
    hall.clock.turn(days=1)
    hall.refused(DossierStatus, lambda: hall.do(dossier_acts.hand_back, CODE, **BY))


def test_a_stopped_one_that_goes_on_after_all_can_be_handed_back_again(hall: Hall) -> None:
    in_status(hall, 8)
    hall.do(dossier_acts.hand_back, CODE, **BY)
    assert hall.do(dossier_acts.set_status, CODE, 4, **BY).returned_at is None
    assert hall.do(dossier_acts.hand_back, CODE, **BY).status == 10


# ---- hand-overs --------------------------------------------------------------------------------------------


def test_each_hand_over_is_kept_with_who_when_and_how_the_time_was_kept(hall: Hall) -> None:
    made = received(hall)
    step = hall.moment("2026-11-25 17:00")
    hall.do(dossier_acts.move, made.code, "Phòng Kinh tế", "kèm bản vẽ", step, actor="person:lan")
    hall.set_clock("2026-11-26 08:00")
    hall.do(dossier_acts.set_status, made.code, 6, **BY)
    hall.do(dossier_acts.move, made.code, "Cơ quan thuế", actor="person:hoa")
    hall.set_clock("2026-12-01 08:00")
    hall.do(dossier_acts.move, made.code, "Bộ phận Một cửa", actor="person:minh")
    told = [(m.actor, m.to_unit, m.status, m.result, m.note) for m in dossiers.moves(hall.store.read(), made.code)]
    assert told == [
        ("person:lan", "Bộ phận Một cửa", 2, "", ""),
        ("person:lan", "Phòng Kinh tế", 4, "early", "kèm bản vẽ"),
        ("person:lan", "Phòng Kinh tế", 6, "", ""),
        ("person:hoa", "Cơ quan thuế", 6, "", ""),  # the clock stands
        ("person:minh", "Bộ phận Một cửa", 6, "", ""),
    ]
    db = hall.store.read()
    with pytest.raises(Exception, match="append-only"):
        db.execute("UPDATE journal SET actor = 'x' WHERE kind = 'dossier.moved'")


def test_a_hand_over_is_judged_by_the_step_else_by_the_dossiers_day(hall: Hall) -> None:
    made = received(hall)
    hall.do(dossier_acts.move, made.code, "Phòng Kinh tế", "", hall.moment("2026-11-25 17:00"), **BY)
    hall.set_clock("2026-11-26 08:00")
    hall.do(dossier_acts.move, made.code, "Cơ quan thuế", **BY)
    hall.set_clock("2026-12-01 08:00")
    hall.do(dossier_acts.move, made.code, "Bộ phận Một cửa", **BY)
    assert [m.result for m in dossiers.moves(hall.store.read(), made.code)] == ["", "early", "late", "on_time"]


@pytest.mark.parametrize("status", sorted(dossiers.PAUSED & ALLOWED[Deed.HAND_OVER]))
def test_a_hand_over_while_the_clock_stands_is_not_judged(hall: Hall, status: int) -> None:
    in_status(hall, status)
    hall.set_clock("2026-12-20 10:00")
    hall.do(dossier_acts.move, CODE, "Phòng Kinh tế", **BY)
    assert dossiers.moves(hall.store.read(), CODE)[-1].result == ""


@pytest.mark.parametrize(("finished", "told"), [("2026-11-27 10:00", "early"), ("2026-12-01 10:00", "late")])
def test_a_hand_over_of_one_that_is_done_is_judged_by_its_end(hall: Hall, finished: str, told: str) -> None:
    in_status(hall, 4)
    hall.set_clock(finished)
    hall.do(dossier_acts.set_status, CODE, 9, **BY)
    hall.set_clock("2026-12-20 10:00")
    hall.do(dossier_acts.move, CODE, "Bộ phận Một cửa", **BY)
    assert dossiers.moves(hall.store.read(), CODE)[-1].result == told


def test_a_hand_over_of_one_that_ended_nobody_knows_when_is_not_judged(hall: Hall) -> None:
    row = Pushed(code=CODE, status=9, due_at=hall.moment("2026-11-20 17:00"))
    hall.do(upsert_rows, [row], actor="system", source="csv")
    hall.do(dossier_acts.move, CODE, "Bộ phận Một cửa", **BY)
    assert dossiers.moves(hall.store.read(), CODE)[-1].result == ""
