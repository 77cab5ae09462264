"""The register beside other systems: what the office did, corrected or erased is not undone by their older rows."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from office import dossier_acts, dossier_correct, dossier_persons, dossier_rows, dossiers, journal
from office.dossier_import import Report, run
from office.dossier_rows import Counts, Pushed
from office.dossiers import Applicant, Dossier, Missing, Paper
from office.errors import OfficeError
from office.replay import rehearse
from office.store import Store
from tools.papers_in import BY, CODE, day
from tools.rehearsal import Hall

HEAD = ("Mã hồ sơ", "Người nộp", "Số điện thoại", "Trạng thái", "Ngày hẹn trả", "Đơn vị xử lý", "Lệ phí")
ROW = (CODE, "Nguyễn Văn Thử", "0900000001", "2", "30/11/2026", "Bộ phận Một cửa", "8.000")


def take(hall: Hall, **told: str) -> Report:
    """Import a file of one dossier: ``ROW``, but for what is ``told`` (a, b, c … name its cells)."""
    cells = [told.get("abcdefg"[n], cell) for n, cell in enumerate(ROW)]
    return run(hall.store, hall.settings, iter([(1, HEAD), (2, cells)]), actor="system")


def now(hall: Hall) -> Dossier:
    return dossiers.get(hall.store.read(), CODE)


def phone(hall: Hall) -> str | None:
    who = dossiers.applicant(hall.store.read(), CODE)
    return who.phone if who else None


# ---- what the office did since -----------------------------------------------------------------------------


def test_an_older_row_undoes_no_act_and_newer_ones_count(hall: Hall) -> None:
    take(hall)
    later = hall.moment("2026-12-04 17:00")
    hall.do(dossier_acts.move, CODE, "Phòng Kinh tế", **BY)
    hall.do(dossier_acts.reschedule, CODE, later, "chờ xác minh", **BY)
    before = journal.head(hall.store.read())
    assert take(hall) == Report(1, 0, 0, 1, (), ours=1)
    assert journal.head(hall.store.read()) == before
    got = now(hall)
    assert (got.status, got.unit, got.due_at) == (4, "Phòng Kinh tế", later)
    take(hall, e="07/12/2026", g="9.000")  # the day and the fee are news, the rest is old
    got = now(hall)
    assert (got.status, got.unit, day(hall, got.due_at)[:10], got.fee) == (4, "Phòng Kinh tế", "2026-12-07", 9000)
    assert take(hall, d="9", e="07/12/2026", g="9.000").changed == 1
    assert now(hall).status == 9
    assert rehearse(hall.store) == {}


@pytest.mark.parametrize("status", ["1", "2", "4", "5", "9"])
def test_what_was_handed_back_stays_so_whatever_an_older_row_tells(hall: Hall, status: str) -> None:
    take(hall, d="1")
    for step in (2, 4, 9):
        hall.do(dossier_acts.set_status, CODE, step, **BY)
    hall.do(dossier_acts.hand_back, CODE, **BY)
    done = now(hall)
    assert take(hall, d=status).ours == 1
    hall.do(dossier_rows.put, CODE, Pushed(code="", status=int(status)), actor="key:tinh")
    take(hall, d="10")  # the other system agrees
    take(hall, d=status)  # an older file comes after the newer one
    got = now(hall)
    assert (got.status, got.finished_at, got.returned_at) == (10, done.finished_at, done.returned_at)


def test_papers_that_were_brought_are_not_asked_for_again_by_a_row_that_lags(hall: Hall) -> None:
    take(hall, d="4")
    hall.do(dossier_acts.ask_supplement, CODE, [Missing("Tờ khai")], "thiếu", **BY)
    hall.do(dossier_acts.supplement_done, CODE, **BY)
    assert (take(hall, d="5").ours, now(hall).status) == (1, 2)
    take(hall, d="9")
    assert now(hall).status == 9


def test_done_too_soon_is_done_when_the_other_system_says_so(hall: Hall) -> None:
    take(hall, d="4")
    hall.do(dossier_acts.set_status, CODE, 9, **BY)
    hall.do(dossier_acts.set_status, CODE, 4, **BY)
    assert take(hall, d="4").same == 1
    assert (take(hall, d="9").ours, now(hall).status) == (0, 9)


def test_a_unit_that_both_agreed_on_may_go_back_again(hall: Hall) -> None:
    take(hall)
    hall.do(dossier_acts.move, CODE, "Phòng Kinh tế", **BY)
    take(hall, f="Phòng Kinh tế", d="4")
    take(hall, d="4")
    assert now(hall).unit == "Bộ phận Một cửa"
    assert rehearse(hall.store) == {}


@pytest.mark.parametrize("between", [{}, {"d": "9", "e": "07/12/2026", "g": "9.000"}])
def test_an_older_file_undoes_no_act_even_after_a_newer_one_has_agreed_or_told_news(
    hall: Hall, between: dict[str, str]
) -> None:
    take(hall)
    hall.do(dossier_acts.reschedule, CODE, hall.moment("2026-12-04 17:00"), "chờ xác minh", **BY)
    hall.do(dossier_correct.correct, CODE, Pushed(code="", fee=0), **BY)
    hall.do(dossier_acts.ask_supplement, CODE, [Missing("Tờ khai")], "thiếu", **BY)
    take(hall, **{"d": "5", "e": "04/12/2026", "g": "0"} | between)
    agreed = now(hall)
    assert agreed.status == int(between.get("d", "5"))
    for _ in range(2):
        assert take(hall) == Report(1, 0, 0, 1, (), ours=1)
    assert now(hall) == agreed
    assert rehearse(hall.store) == {}


def test_when_the_office_ended_and_handed_over_stays_whatever_day_a_row_tells(hall: Hall) -> None:
    take(hall, d="4")
    hall.do(dossier_acts.set_status, CODE, 9, **BY)
    hall.set_clock("2026-11-25 10:15")
    back = hall.do(dossier_acts.hand_back, CODE, **BY)
    days = (hall.moment("2026-11-24 00:00"), hall.moment("2026-11-25 09:00"))
    ends: dict[str, Any] = dict(zip(("finished_at", "returned_at"), days, strict=True))
    for status in (10, None):
        row = Pushed(code=CODE, status=status, **ends)
        hall.do(dossier_rows.upsert_rows, [row], actor="system", source="csv")
        hall.do(dossier_rows.put, CODE, row, actor="key:tinh")
    assert (now(hall).finished_at, now(hall).returned_at) == (back.finished_at, back.returned_at)
    assert rehearse(hall.store) == {}


@pytest.mark.parametrize("first", [None, "2026-11-25 00:00"])
def test_handing_back_leaves_the_day_on_which_it_was_done_to_who_did_it(hall: Hall, first: str | None) -> None:
    ended = hall.moment(first) if first else None
    row = Pushed(code=CODE, status=9, due_at=hall.moment("2026-11-25 17:00"), finished_at=ended)
    hall.do(dossier_rows.upsert_rows, [row], actor="system", source="csv")
    hall.set_clock("2026-11-30 10:00")
    back = hall.do(dossier_acts.hand_back, CODE, **BY)
    told, handed = hall.moment("2026-11-23 00:00"), hall.moment("2026-11-27 00:00")
    newer = Pushed(code=CODE, status=10, finished_at=told, returned_at=handed)
    hall.do(dossier_rows.upsert_rows, [newer], actor="system", source="csv")
    got = now(hall)
    assert (got.finished_at, got.returned_at) == (told, back.returned_at)
    assert dossiers.timeliness(got, date(2026, 12, 1), hall.settings.office.zone) == "early"
    assert rehearse(hall.store) == {}


def test_no_file_takes_back_that_a_result_was_handed_over(hall: Hall) -> None:
    take(hall, d="10")
    for older in ("4", "9", "7"):
        assert take(hall, d=older) == Report(1, 0, 0, 1, (), ours=1)
    assert now(hall).status == 10
    hall.do(dossier_rows.put, CODE, Pushed(code="", status=9), actor="key:tinh")  # told as it happens
    assert now(hall).status == 9


def test_what_the_office_never_changed_is_the_other_systems(hall: Hall) -> None:
    take(hall, d="9")
    take(hall, d="4")
    assert now(hall).status == 4


deeds = st.sampled_from(["move", "4", "6", "9", "back", "ask", "done", "later", "fee"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(deeds, max_size=5), st.integers(1, 9), st.integers(1, 300))
def test_the_same_file_again_changes_nothing_whatever_was_done(hall: Hall, done: list[str], n: int, code: int) -> None:
    key = f"H55.242-2611{n:02d}-{code:04d}"
    take(hall, a=key, d="2")
    for deed in done:
        try:
            _do(hall, key, deed)
        except OfficeError:
            continue
    before = dossiers.get(hall.store.read(), key)
    assert take(hall, a=key, d="2").changed == 0
    assert dossiers.get(hall.store.read(), key) == before


def _do(hall: Hall, key: str, deed: str) -> None:
    ways: dict[str, tuple[Any, ...]] = {
        "move": (dossier_acts.move, key, "Phòng Kinh tế"),
        "back": (dossier_acts.hand_back, key),
        "ask": (dossier_acts.ask_supplement, key, [Missing("Tờ khai")], "thiếu"),
        "done": (dossier_acts.supplement_done, key),
        "later": (dossier_acts.reschedule, key, hall.moment("2027-01-04 17:00"), "chờ"),
        "fee": (dossier_correct.correct, key, Pushed(code="", fee=1)),
    }
    act, *args = ways.get(deed) or (dossier_acts.set_status, key, int(deed))
    hall.do(act, *args, **BY)


def test_papers_that_a_clerk_corrected_or_took_in_stay_until_a_system_tells_others(hall: Hall) -> None:
    first, wrong, brought = Paper("Tờ khai"), Paper("Giấy chứng sinh", "copy"), Paper("Giấy chứng sinh", "original")
    take(hall, d="4")

    def pushed(*papers: Paper) -> list[Paper]:
        hall.do(dossier_correct.tell_papers, now(hall), papers, actor="key:tinh")
        return dossiers.papers(hall.store.read(), CODE)

    assert pushed(first, wrong) == [first, wrong]
    hall.do(dossier_correct.correct, CODE, Pushed(code=""), [first], **BY)
    assert pushed(first, wrong) == [first]
    hall.do(dossier_acts.ask_supplement, CODE, [Missing("Giấy chứng sinh")], "thiếu", **BY)
    hall.do(dossier_acts.supplement_done, CODE, [brought], **BY)
    assert pushed(first) == pushed(first, wrong) == [first, brought]
    assert pushed(first, brought, Paper("Sổ hộ khẩu")) == [first, brought, Paper("Sổ hộ khẩu")]
    assert rehearse(hall.store) == {}


# ---- corrections and erasures ------------------------------------------------------------------------------


def test_a_clerks_correction_stays_until_the_source_tells_something_else(hall: Hall) -> None:
    take(hall)
    hall.do(dossier_correct.correct, CODE, Pushed(code="", fee=0, phone="0900000002"), **BY)
    assert take(hall) == Report(1, 0, 0, 1, (), ours=1)
    assert (now(hall).fee, phone(hall)) == (0, "0900000002")
    take(hall, g="9.000", c="0900000003")
    assert (now(hall).fee, phone(hall)) == (9000, "0900000003")
    assert rehearse(hall.store) == {}


def test_the_erased_stay_erased_until_a_clerk_enters_them(hall: Hall) -> None:
    take(hall)
    hall.do(dossier_correct.correct, CODE, Pushed(code="", phone="0900000002"), **BY)
    hall.do(dossier_persons.erase, CODE, **BY)
    assert take(hall) == Report(1, 0, 0, 1, (), erased=1)
    hall.do(dossier_rows.put, CODE, Pushed(code="", name="Nguyễn Văn Thử"), actor="key:tinh")
    assert dossiers.applicant(hall.store.read(), CODE) is None
    kept = "SELECT dossier FROM applicants UNION SELECT dossier FROM applicants_left"
    assert hall.store.read().execute(kept).fetchall() == []
    hall.do(dossier_correct.correct, CODE, Pushed(code="", name="Trần Thị Mẫu"), **BY)
    assert take(hall).erased == 1
    hall.do(dossier_rows.put, CODE, Pushed(code="", name="Nguyễn Văn Thử", phone=ROW[2]), actor="key:tinh")
    assert dossiers.applicant(hall.store.read(), CODE) == Applicant(name="Trần Thị Mẫu")
    assert rehearse(hall.store) == {}


def test_an_applicant_whom_nobody_knew_yet_can_be_erased_too(hall: Hall) -> None:
    hall.do(dossier_rows.put, CODE, Pushed(code="", status=2), actor="key:tinh")
    assert hall.do(dossier_persons.erase, CODE, **BY) == 0
    assert (take(hall).erased, dossiers.applicant(hall.store.read(), CODE)) == (1, None)
    head = journal.head(hall.store.read())
    hall.do(dossier_persons.erase, CODE, **BY)  # once more: nothing is left to be done
    assert journal.head(hall.store.read()) == head
    assert rehearse(hall.store) == {}


def test_no_value_that_a_clerk_has_corrected_comes_back(hall: Hall) -> None:
    take(hall, c="0900000001")
    for told in ("0900000002", "0900000003"):
        hall.do(dossier_correct.correct, CODE, Pushed(code="", phone=told), **BY)
    for old in ("0900000002", "0900000001"):
        take(hall, c=old)
        assert phone(hall) == "0900000003"
    take(hall, c="0900000004")
    assert phone(hall) == "0900000004"


def test_an_erasure_while_a_file_is_read_counts(hall: Hall) -> None:
    take(hall)

    def with_an_erasure() -> Any:
        yield from [(1, HEAD), (2, [*ROW[:2], "0900000009", *ROW[3:]])]
        hall.do(dossier_persons.erase, CODE, **BY)

    run(hall.store, hall.settings, with_an_erasure(), actor="system")
    assert dossiers.applicant(hall.store.read(), CODE) is None


# ---- a push as it happens ----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [9, 10])
def test_a_new_dossier_that_is_pushed_as_ended_has_its_ends(hall: Hall, status: int) -> None:
    made, _ = hall.do(dossier_rows.put, CODE, Pushed(code="", status=status), actor="key:tinh")
    assert (made.finished_at, made.returned_at) == (hall.clock.at, hall.clock.at if status == 10 else None)
    back = hall.moment("2026-11-20 10:00")
    row = Pushed(code="", status=status, returned_at=back if status == 10 else None, finished_at=back - 60_000)
    other, _ = hall.do(dossier_rows.put, CODE[:-1] + "2", row, actor="key:tinh")
    assert (other.finished_at, other.returned_at) == (row.finished_at, row.returned_at)
    alone = Pushed(code="", status=10, returned_at=back)
    third, _ = hall.do(dossier_rows.put, CODE[:-1] + "3", alone, actor="key:tinh")
    assert third.finished_at == third.returned_at == back


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("received_at", {"received_at": "2150-01-01 08:00"}),
        ("received_at", {"received_at": "2026-11-24 08:00"}),
        ("returned_at", {"status": 10, "returned_at": "2150-01-01 08:00"}),
        ("returned_at", {"status": 10, "received_at": "2026-11-20 08:00", "returned_at": "2026-11-19 16:00"}),
        ("returned_at", {"status": 10, "returned_at": "2026-11-09 16:00"}),  # the code says the 10th
        ("finished_at", {"status": 9, "received_at": "2026-11-20 08:00", "finished_at": "2026-11-19 16:00"}),
    ],
)
def test_days_that_cannot_be_are_refused_by_their_field(hall: Hall, field: str, told: dict[str, Any]) -> None:
    values: dict[str, Any] = {k: hall.moment(v) if isinstance(v, str) else v for k, v in told.items()}
    row = Pushed(code="", **values)
    with pytest.raises(OfficeError) as refusal:
        hall.do(dossier_rows.put, CODE, row, actor="key:tinh")
    assert refusal.value.params["field"] == field
    assert refusal.value.key == "error.wrong_day"


@pytest.mark.parametrize(
    ("told", "due"),
    [
        ({"received_at": "2026-11-20 14:00"}, "2026-11-26T14:00"),  # 24 November is a holiday
        ({"received_at": "2026-11-20 14:00", "due_at": "2026-12-04 17:00"}, "2026-12-04T17:00"),
        ({}, None),  # nobody says when its time began
        ({"received_at": "2026-11-20 14:00", "status": 4}, None),  # nor whether it was suspended since
        ({"received_at": "2026-11-20 14:00", "status": 9}, None),
    ],
)
def test_a_new_dossier_that_is_pushed_with_its_term_is_due_by_it(
    hall: Hall, told: dict[str, Any], due: str | None
) -> None:
    values: dict[str, Any] = {"code": "", "status": 2, "term_amount": 3, "term_unit": "ngay_lam_viec"}
    row = Pushed(**values | {k: hall.moment(v) if isinstance(v, str) else v for k, v in told.items()})
    for _ in range(2):
        made, _new = hall.do(dossier_rows.put, CODE, row, actor="key:tinh")
        assert (day(hall, made.due_at) if made.due_at else None) == due


# ---- an online dossier is received -------------------------------------------------------------------------


def online(hall: Hall, **told: Any) -> Dossier:
    row = Pushed(code="", status=1, intake="online", received_at=hall.moment("2026-11-21 22:00"), **told)
    return hall.do(dossier_rows.put, CODE, row, actor="key:tinh")[0]


@pytest.mark.parametrize("status", [2, 4])
@pytest.mark.parametrize("by", ["clerk", "system"])
def test_the_time_of_an_online_dossier_begins_when_it_is_received(hall: Hall, status: int, by: str) -> None:
    assert online(hall, term_amount=3, term_unit="ngay_lam_viec").due_at is None
    hall.set_clock("2026-11-25 09:30")
    if by == "clerk":
        hall.do(dossier_acts.set_status, CODE, status, **BY)
    else:
        hall.do(dossier_rows.put, CODE, Pushed(code="", status=status), actor="key:tinh")
    got = now(hall)
    assert (got.status, got.received_at, day(hall, got.due_at)) == (status, hall.clock.at, "2026-11-30T09:30")
    assert rehearse(hall.store) == {}


def test_an_online_dossier_that_lacked_papers_is_received_when_they_are_brought(hall: Hall) -> None:
    online(hall, term_amount=3, term_unit="ngay_lam_viec")
    hall.do(dossier_acts.ask_supplement, CODE, [Missing("Tờ khai")], "thiếu", **BY)
    hall.set_clock("2026-11-25 09:30")
    hall.do(dossier_acts.supplement_done, CODE, **BY)
    got = now(hall)
    assert (got.received_at, day(hall, got.due_at)) == (hall.clock.at, "2026-11-30T09:30")
    assert rehearse(hall.store) == {}


def test_an_online_dossier_without_a_known_term_keeps_the_day_that_was_told(hall: Hall) -> None:
    told = hall.moment("2026-12-01 17:00")
    online(hall, due_at=told)
    hall.do(dossier_acts.set_status, CODE, 2, **BY)
    assert now(hall).due_at == told


def test_a_system_that_tells_when_it_received_is_believed(hall: Hall) -> None:
    online(hall, term_amount=1, term_unit="ngay_lam_viec")
    at, due = hall.moment("2026-11-23 08:00"), hall.moment("2026-11-27 17:00")
    row = Pushed(code="", status=2, received_at=at, due_at=due)
    hall.do(dossier_rows.put, CODE, row, actor="key:tinh")
    assert (now(hall).received_at, now(hall).due_at) == (at, due)
    counts = hall.do(dossier_rows.upsert_rows, [replace(row, code=CODE)], actor="system", source="csv")
    assert counts == Counts(1, same=1)


def test_a_register_of_before_knows_whose_applicants_were_erased(hall: Hall) -> None:
    """The migration reads the journal: an office that goes on with a newer version keeps its erasures."""
    take(hall)
    hall.do(dossier_persons.erase, CODE, **BY)
    db = hall.store.read()
    for table in ("dossier_left", "dossier_erased", "applicants_left"):
        db.execute(f"DROP TABLE {table}")
    db.execute("DELETE FROM _sqlite_migrations WHERE name IN ('beside_sources', 'every_value_left')")
    Store(hall.store.path).close()
    assert take(hall).erased == 1
    assert rehearse(hall.store) == {}
