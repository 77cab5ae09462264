"""A network printer made of software: raw TCP, real-time status, dials for everything that goes wrong.

printer/simulator.py makes a program of it. Tests use the class, with the real drivers on the other end of a real
socket.
"""

import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from PIL import Image

from printer import Paper, PrinterStatus, wire
from printer.interpreter import Head, questions
from simulation.ending import Ending

_PIECE = 512
_BUFFER = 65536
_KEPT = 200


@dataclass(frozen=True, slots=True)
class Dials:
    """What can be turned. ``slow`` is bytes a second, 0 for as fast as they come; ``cut_off_after`` breaks the
    connection once so many more bytes have come in; ``paper_left`` rows until the roll runs out by itself."""

    paper: Paper = Paper.OK
    cover_open: bool = False
    offline: bool = False
    unplugged: bool = False
    mute: bool = False
    error: str = ""
    slow: int = 0
    cut_off_after: int = 0
    paper_left: int = 0
    buffer: int = _BUFFER

    @property
    def status(self) -> PrinterStatus:
        """The status these dials make."""
        return PrinterStatus(not self.offline, self.paper, self.cover_open, self.error)


@dataclass(frozen=True, slots=True)
class Printed:
    """One strip that was cut off: its place in the row, when (seconds since the epoch), and its dots."""

    n: int
    at: float
    picture: Image.Image


class Line(Protocol):
    """One way bytes come and go: a TCP connection, or a serial line a test holds the other end of."""

    def recv(self, most: int, /) -> bytes:
        """Wait for bytes; none means the other side has gone."""

    def sendall(self, data: bytes, /) -> None:
        """Say ``data``."""

    def close(self) -> None:
        """Hang up."""


class Simulator(Ending):
    """The printer. ``port`` 0 takes a free one, told by ``port`` afterwards; None: no network socket at all."""

    def __init__(
        self, *, width: int = 576, host: str = "127.0.0.1", port: int | None = 0, out: Path | None = None
    ) -> None:
        self.host = host
        self.port = port or 0
        self.received = 0
        self.last_byte_at = 0.0
        self._out = out
        self._state = threading.Condition()
        self._dials = Dials()
        self._printed: list[Printed] = []
        self._cuts = 0
        self._buffer = bytearray()
        self._lines: list[Line] = []
        self._head = Head(width, self._say_in_turn, self._cut, self._paper_told)
        self._stopped = False
        self._socket = self._listen() if port is not None else None
        self._threads: list[threading.Thread] = []
        self._start(self._engine)
        if self._socket is not None:
            self._start(self._doorman)

    @property
    def dials(self) -> Dials:
        """How the dials stand."""
        with self._state:
            return self._dials

    @property
    def printed(self) -> list[Printed]:
        """The last strips, oldest first."""
        with self._state:
            return list(self._printed)

    @property
    def torn(self) -> Image.Image:
        """What hangs out of the printer, not cut off yet."""
        with self._state:
            return self._head.strip()

    def turn(self, **dials: Any) -> Dials:
        """Turn dials by name. Raises TypeError for a dial there is not."""
        with self._state:
            self._dials = replace(self._dials, **dials)
            self._state.notify_all()
            gone = self._dials.unplugged
        if gone:
            self._hang_up()
        return self.dials

    def wait_for(self, count: int, timeout_s: float = 10) -> list[Printed]:
        """The strips once ``count`` have been cut since the start, or what there is after ``timeout_s``."""
        with self._state:
            self._state.wait_for(lambda: self._cuts >= count, timeout_s)
            return list(self._printed)

    def attach(self, line: Line) -> None:
        """Serve one more line."""
        with self._state:
            self._lines.append(line)
        self._start(lambda: self._serve(line))

    def stop(self) -> None:
        """Hang up and end all threads."""
        with self._state:
            self._stopped = True
            self._state.notify_all()
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
        self._hang_up()
        for thread in self._threads:
            thread.join(5)

    def _start(self, work: Callable[[], None]) -> None:
        self._threads = [t for t in self._threads if t.is_alive()]
        thread = threading.Thread(target=work, name="printer-simulator", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _listen(self) -> socket.socket:
        door = socket.create_server((self.host, self.port))
        self.port = door.getsockname()[1]
        return door

    def _doorman(self) -> None:
        door = self._socket
        while door is not None and not self._stopped:
            try:
                line, _ = door.accept()
            except OSError:
                return
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.dials.unplugged:
                _reset(line)
                continue
            with self._state:
                self._lines.append(line)
            self._serve(line)  # one at a time, as such printers do; others wait at the door

    def _serve(self, line: Line) -> None:
        with suppress(OSError):
            while data := self._receive(line):
                self._heard(line, data)
        with self._state:
            if line in self._lines:
                self._lines.remove(line)
        _reset(line)

    def _receive(self, line: Line) -> bytes:
        """Up to a buffer's room of bytes; a full printer reads no further, and answers nothing then."""
        with self._state:
            self._state.wait_for(lambda: self._stopped or len(self._buffer) < self._dials.buffer)
            room = self._dials.buffer - len(self._buffer)
            slow, until = self._dials.slow, self._dials.cut_off_after
        if self._stopped:
            return b""
        most = min(room, max(slow // 20, 1) if slow else 4096, until or room)
        data = line.recv(most)
        if slow:
            time.sleep(len(data) / slow)
        return data

    def _heard(self, line: Line, data: bytes) -> None:
        with self._state:
            self.received += len(data)
            self.last_byte_at = time.monotonic()
            self._buffer += data
            answers = wire.answers(self._dials.status)
            mute, until = self._dials.mute, self._dials.cut_off_after
            if until:
                self._dials = replace(self._dials, cut_off_after=max(until - len(data), 0))
            self._state.notify_all()
        if not mute:
            for n in questions(data):
                line.sendall(bytes((answers[n],)))
        if until and until <= len(data):
            _reset(line)
            raise ConnectionResetError

    def _engine(self) -> None:
        while True:
            with self._state:
                self._state.wait_for(lambda: self._stopped or (self._buffer and self._dials.status.fault is None))
                if self._stopped:
                    return
                piece = bytes(self._buffer[:_PIECE])
                del self._buffer[:_PIECE]
                before = self._head.printed
                self._head.take(piece)
                self._use_up(self._head.printed - before)
                self._state.notify_all()

    def _use_up(self, rows: int) -> None:
        left = self._dials.paper_left
        if left and rows > 0:
            paper = Paper.OUT if rows >= left else self._dials.paper
            self._dials = replace(self._dials, paper_left=max(left - rows, 0), paper=paper)

    def _paper_told(self) -> int:
        return wire.paper_in_turn(self._dials.paper)

    def _say_in_turn(self, answer: bytes) -> None:
        if self._lines and not self._dials.mute:
            with suppress(OSError):
                self._lines[-1].sendall(answer)

    def _cut(self, picture: Image.Image) -> None:
        self._cuts += 1
        self._printed = [*self._printed, Printed(self._cuts, time.time(), picture)][-_KEPT:]
        if self._out is not None:
            self._out.mkdir(parents=True, exist_ok=True)
            picture.save(self._out / f"slip-{self._cuts:04d}.png")

    def _hang_up(self) -> None:
        with self._state:
            lines, self._lines = self._lines, []
        for line in lines:
            _reset(line)


def _reset(line: Line) -> None:
    """Break a line off as a pulled plug does: what was under way is lost."""
    if isinstance(line, socket.socket):
        with suppress(OSError):
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        line.close()
