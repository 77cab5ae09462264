"""Due times in any office: random hours, seasons, days off and settings, four properties of every unit."""

from datetime import datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from office.clock import millis
from office.deadlines import Due, Term, due, pause, resume, worktime_of
from office.settings import Settings, load
from tools.calendars import holidays, hours, seasons
from tools.rehearsal import CONFIG, PHRASES

SHIPPED = load(CONFIG)
ZONE = SHIPPED.office.zone


def at(wall: str) -> int:
    return millis(datetime.fromisoformat(wall).replace(tzinfo=ZONE))


@st.composite
def offices(draw: st.DrawFn) -> Settings:
    made = {
        "hours": draw(hours()),
        "holidays": draw(holidays()),
        "seasons": draw(seasons()),
        "deadlines": {
            "day_hours": draw(st.sampled_from((7, 7.5, 8))),
            "cutoff": draw(st.sampled_from(("10:00", "15:00"))),
            "saturday_counts": draw(st.booleans()),
        },
    }
    kept = {name: getattr(SHIPPED, name) for name in ("office", "services", "counters")}
    return Settings.model_validate(kept | made)


BEGINS, ENDS = at("2026-01-01 00:00"), at("2027-12-31 00:00")
MOMENTS = st.integers(BEGINS, ENDS)
UNITS = st.sampled_from(("gio", "ngay", "ngay_lam_viec"))
AMOUNTS = st.integers(1, 90)
LATER = st.integers(0, 30 * 86_400_000)
many = settings(max_examples=80, deadline=None, derandomize=True)


def moment_of(found: Due) -> int:
    assert found.at is not None
    return found.at


@many
@given(offices(), MOMENTS, LATER, AMOUNTS, st.integers(0, 30), UNITS)
def test_received_later_or_longer_is_never_due_earlier(
    made: Settings, moment: int, later: int, amount: int, more: int, unit: Any
) -> None:
    first = moment_of(due(made, moment, Term(amount, unit)))
    assert first <= moment_of(due(made, moment + later, Term(amount, unit)))
    assert first <= moment_of(due(made, moment, Term(amount + more, unit)))
    same_day = moment_of(due(made, moment, Term(0, "ngay")))
    assert same_day <= moment_of(due(made, moment + later, Term(0, "ngay")))


@many
@given(offices(), MOMENTS, AMOUNTS, UNITS)
def test_nothing_is_due_in_closed_hours(made: Settings, moment: int, amount: int, unit: Any) -> None:
    """A moment of closing only for terms in hours and for the same day (office/deadlines.py says why)."""
    calendar = worktime_of(made, "").calendar
    found = moment_of(due(made, moment, Term(amount, unit)))
    assert found > moment - 60_000
    assert calendar.is_open(found) or (unit == "gio" and calendar.is_open(found - 1))
    same_day = moment_of(due(made, moment, Term(0, "ngay")))
    assert calendar.is_open(same_day - 1)
    assert worktime_of(made, "").day_ends(same_day - 1) == same_day


@many
@given(offices(), MOMENTS, AMOUNTS, AMOUNTS, UNITS)
def test_one_term_after_another_is_both_together(
    made: Settings, moment: int, first: int, second: int, unit: Any
) -> None:
    """Calendar days may end a little later: an end on a day off was moved before the next was counted."""
    after = due(made, moment_of(due(made, moment, Term(first, unit))), Term(second, unit))
    together = due(made, moment, Term(first + second, unit))
    if unit == "ngay":
        assert moment_of(after) >= moment_of(together)
    else:
        assert after.at == together.at


@many
@given(offices(), MOMENTS, AMOUNTS, UNITS, LATER, LATER)
def test_a_pause_of_no_length_changes_nothing_and_a_longer_one_never_hastens(
    made: Settings, moment: int, amount: int, unit: Any, until: int, pauses: int
) -> None:
    whole = moment_of(due(made, moment, Term(amount, unit)))
    left = pause(made, whole, moment + until)
    at_once = moment_of(resume(made, left, moment + until, unit))
    later = moment_of(resume(made, left, moment + until + pauses, unit))
    assert later >= at_once
    if moment + until < whole or left < 0:
        assert at_once == whole


@many
@given(offices(), MOMENTS, AMOUNTS, UNITS)
def test_the_steps_can_be_said_in_every_language(made: Settings, moment: int, amount: int, unit: Any) -> None:
    found = due(made, moment, Term(amount, unit))
    for language in PHRASES.languages:
        assert all(PHRASES.say(language, step.key, **step.params) for step in found.steps)
