"""Pieces joined into one clip, from a keyframe on. Time in it is linear: moment = its begin + seconds; where footage is
missing the last picture stands."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Protocol

from camera import CameraFault, FaultKind
from camera.cutting import media
from camera.fragments import gaps_between

TOLERANCE_MS: Final = 1.0
"""The index knows keyframes to the millisecond."""


class Target(Protocol):
    """A clip under way."""

    def add(self, packet: Any, shown_ms: float, decoded_ms: float) -> None: ...
    def close(self) -> None: ...


Begin = Callable[[Any], Target]
"""Begins a clip of the stream it is given."""


@dataclass(frozen=True, slots=True)
class Source:
    """A piece that is to be cut: where it lies, and which moments (ms UTC) of it count."""

    path: Path
    begins: int
    ends: int


@dataclass(slots=True)
class Cut:
    """A clip as it comes to be. ``begins``: moment of its first picture; ``times``: of all, ms after it; ``goes_on``:
    from when on (ms UTC) there is more, of a camera that was set otherwise then."""

    begin: Begin
    begins: float | None = None
    times: list[float] = field(default_factory=list)
    goes_on: int | None = None
    _target: Target | None = None

    def add(self, packet: Any, template: Any, shown: float, decoded: float) -> None:
        """Append ``packet``, shown and decoded at these moments (ms UTC). The first one is a keyframe."""
        if self.begins is None:
            if not packet.is_keyframe:
                return
            self.begins, self._target = shown, self.begin(template)
        if self._target is not None:
            self._target.add(packet, shown - self.begins, decoded - self.begins)
            self.times.append(shown - self.begins)

    def close(self) -> None:
        """Whole. Raises OSError."""
        if self._target is not None:
            self._target.close()

    def told(self) -> dict[str, Any]:
        """What it holds, moments in ms UTC. Raises CameraFault when that is nothing."""
        if self.begins is None:
            raise CameraFault(FaultKind.NO_STREAM, "nothing of that stretch is there")
        times, begins = sorted(self.times), self.begins
        steps = sorted(b - a for a, b in pairwise(times))
        usual = steps[len(steps) // 2] if steps else 40.0
        gaps = [[round(begins + a), round(begins + b)] for a, b in gaps_between(times)]
        ends = round(begins + times[-1] + usual)
        return {"begins": round(begins), "ends": ends, "gaps": gaps, "goes_on": self.goes_on}


def join(sources: Iterable[Source], begins: int, ends: int, begin: Begin) -> dict[str, Any]:
    """Write the clip of [begins, ends), ms UTC; ``begins`` is a keyframe's. What it holds.

    It ends early (``goes_on``) where the camera was set to another picture size or the like. Raises CameraFault when
    there is nothing of it, OSError when the disk takes no more.
    """
    cut, shape = Cut(begin), b""
    try:
        for source in sources:
            try:
                piece = media.Footage(source.path)
            except CameraFault:
                continue  # purged meanwhile, or broken: a gap, and told as one
            with piece:
                shape = shape or piece.shape
                if piece.shape != shape:
                    cut.goes_on = source.begins
                    break
                _copy(piece, source, cut, begins, ends)
    finally:
        cut.close()
    return cut.told()


def _copy(piece: media.Footage, source: Source, cut: Cut, begins: int, ends: int) -> None:
    last = min(ends, source.ends)
    for packet in piece.packets():
        ms = float(packet.time_base * 1000)
        shown = source.begins + packet.pts * ms
        decoded = source.begins + (packet.dts if packet.dts is not None else packet.pts) * ms
        if decoded >= last:
            return
        if shown >= begins - TOLERANCE_MS:
            cut.add(packet, piece.template, shown, decoded)
