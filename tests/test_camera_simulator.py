"""The simulated cameras, looked at by real clients: PyAV and OpenCV; and the reader of their burnt-in clock."""

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, pairwise
from typing import Any

import av
import cv2
import numpy as np
import numpy.typing as npt
import pytest
from av.container import InputContainer
from PIL import Image

from camera.simulated.dials import FULL, LOOP, SMALL, Profile
from camera.simulated.feed import Camera
from camera.simulated.scene import rgb
from camera.simulated.server import Simulator
from tools.burnt_clock import Burnt, read

QUICK = {"rtsp_transport": "tcp", "fpsprobesize": "0", "analyzeduration": "200000"}
FRAME_MS = 40
FAST = replace(SMALL, fps=25)
Picture = npt.NDArray[Any]
MOMENT = 1_795_774_622_300


@pytest.fixture(name="simulator", scope="module")
def _served() -> Iterator[Simulator]:
    with Simulator(("cam1", "hall"), FAST) as made:
        yield made


@pytest.fixture(autouse=True)
def _calm(simulator: Simulator) -> Iterator[None]:
    yield
    simulator.revive()
    for camera in simulator.cameras.values():
        camera.calm()


def opened(address: str, patience_s: float = 1) -> InputContainer:
    return av.open(address, options=QUICK, timeout=(3, patience_s))


def watched(stream: InputContainer, pictures: int = 1) -> list[tuple[Burnt, Picture]]:
    """The next pictures, with their clocks."""
    made = [frame.to_ndarray(format="rgb24") for frame in islice(stream.decode(video=0), pictures)]
    return [(found, one) for one in made if (found := read(one))]


def luma(simulator: Simulator, **dials: bool) -> Picture:
    """What a client sees of camera 1, below its clock, with dials turned."""
    simulator.turn("cam1", **dials)
    with opened(simulator.address(signed_in=True)) as stream:
        return watched(stream, 2)[-1][1][90:].astype(float)


def edges(picture: Picture) -> float:
    """The share of places where a picture turns sharply."""
    return float((np.abs(np.diff(picture, axis=1)) > 30).mean())


def test_the_burnt_clock_is_now_and_counts_every_picture(simulator: Simulator) -> None:
    with opened(simulator.address(signed_in=True)) as stream:
        moments = [burnt.ms for burnt, _ in watched(stream, 8)]
        late = time.time() * 1000 - moments[-1]
    assert [after - before for before, after in pairwise(moments)] == [FRAME_MS] * 7
    assert 0 <= late < 200


def test_opencv_is_refused_udp_and_falls_back_to_tcp(simulator: Simulator) -> None:
    wanted = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, 3000, cv2.CAP_PROP_READ_TIMEOUT_MSEC, 3000]
    stream = cv2.VideoCapture(simulator.address("hall", signed_in=True), cv2.CAP_FFMPEG, wanted)
    _, picture = stream.read()
    stream.release()
    assert (found := read(picture))
    assert found.camera == 2


@pytest.mark.parametrize("dials", [{"changed_password": True}, {}])
def test_a_wrong_password_is_refused(simulator: Simulator, dials: dict[str, bool]) -> None:
    simulator.turn("cam1", **dials)
    password = simulator.password if dials else "wrong"
    with pytest.raises(av.error.HTTPUnauthorizedError):
        opened(f"rtsp://{simulator.user}:{password}@127.0.0.1:{simulator.port}/cam1")


@pytest.mark.parametrize(
    ("path", "dials", "fault"),
    [
        ("cam9", {}, av.error.HTTPNotFoundError),
        ("cam1", {"missing": True}, av.error.HTTPNotFoundError),
        ("cam1", {"refused": True}, av.error.HTTPServerError),
    ],
)
def test_no_stream(simulator: Simulator, path: str, dials: dict[str, bool], fault: type[Exception]) -> None:
    simulator.turn("cam1", **dials)
    with pytest.raises(fault):
        opened(simulator.address(path, signed_in=True))


def test_basic_sign_in_is_enough(simulator: Simulator) -> None:
    head = "Authorization: Basic dmlld2VyOmNvdW50ZXItNw=="
    with socket.create_connection(("127.0.0.1", simulator.port), 3) as line:
        line.sendall(f"DESCRIBE {simulator.address()} RTSP/1.0\r\nCSeq: 1\r\n{head}\r\n\r\n".encode())
        assert line.recv(100).startswith(b"RTSP/1.0 200 OK")


