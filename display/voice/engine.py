"""The server's side of the voice's child process: starts it, gives it one order at a time, ends it when it hangs."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from display.voice import Made, VoiceFault
from display.voice.recipe import Recipe, pack
from office.sections import VoiceSettings

ROOT = Path(__file__).resolve().parents[2]
START_S = 20.0
"""Longest start: Windows builds its speech bindings on the first one."""

FIRST_REST_S = 1.0
LONGEST_REST_S = 60.0
PATIENCE = 2
"""Faults in a row of the process itself before it is left in peace for a while."""


class _GoneError(Exception):
    """The child ended by itself."""


class ChildEngine:
    """An engine in a process of its own. A child that dies is started again at once, one that keeps dying or
    hanging after a growing pause, in which every order is refused immediately (so that the chime is not late)."""

    def __init__(self, name: str, program: Sequence[str], *, timeout_s: float) -> None:
        self.name = name
        self._program = list(program)
        self._timeout_s = timeout_s
        self._turn = threading.Lock()
        self._child: subprocess.Popen[str] | None = None
        self._answers: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        self._orders = self._starts = self._faults_in_a_row = 0
        self._rests_until = 0.0
        self._last_fault = ""
        self._closed = False

    def make(self, order: Recipe, out: Path) -> Made:
        """Make the WAV ``out`` in the child.

        Raises VoiceFault: the engine said so, or gave silence, or took longer than its time and was ended.
        """
        with self._turn:
            if self._closed:
                raise VoiceFault("the voice is shutting down")
            rest_s = self._rests_until - time.monotonic()
            if rest_s > 0:
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
        return {
            "engine": self.name,
            "running": child is not None and child.poll() is None,
            "pid": child.pid if child is not None and child.poll() is None else None,
            "starts": self._starts,
            "resting": self._rests_until > time.monotonic(),
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
            except _GoneError as fault:
                # Killed from outside, or crashed on this very sentence: one more try tells which.
                self._end()
                self._count_fault(f"{fault}")
                if attempt == 1 and not self._closed:
                    continue
            except TimeoutError as fault:
                self._end()
                self._count_fault(f"{fault}")
            else:
                self._faults_in_a_row = 0
                return answer
            break
        raise VoiceFault(self._last_fault)

    def _count_fault(self, reason: str) -> None:
        self._last_fault = reason
        self._faults_in_a_row += 1
        beyond = self._faults_in_a_row - PATIENCE
        if beyond >= 0:
            self._rests_until = time.monotonic() + min(LONGEST_REST_S, FIRST_REST_S * 2**beyond)

    def _exchange(self, order: Recipe, out: Path) -> dict[str, Any]:
        child = self._running()
        self._orders += 1
        told = {"id": self._orders, "out": str(out), "recipe": pack(order)}
        try:
            if child.stdin is None:
                raise _GoneError("the speech process has no input")
            child.stdin.write(json.dumps(told, ensure_ascii=False) + "\n")
            child.stdin.flush()
        except OSError as fault:
            raise _GoneError("the speech process ended") from fault
        return self._answer(self._timeout_s, "no speech after {:.3g} s, the speech process was ended")

    def _running(self) -> "subprocess.Popen[str]":
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._end()
        self._starts += 1
        self._answers = SimpleQueue()
        try:
            child = self._child = subprocess.Popen(
                self._program,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as fault:
            raise _GoneError(f"the speech process cannot be started: {fault}") from fault
        if self._closed:  # closed while it was being started: the closing thread has not seen this child
            self._end()
            raise _GoneError("the voice is shutting down")
        threading.Thread(target=_listen, args=(child, self._answers), name="voice-answers", daemon=True).start()
        self._answer(START_S, "the speech process was not ready after {:.3g} s")
        return child

    def _answer(self, timeout_s: float, late: str) -> dict[str, Any]:
        try:
            answer = self._answers.get(timeout=timeout_s)
        except Empty:
            raise TimeoutError(late.format(timeout_s)) from None
        if answer is None:
            code = self._child.wait(timeout=5) if self._child else None
            raise _GoneError(f"the speech process ended (code {code})")
        return answer

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def _listen(child: "subprocess.Popen[str]", answers: "SimpleQueue[dict[str, Any] | None]") -> None:
    """Pass the child's answers on until it ends; then None. A line that is no answer counts as its end."""
    with suppress(OSError, ValueError):
        for line in child.stdout or ():
            answers.put(dict(json.loads(line)))
    answers.put(None)


def pyttsx3(voice: VoiceSettings) -> ChildEngine:
    """espeak-ng on Linux, SAPI5 on Windows, through pyttsx3."""
    return ChildEngine("pyttsx3", [sys.executable, "-m", "display.voice.pyttsx"], timeout_s=voice.timeout_s)


def clips_only(voice: VoiceSettings) -> ChildEngine:
    """No engine: recorded clips are joined, everything else is the chime."""
    return ChildEngine("none", [sys.executable, "-m", "display.voice.child"], timeout_s=voice.timeout_s)
