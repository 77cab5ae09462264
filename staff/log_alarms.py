"""``/staff/log/cameras``: cameras whose picture was or is of no use, each with the two pictures that show it."""

from typing import Any, Final

from flask import redirect, url_for
from werkzeug.wrappers import Response as Answer

from office import troubles
from office.people import Session
from office.troubles import Seen
from staff.frame import draw
from staff.log_words import Words
from web.hall import Hall
from web.problems import page_language

SHOWN: Final = 100


def alarms_page(hall: Hall, session: Session | None) -> str | Answer:
    """The page; ``session`` is that of a supervisor, or None."""
    if session is None:
        return redirect(url_for("staff.sign_in", to="staff.cameras"))
    words = Words(hall, page_language(hall))
    rows = [alarm_row(words, one) for one in troubles.recent(hall.store.read())[:SHOWN]]
    minutes = max(1, round(hall.settings.footage.eyes_s / 60))
    return draw(hall, "cameras", session, {}, rows=rows, minutes=minutes)


def alarm_row(words: Words, one: Seen) -> dict[str, Any]:
    """One trouble in words; its pictures only as moments: they are asked for with a reason."""
    camera = words.hall.settings.camera_by_name.get(one.camera)
    footage = words.hall.footage
    return {
        "seq": one.seq,
        "camera": one.camera,
        "title": camera.title.text(words.language) if camera else one.camera,
        "trouble": words.say(f"log.trouble.{one.trouble}"),
        "todo": "" if one.cleared else words.say(f"camera.trouble.{one.trouble}"),
        "day": words.day_of(one.at),
        "time": words.clock(one.at),
        "cleared": f"{words.day_of(one.cleared)} {words.clock(one.cleared)}" if one.cleared else "",
        "moment": one.now,
        "before": f"{words.day_of(one.before)} {words.clock(one.before, seconds=True)}" if one.before else "",
        "now": f"{words.day_of(one.now)} {words.clock(one.now, seconds=True)}",
        "kept": footage is not None and footage.alarm(one.camera, one.now) is not None,
    }
