"""All footage there is, wherever it lies: what was recorded here and what stays on recorders (NVR), asked for alike."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from camera.clips import Clips
from camera.shelf import Shelf
from office.clips import Clip
from office.footage import Coverage
from office.settings import Settings
from office.store import Store

CLIPS: Final = "clips"
"""Below the data folder: clips kept for a few minutes."""

Offset = Callable[[str], int | None]
"""Camera → its clock less the office's in ms as it was measured, None while unknown."""


class Gallery:
    """``footage``: folder of pieces; ``data``: the office's folder. May be asked from any thread."""

    def __init__(self, store: Store, settings: Settings, footage: Path, data: Path, measured: Offset) -> None:
        self._settings = settings
        self._measured = measured
        self._shelf = Shelf(data / CLIPS)
        self._clips = Clips(store, settings, footage, self._shelf)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._shelf.run, args=(self._stop,), name="clips", daemon=True)

    def start(self) -> None:
        """Have what a first click needs ready; returns at once."""
        self._thread.start()
        self._clips.start()

    def close(self) -> None:
        """End it; the clips are taken away."""
        with ExitStack() as ending:
            ending.callback(self._thread.join, 5)
            ending.callback(self._stop.set)
            ending.callback(self._clips.close)

    def cover(self, camera: str, begins: int, ends: int) -> Coverage:
        """What there is of [begins, ends), ms UTC."""
        return self._clips.cover(camera, begins, ends)

    def clip(self, camera: str, begins: int, ends: int) -> Clip:
        """The clip of [begins, ends), ms UTC. Raises NoFootage, FootageBusy, CutFailed."""
        return self._clips.clip(camera, begins, ends)

    def picture(self, camera: str, at: int) -> bytes:
        """A small JPEG of the moment ``at``, ms UTC. Raises NoFootage, FootageBusy, CutFailed."""
        return self._clips.picture(camera, at)

    def offset_s(self, camera: str) -> float:
        """How far its clock is ahead of the office's: as measured, else as configured."""
        measured = self._measured(camera)
        return self._settings.camera_by_name[camera].offset_s if measured is None else measured / 1000
