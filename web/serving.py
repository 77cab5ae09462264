"""Waitress, set up for many event streams on a small machine (HARDWARE: 64 threads and more, look-ahead 5)."""

import copy
import json
import logging
import select
import socket
import time
from contextlib import suppress
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server
from waitress.task import ErrorTask

from office.errors import ConfigurationError
from web.hall import Hall
from web.problems import KEYS, TYPE, problem

log = logging.getLogger(__name__)
STALL_MS = 30_000
"""A client that takes nothing for so long is cut off; its stream would hold a thread for ever."""

GRACE_S, END_S = 0.5, 3.0
"""How long a stopping office still answers (503), and how long it waits for requests under way."""

BACKLOG = 1024
"""Connections that may wait while the office starts or is busy."""

ROOM = 1_000_000
"""Waitress reads this much past the office's own limit, so that the refusal is the office's own, in words."""

SCANS, IMPORT = "/api/v1/scans", "/api/v1/dossiers/import"
"""The calls whose bodies may be larger than ``web.body_max``: pictures and exports."""


class Server:
    """The HTTP server of one office, on sockets that ``listen`` opened."""

    def __init__(self, hall: Hall, app: Flask, sockets: list[socket.socket]) -> None:
        self._hall = hall
        self._server = create_server(
            app,
            sockets=sockets,
            threads=hall.settings.web.threads,
            ident=None,
            channel_request_lookahead=5,
            outbuf_high_watermark=256 * 1024,
            max_request_body_size=max(_limits(hall).values()),
            clear_untrusted_proxy_headers=True,
            connection_limit=500,
            cleanup_interval=10,
            channel_timeout=60,
        )
        self._server.adj.socket_options = [*self._server.adj.socket_options, *_options()]  # no keyword sets these
        self._map: dict[int, Any] = getattr(self._server, "map", None) or self._server._map
        self._listeners = [one for one in self._map.values() if hasattr(one, "channel_class")]
        channel = _channel(hall, self._server.adj)
        for listener in self._listeners:
            listener.channel_class = channel
        self._grace_s = GRACE_S

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._listeners[0].effective_port)

    def run(self) -> None:
        """Serve until ``stop``.

        Then end the streams, let requests under way finish, answer others 503 for the grace, and close; at most
        ``END_S`` in all, whoever does not take their answer.
        """
        while not self._hall.stopping.is_set():
            self._turn(1.0)
        self._hall.pulse.stop()
        begun = time.monotonic()
        while (past := time.monotonic() - begun) < END_S and (past < self._grace_s or self._busy()):
            self._turn(0.02)
        for listener in self._listeners:
            for channel in list(listener.active_channels.values()):
                channel.handle_close()  # also wakes a thread whose client takes nothing
            listener.close()
        self._server.task_dispatcher.shutdown(timeout=1)

    def stop(self, *, grace_s: float = GRACE_S) -> None:
        """Make ``run`` end, refusing new work for at least ``grace_s``. From any thread, or a signal's handler."""
        self._grace_s = grace_s
        self._hall.stopping.set()
        for listener in self._listeners:
            with suppress(OSError):  # closed already
                listener.pull_trigger()

    def _turn(self, timeout: float) -> None:
        wasyncore.loop(timeout=timeout, use_poll=hasattr(select, "poll"), map=self._map, count=1)

    def _busy(self) -> bool:
        channels = [channel for listener in self._listeners for channel in list(listener.active_channels.values())]
        return any(channel.requests or channel.total_outbufs_len for channel in channels)


def listen(host: str, port: int) -> list[socket.socket]:
    """Open ``host``:``port`` before anything is started, on every address the name has.

    Raises ConfigurationError when it cannot be had: taken, not allowed, or no such address.
    """
    opened: list[socket.socket] = []
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in dict.fromkeys(found):
            taken = opened[0].getsockname()[1] if opened else port
            opened.append(_opened(family, kind, protocol, (address[0], taken, *address[2:])))
    except (OSError, OverflowError) as fault:
        for one in opened:
            one.close()
        raise ConfigurationError(f"cannot listen on {host}:{port}: {fault}") from fault
    return opened


def _opened(family: int, kind: int, protocol: int, address: tuple[Any, ...]) -> socket.socket:
    one = socket.socket(family, kind, protocol)
    try:
        # Windows would let two servers share a port unless told; elsewhere a restart must not wait for old lines.
        exclusive = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR if exclusive is None else exclusive, 1)
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        one.bind(address)
        one.listen(BACKLOG)
    except OSError:
        one.close()
        raise
    return one


def _limits(hall: Hall) -> dict[str, int]:
    """Path → the most bytes that are read of its body; of every other path those of ''."""
    settings = hall.settings
    most = {"": settings.web.body_max, SCANS: settings.scans.image_max, IMPORT: settings.dossiers.imports.body_max}
    return {path: size + ROOM for path, size in most.items()}


def _channel(hall: Hall, adjustments: Any) -> type[Any]:
    """A channel whose protocol errors are problem+json too, and which reads as much of a body as its path may have."""

    limited = {path: copy.copy(adjustments) for path in _limits(hall)}
    for path, size in _limits(hall).items():
        limited[path].max_request_body_size = size

    class Problem(ErrorTask):  # type: ignore[misc]  # waitress ships no types
        def execute(self) -> None:
            status, _, _ = self.request.error.to_response("")
            code = int(str(status).split(" ", 1)[0])
            key = KEYS.get(code, "error.bad_request" if code < 500 else "error.unexpected")
            body = problem(hall.phrases, hall.phrases.default, code, key)
            text = json.dumps(body, ensure_ascii=False).encode()
            self.status = status
            self.response_headers.append(("Content-Type", TYPE))
            self.set_close_on_finish()
            self.content_length = len(text)
            self.write(text)

    class Parser(HTTPRequestParser):  # type: ignore[misc]  # as above
        def parse_header(self, header_plus: bytes) -> None:
            super().parse_header(header_plus)
            self.adj = limited.get(self.path, limited[""])  # read for its limits alone from here on

    class Channel(HTTPChannel):  # type: ignore[misc]  # as above
        error_task_class = Problem
        parser_class = Parser

    return Channel


def _options() -> list[tuple[int, int, int]]:
    options = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1), (socket.SOL_TCP, socket.TCP_NODELAY, 1)]
    user_timeout = getattr(socket, "TCP_USER_TIMEOUT", None)  # Linux only
    return options + ([(socket.SOL_TCP, user_timeout, STALL_MS)] if user_timeout is not None else [])
