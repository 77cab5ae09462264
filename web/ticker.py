"""What happens by the clock alone: holds end, days end, old answers and sessions are forgotten."""

import logging
import threading

from office import answers, closing, people, returns
from office.clock import day_of
from web.hall import Hall

log = logging.getLogger(__name__)
TICK_S = 1.0
SWEEP_TICKS = 600


def tick(hall: Hall, stop: threading.Event) -> None:
    """Look once a second until ``stop``; for a thread of its own. A failure is logged and tried again."""
    count = 0
    while True:
        try:
            once(hall, sweep=count % SWEEP_TICKS == 0)
        except Exception:
            log.exception("the ticker stumbled and goes on")
        count += 1
        if stop.wait(TICK_S):
            return


def once(hall: Hall, *, sweep: bool) -> None:
    """One look. Writes only when there is something to write."""
    store, settings = hall.store, hall.settings
    now = store.clock()
    today = day_of(now, settings.office.zone)
    if returns.something_due(store.read(), today, now):
        with store.act() as act:
            returns.return_due(act, settings)
    if returns.something_left(store.read(), settings, today):
        with store.act() as act:
            returns.end_days_before(act, settings, today)
    if closing.just_closed(store.read(), settings, now):
        with store.act() as act:
            closing.close_hall(act, settings)
    if sweep:
        with store.act() as act:
            answers.forget_old(act)
            people.forget_old(act)
