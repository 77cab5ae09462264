"""What time it is, as the office sees it: UTC milliseconds inside, local time at the edge."""

import time
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], int]
"""A clock answers the present moment in milliseconds since 1970-01-01 UTC."""


def system_clock() -> int:
    """The computer's own clock, in ms."""
    return time.time_ns() // 1_000_000


def local(at: int, zone: ZoneInfo) -> datetime:
    """The local date and time of ``at`` (ms UTC)."""
    return datetime.fromtimestamp(at / 1000, tz=zone)


def day_of(at: int, zone: ZoneInfo) -> str:
    """The local calendar day of ``at`` as ``YYYY-MM-DD``; number series restart with it."""
    return local(at, zone).date().isoformat()


def millis(moment: datetime) -> int:
    """The ms UTC of an aware ``moment``."""
    return round(moment.timestamp() * 1000)


def day_start(day: date, zone: ZoneInfo) -> int:
    """Local midnight at which ``day`` begins, in ms UTC."""
    return millis(datetime(day.year, day.month, day.day, tzinfo=zone))


def is_day(at: int, zone: ZoneInfo) -> bool:
    """Whether ``at`` is a local midnight: a day of which no hour was told."""
    return at == day_start(local(at, zone).date(), zone)


def rfc3339(at: int, zone: ZoneInfo) -> str:
    """``at`` as RFC 3339 with the office's offset, ms precision."""
    return local(at, zone).isoformat(timespec="milliseconds")
