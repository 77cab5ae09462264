"""The real lens driver: a camera read in a process that can be killed, over a network line and from a file."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from apart.child import ROOT
from office.errors import UnreadablePicture
from office.scan_sections import ScannerSettings
from scanner import FaultKind, Read, ScannerFault
from scanner.lens import Lens
from scanner.picture_size import pixels
from scanner.pictures import Pictures
from scanner.service import Reading
from scanner.simulated_lens import SimulatedLens
from tools.waiting import wait_for

CODE = "H55.242-261120-0007"
OTHER = "H55.242-261120-0008"
URL = f"https://dvc.example/tra-cuu?MHS={CODE}"


def receipt(text: str = "", name: str = "JPEG") -> bytes:
    """A sheet on a table, with a QR code of ``text``; without a text the table alone."""
    table = Image.new("L", (1280, 720), 90)
    if text:
        table.paste(Image.new("L", (700, 600), 245), (290, 60))
        drawn = io.BytesIO()
        segno.make(text, micro=False).save(drawn, kind="png", scale=8, border=4)
        table.paste(Image.open(drawn).convert("L"), (420, 160))
    out = io.BytesIO()
    table.save(out, name)
    return out.getvalue()


@pytest.fixture(name="lens")
def _lens() -> Iterator[SimulatedLens]:
    with SimulatedLens(receipt()) as made:
        yield made


def settings(device: str, **more: object) -> ScannerSettings:
    return ScannerSettings.model_validate({"name": "lens", "driver": "lens", "device": device, "counter": "1"} | more)


def reads(lens: Lens, seconds: float) -> list[Read]:
    """What it reads in so many seconds; hints are the reader's own matter."""
    until = time.monotonic() + seconds
    found = []
    while (left := until - time.monotonic()) > 0:
        if isinstance(one := lens.next(min(left, 0.5)), Read):
            found.append(one)
    return found


def gather(lens: Lens, found: list[Read]) -> None:
    """All it reads, until it fails."""
    for _ in range(40):
        found += reads(lens, 0.5)


@pytest.mark.slow
def test_a_receipt_held_under_the_lens_reads_once_and_again_when_it_comes_again(lens: SimulatedLens) -> None:
    driver = Lens(settings(lens.address))
    try:
        assert reads(driver, 1) == []
        lens.hold(receipt(URL))
        begun = time.monotonic()
        first = next(read for _ in range(20) if (read := driver.next(0.5)) is not None)
        assert first == Read(URL, "qr")
        assert time.monotonic() - begun < 2
        assert reads(driver, 3) == []
        lens.hold(receipt(OTHER))
        assert reads(driver, 2) == [Read(OTHER, "qr")]
        lens.hold(receipt())
        assert reads(driver, 3.5) == []
        lens.hold(receipt(URL))
        assert reads(driver, 2) == [Read(URL, "qr")]
    finally:
        driver.close()


@pytest.mark.slow
def test_a_stalled_camera_is_a_fault_in_time(lens: SimulatedLens) -> None:
    driver = Lens(settings(lens.address, timeout_s=2))
    lens.stalled = True
    begun = time.monotonic()
    with pytest.raises(ScannerFault) as fault:
        reads(driver, 12)
    assert fault.value.kind in (FaultKind.TIMEOUT, FaultKind.OFFLINE)
    assert time.monotonic() - begun < 8
    driver.close()


def test_a_process_that_dies_is_a_fault_at_once(lens: SimulatedLens) -> None:
    driver = Lens(settings(lens.address))
    os.kill(driver.pid, signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    with pytest.raises(ScannerFault, match="ended"):
        reads(driver, 5)
    driver.close()


def test_a_camera_that_is_not_there() -> None:
    with pytest.raises(ScannerFault, match="cannot be opened") as fault:
        Lens(settings("http://user:hidden-password@127.0.0.1:9/"))
    assert fault.value.kind is FaultKind.OFFLINE
    assert "hidden-password" not in f"{fault.value!r}"


def test_a_file_is_watched_to_its_end(tmp_path: Path) -> None:
    path = str(tmp_path / "film.avi")
    film = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*"MJPG"), 10, (1280, 720))
    for picture in [receipt()] * 3 + [receipt(CODE)] * 12:
        film.write(np.asarray(cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR), np.uint8))
    film.release()
    driver = Lens(settings(path))
    found: list[Read] = []
    with pytest.raises(ScannerFault, match="no more pictures"):
        gather(driver, found)
    assert found == [Read(CODE, "qr")]
    driver.close()


