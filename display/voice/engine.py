"""The server's side of the voice's child process: starts it, gives it one order at a time, ends it when it hangs."""

import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from apart.child import GoneError
from apart.rest import Rest
from apart.worker import Worker
from display.voice import Made, VoiceFault
from display.voice.recipe import Recipe, pack
from office.sections import VoiceSettings


class ChildEngine:
    """An engine in a process of its own. A child that dies is started again at once, one that keeps dying or
    hanging after a growing pause, in which every order is refused immediately (so that the chime is not late)."""

    def __init__(self, name: str, program: Sequence[str], *, timeout_s: float) -> None:
        self.name = name
        self._worker = Worker(program)
        self._timeout_s = timeout_s
        self._turn = threading.Lock()
        self._rest = Rest()
        self._orders = 0
        self._last_fault = ""
        self._closed = False

    def make(self, order: Recipe, out: Path) -> Made:
        """Make the WAV ``out`` in the child.

        Raises VoiceFault: the engine said so, or gave silence, or took longer than its time and was ended.
        """
        with self._turn:
            if self._closed:
                raise VoiceFault("the voice is shutting down")
            if (rest_s := self._rest.left_s) > 0:
                raise VoiceFault(f"the speech engine rests for {rest_s:.0f} s after: {self._last_fault}")
            answer = self._asked(order, out)
        if not answer["ok"]:
            self._last_fault = str(answer["reason"])
            raise VoiceFault(self._last_fault)
        failed = tuple(map(str, answer["failed"]))
        self._last_fault = "; ".join(failed)
        return Made(float(answer["seconds"]), failed)

    def state(self) -> dict[str, Any]:
        """Engine, whether its process runs, how often it was started, why the last sentence failed."""
        pid = self._worker.pid
        return {
            "engine": self.name,
            "running": pid is not None,
            "pid": pid,
            "starts": self._worker.starts,
            "resting": self._rest.left_s > 0,
            "fault": self._last_fault,
        }

    def close(self) -> None:
        """End the child; orders after this are refused."""
        self._closed = True
        self._worker.close()

    def _asked(self, order: Recipe, out: Path) -> dict[str, Any]:
        for attempt in (1, 2):
            try:
                answer = self._exchange(order, out)
            except (GoneError, TimeoutError) as fault:
                self._last_fault = f"the speech process: {fault}"
                self._rest.fault()
                # Killed from outside, or crashed on this very sentence: one more try tells which.
                if attempt == 2 or self._closed or isinstance(fault, TimeoutError):
                    break
            else:
                self._rest.well()
                return answer
        raise VoiceFault(self._last_fault)

    def _exchange(self, order: Recipe, out: Path) -> dict[str, Any]:
        self._orders += 1
        return self._worker.tell({"id": self._orders, "out": str(out), "recipe": pack(order)}, self._timeout_s)


def pyttsx3(voice: VoiceSettings) -> ChildEngine:
    """espeak-ng on Linux, SAPI5 on Windows, through pyttsx3."""
    return ChildEngine("pyttsx3", [sys.executable, "-m", "display.voice.pyttsx"], timeout_s=voice.timeout_s)


def clips_only(voice: VoiceSettings) -> ChildEngine:
    """No engine: recorded clips are joined, everything else is the chime."""
    return ChildEngine("none", [sys.executable, "-m", "display.voice.child"], timeout_s=voice.timeout_s)
