"""The table of days off beside a published calendar of Viet Nam: every difference is told, none is fatal."""

from datetime import date, datetime
from typing import Any

import pytest
from click.testing import CliRunner

from commands.place import Place
from commands.timetable import clock_line, compare, holidays_group, holidays_line, hours_line
from office.clock import millis
from office.errors import OfficeError
from office.settings import Settings, load
from office.workday import MAKE_UP
from tools.rehearsal import CONFIG

SHIPPED = load(CONFIG)
TODAY = date(2026, 11, 27)
UNKNOWN_THERE = ("2026-01-02", "2026-01-10")
"""Swapped by a notice that the library does not have."""


def table(*left_out: str, **sections: Any) -> Settings:
    """The shipped office without some days of its table."""
    rows = [row.model_dump() for row in SHIPPED.holidays if row.date.isoformat() not in left_out]
    return load(CONFIG, {"holidays": rows} | sections)


def days(settings: Settings, year: int) -> list[str]:
    return [each.day.isoformat() for each in compare(settings, year).differences]


def test_the_shipped_year_differs_only_where_a_notice_came_after_the_library() -> None:
    found = compare(SHIPPED, 2026)
    assert days(SHIPPED, 2026) == [*UNKNOWN_THERE]
    assert [(each.here.partition(":")[0], each.there) for each in found.differences] == [("off", ""), ("worked", "")]
    assert (found.off, found.worked) == (15, 2)
    assert found.source.startswith("holidays ")


def test_what_is_not_announced_yet_is_all_that_differs_in_2027() -> None:
    """Tết and the day next to 2 September: entered by hand when announced (DOMAIN 4.5)."""
    differ = days(SHIPPED, 2027)
    assert differ[-1] == "2027-09-03"
    assert all("2027-02-04" <= day <= "2027-02-10" for day in differ[:-1])


@pytest.mark.parametrize("day", ["2026-02-17", "2026-04-27", "2026-08-22", "2026-08-31", "2026-11-24"])
def test_a_day_left_out_is_told(day: str) -> None:
    found = compare(table(day), 2026)
    assert day in [each.day.isoformat() for each in found.differences]
    assert next(each.here for each in found.differences if each.day.isoformat() == day) == ""


def test_a_day_of_the_other_kind_is_told() -> None:
    rows = [row.model_dump() for row in SHIPPED.holidays]
    wrong = [row | {"kind": MAKE_UP} if row["date"] == date(2026, 11, 24) else row for row in rows]
    found = compare(load(CONFIG, {"holidays": wrong}), 2026)
    differ = next(each for each in found.differences if each.day == date(2026, 11, 24))
    assert (differ.here, differ.there) == ("worked: Ngày Văn hóa Việt Nam", "off: Ngày Văn hóa Việt Nam")


def test_days_before_the_table_begins_are_not_compared() -> None:
    assert compare(SHIPPED, 2025).differences == ()


def test_one_line_says_how_far_the_table_goes() -> None:
    said = holidays_line(SHIPPED, TODAY)
    assert said.startswith(
        "days off known until 2026-12-31; NOTE: the published calendar differs on 2026-01-02, 2026-01-10; "
    )
    assert "days after that to confirm" in said
    assert "NOTE: that is past" in holidays_line(SHIPPED, date(2027, 1, 1))
    assert "does not say until when" in holidays_line(SHIPPED.model_copy(update={"holidays_until": None}), TODAY)


def test_one_line_says_what_a_working_day_is() -> None:
    assert hours_line(SHIPPED) == "a working day counts 8 h, cut-off 15:00"
    short = load(CONFIG, {"hours": {"fri": ["07:00-11:30", "13:30-16:30"]}})
    assert hours_line(short).endswith("NOTE: open for another length on fri 7.5 h")


@pytest.mark.parametrize("years", [(), ("--year", "2026"), ("--year", "2025", "--year", "2027")])
def test_the_command_tells_every_difference_and_ends_well(years: tuple[str, ...]) -> None:
    done = CliRunner().invoke(holidays_group, ["check", *years], obj=Place(CONFIG, CONFIG))
    assert done.exit_code == 0, done.output
    told = done.output
    if "2026" in years:
        assert "2026-01-02 Fri  here off: Hoán đổi dịp Tết Dương lịch; there an ordinary day\n" in told
    if "2027" in years:
        assert "2025: the table has no day of it\n" in told
        assert "2027-09-03 Fri  here an ordinary day; there off: Quốc khánh (after known_until)\n" in told
    assert told.endswith("\n")


def test_a_clock_behind_the_journal_is_told() -> None:
    now = millis(datetime(2026, 11, 27, 8, 5, tzinfo=SHIPPED.office.zone))
    assert clock_line(SHIPPED, now, 0) == "2026-11-27 08:05 Asia/Ho_Chi_Minh"
    assert clock_line(SHIPPED, now, now + 60_000).startswith("2026-11-27 08:05")
    with pytest.raises(OfficeError, match="2026-11-27 08:05, 3600 s behind the journal; set date and time"):
        clock_line(SHIPPED, now, now + 3_600_000)
