"""A process that can be killed, as the server holds it: started, told something, heard line by line, ended.

The process says one JSON object a line (apart/inside.py is its end). It is in a session of its own: Ctrl-C at the
server's terminal, or a signal to the server's group, reaches the server alone, which then ends its processes in order.
One that stands on apart/inside.py also ends when its input does, so it never outlives the server.
"""

import json
import subprocess
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
"""Where ``python -m`` finds the house's modules."""
END_S: Final = 5.0


class GoneError(Exception):
    """The process ended by itself, was ended, or could not be started; the text says which, in English for logs."""


def started(
    program: Sequence[str], folder: Path = ROOT, *, stdin: int = subprocess.PIPE, stderr: int | None = None
) -> "subprocess.Popen[bytes]":
    """``program`` begun in a session of its own, without a window. Raises OSError."""
    return subprocess.Popen(
        list(program),
        cwd=folder,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=stderr,
        start_new_session=True,  # no meaning on Windows, where a process without a window hears no Ctrl-C
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def once(program: Sequence[str], data: bytes, longest_s: float) -> bytes:
    """What ``program`` makes of ``data``, from its input to its output, in one go.

    Raises TimeoutError when it takes longer, then it is ended; GoneError with its last word when it fails.
    """
    try:
        process = started(program, stderr=subprocess.PIPE)
    except OSError as fault:
        raise GoneError(f"it cannot be started: {fault}") from fault
    with process:
        try:
            made, complaint = process.communicate(data, longest_s)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"not done after {longest_s:.3g} s") from None
        finally:
            process.kill()
    if process.returncode:
        last = complaint.decode(errors="replace").strip().splitlines()[-1:]
        raise GoneError(" ".join(last)[:200])
    return made


class Child:
    """One run of ``program``. One thread tells and hears it; ``pid``, ``running`` and ``end`` are for any.

    ``silent``: what it writes to stderr is lost (it may hold a password). ``deaf``: it is told nothing, and goes on
    when the server is gone. Raises GoneError.
    """

    def __init__(
        self, program: Sequence[str], folder: Path = ROOT, *, silent: bool = False, deaf: bool = False
    ) -> None:
        stdin = subprocess.DEVNULL if deaf else subprocess.PIPE
        try:
            self._process = started(program, folder, stdin=stdin, stderr=subprocess.DEVNULL if silent else None)
        except OSError as fault:
            raise GoneError(f"it cannot be started: {fault}") from fault
        self._answers: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        threading.Thread(target=self._listen, name=f"answers of {self.pid}", daemon=True).start()

    @property
    def pid(self) -> int:
        """Its number among the machine's processes."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def say(self, data: bytes) -> None:
        """Write ``data`` to its input. Raises GoneError; blocks when it does not read."""
        try:
            self._write(data)
        except (OSError, ValueError) as fault:
            raise GoneError("it ended") from fault

    def hand(self, data: bytes) -> None:
        """Write ``data`` to its input without waiting; a process that has ended is noticed by its missing answer."""
        threading.Thread(target=self._write_or_leave, args=(data,), daemon=True).start()

    def hear(self, timeout_s: float | None) -> dict[str, Any]:
        """The next line it says, waited for at most ``timeout_s`` (None: as long as it lives).

        Raises TimeoutError when there is none in time, GoneError when it has ended.
        """
        try:
            told = self._answers.get(timeout=timeout_s)
        except Empty:
            raise TimeoutError(f"nothing said for {timeout_s:.3g} s") from None
        if told is None:
            self._answers.put(None)  # whoever asks again hears the same
            raise GoneError(f"it ended ({self._code()})")
        return told

    def leave(self) -> None:
        """Ask it to end (SIGTERM; on Windows it just ends)."""
        if self.running:
            self._process.terminate()

    def end(self, patience_s: float = 0) -> None:
        """Have it ended when this returns: killed, unless it ends within ``patience_s`` by itself."""
        if patience_s:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(patience_s)
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _write(self, data: bytes) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(data)
            self._process.stdin.flush()

    def _write_or_leave(self, data: bytes) -> None:
        with suppress(OSError, ValueError):
            self._write(data)

    def _listen(self) -> None:
        """Pass on what it says until it ends; then None. A line that is no JSON object counts as its end."""
        with suppress(OSError, ValueError, TypeError):
            for line in self._process.stdout or ():
                self._answers.put(dict(json.loads(line)))
        self._answers.put(None)

    def _code(self) -> str:
        """How it ended: its output ends a moment before it does."""
        try:
            return f"code {self._process.wait(END_S)}"
        except subprocess.TimeoutExpired:
            return "its output did"
