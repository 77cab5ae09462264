"""What the figures were measured on. Never a host's name, an address or a path."""

import platform
import sqlite3
import sys
from datetime import date
from pathlib import Path

import psutil


def describe() -> dict[str, str]:
    """The machine, in words; the date."""
    cores = f"{psutil.cpu_count(logical=False) or '?'} cores, {psutil.cpu_count()} threads"
    return {
        "date": date.today().isoformat(),  # noqa: DTZ011 — the day on this machine's calendar
        "processor": f"{_processor()}, {cores}",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": _system(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "sqlite": sqlite3.sqlite_version,
    }


def load() -> str:
    """How busy the machine is just now, as processes wanting a core (Linux's load average of a minute)."""
    return f"{psutil.getloadavg()[0]:.1f}"


def _processor() -> str:
    table = Path("/proc/cpuinfo")
    if table.is_file():
        for line in table.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _system() -> str:
    if sys.platform.startswith("linux"):
        try:
            return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, Linux {platform.release().split('-')[0]}"
        except OSError:
            pass
    return f"{platform.system()} {platform.release()}"
