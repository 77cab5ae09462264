"""One look at each camera for `server.py check`: of a recorder (NVR), whether its footage really comes."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from camera import CameraFault, FaultKind, orders
from camera.nvr import Nvr
from camera.source_clock import offset_ms, where
from office.camera_sections import CameraSettings
from office.clock import local, system_clock
from office.errors import FootageBusy
from office.troubles import Seen

AGO_MS: Final = 60_000
LENGTH_MS: Final = 2_000


def line(settings: CameraSettings, held: Callable[[], bool], zone: ZoneInfo, seen: Seen | None = None) -> str:
    """One line on a camera; raises CameraFault when no footage comes, its clock is off or its picture is of no use.

    ``held``: whether a running server holds the USB cameras; ``seen``: what the eyes told of it and still lasts.
    """
    told = orders.check(settings, held)
    if seen is not None:
        since = f"{local(seen.at, zone):%H:%M %d/%m/%Y}"
        raise CameraFault(
            FaultKind.UNKNOWN, f"{told}; but its picture is {seen.trouble} since {since}, see /staff/log/cameras"
        )
    if settings.recorded:
        return told
    shift_s = _fetched(settings, zone)
    return told + ", footage of a minute ago comes" + (f", asked {shift_s / 3600:+.1f} h off UTC" if shift_s else "")


def _fetched(settings: CameraSettings, zone: ZoneInfo) -> float:
    """Fetch a little of a minute ago; by how many seconds its times had to be shifted. Raises CameraFault."""
    ahead = offset_ms(where(settings)) or 0
    recorder, begins = Nvr(settings, zone, lambda _: ahead), system_clock() - AGO_MS
    try:
        with tempfile.TemporaryDirectory() as folder:
            recorder.fetch((begins, begins + LENGTH_MS), Path(folder) / "look.mp4", [])
    except FootageBusy as busy:  # cannot be: nobody else asks
        raise CameraFault(FaultKind.UNKNOWN, f"{busy}") from None
    except CameraFault as fault:
        if fault.kind is FaultKind.NO_STREAM:
            raise CameraFault(FaultKind.NO_STREAM, "the recorder answers and has no footage of a minute ago") from None
        raise
    finally:
        recorder.close()
    return recorder.shift_ms / 1000
