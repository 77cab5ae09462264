"""What makes an office a demo: its overlay of settings, its people, and a first hour that gives waiting times."""

import random
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any, Final

from demo import address, dossiers
from office import counters, issuing, journal, people, returns, turns
from office.clock import day_of, day_start, local
from office.journal import Filter
from office.people import Passwords, Role
from office.settings import Settings
from office.store import Act, Store
from office.workday import WEEKDAYS

ACCOUNTS: Final = (("lan", Role.CLERK), ("minh", Role.CLERK), ("ha", Role.SUPERVISOR), ("mai", Role.LEADER))
"""Plainly invented people; ``serve`` has none of them."""

COLLEAGUES: Final = ("minh", "hoa", "nam", "tuan", "yen", "phuc")
"""Who sits at the counters but the first, one person a counter; all are clerks with the demo's password."""

PASSWORD: Final = "mot-cua-demo"  # noqa: S105 — printed on the demo's own door
EARLIER: Final = 32
WAITING: Final = 6
MINUTE: Final = 60_000
SEED: Final = 766


def overlay(plain: Settings, url: str, printer_port: int) -> dict[str, Any]:
    """``plain`` as the demo office has it: always open, the simulated printer, phones reach it under ``url``.

    Due times are counted in the plain office's hours: a working day that never ends would make them nonsense.
    """
    return {
        "demo": True,
        "hours": {key: ["00:00-24:00"] for key in WEEKDAYS} | {"on_holidays": True},
        "seasons": [],
        "deadlines": {"hours": (plain.deadlines.hours or plain.hours).model_dump()},
        "services": [service.model_dump(exclude_none=True, exclude={"hours"}) for service in plain.services],
        "office": {"public_url": url},
        "kiosk": {"per_minute": 120},  # all its browsers are one kiosk
        "printer": {"driver": "network", "host": "127.0.0.1", "port": printer_port, "retry_s": 1},
        "voice": {"driver": plain.voice.driver, "output": "board"},
        "web": {"secure_cookies": False},
    }


def door(plain: Settings, url: str) -> dict[str, Any]:
    """What the demo's door tells besides its devices: the sign-ins, in which hours days are counted, and whether
    ``url``, under which its slips are followed, leads phones nowhere."""
    hours = plain.deadlines.hours or plain.hours
    open_days = [spans for day in WEEKDAYS if (spans := getattr(hours, day))]
    counted = ", ".join(span.replace("-", "–") for span in open_days[0]) if open_days else ""
    return {"accounts": ACCOUNTS, "password": PASSWORD, "counted": counted, "only_here": address.only_here(url)}


class Hand:
    """A clock moved by hand, ms UTC."""

    def __init__(self, at: int) -> None:
        self.at = at

    def __call__(self) -> int:
        return self.at

    def turn_to(self, at: int) -> None:
        """Set it to ``at``."""
        self.at = at


def furnish(
    path: Path, settings: Settings, passwords: Passwords, now: int, post: Callable[[Store], None] = lambda _: None
) -> None:
    """Put people, dossiers and a first hour into the new office at ``path``; on a later day, a first hour of that day;
    soon after midnight just some who wait; open its counters but the first.

    ``post`` hangs out its catalogue, before the first dossier asks for a procedure.
    """
    clock = Hand(now - 75 * MINUTE)
    store = Store(path, clock)
    try:
        if not people.everyone(store.read()):
            clock.at = now - 30 * 24 * 60 * MINUTE
            at_counters = dict.fromkeys(_at_counters(settings).values(), Role.CLERK)
            for name, role in (dict(ACCOUNTS) | at_counters).items():
                with store.act() as act:
                    people.add(act, settings, passwords, name, role, PASSWORD, actor="system")
            post(store)
            dossiers.furnish(store, settings, clock.turn_to, now - 75 * MINUTE)
        clock.at = now - 75 * MINUTE
        _someone_came(store, clock, settings, now)
        clock.at = now
        _open_up(store, settings)
    finally:
        store.close()


def _someone_came(store: Store, clock: Hand, settings: Settings, now: int) -> None:
    """Once a day: an hour of visits if there has been one today since ``clock`` and since the last event, else a line.

    So the log of a demo that is started again on another day is not empty, nor its hall.
    """
    db, zone = store.read(), settings.office.zone
    today = day_start(local(now, zone).date(), zone)
    if journal.read(db, journal.seq_before(db, today), only=Filter(kinds=("ticket.issued",)), limit=1):
        return
    begins = max(today, journal.latest(db))
    if begins <= clock.at:
        _first_hour(store, clock, settings, now)
    clock.at = max(begins, now - WAITING * MINUTE)
    for service in [service.id for service in settings.services][:WAITING]:
        clock.at = min(clock.at + MINUTE // 2, now)
        _issue(store, settings, service)


def _at_counters(settings: Settings) -> dict[str, str]:
    """Who sits at which counter; the first is left to who tries the demo."""
    others = settings.counters[1:] or settings.counters
    return dict(zip([counter.id for counter in others], cycle(COLLEAGUES), strict=False))


def _open(act: Act, settings: Settings, counter: str, name: str) -> None:
    counters.open_(act, settings, counter, person=name, actor=f"person:{name}")


def _open_up(store: Store, settings: Settings) -> None:
    with store.act() as act:
        returns.end_days_before(act, settings, day_of(act.now, settings.office.zone))
        for counter, name in _at_counters(settings).items():
            if counters.find(act.db, settings, counter).state == counters.CLOSED:
                _open(act, settings, counter, name)


def _first_hour(store: Store, clock: Hand, settings: Settings, now: int) -> None:
    chance = random.Random(SEED)  # noqa: S311 — the same demo each time
    clerks = _at_counters(settings)
    _open_up(store, settings)
    others = list(clerks)
    served = sorted({name for counter in others for name in settings.counter_by_id[counter].services})
    for turn in range(EARLIER):
        clock.at += chance.randint(1, 2) * MINUTE
        _issue(store, settings, chance.choice(served))
        counter = others[turn % len(others)]
        _serve(store, clock, settings, counter, f"person:{clerks[counter]}", chance)


def _serve(store: Store, clock: Hand, settings: Settings, counter: str, actor: str, chance: random.Random) -> None:
    with store.act() as act:
        if turns.call_next(act, settings, counter, actor=actor) is None:
            return
        turns.start(act, settings, counter, actor=actor)
    begun = clock.at
    clock.at += chance.randint(40, 100) * 1000
    with store.act() as act:
        turns.finish(act, settings, counter, actor=actor)
    clock.at = begun + MINUTE // 6


def _issue(store: Store, settings: Settings, service: str) -> None:
    with store.act() as act:
        issuing.issue(act, settings, service=service, actor="system", slip=False)
