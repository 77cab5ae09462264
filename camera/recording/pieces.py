"""A stream cut into pieces: which begin at a keyframe, bear the office's moments, never overlap, and are told when they
are whole on disk."""

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from camera import CameraFault, FaultKind, Source
from camera.fragments import gaps_between, is_gap
from camera.job import Job
from camera.recording.part import Durable, Part
from camera.recording.salvage import salvage, told
from camera.recording.stamps import Stamps
from camera.recording.stream import Container

CAUGHT_UP_S: Final = 0.01
"""A packet that is waited for so long was not lying ready: what was buffered has come."""
STEADY: Final = 5
"""So many packets that were waited for tell how late the stream is; or so many seconds: """
STEADY_S: Final = 1.5
FPS: Final = 15
LONGEST_MS: Final = 120_000.0
"""A piece is no longer; nor may keyframes be further apart."""
UNSEEN_MS: Final = 30_000.0
"""For so long a stream may have no first keyframe: without one nothing of it can be shown."""

Tell = Callable[[dict[str, Any]], None]
Clock = Callable[[], float]
"""Seconds since 1970 UTC, by the office's clock."""


class _Piece:
    """A piece under way, from its first packet (``at``: its stream time, ms; ``base``: its pts)."""

    def __init__(self, part: Part, template: Any, at: float, base: int) -> None:
        self.part = part
        self.at = at
        self.times: list[float] = []
        self.keyframes: list[int] = []
        self._container = Container(part, template)
        self._base = base
        self._last = -1

    def add(self, packet: Any, at: float) -> None:
        """Append a packet of stream time ``at``, in order. Raises OSError."""
        pts = packet.pts if packet.pts is not None else packet.dts
        dts = packet.dts if packet.dts is not None else pts
        self._last = max(dts - self._base, self._last + 1)
        if packet.is_keyframe:
            self.keyframes.append(round(at - self.at))
        self.times.append(at - self.at)
        self._container.add(packet, max(pts - self._base, self._last), self._last)

    def close(self) -> None:
        """Whole on disk. Raises OSError."""
        self._container.close()
        self.part.finish()

    def abandon(self) -> None:
        """Let go of what cannot be finished."""
        try:
            self._container.close()
        except OSError:
            pass
        finally:
            self.part.leave()


