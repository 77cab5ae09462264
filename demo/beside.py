"""The demo's devices: each simulator a program of its own beside the office, ended after it."""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

from apart.child import started
from office.errors import OfficeError

HOST: Final = "127.0.0.1"
END_S: Final = 5.0
TRIES: Final = 3


@contextmanager
def running(name: str, program: Callable[[], Sequence[str]], *, told: str = "") -> Iterator[None]:
    """Run ``python -m`` what ``program`` says until the end of the block, having given it the line ``told``.

    It is in a session of its own, so Ctrl-C does not take the device away before the office has let go of it, and it
    ends with its input, so also when the office is killed. When it does not start, ``program`` is asked again, since a
    port that was free may have been taken meanwhile. Raises OfficeError when it never starts.
    """
    process = next(filter(None, (_begun(name, program(), told) for _ in range(TRIES))), None)
    if process is None:
        raise OfficeError(f"the simulated {name} did not start")
    try:
        yield
    finally:
        _end(process)


def _begun(name: str, program: Sequence[str], told: str) -> "subprocess.Popen[bytes] | None":
    """The program once it says that it is there; None when it ends instead."""
    process = started([sys.executable, "-m", *program, "--with-input"])
    there = False
    try:
        if process.stdin is None or process.stdout is None:
            raise OfficeError(f"the simulated {name} has no pipes")
        with suppress(OSError):  # an ended one is noticed by what it does not say
            process.stdin.write(f"{told}\n".encode())
            process.stdin.flush()
        there = process.stdout.readline().startswith(f"{name} ".encode())
    finally:
        if not there:
            _end(process)
    return process if there else None


def free_port(usual: int) -> int:
    """``usual`` when it is free on this machine now, else any free one."""
    for wanted in (usual, 0):
        with socket.socket() as probe:
            try:
                probe.bind((HOST, wanted))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OfficeError("no free port on this machine")


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
