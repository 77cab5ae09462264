"""Which cameras need somebody to look at them now: pictures of no use, no footage, a wrong clock."""

from typing import Final

from office import troubles
from web.hall import Hall

PARTS: Final = ("camera", "picture")
"""A camera's parts in the health report, each with its name behind."""


def ailing(hall: Hall) -> dict[str, list[str]]:
    """The reasons by camera, those that are well or hang no more left out: a trouble of the picture, or of the health
    report."""
    seen = troubles.standing(hall.store.read())
    found: dict[str, list[str]] = {}
    for camera in (one.name for one in hall.settings.cameras if not one.retired):
        reasons = [seen[camera].trouble] if camera in seen else []
        told = (hall.devices[name]() for part in PARTS if (name := f"{part} {camera}") in hall.devices)
        reasons += [str(one["reason"]) for one in told if one["state"] == "trouble" and one.get("reason")]
        if reasons:
            found[camera] = list(dict.fromkeys(reasons))
    return found
