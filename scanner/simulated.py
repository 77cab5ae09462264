"""A scanner on a serial line made of software, with dials for what goes wrong. The real driver is at the other end.

scanner/simulator.py makes a program of it. Tests use the class.
"""

import threading
import time
from dataclasses import dataclass, replace
from pkgutil import resolve_name
from typing import Any, Final, Protocol

from simulation.ending import Ending

WIRES: Final = {"pty": "scanner.pty_wire:PtyWire", "tcp": "scanner.tcp_wire:TcpWire"}
"""What the line is made of → where that is; a pseudo-terminal where the system has them."""

PIECE: Final = 5
GAP_S: Final = 0.04
KEPT: Final = 50


@dataclass(frozen=True, slots=True)
class Dials:
    """What can be turned. ``split``: a code comes in pieces; ``double``: each comes twice; ``noise``: a letter on the
    way is broken; ``guards``: ``*`` around it, as some send Code 39; ``lower``: in small letters; ``aim``: with the
    symbology's identifier before it; ``suffix``: Enter behind it."""

    unplugged: bool = False
    split: bool = False
    double: bool = False
    noise: bool = False
    guards: bool = False
    lower: bool = False
    aim: bool = False
    suffix: bool = True


class Wire(Protocol):
    """One line whose other end the driver opens under ``address``."""

    address: str

    def plug(self) -> None:
        """Have the other end appear."""

    def unplug(self) -> None:
        """Have it vanish, as a pulled plug does."""

    def send(self, data: bytes) -> None:
        """Say ``data``. Without a listener it is lost."""


class Simulator(Ending):
    """The scanner on ``wire``."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self._lock = threading.Lock()
        self._dials = Dials()
        self._sent = 0
        wire.plug()

    @property
    def dials(self) -> Dials:
        """How the dials stand."""
        return self._dials

    @property
    def sent(self) -> int:
        """Codes scanned so far."""
        return self._sent

    def turn(self, **dials: bool) -> Dials:
        """Turn dials by name. Raises TypeError for a dial there is not."""
        with self._lock:
            before, self._dials = self._dials, replace(self._dials, **dials)
            if self._dials.unplugged != before.unplugged:
                (self.wire.unplug if self._dials.unplugged else self.wire.plug)()
            return self._dials

    def scan(self, text: str) -> None:
        """Pull the trigger over ``text``; nothing is sent while unplugged."""
        with self._lock:
            if self._dials.unplugged:
                return
            self._sent += 1
            for _ in range(2 if self._dials.double else 1):
                self._send(self._bytes(text))

    def stop(self) -> None:
        """Pull the plug for good."""
        self.wire.unplug()

    def _bytes(self, text: str) -> bytes:
        dials = self._dials
        text = text.lower() if dials.lower else text
        text = f"*{text}*" if dials.guards else text
        text = f"]{'A' if dials.guards else 'C'}0{text}" if dials.aim else text
        data = text.encode()
        if dials.noise:
            data = data[:-2] + b"\xff" + data[-1:]
        return data + (b"\r\n" if dials.suffix else b"")

    def _send(self, data: bytes) -> None:
        step = PIECE if self._dials.split else len(data)
        for at in range(0, len(data), step):
            if at:
                time.sleep(GAP_S)
            self.wire.send(data[at : at + step])


def wire(kind: str, *where: Any) -> Wire:
    """A line of that kind. Raises ImportError where the system has none such."""
    made: Wire = resolve_name(WIRES[kind])(*where)
    return made
