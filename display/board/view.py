"""What the board shows of the hall, as plain data: rendered into the page first, fetched again after each event."""

import sqlite3
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from display.board import calls
from display.board.calls import Call
from display.board.phase import Phase, phase
from display.board.words import Words
from office import counters, journal, lines
from office.clock import day_of, day_start, local, rfc3339
from office.counters import CLOSED, OPEN, PAUSED
from office.settings import Settings
from office.tickets import State

DeskState = Literal["free", "calling", "serving", "paused", "closed"]
_IDLE: Final[dict[str, DeskState]] = {OPEN: "free", PAUSED: "paused", CLOSED: "closed"}


@dataclass(frozen=True, slots=True)
class Desk:
    """One counter: ``word`` says its state, ``number`` is the ticket called or served there, or empty."""

    id: str
    name: str
    direction: str
    state: DeskState
    number: str
    word: str


@dataclass(frozen=True, slots=True)
class Line:
    """How many wait for one service."""

    id: str
    series: str
    name: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Board:
    """All of it as of journal ``seq`` and server time ``at`` (RFC 3339). Numbers only: no class, nobody's name."""

    seq: int
    at: str
    phase: Phase
    calls: tuple[Call, ...]
    desks: tuple[Desk, ...]
    lines: tuple[Line, ...]

    @property
    def calling(self) -> bool:
        """Whether the latest number is still being waited for at its counter."""
        return bool(self.calls) and self.is_calling(self.calls[0])

    def is_calling(self, call: Call) -> bool:
        """Whether the number of ``call`` is still being waited for at its counter."""
        return any((d.id, d.number, d.state) == (call.counter, call.number, "calling") for d in self.desks)

    def json(self) -> dict[str, Any]:
        """The same as plain JSON data."""
        return asdict(self)


def board(db: sqlite3.Connection, settings: Settings, now: int, words: Words) -> Board:
    """Read the hall at ``now`` (ms UTC)."""
    seq = journal.head(db)[0]  # before the rest: an event in between is then handed over again, never missed
    zone = settings.office.zone
    desks = tuple(_desk(db, settings, row, words) for row in counters.every(db, settings))
    at_work = any(desk.number or desk.state == "free" for desk in desks)
    begins = day_start(local(now, zone).date(), zone)
    waiting = lines.waiting_counts(db, day_of(now, zone))
    return Board(
        seq=seq,
        at=rfc3339(now, zone),
        phase=phase(settings, now, words, at_work=at_work),
        calls=calls.recent(db, settings, begins, settings.board.last_calls + 1),
        desks=desks,
        lines=tuple(
            Line(service.id, service.series, words.text(service.name), waiting.get(service.id, (0, None))[0])
            for service in settings.services
        ),
    )


def desk(db: sqlite3.Connection, settings: Settings, counter: str, words: Words) -> Desk:
    """One counter now. Raises UnknownCounter."""
    return _desk(db, settings, counters.find(db, settings, counter), words)


def _desk(db: sqlite3.Connection, settings: Settings, row: counters.Desk, words: Words) -> Desk:
    configured = settings.counter_by_id[row.id]
    ticket = lines.at_counter(db, row)
    if ticket is not None:
        state: DeskState = "calling" if ticket.state is State.CALLED else "serving"
    else:
        state = _IDLE[row.state]
    return Desk(
        id=row.id,
        name=words.text(configured.name),
        direction=configured.direction,
        state=state,
        number=ticket.number if ticket else "",
        word=words.say(f"board.state.{state}"),
    )
