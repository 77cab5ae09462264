"""The recorder's process: ``python -m camera.recorder``. One camera, copied into pieces as long as the server lives.

The job is one JSON line on standard input (camera/job.py); the line ``stop``, or the end of the input, ends it with
the piece under way made whole. It says, one JSON object a line:

- ``{"state": "opening"}``, then ``{"state": "recording", "width", "height", "fps"}``
- ``{"alive": bytes, "offset_ms": source's clock less the office's, or null, "kept": whether a piece is under way}``
  every second that something comes
- ``{"piece": {"begins", "ends", "bytes", "keyframes", "gaps"}}`` once it is whole on disk
- ``{"fault": kind, "detail", "rest_s": pause before the next try}``

A job without a folder only looks: ``{"seen": {…}, "offset_ms"}`` or a fault, and it ends.
"""

import threading
import time
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from apart.inside import Inside, lines
from camera import CameraFault, FaultKind, Job, Source, load_driver
from camera.job import read
from camera.recording.part import Durable
from camera.recording.pieces import Pieces, Tell, timed

FIRST_REST_S: Final = 0.5
LONGEST_REST_S: Final = 15.0
REFUSED_REST_S: Final = (15.0, 300.0)
"""Many cameras lock an account after a few refusals, for half an hour: first and longest pause."""
BEAT_S: Final = 1.0
END_S: Final = 3.0
"""How long the piece under way may take to end when the server has gone."""
LOOK_S: Final = 1.0
LONGEST_LOOK_S: Final = 10.0


class Recorder:
    """Connects, records, and connects again, until ``stop``."""

    def __init__(self, job: Job, tell: Tell, stop: threading.Event) -> None:
        self._job = job
        self._tell = tell
        self._stop = stop
        self._durable = Durable()
        self._rest_s = 0.0

    def run(self) -> None:
        """Until ``stop``; what a library raises is one more fault."""
        while not self._stop.is_set():
            begun = time.monotonic()
            try:
                self._once()
                fault = CameraFault(FaultKind.ENDED, "the camera ended the stream")
            except CameraFault as told:
                fault = told
            except Exception as strange:
                fault = CameraFault(FaultKind.UNKNOWN, type(strange).__name__)
            if not self._stop.is_set():
                self._pause(fault, time.monotonic() - begun)

    def _pause(self, fault: CameraFault, worked_s: float) -> None:
        """Tell the fault and wait, longer each time; it worked for long enough: as at first."""
        refused = fault.kind is FaultKind.REFUSED
        first, longest = REFUSED_REST_S if refused else (FIRST_REST_S, LONGEST_REST_S)
        again = self._rest_s * 2 if worked_s < LONGEST_REST_S else first
        self._rest_s = min(max(first, again), longest)
        self._tell({"fault": fault.kind.value, "detail": f"{fault}", "rest_s": self._rest_s})
        self._stop.wait(self._rest_s)

    def _once(self) -> None:
        """One connection, to its end. Raises CameraFault."""
        self._tell({"state": "opening"})
        source = load_driver(self._job.source)(self._job)
        try:
            self._tell({"state": "recording", **source.told})
            self._record(source)
        finally:
            source.close()

    def _record(self, source: Source) -> None:
        pieces = Pieces(self._job, source, self._durable, self._tell)
        try:
            self._copy(source, pieces)
        finally:
            pieces.finish()

    def _copy(self, source: Source, pieces: Pieces) -> None:
        taken, offset, asked = 0, None, time.monotonic()
        beat = asked + BEAT_S
        for packet in timed(source.packets()):
            now = time.monotonic()
            taken += packet.size
            source_at = source.source_clock(packet) if packet.is_keyframe else None
            at = pieces.take(packet, now - asked)
            if source_at is not None and (moment := pieces.moment(at)) is not None:
                offset = source_at - moment
            if now >= beat:
                beat = now + BEAT_S
                self._tell({"alive": taken, "offset_ms": offset, "kept": pieces.begun})
            if self._stop.is_set():
                return
            asked = time.monotonic()


def look(job: Job, tell: Tell) -> None:
    """See whether footage would come: one keyframe is enough."""
    try:
        source = load_driver(job.source)(job)
        try:
            tell(_seen(source))
        finally:
            source.close()
    except CameraFault as fault:
        tell({"fault": fault.kind.value, "detail": f"{fault}"})


def _seen(source: Source) -> dict[str, Any]:
    """What it is, and how far its clock is ahead as the soonest of some packets tells. Raises CameraFault."""
    begun, keyframe, ahead = time.monotonic(), False, []
    for packet in timed(source.packets()):
        keyframe = keyframe or packet.is_keyframe
        source_at = source.source_clock(packet)
        if source_at is not None:
            ahead.append(source_at - time.time() * 1000)
        looked_s = time.monotonic() - begun
        if keyframe and looked_s > LOOK_S:
            return {"seen": source.told, "offset_ms": round(max(ahead)) if ahead else None}
        if looked_s > LONGEST_LOOK_S:
            break
    raise CameraFault(FaultKind.STALLED, f"no keyframe within {LONGEST_LOOK_S:.0f} s")


def serve() -> None:
    """Do the job on standard input."""
    inside = Inside(silent=True)  # FFmpeg's complaints hold the address, password and all
    stop = threading.Event()

    def orders(wire: BinaryIO) -> Iterator[str]:
        given = lines(wire)
        yield next(given)
        next(given, "")  # ``stop``, or the end of the input
        stop.set()
        time.sleep(END_S)  # then the process ends whatever hangs

    job = read(inside.orders(orders).get())
    if job.folder:
        Recorder(job, inside.tell, stop).run()
    else:
        look(job, inside.tell)


if __name__ == "__main__":
    serve()
