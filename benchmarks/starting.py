"""(e) From the command to the first request served, and the memory of an idle server."""

import http.client
import json
import subprocess
import sys
import time
from pathlib import Path

import psutil

from benchmarks.figures import Figure, middle
from benchmarks.hall import HOST, ROOT, Office, connect, end, found, post, serve_command, serving
from benchmarks.slips import devices
from printer.simulated import Simulator

STARTS = 5
START_S = 2.0
LIMIT_MB = 150.0
IDLE_S = 5.0
PAGES = ("/", "/kiosk", "/board", "/staff", "/api/v1/queue", "/api/v1/procedures?q=khai+sinh", "/api/v1/openapi.json")
MB = 1_000_000


def measure(folder: Path) -> list[Figure]:
    """Start and memory with a network printer and a voice, after each face was looked at and one slip printed."""
    with Simulator() as printer:
        office = found(folder, devices=devices(printer.port, "pyttsx3"))
        _start(office)  # the first start of an office posts its catalogue
        starts = [_start(office) for _ in range(STARTS)]
        with serving(office) as process:
            _look_around(office)
            printer.wait_for(1)
            time.sleep(IDLE_S)
            memory, children = _memory(process.pid)
    return [
        Figure("e", f"command → first page served, middle of {STARTS}", middle(starts), "s", START_S),
        Figure("e", "the same: longest", max(starts), "s"),
        Figure("e", "idle memory of the server process (RSS)", memory[0], "MB", LIMIT_MB),
        Figure("e", "the same without what it shares (PSS)", memory[1], "MB"),
        Figure("e", "its child processes (voice): PSS", children, "MB"),
    ]


def _start(office: Office) -> float:
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *serve_command(office)], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        while not _served(office.port):
            if process.poll() is not None or time.perf_counter() - began > 60:
                raise RuntimeError("the server does not start")
            time.sleep(0.005)
        return time.perf_counter() - began
    finally:
        end(process)


def _served(port: int) -> bool:
    line = http.client.HTTPConnection(HOST, port, timeout=60)
    try:
        line.request("GET", "/")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()


def _look_around(office: Office) -> None:
    line = connect(office.port)
    for page in PAGES:
        line.request("GET", page, headers=office.headers | {"Cookie": f"mc_board={office.board}"})
        line.getresponse().read()
    post(line, office, "/tickets", json.dumps({"service": office.settings.services[0].id}))
    post(line, office, "/counters/1/call-next")
    line.close()


def _memory(pid: int) -> tuple[tuple[float, float], float]:
    """RSS and PSS of the process, and the PSS of its children; MB. Where there is no PSS, RSS stands for it."""
    server = psutil.Process(pid)
    return (server.memory_info().rss / MB, _pss(server)), sum(_pss(child) for child in server.children(recursive=True))


def _pss(process: psutil.Process) -> float:
    full = process.memory_full_info()
    return float(getattr(full, "pss", full.rss)) / MB
