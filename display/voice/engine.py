"""The server's side of the voice's child process: starts it, gives it one order at a time, ends it when it hangs."""

import json
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from apart.child import Child, GoneError
from apart.rest import Rest
from display.voice import Made, VoiceFault
from display.voice.recipe import Recipe, pack
from office.sections import VoiceSettings

START_S = 20.0
"""Longest start: Windows builds its speech bindings on the first one."""


class ChildEngine:
    """An engine in a process of its own. A child that dies is started again at once, one that keeps dying or
    hanging after a growing pause, in which every order is refused immediately (so that the chime is not late)."""

    def __init__(self, name: str, program: Sequence[str], *, timeout_s: float) -> None:
        self.name = name
        self._program = list(program)
        self._timeout_s = timeout_s
        self._turn = threading.Lock()
        self._child: Child | None = None
        self._rest = Rest()
        self._orders = self._starts = 0
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
        child = self._child
        running = child is not None and child.running
        return {
            "engine": self.name,
            "running": running,
            "pid": child.pid if child is not None and running else None,
            "starts": self._starts,
            "resting": self._rest.left_s > 0,
            "fault": self._last_fault,
        }

    def close(self) -> None:
        """End the child; orders after this are refused."""
        self._closed = True
        self._end()

    def _asked(self, order: Recipe, out: Path) -> dict[str, Any]:
        for attempt in (1, 2):
            try:
                answer = self._exchange(order, out)
            except (GoneError, TimeoutError) as fault:
                self._end()
                self._last_fault = f"{fault}"
                self._rest.fault()
                # Killed from outside, or crashed on this very sentence: one more try tells which.
                if attempt == 2 or self._closed or isinstance(fault, TimeoutError):
                    break
            else:
                self._rest.well()
                return answer
        raise VoiceFault(self._last_fault)

    def _exchange(self, order: Recipe, out: Path) -> dict[str, Any]:
        child = self._running()
        self._orders += 1
        told = {"id": self._orders, "out": str(out), "recipe": pack(order)}
        try:
            child.say(json.dumps(told, ensure_ascii=False).encode() + b"\n")
            return child.hear(self._timeout_s)
        except TimeoutError:
            raise TimeoutError(f"no speech after {self._timeout_s:.3g} s, the speech process was ended") from None
        except GoneError as fault:
            raise GoneError(f"the speech process: {fault}") from None

    def _running(self) -> Child:
        if self._child is not None and self._child.running:
            return self._child
        self._end()
        self._starts += 1
        child = self._child = Child(self._program)
        if self._closed:  # closed while it was being started: the closing thread has not seen this child
            self._end()
            raise GoneError("the voice is shutting down")
        try:
            child.hear(START_S)
        except TimeoutError:
            raise TimeoutError(f"the speech process was not ready after {START_S:.3g} s") from None
        return child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()


def pyttsx3(voice: VoiceSettings) -> ChildEngine:
    """espeak-ng on Linux, SAPI5 on Windows, through pyttsx3."""
    return ChildEngine("pyttsx3", [sys.executable, "-m", "display.voice.pyttsx"], timeout_s=voice.timeout_s)


def clips_only(voice: VoiceSettings) -> ChildEngine:
    """No engine: recorded clips are joined, everything else is the chime."""
    return ChildEngine("none", [sys.executable, "-m", "display.voice.child"], timeout_s=voice.timeout_s)
