"""Has the eyes look at each camera that is recorded here, one picture now and then out of its newest piece, and tells
what they find. The eyes are a process of their own (camera/eyes/serving.py), started anew when it dies or hangs."""

import logging
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from apart.rest import Rest
from apart.worker import Worker
from office import footage, journal, troubles
from office.camera_sections import CameraSettings
from office.footage import Piece
from office.settings import Settings
from office.store import Store

PROGRAM: Final = (sys.executable, "-m", "camera.eyes.serving")
LOOK_S: Final = 15.0
"""A look that takes longer hangs: one takes some 50 ms."""
OLD_MS: Final = 120_000
"""Footage that is older is no news; that none comes is told by the recorder."""
CLOSED_MS: Final = 1_800_000
"""People are about so long before the doors open and after they close."""
FOLDER: Final = "eyes"


log = logging.getLogger(__name__)


class Eyes:
    """The eyes on all cameras that are recorded; their pictures go below ``data``."""

    def __init__(self, store: Store, settings: Settings, data: Path) -> None:
        self._store = store
        self._settings = settings
        self._data = data
        self._footage = data / settings.footage.folder
        self.cameras = tuple(one for one in settings.cameras if one.recording)
        self.standing = {name: one.trouble for name, one in troubles.standing(store.read()).items()}
        self._accepted = {one.name: troubles.accepted_at(store.read(), one.name) for one in self.cameras}
        self._looked: dict[str, int] = {}
        self._blind = False
        self._worker = Worker(PROGRAM)
        self._rest = Rest(first_s=5, longest_s=300)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="eyes", daemon=True)

    @property
    def pid(self) -> int:
        """The eyes' process; 0 while there is none."""
        return self._worker.pid or 0

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._stop.set()
        self._worker.close()
        if self._thread.is_alive():
            self._thread.join(5)

    def health(self) -> dict[str, Callable[[], dict[str, Any]]]:
        """Each camera's picture in the health report, by the name it has there."""
        return {f"picture {one.name}": partial(self._health, one.name) for one in self.cameras}

    def look(self, camera: CameraSettings) -> dict[str, Any] | None:
        """Look at what came last of ``camera``, and write down what changed; what the eyes said, None without news.

        Raises GoneError, TimeoutError: the next look has a new process.
        """
        piece = footage.last(self._store.read(), camera.name)
        if piece is None or self._old(camera.name, piece):
            return None
        self._hear(camera.name)
        standing = self.standing.get(camera.name, "")
        told = self._worker.tell(self._order(piece, standing), LOOK_S)
        self._looked[camera.name] = piece.begins
        if "fault" in told:
            log.warning("the eyes saw nothing of %s: %s", camera.name, told["fault"])
        elif told["news"]:
            self._tell(camera.name, standing, told)
        return told

    def _old(self, camera: str, piece: Piece) -> bool:
        return piece.begins <= self._looked.get(camera, 0) or self._store.clock() - piece.ends > OLD_MS

    def _order(self, piece: Piece, standing: str) -> dict[str, Any]:
        return {
            "camera": piece.camera,
            "piece": str(footage.path_of(self._footage, piece.camera, piece.begins)),
            "begins": piece.begins,
            "folder": str(self._data / FOLDER / piece.camera),
            "closed": closed(self._settings, piece.begins),
            "standing": standing,
            "accepted": self._accepted[piece.camera],
        }

    def _hear(self, camera: str) -> None:
        """Somebody may have said that what it shows is right so: then its trouble has ended, and it is learned anew."""
        accepted = troubles.accepted_at(self._store.read(), camera)
        if accepted != self._accepted[camera]:
            self._accepted[camera] = accepted
            self.standing[camera] = ""

    def _tell(self, camera: str, before: str, told: dict[str, Any]) -> None:
        """Write that one trouble ended, another began, or both."""
        office = self._settings.office.id
        with self._store.act() as act:
            if before:
                data: dict[str, Any] = {"camera": camera, "trouble": before}
                journal.append(act, "camera.cleared", office=office, actor="system", data=data)
            if told["standing"]:
                moments = {"before": told["before"], "now": told["now"], "figures": told["figures"]}
                data = {"camera": camera, "trouble": told["standing"], **moments}
                journal.append(act, "camera.troubled", office=office, actor="system", data=data)
        self.standing[camera] = told["standing"]
        log.warning("camera %s: its picture is %s", camera, told["standing"] or "of use again")

    def _run(self) -> None:
        """A look at each camera every ``eyes_s``, the cameras spread over that time."""
        every_s = self._settings.footage.eyes_s / max(1, len(self.cameras))
        due = time.monotonic() + every_s
        while self.cameras:
            for camera in self.cameras:
                if self._stop.wait(max(0.0, due - time.monotonic(), self._rest.left_s)):
                    return
                due = max(due + every_s, time.monotonic())
                self._tried(camera)

    def _tried(self, camera: CameraSettings) -> None:
        try:
            self.look(camera)
        except Exception as fault:
            if not self._stop.is_set():
                log.warning("the eyes on %s: %s", camera.name, fault)
                self._rest.fault()
                self._blind = True
            return
        self._rest.well()
        self._blind = False

    def _health(self, camera: str) -> dict[str, Any]:
        self._hear(camera)
        if reason := self.standing.get(camera) or ("blind" if self._blind else None):
            return {"state": "trouble", "reason": reason}
        piece = footage.last(self._store.read(), camera)
        seen = piece is not None and self._store.clock() - piece.ends <= OLD_MS
        return {"state": "ok" if seen else "unknown", "reason": None}  # what does not come cannot be looked at


def closed(settings: Settings, at: int) -> bool:
    """Whether no service of the hall is open around that moment (ms UTC), and nobody is about."""
    around = (at - CLOSED_MS, at, at + CLOSED_MS)
    return not any(one.is_open(moment) for one in settings.calendars.values() for moment in around)


def alarm_picture(data: Path, camera: str, moment: int) -> Path | None:
    """The picture of an alarm of ``camera`` taken at ``moment`` (ms UTC); None where it is gone with its days."""
    path = data / FOLDER / camera / f"{moment}.jpg"
    return path if path.is_file() else None
