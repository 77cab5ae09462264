"""The recorder's process against simulated cameras: pieces, stamps, and whatever goes wrong between them."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from apart.child import Child, GoneError
from camera import fragments
from camera.job import Job, read
from camera.orders import PROGRAM
from camera.recording.part import name_of
from camera.recording.salvage import parts, salvage
from camera.simulated.dials import SMALL
from camera.simulated.server import Simulator
from office.footage import begin_of, path_of
from tools import burnt_clock

resource = pytest.importorskip("resource", reason="kills and limits are POSIX")
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(name="cameras", scope="module")
def _cameras() -> Iterator[Simulator]:
    with Simulator(("cam1", "cam2"), SMALL) as made:
        yield made


class Told:
    """A recorder and what it has said."""

    def __init__(self, job: Job) -> None:
        self.child = Child(PROGRAM, silent=True)
        self.heard: list[dict[str, Any]] = []
        self.child.say(job.line())

    def until(self, met: Callable[[dict[str, Any]], Any], timeout_s: float = 15) -> dict[str, Any]:
        """The next thing it says that is ``met``."""
        ends = time.monotonic() + timeout_s
        while True:
            told = self.child.hear(ends - time.monotonic())
            self.heard.append(told)
            if met(told):
                return told

    def piece(self) -> dict[str, Any]:
        """The next whole piece."""
        return dict(self.until(lambda told: "piece" in told)["piece"])

    def fault(self) -> dict[str, Any]:
        """The next fault."""
        return self.until(lambda told: "fault" in told)

    def stop(self) -> None:
        """Have it end by itself, and hear all it says."""
        self.child.say(b"stop\n")
        with pytest.raises(GoneError, match="code 0"):
            self.until(lambda _: False, 5)
        self.child.end()


def film(path: Path) -> list[tuple[float, int]]:
    """Each picture's second in the piece, and the moment burnt into it."""
    with av.open(str(path)) as piece:
        shown = [(frame.time, burnt_clock.read(frame.to_ndarray(format="rgb24"))) for frame in piece.decode(video=0)]
    return [(at_s, burnt.ms) for at_s, burnt in shown if at_s is not None and burnt is not None]


@pytest.fixture(name="begin")
def _begin(tmp_path: Path, cameras: Simulator) -> Iterator[Callable[..., Told]]:
    begun: list[Told] = []

    def begin(**more: Any) -> Told:
        plain: dict[str, Any] = {"camera": "cam1", "source": "rtsp", "address": cameras.address("cam1"), "piece_s": 2}
        plain |= {"user": cameras.user, "password": cameras.password, "folder": str(tmp_path)}
        begun.append(Told(Job(**(plain | more))))
        return begun[-1]

    yield begin
    for one in begun:
        one.child.end()
    cameras.turn("cam1", stalled=False, hevc=False, changed_password=False, missing=False, clock_s=0.0)
    cameras.revive()


def test_pieces_follow_each_other_and_bear_the_moments_they_show(
    tmp_path: Path, cameras: Simulator, begin: Callable[..., Told]
) -> None:
    cameras.turn("cam1", clock_s=7.5)
    told = begin()
    pieces = [told.piece() for _ in range(2)]
    assert abs(told.until(lambda one: "alive" in one)["offset_ms"] - 7500) < 250
    told.stop()
    rest = [one["piece"] for one in told.heard if "piece" in one][2:]
    for sooner, later in pairwise([*pieces, *rest]):
        assert sooner["ends"] == later["begins"]
        assert 1900 <= sooner["ends"] - sooner["begins"] <= 3100
    for piece in [*pieces, *rest]:
        path = path_of(tmp_path.parent, tmp_path.name, piece["begins"])
        content = fragments.read(path)
        assert (content.whole, content.keyframes) == (piece["bytes"], tuple(piece["keyframes"]))
        assert content.whole == path.stat().st_size
        assert abs(content.length - (piece["ends"] - piece["begins"])) < 20
        assert content.keyframes[0] == 0
        for at_s, shown in film(path):
            assert abs(shown - 7500 - piece["begins"] - at_s * 1000) < 250
    assert list(parts(tmp_path)) == []


def test_a_killed_recorder_loses_two_seconds_at_most(tmp_path: Path, begin: Callable[..., Told]) -> None:
    told = begin(piece_s=30)
    for _ in range(3):
        told.until(lambda one: "alive" in one)
    killed = time.time() * 1000
    os.kill(told.child.pid, signal.SIGKILL)
    [part] = parts(tmp_path)
    left = salvage(part)
    assert left is not None
    assert killed - begin_of(left[0]) - left[1].length < 2000
    assert left[0].stat().st_size == left[1].whole
    assert len(film(left[0])) > 15


def test_a_stall_is_noticed_in_time_and_told_as_a_gap(cameras: Simulator, begin: Callable[..., Told]) -> None:
    told = begin()
    told.until(lambda one: "alive" in one)
    cameras.turn("cam1", stalled=True)
    begun = time.monotonic()
    assert told.fault()["fault"] == "stalled"
    assert time.monotonic() - begun < 6
    before = max(one["piece"]["ends"] for one in told.heard if "piece" in one)
    cameras.turn("cam1", stalled=False)
    assert told.piece()["begins"] > before + 3000


