"""A scanner on a serial line (USB-COM): neither focus nor input method can harm what it reads. The only file of this
folder that imports pyserial."""

import errno
import os
import re
import time
from typing import Any, Final

import serial

from office.scan_sections import ScannerSettings
from scanner import FaultKind, Hint, Read, ScannerFault

PAUSE_S: Final = 0.15
"""Without an Enter behind each code, this much silence ends one."""
STALE_S: Final = 3.0
"""The beginning of a code whose end never comes is dropped after this."""
LONGEST: Final = 4096
STEP_S: Final = 0.05

ENDS: Final = re.compile(rb"[\r\n]+")
EDGES: Final = bytes(range(0x21)) + b"\x7f"
"""What some scanners put around a code: STX, ETX, EOT, tab, spaces."""
CARD: Final = re.compile(rb"[0-9]{12}\|")
"""A citizen card: its figures are plain, and a name may be garbled (a clerk corrects it)."""
AIM: Final = re.compile(r"\](?P<letter>[A-Za-z])[0-9A-Za-z]")
SYMBOLOGIES: Final = {"A": "code39", "C": "code128", "Q": "qr", "d": "datamatrix", "L": "pdf417"}
"""The identifier that many scanners can put before a code (ISO/IEC 15424): its letter → the symbology."""


class SerialScanner:
    """The open line. Raises ScannerFault when it cannot be opened."""

    def __init__(self, settings: ScannerSettings) -> None:
        self._suffix = settings.suffix
        self._buffer = bytearray()
        self._heard_at = 0.0
        alone: dict[str, Any] = {"exclusive": True} if os.name == "posix" and "://" not in settings.device else {}
        try:
            self._line = serial.serial_for_url(settings.device, baudrate=settings.baudrate, timeout=STEP_S, **alone)
            self._line.reset_input_buffer()  # what was scanned while nobody listened concerns nobody any more
        except (OSError, ValueError) as fault:
            busy = getattr(fault, "errno", None) in (errno.EAGAIN, errno.EBUSY)
            kind = FaultKind.BUSY if busy else FaultKind.OFFLINE
            raise ScannerFault(kind, f"the line cannot be opened: {_why(fault)}") from None

    def next(self, wait_s: float) -> Read | Hint | None:
        """The next code, waited for at most ``wait_s``. Raises ScannerFault when the line is gone."""
        until = time.monotonic() + wait_s
        while True:
            if (read := self._whole()) is not None:
                return read
            if time.monotonic() >= until:
                return None
            self._listen()

    def close(self) -> None:
        """Let go of the line."""
        try:
            self._line.close()
        except OSError:  # it went away before
            return

    def _listen(self) -> None:
        try:
            heard = self._line.read(max(1, self._line.in_waiting))
        except (OSError, TypeError) as fault:  # pyserial: TypeError when the line is closed under it
            raise ScannerFault(FaultKind.OFFLINE, f"the line broke off: {_why(fault)}") from None
        if heard:
            self._buffer += heard
            self._heard_at = time.monotonic()

    def _whole(self) -> Read | Hint | None:
        """A line that is complete in the buffer, taken out of it; empty ones (a second Enter) are passed over."""
        while end := ENDS.search(self._buffer):
            line = bytes(self._buffer[: end.start()])
            del self._buffer[: end.end()]
            if (read := _read(line)) is not None:
                return read
        return self._ended_by_silence()

    def _ended_by_silence(self) -> Read | Hint | None:
        silent_s = time.monotonic() - self._heard_at
        if len(self._buffer) > LONGEST or (self._suffix and silent_s > STALE_S):
            self._buffer.clear()
        if self._suffix or not self._buffer or silent_s < PAUSE_S:
            return None
        line = bytes(self._buffer)
        self._buffer.clear()
        return _read(line)


def _read(line: bytes) -> Read | Hint | None:
    """A line as text. None when it is empty; a hint to scan again when it came through harmed: what is left of a code
    after a lost letter may be somebody else's code, so nothing is mended."""
    core = line.strip(EDGES)
    if not core:
        return None
    try:
        text = core.decode("utf-8")
    except UnicodeDecodeError:
        text = core.decode("cp1252", errors="replace") if CARD.match(core) else "\x00"
    if not text.isprintable():
        return Hint("again")
    aim = AIM.match(text)
    return Read(text[aim.end() :], SYMBOLOGIES.get(aim["letter"], "text")) if aim else Read(text)


def _why(fault: Exception) -> str:
    return os.strerror(fault.errno) if isinstance(fault, OSError) and fault.errno else type(fault).__name__
