"""``/staff/log/cameras``: cameras that need or needed looking after: pictures of no use, each with the two that show
it, cameras without footage, wrong clocks."""

from collections.abc import Iterator
from typing import Any, Final

from flask import redirect, url_for
from werkzeug.wrappers import Response as Answer

from office import outages, troubles
from office.outages import Outage
from office.people import Session
from office.troubles import ACCEPTED, Seen
from staff.frame import draw
from staff.log_words import Words
from web.camera_faults import ailing
from web.hall import Hall
from web.problems import page_language

SHOWN: Final = 100
BESIDE: Final = ("clock_off", "set_back", "blind")
"""What may ail a camera besides a loss or a picture of no use that is told already."""


def alarms_page(hall: Hall, session: Session | None) -> str | Answer:
    """The page; ``session`` is that of a supervisor, or None."""
    if session is None:
        return redirect(url_for("staff.sign_in", to="staff.cameras"))
    words, db = Words(hall, page_language(hall)), hall.store.read()
    seen = [alarm_row(words, one) for one in troubles.recent(db)]
    told = [*seen, *(outage_row(words, one) for one in outages.recent(db))]
    told.sort(key=lambda row: (not row["lasts"], -row["at"]))
    minutes = max(1, round(hall.settings.footage.eyes_s / 60))
    return draw(hall, "cameras", session, {}, rows=[*_others(words, told), *told][:SHOWN], minutes=minutes)


def alarm_row(words: Words, one: Seen) -> dict[str, Any]:
    """One trouble in words; its pictures only as moments: they are asked for with a reason."""
    row = _row(words, one.camera, one.at, one.cleared)
    return row | {
        "seq": one.seq,
        "what": words.say(f"log.trouble.{one.trouble}"),
        "todo": words.say(f"camera.trouble.{one.trouble}") if row["lasts"] else "",
        "cleared": words.say("log.alarms.accepted", time=row["over"]) if one.accepted else _cleared(words, row),
        "accept": row["lasts"] and one.trouble in ACCEPTED,
        "pictures": [_picture(words, one, which) for which in ("before", "now")],
    }


def outage_row(words: Words, one: Outage) -> dict[str, Any]:
    """A camera without footage, in words."""
    row = _row(words, one.camera, one.begins, one.ends)
    todo = words.say(f"camera.fault.{_known(words, one.reason)}") if row["lasts"] else ""
    return row | {"what": _lost(words, one.reason), "todo": todo, "cleared": _cleared(words, row)}


def _others(words: Words, told: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What ails cameras now and no event tells, or not as yet."""
    lasting = {row["camera"] for row in told if row["lasts"]}
    for camera, reasons in ailing(words.hall).items():
        for reason in reasons:
            if reason in BESIDE or camera not in lasting:
                picture = words.hall.phrases.known(f"camera.trouble.{reason}")
                what = words.say(f"log.trouble.{reason}") if picture else _lost(words, reason)
                part = "trouble" if picture else "fault"
                todo = words.say(f"camera.{part}.{reason if picture else _known(words, reason)}")
                yield _row(words, camera, 0, None) | {"what": what, "todo": todo, "cleared": ""}


def _row(words: Words, camera: str, at: int, over: int | None) -> dict[str, Any]:
    """What all rows tell: which camera, since when, and whether it lasts; at one that hangs no more nothing does."""
    known = words.hall.settings.camera_by_name.get(camera)
    return {
        "camera": camera,
        "title": known.title.text(words.language) if known else camera,
        "at": at,
        "time": f"{words.day_of(at)} {words.clock(at)}" if at else words.say("log.alarms.at_present"),
        "over": f"{words.day_of(over)} {words.clock(over)}" if over else "",
        "lasts": over is None and known is not None and not known.retired,
    }


def _cleared(words: Words, row: dict[str, Any]) -> str:
    """When it ended, or that the camera hangs no more; '' while it lasts."""
    if row["lasts"]:
        return ""
    return words.say("log.alarms.cleared", time=row["over"]) if row["over"] else words.say("log.alarms.retired")


def _picture(words: Words, one: Seen, which: str) -> dict[str, Any]:
    """The picture ``before`` or ``now``: what stands above it, and whether it is still there."""
    moment, footage = getattr(one, which), words.hall.footage
    if not moment:
        return {"which": which, "moment": 0, "said": words.say("log.alarms.no_before"), "kept": False}
    said = words.say(f"log.alarms.{which}", time=f"{words.day_of(moment)} {words.clock(moment, seconds=True)}")
    kept = footage is not None and footage.alarm(one.camera, moment) is not None
    return {"which": which, "moment": moment, "said": said, "kept": kept}


def _known(words: Words, reason: str) -> str:
    return reason if words.hall.phrases.known(f"camera.fault.{reason}") else "unknown"


def _lost(words: Words, reason: str) -> str:
    known = reason if words.hall.phrases.known(f"log.lost.{reason}") else "unknown"
    return words.say(f"log.lost.{known}").rstrip(".")
