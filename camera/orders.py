"""What recorders are told to do, and one look at a camera for `server.py check`."""

import sys
from pathlib import Path
from typing import Any, Final

from apart.child import Child, GoneError
from camera import CameraFault, FaultKind, Job
from office.camera_sections import CameraSettings

PROGRAM: Final = (sys.executable, "-m", "camera.recorder")
OPENING_S: Final = 30.0
"""Longest time that a recorder may say nothing while it opens a camera."""
CLOCK_OFF_MS: Final = 5_000
"""A source's clock further than this from what was configured is trouble: the time in its picture misleads."""


def job(settings: CameraSettings, folder: Path | None, piece_s: int = 10) -> Job:
    """What a recorder of that camera is told; without a folder it only looks."""
    return Job(
        camera=settings.name,
        source=settings.source,
        address=settings.address,
        user=settings.user,
        password=settings.secret,
        folder=str(folder / settings.name) if folder else "",
        piece_s=piece_s,
        timeout_s=settings.timeout_s,
    )


def is_off(offset_ms: int | None, settings: CameraSettings) -> bool:
    """Whether a source's clock, ``offset_ms`` ahead of the office's, is not where configuration says it is."""
    return offset_ms is not None and abs(offset_ms - settings.offset_s * 1000) > CLOCK_OFF_MS


def look(settings: CameraSettings) -> dict[str, Any]:
    """One look at a camera, for checks: ``seen`` and ``offset_ms``. Raises CameraFault."""
    try:
        child = Child(PROGRAM, silent=True)
        try:
            child.say(job(settings, None).line())
            told = child.hear(OPENING_S)
        finally:
            child.end()
    except (GoneError, TimeoutError) as fault:
        raise CameraFault(FaultKind.UNKNOWN, f"the recorder's process: {fault}") from None
    if "fault" in told:
        raise CameraFault(FaultKind(told["fault"]), told["detail"])
    offset_ms, expected = told["offset_ms"], settings.offset_s * 1000
    if offset_ms is not None and abs(offset_ms - expected) > CLOCK_OFF_MS:
        ahead_s = offset_ms / 1000
        raise CameraFault(
            FaultKind.CLOCK_OFF, f"its clock is {ahead_s:+.1f} s off the office's; let it set its time by NTP"
        )
    return told


def check(settings: CameraSettings) -> str:
    """One line on a camera; raises CameraFault when no footage comes from it."""
    if not settings.recorded:
        return f"{settings.source}, its footage stays on the recorder"
    told = look(settings)
    seen, offset_ms = told["seen"], told["offset_ms"]
    clock = "tells no clock" if offset_ms is None else f"clock {offset_ms / 1000:+.1f} s"
    return f"{settings.source}, {seen['width']}x{seen['height']} H.264 at {seen['fps']:g}/s, {clock}"
