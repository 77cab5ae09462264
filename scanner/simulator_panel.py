"""The simulated scanner's own little web page: sample receipts to scan, a field for any text, and the dials."""

import json
import threading
from dataclasses import asdict
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from scanner.simulated import Dials, Simulator

_PAGE: Final = Path(__file__).with_name("simulator_panel.html")
_LARGEST: Final = 8000
_DIALS: Final = frozenset(asdict(Dials()))


class Panel:
    """Serves the page on ``port`` (0: a free one) of this machine only. ``stop`` ends it."""

    def __init__(self, simulator: Simulator, samples: list[dict[str, str]], port: int = 0) -> None:
        handler = type("Handler", (_Handler,), {"simulator": simulator, "samples": samples})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="scanner-panel", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    simulator: Simulator
    samples: list[dict[str, str]]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """The page and its state."""
        path = self.path.partition("?")[0]
        if path == "/":
            self._answer("text/html; charset=utf-8", _PAGE.read_bytes())
        elif path == "/state":
            self._tell_state()
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "no such page")

    def do_POST(self) -> None:
        """Scan a text, or turn dials. A page of another site cannot send that type unasked."""
        deeds = {"/scan": self._scan, "/dials": self._turn}
        if self.path not in deeds or self.headers.get("Content-Type") != "application/json":
            self._refuse(HTTPStatus.NOT_FOUND, "POST /scan or /dials with application/json")
            return
        try:
            length = int(self.headers.get("Content-Length", ""))
            if not 0 < length <= _LARGEST:
                raise ValueError(f"a body of 1 to {_LARGEST} bytes")
            deeds[self.path](json.loads(self.rfile.read(length)))
        except (ValueError, TypeError) as fault:
            self.close_connection = True
            self._refuse(HTTPStatus.BAD_REQUEST, str(fault))
            return
        self._tell_state()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Stay quiet: the page asks every second."""

    def _scan(self, asked: Any) -> None:
        if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
            raise TypeError("a JSON object with a text")
        self.simulator.scan(asked["text"])

    def _turn(self, asked: Any) -> None:
        if not isinstance(asked, dict) or not all(n in _DIALS and type(v) is bool for n, v in asked.items()):
            raise TypeError(f"a JSON object of dials, true or false: {', '.join(sorted(_DIALS))}")
        self.simulator.turn(**asked)

    def _tell_state(self) -> None:
        state = {
            "line": self.simulator.wire.address,
            "sent": self.simulator.sent,
            "dials": asdict(self.simulator.dials),
            "samples": self.samples,
        }
        self._answer("application/json", json.dumps(state).encode())

    def _refuse(self, status: HTTPStatus, detail: str) -> None:
        self._answer("application/json", json.dumps({"error": detail}).encode(), status)

    def _answer(self, kind: str, body: bytes, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)
