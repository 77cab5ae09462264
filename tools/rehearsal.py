"""A hall to rehearse in: the office's real file and configuration, open all day, and a clock one can turn."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from office import counters, issuing, procedures, turns
from office.clock import millis
from office.counters import Desk
from office.errors import OfficeError
from office.phrases import Phrases
from office.settings import Settings, load
from office.store import Act, Store
from office.tickets import State, Ticket
from office.workday import WEEKDAYS

P = ParamSpec("P")
R = TypeVar("R")

CONFIG: Final = Path(__file__).resolve().parent.parent / "config"
CLERK: Final = "person:lan"
ALWAYS: Final[dict[str, Any]] = {
    "hours": {day: ["00:00-24:00"] for day in WEEKDAYS} | {"on_holidays": True},
    "seasons": [],
    "deadlines": {"hours": load(CONFIG).hours.model_dump()},  # working time stays what it is
}

REACH: Final[dict[State, tuple[str, ...]]] = {
    State.WAITING: (),
    State.CALLED: ("call",),
    State.SERVING: ("call", "start"),
    State.HELD: ("call", "start", "hold"),
    State.FINISHED: ("call", "start", "finish"),
    State.ABSENT: ("call", "absent"),
    State.CANCELLED: ("cancel",),
}
"""By which deeds a new ticket comes to each state."""


@cache
def phrases_in(languages: tuple[str, ...]) -> Phrases:
    """The project's own phrases in ``languages``, read once."""
    return Phrases.load(CONFIG / "phrases", languages)


PHRASES: Final = phrases_in(("vi", "en"))


def settings_with(**sections: Any) -> Settings:
    """The project's own configuration with hours open all day, and ``sections`` laid over it."""
    services = [{**s, "hours": None} for s in _plain(load(CONFIG).services)]
    return load(CONFIG, ALWAYS | {"services": services} | sections)


def post_catalogue(act: Act, settings: Settings) -> None:
    """Post the procedures that the project ships: for ``Hall.do`` and its like."""
    with (CONFIG / "procedures.jsonl").open("rb") as lines:
        procedures.import_lines(act, settings, lines, actor="system")


class Dial:
    """A clock that stands until it is turned; calling it tells the moment, ms UTC."""

    def __init__(self, at: int) -> None:
        self.at = at

    def __call__(self) -> int:
        return self.at

    def turn(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> None:
        """Forward by so much; backward with a minus."""
        self.at += round(1000 * (seconds + 60 * (minutes + 60 * (hours + 24 * days))))


class Hall:
    """One office: a store in ``folder``, its settings, its clock (``start`` is local wall time)."""

    def __init__(self, folder: Path, settings: Settings | None = None, start: str = "2026-11-23 08:00") -> None:
        self.settings = settings or settings_with()
        self.clock = Dial(self.moment(start))
        self.store = Store(folder / "office.sqlite3", self.clock)

    def moment(self, wall: str) -> int:
        """The ms UTC of a local ``YYYY-MM-DD HH:MM``."""
        return millis(datetime.fromisoformat(wall).replace(tzinfo=self.settings.office.zone))

    def set_clock(self, wall: str) -> None:
        """Turn the clock to a local ``YYYY-MM-DD HH:MM``."""
        self.clock.at = self.moment(wall)

    def do(self, deed: Callable[Concatenate[Act, Settings, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """One act of the core in a transaction of its own."""
        with self.store.act() as act:
            return deed(act, self.settings, *args, **kwargs)

    def open(self, *names: str) -> list[Desk]:
        """Open counters, each with a clerk of its own."""
        return [self.do(counters.open_, c, person=f"clerk{c}", actor=f"person:clerk{c}") for c in names]

    def issue(self, service: str, priority: str = "", *, after_s: float = 0) -> Ticket:
        """A number for ``service``, ``after_s`` seconds from now."""
        self.clock.turn(seconds=after_s)
        return self.do(issuing.issue, service=service, priority=priority, actor="screen:kiosk")

    def ticket(self, ticket: Ticket) -> Ticket:
        """The ticket as it is now."""
        return issuing.find(self.store.read(), ticket.id)

    def deed(self, deed: str, ticket: Ticket, counter: str) -> object:
        """One of tickets.Deed through the act that a clerk's page or a kiosk uses."""
        by = {"actor": CLERK}
        acts: dict[str, Callable[[], object]] = {
            "call": lambda: self.do(turns.call_number, counter, ticket.number, "asked for", **by),
            "recall": lambda: self.do(turns.recall, counter, **by),
            "start": lambda: self.do(turns.start, counter, **by),
            "finish": lambda: self.do(turns.finish, counter, **by),
            "reopen": lambda: self.do(turns.undo_finish, counter, **by),
            "absent": lambda: self.do(turns.absent, counter, **by),
            "hold": lambda: self.do(turns.hold, counter, 5, **by),
            "return": lambda: self.do(turns.return_to_line, ticket.id, **by),
            "transfer": lambda: self.do(turns.transfer, counter, service="chung-thuc", **by),
            "cancel": lambda: self.do(turns.cancel, ticket.id, **by),
        }
        return acts[deed]()

    def bring(self, ticket: Ticket, state: State, counter: str) -> Ticket:
        """A waiting ticket brought into ``state`` at an open counter, some seconds a deed."""
        for deed in REACH[state]:
            self.deed(deed, ticket, counter)
            self.clock.turn(seconds=9)
        return self.ticket(ticket)

    def refused(self, error: type[OfficeError], act: Callable[[], object]) -> OfficeError:
        """``act`` raises exactly ``error``, leaves no trace, and its sentence can be said in every language."""
        before = self.dump()
        try:
            act()
        except OfficeError as told:
            if type(told) is not error:
                raise AssertionError(f"{error.__name__} expected, not {type(told).__name__}") from told
            if self.dump() != before:
                raise AssertionError(f"{error.__name__} was raised after something was changed") from told
            for language in PHRASES.languages:
                PHRASES.say(language, told.key, **told.params)
            return told
        raise AssertionError(f"{error.__name__} was not raised")

    def dump(self) -> list[str]:
        """Everything in the file, as SQL; equal before and after when nothing was changed."""
        return list(self.store.read().iterdump())


def _plain(services: Any) -> list[dict[str, Any]]:
    return [service.model_dump() for service in services]
