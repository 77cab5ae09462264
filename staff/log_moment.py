"""The page of one visit, or of a moment at a counter, with its timeline and player."""

import re
from collections.abc import Iterator
from typing import Final

from office import visits
from office.clock import local
from office.errors import UnknownTicket
from office.people import Session
from staff import log_holds, log_scene
from staff.frame import draw
from staff.log_rows import stretch, visit_row
from staff.log_scene import Scene
from staff.log_words import Words
from web.footage_asked import possible
from web.hall import Hall
from web.moments import moment
from web.problems import page_language
from web.visit_query import text

MILLIS: Final = re.compile(r"\d{10,15}")
STEP_MS: Final = 60_000
"""How far the links beside a moment lead."""


def scene_page(hall: Hall, session: Session) -> str:
    """``?visit=`` a ticket, or ``?at=`` a moment (RFC 3339 or ms UTC) with ``?counter=``.

    Raises UnknownTicket, BadRequest.
    """
    words, now = Words(hall, page_language(hall)), hall.store.clock()
    if ticket := text("visit"):
        found = visits.of_tickets(hall.store.read(), [ticket])
        if not found:
            raise UnknownTicket("no visit of that ticket")
        row = visit_row(words, found[0], now, dated=True)
        return _page(words, session, log_scene.of_visit(words, found[0], now), row=row)
    asked = text("at")
    at = possible("at", int(asked) if MILLIS.fullmatch(asked) else moment(asked, "at"))
    counter = text("counter")
    return _page(words, session, log_scene.of_moment(words, at, counter, now), counter=counter)


def _page(words: Words, session: Session, scene: Scene, row: object = None, counter: str = "") -> str:
    shown = log_scene.data(words, scene)
    return draw(
        words.hall,
        "log_scene",
        session,
        shown | {"words": {f"log.{key}": phrase for key, phrase in _words(words)}},
        row=row,
        scene=shown,
        counter=counter,
        stretch=stretch(words, scene.begins, scene.ends),
        at=scene.at,
        step=STEP_MS,
        holds=log_holds.touching(words, [one["name"] for one in shown["cameras"]], scene.begins, scene.ends),
        reasons=shown["reasons"],
        day=local(scene.begins, words.hall.settings.office.zone).date().isoformat(),
    )


def _words(words: Words) -> Iterator[tuple[str, str]]:
    """What the player says; the kinds of event are in its data already."""
    for key, phrase in words.hall.phrases.section(words.language, "log").items():
        if not key.startswith(("kind.", "column.", "empty.", "watched.", "actor.", "detail.")):
            yield key, phrase
