"""Due times: every date of DOMAIN 4.3 to 4.5, and what explains them."""

import time
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from office.clock import local, millis
from office.deadlines import Due, Term, due, pause, resume, worktime_of
from office.errors import BadRequest
from office.phrases import placeholders
from office.settings import Settings, load
from office.workday import MAKE_UP, WEEKDAYS
from tools.rehearsal import CONFIG, PHRASES, settings_with

SHIPPED = load(CONFIG)
ZONE = SHIPPED.office.zone
OTHER_HOURS = {day: ["07:30-11:30", "13:00-17:00"] for day in WEEKDAYS[:5]}
SUMMER = {"first": "04-16", "last": "10-15", "hours": {day: ["06:30-10:30", "13:30-17:30"] for day in WEEKDAYS[:5]}}


def office(**sections: Any) -> Settings:
    return load(CONFIG, sections)


def at(wall: str) -> int:
    return millis(datetime.fromisoformat(wall).replace(tzinfo=ZONE))


def wall(found: Due) -> str:
    assert found.at is not None
    return f"{local(found.at, ZONE):%a %Y-%m-%d %H:%M}"


def told(found: Due, language: str = "vi") -> list[str]:
    return [PHRASES.say(language, step.key, **step.params) for step in found.steps]


# ---- DOMAIN 4.2, 4.3 -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "amount", "unit", "ends"),
    [
        # hours: a remainder rolls over lunch and night; the moment of closing is still in time
        ("2026-11-25 08:00", 1, "gio", "Wed 2026-11-25 09:00"),
        ("2026-11-25 11:00", 1, "gio", "Wed 2026-11-25 14:00"),
        ("2026-11-25 16:00", 1, "gio", "Wed 2026-11-25 17:00"),
        ("2026-11-25 16:30", 1, "gio", "Thu 2026-11-26 07:30"),
        ("2026-11-25 08:00", 8, "gio", "Thu 2026-11-26 08:00"),
        ("2026-11-25 08:00:59", 8, "gio", "Thu 2026-11-26 08:00"),  # receipts print minutes
        # received after closing: next working morning; during lunch: start of the afternoon
        ("2026-11-25 17:00", 1, "gio", "Thu 2026-11-26 08:00"),
        ("2026-11-25 19:45", 1, "gio", "Thu 2026-11-26 08:00"),
        ("2026-11-25 05:00", 1, "gio", "Wed 2026-11-25 08:00"),
        ("2026-11-25 11:30", 1, "gio", "Wed 2026-11-25 14:30"),
        ("2026-11-25 12:15", 1, "gio", "Wed 2026-11-25 14:30"),
        ("2026-11-27 17:30", 1, "gio", "Mon 2026-11-30 08:00"),
        ("2026-11-28 09:00", 1, "gio", "Mon 2026-11-30 08:00"),
        # working days: 8 hours each, Saturday and Sunday skipped; an end at closing is the next opening
        ("2026-11-25 09:30", 1, "ngay_lam_viec", "Thu 2026-11-26 09:30"),
        ("2026-11-25 09:30", 3, "ngay_lam_viec", "Mon 2026-11-30 09:30"),
        ("2026-11-25 07:00", 1, "ngay_lam_viec", "Thu 2026-11-26 07:00"),
        ("2026-11-25 12:00", 1, "ngay_lam_viec", "Thu 2026-11-26 13:30"),
        ("2026-11-25 18:00", 1, "ngay_lam_viec", "Fri 2026-11-27 07:00"),
        ("2026-11-29 10:00", 5, "ngay_lam_viec", "Mon 2026-12-07 07:00"),
        ("2026-11-02 14:00", 15, "ngay_lam_viec", "Mon 2026-11-23 14:00"),
        ("2026-11-02 14:00", 17, "ngay_lam_viec", "Thu 2026-11-26 14:00"),  # over 24 November
        # calendar days: the same hour that many days later; moved when it is a day off
        ("2026-11-25 09:30", 1, "ngay", "Thu 2026-11-26 09:30"),
        ("2026-11-25 09:30", 7, "ngay", "Wed 2026-12-02 09:30"),
        ("2026-11-25 09:30", 3, "ngay", "Mon 2026-11-30 07:00"),
        ("2026-11-25 09:30", 4, "ngay", "Mon 2026-11-30 07:00"),
        ("2026-11-17 09:30", 7, "ngay", "Wed 2026-11-25 07:00"),  # ends on 24 November
        ("2026-11-25 18:00", 5, "ngay", "Tue 2026-12-01 07:00"),
        ("2026-11-23 15:00", 45, "ngay", "Thu 2027-01-07 15:00"),
        ("2026-11-23 15:00", 60, "ngay", "Fri 2027-01-22 15:00"),
        # same day, until the end of its hours; after 15:00 the next working day
        ("2026-11-25 08:00", 0, "ngay_lam_viec", "Wed 2026-11-25 17:00"),
        ("2026-11-25 15:00", 0, "ngay_lam_viec", "Wed 2026-11-25 17:00"),
        ("2026-11-25 15:01", 0, "ngay_lam_viec", "Thu 2026-11-26 17:00"),
        ("2026-11-25 16:59", 0, "ngay", "Thu 2026-11-26 17:00"),
        ("2026-11-25 17:30", 0, "ngay_lam_viec", "Thu 2026-11-26 17:00"),
        ("2026-11-25 06:00", 0, "ngay_lam_viec", "Wed 2026-11-25 17:00"),
        ("2026-11-25 12:00", 0, "ngay_lam_viec", "Wed 2026-11-25 17:00"),
        ("2026-11-23 15:30", 0, "ngay_lam_viec", "Wed 2026-11-25 17:00"),  # 24 November between
        ("2026-11-27 15:30", 0, "ngay_lam_viec", "Mon 2026-11-30 17:00"),
        ("2026-11-28 08:00", 0, "ngay_lam_viec", "Mon 2026-11-30 17:00"),
    ],
)
def test_due_times_of_the_office(received: str, amount: int, unit: Any, ends: str) -> None:
    assert wall(due(SHIPPED, at(received), Term(amount, unit))) == ends


