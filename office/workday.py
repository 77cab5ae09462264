"""When the office, or one of its services, is open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from office.clock import local, millis
from office.sections import Holiday, Hours, Season, Weekday

WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HORIZON_DAYS = 60
MINUTE_MS = 60_000
MAKE_UP = "lam_bu"


@dataclass
class Calendar:
    """Opening hours with the seasons and the holiday table laid over them (DOMAIN 4.3, 4.5)."""

    hours: Hours
    holidays: Mapping[date, Holiday]
    zone: ZoneInfo
    seasons: tuple[Season, ...] = ()
    _asked: tuple[int, bool] = field(default=(-1, False), init=False, repr=False, compare=False)
    """The minute last asked for, and whether it is open: a busy hall asks the same one many times."""

    def spans(self, day: date) -> tuple[tuple[int, int], ...]:
        """The open spans of ``day``, minutes since local midnight.

        A holiday closes the day; a make-up day (``lam_bu``) is worked as the Monday it stands in for, unless the
        weekday has hours of its own that are longer.
        """
        weekday, hours = WEEKDAYS[day.weekday()], self.hours_on(day)
        holiday = self.holidays.get(day)
        if holiday is None or hours.on_holidays:
            return hours.spans(weekday)
        if holiday.kind == MAKE_UP:
            return max(hours.spans("mon"), hours.spans(weekday), key=_length)
        return ()

    def hours_on(self, day: date) -> Hours:
        """The hours of the season that covers ``day`` (the last one written, of several), else the ordinary ones."""
        return next((season.hours for season in reversed(self.seasons) if season.covers(day)), self.hours)

    def is_open(self, at: int) -> bool:
        """Whether ``at`` (ms UTC) falls into opening hours."""
        minute, asked = at // MINUTE_MS, self._asked  # no hours begin within a minute; read once: threads meet here
        if asked[0] != minute:
            asked = self._asked = (minute, self.closes_at(at) is not None)
        return asked[1]

    def opens_next(self, at: int) -> datetime | None:
        """The next opening after ``at``, local; None when nothing opens within two months."""
        moment = local(at, self.zone)
        minute = moment.hour * 60 + moment.minute
        for ahead in range(HORIZON_DAYS):
            day = moment.date() + timedelta(days=ahead)
            for begins, _ in self.spans(day):
                if ahead > 0 or begins > minute:
                    midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone)
                    return midnight + timedelta(minutes=begins)
        return None

    def closes_at(self, at: int) -> datetime | None:
        """The end of the span ``at`` falls into, local; None when closed."""
        moment = local(at, self.zone)
        minute = moment.hour * 60 + moment.minute
        for begins, ends in self.spans(moment.date()):
            if begins <= minute < ends:
                midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
                return midnight + timedelta(minutes=ends)
        return None


def calendar(hours: Hours, holidays: tuple[Holiday, ...], zone: ZoneInfo, seasons: tuple[Season, ...] = ()) -> Calendar:
    """A calendar from configuration; of two rows for one date the later one counts."""
    return Calendar(hours, {row.date: row for row in holidays}, zone, seasons)


def next_midnight(at: int, zone: ZoneInfo) -> int:
    """The next local midnight after ``at``, ms UTC."""
    day = local(at, zone).date() + timedelta(days=1)
    return millis(datetime(day.year, day.month, day.day, tzinfo=zone))


def _length(spans: tuple[tuple[int, int], ...]) -> int:
    return sum(ends - begins for begins, ends in spans)
