"""The real serial driver against the simulated scanner on a pseudo-terminal, and the service that keeps it open."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from office.scan_sections import ScannerSettings
from scanner import DRIVERS, FaultKind, Hint, Read, ScannerFault, load_driver, look
from scanner.serial_port import SerialScanner
from scanner.service import Reading, Scanners, health
from scanner.simulated import Dials, Simulator, wire
from tools.waiting import wait_for

if sys.platform == "win32":
    pytest.skip("Windows has no pseudo-terminals", allow_module_level=True)

CODE = "H55.242-261120-0007"
CARD = "001066012345||Nguyễn Văn Thử|23111966|Nam|Xóm Mẫu|01012022"


@pytest.fixture(name="simulator")
def _simulator(tmp_path: Path) -> Iterator[Simulator]:
    with Simulator(wire("pty", tmp_path / "scanner")) as made:
        yield made


@pytest.fixture(name="line")
def _line(simulator: Simulator) -> Iterator[SerialScanner]:
    line = SerialScanner(settings(simulator))
    yield line
    line.close()


def settings(simulator: Simulator, **more: object) -> ScannerSettings:
    told = {"name": "hall", "driver": "serial", "device": simulator.wire.address, "screen": "kiosk-1"} | more
    return ScannerSettings.model_validate(told)


def test_a_code_arrives(simulator: Simulator, line: SerialScanner) -> None:
    simulator.scan(CODE)
    assert line.next(2) == Read(CODE, "text")
    assert line.next(0.1) is None


@pytest.mark.parametrize(
    ("dials", "read"),
    [
        ({"split": True}, Read(CODE)),
        ({"guards": True}, Read(f"*{CODE}*")),
        ({"lower": True}, Read(CODE.lower())),
        ({"aim": True}, Read(CODE, "code128")),
        ({"aim": True, "guards": True}, Read(f"*{CODE}*", "code39")),
        ({"noise": True}, Hint("again")),
    ],
)
def test_dials(simulator: Simulator, line: SerialScanner, dials: dict[str, bool], read: Read | Hint) -> None:
    simulator.turn(**dials)
    simulator.scan(CODE)
    assert line.next(2) == read


def test_a_lost_letter_never_makes_another_code(simulator: Simulator, line: SerialScanner) -> None:
    simulator.turn(noise=True)
    for _ in range(20):
        simulator.scan(CODE)
    told = [line.next(1) for _ in range(20)]
    assert told == [Hint("again")] * 20


def test_vietnamese_comes_through(simulator: Simulator, line: SerialScanner) -> None:
    simulator.scan(CARD)
    assert line.next(2) == Read(CARD)


def test_a_card_of_a_scanner_that_knows_no_vietnamese_still_has_its_figures(simulator: Simulator) -> None:
    with_line = SerialScanner(settings(simulator))
    simulator.wire.send(b"001066012345||Nguy\xe9\x81n|23111966|Nam|X|01012022\r")
    read = with_line.next(2)
    assert isinstance(read, Read)
    assert read.text.startswith("001066012345||Nguy")
    assert read.text.endswith("|23111966|Nam|X|01012022")
    with_line.close()


def test_two_codes_in_one_breath(simulator: Simulator, line: SerialScanner) -> None:
    simulator.wire.send(b"\x02A-1\x03\r\n\r\n\tB-2 \r")
    assert [line.next(1), line.next(1), line.next(0.1)] == [Read("A-1"), Read("B-2"), None]


def test_without_enter_a_pause_ends_a_code(simulator: Simulator) -> None:
    simulator.turn(suffix=False, split=True)
    line = SerialScanner(settings(simulator, suffix=False))
    simulator.scan(CODE)
    assert line.next(2) == Read(CODE)
    line.close()


def test_a_beginning_without_an_end_is_dropped(simulator: Simulator, line: SerialScanner) -> None:
    simulator.wire.send(b"H55.242-26")
    assert line.next(3.3) is None
    simulator.scan(CODE)
    assert line.next(2) == Read(CODE)


def test_an_endless_line_is_dropped(simulator: Simulator, line: SerialScanner) -> None:
    for _ in range(6):
        simulator.wire.send(b"x" * 1000)
        line.next(0.05)
    simulator.wire.send(b"\n")
    line.next(0.2)
    simulator.scan(CODE)
    assert line.next(2) == Read(CODE)


def test_what_was_scanned_before_anyone_listened_is_forgotten(simulator: Simulator) -> None:
    simulator.scan("old")
    line = SerialScanner(settings(simulator))
    simulator.scan(CODE)
    assert line.next(2) == Read(CODE)
    line.close()


def test_a_pulled_plug_is_a_fault_at_once(simulator: Simulator, line: SerialScanner) -> None:
    simulator.turn(unplugged=True)
    begun = time.monotonic()
    with pytest.raises(ScannerFault) as fault:
        line.next(5)
    assert fault.value.kind is FaultKind.OFFLINE
    assert time.monotonic() - begun < 1
    line.close()
    with pytest.raises(ScannerFault, match="cannot be opened: No such file"):
        SerialScanner(settings(simulator))


def test_a_line_that_another_program_holds_is_busy(simulator: Simulator, line: SerialScanner) -> None:
    with pytest.raises(ScannerFault) as fault:
        look(settings(simulator))
    assert fault.value.kind is FaultKind.BUSY
    line.close()
    look(settings(simulator))


def test_a_serial_device_server() -> None:
    with Simulator(wire("tcp")) as simulator:
        line = SerialScanner(settings(simulator))
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline and (read := line.next(0.2)) is None:
            simulator.scan(CODE)
        assert read == Read(CODE)
        simulator.turn(unplugged=True)
        with pytest.raises(ScannerFault):
            line.next(5)
        line.close()


def test_every_driver_loads() -> None:
    for name in DRIVERS:
        assert load_driver(name)


def test_what_was_read_shows_in_no_message() -> None:
    assert CARD not in f"{Read(CARD)!r}{Read(CARD)}"


# ---- the service -------------------------------------------------------------------------------


class Desk:
    """Notes what the service hands over. ``full``: dial, how many times nothing can be written any more."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.full = 0

    def read(self, reader: ScannerSettings, text: str, symbology: str) -> None:
        self._note("read", text)

    def hinted(self, reader: ScannerSettings, hint: str) -> None:
        self._note("hinted", hint)

    def failed(self, reader: ScannerSettings, reason: str) -> None:
        self._note("failed", reason)

    def recovered(self, reader: ScannerSettings, after_s: int) -> None:
        self._note("recovered", "")

    def _note(self, what: str, text: str) -> None:
        if self.full:
            self.full -= 1
            raise OSError("no space left on device")
        self.told.append((what, text))


