"""One client that looks: what is sent to it goes through a thread of its own, so a slow one keeps nobody waiting."""

import socket
import threading
from contextlib import suppress
from queue import Full, Queue
from typing import Final

DEEP: Final = 200
"""Pictures that may wait for a client; a live one that lags further is hung up on."""


class Player:
    """Writes to ``line``. ``started`` once it has had a keyframe; ``channel`` is that of its packets."""

    def __init__(self, line: socket.socket) -> None:
        self.channel = 0
        self.started = False
        self.gone = threading.Event()
        self._line = line
        self._waiting: Queue[bytes] = Queue(DEEP)
        threading.Thread(target=self._write, name="simulated player", daemon=True).start()

    def send(self, data: bytes) -> None:
        """Send, or hang up when too much waits already."""
        try:
            self._waiting.put_nowait(data)
        except Full:
            self.hang_up()

    def feed(self, data: bytes) -> bool:
        """Send as soon as there is room; whether it is still there."""
        while not self.gone.is_set():
            with suppress(Full):
                self._waiting.put(data, timeout=0.2)
                return True
        return False

    def hang_up(self) -> None:
        """Close the line, whatever waits."""
        self.gone.set()
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        with suppress(Full):
            self._waiting.put_nowait(b"")

    def _write(self) -> None:
        while not self.gone.is_set():
            data = self._waiting.get()
            try:
                self._line.sendall(data)
            except OSError:
                self.hang_up()
