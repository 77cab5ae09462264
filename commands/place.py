"""Where an office lies: its configuration and its data."""

from pathlib import Path
from typing import Any

from office.errors import BadRequest
from office.phrases import Phrases
from office.settings import Settings, load
from office.store import Store

FILE = "office.sqlite3"
SYSTEM = "system"
"""The actor of what is done on the command line."""


class Place:
    """Where configuration and data are."""

    def __init__(self, config: Path, data: Path) -> None:
        self.config = config
        self.data = data

    def settings(self, overlay: dict[str, Any] | None = None) -> Settings:
        """The checked configuration."""
        return load(self.config, overlay)

    def phrases(self, settings: Settings) -> Phrases:
        """The office's phrases, over the program's own."""
        return Phrases.of_office(self.config / "phrases", settings.office.languages)

    def store(self) -> Store:
        """The office's file; works beside a running server too."""
        return Store(self.data / FILE)

    def store_there(self) -> Store:
        """The same, for commands that only look. Raises BadRequest rather than make an empty office."""
        if not (self.data / FILE).is_file():
            raise BadRequest(f"{self.data / FILE}: no office's file here; check --data")
        return self.store()
