"""The command line as a process of its own that need not import everything first.

A test that starts the program fifty times would spend most of its time importing the same modules. On POSIX the
standard library's fork server imports ``server`` once; each start is a fork of it: a real process with its own file,
sockets, signals and exit code, that runs what ``python server.py`` runs. Elsewhere it is started in full.
"""

import multiprocessing
import os
import runpy
import sys
from contextlib import suppress
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
STREAMS: Final = (("in", os.O_RDONLY), ("out", os.O_WRONLY | os.O_CREAT), ("err", os.O_WRONLY | os.O_CREAT))


class Warm:
    """``server.py *arguments``, begun; ``in`` (which holds ``stdin``), ``out`` and ``err`` are files in ``folder``."""

    def __init__(self, folder: Path, *arguments: str, stdin: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, _ in STREAMS:
            (folder / name).write_text(stdin if name == "in" else "", encoding="utf-8")
        self._folder = folder
        self.process: Any = _context().Process(target=begin, args=(str(folder), arguments))  # type: ignore[attr-defined]  # each kind of context has it
        self.process.start()

    @property
    def out(self) -> str:
        """What it said until now."""
        return (self._folder / "out").read_text(encoding="utf-8")

    @property
    def err(self) -> str:
        """What it complained of until now."""
        return (self._folder / "err").read_text(encoding="utf-8")

    def ended(self, within_s: float) -> int:
        """Its exit code. Raises TimeoutError, and ends it, when it is not over within ``within_s`` seconds."""
        self.process.join(within_s)
        if self.process.exitcode is None:
            self.kill()
            raise TimeoutError(f"not over within {within_s} s: {self.out}{self.err}")
        return int(self.process.exitcode)

    def kill(self) -> None:
        """SIGKILL; returns once it is gone."""
        self.process.kill()
        self.process.join()


def begin(folder: str, arguments: tuple[str, ...]) -> None:
    """In the new process: its streams are the files of ``folder``; then what ``python server.py`` does."""
    os.chdir(ROOT)
    for number, (name, how) in enumerate(STREAMS):
        opened = os.open(Path(folder) / name, how)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 — the process's own, as long as it lives
    sys.argv = ["server.py", *arguments]
    runpy.run_path("server.py", run_name="__main__")


def _context() -> BaseContext:
    """How processes begin here."""
    with suppress(ValueError):  # not on this system
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["server"])
        return context
    return multiprocessing.get_context("spawn")
