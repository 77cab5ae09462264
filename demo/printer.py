"""The demo's printer: the simulator as a program of its own, spoken to over its real port."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from office.errors import OfficeError

HOST = "127.0.0.1"
USUAL_PORT, USUAL_PANEL = 9100, 9180
READY_S = 20.0


@dataclass(frozen=True, slots=True)
class Simulated:
    """Where the simulated printer listens, and the address of its panel."""

    port: int
    panel_url: str


@contextmanager
def running(folder: Path) -> Iterator[Simulated]:
    """Run the simulator until the end of the block; pictures of its slips go to ``folder``.

    Raises OfficeError when it does not start.
    """
    port, panel = free_port(USUAL_PORT), free_port(USUAL_PANEL)
    command = [sys.executable, "-m", "printer.simulator", "--port", str(port), "--panel", str(panel)]
    root = Path(__file__).resolve().parent.parent
    quiet = subprocess.DEVNULL  # the demo itself says where the printer is
    process = subprocess.Popen([*command, "--out", str(folder.resolve())], cwd=root, stdin=quiet, stdout=quiet)
    try:
        _wait_for(process, port)
        yield Simulated(port, f"http://{HOST}:{panel}/")
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


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


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.05)
    raise OfficeError("the simulated printer did not start")
