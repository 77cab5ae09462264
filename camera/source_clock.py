"""What a source's own clock says, where its stream does not tell (no RTCP sender reports, or no stream at all: NVR).

Asked over ONVIF (GetSystemDateAndTime, which needs no sign-in), else in the Date of an HTTP answer, else in the Date of
an RTSP answer. All tell whole seconds; a few answers within a second narrow that down to some 0.1 s.
"""

import http.client
import re
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

from office.camera_sections import CameraSettings

TIMEOUT_S: Final = 3.0
RTSP_PORT: Final = 554
ANSWERS: Final = 7
APART_S: Final = 0.15
LOST_BEFORE: Final = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
"""A source that tells an earlier moment has lost its clock, or counts from its start."""
ONVIF: Final = (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
    '<GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>'
)
LONGEST_ANSWER: Final = 65_536
_FIELDS: Final = ("Year", "Month", "Day", "Hour", "Minute", "Second")
_RTSP_DATE: Final = re.compile(r"^Date:\s*(.+?)\s*$", re.IGNORECASE | re.MULTILINE)
_LIVE555: Final = "%a, %b %d %Y %H:%M:%S GMT"


@dataclass(frozen=True, slots=True)
class Where:
    """Where a source can be asked."""

    host: str
    web_port: int
    rtsp_port: int
    path: str = "/"


Ask = Callable[[Where], float | None]
"""Answers the source's clock in whole seconds since 1970 UTC; None when it does not tell. Raises OSError."""


def where(settings: CameraSettings) -> Where:
    """Where a camera or recorder can be asked; an empty host for one without a network."""
    address = settings.address if "://" in settings.address else f"rtsp://{settings.address}"
    parts = urlsplit(address)
    host = "" if settings.source == "usb" else parts.hostname or ""
    return Where(host, settings.control_port, parts.port or RTSP_PORT, parts.path or "/")


def offset_ms(source: Where) -> int | None:
    """How far the source's clock is ahead of the office's; None when it does not tell. Takes a second or two.

    Raises OSError when nothing answers there at all.
    """
    silent: OSError | None = None
    answered = False
    for ask in (onvif, web, rtsp):
        try:
            told = ask(source)
        except OSError as fault:
            silent = fault
            continue
        answered = True
        if told is not None and told > LOST_BEFORE:
            return narrowed(lambda ask=ask: ask(source), ANSWERS)  # type: ignore[misc]
    if silent is not None and not answered:
        raise silent
    return None


def narrowed(ask: Callable[[], float | None], answers: int) -> int | None:
    """The offset in ms that fits all ``answers``: a clock that says T stands between T and T + 1 s."""
    least, most = float("-inf"), float("inf")
    for _ in range(answers):
        before = time.time()
        with suppress(OSError):
            told = ask()
            if told is not None:
                least, most = max(least, told - time.time()), min(most, told + 1 - before)
        time.sleep(APART_S)
    return round((least + most) * 500) if least > float("-inf") else None


def onvif(source: Where) -> float | None:
    """By ONVIF's GetSystemDateAndTime."""
    headers = {"Content-Type": "application/soap+xml; charset=utf-8"}
    text = _http(source, "POST", "/onvif/device_service", ONVIF, headers)[1]
    found = re.search(r"UTCDateTime>(.*?)</(?:\w+:)?UTCDateTime>", text, re.DOTALL)
    if not found:
        return None
    fields = [re.search(rf"{name}>\s*(\d+)\s*<", found[1]) for name in _FIELDS]
    text = "-".join(field[1] for field in fields if field)
    with suppress(ValueError):
        return datetime.strptime(text, "%Y-%m-%d-%H-%M-%S").replace(tzinfo=UTC).timestamp()
    return None


def web(source: Where) -> float | None:
    """By the Date of its web page's answer."""
    return _moment(_http(source, "HEAD", "/", None, {})[0])


def rtsp(source: Where) -> float | None:
    """By the Date of an RTSP answer, even if that only asks for the password."""
    with socket.create_connection((source.host, source.rtsp_port), TIMEOUT_S) as line:
        line.sendall(
            f"DESCRIBE rtsp://{source.host}:{source.rtsp_port}{source.path} RTSP/1.0\r\nCSeq: 1\r\n\r\n".encode()
        )
        answer = line.recv(4096).decode(errors="replace")
    found = _RTSP_DATE.search(answer)
    return _moment(found[1] if found else "")


def _http(source: Where, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[str, str]:
    """Date and text of an answer. Raises OSError."""
    line = http.client.HTTPConnection(source.host, source.web_port, timeout=TIMEOUT_S)
    try:
        line.request(method, path, body, headers)
        answer = line.getresponse()
        return answer.getheader("Date", ""), answer.read(LONGEST_ANSWER).decode(errors="replace")
    except http.client.HTTPException as fault:
        raise OSError(f"no HTTP: {type(fault).__name__}") from None
    finally:
        line.close()


def _moment(text: str) -> float | None:
    """Seconds since 1970 of a Date header: that of HTTP, or that of the common RTSP servers."""
    for read in (parsedate_to_datetime, lambda told: datetime.strptime(told, _LIVE555).replace(tzinfo=UTC)):
        with suppress(ValueError, TypeError):
            at = read(text)
            return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    return None