def test_no_password_among_a_programs_arguments(lens: SimulatedLens) -> None:
    driver = Lens(settings(lens.address))
    if Path("/proc").is_dir():
        assert lens.address not in Path(f"/proc/{driver.pid}/cmdline").read_text()
    driver.close()


def test_the_process_ends_with_the_server(lens: SimulatedLens) -> None:
    order = f'{{"device": "{lens.address}", "fps": 5}}\n'
    child = subprocess.Popen(
        [sys.executable, "-m", "scanner.capture"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(order)
    child.stdin.flush()
    assert child.stdout.readline() == '{"ready": true}\n'
    child.stdin.close()
    assert child.wait(5) == 0
    child.stdout.close()


@pytest.mark.slow
def test_the_service_looks_again_when_the_camera_is_back(lens: SimulatedLens) -> None:
    told: list[tuple[str, str]] = []

    class Desk:
        def read(self, reader: ScannerSettings, text: str, symbology: str) -> None:
            told.append((symbology, text))

        def hinted(self, reader: ScannerSettings, hint: str) -> None:
            told.append(("hint", hint))

        def failed(self, reader: ScannerSettings, reason: str) -> None:
            told.append(("failed", reason))

        def recovered(self, reader: ScannerSettings, after_s: int) -> None:
            told.append(("recovered", ""))

    reading = Reading(settings(lens.address), Desk(), rest_s=0.1)
    reading.start()
    wait_for(lambda: reading.state.open)
    lens.gone = True
    wait_for(lambda: told == [("failed", "offline")])
    lens.gone = False
    wait_for(lambda: told[1:] == [("recovered", "")])
    lens.hold(receipt(CODE))
    wait_for(lambda: told[2:] == [("qr", CODE)])
    reading.stop()


@pytest.mark.slow
def test_uploaded_pictures() -> None:
    pictures = Pictures()
    try:
        assert pictures.read(receipt(URL)) == [("qr", URL)]
        assert pictures.read(receipt("Hộ tịch: Nguyễn Văn Thử", "PNG")) == [("qr", "Hộ tịch: Nguyễn Văn Thử")]
        assert pictures.read(receipt()) == []
        for bad in (b"", b"\xff\xd8\xff", b"GIF89a" + bytes(100)):
            with pytest.raises(UnreadablePicture):
                pictures.read(bad)
    finally:
        pictures.close()


def test_a_small_file_that_unfolds_to_gigabytes_is_never_unfolded() -> None:
    head = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (30_000).to_bytes(4) + (30_000).to_bytes(4)
    assert pixels(head) == 900_000_000
    with pytest.raises(UnreadablePicture):
        Pictures().read(head + bytes(1000))


@pytest.mark.parametrize("name", ["JPEG", "PNG"])
def test_the_size_stands_in_the_head(name: str) -> None:
    for size in ((1, 1), (640, 480), (4032, 3024)):
        for more in ({}, {"progressive": True, "exif": bytes(3000)}):
            out = io.BytesIO()
            Image.new("RGB", size, (9, 99, 199)).save(out, name, **more)
            assert pixels(out.getvalue()) == size[0] * size[1]
            assert pixels(out.getvalue()[:10]) == 0


@given(st.binary(max_size=400), st.sampled_from([b"", b"\xff\xd8", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n"]))
def test_any_bytes_have_a_size_or_none(data: bytes, head: bytes) -> None:
    assert pixels(head + data) >= 0
