"""How recorders (NVR) are asked for a stretch of the past: the makers' addresses with a time in them (HARDWARE
"Camera"). All moments here are ms UTC of the recorder's own clock."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from office.camera_sections import CameraSettings

Address = Callable[[CameraSettings, int, int, tzinfo], str]
"""Camera, first and last moment, the recorder's local time → the address, without name and password."""


def hikvision(settings: CameraSettings, begins: int, ends: int, _zone: tzinfo) -> str:
    """Hikvision's: UTC, whole seconds."""
    form = "%Y%m%dT%H%M%SZ"
    asked = f"starttime={_floor(begins, UTC):{form}}&endtime={_ceiling(ends, UTC):{form}}"
    return f"rtsp://{settings.address}/Streaming/tracks/{settings.channel}01?{asked}"


def dahua(settings: CameraSettings, begins: int, ends: int, zone: tzinfo) -> str:
    """Dahua's: local time, whole seconds."""
    form = "%Y_%m_%d_%H_%M_%S"
    asked = f"starttime={_floor(begins, zone):{form}}&endtime={_ceiling(ends, zone):{form}}"
    return f"rtsp://{settings.address}/cam/playback?channel={settings.channel}&{asked}"


TEMPLATES: Final[dict[str, Address]] = {"hikvision": hikvision, "dahua": dahua}


def begun(begins: int, theirs: int) -> int:
    """The moment (ms UTC of the office) from which an address of whole seconds really asks, for ``begins``, which is
    ``theirs`` by the recorder's clock."""
    return begins - theirs % 1000


def clock(begins: int, ends: int) -> tuple[str, str]:
    """Both moments as RTSP's ``Range: clock=`` has them (RFC 7826, 4.4.3)."""
    told = [datetime.fromtimestamp(at / 1000, UTC) for at in (begins, ends)]
    return f"{told[0]:%Y%m%dT%H%M%S}.{begins % 1000:03d}Z", f"{told[1]:%Y%m%dT%H%M%S}.{ends % 1000:03d}Z"


def _floor(at: int, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(at // 1000, zone)


def _ceiling(at: int, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(at // 1000, zone) + timedelta(seconds=1)
