"""The simulator's own little web page: the last slips as pictures, and the dials to turn."""

import io
import json
import threading
from dataclasses import asdict
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from PIL import Image

from printer import Paper
from printer.fonts import PACKAGED
from printer.simulated import Simulator

_PAGE = Path(__file__).with_name("simulator_panel.html")
_SHOWN = 12
_LARGEST = 2000
_DIALS: Final[dict[str, type]] = {
    "paper": str,
    "cover_open": bool,
    "offline": bool,
    "unplugged": bool,
    "mute": bool,
    "slow": int,
    "cut_off_after": int,
    "paper_left": int,
}


class Panel:
    """Serves the page on ``port`` (0: a free one) of this machine only. ``stop`` ends it."""

    def __init__(self, simulator: Simulator, port: int = 0) -> None:
        handler = type("Handler", (_Handler,), {"simulator": simulator})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="printer-panel", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    simulator: Simulator
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """The page, its state, a slip's picture, its font."""
        path = self.path.partition("?")[0]
        if path == "/":
            self._answer("text/html; charset=utf-8", _PAGE.read_bytes())
        elif path == "/state":
            self._answer("application/json", json.dumps(self._state()).encode())
        elif path.startswith("/slips/"):
            self._picture(path.removeprefix("/slips/").removesuffix(".png"))
        elif path in ("/font/400", "/font/600"):
            weight = "Regular" if path.endswith("400") else "SemiBold"
            self._file(PACKAGED / f"BeVietnamPro-{weight}.ttf")
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "no such page")

    def do_POST(self) -> None:
        """Turn dials: a JSON object of dial names. A page of another site cannot send that type unasked."""
        if self.path != "/dials" or self.headers.get("Content-Type") != "application/json":
            self._refuse(HTTPStatus.NOT_FOUND, "POST /dials with application/json")
            return
        try:
            length = int(self.headers.get("Content-Length", ""))
            if not 0 < length <= _LARGEST:
                raise ValueError("a body of 1 to 2000 bytes")
            self.simulator.turn(**dials_from(json.loads(self.rfile.read(length))))
        except (ValueError, TypeError) as fault:
            self.close_connection = True
            self._refuse(HTTPStatus.BAD_REQUEST, str(fault))
            return
        self._answer("application/json", json.dumps(self._state()).encode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Stay quiet: the page asks every second."""

    def _state(self) -> dict[str, Any]:
        strips = self.simulator.printed
        return {
            "port": self.simulator.port,
            "dials": asdict(self.simulator.dials),
            "received": self.simulator.received,
            "slips": [{"n": s.n, "at": s.at, "height": s.picture.height} for s in reversed(strips[-_SHOWN:])],
        }

    def _picture(self, name: str) -> None:
        for strip in self.simulator.printed:
            if str(strip.n) == name:
                self._answer("image/png", _png(strip.picture))
                return
        self._refuse(HTTPStatus.NOT_FOUND, "no such slip")

    def _file(self, path: Path) -> None:
        if path.is_file():
            self._answer("font/ttf", path.read_bytes(), "max-age=86400")
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "no such font")

    def _refuse(self, status: HTTPStatus, detail: str) -> None:
        self._answer("application/json", json.dumps({"error": detail}).encode(), status=status)

    def _answer(self, kind: str, body: bytes, cache: str = "no-store", *, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", cache)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)


def dials_from(asked: object) -> dict[str, Any]:
    """The dials of a request, each of its type. Raises TypeError or ValueError for anything else."""
    if not isinstance(asked, dict):
        raise TypeError("a JSON object of dials")
    for name, value in asked.items():
        if name not in _DIALS or type(value) is not _DIALS[name]:
            raise ValueError(f"dials: {', '.join(f'{n} ({t.__name__})' for n, t in _DIALS.items())}")
        if isinstance(value, int) and value < 0:
            raise ValueError(f"{name} is at least 0")
    if "paper" in asked:
        return {**asked, "paper": Paper(asked["paper"])}
    return asked


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
