"""The real python-escpos drivers against simulated printers: what is printed is what was drawn, faults are named."""

import array
import os
import socket
import subprocess
import sys
import termios
import threading
import time
import tty
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
import usb.backend
import usb.core
from PIL import Image

from office.sections import PrinterSettings
from printer import DRIVERS, FaultKind, Paper, Printer, PrinterFault, PrinterStatus, load_driver, look, wire
from printer.interpreter import Head
from printer.sheet import Code, Raster, Sheet
from printer.simulator import Simulator
from printer.thermal import Network, Serial, Usb, encode

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


def dots(sheet: Sheet) -> bytes:
    """The drawn picture's pixels, black on white."""
    (raster,) = sheet.parts
    assert isinstance(raster, Raster)
    return Image.frombytes("1", (raster.width, raster.height), raster.bits).point([255] + [0] * 255).tobytes()


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


def test_bytes_of_the_guide() -> None:
    """Examples worked out by hand from Epson's tables, so that driver and simulator cannot agree on an error."""
    assert wire.ask(4) == b"\x10\x04\x04"
    assert wire.status_from(0x12, 0x12, 0x12) == PrinterStatus(True, Paper.OK)
    assert wire.status_from(0x1A, 0x32, 0x7E) == PrinterStatus(False, Paper.OUT)
    assert wire.status_from(0x12, 0x12, 0x1E).paper is Paper.NEAR_END
    assert wire.status_from(0x1A, 0x16, 0x12) == PrinterStatus(False, Paper.OK, cover_open=True)
    assert wire.status_from(0x1A, 0x52, 0x12, 0x1A).error == "cutter"
    assert [wire.is_realtime(byte) for byte in (0x12, 0x7E, 0x00, 0x0F, 0x10, 0x92)] == [True, True, *[False] * 4]
    assert [wire.is_paper_in_turn(byte) for byte in (0x00, 0x03, 0x0C, 0x0F, 0x12, 0x01)] == [*[True] * 4, False, False]


@pytest.mark.parametrize("paper", list(Paper)[:3])
@pytest.mark.parametrize("cover_open", [False, True])
@pytest.mark.parametrize("online", [False, True])
def test_status_goes_there_and_back(paper: Paper, *, cover_open: bool, online: bool) -> None:
    told = wire.answers(PrinterStatus(online, paper, cover_open))
    heard = wire.status_from(told[1], told[2], told[4], told[3])
    assert (heard.paper, heard.cover_open) == (paper, cover_open)
    assert heard.fault == PrinterStatus(online, paper, cover_open).fault


@pytest.mark.parametrize(("width", "profile"), [(576, "RP-F10-80mm"), (384, "RP-F10-80mm"), (384, "POS-5890")])
def test_printed_dots_are_the_drawn_dots(width: int, profile: str) -> None:
    sheet = sheet_of(width=width)
    with Simulator(width=width) as printer:
        deliver(Network(settings(printer.port, profile=profile)), sheet)
        (strip,) = printer.wait_for(1)
    assert strip.picture.tobytes() == dots(sheet)


def test_blank_rows_are_fed_and_bands_are_as_wide_as_their_ink() -> None:
    blank = Sheet((Raster(576, 1000, bytes(72_000)),))
    assert len(encode(blank, PrinterSettings())) < 60
    narrow = Sheet((Raster(576, 96, (b"\x00\xff" + bytes(70)) * 96),))
    assert len(encode(narrow, PrinterSettings())) < 96 * 4 + 60


def test_no_cutter_feeds_out_to_be_torn() -> None:
    job = encode(sheet_of(50), PrinterSettings(cut=False))
    assert b"\x1dV" not in job
    assert job.endswith(b"\x1bJ\xa0")


def test_printer_draws_its_own_code(printer: Simulator) -> None:
    sheet = Sheet((Raster(576, 10, b"\xff" * 720), Code("http://a/t/ABC", 6), Raster(576, 10, b"\xff" * 720)), 126)
    deliver(Network(settings(printer.port)), sheet)
    (strip,) = printer.wait_for(1)
    assert strip.picture.height == 20 + 21 * 6
    assert strip.picture.crop((0, 10, 200, 136)).getextrema() == (255, 255)  # centred


def test_profile_narrower_than_the_paper_is_told() -> None:
    with pytest.raises(PrinterFault, match="'POS-5890' cannot print it"):
        encode(Sheet((Raster(576, 10, b"\x00" + b"\xff" * 719),)), PrinterSettings(profile="POS-5890"))


def test_unknown_profile_is_told() -> None:
    with pytest.raises(PrinterFault, match="no profile 'nonesuch'"):
        encode(sheet_of(10), PrinterSettings(profile="nonesuch"))


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


