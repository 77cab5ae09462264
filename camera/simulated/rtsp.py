"""One client's RTSP connection (RFC 2326): its requests answered, its stream on the same line (TCP interleaved)."""

import re
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formatdate
from typing import BinaryIO, Final, Protocol
from urllib.parse import urlsplit

from camera.simulated.player import Player
from camera.simulated.sign_in import SignIn

REASONS: Final = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    454: "Session Not Found",
    455: "Method Not Valid in This State",
    461: "Unsupported Transport",
    501: "Not Implemented",
    503: "Service Unavailable",
}
_OPEN: Final = ("OPTIONS", "TEARDOWN")
_LONGEST: Final = 8000
Headers = list[tuple[str, str]]


class RefusedError(Exception):
    """A request is answered with ``status``."""

    def __init__(self, status: int) -> None:
        super().__init__(REASONS[status])
        self.status = status


@dataclass(frozen=True, slots=True)
class Request:
    """A request: its method, address and headers (names in small letters)."""

    method: str
    address: str
    headers: Mapping[str, str]


class Source(Protocol):
    """What an address stands for. Its methods raise RefusedError."""

    @property
    def locked(self) -> bool:
        """Whether no password is right any more."""

    def clock_ms(self) -> int:
        """What its clock says."""

    def describe(self) -> str:
        """Its description (SDP)."""

    def accept(self, asked: Mapping[str, str]) -> Headers:
        """What PLAY is answered; ``asked`` are its headers."""

    def play(self, player: Player) -> None:
        """Send its stream from now on: what was accepted."""

    def pause(self, player: Player) -> None:
        """Send no more, until play."""


Find = Callable[[str, str], Source]
"""The source of a path and a query. Raises RefusedError."""


class Connection:
    """Serves ``line`` until its end."""

    def __init__(self, line: socket.socket, find: Find, sign_in: SignIn) -> None:
        self._line, self._find, self._sign_in = line, find, sign_in
        self._player = Player(line)
        self._source: Source | None = None
        self._ready = self._accepted = False

    def serve(self) -> None:
        """Answer until the client leaves or is hung up on."""
        with suppress(OSError, ValueError), self._line.makefile("rb") as heard:
            while (request := _read(heard)) and not self._player.gone.is_set():
                self._player.feed(self._answer(request))
                if self._accepted:  # only now: what comes before the answer is lost on a client
                    self._accepted = False
                    self._found(request).play(self._player)
        if self._source:
            self._source.pause(self._player)
        self._player.hang_up()

    def hang_up(self) -> None:
        """End it from outside."""
        self._player.hang_up()

    def _answer(self, request: Request) -> bytes:
        try:
            headers, body = self._done(request)
            status = 200
        except RefusedError as refused:
            headers, body, status = [], "", refused.status
            if status == 401:
                headers = self._sign_in.challenge()
        ms = self._source.clock_ms() if self._source else None
        told = [("CSeq", request.headers.get("cseq", "0")), ("Date", formatdate(ms and ms / 1000, usegmt=True))]
        if body:
            headers += [("Content-Type", "application/sdp"), ("Content-Length", str(len(body)))]
        lines = [f"RTSP/1.0 {status} {REASONS[status]}", *(f"{name}: {value}" for name, value in told + headers)]
        return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()

    def _done(self, request: Request) -> tuple[Headers, str]:
        deed = getattr(self, f"_{request.method.lower()}", None) if request.method in METHODS else None
        if deed is None:
            raise RefusedError(501)
        if request.method not in _OPEN:
            self._admit(request)
        done: tuple[Headers, str] = deed(request)
        return done

    def _admit(self, request: Request) -> None:
        source = self._found(request)
        if source.locked or not self._sign_in.admits(request.method, request.headers.get("authorization", "")):
            raise RefusedError(401)

    def _found(self, request: Request) -> Source:
        """The source of this connection; a DESCRIBE or the first SETUP says which."""
        if self._source is None or request.method == "DESCRIBE":
            address = urlsplit(re.sub(r"/?(track1/?)?$", "", request.address))
            self._source = self._find(address.path, address.query)
        return self._source

    def _options(self, _: Request) -> tuple[Headers, str]:
        return [("Public", ", ".join(METHODS))], ""

    def _describe(self, request: Request) -> tuple[Headers, str]:
        base = request.address.rstrip("/") + "/"
        return [("Content-Base", base)], self._found(request).describe()

    def _setup(self, request: Request) -> tuple[Headers, str]:
        """TCP on the same line is all there is; who asks for UDP is told so and asks again."""
        transport = request.headers.get("transport", "")
        if "RTP/AVP/TCP" not in transport:
            raise RefusedError(461)
        asked = re.search(r"interleaved=(\d+)", transport)
        self._player.channel = int(asked[1]) if asked and int(asked[1]) < 254 else 0
        self._ready = True
        channels = f"{self._player.channel}-{self._player.channel + 1}"
        told = f"RTP/AVP/TCP;unicast;interleaved={channels}"
        return [("Transport", told), ("Session", "51AB0001;timeout=60")], ""

    def _play(self, request: Request) -> tuple[Headers, str]:
        if not self._ready:
            raise RefusedError(455)
        headers = self._found(request).accept(request.headers)
        self._accepted = True
        return [("Session", "51AB0001"), *headers], ""

    def _pause(self, request: Request) -> tuple[Headers, str]:
        self._found(request).pause(self._player)
        return [("Session", "51AB0001")], ""

    def _get_parameter(self, _: Request) -> tuple[Headers, str]:
        return [("Session", "51AB0001")], ""

    _set_parameter = _get_parameter

    def _teardown(self, _: Request) -> tuple[Headers, str]:
        if self._source:
            self._source.pause(self._player)
        self._ready = False
        return [], ""


METHODS: Final = ("OPTIONS", "DESCRIBE", "SETUP", "PLAY", "PAUSE", "GET_PARAMETER", "SET_PARAMETER", "TEARDOWN")


def _read(heard: BinaryIO) -> Request | None:
    """The next request; None at the end. The client's own reports (RTCP) in between are passed over."""
    first = heard.read(1)
    while first == b"$":
        heard.read(int.from_bytes(heard.read(3)[1:], "big"))
        first = heard.read(1)
    line = (first + heard.readline(_LONGEST)).decode("latin-1").split()
    if len(line) != 3 or not line[2].startswith("RTSP/"):
        return None
    headers = {}
    while name := heard.readline(_LONGEST).decode("latin-1").strip():
        key, _, value = name.partition(":")
        headers[key.strip().lower()] = value.strip()
    heard.read(min(int(headers.get("content-length", "0")), _LONGEST))
    return Request(line[0], line[1], headers)
