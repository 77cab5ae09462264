"""Which cameras saw a counter on a day (issue line "Camera to counter"): several a counter, and those of the hall."""

from collections.abc import Iterable
from datetime import date

from office.camera_sections import CameraSettings, Cover


def seeing(cameras: Iterable[CameraSettings], counter: str, day: date) -> tuple[CameraSettings, ...]:
    """The cameras that saw ``counter`` on the local ``day``: its own first, then those of the hall.

    With an empty counter (a moment that no counter had part in, such as taking a number) those of the hall alone.
    """
    on_day = [(one, {cover.counter for cover in one.covers if _holds(cover, day)}) for one in cameras]
    own = [one for one, seen in on_day if counter and counter in seen]
    hall = [one for one, seen in on_day if "" in seen and one not in own]
    return (*own, *hall)


def _holds(cover: Cover, day: date) -> bool:
    return (cover.since is None or cover.since <= day) and (cover.until is None or day <= cover.until)
