"""(c) From the touch to the last byte of the slip at a TCP printer (the simulator takes them as they come)."""

import json
import time
from pathlib import Path

from benchmarks.figures import Figure, middle, percentile
from benchmarks.hall import HOST, Office, connect, found, post, serving
from printer.simulated import Simulator

SLIPS = 60
PAUSE_S = 0.1
LIMIT_MS = 60.0
NAME = "touch (request sent) → last byte of the slip at the printer: p95"


def devices(port: int, voice: str = "none") -> str:
    """devices.toml with a network printer at ``port`` of this machine."""
    return f'[printer]\ndriver = "network"\nhost = "{HOST}"\nport = {port}\n[voice]\ndriver = "{voice}"\n'


def measure(folder: Path) -> list[Figure]:
    """One number after another, each when the slip before it is out."""
    with Simulator() as printer:
        office = found(folder, devices=devices(printer.port))
        with serving(office):
            waits = _waits(office, printer)
    return [
        Figure(
            "c",
            NAME,
            percentile(waits, 0.95),
            "ms",
            LIMIT_MS,
        ),
        Figure("c", "the same: p50", middle(waits), "ms"),
        Figure("c", "the same: longest", max(waits), "ms"),
        Figure("c", "bytes of a slip", printer.received / (SLIPS + 1), "B"),
    ]


def _waits(office: Office, printer: Simulator) -> list[float]:
    line = connect(office.port)
    services = [service.id for service in office.settings.services]
    waits = []
    for n in range(SLIPS + 1):
        began = time.monotonic()
        status, _ = post(line, office, "/tickets", json.dumps({"service": services[n % len(services)]}))
        assert status == 201
        printer.wait_for(n + 1)
        waits.append(1000 * (printer.last_byte_at - began))
        time.sleep(PAUSE_S)
    line.close()
    return waits[1:]  # the first one warms the spooler up
