"""A simulator's own little web page: what it does now, and the dials to turn; on this machine only.

Every simulator has its page (HTML) and says what its dials are; /panel.css, /panel.js and the font are for all of them.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, Final

from simulation.local_web import LocalWeb

try:
    import fontpkg_be_vietnam_pro as be_vietnam_pro
except ImportError:
    _FONTS = Path()
else:
    _FONTS = Path(be_vietnam_pro.ROOT) / "files"

_HERE: Final = Path(__file__).parent
_SHARED: Final = {
    "/panel.css": (_HERE / "panel.css", "text/css; charset=utf-8"),
    "/panel.js": (_HERE / "panel.js", "text/javascript; charset=utf-8"),
    "/font/400": (_FONTS / "BeVietnamPro-Regular.ttf", "font/ttf"),
    "/font/600": (_FONTS / "BeVietnamPro-SemiBold.ttf", "font/ttf"),
}
_LARGEST: Final = 8000

Deed = Callable[[Any], object]
"""Does what a JSON value asks. Raises TypeError or ValueError, and then has changed nothing."""


@dataclass(frozen=True, slots=True)
class Face:
    """What a simulator shows: its page, its ``state`` as JSON, the ``deeds`` that POST does by path, and pictures:
    ``picture`` gives the PNG of a path below /pictures/, None when there is none."""

    page: Path
    state: Callable[[], dict[str, Any]]
    deeds: Mapping[str, Deed]
    picture: Callable[[str], bytes | None] = field(default=lambda _: None)


class Panel(LocalWeb):
    """Serves ``face`` on ``port`` (0: a free one). ``stop`` ends it. Raises OSError when the port is taken."""

    def __init__(self, face: Face, port: int = 0) -> None:
        super().__init__(_Handler, port, face=face)


class _Handler(BaseHTTPRequestHandler):
    face: Face
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """The page, its state, a picture, what all pages share."""
        path = self.path.partition("?")[0]
        if path == "/":
            self._answer("text/html; charset=utf-8", self.face.page.read_bytes())
        elif path == "/state":
            self._tell_state()
        elif path.startswith("/pictures/"):
            self._picture(path.removeprefix("/pictures/").removesuffix(".png"))
        elif path in _SHARED and _SHARED[path][0].is_file():
            file, kind = _SHARED[path]
            self._answer(kind, file.read_bytes(), "max-age=86400" if kind == "font/ttf" else "no-store")
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "no such page")

    def do_POST(self) -> None:
        """Do what a path stands for. A page of another site cannot send that type unasked."""
        deed = self.face.deeds.get(self.path)
        if deed is None or self.headers.get("Content-Type") != "application/json":
            self._refuse(HTTPStatus.NOT_FOUND, f"POST {' or '.join(self.face.deeds)} with application/json")
            return
        try:
            length = int(self.headers.get("Content-Length", ""))
            if not 0 < length <= _LARGEST:
                raise ValueError(f"a body of 1 to {_LARGEST} bytes")
            deed(json.loads(self.rfile.read(length)))
        except (ValueError, TypeError) as fault:
            self.close_connection = True
            self._refuse(HTTPStatus.BAD_REQUEST, str(fault))
            return
        self._tell_state()

    def _tell_state(self) -> None:
        self._answer("application/json", json.dumps(self.face.state()).encode())

    def _picture(self, name: str) -> None:
        picture = self.face.picture(name)
        if picture is None:
            self._refuse(HTTPStatus.NOT_FOUND, "no such picture")
        else:
            self._answer("image/png", picture)

    def _refuse(self, status: HTTPStatus, detail: str) -> None:
        self._answer("application/json", json.dumps({"error": detail}).encode(), status=status)

    def _answer(self, kind: str, body: bytes, cache: str = "no-store", *, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", cache)
        self.send_header("X-Content-Type-Options", "nosniff")
        with suppress(ConnectionError):  # a page that was closed meanwhile
            self.end_headers()
            self.wfile.write(body)
