"""Whether the hall is open, about to close, still serving after hours, or closed; in words for the board."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from display.board.words import Words
from office import closing
from office.clock import local
from office.settings import Settings

SOON_MIN = 15
"""The board says when the office closes from so many minutes before on."""

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Name = Literal["open", "closing", "after", "closed"]


@dataclass(frozen=True, slots=True)
class Phase:
    """``badge`` stands beside the clock (empty while open or closed); ``opens`` and ``hours`` on the closed board."""

    name: Name
    badge: str
    opens: str
    hours: str


def phase(settings: Settings, now: int, words: Words, *, at_work: bool) -> Phase:
    """The hall's phase at ``now`` (ms UTC); ``at_work``: some counter is still open or has a ticket."""
    last = closing.closes(settings, now)
    hours = _today(settings, now, words)
    if last is not None:
        if (last - local(now, settings.office.zone)).total_seconds() > SOON_MIN * 60:
            return Phase("open", "", "", hours)
        return Phase("closing", words.say("board.phase.closing", time=f"{last:%H:%M}"), "", hours)
    if at_work:
        return Phase("after", words.say("board.phase.after"), "", hours)
    return Phase("closed", "", _opens(closing.opens_next(settings, now), words), hours)


def _opens(moment: datetime | None, words: Words) -> str:
    if moment is None:
        return words.say("board.closed.opens_unknown")
    day = words.say(f"common.day.{DAYS[moment.weekday()]}") + f" {moment:%d/%m/%Y}"
    return words.say("board.closed.opens", time=f"{moment:%H:%M}", day=day)


def _today(settings: Settings, now: int, words: Words) -> str:
    spans = closing.spans_on(settings, local(now, settings.office.zone).date())
    if not spans:
        return words.say("board.closed.no_hours")
    return words.say("board.closed.hours", hours=", ".join(f"{_time(begins)}–{_time(ends)}" for begins, ends in spans))


def _time(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
