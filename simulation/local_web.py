"""A web server of a simulator (its panel, or the device's own): on this machine only, in threads of its own."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from simulation.ending import Ending

HOST: Final = "127.0.0.1"


class LocalWeb(Ending):
    """Has ``handler`` answer on ``port`` (0: a free one); ``known`` are the handler's attributes. ``stop`` ends it.

    Raises OSError when the port is taken.
    """

    def __init__(self, handler: type[BaseHTTPRequestHandler], port: int = 0, **known: Any) -> None:
        answering = type("Handler", (handler,), known | {"log_message": _quiet})
        self._server = ThreadingHTTPServer((HOST, port), answering)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="simulated web", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


def _quiet(*_: object) -> None:
    """Write nothing to the terminal: a page asks every second."""
