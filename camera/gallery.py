"""All footage there is, wherever it lies: what was recorded here and what stays on recorders (NVR), asked for alike."""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, Final

from camera.clips import Clips
from camera.cutters import Cutter
from camera.fetched import Fetched
from camera.shelf import Shelf
from office import clock_reads
from office.clips import Clip
from office.footage import Coverage, Span
from office.settings import Settings
from office.store import Store

STEP_S: Final = 60.0
CLIPS: Final = "clips"
"""Below the data folder: clips kept for a few minutes."""

Health = Callable[[], dict[str, Any]]
Offset = Callable[[str], int | None]
"""Camera → its clock less the office's in ms as it was measured, None while unknown."""


class Gallery:
    """``footage``: folder of pieces; ``data``: the office's folder. May be asked from any thread."""

    def __init__(self, store: Store, settings: Settings, footage: Path, data: Path, measured: Offset) -> None:
        self._store, self._settings = store, settings
        self._measured = measured
        self._shelf = Shelf(data / CLIPS)
        self._clips = Clips(store, settings, footage, self._shelf)
        self._fetched = Fetched(settings, store.clock, self._shelf, self._clips.drawn, self._ahead_ms)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._tidy, name="clips", daemon=True)

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
            ending.callback(self._fetched.close)

    def cover(self, camera: str, begins: int, ends: int) -> Coverage:
        """What there is of [begins, ends), ms UTC."""
        return self._of(camera).cover(camera, begins, ends)

    def clip(self, camera: str, begins: int, ends: int) -> Clip:
        """The clip of [begins, ends), ms UTC. Raises NoFootage, FootageBusy, CutFailed."""
        return self._of(camera).clip(camera, begins, ends)

    def picture(self, camera: str, at: int) -> bytes:
        """A small JPEG of the moment ``at``, ms UTC. Raises NoFootage, FootageBusy, CutFailed."""
        return self._of(camera).picture(camera, at)

    def write(self, cutter: Cutter, camera: str, asked: Span, masks: list[Any], out: Path) -> dict[str, Any]:
        """The clip of ``asked`` (ms UTC) written to ``out``, with ``masks`` drawn: ``begins``, ``ends``, ``gaps``,
        ``goes_on``. Footage kept here is cut by ``cutter``. Raises NoFootage, FootageBusy, CutFailed."""
        if camera in self._fetched.recorders:
            return self._fetched.write(camera, asked, masks, out)
        return self._clips.write(cutter, camera, asked, masks, out)

    def health(self, before: dict[str, Health]) -> dict[str, Health]:
        """Of cameras whose footage is on recorders: what ``before`` tells of each, and how their last fetching went."""
        names = {f"camera {name}": name for name in self._fetched.recorders}
        return {key: partial(self._told, name, before[key]) for key, name in names.items() if key in before}

    def _told(self, camera: str, before: Health) -> dict[str, Any]:
        fault = self._fetched.recorders[camera].fault
        shift_s = self._fetched.recorders[camera].shift_ms / 1000
        return before() | {"asked_off_utc_s": shift_s} | ({"state": "trouble", "reason": fault} if fault else {})

    def _ahead_ms(self, camera: str, at: int) -> int:
        """How far its clock was ahead at ``at``, ms UTC: as told then; lately as measured, else as configured."""
        db = self._store.read()
        held = clock_reads.between(db, self._settings, camera, at, at + 1)[0].offset_ms
        if held is not None and held != clock_reads.last_ms(db, camera):
            return held
        measured = self._measured(camera)
        return round(self._settings.camera_by_name[camera].offset_s * 1000) if measured is None else measured

    def _of(self, camera: str) -> Clips | Fetched:
        return self._fetched if camera in self._fetched.recorders else self._clips

    def _tidy(self) -> None:
        while not self._stop.wait(STEP_S):
            self._shelf.purge()
            self._fetched.rest()
        self._shelf.clear()
