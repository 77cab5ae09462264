"""Footage that stays on a recorder (NVR): which stretches there are, and a clip of one fetched when it is asked for."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from camera import CameraFault, FaultKind, Job
from camera.cutters import Cutter
from camera.nvr_address import TEMPLATES, begun, clock
from camera.nvr_onvif import Onvif, Recording
from office.camera_sections import CameraSettings
from office.clock import local
from office.footage import Span

OPEN_S: Final = 20.0
"""To connect and to find the place in its recordings."""
REAL_TIME: Final = 1.3
"""Some send the past no faster than it was, and a little slower."""
MASKED: Final = 3.0
LAG_MS: Final = 10_000
"""What was filmed just now is not yet to be had from its disk."""
ASK_AGAIN_S: Final = 60.0
REFUSED_S: Final = 60.0
"""After a refusal it is left alone: many lock an account after a few."""
IDLE_S: Final = 300.0
RTSP_PORT: Final = 554

log = logging.getLogger(__name__)


class Nvr:
    """One camera whose footage is on a recorder. ``ahead_ms``: moment (ms UTC) → its clock less the office's
    then. For several threads."""

    def __init__(self, settings: CameraSettings, zone: ZoneInfo, ahead_ms: Callable[[int], int]) -> None:
        self.settings = settings
        self.shift_ms = 0
        """By how much its times must be written wrongly, because it takes those in UTC for local ones."""
        self.fault: FaultKind | None = None
        """Why the last fetching failed; None when it did not."""
        self._zone = zone
        self._ahead_ms = ahead_ms
        self._cutter = Cutter(waiting=8, wait_s=20)
        self._refused_until = 0.0
        self._onvif = self._service() if settings.source == "onvif" else None
        self._known: tuple[float, Recording] | None = None

    def close(self) -> None:
        """End its process."""
        self._cutter.close()

    def rest(self) -> None:
        """End its process when it was idle for long."""
        self._cutter.rest(IDLE_S)

    def spans(self, begins: int, ends: int, now: int) -> tuple[Span, ...]:
        """What there should be of [begins, ends), ms UTC: what an ONVIF recorder lists; of others, and of one that does
        not answer, all up to now, as only the fetching tells."""
        first, last = begins, min(ends, now - LAG_MS)
        if self._onvif is not None:
            try:
                kept, ahead = self._recording(), self._ahead_ms(begins)
                first, last = max(first, kept.begins - ahead), min(last, kept.ends - ahead)
            except CameraFault as fault:
                log.warning("recorder of %s: %s", self.settings.name, fault)
        return ((first, last),) if first < last else ()

    def fetch(self, asked: Span, out: Path, masks: list[Any]) -> dict[str, Any]:
        """The clip of ``asked`` (ms UTC) written to ``out``: what it holds. Raises CameraFault, FootageBusy."""
        if time.monotonic() < self._refused_until:
            raise CameraFault(FaultKind.REFUSED, "name or password was refused a moment ago")
        try:
            told = self._calibrated(asked, out, masks)
        except CameraFault as fault:
            self.fault = None if fault.kind is FaultKind.NO_STREAM else fault.kind
            if fault.kind is FaultKind.REFUSED:
                self._refused_until = time.monotonic() + REFUSED_S
            raise
        self.fault = None
        return told

    def _calibrated(self, asked: Span, out: Path, masks: list[Any]) -> dict[str, Any]:
        """Fetched; when the recorder proves to take UTC for local time, or not to any more, once again."""
        if self.settings.source != "hikvision":
            return self._asked(asked, out, masks, 0)
        known, other = self.shift_ms, 0 if self.shift_ms else self._local_ms(asked[0])
        try:
            told = self._asked(asked, out, masks, known)
            if not told.get("shifted"):
                return told
        except CameraFault as fault:
            if fault.kind is not FaultKind.NO_STREAM or not other - known:
                raise
        told = self._asked(asked, out, masks, other)
        self.shift_ms = other
        log.warning("recorder of %s: times are asked %+.1f h off UTC", self.settings.name, other / 3_600_000)
        return told

    def _asked(self, asked: Span, out: Path, masks: list[Any], shift_ms: int) -> dict[str, Any]:
        begins, ends = asked
        longest_s = OPEN_S + (ends - begins) / 1000 * (MASKED if masks else REAL_TIME)
        order = {"do": "fetch", "out": str(out), "begins": begins, "ends": ends, "masks": masks, "longest_s": longest_s}
        ahead, local_ms = self._ahead_ms(begins), self._local_ms(begins)
        theirs = begins + ahead + shift_ms, ends + ahead + shift_ms
        told = {"ahead_ms": ahead, "shift_ms": 0 if shift_ms or self._onvif else local_ms}
        more = told | {"from": begins if self._onvif else begun(begins, theirs[0])}
        return self._cutter.ask(order | more | self._way(theirs), longest_s + OPEN_S)

    def _way(self, theirs: Span) -> dict[str, Any]:
        """Where, and for ONVIF with which range, the recorder is asked."""
        if self._onvif is None:
            return {"job": self._job(TEMPLATES[self.settings.source](self.settings, *theirs, self._zone))}
        uri = urlsplit(self._onvif.replay(self._recording().token))
        host = self.settings.address
        where = host if ":" in host else f"{host}:{uri.port or RTSP_PORT}"
        path = uri.path + (f"?{uri.query}" if uri.query else "")
        return {"job": self._job(f"rtsp://{where}{path}"), "clock": clock(*theirs)}

    def _job(self, address: str) -> dict[str, Any]:
        one = self.settings
        job = Job(one.name, "rtsp", address, one.user, one.secret, timeout_s=one.timeout_s)
        return {name: getattr(job, name) for name in ("camera", "source", "address", "user", "password", "timeout_s")}

    def _recording(self) -> Recording:
        """Its channel's recording, asked for now and then. Raises CameraFault."""
        if self._known is not None and time.monotonic() - self._known[0] < ASK_AGAIN_S:
            return self._known[1]
        if self._onvif is None:
            raise CameraFault(FaultKind.UNKNOWN, "not asked over ONVIF")
        found = self._onvif.recordings()
        if len(found) < self.settings.channel:
            raise CameraFault(FaultKind.NO_STREAM, f"the recorder has {len(found)} recordings")
        kept = found[self.settings.channel - 1]
        self._known = time.monotonic(), kept
        return kept

    def _service(self) -> Onvif:
        host = self.settings.address.partition(":")[0]
        return Onvif(host, self.settings.control_port, self.settings.user, self.settings.secret)

    def _local_ms(self, at: int) -> int:
        ahead: timedelta | None = local(at, self._zone).utcoffset()
        return round(ahead.total_seconds() * 1000) if ahead else 0
