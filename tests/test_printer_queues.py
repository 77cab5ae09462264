"""Print queues: a real CUPS server of its own, and a stand-in for the Windows spooler in a child process."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from office.sections import PrinterSettings
from printer import FaultKind, PrinterFault, load_driver, look
from printer.interpreter import Head
from printer.sheet import Raster, Sheet
from printer.simulator import Simulator
from tools.strips import dots

HERE = Path(__file__).resolve().parent
SHEET = Sheet((Raster(576, 200, bytes(range(72)).replace(b"\x10", b"\x11") * 200),))
CUPSD = """
Listen 127.0.0.1:{port}
LogLevel error
Browsing Off
WebInterface No
DefaultAuthType None
<Location />
Order allow,deny
Allow all
</Location>
<Policy default>
<Limit All>
Order allow,deny
Allow all
</Limit>
</Policy>
"""
FILES = """
ServerRoot {home}/root
CacheDir {home}/cache
StateDir {home}/state
RequestRoot {home}/spool
TempDir {home}/tmp
AccessLog {home}/log/access
ErrorLog {home}/log/error
PageLog {home}/log/page
"""


@pytest.fixture
def printer() -> Iterator[Simulator]:
    with Simulator() as made:
        yield made


@pytest.fixture
def cups(printer: Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrinterSettings]:
    """A CUPS server with one raw queue, ``slip``, whose printer is the simulated one."""
    cupsd = shutil.which("cupsd", path=f"{os.environ['PATH']}:/usr/sbin")
    if (
        cupsd is None
        or shutil.which("lp") is None
        or shutil.which("lpadmin", path=os.environ["PATH"] + ":/usr/sbin") is None
    ):
        pytest.skip("no CUPS on this machine (Debian: cups, cups-client): its driver was not tried")
    with tempfile.TemporaryDirectory(prefix="cups-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(0o755)
        for name in ("root", "cache", "state", "spool", "tmp", "log"):
            (home / name).mkdir()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        (home / "cupsd.conf").write_text(CUPSD.format(port=port))
        (home / "files.conf").write_text(FILES.format(home=home))
        server = subprocess.Popen(
            [cupsd, "-f", "-c", home / "cupsd.conf", "-s", home / "files.conf"], stderr=subprocess.DEVNULL
        )
        try:
            monkeypatch.setenv("CUPS_SERVER", f"127.0.0.1:{port}")
            _make_queue(printer.port)
            yield PrinterSettings(driver="cups", queue="slip", timeout_s=5)
        finally:
            server.terminate()
            server.wait(10)


def _make_queue(port: int) -> None:
    lpadmin = shutil.which("lpadmin", path=os.environ["PATH"] + ":/usr/sbin") or "lpadmin"
    end = time.monotonic() + 8
    while True:
        made = subprocess.run(
            [lpadmin, "-p", "slip", "-E", "-v", f"socket://127.0.0.1:{port}"], capture_output=True, check=False
        )
        if made.returncode == 0:
            return
        if time.monotonic() > end:
            pytest.skip(f"CUPS does not let this user make a queue: {made.stderr.decode()}")
        time.sleep(0.1)


def test_cups_queue_prints_what_was_drawn(cups: PrinterSettings, printer: Simulator) -> None:
    driver = load_driver("cups")(cups)
    assert driver.status().fault is None
    driver.send(SHEET)
    (strip,) = printer.wait_for(1)
    assert driver.settled(15)
    driver.close()
    assert strip.picture.tobytes() == dots(SHEET)
    assert not driver.confirms


def test_disabled_cups_queue_is_offline(cups: PrinterSettings) -> None:
    subprocess.run(
        [shutil.which("cupsdisable", path=os.environ["PATH"] + ":/usr/sbin") or "cupsdisable", "slip"], check=True
    )
    assert look(cups).fault is FaultKind.OFFLINE


def test_unknown_cups_queue_is_told(cups: PrinterSettings) -> None:
    with pytest.raises(PrinterFault, match="no CUPS queue 'nonesuch'") as told:
        look(cups.model_copy(update={"queue": "nonesuch"}))
    assert told.value.kind is FaultKind.OFFLINE


ON_WINDOWS = """
import json, sys
from office.sections import PrinterSettings
from printer import PrinterFault, load_driver
from printer.sheet import Raster, Sheet
queue, send = sys.argv[1], sys.argv[2] == "send"
sheet = Sheet((Raster(576, 200, bytes(range(0, 72)).replace(b"\\x10", b"\\x11") * 200),))
try:
    driver = load_driver("windows")(PrinterSettings(driver="windows", queue=queue, timeout_s=1))
    status = driver.status()
    told = {"fault": status.fault, "settled": None}
    if send:
        driver.send(sheet)
        told["settled"] = driver.settled(0.3)
    driver.close()
except PrinterFault as fault:
    told = {"raised": fault.kind}
print(json.dumps(told))
"""


def on_windows(folder: Path, queue: str = "Phiếu", *, send: bool = False, **dials: int) -> dict[str, object]:
    """What the Windows driver tells when the spooler is as ``dials`` say."""
    (folder / "dials.json").write_text(json.dumps(dials))
    ran = subprocess.run(
        [sys.executable, "-c", ON_WINDOWS, queue, "send" if send else "look"],
        cwd=HERE.parent,
        env={**os.environ, "FAKE_SPOOLER": str(folder), "PYTHONPATH": str(HERE / "fake_windows")},
        capture_output=True,
        timeout=30,
        check=True,
    )
    return dict(json.loads(ran.stdout))


def test_windows_queue_takes_what_was_drawn(tmp_path: Path) -> None:
    assert on_windows(tmp_path, send=True) == {"fault": None, "settled": True}
    strips: list[Image.Image] = []
    Head(576, lambda _: None, strips.append, lambda: 0).take((tmp_path / "job.bin").read_bytes())
    assert [strip.tobytes() for strip in strips] == [dots(SHEET)]


def test_windows_queue_that_does_not_empty(tmp_path: Path) -> None:
    assert on_windows(tmp_path, send=True, cJobs=1) == {"fault": None, "settled": False}


@pytest.mark.parametrize(
    ("bits", "fault"),
    [(0x10, "paper_out"), (0x80, "offline"), (0x400000, "cover_open"), (0x8, "unknown"), (0x2, "unknown")],
)
def test_windows_status_is_read(tmp_path: Path, bits: int, fault: str) -> None:
    assert on_windows(tmp_path, Status=bits)["fault"] == fault


def test_unknown_windows_queue_is_told(tmp_path: Path) -> None:
    assert on_windows(tmp_path, "nonesuch") == {"raised": "offline"}
