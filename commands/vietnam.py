"""The published calendar of Viet Nam as the ``holidays`` library has it: the one file that imports it.

It computes the lunar days and knows swaps announced up to its release, so it is a second opinion, never the table
itself. Loaded by name, when a comparison is asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

import holidays


@dataclass(frozen=True, slots=True)
class Published:
    """A year: days off with their names, days of rest worked in exchange, and whose word it is."""

    off: Mapping[date, str]
    worked: frozenset[date]
    source: str


def published(year: int) -> Published:
    """The calendar of ``year``."""
    found = holidays.country_holidays("VN", years=year, language="vi")
    worked = frozenset(day for day in found.weekend_workdays if day.year == year)
    return Published(dict(found), worked, f"holidays {version('holidays')}")
