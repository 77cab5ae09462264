"""Rush hour as a program of its own: several of these on one file show that numbers and calls happen exactly once.

``python -m tools.rush FILE COUNTERS TICKETS`` takes TICKETS numbers and, between them, calls at each of COUNTERS
(comma-separated) until nobody waits; then prints one JSON object, the numbers given and the tickets called.
"""

import json
import sys
from pathlib import Path

from office import counters, issuing, turns
from office.errors import NotAllowed
from office.settings import Settings
from office.store import Store
from tools.rehearsal import settings_with

SERVICES = ("ho-tich", "chung-thuc", "tra-ket-qua")
CLASSES = ("", "CAO_TUOI", "", "", "HEN_TRUOC")
CLERK = "person:lan"


def main(path: str, desks: str, tickets: str) -> None:
    """Work through the rush and print what was given and called."""
    settings, store, mine = settings_with(), Store(Path(path)), desks.split(",")
    given: list[str] = []
    called: list[str] = []
    for desk in mine:
        with store.act() as act:
            counters.open_(act, settings, desk, person="lan", actor=CLERK)
    for n in range(int(tickets)):
        service, priority = SERVICES[n % len(SERVICES)], CLASSES[n % len(CLASSES)]
        with store.act() as act:
            given.append(issuing.issue(act, settings, service=service, priority=priority, actor="screen:kiosk").id)
        called += [got for desk in mine if (got := _call(store, settings, desk))]
    while (got := _call(store, settings, mine[0])) is not None:
        called += [got] if got else []
    json.dump({"given": given, "called": called}, sys.stdout)


def _call(store: Store, settings: Settings, desk: str) -> str | None:
    """Call and let go again; the ticket called, '' when another clerk of the desk was quicker, None: nobody waits."""
    called = ""
    try:
        with store.act() as act:
            got = turns.call_next(act, settings, desk, actor=CLERK)
        if got is None:
            return None
        called = got.ticket.id
        with store.act() as act:
            turns.absent(act, settings, desk, actor=CLERK)
    except NotAllowed:
        pass
    return called


if __name__ == "__main__":
    main(*sys.argv[1:])