def test_a_stall_keeps_the_line_and_ends_with_a_keyframe(simulator: Simulator) -> None:
    with opened(simulator.address(signed_in=True), 0.5) as stream:
        packets = stream.demux(video=0)
        next(packets)
        simulator.turn("cam1", stalled=True)
        with pytest.raises(av.error.ExitError):
            list(packets)
        assert simulator.cameras["cam1"].looking == 1


def test_dropped_and_served_again(simulator: Simulator) -> None:
    with opened(simulator.address(signed_in=True)) as stream:
        packets = stream.demux(video=0)
        next(packets)
        simulator.drop("cam1")
        assert sum(1 for _ in packets) < 20
    with opened(simulator.address(signed_in=True)) as stream:
        assert watched(stream)


def test_killed_and_revived(simulator: Simulator) -> None:
    with opened(simulator.address(signed_in=True)) as stream:
        packets = stream.demux(video=0)
        next(packets)
        simulator.kill()
        assert sum(1 for _ in packets) < 20
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", simulator.port)) != 0
    simulator.revive()
    with opened(simulator.address(signed_in=True)) as stream:
        assert watched(stream)


def test_a_wrong_clock_is_in_the_picture_and_in_the_reports(simulator: Simulator) -> None:
    simulator.turn("cam1", clock_s=-95.0)
    with opened(simulator.address(signed_in=True)) as stream:
        packet = next(stream.demux(video=0))
        told = {one.data_type: bytes(one) for one in packet.iter_sidedata()}
        reported = int.from_bytes(told["prft"][:8], "little") / 1000
        burnt = read(packet.decode()[0].to_ndarray(format="rgb24")) or watched(stream)[0][0]
    assert abs(time.time() * 1000 - 95_000 - burnt.ms) < 400
    assert abs(reported - burnt.ms) <= FRAME_MS


def test_late_pictures(simulator: Simulator) -> None:
    simulator.turn("cam1", latency_s=2.0)
    with opened(simulator.address(signed_in=True)) as stream:
        assert 1900 < time.time() * 1000 - watched(stream)[0][0].ms < 2500


def test_hevc_hangs_up_and_is_served_anew(simulator: Simulator) -> None:
    with opened(simulator.address(signed_in=True)) as stream:
        simulator.turn("cam1", hevc=True)
        assert sum(1 for _ in stream.demux(video=0)) < 20
    with opened(simulator.address(signed_in=True)) as stream:
        assert stream.streams.video[0].codec_context.name == "hevc"
        assert watched(stream)


def test_what_the_picture_dials_do(simulator: Simulator) -> None:
    usual, black, covered = luma(simulator), luma(simulator, black=True), luma(simulator, black=False, covered=True)
    dark, moved = luma(simulator, covered=False, lights_off=True), luma(simulator, lights_off=False, moved=True)
    blurred = luma(simulator, moved=False, blurred=True)
    assert usual.mean() > 3 * dark.mean() > 6 * black.mean()
    assert black.mean() < 5
    assert covered.std() < usual.std() / 3
    assert edges(blurred) < edges(usual) / 5
    assert np.abs(moved - usual).mean() > 20


def test_a_frozen_picture_stands_with_its_clock(simulator: Simulator) -> None:
    simulator.turn("cam1", frozen=True)
    with opened(simulator.address(signed_in=True)) as stream:
        assert len({burnt.ms for burnt, _ in watched(stream, 5)}) == 1


def test_a_loop_is_full_size_and_has_no_clock() -> None:
    small = Profile(320, 180, 25, 200_000, clock=False)
    assert (LOOP.width, LOOP.height, LOOP.fps) == (FULL.width, FULL.height, FULL.fps) == (1920, 1080, 15)
    with Simulator(profile=small, user="") as simulator, opened(simulator.address()) as stream:
        packets = [packet for packet in islice(stream.demux(video=0), 30) if packet.size]
        assert sum(packet.is_keyframe for packet in packets) == 2


@pytest.mark.parametrize("profile", [SMALL, FULL])
def test_the_clock_is_read_at_any_size_and_place(profile: Profile) -> None:
    camera = Camera("cam3", 3, profile)
    picture = Image.fromarray(rgb(camera.picture(MOMENT, MOMENT)))
    camera.close()
    for wide in (1366, 800, 390, 320):
        small = picture.resize((wide, wide * 9 // 16), Image.Resampling.BILINEAR)
        page = Image.new("RGB", (wide + 160, small.height + 90), "white")
        page.paste(small, (37, 53))
        assert read(small) == read(page) == Burnt(MOMENT, 3), wide


def test_no_clock_is_none() -> None:
    noise = np.random.default_rng(7).integers(0, 255, (180, 640), dtype=np.uint8)
    assert read(noise) is None
    assert read(np.zeros((10, 10, 3), np.uint8)) is None
