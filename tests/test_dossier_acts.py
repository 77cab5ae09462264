"""The acts on a dossier: which status allows what, what each does to the clock, and that a refusal changes nothing."""

from collections.abc import Callable
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
    turns,
)
from office.dossier_change import ALLOWED, STEPS, Deed
from office.dossier_intake import Intake
from office.dossiers import Applicant, Missing, Paper
from office.errors import (
    BadCode,
    BadDossier,
    DossierKnown,
    DossierStatus,
    FieldMissing,
    OfficeError,
    PersonalNumber,
    ReentrySpent,
    UnknownDossier,
    UnknownProcedure,
    UnknownTicket,
    WrongDay,
)
from office.replay import rehearse
from tools.papers_in import BY, CLERK, CODE, day, in_status, received
from tools.rehearsal import CONFIG, Hall, post_catalogue

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
    hall.do(post_catalogue)
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
