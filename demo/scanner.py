"""The demo's scanner: the simulator, on a line that the real serial driver opens."""

import json
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from demo.beside import HOST, free_port, running

USUAL_PANEL = 9181
SCREEN = "demo-kiosk"
"""The demo's kiosk, as web/pairing.py admits it."""


class Place:
    """Where the line and the panel of the simulated scanner will be."""

    def __init__(self, folder: Path) -> None:
        self.link = (folder / "scanner.line").resolve() if sys.platform != "win32" else None
        self.port, self.panel = free_port(0), USUAL_PANEL

    @property
    def panel_url(self) -> str:
        """The page with its receipts, once it runs."""
        return f"http://{HOST}:{self.panel}/"

    @property
    def device(self) -> str:
        """What the serial driver opens."""
        return str(self.link) if self.link else f"socket://{HOST}:{self.port}"

    def settings(self) -> list[dict[str, Any]]:
        """The reader as configuration would name it."""
        return [{"name": "demo-scanner", "driver": "serial", "device": self.device, "screen": SCREEN}]

    def running(self, samples: list[dict[str, str]]) -> AbstractContextManager[None]:
        """Run it until the end of the block, offering ``samples``. Raises OfficeError when it does not start."""
        return running("scanner", self._program, told=json.dumps(samples))

    def _program(self) -> list[str]:
        self.panel = free_port(self.panel)
        where = ["--link", str(self.link)] if self.link else ["--port", str(self.port)]
        return ["scanner.simulator", *where, "--panel", str(self.panel)]
