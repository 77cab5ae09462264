"""An office that is filmed: the simulated cameras recorded by the real recorder, shown by the real gallery and API."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from camera.evidence import FOLDER, Evidence
from camera.gallery import Gallery
from camera.service import Cameras
from camera.simulated.server import Simulator
from forms.press import drawn
from office.clock import system_clock
from office.form_text import Words
from office.settings import Settings
from office.store import Store
from tools.rehearsal import Hall, settings_with
from tools.waiting import wait_for
from tools.webhall import Doors
from web.hall import Footage


class Filmed(Hall):
    """A hall of the present time: its clock is the computer's, as that of its cameras is."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        super().__init__(folder, settings)
        self.store.close()
        self.store = Store(folder / "office.sqlite3", system_clock)
        self.folder = folder
        self.cameras = Cameras(self.store, settings, folder / "footage")
        self.gallery = Gallery(self.store, settings, folder / "footage", folder, self.cameras.offset_ms)

    def doors(self) -> Doors:
        """Its app and callers."""
        made, gallery = Doors(self), self.gallery
        draw = partial(drawn, words=Words(made.web.phrases, self.settings.office.zone))
        exports = Evidence(self.store, self.settings, made.web.phrases, gallery, self.folder / FOLDER, draw)
        shown = gallery.cover, gallery.clip, gallery.picture
        made.web.footage = Footage(*shown, exports.making, exports.find)
        return made

    def film(self, seconds: float) -> None:
        """Record every camera for so long, from its first picture on."""
        self.cameras.start()
        wait_for(lambda: all(one.state.recording for one in self.cameras.recordings))
        time.sleep(seconds)
        self.cameras.stop()
        self.cameras = Cameras(self.store, self.settings, self.folder / "footage")


@contextmanager
def filmed(folder: Path, rows: list[dict[str, Any]], **sections: Any) -> Iterator[Filmed]:
    """An office in ``folder`` with the cameras of ``rows``, pieces of two seconds."""
    hall = Filmed(folder, settings_with(cameras=rows, footage={"piece_s": 2}, **sections))
    hall.gallery.start()
    try:
        yield hall
    finally:
        hall.gallery.close()
        hall.store.close()


def row(sim: Simulator, name: str, **more: Any) -> dict[str, Any]:
    """A simulated camera as devices.toml has it."""
    plain = {"name": name, "title": {"vi": name, "en": name}, "address": sim.address(name)}
    return {**plain, "user": sim.user, "password": sim.password, **more}
