"""Barcodes from serial scanners and from cameras: what every driver offers, how it fails, and which there are.

A driver is opened, asked for what it read again and again, and closed when it fails; scanner/service.py opens the next.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from pkgutil import resolve_name
from typing import Final, Protocol, cast

from office.scan_sections import ScannerSettings

__all__ = ["DRIVERS", "FaultKind", "Hint", "Read", "Scanner", "ScannerFault", "load_driver", "look"]


class FaultKind(StrEnum):
    """Why nothing is read."""

    OFFLINE = "offline"
    BUSY = "busy"
    TIMEOUT = "timeout"
    UNKNOWN = "unknown"


class ScannerFault(Exception):
    """The reader does not work now. ``kind`` says why, ``str()`` is English detail for logs, without what was read."""

    def __init__(self, kind: FaultKind, detail: str = "") -> None:
        super().__init__(detail or kind.value)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Read:
    """One code. Its text may be a citizen's card: it is passed on in memory and shown in no message."""

    text: str = field(repr=False)
    symbology: str = "text"


@dataclass(frozen=True, slots=True)
class Hint:
    """Something is held there and does not read. ``what``: tilt, closer, still, move, or again (a code came through
    the line harmed)."""

    what: str


class Scanner(Protocol):
    """What the service may ask of a driver that is open."""

    def next(self, wait_s: float) -> Read | Hint | None:
        """What was read next, waited for at most ``wait_s``. Raises ScannerFault when the reader is gone."""

    def close(self) -> None:
        """Let go of the device; never raises."""


class Driver(Protocol):
    """A driver class: called with the settings it opens the reader, or raises ScannerFault."""

    def __call__(self, settings: ScannerSettings) -> Scanner: ...


DRIVERS: Final = {
    "serial": "scanner.serial_port:SerialScanner",
    "lens": "scanner.lens:Lens",
}
"""Driver name in devices.toml → where it is; imported only when chosen."""


def load_driver(name: str) -> Driver:
    """The driver class of that name. Raises ScannerFault when its library is not installed."""
    try:
        return cast(Driver, resolve_name(DRIVERS[name]))
    except ImportError as fault:
        raise ScannerFault(FaultKind.UNKNOWN, f"driver {name!r} cannot be used here: {fault}") from fault


def look(settings: ScannerSettings) -> None:
    """Open the reader and close it again, for checks. Raises ScannerFault when it does not work."""
    load_driver(settings.driver)(settings).close()
