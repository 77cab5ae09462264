"""Clips and small pictures of footage that stays on recorders (NVR): fetched when asked for, then kept for a while."""

import hashlib
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, Final

from camera import CameraFault, FaultKind
from camera.clips import clip_of
from camera.nvr import LAG_MS, Nvr
from camera.shelf import Shelf
from office.clips import Clip
from office.clock import Clock, rfc3339
from office.errors import CutFailed, NoFootage, OfficeError, RecorderCodec, RecorderRefuses, RecorderUnreachable
from office.footage import Coverage, Span, missing
from office.settings import Settings

STILL_MS: Final = 1_000
TOLD: Final[dict[FaultKind, type[OfficeError]]] = {
    FaultKind.UNREACHABLE: RecorderUnreachable,
    FaultKind.STALLED: RecorderUnreachable,
    FaultKind.REFUSED: RecorderRefuses,
    FaultKind.CODEC: RecorderCodec,
}

Draw = Callable[[Path, int], bytes]
"""File of a clip, ms after its begin → a small JPEG."""


class Fetched:
    """Of the cameras of ``settings`` whose footage is elsewhere. May be asked from any thread."""

    def __init__(
        self, settings: Settings, clock: Clock, shelf: Shelf, draw: Draw, ahead_ms: Callable[[str, int], int]
    ) -> None:
        zone = settings.office.zone
        elsewhere: Iterable[Any] = (one for one in settings.cameras if not one.recorded)
        self.recorders = {one.name: Nvr(one, zone, partial(ahead_ms, one.name)) for one in elsewhere}
        self._zone = zone
        self._clock = clock
        self._shelf = shelf
        self._draw = draw

    def close(self) -> None:
        """End the processes."""
        for one in self.recorders.values():
            one.close()

    def rest(self) -> None:
        """End those that were idle for long."""
        for one in self.recorders.values():
            one.rest()

    def cover(self, camera: str, begins: int, ends: int) -> Coverage:
        """What there should be of [begins, ends), ms UTC."""
        spans = self.recorders[camera].spans(begins, ends, self._clock())
        return Coverage((), spans, missing(spans, begins, ends))

    def clip(self, camera: str, begins: int, ends: int) -> Clip:
        """The clip of [begins, ends), ms UTC. Raises NoFootage, FootageBusy, CutFailed (RecorderUnreachable, …)."""
        now = self._clock()
        fresh = now // LAG_MS if ends > now - 2 * LAG_MS else 0  # what comes to its disk only now is asked for again
        tag = hashlib.sha256(repr((camera, begins, ends, fresh)).encode()).hexdigest()[:24]
        if (kept := self._shelf.find(tag)) is not None:
            return kept
        part = self._shelf.room(tag)
        try:
            told = self.write(camera, (begins, ends), [], part)
            return self._shelf.put(tag, part, clip_of(told, (begins, ends), self._shelf.folder / f"{tag}.mp4", tag))
        finally:
            part.unlink(missing_ok=True)

    def write(self, camera: str, asked: Span, masks: list[Any], out: Path) -> dict[str, Any]:
        """The clip of ``asked`` written to ``out``, with ``masks`` drawn; what it holds. Raises as ``clip``."""
        recorder = self.recorders[camera]
        if not recorder.spans(*asked, self._clock()):
            raise self._nothing(camera, asked)
        try:
            return recorder.fetch(asked, out, masks)
        except CameraFault as fault:
            if fault.kind is FaultKind.NO_STREAM:
                raise self._nothing(camera, asked) from None
            raise TOLD.get(fault.kind, CutFailed)(f"{camera}: {fault}") from None

    def picture(self, camera: str, at: int) -> bytes:
        """The picture nearest to ``at`` (ms UTC) as a small JPEG. Raises as ``clip``."""
        clip = self.clip(camera, at, at + STILL_MS)
        return self._draw(clip.path, max(0, at - clip.begins))

    def _nothing(self, camera: str, asked: Span) -> NoFootage:
        day = 86_400_000
        near = self.recorders[camera].spans(asked[0] - day, asked[1] + day, self._clock())
        told = [[rfc3339(one, self._zone), rfc3339(other, self._zone)] for one, other in near]
        return NoFootage(f"the recorder of {camera} has nothing then", nearest=told)
