"""Footage that stays on a recorder (NVR), fetched over RTSP as it is, and stopped by ourselves at its end: some
recorders ignore the end they are asked for (HARDWARE "Camera").

Where the recorder tells its recorded time (RTCP sender reports), each picture's moment comes from that, so holes and a
recorder that begins elsewhere are noticed; one that tells nothing, or the present, is believed to begin as asked.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final

from camera import CameraFault, FaultKind, Job, load_driver
from camera.cutting.joining import Begin, Cut
from camera.cutting.replaying import Replay
from camera.recording.pieces import timed

PRESENT_MS: Final = 5_000
"""A sender report this near to now, while the past was asked for, tells the time of sending."""
PARTED_MS: Final = 500.0
AT_ONCE_S: Final = 1.5
SHIFT_SLACK_MS: Final = 60_000


@dataclass(slots=True)
class Moments:
    """Which moment (ms UTC of the office) a stream time (ms) is. ``ahead_ms``: the recorder's clock less the
    office's; ``now`` tells the office's, ms."""

    begins: int
    ahead_ms: int
    now: Callable[[], float]
    anchor: float | None = None
    reported: bool = False
    first_report: int | None = None

    def take(self, at: float, clock: int | None) -> float:
        """The moment of stream time ``at``; ``clock``: what the recorder told of it."""
        if clock is not None and self._is_past(clock):
            told = clock - self.ahead_ms - at
            if self.first_report is None:
                self.first_report = clock - self.ahead_ms
            if not self.reported or self.anchor is None or abs(told - self.anchor) > PARTED_MS:
                self.anchor, self.reported = told, True
        if self.anchor is None:
            self.anchor = self.begins - at
        return self.anchor + at

    def _is_past(self, clock: int) -> bool:
        office = clock - self.ahead_ms
        return abs(office - self.now()) > PRESENT_MS or abs(office - self.begins) < PRESENT_MS


def fetch(order: dict[str, Any], begin: Begin) -> dict[str, Any]:
    """The clip of ``order``: ``job`` (camera/job.py; its address names the range), ``begins`` and ``ends`` of the
    office's clock, ``from`` the moment from which the address asks, ``ahead_ms``, ``clock`` ([from, to] as RTSP writes
    ranges, ONVIF alone), ``longest_s``, and ``shift_ms`` by which a recorder that takes UTC for local time would be
    wrong.

    Answers a clip, with ``shifted``: true when the recorder is wrong by ``shift_ms``; then there is no clip.
    Raises CameraFault.
    """
    cut = Cut(begin)
    moments = Moments(order["from"], order["ahead_ms"], lambda: time.time() * 1000)
    with ExitStack() as ending:
        job = Job(**order["job"])
        if order.get("clock"):
            job = ending.enter_context(Replay(job, order["clock"])).job
        source = _opened(job)
        ending.callback(source.close)
        ending.callback(cut.close)
        for packet, shown, decoded in _within(source, moments, order):
            cut.add(packet, source.template, shown, decoded)
    if _is_shifted(moments, order):
        return {"shifted": True}
    return cut.told()


def _opened(job: Job) -> Any:
    """The stream of ``job``. One that ends at once has nothing of that stretch. Raises CameraFault."""
    begun = time.monotonic()
    try:
        return load_driver("rtsp")(job)
    except CameraFault as fault:
        if fault.kind is FaultKind.STALLED and time.monotonic() - begun < AT_ONCE_S:
            raise CameraFault(FaultKind.NO_STREAM, "nothing of that stretch is there") from None
        raise


def _within(source: Any, moments: Moments, order: dict[str, Any]) -> Iterator[tuple[Any, float, float]]:
    """The packets from the keyframe at or before the begin to the end, with moments. Raises CameraFault."""
    begins, ends, until = order["begins"], order["ends"], time.monotonic() + order["longest_s"]
    held: list[tuple[Any, float, float]] = []
    for packet in timed(source.packets()):
        ms = float(packet.time_base * 1000)
        at = (packet.pts if packet.pts is not None else packet.dts) * ms
        shown = moments.take(at, source.source_clock(packet))
        if _is_shifted(moments, order) or shown >= ends:
            return
        if time.monotonic() > until:
            raise CameraFault(FaultKind.STALLED, "the recorder sends too slowly")
        if packet.is_keyframe and shown <= begins:
            held.clear()
        decoded = shown - at + packet.dts * ms if packet.dts is not None else shown
        held.append((packet, shown, min(decoded, shown)))
        if shown >= begins:
            yield from held
            held.clear()


def _is_shifted(moments: Moments, order: dict[str, Any]) -> bool:
    """Whether the recorder tells moments that are off by just what local time differs from UTC."""
    shift: int = order.get("shift_ms") or 0
    if not shift or moments.first_report is None:
        return False
    begins: int = order["begins"]
    return abs(begins - moments.first_report - shift) < SHIFT_SLACK_MS
