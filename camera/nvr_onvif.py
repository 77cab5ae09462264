"""ONVIF profile G, as far as footage is found by it: which recordings there are, and where each is played.

The sign-in is WS-UsernameToken with a digest (ONVIF core specification, 5.9), whose time must be the device's: so that
is asked for first, which needs no sign-in. Addresses that a device tells of itself are taken for their path alone:
behind a router it does not know its own.
"""

import base64
import hashlib
import http.client
import secrets
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from camera import CameraFault, FaultKind
from camera.source_clock import Where, onvif

TIMEOUT_S: Final = 4.0
LARGEST: Final = 1 << 20
ROUNDS: Final = 5
"""So often a device that still searches is asked for more."""
SEARCHING: Final = ("Queued", "Searching")
DEVICE: Final = "/onvif/device_service"
_WSS: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
_DIGEST: Final = f"{_WSS}username-token-profile-1.0#PasswordDigest"
_SERVICE: Final = {
    "device": "http://www.onvif.org/ver10/device/wsdl",
    "search": "http://www.onvif.org/ver10/search/wsdl",
    "replay": "http://www.onvif.org/ver10/replay/wsdl",
}
_SCOPE: Final = "<r:Scope/><r:KeepAliveTime>PT30S</r:KeepAliveTime>"


@dataclass(frozen=True, slots=True)
class Recording:
    """What a channel has recorded: from … to in ms UTC of the device's clock."""

    token: str
    begins: int
    ends: int


