"""What recorders are told to do, and one look at a camera for `server.py check`."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from apart.child import Child, GoneError
from camera import CameraFault, FaultKind, Job
from camera.clocks import is_off
from camera.source_clock import offset_ms, where
from office.camera_sections import CameraSettings

PROGRAM: Final = (sys.executable, "-m", "camera.recorder")
OPENING_S: Final = 30.0
"""Longest time that a recorder may say nothing while it opens a camera."""


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
    return told


def check(settings: CameraSettings, held: Callable[[], bool] = lambda: False) -> str:
    """One line on a camera; raises CameraFault when no footage comes from it, or its clock is off.

    ``held``: whether a running server holds the USB cameras, of which each serves one program.
    """
    if settings.source == "usb" and held():
        return "usb, in use by the running server"
    told: dict[str, Any] = look(settings) if settings.recorded else {"offset_ms": None}
    ahead_ms = told["offset_ms"] if told["offset_ms"] is not None else _asked(settings)
    if is_off(ahead_ms, settings):
        off = f"its clock is {(ahead_ms or 0) / 1000:+.1f} s off the office's; let it set its time by NTP"
        raise CameraFault(FaultKind.CLOCK_OFF, off)
    clock = "tells no clock" if ahead_ms is None else f"clock {ahead_ms / 1000:+.1f} s"
    if "seen" not in told:
        return f"{settings.source}, its footage stays on the recorder, {clock}"
    seen = told["seen"]
    return f"{settings.source}, {seen['width']}x{seen['height']} H.264 at {seen['fps']:g}/s, {clock}"


def _asked(settings: CameraSettings) -> int | None:
    """How far its clock is ahead, asked for. Raises CameraFault when a recorder does not answer at all."""
    source = where(settings)
    try:
        return offset_ms(source) if source.host else None
    except OSError as fault:
        if settings.recorded:
            return None
        raise CameraFault(
            FaultKind.UNREACHABLE, f"the recorder cannot be reached ({fault.strerror or fault})"
        ) from None
