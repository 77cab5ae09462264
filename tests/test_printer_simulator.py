"""The simulated printer as a program, and its page."""

import json
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser

from office.sections import PrinterSettings
from printer import Paper, load_driver
from printer.sheet import Raster, Sheet
from printer.simulator import Simulator
from printer.simulator_panel import dials_from, face
from simulation.panel import Panel

HERE = Path(__file__).resolve().parent
SHEET = Sheet((Raster(576, 80, (b"\x00" + b"\xff" * 70 + b"\x00") * 80),))


def send(port: int) -> None:
    printer = load_driver("network")(PrinterSettings(driver="network", port=port, timeout_s=2))
    printer.send(SHEET)
    assert printer.settled(5)
    printer.close()


def ask(panel: Panel, path: str, body: Any = None, kind: str = "application/json") -> tuple[int, bytes]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{panel.port}{path}", data, {"Content-Type": kind})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read()


@pytest.fixture
def printer() -> Iterator[Simulator]:
    with Simulator() as made:
        yield made


@pytest.fixture
def panel(printer: Simulator) -> Iterator[Panel]:
    made = Panel(face(printer))
    yield made
    made.stop()


def test_program_prints_pictures_and_ends_cleanly(tmp_path: Path) -> None:
    program = subprocess.Popen(
        [sys.executable, "-m", "printer.simulator", "--port", "0", "--panel", "0", "--out", str(tmp_path)],
        cwd=HERE.parent,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert program.stdout is not None
        where, page = program.stdout.readline().split(), program.stdout.readline().split()
        assert (where[0], page[0]) == ("printer", "panel")
        send(int(where[1].rpartition(":")[2]))
        with urllib.request.urlopen(page[1], timeout=5) as answer:
            assert "<title>Máy in mô phỏng" in answer.read().decode()
    finally:
        program.send_signal(signal.SIGTERM)
        assert program.wait(10) == 0
        assert program.stdout is not None
        program.stdout.close()
    with Image.open(tmp_path / "slip-0001.png") as picture:
        assert picture.size == (576, 80)


def test_program_says_when_its_port_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = subprocess.run(
            [sys.executable, "-m", "printer.simulator", "--port", str(taken.getsockname()[1]), "--panel", "0"],
            cwd=HERE.parent,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    assert ran.returncode == 1
    assert "cannot start" in ran.stderr


def test_panel_turns_dials_and_shows_slips(printer: Simulator, panel: Panel) -> None:
    send(printer.port)
    status, body = ask(panel, "/dials", {"paper": "out", "slow": 4000})
    assert status == 200
    told = json.loads(body)
    assert (told["dials"]["paper"], told["dials"]["slow"]) == ("out", 4000)
    assert printer.dials.paper is Paper.OUT
    assert [slip["n"] for slip in told["slips"]] == [1]
    assert ask(panel, "/pictures/1.png")[1].startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "body", [[], "paper", {"paper": "wet"}, {"paper": 1}, {"mute": 1}, {"slow": -1}, {"buffer": 1}, {"slow": True}]
)
def test_panel_refuses_what_is_no_dial(printer: Simulator, panel: Panel, body: Any) -> None:
    before = printer.dials
    assert ask(panel, "/dials", body)[0] == 400
    assert printer.dials == before


def test_panel_refuses_other_pages_forms_and_paths(panel: Panel) -> None:
    assert ask(panel, "/dials", {"mute": True}, kind="text/plain")[0] == 404
    assert ask(panel, "/pictures/../../etc/passwd")[0] == 404
    assert ask(panel, "/pictures/9.png")[0] == 404
    assert ask(panel, "/nothing")[0] == 404
    with pytest.raises((TypeError, ValueError)):
        dials_from({"stop": True})


@pytest.mark.browser
def test_panel_in_a_browser(printer: Simulator, panel: Panel, browser: Browser) -> None:
    page = browser.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.goto(f"http://127.0.0.1:{panel.port}/")
    page.get_by_text("Chưa có phiếu nào").wait_for()
    send(printer.port)
    page.get_by_alt_text("Phiếu in thứ 1").wait_for()
    page.get_by_label("Hết giấy Paper out").check()
    page.locator("#now", has_text="Hết giấy").wait_for()
    assert printer.dials.paper.value == "out"
    page.get_by_role("button", name="Trở lại bình thường").click()
    page.locator("#now", has_text="Sẵn sàng").wait_for()
    assert printer.dials.paper.value == "ok"
    page.close()
    assert faults == []