class UsbWire(usb.backend.IBackend):  # type: ignore[misc]  # pyusb ships no types
    """A USB bus with one printer on it, below pyusb: its end points are joined to a simulated printer."""

    def __init__(self) -> None:
        super().__init__()
        self.host, self._printer = socket.socketpair()
        self.plugged = True

    @property
    def line(self) -> socket.socket:
        return self._printer

    def enumerate_devices(self) -> Iterator[str]:
        return iter(["printer"] if self.plugged else [])

    def get_device_descriptor(self, dev: Any) -> Any:
        fields = "bLength bDescriptorType bcdUSB bDeviceClass bDeviceSubClass bDeviceProtocol bMaxPacketSize0"
        rest = "bcdDevice iManufacturer iProduct iSerialNumber bNumConfigurations address bus port_number speed"
        return SimpleNamespace(
            **dict.fromkeys(f"{fields} {rest}".split(), 1), idVendor=0x04B8, idProduct=0x0202, port_numbers=(1,)
        )

    def get_configuration_descriptor(self, dev: Any, config: int) -> Any:
        names = "bLength bDescriptorType wTotalLength bNumInterfaces bConfigurationValue iConfiguration"
        told = SimpleNamespace(**dict.fromkeys(names.split(), 1), bmAttributes=0xC0, bMaxPower=1, extra_descriptors=[])
        if config:
            raise IndexError
        return told

    def get_interface_descriptor(self, dev: Any, intf: int, alt: int, config: int) -> Any:
        if intf or alt:
            raise IndexError
        names = "bLength bDescriptorType bInterfaceSubClass bInterfaceProtocol iInterface"
        return SimpleNamespace(
            **dict.fromkeys(names.split(), 1), bInterfaceNumber=0, bAlternateSetting=0, bNumEndpoints=2,
            bInterfaceClass=7, extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(self, dev: Any, ep: int, intf: int, alt: int, config: int) -> Any:
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=(0x03, 0x84)[ep], bmAttributes=2, wMaxPacketSize=64,
            bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: Any) -> Any:
        return dev

    def close_device(self, dev_handle: Any) -> None: ...

    def set_configuration(self, dev_handle: Any, config_value: int) -> None: ...

    def get_configuration(self, dev_handle: Any) -> int:
        return 1

    def claim_interface(self, dev_handle: Any, intf: int) -> None: ...

    def release_interface(self, dev_handle: Any, intf: int) -> None: ...

    def reset_device(self, dev_handle: Any) -> None: ...

    def bulk_write(self, dev_handle: Any, ep: int, intf: int, data: Any, timeout: int) -> int:
        assert ep == 0x03
        self.host.settimeout(timeout / 1000)
        self.host.sendall(data.tobytes())
        return len(data)

    def bulk_read(self, dev_handle: Any, ep: int, intf: int, buff: Any, timeout: int) -> int:
        assert ep == 0x84
        self.host.settimeout(timeout / 1000)
        try:
            data = self.host.recv(len(buff))
        except TimeoutError as fault:
            raise usb.core.USBTimeoutError("Operation timed out", errno=110) from fault
        buff[: len(data)] = array.array("B", data)
        return len(data)


def test_usb_printer_with_end_points_of_its_own() -> None:
    bus, sheet = UsbWire(), sheet_of()

    class UsbHere(Usb):
        found_by: ClassVar[dict[str, Any]] = {"backend": bus}

    chosen = PrinterSettings(driver="usb", timeout_s=1)
    with Simulator(port=None) as printer, bus.host:
        printer.attach(bus.line)
        deliver(UsbHere(chosen), sheet)
        (strip,) = printer.wait_for(1)
        assert strip.picture.tobytes() == dots(sheet)
        printer.turn(mute=True)
        with pytest.raises(PrinterFault) as told:
            UsbHere(chosen).status()
        assert told.value.kind is FaultKind.TIMEOUT
        bus.plugged = False
        with pytest.raises(PrinterFault) as told:
            UsbHere(chosen)
        assert told.value.kind is FaultKind.OFFLINE


def test_driver_whose_library_is_missing_says_so() -> None:
    if sys.platform != "win32":
        with pytest.raises(PrinterFault, match="'windows' cannot be used here"):
            load_driver("windows")
    assert set(DRIVERS) == {"network", "usb", "serial", "cups", "windows"}


def test_importing_the_drivers_leaves_nothing_behind(tmp_path: Path) -> None:
    """No folder in the temporary directory, no handler on the root logger, no word on stdout."""
    program = (
        "import logging, printer.thermal as t; from office.sections import PrinterSettings;"
        "from printer.sheet import Raster, Sheet;"
        "t.encode(Sheet((Raster(576, 8, bytes(576)),)), PrinterSettings());"
        "assert not logging.getLogger().handlers"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=HERE.parent,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        timeout=30,
        check=True,
    )
    assert (ran.stdout, ran.stderr) == (b"", b"")
    assert list(tmp_path.iterdir()) == []


def test_interpreter_waits_for_the_rest_of_a_command() -> None:
    """Byte by byte or all at once: the same paper."""
    job = encode(sheet_of(120), PrinterSettings()) + b"hello\n\x1d(H\x06\x0000ABCD" + wire.ASK_PAPER_IN_TURN
    results = []
    for step in (1, 7, len(job)):
        said, cut = bytearray(), list[Image.Image]()
        head = Head(576, said.extend, cut.append, lambda: 0)
        for at in range(0, len(job), step):
            head.take(job[at : at + step])
        results.append((bytes(said), [strip.tobytes() for strip in cut], head.printed))
    assert results[0] == results[1] == results[2]
    assert results[0][0] == b"\x37\x22ABCD\x00\x00"
    assert results[0][2] == 30


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
