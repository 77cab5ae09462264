"""``holidays check``: config/holidays.toml beside a published calendar of Viet Nam.

Differences are told and none is fatal: the year's official notice decides, and the library may not know it yet.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pkgutil import resolve_name
from typing import Any, Final

import click

from commands.place import Place
from office.clock import local, system_clock
from office.errors import OfficeError
from office.sections import Holiday
from office.settings import Settings
from office.workday import MAKE_UP, WEEKDAYS
from web.health import BEHIND_S

PUBLISHED: Final = "commands.vietnam:published"
"""Year → that year's published calendar; loaded only when asked for, the library is large."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A day on which the table and the published calendar disagree, each in its words; empty: an ordinary day."""

    day: date
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A year of the table beside the published calendar: counts of the table, and where they differ."""

    year: int
    off: int
    worked: int
    source: str
    differences: tuple[Difference, ...]


def compare(settings: Settings, year: int) -> Comparison:
    """The table beside the published calendar of ``year``, from the table's first day on."""
    rows = {row.date: row for row in settings.holidays if row.date.year == year}
    there = resolve_name(PUBLISHED)(year)
    worked = [day for day, row in rows.items() if row.kind == MAKE_UP]
    first = settings.holidays_from or date.min
    days = sorted(day for day in rows.keys() | there.off.keys() | there.worked if day >= first)
    found = (Difference(day, _here(rows.get(day)), _there(there, day)) for day in days)
    differ = tuple(each for each in found if each.here.partition(":")[0] != each.there.partition(":")[0])
    return Comparison(year, len(rows) - len(worked), len(worked), there.source, differ)


def holidays_line(settings: Settings, today: date) -> str:
    """One line for ``check``: how far the table goes, and on which days of this year and the next it differs."""
    until = settings.holidays_until
    said = f"days off known until {until}" if until else "the table does not say until when it is complete"
    if until and until < today:
        said += " (NOTE: that is past, enter the next year)"
    differ = [each.day for year in (today.year, today.year + 1) for each in compare(settings, year).differences]
    known = ", ".join(day.isoformat() for day in differ if not until or day <= until)
    later = sum(bool(until and day > until) for day in differ)
    said += f"; NOTE: the published calendar differs on {known}" if known else "; as published"
    return said + (f"; {later} days after that to confirm: server.py holidays check" if later else "")


def hours_line(settings: Settings) -> str:
    """One line for ``check``: what a working day of a term is, and weekdays that are open for another length."""
    deadlines = settings.deadlines
    hours = deadlines.hours or settings.hours
    lengths = {day: sum(ends - begins for begins, ends in hours.spans(day)) / 60 for day in WEEKDAYS[:5]}
    odd = [f"{day} {length:g} h" for day, length in lengths.items() if length and length != deadlines.day_hours]
    said = f"a working day counts {deadlines.day_hours:g} h, cut-off {deadlines.cutoff}"
    return said + (f"; NOTE: open for another length on {', '.join(odd)}" if odd else "")


def clock_line(settings: Settings, now: int, latest: int) -> str:
    """One line for ``check``: what time it is here at ``now``. Raises OfficeError when ``latest``, the journal's last
    moment (both ms UTC), lies further ahead than a clock may err: the date was set wrong, now or then."""
    here, behind_s = local(now, settings.office.zone), (latest - now) / 1000
    if behind_s > BEHIND_S:
        raise OfficeError(f"{here:%Y-%m-%d %H:%M}, {behind_s:.0f} s behind the journal; set date and time")
    return f"{here:%Y-%m-%d %H:%M} {settings.office.timezone}"


@click.group("holidays")
def holidays_group() -> None:
    """Days off and days worked in exchange."""


@holidays_group.command("check")
@click.option("--year", "years", multiple=True, type=click.IntRange(2000, 2099), help="may stand several times")
@click.pass_obj
def holidays_check(place: Place, years: tuple[int, ...]) -> None:
    """Compare holidays.toml with a published calendar of Viet Nam, this year's and the next unless told otherwise."""
    settings = place.settings()
    this = local(system_clock(), settings.office.zone).year
    for year in years or (this, this + 1):
        for line in _told(compare(settings, year), settings.holidays_until or date.max):
            click.echo(line)


def _told(found: Comparison, until: date) -> Iterator[str]:
    if not found.differences and not found.off:
        yield f"{found.year}: the table has no day of it"
        return
    differs = f"differs from {found.source} on {len(found.differences)}:"
    agrees = f"as in {found.source}"
    yield f"{found.year}: {found.off} days off, {found.worked} worked in exchange; " + (
        differs if found.differences else agrees
    )
    for each in found.differences:
        here, there = (side or "an ordinary day" for side in (each.here, each.there))
        later = " (after known_until)" if each.day > until else ""
        yield f"  {each.day:%Y-%m-%d %a}  here {here}; there {there}{later}"


def _here(row: Holiday | None) -> str:
    if row is None:
        return ""
    return f"{'worked' if row.kind == MAKE_UP else 'off'}: {row.note or row.kind}"


def _there(published: Any, day: date) -> str:
    if day in published.off:
        return f"off: {published.off[day]}"
    return "worked: in exchange" if day in published.worked else ""
