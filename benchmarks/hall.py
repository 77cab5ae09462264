"""A whole office to measure: a temporary folder with its configuration and file, and the real server beside us."""

import http.client
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from office import counters, doors, turns
from office.clock import Clock, system_clock
from office.settings import Settings, load
from office.store import Store

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
READY_S = 30.0
OPEN_ALL_DAY = "[hours]\n{days}\non_holidays = true\n"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Office:
    """An office in ``folder`` that will listen on ``port``; ``key`` opens every door, ``board`` is a board's cookie."""

    folder: Path
    port: int
    settings: Settings
    key: str
    board: str

    @property
    def config(self) -> Path:
        """Its configuration."""
        return self.folder / "config"

    @property
    def data(self) -> Path:
        """Where its file lies."""
        return self.folder / "data"

    @property
    def headers(self) -> dict[str, str]:
        """What a request of another system carries."""
        return {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}


def found(
    folder: Path,
    *,
    devices: str = '[printer]\ndriver = "none"\n[voice]\ndriver = "none"\n',
    clock: Clock = system_clock,
) -> Office:
    """Make an office in ``folder``: the project's configuration, open all day, with ``devices`` (TOML), all counters
    open, and a key. ``clock``: when that was."""
    port = free_port()
    config = folder / "config"
    shutil.copytree(ROOT / "config", config)
    _open_all_day(config, port)
    (config / "devices.toml").write_text(devices, encoding="utf-8")
    settings = load(config)
    store = Store(folder / "data" / "office.sqlite3", clock)
    with store.act() as act:
        key = doors.add_key(act, settings, "bench", ("admin",), actor="system")
        board = doors.admit(act, settings, "bench-board", "board")
        for counter in settings.counters:
            counters.open_(act, settings, counter.id, person="bench", actor="system")
    store.close()
    return Office(folder, port, settings, key, board)


def send_home(office: Office) -> None:
    """Cancel whatever waits, beside the running server."""
    store = Store(office.data / "office.sqlite3")
    with store.act() as act:
        waiting = act.db.execute("SELECT id FROM tickets WHERE state = 'waiting'").fetchall()
        for (ticket,) in waiting:
            turns.cancel(act, office.settings, ticket, actor="system")
    store.close()


def _open_all_day(config: Path, port: int) -> None:
    hours = OPEN_ALL_DAY.format(days="\n".join(f'{day} = ["00:00-24:00"]' for day in DAYS))
    text = (config / "office.toml").read_text(encoding="utf-8")
    text = re.sub(r"(?ms)^\[hours\]\n.*?(?=^\[)", hours, text)
    text = re.sub(r"(?m)^public_url = .*$", f'public_url = "http://{HOST}:{port}"', text)
    (config / "office.toml").write_text(text, encoding="utf-8")
    services = (config / "services.toml").read_text(encoding="utf-8")
    services = re.sub(r"(?ms)^\[service\.hours\]\n.*?(?=^\[|\Z)", "", services)
    (config / "services.toml").write_text(services, encoding="utf-8")


@contextmanager
def program(*args: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``python ARGS`` until the end of the block; begins once ``port`` takes connections.

    Raises RuntimeError with what it said when it ends before.
    """
    process = subprocess.Popen(
        [sys.executable, *args], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        _wait_for(process, port)
        yield process
    finally:
        end(process)


@contextmanager
def serving(office: Office) -> Iterator[subprocess.Popen[bytes]]:
    """The real server of ``office`` as a process of its own."""
    with program(*serve_command(office), port=office.port) as process:
        yield process


def serve_command(office: Office) -> list[str]:
    """The arguments after ``python`` that start the server of ``office``."""
    place = ["--config", str(office.config), "--data", str(office.data)]
    return ["server.py", *place, "serve", "--host", HOST, "--port", str(office.port)]


def end(process: subprocess.Popen[bytes]) -> None:
    """End a server as a service manager would; by force when it has not ended after ten seconds."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stderr:
        process.stderr.close()


def post(line: http.client.HTTPConnection, office: Office, path: str, body: str = "{}") -> tuple[int, bytes]:
    """POST to the API of ``office`` over an open connection; status and body."""
    line.request("POST", f"/api/v1{path}", body, office.headers)
    answer = line.getresponse()
    return answer.status, answer.read()


def connect(port: int) -> http.client.HTTPConnection:
    """A connection that is kept, without Nagle's delay."""
    line = http.client.HTTPConnection(HOST, port, timeout=60)
    line.connect()
    line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            said = process.stderr.read().decode(errors="replace") if process.stderr else ""
            raise RuntimeError(f"the server ended before it served: {said}")
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError("the server does not answer")
