"""The addresses of a recorder (NVR): Hikvision's, Dahua's and ONVIF's, as HARDWARE says their makers have them.

An address names a channel and, where it asks for the past, a range by the recorder's own clock.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl

from camera.simulated.burnt import LOCAL_H

REPLAY: Final = "/onvif/replay/"
_TRACK: Final = re.compile(r"/streaming/tracks/(\d+)\d\d", re.IGNORECASE)
_CHANNEL: Final = re.compile(r"/streaming/channels/(\d+)\d\d", re.IGNORECASE)
_Z: Final = "%Y%m%dT%H%M%SZ"
_LOCAL: Final = "%Y_%m_%d_%H_%M_%S"


@dataclass(frozen=True, slots=True)
class Asked:
    """A channel's stream. ``begin`` and ``end``: ms by the recorder's clock. ``past``: not what is seen now.

    ``zoned``: its times were said to be UTC (they end in Z), so a recorder may read them wrongly.
    """

    channel: int
    past: bool = False
    begin: int | None = None
    end: int | None = None
    zoned: bool = False


def understood(path: str, query: str) -> Asked | None:
    """What a path and query ask for; None when it is no address of a recorder. Raises ValueError: a time is none."""
    told = {key.lower(): value for key, value in parse_qsl(query)}
    if found := _TRACK.fullmatch(path):
        return _ranged(int(found[1]), told, _Z, zoned=True)
    if found := _CHANNEL.fullmatch(path):
        return Asked(int(found[1]))
    if path == "/cam/playback":
        return _ranged(int(told.get("channel", "1")), told, _LOCAL, zoned=False)
    if path == "/cam/realmonitor":
        return Asked(int(told.get("channel", "1")))
    if path.startswith(REPLAY):
        return Asked(int(path.removeprefix(REPLAY)), past=True)
    return None


def clock_range(header: str) -> tuple[int | None, int | None]:
    """Begin and end (ms UTC) of an RTSP header ``Range: clock=…``; None for what it leaves open or says otherwise."""
    unit, _, told = header.partition("=")
    if unit.strip().lower() != "clock":
        return None, None
    begin, _, end = told.partition(";")[0].strip().partition("-")
    return _moment(begin), _moment(end)


def _ranged(channel: int, told: dict[str, str], form: str, *, zoned: bool) -> Asked:
    moments = [told.get(name, "").upper() for name in ("starttime", "endtime")]
    begin, end = (_read(moment, form, zoned=zoned) if moment else None for moment in moments)
    return Asked(channel, True, begin, end, zoned)


def _read(text: str, form: str, *, zoned: bool) -> int:
    moment = datetime.strptime(text, form).replace(tzinfo=UTC)
    return _ms(moment if zoned else moment - timedelta(hours=LOCAL_H))


def _moment(text: str) -> int | None:
    if not text:
        return None
    form = "%Y%m%dT%H%M%S.%fZ" if "." in text else _Z
    return _ms(datetime.strptime(text.upper(), form).replace(tzinfo=UTC))


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
