"""The hall's cameras: how footage is taken in, how that fails, and which drivers there are.

A camera is recorded in a process of its own (camera/recorder.py), which this module and all it needs keep small:
nothing here knows the office. The server's side is camera/service.py. No sound is ever recorded.
"""

from collections.abc import Iterator
from enum import StrEnum
from pkgutil import resolve_name
from typing import Any, Final, Protocol, cast

from camera.job import Job

__all__ = ["DRIVERS", "CameraFault", "FaultKind", "Job", "Source", "load_driver"]


class FaultKind(StrEnum):
    """Why there is no footage; each has a phrase ``camera.fault.<kind>``."""

    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    NO_STREAM = "no_stream"
    CODEC = "codec"
    STALLED = "stalled"
    ENDED = "ended"
    DISK = "disk"
    CLOCK_OFF = "clock_off"
    SET_BACK = "set_back"
    UNKNOWN = "unknown"


class CameraFault(Exception):
    """The camera gives no footage now. ``kind`` says why, ``str()`` is English detail for logs, without passwords."""

    def __init__(self, kind: FaultKind, detail: str = "") -> None:
        super().__init__(detail or kind.value)
        self.kind = kind


class Source(Protocol):
    """What the recorder asks of a driver that is open. Packets are PyAV's, of one H.264 stream."""

    template: Any
    """The stream, as a piece's container takes it over."""

    @property
    def told(self) -> dict[str, Any]:
        """What it is: ``width``, ``height``, ``fps`` (0 where it does not tell)."""

    def packets(self) -> Iterator[Any]:
        """What comes, as it comes, until the source ends. Raises CameraFault, in bounded time also for a stall."""

    def source_clock(self, packet: Any) -> int | None:
        """The moment (ms UTC) at which ``packet`` was taken by the source's own clock, if it tells that."""

    def close(self) -> None:
        """Let go of it; never raises."""


class Driver(Protocol):
    """A driver class: called with the job it opens the source, or raises CameraFault."""

    def __call__(self, job: Job) -> Source: ...


DRIVERS: Final = {
    "rtsp": "camera.recording.stream:Rtsp",
    "usb": "camera.recording.usb:Usb",
}
"""Source in devices.toml → where its driver is; imported only when chosen, in the recorder's process."""


def load_driver(name: str) -> Driver:
    """The driver class of that source. Raises CameraFault when its library is not installed, or it has none."""
    try:
        return cast(Driver, resolve_name(DRIVERS[name]))
    except KeyError as fault:
        raise CameraFault(FaultKind.UNKNOWN, f"no driver records {name!r}") from fault
    except ImportError as fault:
        raise CameraFault(FaultKind.UNKNOWN, f"driver {name!r} cannot be used here: {fault}") from fault
