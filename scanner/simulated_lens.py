"""A network camera made of software: pictures as MJPEG over HTTP, with dials. The real lens driver looks through it.

What lies under it is a JPEG picture; ``hold`` lays another one there.
"""

import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import Final

from simulation.ending import Ending
from simulation.local_web import HOST, LocalWeb

BOUNDARY: Final = "picture"


class SimulatedLens(Ending):
    """Serves ``picture`` at ``fps`` on a free port of this machine. ``stalled``: the line stays, no picture comes;
    ``gone``: it hangs up and refuses. ``stop`` ends it."""

    def __init__(self, picture: bytes, fps: float = 15) -> None:
        self.picture = picture
        self.stalled = False
        self.gone = False
        self.shown = 0
        self.fps = fps
        self._web = LocalWeb(_Handler, lens=self)
        self.address = f"http://{HOST}:{self._web.port}/"

    def hold(self, picture: bytes) -> None:
        """Lay something else under the lens."""
        self.picture = picture

    def stop(self) -> None:
        """End it."""
        self.gone = True
        self._web.stop()


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

    def _show(self, picture: bytes) -> None:
        head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n"
        self.wfile.write(head.encode() + picture + b"\r\n")
        self.lens.shown += 1
