"""A camera above a reading place. It is opened, and its pictures are read, in a process of its own that can be killed:
a camera may block for minutes, and some pictures make the reading libraries hang or abort."""

import json
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Final

from office.scan_sections import ScannerSettings
from scanner import FaultKind, Hint, Read, ScannerFault

ROOT: Final = Path(__file__).resolve().parents[1]
PROGRAM: Final = (sys.executable, "-m", "scanner.capture")
START_S: Final = 20.0
"""Longest start: libraries of some 100 MB and a camera that wakes up."""


class Lens:
    """The open camera. Raises ScannerFault when it gives no picture."""

    def __init__(self, settings: ScannerSettings) -> None:
        self._timeout_s = settings.timeout_s
        self._told: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        self._heard_at = time.monotonic()
        try:
            self._child = subprocess.Popen(
                PROGRAM,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as fault:
            raise ScannerFault(FaultKind.UNKNOWN, f"the lens process cannot be started: {fault}") from None
        threading.Thread(target=_listen, args=(self._child, self._told), name="lens-answers", daemon=True).start()
        try:
            self._order({"device": settings.device, "fps": settings.fps})
            self._await_picture()
        except ScannerFault:
            self.close()
            raise

    @property
    def pid(self) -> int:
        """The process that looks through the lens."""
        return self._child.pid

    def next(self, wait_s: float) -> Read | Hint | None:
        """The next code or hint, waited for at most ``wait_s``.

        Raises ScannerFault when the camera gives no more pictures, gave none for its time, or the process died.
        """
        try:
            told = self._told.get(timeout=wait_s)
        except Empty:
            silent_s = time.monotonic() - self._heard_at
            if silent_s > self._timeout_s:
                raise ScannerFault(FaultKind.TIMEOUT, f"no picture for {silent_s:.0f} s") from None
            return None
        self._heard_at = time.monotonic()
        told = self._checked(told)
        if "text" in told:
            return Read(told["text"], told["symbology"])
        return Hint(told["hint"]) if "hint" in told else None

    def close(self) -> None:
        """End the process, hanging or not."""
        self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _order(self, order: dict[str, Any]) -> None:
        with suppress(OSError):  # a process that has ended is noticed by its answer that never comes
            if self._child.stdin is not None:
                self._child.stdin.write(json.dumps(order) + "\n")
                self._child.stdin.flush()

    def _await_picture(self) -> None:
        try:
            told = self._told.get(timeout=START_S)
        except Empty:
            raise ScannerFault(FaultKind.TIMEOUT, f"no picture after {START_S:.0f} s") from None
        self._checked(told)
        self._heard_at = time.monotonic()

    def _checked(self, told: dict[str, Any] | None) -> dict[str, Any]:
        if told is None:
            raise ScannerFault(FaultKind.UNKNOWN, "the lens process ended")
        if "ended" in told:
            raise ScannerFault(FaultKind.OFFLINE, str(told["ended"]))
        return told


def _listen(child: "subprocess.Popen[str]", told: "SimpleQueue[dict[str, Any] | None]") -> None:
    """Pass on what the process says until it ends; then None. A line that is none of its own counts as its end."""
    with suppress(OSError, ValueError):
        for line in child.stdout or ():
            told.put(dict(json.loads(line)))
    told.put(None)
