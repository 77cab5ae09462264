"""The recorder's web service: the few operations of ONVIF's core and profile G by which footage is found and played."""

import base64
import binascii
import hashlib
import hmac
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from typing import Final

from camera.simulated.onvif_answers import Answers, Device, fault
from camera.simulated.sign_in import SignIn
from simulation.local_web import HOST, LocalWeb

SECURITY: Final = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd}"
UTILITY: Final = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}"
OPEN: Final = ("GetSystemDateAndTime", "GetServices", "GetCapabilities")
"""What ONVIF answers without a sign-in: a client needs the device's time before it can sign in."""
FRESH_S: Final = 300
"""How far a request's Created may lie from the device's clock."""
_LARGEST: Final = 100_000


class Onvif(LocalWeb):
    """Serves ``device`` at ``http://127.0.0.1:PORT/onvif/device_service``. Raises OSError when the port is taken."""

    def __init__(self, device: Device, sign_in: SignIn, port: int = 0) -> None:
        super().__init__(_Handler, port, device=device, sign_in=sign_in)


class _Handler(BaseHTTPRequestHandler):
    device: Device
    sign_in: SignIn
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """There is no page; the answer has the device's time in its head all the same."""
        self._answer(404, b"no page here")

    def do_POST(self) -> None:
        """Do the operation that the envelope's body names."""
        length = int(self.headers.get("Content-Length") or 0)
        data = self.rfile.read(min(length, _LARGEST))
        here = f"http://{self.headers.get('Host', HOST)}"
        status, told = self._done(data, Answers(self.device, here))
        self._answer(status, told.encode(), "application/soap+xml; charset=utf-8")

    def _done(self, data: bytes, answers: Answers) -> tuple[int, str]:
        try:
            if b"<!" in data:
                raise ValueError("no document types")
            envelope = ET.fromstring(data)  # noqa: S314 - nothing in it can name an entity
            body = next(part for part in envelope if part.tag.endswith("}Body"))
            asked = body[0]
        except (ET.ParseError, StopIteration, IndexError, ValueError):
            return 400, fault("Sender", "ter:WellFormed", "no SOAP envelope with an operation")
        name = asked.tag.rpartition("}")[2]
        if name not in OPEN and not self._admits(envelope):
            return 400, fault("Sender", "ter:NotAuthorized", "Sender not authorized")
        return answers.answer(name, asked)

    def _admits(self, envelope: ET.Element) -> bool:
        """Whether the WS-UsernameToken is right: Base64(SHA-1(nonce + created + password)), made just now."""
        token = envelope.find(f".//{SECURITY}UsernameToken")
        if token is None or self.device.locked():
            return not self.sign_in.user
        nonce, created = token.findtext(f"{SECURITY}Nonce", ""), token.findtext(f"{UTILITY}Created", "")
        given = token.findtext(f"{SECURITY}Password", "")
        try:
            age = self.device.clock_ms() / 1000 - datetime.fromisoformat(created).replace(tzinfo=UTC).timestamp()
            salt = base64.b64decode(nonce, validate=True)
        except (ValueError, binascii.Error):
            return False
        right = hashlib.sha1(salt + created.encode() + self.sign_in.password.encode(), usedforsecurity=False)
        known = token.findtext(f"{SECURITY}Username", "") == self.sign_in.user
        same = hmac.compare_digest(base64.b64encode(right.digest()).decode(), given)
        return known and abs(age) <= FRESH_S and same

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The head's Date, by the device's clock."""
        return formatdate(self.device.clock_ms() / 1000 if timestamp is None else timestamp, usegmt=True)

    def _answer(self, status: int, body: bytes, kind: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