class Onvif:
    """A recorder's web service. Every call raises CameraFault."""

    def __init__(self, host: str, port: int, user: str, password: str) -> None:
        self._host = host
        self._port = port
        self._user = user
        self._password = password
        self._paths: dict[str, str] = {}
        self._ahead_s: float | None = None

    def recordings(self) -> list[Recording]:
        """All recordings, as the device lists them: it may tell them bit by bit, as it finds them."""
        begun = self._ask("search", f"<r:FindRecordings>{_SCOPE}</r:FindRecordings>")
        token = escape(_text(begun, "SearchToken"))
        wanted = f"<r:SearchToken>{token}</r:SearchToken><r:WaitTime>PT2S</r:WaitTime>"
        found: dict[str, Recording] = {}
        for _ in range(ROUNDS):
            told = self._ask("search", f"<r:GetRecordingSearchResults>{wanted}</r:GetRecordingSearchResults>")
            for one in (_recording(each) for each in told.iter() if _name(each) == "RecordingInformation"):
                found.setdefault(one.token, one)
            if not any(_name(each) == "SearchState" and each.text in SEARCHING for each in told.iter()):
                break
        return list(found.values())

    def replay(self, token: str) -> str:
        """Where a recording is played: an RTSP address."""
        stream = "<t:Stream>RTP-Unicast</t:Stream><t:Transport><t:Protocol>RTSP</t:Protocol></t:Transport>"
        setup = f'<r:StreamSetup xmlns:t="http://www.onvif.org/ver10/schema">{stream}</r:StreamSetup>'
        wanted = f"{setup}<r:RecordingToken>{escape(token)}</r:RecordingToken>"
        return _text(self._ask("replay", f"<r:GetReplayUri>{wanted}</r:GetReplayUri>"), "Uri")

    def _ask(self, service: str, body: str) -> ET.Element:
        if service != "device" and not self._paths:
            self._find_services()
        path = self._paths.get(service, DEVICE)
        return self._sent(path, self._envelope(service, body))

    def _find_services(self) -> None:
        wanted = "<r:GetServices><r:IncludeCapability>false</r:IncludeCapability></r:GetServices>"
        for one in self._ask("device", wanted).iter():
            space = next((part.text for part in one if _name(part) == "Namespace"), None)
            where = next((part.text for part in one if _name(part) == "XAddr"), None)
            for service, known in _SERVICE.items():
                if space == known and where:
                    self._paths[service] = urlsplit(where.strip()).path or DEVICE
        if not {"search", "replay"} <= self._paths.keys():
            self._paths.clear()
            raise CameraFault(FaultKind.NO_STREAM, "this device has no footage to search (no ONVIF profile G)")

    def _envelope(self, service: str, body: str) -> str:
        head = f"<s:Header>{self._sign_in()}</s:Header>" if self._user else ""
        spaces = f'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:r="{_SERVICE[service]}"'
        return f"<s:Envelope {spaces}>{head}<s:Body>{body}</s:Body></s:Envelope>"

    def _sign_in(self) -> str:
        """Base64(SHA-1(nonce + created + password)), made at the device's time."""
        nonce = secrets.token_bytes(16)
        created = datetime.fromtimestamp(time.time() + self._ahead(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        made = hashlib.sha1(nonce + created.encode() + self._password.encode(), usedforsecurity=False).digest()
        digest, salt = base64.b64encode(made).decode(), base64.b64encode(nonce).decode()
        token = (
            f'<w:Username>{escape(self._user)}</w:Username><w:Password Type="{_DIGEST}">{digest}</w:Password>'
            f"<w:Nonce>{salt}</w:Nonce><u:Created>{created}</u:Created>"
        )
        spaces = f'xmlns:w="{_WSS}wssecurity-secext-1.0.xsd" xmlns:u="{_WSS}wssecurity-utility-1.0.xsd"'
        return f"<w:Security {spaces}><w:UsernameToken>{token}</w:UsernameToken></w:Security>"

    def _ahead(self) -> float:
        if self._ahead_s is None:
            try:
                told = onvif(Where(self._host, self._port, 0))
            except OSError as fault:
                raise _unreachable(fault) from None
            self._ahead_s = (told - time.time()) if told else 0.0
        return self._ahead_s

    def _sent(self, path: str, envelope: str) -> ET.Element:
        line = http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT_S)
        try:
            line.request("POST", path, envelope.encode(), {"Content-Type": "application/soap+xml; charset=utf-8"})
            answer = line.getresponse()
            return self._read(answer.status, answer.read(LARGEST))
        except OSError as fault:
            raise _unreachable(fault) from None
        except http.client.HTTPException as fault:
            raise CameraFault(FaultKind.UNKNOWN, f"no HTTP answer: {type(fault).__name__}") from None
        finally:
            line.close()

    def _read(self, status: int, data: bytes) -> ET.Element:
        """The answer's envelope. Raises CameraFault for a refusal."""
        if status in (401, 403) or b"NotAuthorized" in data:
            self._ahead_s = None  # or its clock was set meanwhile
            raise CameraFault(FaultKind.REFUSED, "name or password is refused (ONVIF)")
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise CameraFault(FaultKind.UNKNOWN, "an answer with entities is not read")
        try:
            told = ET.fromstring(data)  # noqa: S314 — nothing in it can name an entity
        except ET.ParseError:
            raise CameraFault(FaultKind.UNKNOWN, f"no ONVIF answer (HTTP {status})") from None
        if status >= 400:
            raise CameraFault(FaultKind.NO_STREAM, f"ONVIF refuses this (HTTP {status})")
        return told


def _recording(one: ET.Element) -> Recording:
    return Recording(_text(one, "RecordingToken"), _moment(one, "EarliestRecording"), _moment(one, "LatestRecording"))


def _moment(parent: ET.Element, name: str) -> int:
    text = _text(parent, name)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise CameraFault(FaultKind.UNKNOWN, f"{name} is no moment") from None
    return round((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1000)


def _text(parent: ET.Element, name: str) -> str:
    """The text of the first element of that name, whatever its namespace. Raises CameraFault."""
    for one in parent.iter():
        if _name(one) == name and one.text:
            return one.text.strip()
    raise CameraFault(FaultKind.UNKNOWN, f"the answer names no {name}")


def _name(one: ET.Element) -> str:
    return one.tag.rpartition("}")[2]


def _unreachable(fault: OSError) -> CameraFault:
    why = fault.strerror or fault
    return CameraFault(FaultKind.UNREACHABLE, f"the recorder's web service cannot be reached ({why})")