@pytest.mark.parametrize(
    ("received", "amount", "unit", "ends"),
    [
        ("2026-11-25 11:00", 1, "gio", "Wed 2026-11-25 13:30"),
        ("2026-11-25 16:30", 4, "gio", "Thu 2026-11-26 11:00"),
        ("2026-11-25 07:00", 1, "gio", "Wed 2026-11-25 08:30"),
        ("2026-11-25 10:00", 2, "ngay_lam_viec", "Fri 2026-11-27 10:00"),
    ],
)
def test_another_office_has_other_hours(received: str, amount: int, unit: Any, ends: str) -> None:
    assert wall(due(office(hours=OTHER_HOURS), at(received), Term(amount, unit))) == ends


def test_seasons_shift_the_hours_deadlines_are_counted_in() -> None:
    summer = office(seasons=[SUMMER])
    assert wall(due(summer, at("2026-07-01 10:00"), Term(1, "gio"))) == "Wed 2026-07-01 14:00"
    assert wall(due(summer, at("2026-10-15 17:00"), Term(1, "gio"))) == "Fri 2026-10-16 07:30"  # its last day
    assert wall(due(summer, at("2026-04-15 16:30"), Term(1, "gio"))) == "Thu 2026-04-16 07:00"  # its first
    police = summer.worktimes["cu-tru"].calendar  # hours of its own: the office's season does not touch them
    assert police.spans(date(2026, 7, 1)) == SHIPPED.worktimes["cu-tru"].calendar.spans(date(2026, 7, 1))
    assert summer.calendars["ho-tich"].spans(date(2026, 7, 1)) == ((390, 630), (810, 1050))
    own = office(seasons=[SUMMER | {"service": "cu-tru"}])
    assert own.calendars["cu-tru"].spans(date(2026, 7, 1)) == ((390, 630), (810, 1050))
    assert own.calendars["ho-tich"].spans(date(2026, 7, 1)) == ((420, 690), (810, 1020))


