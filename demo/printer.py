"""The demo's printer: the simulator, spoken to over its real port."""

from contextlib import AbstractContextManager
from pathlib import Path

from demo.beside import HOST, free_port, running

USUAL_PORT, USUAL_PANEL = 9100, 9180


class Place:
    """Where the simulated printer listens, and its panel; pictures of its slips go to ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.port, self.panel = USUAL_PORT, USUAL_PANEL

    @property
    def panel_url(self) -> str:
        """The page that shows its slips, once it runs."""
        return f"http://{HOST}:{self.panel}/"

    def running(self) -> AbstractContextManager[None]:
        """Run it until the end of the block. Raises OfficeError when it does not start."""
        return running("printer", self._program)

    def _program(self) -> list[str]:
        self.port, self.panel = free_port(self.port), free_port(self.panel)
        where = ["--port", str(self.port), "--panel", str(self.panel), "--out", str(self.folder)]
        return ["printer.simulator", *where]
