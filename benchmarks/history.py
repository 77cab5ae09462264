"""(d) A number and a call in an office with a million tickets behind it, next to one that opened today."""

import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import past
from benchmarks.figures import Figure, middle, percentile
from office import counters, issuing, turns, waits
from office.clock import system_clock
from office.settings import Settings
from office.standing import standing
from office.store import Store
from office.tickets import Ticket
from tools.rehearsal import settings_with

TICKETS = 1_000_000
WAITING = 30
ROUNDS = 600
LIMIT = 1.2
WARM = 50


class Hall:
    """One of the two offices, with a line in front of it."""

    def __init__(self, path: Path, settings: Settings) -> None:
        self.store = Store(path, system_clock)
        self.settings = settings
        self.services = settings.counters[0].services
        self.turn = 0
        self.issued: list[float] = []
        self.called: list[float] = []
        with self.store.act() as act:
            counters.open_(act, settings, "1", person="lan", actor="person:lan")
        for _ in range(WAITING):
            self.issue()

    def issue(self) -> Ticket:
        """A number as the API gives it: the act, with who is ahead and how long it may take."""
        self.turn += 1
        service = self.services[self.turn % len(self.services)]
        with self.store.act() as act:
            ticket = issuing.issue(act, self.settings, service=service, actor="screen:kiosk")
            waits.outlook(act.db, self.settings, ticket, standing(act, self.settings))
        return ticket

    def call(self) -> turns.Called | None:
        """Call who is next."""
        with self.store.act() as act:
            return turns.call_next(act, self.settings, "1", actor="person:lan")

    def round(self) -> None:
        """One number and one call, each timed; the counter is free again afterwards."""
        self.issued.append(_timed(self.issue))
        self.called.append(_timed(self.call))
        with self.store.act() as act:
            turns.absent(act, self.settings, "1", actor="person:lan")


def measure(folder: Path) -> list[Figure]:
    """Both offices in one process, in turn."""
    settings = settings_with()
    began = time.perf_counter()
    past.write(folder / "old.sqlite3", settings, system_clock, TICKETS)
    took = time.perf_counter() - began
    old, new = (Hall(folder / name, settings) for name in ("old.sqlite3", "new.sqlite3"))
    for n in range(ROUNDS):
        for hall in (old, new) if n % 2 else (new, old):
            hall.round()
    size = (folder / "old.sqlite3").stat().st_size
    old.store.close()
    new.store.close()
    return _figures("a number", old.issued[WARM:], new.issued[WARM:]) + _figures(
        "call-next", old.called[WARM:], new.called[WARM:]
    ) + [
        Figure("d", f"file with {TICKETS:,} tickets and {4 * TICKETS:,} events", size / 1_000_000, "MB"),
        Figure("d", "writing it (not an act of the office)", took, "s"),
    ]  # fmt: skip


def _timed(deed: Callable[[], object]) -> float:
    began = time.perf_counter()
    deed()
    return 1000 * (time.perf_counter() - began)


def _figures(name: str, old: list[float], new: list[float]) -> list[Figure]:
    return [
        Figure("d", f"{name}: p50 with a million tickets behind it ÷ with none", middle(old) / middle(new), "", LIMIT),
        Figure("d", f"{name}: p50 with a million", middle(old), "ms"),
        Figure("d", f"{name}: p50 with none", middle(new), "ms"),
        Figure("d", f"{name}: p99 with a million", percentile(old, 0.99), "ms"),
        Figure("d", f"{name}: p99 with none", percentile(new, 0.99), "ms"),
    ]
