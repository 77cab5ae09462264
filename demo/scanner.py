"""The demo's scanner: the simulator as a program of its own, on a line that the real serial driver opens."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from demo.printer import HOST, free_port
from office.errors import OfficeError

USUAL_PANEL = 9181
SCREEN = "demo-kiosk"
"""The demo's kiosk, as web/pairing.py admits it."""


class Place:
    """Where the line and the panel of the simulated scanner will be."""

    def __init__(self, folder: Path) -> None:
        self.link = (folder / "scanner.line").resolve() if sys.platform != "win32" else None
        self.port, self.panel = free_port(0), free_port(USUAL_PANEL)
        self.panel_url = f"http://{HOST}:{self.panel}/"

    @property
    def device(self) -> str:
        """What the serial driver opens."""
        return str(self.link) if self.link else f"socket://{HOST}:{self.port}"

    def settings(self) -> list[dict[str, Any]]:
        """The reader as configuration would name it."""
        return [{"name": "demo-scanner", "driver": "serial", "device": self.device, "screen": SCREEN}]


@contextmanager
def running(place: Place, samples: list[dict[str, str]]) -> Iterator[None]:
    """Run the simulator until the end of the block. Raises OfficeError when it does not start."""
    where = ["--link", str(place.link)] if place.link else ["--port", str(place.port)]
    command = [sys.executable, "-m", "scanner.simulator", *where, "--panel", str(place.panel)]
    root = Path(__file__).resolve().parent.parent
    process = subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
    try:
        if process.stdin is None or process.stdout is None:
            raise OfficeError("the simulated scanner has no pipes")
        process.stdin.write(json.dumps(samples) + "\n")
        process.stdin.flush()
        if not process.stdout.readline().startswith("scanner "):
            raise OfficeError("the simulated scanner did not start")
        yield
    finally:
        _end(process)


def _end(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
