"""What happens by the clock alone: holds end, days end, old answers and sessions are forgotten."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from office import answers, closing, people, returns
from office.clock import day_of
from web.hall import Hall

log = logging.getLogger(__name__)
TICK_S = 1.0
SWEEP_TICKS = 600
HOLDS_S: Final = 180
"""How long a new day must last before the days before it are ended: a clock that jumped ahead is mostly put right."""


class NewDay:
    """Tells whether today has lasted long enough to be believed, by a clock that nobody sets (seconds)."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._day = ""
        self._since = 0.0

    def holds(self, today: str) -> bool:
        """Whether every look has seen ``today`` for ``HOLDS_S``."""
        if today != self._day:
            self._day, self._since = today, self._steady()
        return self._steady() - self._since >= HOLDS_S


def tick(hall: Hall, stop: threading.Event) -> None:
    """Look once a second until ``stop``; for a thread of its own. A failure is logged and tried again."""
    count, new_day = 0, NewDay()
    while True:
        try:
            once(hall, new_day, sweep=count % SWEEP_TICKS == 0)
        except Exception:
            log.exception("the ticker stumbled and goes on")
        count += 1
        if stop.wait(TICK_S):
            return


def once(hall: Hall, new_day: NewDay, *, sweep: bool) -> None:
    """One look. Writes only when there is something to write; ends earlier days only once today holds."""
    store, settings = hall.store, hall.settings
    now = store.clock()
    today = day_of(now, settings.office.zone)
    if returns.something_due(store.read(), today, now):
        with store.act() as act:
            returns.return_due(act, settings)
    if new_day.holds(today) and returns.something_left(store.read(), settings, today):
        with store.act() as act:
            returns.end_days_before(act, settings, today)
    if closing.just_closed(store.read(), settings, now):
        with store.act() as act:
            closing.close_hall(act, settings)
    if sweep:
        with store.act() as act:
            answers.forget_old(act)
            people.forget_old(act)
