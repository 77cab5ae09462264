"""A source's clock, asked for over what it speaks, and what is told of it."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from camera import CameraFault
from camera.clocks import Asking, Clock
from camera.keeping import Keeping
from camera.orders import check
from camera.service import Cameras
from camera.simulated.dials import SMALL
from camera.simulated.server import Simulator
from camera.source_clock import Where, narrowed, offset_ms, onvif, rtsp, web, where
from office import journal
from office.camera_sections import CameraSettings
from office.store import Store
from tools.rehearsal import settings_with


@pytest.fixture(name="sim", scope="module")
def _sim() -> Iterator[Simulator]:
    with Simulator(("cam1",), SMALL) as made:
        made.turn("cam1", clock_s=-75.3)
        yield made


def row(sim: Simulator, **more: Any) -> dict[str, Any]:
    plain = {
        "name": "nvr",
        "title": {"vi": "Đầu ghi", "en": "Recorder"},
        "source": "onvif",
        "control_port": sim.web_port,
    }
    return {**plain, "address": f"127.0.0.1:{sim.port}", **more}


@pytest.mark.parametrize("ask", [onvif, web, rtsp])
def test_each_way_tells_whole_seconds(sim: Simulator, ask: Callable[[Where], float | None]) -> None:
    told = ask(Where("127.0.0.1", sim.web_port, sim.port, "/cam1"))
    assert told is not None
    assert -1.1 < told - (time.time() - 75.3) < 0.1


def test_a_few_answers_narrow_it_down(sim: Simulator) -> None:
    ahead_ms = offset_ms(where(CameraSettings.model_validate(row(sim))))
    assert ahead_ms is not None
    assert abs(ahead_ms + 75_300) < 200
    assert narrowed(lambda: None, 2) is None


def test_a_strange_answer_of_one_device_ends_no_asking_of_the_others(tmp_path: Path) -> None:
    rows = [
        {"name": name, "title": {"vi": name}, "source": "onvif", "address": host, "control_port": 9}
        for name, host in (("strange", f"{'a' * 64}.vn"), ("silent", "127.0.0.1:9"))  # no host has so long a label
    ]
    store, settings = Store(tmp_path / "office.sqlite3"), settings_with(cameras=rows)
    clocks, stop = tuple(Clock(one, Keeping(store, "xa", tmp_path)) for one in settings.cameras), threading.Event()
    work = threading.Thread(target=Asking(clocks, first_s=0.01, every_s=9).run, args=(stop,))
    work.start()
    until = time.monotonic() + 10
    while not clocks[1].silent and time.monotonic() < until:
        time.sleep(0.01)
    stop.set()
    work.join(5)
    assert clocks[1].silent
    store.close()


def test_without_a_web_page_it_is_asked_over_rtsp(sim: Simulator) -> None:
    ahead_ms = offset_ms(Where("127.0.0.1", 9, sim.port, "/cam1"))
    assert ahead_ms is not None
    assert abs(ahead_ms + 75_300) < 200
    with pytest.raises(OSError, match="refused"):
        offset_ms(Where("127.0.0.1", 9, 9))


def test_where_a_source_is_asked(sim: Simulator) -> None:
    def place(**more: Any) -> Where:
        return where(CameraSettings.model_validate(row(sim, control_port=80) | more))

    assert place(address="10.0.0.8") == Where("10.0.0.8", 80, 554)
    assert place(source="rtsp", address="rtsp://cam.example:8554/a/b") == Where("cam.example", 80, 8554, "/a/b")
    assert place(source="usb", address="0").host == ""


def test_a_change_is_told_once_and_shown(tmp_path: Path, sim: Simulator) -> None:
    settings = settings_with(cameras=[row(sim), row(sim, name="gone", address="127.0.0.1:9", control_port=9)])
    store = Store(tmp_path / "office.sqlite3")
    cameras = Cameras(store, settings, tmp_path / "footage")
    stop = threading.Event()
    asking = threading.Thread(target=Asking(tuple(cameras.clocks.values()), first_s=0, every_s=0.01).run, args=(stop,))
    asking.start()
    time.sleep(3)
    stop.set()
    asking.join()
    [event] = journal.read(store.read())
    assert (event.kind, event.data["camera"]) == ("camera.clock_read", "nvr")
    health = {name: ask() for name, ask in cameras.health().items()}
    assert (health["camera nvr"]["state"], health["camera nvr"]["reason"]) == ("trouble", "clock_off")
    assert abs(health["camera nvr"]["clock_offset_s"] + 75.3) < 0.2
    assert health["camera gone"]["reason"] == "unreachable"
    with pytest.raises(CameraFault, match=r"its clock is -75\.\d s off"):
        check(settings.cameras[0])
    with pytest.raises(CameraFault, match="the recorder cannot be reached"):
        check(settings.cameras[1])
    known = CameraSettings.model_validate(row(sim, offset_s=-75.3))
    assert re.fullmatch(r"onvif, its footage stays on the recorder, clock -75\.\d s", check(known))
    clock = Clock(known, Keeping(store, "xa", tmp_path))
    clock.read(-75_250, streamed=True)
    assert not clock.is_off
    assert len(journal.read(store.read())) == 1
    store.close()
