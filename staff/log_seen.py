"""Which cameras saw a scene, which counters had none, and when a camera's picture was of no use."""

from collections.abc import Iterable
from typing import Any, Final

from office import troubles
from office.camera_places import seeing
from office.clock import local
from staff.log_stays import Stay
from staff.log_words import Words

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
