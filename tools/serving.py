"""An app that really serves, in this process: the real server with what goes with it, in threads."""

import threading
from typing import Final

from flask import Flask

from web.hall import Hall
from web.serving import Server, listen

HOST: Final = "127.0.0.1"


class Serving:
    """``app`` of ``hall`` on ``port`` (0: a free one), from now until ``stop``. Raises ConfigurationError."""

    def __init__(self, hall: Hall, app: Flask, port: int = 0) -> None:
        self._server = Server(hall, app, listen(HOST, port))
        self._end = threading.Event()
        work = (self._server.run, lambda: hall.pulse.run(self._end), lambda: hall.store.watch_others(self._end))
        self._threads = [threading.Thread(target=part, daemon=True) for part in work]
        for thread in self._threads:
            thread.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._server.port

    @property
    def address(self) -> str:
        """The same as browsers have it."""
        return f"http://{HOST}:{self.port}"

    def stop(self) -> None:
        """End every stream, let what is under way finish, and close the port."""
        self._end.set()
        self._server.stop(grace_s=0)
        for thread in self._threads:
            thread.join(10)
