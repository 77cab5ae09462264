"""A network camera made of software: pictures as MJPEG over HTTP, with dials. The real lens driver looks through it.

What lies under it is a JPEG picture; ``hold`` lays another one there.
"""

import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

BOUNDARY: Final = "picture"


class SimulatedLens:
    """Serves ``picture`` at ``fps`` on a free port of this machine. ``stalled``: the line stays, no picture comes;
    ``gone``: it hangs up and refuses. ``stop`` ends it."""

    def __init__(self, picture: bytes, fps: float = 15) -> None:
        self.picture = picture
        self.stalled = False
        self.gone = False
        self.shown = 0
        self.fps = fps
        handler = type("Handler", (_Handler,), {"lens": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="lens", daemon=True)
        self._thread.start()

    def __enter__(self) -> "SimulatedLens":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def hold(self, picture: bytes) -> None:
        """Lay something else under the lens."""
        self.picture = picture

    def stop(self) -> None:
        """End it."""
        self.gone = True
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    lens: SimulatedLens

    def do_GET(self) -> None:
        """Pictures without end."""
        if self.lens.gone:
            self.send_error(503)
            return
        self.send_response(200)
        self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={BOUNDARY}")
        self.end_headers()
        with suppress(OSError):
            while not self.lens.gone:
                if not self.lens.stalled:
                    self._show(self.lens.picture)
                time.sleep(1 / self.lens.fps)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Stay quiet."""

    def _show(self, picture: bytes) -> None:
        head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n"
        self.wfile.write(head.encode() + picture + b"\r\n")
        self.lens.shown += 1
