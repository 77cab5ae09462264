"""When a dossier is due, and why then (DOMAIN 4.2 to 4.5).

Where an answer lands: a term in hours ends at that very minute, which may be the moment of closing (16:00 and one
hour: 17:00), and a same-day procedure is due when that day's last span ends. A term in days ends at the same working
time of a later day, never at a closing moment but at the next opening: received 07:00 on Monday, one working day is
07:00 on Tuesday (Civil Code 2015, Art. 147: the first day does not count). So only those two land on an end of hours,
and ``calendar_end = "keep"`` alone leaves a due time in closed hours. Received seconds are dropped: receipts print
minutes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from office.catalogue_entry import Channel, ChannelName, Procedure, Unit
from office.clock import local, millis
from office.deadline_steps import Step, days_off, doubts, moment_step, written
from office.errors import BadRequest
from office.settings import Settings
from office.worktime import MINUTE_MS, NeverOpen, Worktime

__all__ = ["Due", "Step", "Term", "channel_of", "doubts_of", "due", "pause", "resume", "term_of", "worktime_of"]

LONGEST: Final = 10_000
UNKNOWN: Final = "catalogue.unknown"
"""Phrase of a time limit that nobody has written down."""

DOUBTFUL: Final = ("time_without_unit", "time_varies")
"""Caveats of the catalogue under which no page shows a time limit."""


@dataclass(frozen=True, slots=True)
class Term:
    """A time limit: ``amount`` of gio (working hours), ngay (calendar days) or ngay_lam_viec (working days).

    No days at all (0) is a same-day procedure: due the day it is received, after the cut-off the next working day.
    Raises BadRequest for an amount no term has.
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not (self.unit == "gio") <= self.amount <= LONGEST:
            raise BadRequest(f"a term is 1 to {LONGEST}, or 0 days for the same day", field="amount")

    @property
    def same_day(self) -> bool:
        """Whether the result is handed back the day the dossier came."""
        return self.amount == 0


@dataclass(frozen=True, slots=True)
class Due:
    """A due time (ms UTC; None: nobody can say) and the sentences that explain it."""

    at: int | None
    steps: tuple[Step, ...]


def channel_of(procedure: Procedure, channel: ChannelName) -> Channel | None:
    """The row of ``channel`` in the posted ``procedure``; None when it cannot be submitted that way."""
    return next((row for row in procedure.channels if row.channel == channel), None)


def term_of(procedure: Procedure, channel: ChannelName) -> Term | None:
    """The posted time limit of ``procedure`` by ``channel``.

    None where the catalogue is silent or in doubt; another channel's is never taken in its place.
    """
    row = channel_of(procedure, channel)
    if row is None or tuple(doubts_of(procedure)):
        return None
    if row.time_amount is not None and row.time_unit is not None:
        return Term(row.time_amount, row.time_unit)
    return Term(0, "ngay_lam_viec") if row.same_day else None


def doubts_of(procedure: Procedure) -> Iterator[Step]:
    """Why the catalogue's time limits of ``procedure`` are not to be relied on, in its own words."""
    yield from (Step(f"catalogue.caveat.{caveat}") for caveat in procedure.caveats if caveat in DOUBTFUL)


def due(settings: Settings, received_at: int, term: Term | None, *, service: str = "") -> Due:
    """When a dossier received at ``received_at`` (ms UTC) with ``term`` is due.

    Counted in the working time of ``service`` ("" or unknown: the office's). After a completed supplement the count
    begins anew (DOMAIN 2.3, Art. 19.4): ask with the moment it was completed.
    """
    if term is None:
        return Due(None, (Step(UNKNOWN),))
    worktime = worktime_of(settings, service)
    received = received_at - received_at % MINUTE_MS
    steps = [moment_step("deadline.received", worktime, received)]
    try:
        start = worktime.next_open(received)
        if start != received:
            steps.append(moment_step("deadline.begins", worktime, start))
        steps.append(_term_step(term))
        end = _WAYS["same_day" if term.same_day else term.unit](settings, worktime, start, term.amount, steps)
    except (NeverOpen, OverflowError):
        return Due(None, (*steps, Step("deadline.never_open")))
    steps += _around(settings, worktime, received, end, counted=term.same_day or term.unit != "ngay")
    return Due(end, tuple(steps))


