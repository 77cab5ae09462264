"""A camera above a reading place. It is opened, and its pictures are read, in a process of its own that can be killed:
a camera may block for minutes, and some pictures make the reading libraries hang or abort."""

import json
import sys
import time
from contextlib import suppress
from typing import Any, Final

from apart.child import Child, GoneError
from office.scan_sections import ScannerSettings
from scanner import FaultKind, Hint, Read, ScannerFault

PROGRAM: Final = (sys.executable, "-m", "scanner.capture")
START_S: Final = 20.0
"""Longest start: libraries of some 100 MB and a camera that wakes up."""


class Lens:
    """The open camera. Raises ScannerFault when it gives no picture."""

    def __init__(self, settings: ScannerSettings) -> None:
        self._timeout_s = settings.timeout_s
        try:
            self._child = Child(PROGRAM, silent=True)
        except GoneError as fault:
            raise ScannerFault(FaultKind.UNKNOWN, f"the lens process: {fault}") from None
        try:
            self._order({"device": settings.device, "fps": settings.fps})
            self._await_picture()
        except ScannerFault:
            self.close()
            raise
        self._heard_at = time.monotonic()

    @property
    def pid(self) -> int:
        """The process that looks through the lens."""
        return self._child.pid

    def next(self, wait_s: float) -> Read | Hint | None:
        """The next code or hint, waited for at most ``wait_s``.

        Raises ScannerFault when the camera gives no more pictures, gave none for its time, or the process died.
        """
        try:
            told = self._told(wait_s)
        except TimeoutError:
            silent_s = time.monotonic() - self._heard_at
            if silent_s > self._timeout_s:
                raise ScannerFault(FaultKind.TIMEOUT, f"no picture for {silent_s:.0f} s") from None
            return None
        self._heard_at = time.monotonic()
        if "text" in told:
            return Read(told["text"], told["symbology"])
        return Hint(told["hint"]) if "hint" in told else None

    def close(self) -> None:
        """End the process, hanging or not."""
        self._child.end()

    def _order(self, order: dict[str, Any]) -> None:
        with suppress(GoneError):  # noticed by its answer that never comes
            self._child.say(json.dumps(order).encode() + b"\n")

    def _await_picture(self) -> None:
        try:
            self._told(START_S)
        except TimeoutError:
            raise ScannerFault(FaultKind.TIMEOUT, f"no picture after {START_S:.0f} s") from None

    def _told(self, wait_s: float) -> dict[str, Any]:
        """What the process says next. Raises TimeoutError, or ScannerFault when that is the end."""
        try:
            told = self._child.hear(wait_s)
        except GoneError as fault:
            raise ScannerFault(FaultKind.UNKNOWN, f"the lens process: {fault}") from None
        if "ended" in told:
            raise ScannerFault(FaultKind.OFFLINE, str(told["ended"]))
        return told
