"""ONVIF profile G is played with a range by the clock, and as fast as it is taken (ONVIF streaming specification, 6):
FFmpeg can ask for neither, so its requests go through here and get these heads on their way.

A relay on this machine alone, for the one who asks.
"""

import re
import socket
import threading
from contextlib import suppress
from dataclasses import replace
from typing import Final, Self
from urllib.parse import urlsplit, urlunsplit

from camera.job import Job

HERE: Final = "127.0.0.1"
RTSP_PORT: Final = 554
TIMEOUT_S: Final = 30.0
LARGEST: Final = 65_536
_RANGE: Final = re.compile(rb"(?im)^Range:[^\r\n]*\r\n")


class Replay:
    """The relay to the recorder of ``job``; ``job`` names its own address afterwards. Raises OSError."""

    def __init__(self, job: Job, clock: tuple[str, str]) -> None:
        parts = urlsplit(job.address)
        self._far = (parts.hostname or "", parts.port or RTSP_PORT)
        begins, ends = clock
        self._heads = f"Range: clock={begins}-{ends}\r\nRequire: onvif-replay\r\nRate-Control: no\r\n".encode()
        self._near = socket.create_server((HERE, 0))
        here = f"{HERE}:{self._near.getsockname()[1]}"
        self.job = replace(job, address=urlunsplit(parts._replace(netloc=here)))
        threading.Thread(target=self._run, name="replay", daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # Windows refuses that, and wakes who waits there by closing it
            self._near.shutdown(socket.SHUT_RDWR)
        self._near.close()

    def _run(self) -> None:
        """One connection after the other, until it is closed."""
        with suppress(OSError):
            while True:
                player, _ = self._near.accept()
                threading.Thread(target=self._relay, args=(player,), name="replay", daemon=True).start()

    def _relay(self, player: socket.socket) -> None:
        """A connection, both ways, until either side ends it."""
        with suppress(OSError), player, socket.create_connection(self._far, TIMEOUT_S) as recorder:
            threading.Thread(target=_pass_on, args=(recorder, player), daemon=True).start()
            self._ask(player, recorder)

    def _ask(self, player: socket.socket, recorder: socket.socket) -> None:
        """Requests, each whole; what FFmpeg sends between them (receiver reports) goes as it is."""
        left = b""
        while piece := player.recv(LARGEST):
            left += piece
            while left:
                size = _size(left)
                if not size or len(left) < size:
                    break
                recorder.sendall(self._with_heads(left[:size]))
                left = left[size:]
        with suppress(OSError):
            recorder.shutdown(socket.SHUT_RDWR)

    def _with_heads(self, asked: bytes) -> bytes:
        if not asked.startswith(b"PLAY "):
            return asked
        plain = _RANGE.sub(b"", asked)
        line, _, rest = plain.partition(b"\r\n")
        return line + b"\r\n" + self._heads + rest


def _size(data: bytes) -> int:
    """Length of the request or interleaved packet that ``data`` begins with; 0 while that cannot be told."""
    if data.startswith(b"$"):
        return 4 + int.from_bytes(data[2:4]) if len(data) >= 4 else 0
    heads = data.find(b"\r\n\r\n")
    return heads + 4 if heads >= 0 else 0  # FFmpeg's requests have no body here


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(LARGEST):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)
