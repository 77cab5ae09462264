"""Working time over any hours, seasons and days off: ordered, additive, never outside, and as counted by the minute."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office.clock import local, millis
from office.sections import Hours, Season
from office.settings import load
from office.workday import Calendar, calendar
from office.worktime import MINUTE_MS, NeverOpen, Worktime
from tools.calendars import holidays, hours, seasons
from tools.rehearsal import CONFIG

SETTINGS = load(CONFIG)
ZONE = SETTINGS.office.zone
OFFICE = SETTINGS.worktimes[""]

BEGINS, ENDS = (millis(datetime(year, 1, 1, tzinfo=UTC)) for year in (2026, 2028))
MOMENTS = st.integers(BEGINS, ENDS)
MINUTES = st.integers(0, 6000)
CALENDARS = st.builds(calendar, hours(), holidays(), st.just(ZONE), seasons())
WORKTIMES = CALENDARS.map(Worktime)
many = settings(max_examples=150, deadline=None, derandomize=True)


def at(wall: str) -> int:
    return millis(datetime.fromisoformat(wall).replace(tzinfo=ZONE))


def wall(moment: int) -> str:
    return f"{local(moment, ZONE):%Y-%m-%d %H:%M}"


def worked(work: Worktime, moment: int) -> bool:
    """Whether ``moment`` is working time, the moment of closing included."""
    return work.calendar.is_open(moment) or work.calendar.is_open(moment - 1)


@pytest.mark.parametrize(
    ("begins", "minutes", "ends"),
    [
        ("2026-11-23 09:00", 0, "2026-11-23 09:00"),
        ("2026-11-23 09:00", 150, "2026-11-23 11:30"),  # the end of a span is still working time
        ("2026-11-23 09:00", 151, "2026-11-23 13:31"),  # over lunch
        ("2026-11-23 12:00", 0, "2026-11-23 13:30"),
        ("2026-11-23 16:00", 60, "2026-11-23 17:00"),
        ("2026-11-23 16:00", 61, "2026-11-25 07:01"),  # over the night and Ngày Văn hóa Việt Nam
        ("2026-11-23 17:00", 0, "2026-11-23 17:00"),
        ("2026-11-23 17:01", 0, "2026-11-25 07:00"),
        ("2026-11-25 08:00", -61, "2026-11-23 16:59"),
        ("2026-11-25 07:00", -480, "2026-11-20 17:00"),
        ("2026-12-31 16:00", 61, "2027-01-04 07:01"),  # over the turn of the year
        ("2027-01-04 07:01", -61, "2026-12-31 16:00"),
    ],
)
def test_time_is_carried_over_lunch_night_holiday_and_year(begins: str, minutes: int, ends: str) -> None:
    assert wall(OFFICE.add(at(begins), minutes)) == ends
    assert OFFICE.between(at(begins), OFFICE.add(at(begins), minutes)) == minutes


def test_next_opening_counts_a_closing_moment_as_closed() -> None:
    assert wall(OFFICE.next_open(at("2026-11-23 16:59"))) == "2026-11-23 16:59"
    assert wall(OFFICE.next_open(at("2026-11-23 17:00"))) == "2026-11-25 07:00"
    assert wall(OFFICE.day_ends(at("2026-11-23 07:00"))) == "2026-11-23 17:00"
    assert OFFICE.days_worked(date(2026, 12, 21), date(2027, 1, 4)) == 10


def test_hours_that_hardly_open_have_no_answer() -> None:
    never = Worktime(calendar(Hours(), (), ZONE))
    for ask in (never.next_open, never.first_worked, lambda moment: never.add(moment, 1)):
        with pytest.raises(NeverOpen):
            ask(at("2026-11-23 09:00"))
    once = Season(first="2026-11-23", last="2026-11-23", hours=Hours(mon=("08:00-09:00",)))
    hardly = Worktime(calendar(Hours(), (), ZONE, (once,)))
    assert wall(hardly.add(at("2026-01-01 00:00"), 60)) == "2026-11-23 09:00"
    assert hardly.between(at("2026-01-01 00:00"), at("2027-06-01 00:00")) == 60
    with pytest.raises(NeverOpen):
        hardly.add(at("2026-01-01 00:00"), 61)
    with pytest.raises(NeverOpen):
        hardly.add(at("2026-11-23 08:30"), -31)


def test_an_office_that_never_closes_counts_every_minute() -> None:
    always = Worktime(
        calendar(Hours(**dict.fromkeys(Hours.model_fields.keys() - {"on_holidays"}, ("00:00-24:00",))), (), ZONE)
    )
    assert wall(always.add(at("2026-12-31 23:00"), 60)) == "2027-01-01 00:00"
    assert wall(always.next_open(at("2027-01-01 00:00"))) == "2027-01-01 00:00"
    assert always.between(at("2026-01-01 00:00"), at("2027-01-01 00:00")) == 365 * 1440


def test_closing_at_midnight_of_the_last_day_of_the_year_is_still_that_year() -> None:
    late = Worktime(calendar(Hours(thu=("20:00-24:00",), mon=("08:00-12:00",)), (), ZONE))  # 31 December 2026
    closing = at("2027-01-01 00:00")
    assert late.add(at("2026-12-31 20:00"), 240) == closing
    assert late.add(closing, 0) == closing
    assert wall(late.add(closing, 60)) == "2027-01-04 09:00"
    assert wall(late.add(closing, -60)) == "2026-12-31 23:00"


@many
@given(WORKTIMES, MOMENTS, MINUTES)
def test_an_answer_is_working_time(work: Worktime, moment: int, minutes: int) -> None:
    answer = work.add(moment, minutes)
    assert answer >= moment
    assert worked(work, answer)
    assert work.calendar.is_open(work.next_open(answer))


@many
@given(WORKTIMES, MOMENTS, st.integers(0, 40 * 86_400_000), MINUTES, MINUTES)
def test_later_and_longer_are_never_earlier(work: Worktime, moment: int, later: int, minutes: int, more: int) -> None:
    answer = work.add(moment, minutes)
    assert answer <= work.add(moment + later, minutes)
    assert answer <= work.add(moment, minutes + more)
    assert (work.add(moment, minutes + more) == answer) == (more == 0)
    assert work.next_open(moment) <= work.next_open(moment + later)


@many
@given(WORKTIMES, MOMENTS, MINUTES, MINUTES)
def test_parts_add_up(work: Worktime, moment: int, first: int, second: int) -> None:
    assert work.add(work.add(moment, first), second) == work.add(moment, first + second)
    assert work.add(work.next_open(work.add(moment, first)), second + 1) == work.add(moment, first + second + 1)


@many
@given(WORKTIMES, MOMENTS, MINUTES)
def test_measuring_undoes_adding(work: Worktime, moment: int, minutes: int) -> None:
    answer = work.add(moment, minutes)
    assert work.between(moment, answer) == minutes
    assert work.between(answer, moment) == -minutes
    assert work.between(moment, work.next_open(answer)) == minutes
    assert work.between(work.add(answer, -minutes), answer) == minutes


@settings(max_examples=25, deadline=None, derandomize=True)
@given(CALENDARS, st.integers(BEGINS // MINUTE_MS, ENDS // MINUTE_MS), st.integers(0, 6000))
def test_it_is_what_counting_minute_by_minute_gives(hours: Calendar, begins: int, length: int) -> None:
    moments = range(begins * MINUTE_MS, (begins + length) * MINUTE_MS, MINUTE_MS)
    assert Worktime(hours).between(begins * MINUTE_MS, (begins + length) * MINUTE_MS) == sum(
        map(hours.is_open, moments)
    )


@settings(max_examples=50, deadline=None, derandomize=True)
@given(CALENDARS, MOMENTS, st.integers(0, 400))
def test_days_worked_are_those_with_hours(hours: Calendar, moment: int, length: int) -> None:
    first = local(moment, ZONE).date()
    days = [date.fromordinal(first.toordinal() + n) for n in range(length + 1)]
    assert Worktime(hours).days_worked(first, days[-1]) == sum(bool(hours.spans(day)) for day in days)


def test_seasons_lie_over_the_ordinary_hours() -> None:
    ordinary, winter, first = (Hours(mon=(span,)) for span in ("07:00-11:00", "08:00-12:00", "09:00-10:00"))
    rows = (
        Season(first="10-16", last="04-15", hours=winter),
        Season(first="2027-01-04", last="2027-01-04", hours=first),
    )
    made = calendar(ordinary, (), ZoneInfo("UTC"), rows)
    days = ("2026-10-12", "2026-10-19", "2026-12-28", "2027-01-04", "2027-04-12", "2027-04-19", "2028-01-03")
    begins = [made.spans(date.fromisoformat(day))[0][0] // 60 for day in days]
    assert begins == [7, 8, 8, 9, 8, 7, 8]
