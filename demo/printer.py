"""The demo's printer: the simulator, spoken to over its real port."""

from contextlib import AbstractContextManager
from pathlib import Path

from demo.beside import HOST, free_port, running

USUAL_PORT, USUAL_PANEL = 9100, 9180


class Place:
    """Where the simulated printer listens, and its panel; pictures of its slips go to ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.port, self.panel = free_port(USUAL_PORT), free_port(USUAL_PANEL)
        self.panel_url = f"http://{HOST}:{self.panel}/"

    def running(self) -> AbstractContextManager[None]:
        """Run it until the end of the block. Raises OfficeError when it does not start."""
        where = ["--port", str(self.port), "--panel", str(self.panel), "--out", str(self.folder)]
        return running("printer", ["printer.simulator", *where])
