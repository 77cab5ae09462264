"""A due time told in steps that a clerk can read to a citizen: phrase keys with what fills them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from office.clock import local
from office.sections import Holiday
from office.settings import Settings
from office.workday import MAKE_UP, WEEKDAYS
from office.worktime import Worktime

MOST_HOLIDAYS: Final = 12
"""Runs of days off told one by one; a term over many years says how many more there were."""


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence: a key of config/phrases and its parameters (dates and times already written out)."""

    key: str
    params: Mapping[str, str | int] = field(default_factory=dict)


def moment_step(key: str, worktime: Worktime, at: int) -> Step:
    """``key`` with the local time and date of ``at`` (ms UTC)."""
    moment = local(at, worktime.calendar.zone)
    return Step(key, {"time": f"{moment:%H:%M}", "date": written(moment.date())})


def days_off(worktime: Worktime, first: date, last: date) -> Iterator[Step]:
    """What counted from ``first`` to ``last`` and what did not: holidays by name, days worked in exchange, weekends."""
    rows = [worktime.calendar.holidays[day] for day in _rows_between(worktime, first, last)]
    off = [row for row in rows if row.kind != MAKE_UP and _ordinarily_worked(worktime, row.date)]
    runs = list(_runs(off))
    yield from (_run(run) for run in runs[:MOST_HOLIDAYS])
    if len(runs) > MOST_HOLIDAYS:
        yield Step("deadline.more_days_off", {"count": sum(len(run) for run in runs[MOST_HOLIDAYS:])})
    for row in rows:
        if row.kind == MAKE_UP and not _ordinarily_worked(worktime, row.date):
            yield Step("deadline.made_up", {"date": written(row.date), "note": _note(row)})
    weekends = (last - first).days + 1 - worktime.days_worked(first, last) - len(off)
    if weekends > 0:
        yield Step("deadline.weekends", {"count": weekends})


def doubts(settings: Settings, first: date, last: date) -> Iterator[Step]:
    """A word of caution where the holiday table does not speak for all days from ``first`` to ``last``."""
    if settings.holidays_from and first < settings.holidays_from:
        yield Step("deadline.table_begins", {"date": written(settings.holidays_from)})
    if settings.holidays_until and last > settings.holidays_until:
        yield Step("deadline.table_ends", {"date": written(settings.holidays_until)})


def written(day: date) -> str:
    """dd/mm/yyyy, as every page writes dates."""
    return f"{day:%d/%m/%Y}"


def _rows_between(worktime: Worktime, first: date, last: date) -> list[date]:
    return sorted(day for day in worktime.calendar.holidays if first <= day <= last)


def _ordinarily_worked(worktime: Worktime, day: date) -> bool:
    return bool(worktime.calendar.hours_on(day).spans(WEEKDAYS[day.weekday()]))


def _runs(rows: list[Holiday]) -> Iterator[list[Holiday]]:
    """Neighbouring days of one name together."""
    run = rows[:1]
    for before, row in pairwise(rows):
        if row.date - before.date > timedelta(days=1) or row.note != before.note:
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _run(run: list[Holiday]) -> Step:
    first, last = written(run[0].date), written(run[-1].date)
    if len(run) == 1:
        return Step("deadline.day_off", {"date": first, "note": _note(run[0])})
    return Step("deadline.days_off", {"first": first, "last": last, "note": _note(run[0])})


def _note(row: Holiday) -> str:
    return row.note or row.source or row.kind
