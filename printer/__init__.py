"""Slips on ESC/POS paper: what every printer driver offers, how it fails, and which drivers there are.

A driver lives for one job: it is opened, asked, given one sheet, asked whether the sheet came out, and closed.
(python-escpos leaves an instance unusable after a refused connection, so none is ever used twice.)
"""

from dataclasses import dataclass
from enum import StrEnum
from pkgutil import resolve_name
from typing import Final, Protocol, cast

from office.sections import PrinterSettings
from printer.sheet import Sheet

__all__ = ["DRIVERS", "FaultKind", "Paper", "Printer", "PrinterFault", "PrinterStatus", "check", "load_driver", "look"]


class FaultKind(StrEnum):
    """Why no slip comes out; each has a phrase ``printer.fault.<kind>``."""

    OFFLINE = "offline"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    CUT_OFF = "cut_off"
    TIMEOUT = "timeout"
    UNKNOWN = "unknown"


class PrinterFault(Exception):
    """The printer cannot print now. ``kind`` says why, ``str()`` is English detail for logs."""

    def __init__(self, kind: FaultKind, detail: str = "") -> None:
        super().__init__(detail or kind.value)
        self.kind = kind


class Paper(StrEnum):
    """What the paper sensors say; ``unknown`` where the way to the printer carries no answers."""

    OK = "ok"
    NEAR_END = "near_end"
    OUT = "out"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """One look at the printer."""

    online: bool = True
    paper: Paper = Paper.UNKNOWN
    cover_open: bool = False
    error: str = ""

    @property
    def fault(self) -> FaultKind | None:
        """What keeps it from printing, the cause a person can mend first; None when it can print."""
        if self.cover_open:
            return FaultKind.COVER_OPEN
        if self.paper is Paper.OUT:
            return FaultKind.PAPER_OUT
        if self.error:
            return FaultKind.UNKNOWN
        return None if self.online else FaultKind.OFFLINE


class Printer(Protocol):
    """What the spooler may ask of a driver. Every method raises PrinterFault and blocks for a bounded time."""

    tells: bool
    """Whether this way to the printer carries answers. If not, status is all unknown and sending is believed."""
    confirms: bool
    """Whether ``settled`` means that the sheet is on paper; a print queue only knows that it has passed it on."""

    def status(self) -> PrinterStatus:
        """Ask the printer how it is. An answer also proves that all bytes sent before have arrived."""

    def send(self, sheet: Sheet, *, spoiled: bool = False) -> int:
        """Hand every byte of ``sheet`` over; answers how many. ``spoiled``: an earlier job broke off inside the
        printer, so bring it back to its senses and cut the torn piece off first."""

    def settled(self, wait_s: float) -> bool:
        """Whether everything sent before has been worked off, asked once and listened for up to ``wait_s``."""

    def close(self, *, drop: bool = False) -> None:
        """Let go of the printer; ``drop``: bytes it has not taken yet must not reach it any more."""


class Driver(Protocol):
    """A driver class: called with the settings it opens the printer, or raises PrinterFault."""

    tells: bool

    def __call__(self, settings: PrinterSettings) -> Printer: ...


DRIVERS: Final = {
    "network": "printer.thermal:Network",
    "usb": "printer.thermal:Usb",
    "serial": "printer.thermal:Serial",
    "cups": "printer.cups:Queue",
    "windows": "printer.windows:Queue",
}
"""Driver name in devices.toml → where it is; imported only when chosen. ``none`` has no driver: no slips."""


def load_driver(name: str) -> Driver:
    """The driver class of that name. Raises PrinterFault for a name without one (``none``), or when its vendor
    library is not installed."""
    try:
        return cast(Driver, resolve_name(DRIVERS[name]))
    except KeyError as fault:
        raise PrinterFault(FaultKind.UNKNOWN, f"there is no driver {name!r}") from fault
    except ImportError as fault:
        raise PrinterFault(FaultKind.UNKNOWN, f"driver {name!r} cannot be used here: {fault}") from fault


def look(settings: PrinterSettings) -> PrinterStatus:
    """One look at the configured printer, for checks. Raises PrinterFault when it cannot be reached."""
    printer = load_driver(settings.driver)(settings)
    try:
        return printer.status() if printer.tells else PrinterStatus()
    finally:
        printer.close()


def check(settings: PrinterSettings) -> str:
    """One line for the command ``check``. Raises PrinterFault when it cannot print."""
    if settings.driver == "none":
        return "off (driver is none)"
    status = look(settings)
    if status.fault is not None:
        raise PrinterFault(status.fault)
    return f"{settings.driver}, paper {status.paper.value}"
