"""A TCP port as the simulated scanner's line: a serial device server, which pyserial opens as ``socket://…``."""

import socket
import threading
from contextlib import suppress


class TcpWire:
    """Listens on ``port`` of this machine (0: a free one)."""

    def __init__(self, port: int = 0) -> None:
        self._port = port
        self._door: socket.socket | None = None
        self._line: socket.socket | None = None
        self.address = ""

    def plug(self) -> None:
        """Take callers again, on the same port."""
        self.unplug()
        door = socket.create_server(("127.0.0.1", self._port))
        self._port = door.getsockname()[1]
        self.address = f"socket://127.0.0.1:{self._port}"
        self._door = door
        threading.Thread(target=self._answer, args=(door,), name="scanner-simulator", daemon=True).start()

    def unplug(self) -> None:
        """Hang up and answer no more."""
        for one in (self._door, self._line):
            if one is not None:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()
        self._door = self._line = None

    def send(self, data: bytes) -> None:
        """Say ``data`` to the latest caller."""
        if self._line is not None:
            with suppress(OSError):
                self._line.sendall(data)

    def _answer(self, door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                line, _ = door.accept()
                before, self._line = self._line, line
                if before is not None:
                    before.close()
