"""The acts on a dossier: which status allows what, what each does to the clock, and that a refusal changes nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from office import (
    dossier_acts,
    dossier_change,
    dossier_intake,
    dossier_persons,
    dossier_reentry,
    dossiers,
    procedures,
    turns,
)
from office.clock import rfc3339
from office.dossier_change import ALLOWED, STEPS, Deed
from office.dossier_intake import Intake
from office.dossier_rows import Pushed, put, upsert_rows
from office.dossiers import Applicant, Dossier, Missing, Paper
from office.errors import (
    BadCode,
    BadDossier,
    DossierKnown,
    DossierStatus,
    FieldMissing,
    OfficeError,
    PersonalNumber,
    ReentrySpent,
    RescheduleOnce,
    SupplementOnce,
    UnknownDossier,
    UnknownProcedure,
    UnknownTicket,
    WrongDay,
)
from office.replay import rehearse
from tools.rehearsal import CONFIG, Hall

CLERK = "person:lan"
CODE = "H55.242-261110-0001"
BY: dict[str, Any] = {"actor": CLERK}


def received(hall: Hall, **more: Any) -> Dossier:
    told: dict[str, Any] = {"procedure_name": "Thủ tục mẫu", "term_amount": 5, "term_unit": "ngay_lam_viec"}
    return hall.do(dossier_intake.receive, Intake(**(told | more)), actor=CLERK)


def in_status(hall: Hall, status: int, **more: Any) -> Dossier:
    """A dossier that another system has brought into ``status``."""
    told: dict[str, Any] = {"procedure_name": "Thủ tục mẫu", "due_at": hall.moment("2026-11-30 17:00")}
    row = Pushed(code=CODE, status=status, **(told | more))
    return hall.do(put, CODE, row, actor="key:tinh")[0]


def day(hall: Hall, at: int | None) -> str:
    assert at is not None
    return rfc3339(at, hall.settings.office.zone)[:16]


# ---- which status allows what -----------------------------------------------------------------------------

DEEDS: dict[Deed, Callable[[Hall], object]] = {
    Deed.HAND_OVER: lambda hall: hall.do(dossier_acts.move, CODE, "Phòng Kinh tế", **BY),
    Deed.ASK: lambda hall: hall.do(dossier_acts.ask_supplement, CODE, [Missing("Tờ khai")], "thiếu", **BY),
    Deed.SUPPLEMENTED: lambda hall: hall.do(dossier_acts.supplement_done, CODE, **BY),
    Deed.REFUSE: lambda hall: hall.do(dossier_acts.refuse, CODE, "không thuộc thẩm quyền", **BY),
    Deed.STOP: lambda hall: hall.do(dossier_acts.stop, CODE, "theo đề nghị", **BY),
    Deed.RESCHEDULE: lambda hall: hall.do(
        dossier_acts.reschedule, CODE, hall.moment("2026-12-10 17:00"), "chờ xác minh", **BY
    ),
    Deed.RETURN: lambda hall: hall.do(dossier_acts.hand_back, CODE, **BY),
}


@pytest.mark.parametrize("status", range(1, 11))
def test_a_deed_its_status_does_not_allow_changes_nothing(hall: Hall, status: int) -> None:
    in_status(hall, status)
    for deed, act in DEEDS.items():
        if status not in ALLOWED[deed]:
            hall.refused(DossierStatus, lambda act=act: act(hall))  # type: ignore[misc]
    for wanted in range(1, 11):
        if wanted not in STEPS.get(status, ()):
            hall.refused(
                DossierStatus,
                lambda to=wanted: hall.do(dossier_acts.set_status, CODE, to, **BY),  # type: ignore[misc]
            )


@pytest.mark.parametrize(("deed", "status"), [(d, s) for d in DEEDS for s in sorted(ALLOWED[d])])
def test_a_deed_its_status_allows_is_told_and_replayed(hall: Hall, deed: Deed, status: int) -> None:
    in_status(hall, status)
    DEEDS[deed](hall)
    assert rehearse(hall.store) == {}


@pytest.mark.parametrize(("status", "to"), [(s, t) for s, row in STEPS.items() for t in sorted(row)])
def test_a_status_that_may_be_set_is_set(hall: Hall, status: int, to: int) -> None:
    in_status(hall, status)
    after = hall.do(dossier_acts.set_status, CODE, to, **BY)
    assert after.status == to
    assert (after.paused_at is not None) == (to in dossiers.PAUSED)
    assert (after.finished_at is not None) == (to == dossiers.DONE)
    assert rehearse(hall.store) == {}


def test_the_statuses_are_drawn_as_they_are() -> None:
    text = (CONFIG.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert f"```mermaid\n{dossier_change.diagram()}\n```" in text


def test_every_status_has_its_deeds() -> None:
    assert set().union(*ALLOWED.values()) | {10} == set(range(1, 11))
    assert not {3, 7, 10} & STEPS.keys()  # these are ends


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


# ---- intake ------------------------------------------------------------------------------------------------


def test_what_cannot_be_registered(hall: Hall) -> None:
    def refused(error: type[OfficeError], ticket: str = "", **told: Any) -> OfficeError:
        wish = Intake(**({"procedure_name": "Thủ tục mẫu"} | told))
        return hall.refused(error, lambda: hall.do(dossier_intake.receive, wish, actor=CLERK, ticket=ticket))

    refused(FieldMissing, procedure_name=" ")
    refused(UnknownProcedure, procedure="9.999999")
    refused(UnknownTicket, ticket="20261123-Z-999")
    refused(BadCode, code="0900000000", confirmed=True)
    refused(BadCode, code="QG-2026-0001")
    refused(WrongDay, received_at=hall.clock.at + 3_600_000)
    refused(WrongDay, due_at=hall.clock.at - 1)
    refused(PersonalNumber, fee_note="0900 000 000")
    refused(PersonalNumber, papers=(Paper("Giấy số 000000000012"),))
    for wrong in (
        {"sets": 101}, {"sets": -1}, {"fee": -1}, {"fee": 10**13}, {"term_amount": 10_001, "term_unit": "ngay"},
        {"intake": "fax"}, {"give_back": ""}, {"service": "khong-co"}, {"received_at": -1},
        {"term_amount": 0, "term_unit": "gio"},
        {"papers": (Paper("x"),) * 101}, {"papers": (Paper("x", "ban sao"),)},  # type: ignore[arg-type]
        {"applicant": Applicant(name="x" * 201)}, {"applicant": Applicant(address="\ud800")},
    ):  # fmt: skip
        refused(BadDossier, **wrong)
    received(hall, code=CODE)
    refused(DossierKnown, code=CODE.lower())
    hall.refused(UnknownDossier, lambda: hall.do(dossier_acts.refuse, "H55.242-261110-0009", "x", **BY))


def test_a_given_code_is_kept_as_given(hall: Hall) -> None:
    made = received(hall, code=" h55.242–261110-0001 ")
    assert (made.code, made.key, made.shape) == ("h55.242–261110-0001", CODE, "qd20")
    assert dossiers.known(hall.store.read(), "*H55.242-261110-0001*") == made
    other = received(hall, code="hs.2026.7", confirmed=True)
    assert (other.shape, other.key) == ("other", "HS.2026.7")


def test_the_posted_term_counts_where_the_clerk_tells_none(hall: Hall) -> None:
    with (CONFIG / "procedures.jsonl").open("rb") as lines:
        hall.do(procedures.import_lines, lines, **BY)
    made = received(hall, procedure="1.001731", procedure_name="", term_amount=None, term_unit="")
    assert made.procedure == "1.001731"
    assert made.service == "bao-tro"
    assert made.procedure_name
    assert (made.term_amount, made.term_unit) == (3, "ngay_lam_viec")
    assert day(hall, made.due_at) == "2026-11-27T08:00"


# ---- visits and trips --------------------------------------------------------------------------------------


def test_visits_are_many_to_many_and_repeat_trips_are_counted(hall: Hall) -> None:
    db, first = hall.store.read(), hall.issue("ho-tich")
    one = hall.do(dossier_intake.receive, Intake(procedure_name="Một"), actor=CLERK, ticket=first.id)
    two = hall.do(dossier_intake.receive, Intake(procedure_name="Hai"), actor=CLERK, ticket=first.id)
    assert [d.procedure_name for d in dossiers.of_ticket(db, first.id)] == ["Một", "Hai"]
    assert dossiers.trips(db, one.code) == 0
    hall.do(dossier_acts.ask_supplement, one.code, [Missing("Tờ khai")], "thiếu", actor=CLERK, ticket=first.id)
    second = hall.issue("ho-tich")
    hall.do(dossier_acts.link_visit, one.code, second.id, "supplement", **BY)
    assert dossiers.trips(db, one.code) == 1
    head = hall.dump()
    hall.do(dossier_acts.link_visit, one.code, second.id, "supplement", **BY)
    assert hall.dump() == head  # it was joined already
    hall.do(dossier_acts.supplement_done, one.code, actor=CLERK, ticket=second.id)
    assert dossiers.trips(db, one.code) == 1  # one ticket is one trip
    third = hall.issue("ho-tich")
    hall.do(dossier_acts.link_visit, one.code, third.id, "supplement", **BY)
    assert dossiers.trips(db, one.code) == 2
    hall.do(turns.cancel, third.id, **BY)
    assert dossiers.trips(db, one.code) == 1  # nobody came
    fourth = hall.issue("tra-ket-qua")
    hall.do(dossier_acts.hand_back, one.code, actor=CLERK, ticket=fourth.id)
    assert dossiers.trips(db, one.code) == 1  # to collect is no repeat
    assert dossiers.trips(db, two.code) == 0
    assert [v.purpose for v in dossiers.visits(db, one.code)] == ["hand_in", "supplement", "supplement", "collect"]
    hall.refused(BadDossier, lambda: hall.do(dossier_acts.link_visit, one.code, fourth.id, "chat", **BY))  # type: ignore[arg-type]
    for nobody in ("x", ""):
        hall.refused(
            UnknownTicket,
            lambda ticket=nobody: hall.do(dossier_acts.link_visit, one.code, ticket, "ask", **BY),  # type: ignore[misc]
        )


def test_whoever_comes_for_papers_of_a_dossier_handed_in_without_a_ticket_came_again(hall: Hall) -> None:
    made, db = received(hall, intake="online"), hall.store.read()
    assert dossiers.trips(db, made.code) == 0
    for n in (1, 2):
        hall.do(dossier_acts.link_visit, made.code, hall.issue("ho-tich").id, "supplement", **BY)
        assert dossiers.trips(db, made.code) == n
    hall.do(dossier_acts.link_visit, made.code, hall.issue("ho-tich").id, "ask", **BY)
    assert dossiers.trips(db, made.code) == 2


def test_a_re_entry_code_is_used_once_the_same_day(hall: Hall) -> None:
    made = received(hall)
    code = hall.do(dossier_acts.ask_supplement, made.code, [Missing("Tờ khai")], "thiếu", **BY)
    assert code.startswith("MC-")
    assert set(code[3:]) <= set(dossier_reentry.LETTERS)
    assert all(a != b for a, b in pairwise(code))
    ticket = hall.issue("ho-tich")
    hall.do(dossier_reentry.use, code, ticket.id, actor="screen:kiosk-1")
    hall.refused(ReentrySpent, lambda: hall.do(dossier_reentry.use, code, ticket.id, **BY))
    assert [d.key for d in dossiers.of_ticket(hall.store.read(), ticket.id)] == [made.key]
    other = received(hall)
    code = hall.do(dossier_acts.ask_supplement, other.code, [Missing("Tờ khai")], "thiếu", **BY)
    hall.clock.turn(days=1)
    hall.refused(ReentrySpent, lambda: hall.do(dossier_reentry.use, code, ticket.id, **BY))
    assert rehearse(hall.store) == {}


# ---- persons -----------------------------------------------------------------------------------------------


def test_persons_are_found_by_staff_and_erased_on_demand(hall: Hall) -> None:
    who = Applicant(name="Nguyễn Văn Thử", owner="Trần Thị Mẫu", phone="0900000000")
    made = received(hall, applicant=who)
    hall.do(dossier_acts.refuse, made.code, "ông Thử không phải chủ sử dụng", **BY)
    db = hall.store.read()
    for text in ("nguyen van", "MẪU", "thử", made.code[-8:], "1123-0001"):
        assert [d.key for d in dossiers.find(db, text, 5)] == [made.key], text
    for text in ("le van", "%", "_", "0900000000", "'"):
        assert dossiers.find(db, text, 5) == [], text
    assert hall.do(dossier_persons.erase, made.code, **BY) == 2
    assert dossiers.applicant(db, made.code) is None
    assert [m.note for m in dossiers.moves(db, made.code)] == ["", ""]
    assert dossiers.find(db, "nguyen van", 5) == []
    head = hall.dump()
    assert hall.do(dossier_persons.erase, made.code, **BY) == 0
    assert hall.dump() == head
    assert rehearse(hall.store) == {}
