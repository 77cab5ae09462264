"""The cameras of an office at work: indexed, watched over, told in the journal and the health report."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from camera import CameraFault, FaultKind
from camera.orders import check
from camera.reasons import Reasons
from camera.service import Cameras
from camera.simulated.dials import SMALL
from camera.simulated.server import Simulator
from office import footage, journal
from office.camera_places import seeing
from office.clock import system_clock
from office.errors import ConfigurationError
from office.store import Store
from office.watching import Wish, checked
from tools.filmed import row
from tools.rehearsal import settings_with
from tools.waiting import wait_for

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills are POSIX")


@pytest.fixture(name="sim", scope="module")
def _sim() -> Iterator[Simulator]:
    with Simulator(("cam1", "hall"), SMALL) as made:
        yield made


class Office:
    """Cameras at work in an office of their own."""

    def __init__(self, folder: Path, rows: list[dict[str, Any]], piece_s: int = 2) -> None:
        self.settings = settings_with(cameras=rows, footage={"piece_s": piece_s})
        self.store = Store(folder / "office.sqlite3")
        self.folder = folder / "footage"
        self.cameras = Cameras(self.store, self.settings, self.folder)

    def told(self, *kinds: str) -> list[tuple[str, dict[str, Any]]]:
        """What the journal says of these kinds."""
        return [(one.kind, one.data) for one in journal.read(self.store.read(), only=journal.Filter(kinds=kinds))]

    def agrees(self, camera: str) -> bool:
        """Whether index and folder do."""
        indexed = [footage.path_of(self.folder, camera, one) for one in footage.starts(self.store.read(), camera)]
        return bool(indexed) and indexed == sorted((self.folder / camera).rglob("*.*"))


@contextmanager
def recording(folder: Path, rows: list[dict[str, Any]], piece_s: int = 2) -> Iterator[Office]:
    office = Office(folder, rows, piece_s)
    office.cameras.start()
    try:
        yield office
    finally:
        office.cameras.stop()


def test_what_a_killed_recorder_left_is_kept_and_another_goes_on(tmp_path: Path, sim: Simulator) -> None:
    with recording(tmp_path, [row(sim, "cam1"), row(sim, "hall")], 60) as office:
        one, other = office.cameras.recordings
        wait_for(lambda: one.state.recording and other.state.recording)
        time.sleep(1.5)  # something to lose
        killed, first = system_clock(), one.pid
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: office.told("camera.lost"))
        [(_, lost)] = office.told("camera.lost")
        assert (lost["camera"], lost["reason"]) == ("cam1", "unknown")
        assert one.state.last_end > killed - 2000
        wait_for(lambda: one.state.recording)
        assert one.pid != first
        wait_for(lambda: office.told("camera.recovered"))
    assert office.agrees("cam1")
    assert office.agrees("hall")
    whole = footage.cover(office.store.read(), "cam1", killed - 3000, one.state.last_end)
    assert len(whole.pieces) == 2
    assert [begins for begins, _ in whole.gaps][-1:] == [whole.pieces[0].ends]
    assert [data["camera"] for _, data in office.told("camera.recovered")] == ["cam1"]


def test_a_recorder_that_hangs_is_noticed_within_six_seconds(tmp_path: Path, sim: Simulator) -> None:
    with recording(tmp_path, [row(sim, "cam1")]) as office:
        [one] = office.cameras.recordings
        wait_for(lambda: one.state.recording)
        begun = time.monotonic()
        os.kill(one.pid, signal.SIGSTOP)
        wait_for(lambda: one.state.fault is FaultKind.STALLED, 6)
        assert time.monotonic() - begun < 6
    assert office.agrees("cam1")


def test_a_camera_that_gives_nothing_is_told_once_and_in_the_health_report(tmp_path: Path, sim: Simulator) -> None:
    rows = [row(sim, "cam1", password="wrong"), row(sim, "hall", address=sim.address("nowhere"))]
    with recording(tmp_path, rows) as office:
        asked = office.cameras.health()
        assert [ask()["state"] for ask in asked.values()] == ["ok", "ok"]  # nothing is known yet
        wait_for(lambda: len(office.told("camera.lost")) == 2)
        time.sleep(1.2)  # tries go on
        assert {name: (ask()["state"], ask()["reason"]) for name, ask in asked.items()} == {
            "camera cam1": ("trouble", "refused"),
            "camera hall": ("trouble", "no_stream"),
        }
        assert len(office.told("camera.lost", "camera.recovered")) == 2


def test_a_lost_camera_tells_again_when_the_reason_is_another(tmp_path: Path, sim: Simulator) -> None:
    with recording(tmp_path, [row(sim, "cam1")]) as office:
        [one] = office.cameras.recordings
        wait_for(lambda: one.state.recording)
        sim.turn("cam1", changed_password=True)
        sim.drop("cam1")
        try:
            wait_for(lambda: "refused" in [data["reason"] for _, data in office.told("camera.lost")])
            assert [data["reason"] for _, data in office.told("camera.lost")][-1] == one.state.fault
        finally:
            sim.turn("cam1", changed_password=False)


def test_reasons_that_go_to_and_fro_fill_no_journal() -> None:
    reasons, kinds = Reasons(), (FaultKind.ENDED, FaultKind.UNREACHABLE)
    said = [at for at in range(1200) if reasons.news(kinds[at % 2], at)]
    assert len(said) == 4
    assert reasons.news(FaultKind.REFUSED, 1200)


def test_a_retired_camera_is_asked_nothing_and_its_footage_is_shown_while_it_covered(tmp_path: Path) -> None:
    covers = [{"counter": "1", "until": "2026-11-20"}]
    gone = {"name": "old", "title": {"vi": "Cũ"}, "address": "rtsp://127.0.0.1:1/none", "retired": True}
    office = Office(tmp_path, [gone | {"covers": covers}])
    assert (office.cameras.recordings, office.cameras.health()) == ((), {})
    seen = [seeing(office.settings.cameras, "1", date(2026, 11, day)) for day in (20, 21)]
    assert [[one.name for one in some] for some in seen] == [["old"], []]
    wish = Wish(("old",), 1, 2, "incident")
    assert checked(office.settings, wish) == wish  # may be watched, held and exported


def test_a_clock_that_is_off_is_told_but_footage_is_taken(tmp_path: Path, sim: Simulator) -> None:
    sim.turn("cam1", clock_s=90.0)
    before = Store(tmp_path / "office.sqlite3")
    with before.act() as act:  # it was lost before this start
        data = {"camera": "cam1", "reason": "ended", "since": before.clock() - 60_000}
        journal.append(act, "camera.lost", office="x", actor="system", data=data)
    before.close()
    with recording(tmp_path, [row(sim, "cam1"), row(sim, "hall")]) as office:
        one = office.cameras.health()["camera cam1"]
        wait_for(lambda: one()["clock_offset_s"] is not None and one()["pieces"])
        assert one()["reason"] == "clock_off"
        assert abs(one()["clock_offset_s"] - 90) < 0.3
        assert one()["last_piece_age_s"] < 5
        assert one()["kbit_s"] > 20
        [told] = [data for _, data in office.told("camera.clock_read") if data["camera"] == "cam1"]
        assert (told["camera"], round(told["offset_ms"] / 1000)) == ("cam1", 90)
        wait_for(lambda: office.told("camera.recovered"))
        [(_, back)] = office.told("camera.recovered")
        assert back["camera"] == "cam1"
        assert 60 <= back["after_s"] < 90
    with pytest.raises(CameraFault, match=r"its clock is \+(90\.|89\.[89])\d? s off") as fault:
        check(office.settings.cameras[0])
    assert fault.value.kind is FaultKind.CLOCK_OFF
    sim.turn("cam1", clock_s=0.0)
    assert check(office.settings.cameras[1]).startswith("rtsp, 640x360 H.264 at 10/s, clock ")


def test_a_folder_that_cannot_be_written_is_the_disks_fault(tmp_path: Path, sim: Simulator) -> None:
    (tmp_path / "footage").mkdir()
    (tmp_path / "footage" / "cam1").touch()
    with recording(tmp_path, [row(sim, "cam1")]) as office:
        [one] = office.cameras.recordings
        wait_for(lambda: one.state.fault is FaultKind.DISK)
        (tmp_path / "footage" / "cam1").unlink()
        wait_for(lambda: one.state.pieces)
    assert office.agrees("cam1")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"address": "http://camera/stream"}, "use rtsp://HOST:554/PATH"),
        ({"address": "rtsp://me:secret@camera/stream"}, "write name and password into user and password"),
        ({"source": "usb"}, "use its number"),
        ({"password_env": "CAMERA_PASSWORD"}, "one of the two"),
        ({"timeout_s": 0}, "camera.0.timeout_s"),
        ({"covers": [{"counter": "1", "since": "2026-03-02", "until": "2026-03-01"}]}, "lies before since"),
        ({"retired": True}, "give each of its covers an until"),
        ({"zoom": 2}, "unknown key; allowed: name"),
    ],
)
def test_configuration_is_checked_before_anything_starts(sim: Simulator, change: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigurationError) as fault:
        settings_with(cameras=[row(sim, "cam1") | change])
    assert "devices.toml" in str(fault.value)
    assert told in str(fault.value)
    assert "secret" not in str(fault.value).replace("user and password", "")
