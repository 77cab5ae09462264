"""Working time for deadlines, to the minute: added, measured, and carried over lunch, night, weekend and holiday.

Working time runs in spans, ``[begins, ends]`` in ms UTC. An end and the next beginning have the same working time
between them and anything; ``add`` answers the end (16:00 and one hour: 17:00, while somebody is still there), and
``next_open`` carries it to the beginning (07:00 the next working day) for terms counted in days (office/deadlines.py).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate, chain
from typing import Final

from office.clock import local, millis
from office.workday import Calendar

MINUTE_MS: Final = 60_000
HORIZON_YEARS: Final = 60
"""Longest way from the asked moment to an answer; hours that hardly ever open have none."""


class NeverOpen(Exception):
    """The hours hold not enough working time within HORIZON_YEARS."""


@dataclass(frozen=True, slots=True)
class _Year:
    """The spans of one calendar year: their beginnings and ends, the working ms before each, and the days worked."""

    begins: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]
    total: int
    days: tuple[date, ...]


class Worktime:
    """The working time of ``calendar``. Years are laid out once, when first asked for; an answer is a search then."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._years: dict[int, _Year] = {}

    def add(self, at: int, minutes: int) -> int:
        """The moment ``minutes`` of working time after ``at`` (before it when negative), ms UTC.

        Outside working time counting begins at the next opening. The end of a span counts as working time, so an
        answer may be the very moment of closing. Adding a, then b, is adding a + b. Raises NeverOpen.
        """
        start = self.first_worked(at)
        if minutes == 0:
            return start
        year = self._year_of(start)
        left = self._before(year, start) + minutes * MINUTE_MS
        for _ in range(HORIZON_YEARS):
            laid = self._year(year)
            if 0 < left <= laid.total:
                place = bisect_left(laid.before, left) - 1
                return laid.begins[place] + left - laid.before[place]
            if left > 0:
                left -= laid.total
                year += 1
            else:
                year -= 1
                left += self._year(year).total
        raise NeverOpen(f"no {minutes} minutes of working time within {HORIZON_YEARS} years")

    def between(self, begins: int, ends: int) -> int:
        """Whole minutes of working time from ``begins`` to ``ends``; negative when ``ends`` lies before."""
        if ends < begins:
            return -self.between(ends, begins)
        first, last = self._year_of(begins), self._year_of(ends)
        worked = self._before(last, ends) - self._before(first, begins)
        worked += sum(self._year(year).total for year in range(first, last))
        return worked // MINUTE_MS

    def next_open(self, at: int) -> int:
        """``at`` when it is working time and not a closing moment, else the next opening. Raises NeverOpen."""
        return self._opening(at, bisect_right)

    def first_worked(self, at: int) -> int:
        """``at`` when it is working time, closing moments included, else the next opening. Raises NeverOpen."""
        return self._opening(at, bisect_left)

    def day_ends(self, at: int) -> int:
        """The end of the last span of the local day of ``at``, which must be a working day."""
        day = local(at, self.calendar.zone).date()
        return self._moment(day, self.calendar.spans(day)[-1][1])

    def days_worked(self, first: date, last: date) -> int:
        """How many days from ``first`` to ``last``, both included, have working time."""
        found = 0
        for year in range(first.year, last.year + 1):
            days = self._year(year).days
            found += bisect_right(days, last) - bisect_left(days, first)
        return found

    def _opening(self, at: int, search: Callable[[tuple[int, ...], int], int]) -> int:
        year = self._year_of(at - 1)  # hours to midnight: the year's last closing moment is already the next year
        for ahead in range(HORIZON_YEARS):
            laid = self._year(year + ahead)
            place = search(laid.ends, at)
            if place < len(laid.ends):
                return max(at, laid.begins[place])
        raise NeverOpen(f"nothing opens within {HORIZON_YEARS} years")

    def _before(self, year: int, at: int) -> int:
        """Working ms of ``year`` up to ``at``, which lies in it."""
        laid = self._year(year)
        place = bisect_right(laid.begins, at) - 1
        if place < 0:
            return 0
        return laid.before[place] + min(at, laid.ends[place]) - laid.begins[place]

    def _year_of(self, at: int) -> int:
        return local(at, self.calendar.zone).year

    def _year(self, year: int) -> _Year:
        laid = self._years.get(year)
        if laid is None:  # two threads may lay out the same year; it is the same
            laid = self._years[year] = self._laid_out(year)
        return laid

    def _laid_out(self, year: int) -> _Year:
        first = date(year, 1, 1)
        days = [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
        spans = [(day, self.calendar.spans(day)) for day in days]
        begins = tuple(self._moment(day, begin) for day, row in spans for begin, _ in row)
        ends = tuple(self._moment(day, end) for day, row in spans for _, end in row)
        lengths = _lengths(begins, ends)
        before = tuple(chain((0,), accumulate(lengths)))
        return _Year(begins, ends, before[:-1], before[-1], tuple(day for day, row in spans if row))

    def _moment(self, day: date, minute: int) -> int:
        return millis(datetime(day.year, day.month, day.day, tzinfo=self.calendar.zone) + timedelta(minutes=minute))


def _lengths(begins: Iterable[int], ends: Iterable[int]) -> list[int]:
    return [end - begin for begin, end in zip(begins, ends, strict=True)]
