"""Drivers of thermal printers reached directly: network, serial line, USB. The one file that imports python-escpos.

python-escpos opens the device, encodes the sheet and carries the bytes. What it says about the printer is not
used: an empty reply counts as "paper adequate" there, and a late byte as the answer to the next question.
"""

import contextlib
import logging
import socket
import struct
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from office.sections import PrinterSettings
from printer import FaultKind, PrinterFault, PrinterStatus, encoder, wire
from printer.escpos_home import quiet_import
from printer.sheet import Sheet

with quiet_import():
    from escpos import exceptions
    from escpos import printer as escpos

VENDOR = {"lp": escpos.LP, "win32raw": escpos.Win32Raw}
"""python-escpos's drivers of print queues, for the files that need them."""

for _module in (escpos.network, escpos.serial, escpos.usb, escpos.lp, escpos.win32raw):
    # They speak to the root logger, and logging.info() there would set up logging if nobody has yet.
    _module.logging = logging.getLogger("escpos")
logging.getLogger("escpos").setLevel(logging.WARNING)

_CHUNK = 2048
_PRINTER_CLASS = 7


def encode(sheet: Sheet, settings: PrinterSettings, *, spoiled: bool = False) -> bytes:
    """The bytes that print ``sheet``; see encoder.write.

    Raises PrinterFault for an unknown profile, or one of a printer narrower than the sheet.
    """
    paper = vendor_driver(escpos.Dummy, profile=settings.profile)
    try:
        encoder.write(paper, sheet, cut=settings.cut, spoiled=spoiled)
    except exceptions.Error as fault:
        raise PrinterFault(FaultKind.UNKNOWN, f"profile {settings.profile!r} cannot print it: {fault}") from fault
    return bytes(paper.output)


def vendor_driver(driver: Callable[..., Any], *args: Any, profile: str, **named: Any) -> Any:
    """An instance of a python-escpos driver. Raises PrinterFault when profile or system library is missing."""
    try:
        return driver(*args, profile=profile, **named)
    except KeyError as fault:
        raise PrinterFault(FaultKind.UNKNOWN, f"python-escpos knows no profile {profile!r}") from fault
    except RuntimeError as fault:
        raise PrinterFault(FaultKind.UNKNOWN, str(fault)) from fault


@contextlib.contextmanager
def _transfer() -> Iterator[None]:
    """A failing transfer means the printer went silent, or the connection broke."""
    try:
        yield
    except (OSError, AssertionError) as fault:
        silent = isinstance(fault, TimeoutError) or "time" in str(fault).lower()
        raise PrinterFault(FaultKind.TIMEOUT if silent else FaultKind.CUT_OFF, str(fault)) from fault


class Thermal:
    """A printer that answers: what network, serial line and USB have in common."""

    tells = confirms = True

    def __init__(self, settings: PrinterSettings) -> None:
        self._settings = settings
        self.tells = settings.answers
        self._answers: deque[int] = deque()
        self._asked = self._done = False
        self._vendor = self._instance()
        try:
            self._open()
        except (exceptions.Error, OSError, AssertionError, ValueError) as fault:
            self.close(drop=True)
            raise PrinterFault(FaultKind.OFFLINE, " ".join(str(fault).split())) from fault

    def status(self) -> PrinterStatus:
        """See Printer.status; one question at a time, so that no answer is taken for another's."""
        self._listen(0, lambda: False)
        state, cause, paper = (self._ask(n) for n in (wire.ASK_PRINTER, wire.ASK_CAUSE, wire.ASK_PAPER))
        error = self._ask(wire.ASK_ERROR) if wire.has_error(cause) else wire.answers(PrinterStatus())[3]
        return wire.status_from(state, cause, paper, error)

    def send(self, sheet: Sheet, *, spoiled: bool = False) -> int:
        """See Printer.send."""
        job = encode(sheet, self._settings, spoiled=spoiled)
        for at in range(0, len(job), _CHUNK):
            self._put(job[at : at + _CHUNK])
        self._asked = self._done = False
        return len(job)

    def settled(self, wait_s: float) -> bool:
        """See Printer.settled: GS r waits its turn behind all that was sent."""
        if not self._asked:
            self._put(wire.ASK_PAPER_IN_TURN)
            self._asked = True
        self._listen(wait_s, lambda: self._done)
        return self._done

    def close(self, *, drop: bool = False) -> None:
        """See Printer.close."""
        # A device that was pulled out fails to close in a way of its own (termios.error, USBError, …).
        with contextlib.suppress(Exception):
            if drop:
                self._forget()
            self._vendor.close()

    def _ask(self, n: int) -> int:
        self._answers.clear()
        self._put(wire.ask(n))
        self._listen(self._settings.timeout_s, lambda: bool(self._answers))
        if not self._answers:
            raise PrinterFault(FaultKind.TIMEOUT, f"no answer to DLE EOT {n}")
        return self._answers.popleft()

    def _listen(self, wait_s: float, enough: Callable[[], bool]) -> None:
        until = time.monotonic() + wait_s
        while not enough():
            left = until - time.monotonic()
            with _transfer():
                heard = self._take(max(left, 0))
            for byte in heard:
                if wire.is_realtime(byte):
                    self._answers.append(byte)
                elif self._asked and wire.is_paper_in_turn(byte):
                    self._done = True
            if not heard and left <= 0:
                return

    def _put(self, data: bytes) -> None:
        with _transfer():
            self._vendor._raw(data)

    def _instance(self) -> Any:
        """A new python-escpos instance, not yet open."""
        raise NotImplementedError

    def _open(self) -> None:
        """Open the device, and set on it what python-escpos does not."""
        raise NotImplementedError

    def _take(self, wait_s: float) -> bytes:
        """Bytes the printer has sent, waiting at most ``wait_s`` for the first."""
        raise NotImplementedError

    def _forget(self) -> None:
        """Throw away what the printer has not taken yet."""