def test_saturday_mornings_of_the_police_count_only_where_that_is_set() -> None:
    """Received on Saturday: counted from Monday, unless Saturday counts (DOMAIN 4.3)."""
    friday, saturday = at("2026-11-27 16:00"), at("2026-11-28 08:00")
    assert wall(due(SHIPPED, friday, Term(2, "gio"), service="cu-tru")) == "Mon 2026-11-30 08:00"
    assert wall(due(SHIPPED, saturday, Term(1, "ngay_lam_viec"), service="cu-tru")) == "Tue 2026-12-01 07:00"
    services = [service.model_dump() for service in SHIPPED.services]
    counted = office(services=[s | {"saturday_counts": s["id"] == "cu-tru"} for s in services])
    assert wall(due(counted, friday, Term(2, "gio"), service="cu-tru")) == "Sat 2026-11-28 08:00"
    assert wall(due(counted, saturday, Term(1, "ngay_lam_viec"), service="cu-tru")) == "Mon 2026-11-30 13:30"
    assert wall(due(counted, friday, Term(2, "gio"), service="ho-tich")) == "Mon 2026-11-30 08:00"
    everywhere = office(deadlines={"saturday_counts": True})
    assert wall(due(everywhere, friday, Term(2, "gio"), service="cu-tru")) == "Sat 2026-11-28 08:00"
    assert wall(due(everywhere, friday, Term(2, "gio"), service="ho-tich")) == "Mon 2026-11-30 08:00"  # closed then
    # the hall is open for them on Saturday all the same
    assert SHIPPED.calendars["cu-tru"].is_open(saturday)


def test_cutoff_working_day_and_end_of_calendar_terms_are_settings() -> None:
    early = office(deadlines={"cutoff": "11:00"})
    assert wall(due(early, at("2026-11-25 11:01"), Term(0, "ngay"))) == "Thu 2026-11-26 17:00"
    assert wall(due(early, at("2026-11-25 11:00"), Term(0, "ngay"))) == "Wed 2026-11-25 17:00"
    short = office(deadlines={"day_hours": 7.5})
    assert wall(due(short, at("2026-11-25 08:00"), Term(1, "ngay_lam_viec"))) == "Thu 2026-11-26 07:30"
    keep = office(deadlines={"calendar_end": "keep"})
    assert wall(due(keep, at("2026-11-25 09:30"), Term(3, "ngay"))) == "Sat 2026-11-28 09:30"


def test_deadlines_may_have_hours_of_their_own() -> None:
    """The demo office and rehearsals never close; their working days are the plain office's."""
    open_all_day = settings_with()
    assert open_all_day.calendars["ho-tich"].is_open(at("2026-11-24 03:00"))
    received = at("2026-11-23 22:00")
    assert (
        due(open_all_day, received, Term(1, "ngay_lam_viec")).at == due(SHIPPED, received, Term(1, "ngay_lam_viec")).at
    )
    always = office(hours={day: ["00:00-24:00"] for day in WEEKDAYS} | {"on_holidays": True})
    assert wall(due(always, at("2026-11-23 22:00"), Term(4, "gio"))) == "Wed 2026-11-25 02:00"  # holidays never count


# ---- DOMAIN 4.5 ----------------------------------------------------------------------------------

