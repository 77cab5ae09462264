"""``/staff/log/holds``: footage kept beyond its days: who holds what, why and until when; each may be let go."""

from collections.abc import Iterable
from datetime import timedelta
from itertools import islice
from typing import Any, Final

from flask import redirect, url_for
from werkzeug.wrappers import Response as Answer

from office import holding, journal
from office.camera_kinds import REASONS
from office.clock import local
from office.holding import Hold
from office.people import Session
from staff.frame import draw
from staff.log_rows import actor, stretch
from staff.log_words import Words
from web.hall import Hall
from web.problems import page_language
from web.visit_query import figure

PAGE: Final = 200
"""Holds shown at once, the newest first: calls out of order hold by themselves, some a day for two months."""

TOUCHING: Final = 20
"""Holds told beside one visit or moment."""

ENDED: Final = 100
"""Holds that ended already and are still listed below, the newest."""


def holds_page(hall: Hall, session: Session | None) -> str | Answer:
    """The page; ``session`` is that of a supervisor, or None."""
    if session is None:
        return redirect(url_for("staff.sign_in", to="staff.holds"))
    words, begin = Words(hall, page_language(hall)), figure("offset", 1_000_000)
    found, today = holding.every(hall.store.read()), local(hall.store.clock(), hall.settings.office.zone).date()
    held, over = [one for one in found if one.holds(today)], [one for one in found if not one.holds(today)]
    return draw(
        hall, "holds", session, {"words": script_words(words)}, reasons=REASONS,
        rows=[hold_row(words, one) for one in held[begin : begin + PAGE]],
        ended=[] if begin else [hold_row(words, one) for one in over[:ENDED]],
        begin=begin, more=begin + PAGE if begin + PAGE < len(held) else 0,
    )  # fmt: skip


def touching(words: Words, cameras: Iterable[str], begins: int, ends: int) -> list[dict[str, Any]]:
    """What holds any of ``cameras`` somewhere in [begins, ends) now, the newest first, at most ``TOUCHING``."""
    names, today = set(cameras), local(words.hall.store.clock(), words.hall.settings.office.zone).date()
    found = holding.every(words.hall.store.read(), today)
    near = (one for one in found if one.begins < ends and one.ends > begins and names & set(one.cameras))
    return [hold_row(words, one) for one in islice(near, TOUCHING)]


def script_words(words: Words) -> dict[str, str]:
    """What the script of letting go says."""
    keys = ("log.dialog.reason_missing", "log.holds.released")
    return {key: words.say(key) for key in keys}


def hold_row(words: Words, one: Hold) -> dict[str, Any]:
    """A hold in words, with the address of what it is about."""
    titles, hall = words.camera_titles(), words.hall
    event = journal.read(hall.store.read(), one.seq - 1, 1)[0]
    today = local(hall.store.clock(), hall.settings.office.zone).date()
    return {
        "id": one.id,
        "cameras": ", ".join(titles.get(name, name) for name in one.cameras),
        "range": stretch(words, one.begins, one.ends),
        "until": words.day(one.until - timedelta(days=1)),
        "owner": actor(words, one.owner),
        "reason": words.say(f"log.reason.{one.reason}"),
        "cause": words.say(f"log.cause.{one.cause}") if one.cause != "person" else "",
        "holds": one.holds(today),
        "elsewhere": any(not camera.recorded for camera in hall.settings.cameras if camera.name in one.cameras),
        "released": f"{words.day_of(one.released)} {words.clock(one.released)}" if one.released else "",
        "ticket": event.ticket,
        "number": event.ticket.partition("-")[2],
        "at": one.begins,
        "counter": event.counter or _counter(words, one),
    }


def _counter(words: Words, one: Hold) -> str:
    """A counter that one of its cameras saw, '' for the hall: so the page of the moment shows that camera."""
    covers = (cover for camera in words.hall.settings.cameras if camera.name in one.cameras for cover in camera.covers)
    return next((cover.counter for cover in covers if cover.counter), "")