class Network(Thermal):
    """Raw TCP, port 9100: printers with a network socket, and print servers."""

    def _instance(self) -> Any:
        s = self._settings
        return vendor_driver(escpos.Network, s.host, s.port, timeout=s.timeout_s, profile=s.profile)

    def _open(self) -> None:
        # Not by python-escpos: it leaves a refused socket open, and knows no IPv6.
        s = self._settings
        self._vendor.device = socket.create_connection((s.host, s.port), s.timeout_s)
        # Three-byte questions must not wait for the acknowledgement of the bytes before them.
        self._vendor.device.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _take(self, wait_s: float) -> bytes:
        line = self._vendor.device
        line.settimeout(max(wait_s, 0.001))
        try:
            heard = bytes(self._vendor._read())
        except TimeoutError:
            return b""
        finally:
            line.settimeout(self._settings.timeout_s)
        if not heard:
            raise ConnectionResetError("the printer closed the connection")
        return heard

    def _forget(self) -> None:
        line = self._vendor._device
        if line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.close()
            self._vendor._device = False


class Serial(Thermal):
    """A serial line, or a USB printer that shows itself as one (/dev/ttyUSB0, COM3)."""

    def _instance(self) -> Any:
        s = self._settings
        return vendor_driver(escpos.Serial, s.device, s.baudrate, timeout=s.timeout_s, profile=s.profile)

    def _open(self) -> None:
        self._vendor.open()
        # pyserial waits for ever on a printer that holds the line, unless told; ten bits a byte.
        self._vendor.device.write_timeout = self._settings.timeout_s + _CHUNK * 10 / self._settings.baudrate

    def _take(self, wait_s: float) -> bytes:
        line = self._vendor.device
        line.timeout = wait_s
        return bytes(line.read(1) + line.read(line.in_waiting))

    def _forget(self) -> None:
        self._vendor.device.reset_output_buffer()


class Usb(Thermal):
    """A USB printer spoken to through libusb (on Windows it needs the WinUSB driver)."""

    found_by: ClassVar[dict[str, Any]] = {}
    """More arguments for usb.core.find; a test gives its own backend here."""

    def _instance(self) -> Any:
        s = self._settings
        return vendor_driver(
            escpos.Usb, s.vendor_id, s.product_id, dict(self.found_by), s.timeout_s * 1000, profile=s.profile
        )

    def _open(self) -> None:
        self._vendor.open()
        # python-escpos assumes end points 0x82 and 0x01; take the printer's own bulk ones (class 7).
        for interface in self._vendor.device.get_active_configuration():
            if interface.bInterfaceClass == _PRINTER_CLASS:
                for point in interface:
                    if point.bmAttributes & 0b11 == 0b10:
                        side = "in_ep" if point.bEndpointAddress & 0x80 else "out_ep"
                        setattr(self._vendor, side, point.bEndpointAddress)

    def _take(self, wait_s: float) -> bytes:
        try:
            return bytes(self._vendor.device.read(self._vendor.in_ep, 64, max(int(wait_s * 1000), 1)))
        except OSError as fault:
            if "time" in str(fault).lower():
                return b""
            raise
