"""Random offices' hours for property tests: weekdays of any spans, days off, days worked in exchange, seasons."""

from datetime import date, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from office.sections import Holiday, Hours, Season
from office.workday import WEEKDAYS

FIRST: Final = date(2026, 1, 1)
KINDS: Final = ("nghi_le", "nghi_bu", "nghi_hoan_doi", "lam_bu")
DAYS: Final = st.integers(0, 729).map(lambda n: FIRST + timedelta(days=n))
MONTH_DAYS: Final = DAYS.map(lambda day: f"{day:%m-%d}")


def _written(minutes: list[int]) -> list[str]:
    """An even number of minutes of the day, in order, as spans."""
    texts = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in minutes]
    return [f"{texts[n]}-{texts[n + 1]}" for n in range(0, len(texts) - 1, 2)]


SPANS: Final = st.lists(st.integers(0, 1440), max_size=6, unique=True).map(sorted).map(_written)
"""A day: none to three spans, ``24:00`` among their ends."""


def hours() -> st.SearchStrategy[Hours]:
    """A week; Mondays are never closed, so that a make-up day has hours and some time is worked at all."""
    open_day = st.tuples(st.integers(0, 700), st.integers(701, 1440)).map(lambda span: _written(list(span)))
    week: dict[str, Any] = dict.fromkeys(WEEKDAYS[1:], SPANS)
    return st.fixed_dictionaries({"mon": open_day, **week}).map(lambda spans: Hours(**spans))


def holidays() -> st.SearchStrategy[tuple[Holiday, ...]]:
    """Up to thirty rows in two years, runs of days off among them."""
    row = st.builds(Holiday, date=DAYS, kind=st.sampled_from(KINDS), note=st.sampled_from(("", "Tết", "Lễ")))
    return st.lists(row, max_size=30).map(tuple)


def seasons() -> st.SearchStrategy[tuple[Season, ...]]:
    """Up to two, of every year or of one, over the turn of the year too."""
    yearly = st.builds(Season, first=MONTH_DAYS, last=MONTH_DAYS, hours=hours())
    once = st.tuples(DAYS, DAYS, hours()).map(
        lambda made: Season(first=min(made[:2]).isoformat(), last=max(made[:2]).isoformat(), hours=made[2])
    )
    return st.lists(st.one_of(yearly, once), max_size=2).map(tuple)