class Pieces:
    """One connection's pieces. Each that is whole goes to ``tell`` as {"piece": {…}}. Raises CameraFault (disk)."""

    def __init__(self, job: Job, source: Source, durable: Durable, tell: Tell, clock: Clock = time.time) -> None:
        self._job = job
        self._template = source.template
        self._durable = durable
        self._tell = tell
        self._clock = clock
        self._stamps = Stamps()
        self._piece: _Piece | None = None
        self._buffered: list[tuple[Any, float]] | None = []
        self._tick_ms = 0.0
        self._waits, self._waited_s = 0, 0.0
        self._last = 0.0
        self._unseen_from: float | None = None
        self._usual = 1000 / (source.told["fps"] or FPS)  # ms from frame to frame; each is known by the next one's head

    def take(self, packet: Any, waited_s: float) -> float:
        """The next packet; it was waited for ``waited_s``. Its stream time."""
        if not self._tick_ms:
            self._tick_ms = float(packet.time_base * 1000)  # one a connection: fractions cost more than the copying
        at: float = (packet.pts if packet.pts is not None else packet.dts) * self._tick_ms
        steady = self._stamps.arrived(at, self._clock() * 1000 - self._usual)
        if self._buffered is None:
            self._put(packet, at, steady)
            return at
        self._buffered.append((packet, at))
        self._waits += waited_s > CAUGHT_UP_S
        self._waited_s += waited_s
        if self._waits >= STEADY or self._waited_s > STEADY_S:
            self.flush()
        return at

    def moment(self, at: float) -> int | None:
        """The office's moment of stream time ``at``, once known."""
        return self._stamps.moment(at) if self._buffered is None and self._stamps.anchored else None

    @property
    def begun(self) -> bool:
        """Whether a piece is under way: whether what comes is kept."""
        return self._piece is not None

    def flush(self) -> None:
        """Take in what was held back until its moment was known."""
        held, self._buffered = self._buffered or (), None
        for packet, at in held:
            self._put(packet, at, True)

    def finish(self) -> None:
        """The stream ends: so does the piece under way."""
        self.flush()
        if self._piece is not None:
            self._end(self._stamps.moment(self._last + self._usual))

    def _put(self, packet: Any, at: float, steady: bool) -> None:
        if self._piece is not None and not (steady and -LONGEST_MS < self._last - at < 1000):
            self._end(self._stamps.moment(self._last + self._usual))
            self._stamps = Stamps()
            self._stamps.arrived(at, self._clock() * 1000 - self._usual)
        if self._due(packet, at):
            self._cut(packet, at)
        if self._piece is not None:
            self._write(packet, at)
            self._last = at
        elif self._unseen_from is None:
            self._unseen_from = at
        elif at - self._unseen_from > UNSEEN_MS:
            raise CameraFault(FaultKind.STALLED, "the camera sends no whole picture (keyframe)")

    def _due(self, packet: Any, at: float) -> bool:
        """Whether a piece begins with this packet. Raises CameraFault where none has come that one could begin with."""
        if self._piece is None:
            return bool(packet.is_keyframe)
        length = at + self._usual / 2 - self._piece.at
        if length > LONGEST_MS and not packet.is_keyframe:  # asked anew, cameras begin with one
            raise CameraFault(FaultKind.STALLED, f"no whole picture (keyframe) for {LONGEST_MS / 1000:.0f} s")
        return packet.is_keyframe and length >= self._job.piece_s * 1000

    def _cut(self, packet: Any, at: float) -> None:
        """End the piece before, where this one begins at the latest; what a stall left out belongs to neither."""
        natural = self._stamps.moment(self._seam(at)) if self._piece is not None else 0
        self._stamps.anchor()
        begins = self._stamps.moment(at)
        if self._piece is not None:
            begins = max(begins, self._piece.part.begins + 1)
            self._end(min(natural, begins))
        try:
            part = Part(Path(self._job.folder), begins)
            self._piece = _Piece(part, self._template, at, packet.pts if packet.pts is not None else packet.dts)
        except OSError as fault:
            raise CameraFault(FaultKind.DISK, f"{fault.strerror}") from None
        self._durable.part, self._unseen_from = part, None

    def _seam(self, at: float) -> float:
        """Where the frame before ``at`` ends, stream time."""
        return self._last + self._usual if is_gap(at - self._last, self._usual) else at

    def _write(self, packet: Any, at: float) -> None:
        piece = self._piece
        if piece is None:
            return
        try:
            piece.add(packet, at)
        except OSError as fault:
            self._lose(piece, fault)

    def _end(self, ends: int) -> None:
        """The piece under way is whole at ``ends`` (ms UTC)."""
        piece, self._piece, self._durable.part = self._piece, None, None
        if piece is None:
            return
        try:
            piece.close()
        except OSError as fault:
            self._lose(piece, fault)
        if len(piece.times) > 1:
            self._usual = max(1.0, min(self._usual_step(piece.times), 1000.0))
        begins = piece.part.begins
        whole = {"begins": begins, "ends": max(ends, begins + 1), "bytes": piece.part.size}
        self._tell({"piece": whole | {"keyframes": piece.keyframes, "gaps": gaps_between(piece.times)}})

    def _usual_step(self, times: list[float]) -> float:
        return (times[-1] - times[0]) / (len(times) - 1)

    def _lose(self, piece: _Piece, fault: OSError) -> None:
        """The disk takes no more: keep what is whole of the piece. Raises CameraFault."""
        self._piece = self._durable.part = None
        piece.abandon()
        try:
            left = salvage(piece.part.unfinished)
        except OSError:
            left = None  # as it is; the next start tries again
        if left is not None:
            self._tell({"piece": told(left[1], piece.part.begins)})
        raise CameraFault(FaultKind.DISK, f"{fault.strerror}") from None


def timed(packets: Iterable[Any]) -> Iterator[Any]:
    """The packets, those of a stream's beginning that bear no time given one: the first keyframe is among them."""
    untimed: list[Any] = []
    for packet in packets:
        if packet.pts is None and packet.dts is None:
            untimed.append(packet)
            continue
        at = packet.pts if packet.pts is not None else packet.dts
        for number, early in enumerate(untimed):
            early.pts = at - (len(untimed) - number) * (packet.duration or 1)
        yield from untimed
        untimed.clear()
        yield packet