def test_a_camera_that_hangs_up_is_called_again_at_once(cameras: Simulator, begin: Callable[..., Told]) -> None:
    told = begin(piece_s=30)
    told.until(lambda one: "alive" in one)
    cameras.drop("cam1")
    fault = told.fault()
    assert (fault["fault"], fault["rest_s"]) == ("ended", 0.5)
    assert "piece" in told.heard[-2]
    told.until(lambda one: "alive" in one, 5)
    cameras.kill()
    assert told.fault()["fault"] == "ended"
    assert told.fault()["fault"] == "unreachable"
    cameras.revive()
    told.until(lambda one: "alive" in one, 12)


@pytest.mark.parametrize(
    ("dial", "kind", "words"),
    [
        ("changed_password", "refused", "name or password is refused"),
        ("hevc", "codec", "HEVC; set the camera to H.264"),
        ("missing", "no_stream", "no stream at that path"),
    ],
)
def test_each_fault_has_its_own_name(
    cameras: Simulator, begin: Callable[..., Told], dial: str, kind: str, words: str
) -> None:
    cameras.turn("cam1", **{dial: True})
    told = begin().fault()
    cameras.turn("cam1", **{dial: False})
    assert told["fault"] == kind
    assert words in told["detail"]
    assert cameras.password not in str(told)
    assert told["rest_s"] == (15 if kind == "refused" else 0.5)  # cameras lock an account that is tried too often


def test_a_look_tells_what_there_is(cameras: Simulator, begin: Callable[..., Told]) -> None:
    cameras.turn("cam1", clock_s=-3600.0)
    seen = begin(folder="").until(lambda _: True)
    assert seen["seen"] == {"width": 640, "height": 360, "fps": 10}
    assert abs(seen["offset_ms"] + 3_600_000) < 500
    gone = begin(folder="", address="rtsp://127.0.0.1:9/x").until(lambda _: True)
    assert gone["fault"] == "unreachable"


def test_a_disk_that_takes_no_more(tmp_path: Path, begin: Callable[..., Told]) -> None:
    told = begin(piece_s=30)
    told.until(lambda one: "alive" in one)
    resource.prlimit(told.child.pid, resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
    assert told.fault()["fault"] == "disk"
    kept = next(one["piece"] for one in reversed(told.heard) if "piece" in one)
    path = path_of(tmp_path.parent, tmp_path.name, kept["begins"])
    assert 0 < path.stat().st_size == kept["bytes"] <= 100_000
    assert fragments.read(path).whole == kept["bytes"]
    resource.prlimit(told.child.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    told.until(lambda one: "alive" in one)
    told.stop()
    assert told.heard[-1]["piece"]["begins"] >= kept["ends"]


def test_it_ends_with_the_server_and_makes_its_piece_whole(tmp_path: Path, cameras: Simulator) -> None:
    program = subprocess.Popen(PROGRAM, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert program.stdin is not None
    assert program.stdout is not None
    with program:
        place: dict[str, Any] = {"address": cameras.address("cam2"), "user": cameras.user, "password": cameras.password}
        program.stdin.write(Job("cam2", "rtsp", folder=str(tmp_path), **place).line())
        program.stdin.flush()
        while b"alive" not in program.stdout.readline():
            assert program.poll() is None
        assert cameras.password not in Path(f"/proc/{program.pid}/cmdline").read_text()
        program.stdin.close()
        assert program.wait(5) == 0
    assert len(list(tmp_path.rglob("*Z.mp4"))) == 1
    assert list(parts(tmp_path)) == []


def test_a_usb_cameras_pictures_are_encoded(tmp_path: Path, begin: Callable[..., Told]) -> None:
    path = str(tmp_path / "film.avi")
    made = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*"MJPG"), 15, (640, 360))
    for number in range(60):
        made.write(np.full((360, 640, 3), 4 * number, np.uint8))
    made.release()
    told = begin(source="usb", address=path, user="", password="", folder=str(tmp_path / "usb"))
    piece = told.piece()
    assert piece["keyframes"][0] == 0
    [found] = (tmp_path / "usb").rglob("*Z.mp4")
    assert fragments.read(found).whole == piece["bytes"]
    with av.open(str(found)) as container:
        shown = list(container.decode(video=0))
    assert shown[0].to_ndarray(format="gray").mean() < shown[-1].to_ndarray(format="gray").mean()


def test_names_and_jobs() -> None:
    for begins in (0, 1_795_785_424_002, 1_795_785_424_999, 1_767_225_600_000):
        assert str(path_of(Path("f"), "c", begins)) == f"f/c/{name_of(begins)}"
        assert begin_of(Path(name_of(begins))) == begins
    job = Job("c", "rtsp", "rtsp://h:554/a?b=1", "us:er", "p@ss/w")
    assert read(job.line().decode()) == job
    assert job.location == "rtsp://us%3Aer:p%40ss%2Fw@h:554/a?b=1"
    assert "p@ss" not in repr(job)
