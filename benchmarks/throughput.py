"""(a) How many numbers a second, next to the floor: rounds of both in turn, so that both meet the same machine.

Between rounds everybody who waits is sent home, as a hall of thousands would be.
"""

import json
import subprocess
from pathlib import Path

import psutil

from benchmarks.clients import Crowd, Heard, Round, crowd
from benchmarks.figures import Figure, middle, percentile
from benchmarks.hall import Office, found, free_port, program, send_home, serving

PROCESSES, THREADS = 2, 4
SECONDS = 1.5
ORDER = "ABBA" * 4
FLOOR_SHARE = 0.6


def measure(folder: Path) -> list[Figure]:
    """``POST /tickets`` with 8 clients in 2 processes ÷ a bare route that commits one row."""
    office = found(folder)
    floor_port = free_port()
    bare = ["-m", "benchmarks.floor", str(office.config), str(folder), str(floor_port)]
    with (
        serving(office) as server,
        program(*bare, port=floor_port) as floor,
        crowd(PROCESSES, THREADS) as clients,
    ):
        tickets = Round(office.port, "/api/v1/tickets", office.headers, _bodies(office), SECONDS)
        rows = Round(floor_port, "/rows", {"Content-Type": "application/json"}, ["{}"], SECONDS)
        asked = {"A": tickets, "B": rows}
        for once in (tickets, rows):
            clients.go(once)  # warm
        burnt = [_processor_s(process) for process in (server, floor)]
        heard: dict[str, list[Heard]] = {"A": [], "B": []}
        for which in ORDER:
            heard[which].append(_all_created(clients, asked[which]))
            send_home(office)
        burnt = [_processor_s(process) - before for process, before in zip((server, floor), burnt, strict=True)]
    return _figures(heard["A"], heard["B"]) + _costs(heard["A"], heard["B"], burnt)


def _processor_s(process: subprocess.Popen[bytes]) -> float:
    used = psutil.Process(process.pid).cpu_times()
    return float(used.user + used.system)


def _costs(office: list[Heard], floor: list[Heard], burnt: list[float]) -> list[Figure]:
    a_number, a_row = (
        1000 * seconds / sum(len(one.times) for one in many)
        for seconds, many in zip(burnt, (office, floor), strict=True)
    )
    return [
        Figure("a", "processor time of a number", a_number, "ms"),
        Figure("a", "floor: processor time of a row", a_row, "ms"),
    ]


def _bodies(office: Office) -> list[str]:
    classes = ["", "", "", office.settings.discipline.classes[0].id]
    services = [service.id for service in office.settings.services]
    wishes = [{"service": service, "priority": chosen} for service in services for chosen in classes]
    return [json.dumps({name: value for name, value in wish.items() if value}) for wish in wishes]


def _all_created(clients: Crowd, once: Round) -> Heard:
    heard = clients.go(once)
    if set(heard.statuses) != {"201"}:
        raise RuntimeError(f"{once.path} answered {dict(heard.statuses)}")
    return heard


def _figures(office: list[Heard], floor: list[Heard]) -> list[Figure]:
    rates = middle([one.rate for one in office]), middle([one.rate for one in floor])
    times, floor_times = ([1000 * t for one in many for t in one.times] for many in (office, floor))
    return [
        Figure("a", "numbers a second ÷ rows a second of the floor", rates[0] / rates[1], "", FLOOR_SHARE, "at least"),
        Figure("a", "numbers a second, 8 clients", rates[0], "1/s"),
        Figure("a", "floor: rows a second, 8 clients", rates[1], "1/s"),
        Figure("a", "a number: p50", percentile(times, 0.5), "ms"),
        Figure("a", "a number: p99", percentile(times, 0.99), "ms"),
        Figure("a", "floor: p50", percentile(floor_times, 0.5), "ms"),
        Figure("a", "floor: p99", percentile(floor_times, 0.99), "ms"),
        Figure("a", "p99 of a number ÷ p99 of the floor", percentile(times, 0.99) / percentile(floor_times, 0.99), ""),
    ]
