"""Which cameras saw a scene, which counters had none, and when a camera's picture was of no use."""

from collections.abc import Iterable
from typing import Any, Final

from office import footage, troubles
from office.camera_places import seeing
from office.clock import local
from staff.log_stays import Stay
from staff.log_words import Words

LAST_MS: Final = 1000
"""So long before the end of a piece there is a picture."""
LOOKS: Final = 5
"""A trouble is told after three looks at a camera, a little apart: it began at most so many looks before."""


def cameras(words: Words, stays: Iterable[Stay], whole: Stay) -> list[dict[str, Any]]:
    """The cameras of the scene with the spans in which each is to be shown; those of counters first."""
    zone, found = words.hall.settings.office.zone, dict[str, dict[str, Any]]()
    for stay in (*stays, whole):
        for camera in seeing(words.hall.settings.cameras, stay.counter, local(stay.begins, zone).date()):
            shape = {"name": camera.name, "title": camera.title.text(words.language), "offset_s": camera.offset_s}
            more = {"recorded": camera.recorded, "masks": bool(camera.masks), "spans": []}
            one = found.setdefault(camera.name, shape | more)
            one["spans"].append([max(stay.begins, whole.begins), min(stay.ends, whole.ends)])
    return list(found.values())


def nearest(words: Words, shown: Iterable[dict[str, Any]], begins: int, ends: int) -> list[dict[str, Any]]:
    """Where there is footage when [begins, ends) has none: the last moment before it and the first after it, of the
    cameras of the scene that are recorded here. Empty when there is some."""
    db, sooner, later = words.hall.store.read(), list[tuple[int, str]](), list[tuple[int, str]]()
    for name in (one["name"] for one in shown if one["recorded"]):
        for since, until in footage.nearest(db, name, ends):
            if since >= ends:
                later.append((since, name))
            elif until <= begins:
                sooner.append((max(since, until - LAST_MS), name))
            else:
                return []
    return [_way(words, *one) for one in (max(sooner, default=None), min(later, default=None)) if one]


def _way(words: Words, at: int, camera: str) -> dict[str, Any]:
    """A moment that ``camera`` saw, with a counter at whose page it is shown."""
    known, day = words.hall.settings.camera_by_name[camera], local(at, words.hall.settings.office.zone).date()
    counters = [one.counter for one in known.covers if known in seeing([known], one.counter, day)]
    time = f"{words.day_of(at)} {words.clock(at, seconds=True)}"
    return {"at": at, "counter": max(counters, default=""), "time": time, "camera": known.title.text(words.language)}


def unseen(words: Words, stays: Iterable[Stay]) -> list[str]:
    """The counters of the scene that no camera of their own saw that day."""
    zone, every = words.hall.settings.office.zone, words.hall.settings.cameras
    found = dict[str, bool]()
    for stay in stays:
        if stay.counter:
            day = local(stay.begins, zone).date()
            own = len(seeing(every, stay.counter, day)) > len(seeing(every, "", day))
            found[stay.counter] = found.get(stay.counter, True) and not own
    return [counter for counter, none in found.items() if none]


def troubled(words: Words, names: Iterable[str], begins: int, ends: int) -> list[dict[str, Any]]:
    """When a camera of ``names`` was covered, black, … within [begins, ends), in words."""
    titles, known = words.camera_titles(), set(names)
    earliest = round(1000 * LOOKS * words.hall.settings.footage.eyes_s)
    told = []
    for one in troubles.recent(words.hall.store.read()):
        since = max(one.before, one.at - earliest)  # the last good look is told with it
        if one.camera in known and since < ends and (one.cleared or ends) > begins:
            what = words.say(f"log.trouble.{one.trouble}")
            until = words.clock(one.cleared) if one.cleared else words.say("log.scene.still")
            span = {"camera": one.camera, "begins": since, "ends": one.cleared, "what": what}
            params = {"camera": titles.get(one.camera, one.camera), "trouble": what, "from_time": words.clock(since)}
            told.append(span | {"said": words.say("log.scene.troubled", until=until, **params)})
    return told
