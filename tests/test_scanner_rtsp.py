"""The lens on a network camera: a receipt read through a real RTSP stream of H.264, and the stream breaking off."""

import time
from collections.abc import Iterator

import numpy as np
import pytest
import segno

from camera.simulated.burnt import Plane
from camera.simulated.dials import Dials, Profile
from camera.simulated.scene import Scene, planes
from camera.simulated.server import Simulator
from office.scan_sections import ScannerSettings
from scanner import FaultKind, Hint, Read, ScannerFault
from scanner.lens import Lens

CODE = "H55.242-261120-0007"
SIZE = (1280, 720)
SCALE = 6


class Place(Scene):
    """A reading place: the counter, and a receipt's QR on it while ``held``."""

    held = False

    def picture(self, ms: int, dials: Dials) -> Plane:
        """What the camera sees."""
        made = super().picture(ms, dials)
        if self.held:
            bars = np.kron(np.array(segno.make(CODE, micro=False).matrix, np.uint8), np.ones((SCALE, SCALE), np.uint8))
            paper = np.full([side + 16 * SCALE for side in bars.shape], 235, np.uint8)
            paper[8 * SCALE : -8 * SCALE, 8 * SCALE : -8 * SCALE] = np.where(bars, 16, 235)
            planes(made)[0][200 : 200 + paper.shape[0], 500 : 500 + paper.shape[1]] = paper
        return made


@pytest.fixture(name="simulator", scope="module")
def _simulator() -> Iterator[Simulator]:
    with Simulator(("cam1",), Profile(*SIZE, fps=10, bitrate=2_000_000)) as made:
        made.cameras["cam1"].scene = Place(*SIZE, 1)
        yield made


def next_read(lens: Lens, within_s: float) -> Read | None:
    until = time.monotonic() + within_s
    while (left := until - time.monotonic()) > 0:
        told = lens.next(left)
        if isinstance(told, Read):
            return told
        assert told is None or isinstance(told, Hint)
    return None


def test_a_receipt_is_read_through_rtsp_and_a_dead_camera_is_told(simulator: Simulator) -> None:
    place = simulator.cameras["cam1"].scene
    assert isinstance(place, Place)
    device = simulator.address(signed_in=True)
    settings = ScannerSettings.model_validate({"name": "x", "driver": "lens", "device": device, "counter": "1"})
    lens = Lens(settings)
    try:
        assert next_read(lens, 1) is None
        place.held = True
        assert next_read(lens, 10) == Read(CODE, "qr")
        assert next_read(lens, 1) is None, "one that stays there is read once"
        simulator.kill()
        with pytest.raises(ScannerFault) as told:
            next_read(lens, 30)
        assert told.value.kind in (FaultKind.OFFLINE, FaultKind.TIMEOUT)
        assert simulator.password not in f"{told.value}"
    finally:
        lens.close()


def test_a_wrong_password_is_a_fault_that_does_not_repeat_it(simulator: Simulator) -> None:
    simulator.revive()
    device = simulator.address(signed_in=True).replace(simulator.password, "wrong-word")
    settings = ScannerSettings.model_validate({"name": "x", "driver": "lens", "device": device, "counter": "1"})
    with pytest.raises(ScannerFault) as told:
        Lens(settings)
    assert "wrong-word" not in f"{told.value}"
