"""The demo's cameras: two counters and the hall, simulated, recorded through the real recorder."""

from contextlib import AbstractContextManager
from typing import Any, Final

from demo.beside import HOST, free_port, running
from office.settings import Settings

USUAL_PORT, USUAL_PANEL = 8554, 9182
USER: Final = "demo"
PASSWORD: Final = "mot-cua-demo"  # noqa: S105 - nothing real is behind it
COUNTERS: Final = 2
HALL: Final = "hall"
"""By this name the simulator draws the hall."""


class Place:
    """Where the simulated cameras are: one at each of the first counters of ``plain`` that the demo opens, one in the
    hall."""

    def __init__(self, plain: Settings) -> None:
        self._counters = (plain.counters[1:] or plain.counters)[:COUNTERS]
        self.port, self.panel = USUAL_PORT, USUAL_PANEL

    @property
    def panel_url(self) -> str:
        """The page with their dials, once they run."""
        return f"http://{HOST}:{self.panel}/"

    def settings(self) -> list[dict[str, Any]]:
        """The cameras as configuration would name them, once they run."""
        counters = [
            self._camera(f"counter-{one.id.lower()}", f"Quầy {one.id}", f"Counter {one.id}", one.id)
            for one in self._counters
        ]
        return [*counters, self._camera(HALL, "Sảnh", "Hall", "")]

    def running(self) -> AbstractContextManager[None]:
        """Run them until the end of the block. Raises OfficeError when they do not start."""
        return running("camera", self._program)

    def _program(self) -> list[str]:
        self.port, self.panel = free_port(self.port), free_port(self.panel)
        where = ["--port", str(self.port), "--panel", str(self.panel), "--user", USER, "--password", PASSWORD]
        names = [part for one in self.settings() for part in ("--camera", one["name"])]
        return ["camera.simulator", *where, *names]

    def _camera(self, name: str, vi: str, en: str, counter: str) -> dict[str, Any]:
        return {
            "name": name,
            "title": {"vi": vi, "en": en},
            "address": f"rtsp://{HOST}:{self.port}/{name}",
            "user": USER,
            "password": PASSWORD,
            "covers": [{"counter": counter}],
        }
