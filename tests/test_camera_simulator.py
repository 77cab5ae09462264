"""The simulated cameras, looked at by real clients: PyAV and OpenCV."""

import socket
import time
from collections.abc import Iterator

import av
import cv2
import pytest

from camera.simulated.server import Simulator
from tools.burnt_clock import read

QUICK = {"rtsp_transport": "tcp", "fpsprobesize": "0", "analyzeduration": "200000"}
FRAME_MS = 100


@pytest.fixture(name="simulator", scope="module")
def _simulator() -> Iterator[Simulator]:
    with Simulator(("cam1", "hall")) as made:
        yield made


def opened(simulator: Simulator, camera: str = "cam1") -> "av.container.InputContainer":
    return av.open(simulator.address(camera, signed_in=True), options=QUICK, timeout=(3, 1))


def test_the_burnt_clock_is_now(simulator: Simulator) -> None:
    with opened(simulator) as stream:
        seen = [(read(frame.to_ndarray(format="rgb24")), time.time() * 1000) for frame, _ in zip(stream.decode(video=0), range(8))]
    moments = [burnt.ms for burnt, _ in seen if burnt]
    assert len(moments) == len(seen)
    assert [b - a for a, b in zip(moments, moments[1:])] == [FRAME_MS] * (len(seen) - 1)
    assert abs(seen[-1][1] - moments[-1]) < 3 * FRAME_MS


def test_opencv_falls_back_to_tcp(simulator: Simulator) -> None:
    stream = cv2.VideoCapture(simulator.address("hall", signed_in=True), cv2.CAP_FFMPEG)
    good, picture = stream.read()
    stream.release()
    found = read(picture)
    assert good and found and found.camera == 2


def test_a_wrong_password_is_refused(simulator: Simulator) -> None:
    with pytest.raises(av.error.HTTPUnauthorizedError):
        av.open(simulator.address("cam1").replace("//", "//viewer:wrong@"), options=QUICK)


def test_killed_and_revived(simulator: Simulator) -> None:
    with opened(simulator) as stream:
        packets = stream.demux(video=0)
        next(packets)
        simulator.kill()
        assert sum(1 for _ in packets) < 30
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", simulator.port)) != 0
    simulator.revive()
    with opened(simulator) as stream:
        assert next(stream.decode(video=0))
