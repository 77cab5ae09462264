"""The demo's devices: each simulator a program of its own beside the office, ended after it."""

import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

from apart.child import started
from office.errors import OfficeError

HOST: Final = "127.0.0.1"
END_S: Final = 5.0


@contextmanager
def running(name: str, program: Sequence[str], *, told: str = "") -> Iterator[None]:
    """Run ``python -m program…`` until the end of the block, having given it the line ``told``.

    It is in a session of its own, so Ctrl-C does not take the device away before the office has let go of it, and it
    ends with its input, so also when the office is killed. Raises OfficeError when it does not start.
    """
    process = started([sys.executable, "-m", *program, "--with-input"])
    try:
        if process.stdin is None or process.stdout is None:
            raise OfficeError(f"the simulated {name} has no pipes")
        with suppress(OSError):  # an ended one is noticed by what it does not say
            process.stdin.write(f"{told}\n".encode())
            process.stdin.flush()
        if not process.stdout.readline().startswith(f"{name} ".encode()):
            raise OfficeError(f"the simulated {name} did not start")
        yield
    finally:
        _end(process)


def free_port(usual: int) -> int:
    """``usual`` when it is free on this machine, else any free one."""
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