def pause(settings: Settings, due_at: int, paused_at: int, *, service: str = "") -> int:
    """The working minutes left when a dossier due at ``due_at`` is suspended; negative when it is overdue."""
    return worktime_of(settings, service).between(paused_at - paused_at % MINUTE_MS, due_at)


def resume(
    settings: Settings, left: int, resumed_at: int, unit: Unit, *, service: str = "", same_day: bool = False
) -> Due:
    """The due time when ``left`` minutes of a term in ``unit`` go on at ``resumed_at``: the pause extends it.

    ``same_day`` for a term of no days. Resumed the minute it was paused, the due time is as before (a kept day off
    aside).
    """
    worktime = worktime_of(settings, service)
    resumed = resumed_at - resumed_at % MINUTE_MS
    steps = [moment_step("deadline.resumed", worktime, resumed), Step("deadline.left", _hours(left))]
    try:
        end = worktime.add(resumed, left)
        end = end if same_day or unit == "gio" else worktime.next_open(end)
    except (NeverOpen, OverflowError):
        return Due(None, (*steps, Step("deadline.never_open")))
    return Due(end, (*steps, *_around(settings, worktime, resumed, end, counted=True)))


def worktime_of(settings: Settings, service: str) -> Worktime:
    """The working time deadlines of ``service`` are counted in; the office's when there is no such service."""
    return settings.worktimes.get(service) or settings.worktimes[""]


def _same_day(settings: Settings, worktime: Worktime, start: int, amount: int, steps: list[Step]) -> int:
    moment = local(start, worktime.calendar.zone)
    if f"{moment:%H:%M}" > settings.deadlines.cutoff:
        steps.append(Step("deadline.after_cutoff", {"cutoff": settings.deadlines.cutoff}))
        start = worktime.next_open(worktime.day_ends(start))
    return worktime.day_ends(start)


def _hours_on(settings: Settings, worktime: Worktime, start: int, amount: int, steps: list[Step]) -> int:
    return worktime.add(start, amount * 60)


def _working_days_on(settings: Settings, worktime: Worktime, start: int, amount: int, steps: list[Step]) -> int:
    return worktime.next_open(worktime.add(start, amount * round(settings.deadlines.day_hours * 60)))


def _calendar_days_on(settings: Settings, worktime: Worktime, start: int, amount: int, steps: list[Step]) -> int:
    moment = local(start, worktime.calendar.zone) + timedelta(days=amount)  # the same hour on the wall
    end = millis(moment)
    if settings.deadlines.calendar_end == "keep":
        return end
    moved = worktime.next_open(end)
    if local(moved, worktime.calendar.zone).date() != moment.date():
        steps.append(Step("deadline.moved", {"date": written(moment.date())}))
    return moved


_WAYS: Final[dict[str, Callable[[Settings, Worktime, int, int, list[Step]], int]]] = {
    "same_day": _same_day,
    "gio": _hours_on,
    "ngay": _calendar_days_on,
    "ngay_lam_viec": _working_days_on,
}


def _term_step(term: Term) -> Step:
    if term.same_day:
        return Step("deadline.term.same_day")
    return Step(f"deadline.term.{term.unit}", {"amount": term.amount})


def _around(settings: Settings, worktime: Worktime, begins: int, end: int, *, counted: bool) -> list[Step]:
    """The days off between, where working time is ``counted``; the due time itself; what is not known of it."""
    zone = worktime.calendar.zone
    first, last = local(begins, zone).date(), local(end, zone).date()
    between = days_off(worktime, first, last) if counted and first <= last else ()
    return [*between, moment_step("deadline.due", worktime, end), *doubts(settings, first, last)]


def _hours(minutes: int) -> dict[str, str | int]:
    return {"hours": f"{'-' if minutes < 0 else ''}{abs(minutes) // 60}:{abs(minutes) % 60:02d}"}
