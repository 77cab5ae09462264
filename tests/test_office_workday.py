"""When the office is open: hours, holidays, make-up days, services with hours of their own."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office.clock import day_of, day_start, local, millis, rfc3339, system_clock
from office.sections import Holiday, Hours
from office.settings import load
from office.workday import WEEKDAYS, Calendar, calendar, next_midnight
from tools.rehearsal import CONFIG

SETTINGS = load(CONFIG)
ZONE = SETTINGS.office.zone
HALL = calendar(SETTINGS.hours, SETTINGS.holidays, ZONE)
_POLICE = SETTINGS.service_by_id["cu-tru"].hours
assert _POLICE is not None
POLICE = calendar(_POLICE, SETTINGS.holidays, ZONE)


def at(wall: str) -> int:
    return millis(datetime.fromisoformat(wall).replace(tzinfo=ZONE))


@pytest.mark.parametrize(
    ("wall", "hall", "police"),
    [
        ("2026-11-23 06:59:59", False, False),  # Monday
        ("2026-11-23 07:00", True, True),
        ("2026-11-23 11:29:59", True, True),
        ("2026-11-23 11:30", False, False),
        ("2026-11-23 13:29:59", False, False),
        ("2026-11-23 13:30", True, True),
        ("2026-11-23 16:59:59", True, True),
        ("2026-11-23 17:00", False, False),
        ("2026-11-24 09:00", False, False),  # Ngày Văn hóa Việt Nam, a Tuesday
        ("2026-11-28 09:00", False, True),  # Saturday: residence procedures in the morning
        ("2026-11-28 14:00", False, False),
        ("2026-11-29 09:00", False, False),  # Sunday
        ("2026-08-22 09:00", True, True),  # Saturday worked in place of 31 August
        ("2026-08-22 14:00", True, True),
        ("2026-08-29 09:00", False, True),  # an ordinary Saturday
        ("2026-08-31 09:00", False, False),  # the day given off for it, a Monday
        ("2026-09-01 09:00", False, False),
        ("2026-09-02 09:00", False, False),
        ("2026-02-13 09:00", True, True),  # before and after Tết
        ("2026-02-16 09:00", False, False),
        ("2026-02-20 16:00", False, False),
        ("2026-02-23 09:00", True, True),
        ("2026-04-27 09:00", False, False),  # in place of Giỗ Tổ on a Sunday
        ("2027-05-03 09:00", False, False),  # in place of 1 May on a Saturday
    ],
)
def test_open_and_closed(wall: str, hall: bool, police: bool) -> None:
    assert (HALL.is_open(at(wall)), POLICE.is_open(at(wall))) == (hall, police)


@pytest.mark.parametrize(
    ("wall", "hall", "police"),
    [
        ("2026-11-23 06:00", "2026-11-23 07:00", "2026-11-23 07:00"),
        ("2026-11-23 07:00", "2026-11-23 13:30", "2026-11-23 13:30"),
        ("2026-11-23 12:00", "2026-11-23 13:30", "2026-11-23 13:30"),
        ("2026-11-23 17:00", "2026-11-25 07:00", "2026-11-25 07:00"),  # over the holiday
        ("2026-11-27 17:00", "2026-11-30 07:00", "2026-11-28 07:00"),  # over the weekend
        ("2026-08-21 17:00", "2026-08-22 07:00", "2026-08-22 07:00"),
        ("2026-08-28 17:00", "2026-09-03 07:00", "2026-08-29 07:00"),
        ("2026-02-13 17:00", "2026-02-23 07:00", "2026-02-14 07:00"),
    ],
)
def test_next_opening(wall: str, hall: str, police: str) -> None:
    found = [c.opens_next(at(wall)) for c in (HALL, POLICE)]
    assert [f.strftime("%Y-%m-%d %H:%M") if f else None for f in found] == [hall, police]
    assert all(f and f.utcoffset() == timedelta(hours=7) for f in found)


@pytest.mark.parametrize(
    ("wall", "closes"),
    [
        ("2026-11-23 07:00", "11:30"),
        ("2026-11-23 11:29:59", "11:30"),
        ("2026-11-23 16:00", "17:00"),
        ("2026-11-23 12:00", None),
        ("2026-11-24 09:00", None),
    ],
)
def test_end_of_the_present_span(wall: str, closes: str | None) -> None:
    found = HALL.closes_at(at(wall))
    assert (found.strftime("%H:%M") if found else None) == closes


def test_hours_that_never_open_have_no_next_opening() -> None:
    assert calendar(Hours(), (), ZONE).opens_next(at("2026-11-23 09:00")) is None


def test_office_open_to_midnight_and_on_holidays() -> None:
    always = calendar(Hours(**dict.fromkeys(WEEKDAYS, ("00:00-24:00",)), on_holidays=True), SETTINGS.holidays, ZONE)
    assert always.is_open(at("2026-11-24 23:59:59"))
    assert always.is_open(at("2026-11-29 00:00"))
    closes = always.closes_at(at("2026-11-24 12:00"))
    assert closes is not None
    assert millis(closes) == at("2026-11-25 00:00")


def test_later_row_of_one_date_counts() -> None:
    day = date(2026, 11, 28)
    rows = (Holiday(date=day, kind="nghi_le"), Holiday(date=day, kind="lam_bu"))
    assert calendar(SETTINGS.hours, rows, ZONE).spans(day) == HALL.spans(date(2026, 11, 23))
    assert calendar(SETTINGS.hours, rows[::-1], ZONE).spans(day) == ()


CALENDARS = st.sampled_from((HALL, POLICE))
MOMENTS = st.integers(at("2026-01-01"), at("2027-12-01"))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(CALENDARS, MOMENTS)
def test_next_opening_is_the_first_minute_that_is_open(hours: Calendar, moment: int) -> None:
    opening = hours.opens_next(moment)
    assert opening is not None
    opens = millis(opening)
    assert opens > moment
    assert hours.is_open(opens)
    assert not hours.is_open(opens - 1)
    # Between now and then no span begins: once it is closed, it stays so.
    closed = False
    for minute in range(moment, opens, 17 * 60_000):
        now_open = hours.is_open(minute)
        assert not (closed and now_open)
        closed = closed or not now_open
    assert (hours.closes_at(moment) is not None) == hours.is_open(moment)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(MOMENTS)
def test_days_turn_at_local_midnight(moment: int) -> None:
    midnight = next_midnight(moment, ZONE)
    assert moment < midnight <= moment + 86_400_000
    assert (midnight + 7 * 3600_000) % 86_400_000 == 0  # UTC+7
    assert day_of(midnight - 1, ZONE) == day_of(moment, ZONE)
    assert day_of(midnight, ZONE) == (local(moment, ZONE).date() + timedelta(days=1)).isoformat()
    assert day_start(local(midnight, ZONE).date(), ZONE) == midnight


def test_times_as_the_contract_writes_them() -> None:
    assert rfc3339(at("2026-11-23 08:00") + 7, ZONE) == "2026-11-23T08:00:00.007+07:00"
    assert day_of(at("2026-11-23 00:00"), ZONE) == "2026-11-23"
    assert day_of(at("2026-11-23 00:00") - 1, ZONE) == "2026-11-22"
    assert abs(system_clock() - millis(datetime.now(ZoneInfo("UTC")))) < 5_000
