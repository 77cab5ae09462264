"""The server's loudspeaker: a program of the system plays the file, and is ended when it takes too long."""

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from apart.child import ROOT
from display.voice import VoiceFault

SLACK_S = 5.0
"""How much longer than the sound itself a player may take to start and drain."""

POLL_S = 0.02
LINUX = (("paplay", "{file}"), ("pw-play", "{file}"), ("aplay", "-q", "{file}"))
WINDOWS = ((sys.executable, "-m", "display.voice.windows_player", "{file}"),)


class Player(Protocol):
    """Something that sounds."""

    def play(self, file: Path, seconds: float, stop: threading.Event) -> None:
        """Play ``file`` to its end, or until ``stop``. Raises VoiceFault when it cannot sound."""

    def ready(self) -> str:
        """What would play. Raises VoiceFault when there is nothing."""


class Loudspeaker:
    """Plays through the first of ``commands`` that is installed and works; ``{file}`` stands for the path."""

    def __init__(self, commands: Sequence[Sequence[str]] = WINDOWS if sys.platform == "win32" else LINUX) -> None:
        self._commands = [list(command) for command in commands]

    def ready(self) -> str:
        """The first program installed. Raises VoiceFault when none is."""
        return self._installed()[0][0]

    def play(self, file: Path, seconds: float, stop: threading.Event) -> None:
        """Play ``file`` (``seconds`` long) to its end, or until ``stop``.

        Raises VoiceFault when no program is installed or none of them could play it.
        """
        faults = []
        for command in self._installed():
            fault = _run([part.format(file=file) for part in command], seconds + SLACK_S, stop)
            if not fault:
                return
            faults.append(f"{Path(command[0]).name}: {fault}")
        raise VoiceFault("the loudspeaker failed: " + "; ".join(faults))

    def _installed(self) -> list[list[str]]:
        found = [command for command in self._commands if shutil.which(command[0])]
        if not found:
            names = ", ".join(command[0] for command in self._commands)
            raise VoiceFault(f"no program to play sound with; install one of: {names}")
        return found


def _run(command: list[str], limit_s: float, stop: threading.Event) -> str:
    """Run one player; why it failed, or nothing."""
    ends = time.monotonic() + limit_s
    try:
        child = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as fault:
        return f"{fault}"
    with child:
        while child.poll() is None:
            if stop.wait(POLL_S) or time.monotonic() > ends:
                child.kill()
                child.wait()
                return "" if stop.is_set() else f"still playing after {limit_s:.0f} s, ended"
        said = child.stderr.read(400).decode(errors="replace").strip() if child.stderr else ""
    return "" if child.returncode == 0 else said or f"code {child.returncode}"
