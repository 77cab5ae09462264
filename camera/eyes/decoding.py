"""The newest keyframe of a piece: one picture decoded, whatever its length. The one file that knows PyAV here."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from numpy.typing import NDArray

WIDE: Final = 640
"""Width of a picture for people."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A picture, ``offset_ms`` after the piece's begin: its brightness as it was sent, and ``colours`` (blue, green,
    red), smaller."""

    offset_ms: int
    luma: NDArray[np.uint8]
    colours: NDArray[np.uint8]


def newest(piece: Path) -> Taken:
    """The last keyframe of a piece. Raises OSError (PyAV's errors are of that kind) or ValueError when it has none."""
    with av.open(str(piece)) as container:
        stream = container.streams.video[0]
        last = None
        for packet in container.demux(stream):
            if packet.is_keyframe and packet.size:
                last = packet
        if last is None:
            raise ValueError("no keyframe")
        offset_ms = round(float((last.pts or 0) * (stream.time_base or 0)) * 1000)
        context = stream.codec_context
        frames = [*context.decode(last), *context.decode(None)]
    if not frames:
        raise ValueError("nothing decoded")
    return _taken(offset_ms, frames[0])


def _taken(offset_ms: int, frame: Any) -> Taken:
    plane = frame.planes[0]
    rows = np.frombuffer(plane, np.uint8)[: plane.line_size * frame.height].reshape(frame.height, plane.line_size)
    width = min(WIDE, frame.width)
    height = round(frame.height * width / frame.width)
    colours = frame.reformat(width=width, height=height, format="bgr24").to_ndarray()
    return Taken(offset_ms, rows[:, : frame.width].copy(), colours)
