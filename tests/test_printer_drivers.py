"""The real python-escpos drivers against simulated printers: what is printed is what was drawn, faults are named."""

import os
import sys
import termios
import threading
import time
import tty
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from office.sections import PrinterSettings
from printer import DRIVERS, FaultKind, Paper, Printer, PrinterFault, load_driver, look
from printer.sheet import Code, Raster, Sheet
from printer.simulator import Simulator
from printer.thermal import Network, Serial
from tools.strips import dots

HERE = Path(__file__).resolve().parent


def sheet_of(height: int = 300, width: int = 576, seed: int = 7) -> Sheet:
    """Stripes, blanks, full rows and noise: nothing an encoder may take for granted."""
    stride, rows = width // 8, []
    for y in range(height):
        if 40 <= y < 90 or y % 37 < 4:
            rows.append(bytes(stride))
        else:
            seed = (seed * 1103515245 + y) % 2**31
            body = seed.to_bytes(4, "big") * ((y % (stride // 4)) + 1)
            rows.append((b"\x00" + body)[: stride - 1].ljust(stride, b"\x00"))
    return Sheet((Raster(width, height, b"".join(rows).replace(b"\x10", b"\x18")),))


@pytest.fixture
def printer() -> Iterator[Simulator]:
    with Simulator() as made:
        yield made


def settings(port: int, **more: Any) -> PrinterSettings:
    return PrinterSettings(driver="network", port=port, timeout_s=1, **more)


def deliver(printer: Printer, sheet: Sheet) -> None:
    try:
        assert printer.status().fault is None
        assert printer.send(sheet) > 0
        assert printer.settled(5)
    finally:
        printer.close()


@pytest.mark.parametrize(("width", "profile"), [(576, "RP-F10-80mm"), (384, "RP-F10-80mm"), (384, "POS-5890")])
def test_printed_dots_are_the_drawn_dots(width: int, profile: str) -> None:
    sheet = sheet_of(width=width)
    with Simulator(width=width) as printer:
        deliver(Network(settings(printer.port, profile=profile)), sheet)
        (strip,) = printer.wait_for(1)
    assert strip.picture.tobytes() == dots(sheet)


def test_printer_draws_its_own_code(printer: Simulator) -> None:
    sheet = Sheet((Raster(576, 10, b"\xff" * 720), Code("http://a/t/ABC", 6), Raster(576, 10, b"\xff" * 720)), 126)
    deliver(Network(settings(printer.port)), sheet)
    (strip,) = printer.wait_for(1)
    assert strip.picture.height == 20 + 21 * 6
    assert strip.picture.crop((0, 10, 200, 136)).getextrema() == (255, 255)  # centred


@pytest.mark.parametrize(
    ("dials", "kind"),
    [
        ({"paper": Paper.OUT}, FaultKind.PAPER_OUT),
        ({"cover_open": True}, FaultKind.COVER_OPEN),
        ({"cover_open": True, "paper": Paper.OUT}, FaultKind.COVER_OPEN),
        ({"offline": True}, FaultKind.OFFLINE),
        ({"error": "cutter"}, FaultKind.UNKNOWN),
        ({"paper": Paper.NEAR_END}, None),
    ],
)
def test_each_dial_is_heard(printer: Simulator, dials: dict[str, Any], kind: FaultKind | None) -> None:
    printer.turn(**dials)
    status = look(settings(printer.port))
    assert status.fault is kind
    assert status.error == dials.get("error", "")
    assert status.paper is dials.get("paper", Paper.OK)


def test_mute_printer_is_a_timeout(printer: Simulator) -> None:
    printer.turn(mute=True)
    began = time.monotonic()
    with pytest.raises(PrinterFault) as told:
        look(settings(printer.port))
    assert told.value.kind is FaultKind.TIMEOUT
    assert time.monotonic() - began < 2


def test_nobody_there_is_offline(printer: Simulator) -> None:
    printer.stop()
    with pytest.raises(PrinterFault) as told:
        look(settings(printer.port))
    assert told.value.kind is FaultKind.OFFLINE


def test_a_new_driver_each_time_survives_a_refusal(printer: Simulator) -> None:
    printer.turn(unplugged=True)
    with pytest.raises(PrinterFault):
        look(settings(printer.port))
    printer.turn(unplugged=False)
    assert look(settings(printer.port)).fault is None


def test_sending_is_not_printing(printer: Simulator) -> None:
    """The system takes a whole job for a printer that works off nothing; only the answer in turn tells."""
    driver = Network(settings(printer.port))
    printer.turn(paper=Paper.OUT)
    driver.send(sheet_of(60))
    assert not driver.settled(0.3)
    assert driver.status().fault is FaultKind.PAPER_OUT  # it has every byte
    printer.turn(paper=Paper.OK)
    assert driver.settled(5)
    assert len(printer.wait_for(1)) == 1
    driver.close()


def test_torn_job_is_cut_off_and_the_next_is_whole(printer: Simulator) -> None:
    sheet = sheet_of()
    printer.turn(cut_off_after=9000)
    driver = Network(settings(printer.port))

    def send_and_wait() -> (
        None
    ):  # the system may take it all: that the printer did not is noticed while sending or after
        driver.send(sheet)
        driver.settled(5)

    with pytest.raises(PrinterFault) as told:
        send_and_wait()
    assert told.value.kind is FaultKind.CUT_OFF
    driver.close(drop=True)
    again = Network(settings(printer.port))
    again.send(sheet, spoiled=True)
    assert again.settled(5)
    again.close()
    torn, whole = printer.wait_for(2)
    assert whole.picture.tobytes() == dots(sheet)
    assert torn.picture.tobytes() != whole.picture.tobytes()


class PtyLine:
    """A serial line: the printer's end of a pseudo terminal whose other end the driver opens by name."""

    def __init__(self) -> None:
        self._ours, self._theirs = os.openpty()
        self._closed: set[int] = set()
        tty.setraw(self._theirs, termios.TCSANOW)
        self.path = os.ttyname(self._theirs)

    def recv(self, most: int, /) -> bytes:
        return os.read(self._ours, most)

    def sendall(self, data: bytes, /) -> None:
        os.write(self._ours, data)

    def close(self) -> None:
        for end in (self._theirs, self._ours):  # the reader of ours sees the line go
            if end not in self._closed:
                self._closed.add(end)
                os.close(end)


def test_serial_printer() -> None:
    sheet, line = sheet_of(), PtyLine()
    with Simulator(port=None) as printer:
        printer.attach(line)
        chosen = PrinterSettings(driver="serial", device=line.path, baudrate=115200, timeout_s=1)
        deliver(Serial(chosen), sheet)
        (strip,) = printer.wait_for(1)
        assert strip.picture.tobytes() == dots(sheet)
        printer.turn(cover_open=True)
        assert look(chosen).fault is FaultKind.COVER_OPEN
        printer.turn(mute=True)
        with pytest.raises(PrinterFault) as told:
            look(chosen)
        assert told.value.kind is FaultKind.TIMEOUT


def test_serial_line_that_is_not_there() -> None:
    with pytest.raises(PrinterFault) as told:
        look(PrinterSettings(driver="serial", device="/dev/ttyNONE", timeout_s=1))
    assert told.value.kind is FaultKind.OFFLINE


def test_driver_whose_library_is_missing_says_so() -> None:
    if sys.platform != "win32":
        with pytest.raises(PrinterFault, match="'windows' cannot be used here"):
            load_driver("windows")
    assert set(DRIVERS) == {"network", "usb", "serial", "cups", "windows"}


def test_printers_take_one_connection_at_a_time(printer: Simulator) -> None:
    sheet = sheet_of(60)
    failed: list[BaseException] = []

    def look_often() -> None:
        try:
            for _ in range(5):
                assert look(settings(printer.port)).fault is None
        except BaseException as fault:
            failed.append(fault)

    threads = [threading.Thread(target=look_often) for _ in range(4)]
    for thread in threads:
        thread.start()
    deliver(Network(settings(printer.port)), sheet)
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(printer.wait_for(1)) == 1
