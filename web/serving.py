"""Waitress, set up for many event streams on a small machine (HARDWARE: 64 threads and more, look-ahead 5)."""

import json
import logging
import socket
import threading
from typing import Any

from flask import Flask
from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import ErrorTask

from office.errors import ConfigurationError
from web.hall import Hall
from web.problems import KEYS, TYPE, problem

log = logging.getLogger(__name__)
STALL_MS = 30_000
"""A client that takes nothing for so long is cut off; its stream would hold a thread for ever."""

ROOM = 1_000_000
"""Waitress reads this much past the office's own limit, so that the refusal is the office's own, in words."""


class Server:
    """The HTTP server of one office. Raises ConfigurationError when host and port cannot be had."""

    def __init__(self, hall: Hall, app: Flask, host: str, port: int) -> None:
        self._hall = hall
        try:
            self._server = create_server(
                app,
                host=host,
                port=port,
                threads=hall.settings.web.threads,
                ident=None,
                channel_request_lookahead=5,
                outbuf_high_watermark=256 * 1024,
                max_request_body_size=hall.settings.web.body_max + ROOM,
                clear_untrusted_proxy_headers=True,
                connection_limit=500,
                cleanup_interval=10,
                channel_timeout=60,
            )
        except (OSError, ValueError) as fault:
            raise ConfigurationError(f"cannot listen on {host}:{port}: {fault}") from fault
        self._server.adj.socket_options = [*self._server.adj.socket_options, *_options()]  # no keyword sets these
        for server in (self._server, *getattr(self._server, "map", {}).values()):
            if hasattr(server, "channel_class"):
                server.channel_class = _channel(hall)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(getattr(self._server, "effective_port", 0) or self._server.effective_listen[0][1])

    def run(self) -> None:
        """Serve until ``stop`` or a KeyboardInterrupt in this thread."""
        self._server.run()

    def stop(self, *, grace_s: float = 5) -> None:
        """Refuse new work, end the streams, let requests under way finish, close."""
        self._hall.stopping.set()
        self._hall.pulse.stop()
        dispatcher = self._server.task_dispatcher
        threading.Thread(target=dispatcher.shutdown, kwargs={"timeout": grace_s}, daemon=True).start()
        dispatcher.shutdown(timeout=grace_s)
        self._server.close()


def _channel(hall: Hall) -> type[Any]:
    """A channel whose protocol errors are problem+json too."""

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

    class Channel(HTTPChannel):  # type: ignore[misc]  # as above
        error_task_class = Problem

    return Channel


def _options() -> list[tuple[int, int, int]]:
    options = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1), (socket.SOL_TCP, socket.TCP_NODELAY, 1)]
    user_timeout = getattr(socket, "TCP_USER_TIMEOUT", None)  # Linux only
    return options + ([(socket.SOL_TCP, user_timeout, STALL_MS)] if user_timeout is not None else [])