def test_unplug_and_replug(simulator: Simulator) -> None:
    desk = Desk()
    reading = Reading(settings(simulator), desk, rest_s=0.05)
    reading.start()
    wait_for(lambda: reading.state.open)
    assert health(reading)["state"] == "ok"
    simulator.scan(CODE)
    wait_for(lambda: desk.told == [("read", CODE)])
    simulator.turn(unplugged=True)
    wait_for(lambda: desk.told[-1] == ("failed", "offline"))
    assert health(reading) | {"opens": 0} == {
        "state": "trouble", "reason": "offline", "driver": "serial", "open": False, "opens": 0, "reads": 1,
    }  # fmt: skip
    simulator.turn(unplugged=False)
    wait_for(lambda: desk.told[-1] == ("recovered", ""))
    simulator.scan("H55.242-261120-0008")
    wait_for(lambda: desk.told[-1] == ("read", "H55.242-261120-0008"))
    assert [name for name, _ in desk.told] == ["read", "failed", "recovered", "read"]
    reading.stop()
    assert not reading.state.open


def test_a_full_disk_ends_no_reader(simulator: Simulator) -> None:
    desk = Desk()
    reading = Reading(settings(simulator), desk, rest_s=0.02)
    reading.start()
    wait_for(lambda: reading.state.open)
    desk.full = 3  # the read, that it failed, that it came back
    simulator.scan(CODE)
    wait_for(lambda: desk.told[-1:] == [("recovered", "")])
    simulator.scan(CODE)
    wait_for(lambda: desk.told[-1] == ("read", CODE))
    reading.stop()


def test_one_pull_of_the_trigger_is_one_read(simulator: Simulator) -> None:
    desk = Desk()
    reading = Reading(settings(simulator), desk)
    reading.start()
    wait_for(lambda: reading.state.open)
    simulator.turn(double=True)
    simulator.scan(CODE)
    simulator.scan("H55.242-261120-0008")
    simulator.scan(CODE)
    wait_for(lambda: len(desk.told) >= 3)
    time.sleep(0.3)
    assert [text for _, text in desk.told] == [CODE, "H55.242-261120-0008", CODE]
    reading.stop()


def test_hints_do_not_fill_the_journal() -> None:
    desk, now = Desk(), 1000.0
    reading = Reading(ScannerSettings(name="x", driver="lens", device="0", screen="kiosk-1"), desk)
    for _ in range(1000):
        reading.hint("move", now)
        now += 0.1
    assert desk.told == [("hinted", "move")] * 5
    reading.hint("tilt", now + 300)
    assert desk.told[5:] == [("hinted", "tilt")]


def test_a_reader_that_is_not_there_is_told_once_and_stops_at_once(tmp_path: Path) -> None:
    desk = Desk()
    gone = ScannerSettings(name="gone", driver="serial", device=str(tmp_path / "none"), screen="kiosk-1")
    scanners = Scanners((gone,), desk)
    scanners.start()
    wait_for(lambda: desk.told != [])
    time.sleep(0.8)
    assert desk.told == [("failed", "offline")]
    begun = time.monotonic()
    scanners.stop()
    assert time.monotonic() - begun < 1


def test_dials_there_are_not() -> None:
    with Simulator(wire("tcp")) as simulator, pytest.raises(TypeError):
        simulator.turn(speed=True)
    assert Dials().suffix
