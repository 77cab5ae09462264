"""Readers as the server has them: configuration, `check`, the health report, and what the journal tells of a read."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.hall import ROOT, found
from demo import dossiers as demo_dossiers
from office import journal, scan_actions, scans
from office.clock import local
from office.dossiers import recent
from office.errors import ConfigurationError, UnknownArrival
from office.scan_actions import NAMES
from office.scan_sections import ScannerSettings
from scanner.simulated import Simulator, wire
from tools.rehearsal import Hall, settings_with
from web.arrivals import Arrivals
from web.inbox import Arrival, Inbox

READER = ScannerSettings(name="hall", driver="serial", device="COM3", screen="kiosk-1")
CARD = "001066012345||Nguyễn Văn Thử|23111966|Nam|Xóm Mẫu|01012022"
DEVICES = '[printer]\ndriver = "none"\n[voice]\ndriver = "none"\n[[scanner]]\nname = "hall"\ndriver = "serial"\n'


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{"name": "a", "driver": "serial", "device": "COM3"}], "one of the two"),
        ([{"name": "a", "driver": "serial", "device": "COM3", "screen": "k", "counter": "1"}], "one of the two"),
        ([{"name": "a", "driver": "serial", "device": "0", "screen": "k"}], "no serial port"),
        ([{"name": "a", "driver": "usb", "device": "COM3", "screen": "k"}], "scanner.0.driver"),
        ([{"name": "a", "driver": "serial", "device": "COM3", "counter": "99"}], "no counter '99'; allowed: 1, 2"),
        ([{"name": "a", "driver": "serial", "device": f"COM{n}", "screen": "k"} for n in (3, 4)], "'a' stands twice"),
        ([{"name": n, "driver": "serial", "device": "COM3", "screen": "k"} for n in ("a", "b")], "'COM3' stands twice"),
        ([{"name": "a", "driver": "lens", "device": "0", "screen": "k", "fps": 0}], "scanner.0.fps"),
        ([{"name": "a", "driver": "lens", "device": "0", "screen": "k", "zoom": 2}], "unknown key; allowed: name"),
    ],
)
def test_configuration_is_checked_before_anything_starts(rows: list[dict[str, object]], told: str) -> None:
    with pytest.raises(ConfigurationError) as fault:
        settings_with(scanners=rows)
    assert "devices.toml" in str(fault.value)
    assert told in str(fault.value)


def test_the_journal_tells_an_id_and_never_the_text(hall: Hall) -> None:
    inbox = Inbox()
    desk = Arrivals(hall.store, hall.settings, inbox)
    desk.read(READER, CARD, "qr")
    desk.hinted(READER, "tilt")
    desk.failed(READER, "offline")
    desk.recovered(READER, 7)
    events = journal.read(hall.store.read())
    assert [(e.kind, e.data["screen"], e.data["reader"]) for e in events] == [
        (kind, "kiosk-1", "hall") for kind in ("scan.arrived", "scan.hinted", "scanner.failed", "scanner.recovered")
    ]
    assert inbox.take(events[0].data["id"], screen="kiosk-1").text == CARD
    for secret in ("001066012345", "Nguyễn"):
        assert secret not in "\n".join(hall.dump())


def test_the_inbox_forgets() -> None:
    inbox = Inbox()
    names = [inbox.put(Arrival(f"{n}", "qr", "hall", "kiosk-1", "")) for n in range(300)]
    with pytest.raises(UnknownArrival):
        inbox.take(names[0], screen="kiosk-1")
    assert inbox.take(names[-1], screen="kiosk-1").text == "299"
    assert CARD not in f"{Arrival(CARD, 'qr', 'hall', 'kiosk-1', '')!r}"


@pytest.fixture(name="line")
def _line(tmp_path: Path) -> Iterator[Simulator]:
    if sys.platform == "win32":
        pytest.skip("Windows has no pseudo-terminals")
    with Simulator(wire("pty", tmp_path / "scanner")) as made:
        yield made


def test_check_has_a_line_for_each_reader(tmp_path: Path, line: Simulator) -> None:
    office = found(tmp_path / "office", devices=f'{DEVICES}device = "{line.wire.address}"\nscreen = "kiosk-1"\n')
    command = [sys.executable, "server.py", "--config", str(office.config), "--data", str(office.data), "check"]
    good = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert "scanner hall: ok: serial, for kiosk-1\n" in good.stdout
    line.turn(unplugged=True)
    bad = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (good.stderr, bad.returncode) == ("", 1)
    assert "scanner hall: FAILED: the line cannot be opened: No such file or directory\n" in bad.stdout


def test_the_simulated_scanner_as_a_program(tmp_path: Path) -> None:
    where = ["--link", str(tmp_path / "line")] if sys.platform != "win32" else []
    command = [sys.executable, "-m", "scanner.simulator", *where, "--panel", "0"]
    program = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert program.stdin is not None
    assert program.stdout is not None
    with program:
        program.stdin.write(json.dumps([{"label": "a", "text": "b"}]) + "\n")
        program.stdin.flush()
        assert program.stdout.readline().startswith("scanner ")
        assert program.stdout.readline().startswith("panel http://127.0.0.1:")
        program.terminate()
    assert program.returncode in (0, 1)


def test_the_demo_has_a_receipt_for_every_action_of_a_dossier(hall: Hall) -> None:
    now = hall.clock()
    demo_dossiers.furnish(hall.store, hall.settings, lambda at: setattr(hall.clock, "at", at), now)
    hall.clock.at = now
    db, today = hall.store.read(), local(now, hall.settings.office.zone).date()
    offered = demo_dossiers.samples(db, hall.settings, now)
    names = {
        scan_actions.decide(db, hall.settings, scans.read(one["text"], today), now, who="kiosk").name for one in offered
    }
    assert names == set(NAMES) - {"ticket", "card_form"}
    assert len(recent(db, 100)) == len(demo_dossiers.CASES)