OFF_2026 = (
    *("2026-01-01", "2026-01-02", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20", "2026-04-27"),
    *("2026-04-30", "2026-05-01", "2026-08-31", "2026-09-01", "2026-09-02", "2026-11-24"),
)
OFF_2027 = ("2027-01-01", "2027-04-16", "2027-04-30", "2027-05-03", "2027-09-02", "2027-11-24")
WORKED = ("2026-01-10", "2026-08-22")


def test_the_table_has_the_days_of_the_notices_and_no_other() -> None:
    weekdays = {row.date.isoformat() for row in SHIPPED.holidays if row.kind != MAKE_UP and row.date.weekday() < 5}
    assert weekdays == {*OFF_2026, *OFF_2027}
    assert {row.date.isoformat() for row in SHIPPED.holidays if row.kind == MAKE_UP} == {*WORKED}
    rest = {
        row.date.isoformat(): row.kind for row in SHIPPED.holidays if row.date.weekday() > 4 and row.kind != MAKE_UP
    }
    assert rest == {"2026-04-26": "nghi_le", "2027-05-01": "nghi_le"}  # made up on the Monday after
    kinds = {row.date.isoformat(): row.kind for row in SHIPPED.holidays}
    assert {day for day in kinds if kinds[day] == "nghi_bu"} == {"2026-04-27", "2027-05-03"}
    assert {day for day in kinds if kinds[day] == "nghi_hoan_doi"} == {"2026-01-02", "2026-08-31"}
    assert all(row.note and row.source for row in SHIPPED.holidays)
    assert (SHIPPED.holidays_from, SHIPPED.holidays_until) == (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize("day", [*OFF_2026, *OFF_2027])
@pytest.mark.parametrize("service", ["", "cu-tru"])
def test_no_term_ends_on_a_day_off(day: str, service: str) -> None:
    off = date.fromisoformat(day)
    for ahead in range(6):
        received = at(f"{off - timedelta(days=ahead)} 09:00")
        for term in (Term(ahead, "ngay"), Term(max(ahead, 1), "ngay_lam_viec"), Term(8, "gio"), Term(0, "ngay")):
            found = due(SHIPPED, received, term, service=service)
            assert found.at is not None
            assert local(found.at, ZONE).date() != off
    assert not worktime_of(SHIPPED, service).calendar.spans(off)


@pytest.mark.parametrize(
    ("received", "amount", "unit", "ends"),
    [
        ("2026-02-13 09:00", 1, "ngay_lam_viec", "Mon 2026-02-23 09:00"),  # Friday before Tết
        ("2026-02-13 07:00", 1, "ngay_lam_viec", "Mon 2026-02-23 07:00"),
        ("2026-02-13 16:30", 1, "gio", "Mon 2026-02-23 07:30"),
        ("2026-02-13 15:30", 0, "ngay", "Mon 2026-02-23 17:00"),
        ("2026-02-13 09:00", 3, "ngay", "Mon 2026-02-23 07:00"),
        ("2026-02-18 09:00", 1, "ngay_lam_viec", "Tue 2026-02-24 07:00"),
        ("2026-08-21 09:00", 1, "ngay_lam_viec", "Sat 2026-08-22 09:00"),  # the Saturday worked for 31 August
        ("2026-08-21 09:00", 2, "ngay_lam_viec", "Mon 2026-08-24 09:00"),
        ("2026-08-21 09:00", 1, "ngay", "Sat 2026-08-22 09:00"),
        ("2026-08-21 15:30", 0, "ngay", "Sat 2026-08-22 17:00"),
        ("2026-08-22 09:00", 1, "ngay_lam_viec", "Mon 2026-08-24 09:00"),
        ("2026-08-28 09:00", 1, "ngay_lam_viec", "Thu 2026-09-03 09:00"),  # 31 Aug, 1 and 2 Sep off
        ("2026-01-09 09:00", 1, "ngay_lam_viec", "Sat 2026-01-10 09:00"),  # worked for 2 January
        ("2026-04-24 09:00", 1, "ngay_lam_viec", "Tue 2026-04-28 09:00"),  # Giỗ Tổ on Sunday, made up on Monday
        ("2026-04-29 09:00", 1, "ngay_lam_viec", "Mon 2026-05-04 09:00"),
        ("2026-11-23 09:00", 1, "ngay_lam_viec", "Wed 2026-11-25 09:00"),  # Ngày Văn hóa Việt Nam
        ("2026-11-23 16:00", 8, "gio", "Wed 2026-11-25 16:00"),
        ("2026-12-31 09:00", 1, "ngay_lam_viec", "Mon 2027-01-04 09:00"),
        ("2027-04-15 09:00", 1, "ngay_lam_viec", "Mon 2027-04-19 09:00"),
        ("2027-04-29 09:00", 1, "ngay_lam_viec", "Tue 2027-05-04 09:00"),
        ("2027-09-01 09:00", 1, "ngay_lam_viec", "Fri 2027-09-03 09:00"),  # the adjacent day is not announced yet
        ("2027-11-23 09:00", 1, "ngay_lam_viec", "Thu 2027-11-25 09:00"),
    ],
)
def test_due_times_around_holidays_and_days_worked_in_exchange(
    received: str, amount: int, unit: Any, ends: str
) -> None:
    assert wall(due(SHIPPED, at(received), Term(amount, unit))) == ends


# ---- suspension ----------------------------------------------------------------------------------


def test_suspended_time_extends_the_due_time() -> None:
    whole = due(SHIPPED, at("2026-11-25 09:00"), Term(3, "ngay_lam_viec"))
    assert whole.at is not None
    left = pause(SHIPPED, whole.at, at("2026-11-26 10:30:30"))
    assert left == 1440 - 570
    assert wall(resume(SHIPPED, left, at("2026-11-26 10:30"), "ngay_lam_viec")) == wall(whole)
    assert wall(resume(SHIPPED, left, at("2026-12-03 10:30"), "ngay_lam_viec")) == "Mon 2026-12-07 09:00"
    assert wall(resume(SHIPPED, left, at("2026-12-05 10:30"), "ngay_lam_viec")) == "Tue 2026-12-08 15:30"
    assert told(resume(SHIPPED, left, at("2026-12-03 10:30"), "ngay_lam_viec")) == [
        "Tính tiếp từ 10:30 ngày 03/12/2026",
        "Thời gian làm việc còn lại khi tạm dừng: 14:30 giờ",
        "Không tính 2 ngày nghỉ hằng tuần",
        "Hẹn trả lúc 09:00 ngày 07/12/2026",
    ]


def test_a_pause_forgives_nothing_that_was_late_already() -> None:
    left = pause(SHIPPED, at("2026-11-25 09:00"), at("2026-11-26 10:00"))
    assert left == -540
    found = resume(SHIPPED, left, at("2026-12-03 10:00"), "ngay_lam_viec")
    assert wall(found) == "Wed 2026-12-02 09:00"
    assert "-9:00" in told(found)[1]


def test_a_same_day_procedure_resumed_at_once_is_still_due_that_day() -> None:
    whole = due(SHIPPED, at("2026-11-25 09:00"), Term(0, "ngay_lam_viec"))
    assert whole.at is not None
    left = pause(SHIPPED, whole.at, at("2026-11-25 10:00"))
    assert wall(resume(SHIPPED, left, at("2026-11-25 10:00"), "ngay_lam_viec", same_day=True)) == "Wed 2026-11-25 17:00"
    assert wall(resume(SHIPPED, left, at("2026-11-26 10:00"), "ngay_lam_viec", same_day=True)) == "Thu 2026-11-26 17:00"


def test_after_a_supplement_the_count_begins_anew() -> None:
    assert wall(due(SHIPPED, at("2026-12-03 10:00"), Term(3, "ngay_lam_viec"))) == "Tue 2026-12-08 10:00"


# ---- words ---------------------------------------------------------------------------------------


def test_every_step_is_told_in_order_in_both_languages() -> None:
    found = due(SHIPPED, at("2026-02-12 18:00"), Term(2, "ngay_lam_viec"), service="ho-tich")
    assert told(found) == [
        "Nhận lúc 18:00 ngày 12/02/2026",
        "Ngoài giờ làm việc: bắt đầu tính từ 07:00 ngày 13/02/2026",
        "Thời hạn: 2 ngày làm việc",
        "Không tính từ ngày 16/02/2026 đến ngày 20/02/2026: Tết Nguyên đán Bính Ngọ",
        "Không tính 4 ngày nghỉ hằng tuần",
        "Hẹn trả lúc 07:00 ngày 24/02/2026",
    ]
    assert told(found, "en")[-1] == "Due at 07:00 on 24/02/2026"
    worked = due(SHIPPED, at("2026-08-21 15:30"), Term(0, "ngay"))
    assert told(worked) == [
        "Nhận lúc 15:30 ngày 21/08/2026",
        "Thời hạn: trả trong ngày",
        "Nhận sau 15:00: trả vào ngày làm việc kế tiếp",
        "Có tính ngày 22/08/2026: Làm bù cho thứ Hai 31/8",
        "Hẹn trả lúc 17:00 ngày 22/08/2026",
    ]
    moved = due(SHIPPED, at("2026-11-17 09:30"), Term(7, "ngay"))
    assert told(moved)[1:] == [
        "Thời hạn: 7 ngày, tính cả ngày nghỉ",
        "Ngày cuối 24/11/2026 là ngày nghỉ: chuyển sang ngày làm việc kế tiếp",
        "Hẹn trả lúc 07:00 ngày 25/11/2026",
    ]


def test_what_the_table_does_not_know_is_said() -> None:
    """The Tết days of 2027 are not announced: a due time beyond 2026 may change (DOMAIN 4.5)."""
    later = due(SHIPPED, at("2026-12-20 09:00"), Term(30, "ngay_lam_viec"))
    assert told(later)[-1] == "Lịch nghỉ sau ngày 31/12/2026 chưa được công bố đủ: hạn này có thể thay đổi"
    earlier = due(SHIPPED, at("2025-12-20 09:00"), Term(30, "ngay_lam_viec"))
    assert told(earlier)[-1] == "Lịch nghỉ chỉ được nhập từ ngày 01/01/2026: mời kiểm tra lại"
    assert due(SHIPPED, at("2026-03-02 09:00"), Term(30, "ngay_lam_viec")).steps[-1].key == "deadline.due"


def test_a_term_over_many_years_tells_the_first_holidays_and_counts_the_rest() -> None:
    rows = [{"date": date(year, 3, 4), "kind": "nghi_le", "note": f"Lễ {year}"} for year in range(2027, 2067)]
    found = due(office(holidays=rows), at("2026-11-25 09:00"), Term(10_000, "ngay_lam_viec"))
    keys = [step.key for step in found.steps]
    assert keys.count("deadline.day_off") == 12
    assert keys.count("deadline.more_days_off") == 1
    assert len(keys) < 20


def test_nobody_knows_a_term_the_catalogue_is_silent_about() -> None:
    found = due(SHIPPED, at("2026-11-25 09:00"), None)
    assert found.at is None
    assert told(found) == ["Chưa có thông tin, mời hỏi tại quầy"]


def test_hours_too_short_for_a_term_are_told() -> None:
    never = office(hours={key: [] for key in WEEKDAYS} | {"mon": ["07:00-07:01"]}, holidays=[])
    for found in (
        due(never, at("2026-11-25 09:00"), Term(10_000, "gio")),
        resume(never, 10_000_000, at("2026-11-25 09:00"), "gio"),
    ):
        assert found.at is None
        assert found.steps[-1].key == "deadline.never_open"


def test_every_phrase_of_a_deadline_gets_what_it_needs() -> None:
    keys = {key for key in PHRASES.keys("vi") if key.startswith("deadline.")}
    asked: dict[str, frozenset[str]] = {}
    received = [
        at(f"{day} {hour}")
        for day in ("2025-12-20", "2026-02-12", "2026-08-21", "2026-11-20")
        for hour in ("09:00", "18:00")
    ]
    terms = [Term(n, unit) for n in (0, 3, 30) for unit in ("ngay", "ngay_lam_viec")] + [Term(9, "gio")]
    found = [due(SHIPPED, moment, term) for moment in received for term in terms]
    found.append(due(SHIPPED, at("2026-11-25 16:00"), Term(0, "ngay")))
    found.append(resume(SHIPPED, 60, received[0], "gio"))
    rows = [{"date": date(year, 3, 4), "kind": "nghi_le"} for year in range(2027, 2067)]
    found.append(due(office(holidays=rows), received[0], Term(10_000, "ngay_lam_viec")))
    found.append(due(office(hours={key: [] for key in WEEKDAYS}, holidays=[]), received[0], Term(1, "gio")))
    for step in (step for each in found for step in each.steps):
        asked[step.key] = frozenset(step.params)
    assert keys <= asked.keys()
    assert all(placeholders(PHRASES.section("vi", "deadline")[key[9:]]) == given for key, given in asked.items())


@pytest.mark.parametrize(("amount", "unit"), [(-1, "ngay"), (0, "gio"), (10_001, "ngay_lam_viec")])
def test_no_such_term(amount: int, unit: Any) -> None:
    with pytest.raises(BadRequest):
        Term(amount, unit)


# ---- speed --------------------------------------------------------------------------------------


def test_an_answer_takes_less_than_a_millisecond() -> None:
    asked = [at(f"2026-{month:02d}-11 09:00") for month in range(1, 13)]
    terms = (Term(27, "ngay_lam_viec"), Term(60, "ngay"), Term(9, "gio"), Term(0, "ngay"))
    for moment in asked:  # years are laid out when first asked for
        due(SHIPPED, moment, terms[0])
    spent = []
    for moment in asked * 10:
        for term in terms:
            began = time.perf_counter()
            due(SHIPPED, moment, term)
            spent.append(time.perf_counter() - began)
    assert sorted(spent)[len(spent) // 2] < 0.001
