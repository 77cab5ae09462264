"""Pieces read, clips written, pictures drawn. The only file of this folder that imports PyAV.

Clips are copied, never decoded; a clip with privacy masks is the one exception (issue line "Who watched").
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, Self

import av
import av.error
import av.filter
import av.logging

from camera import CameraFault, FaultKind

TICKS: Final = 90
"""A clip's time base: ticks a millisecond, as RTP has it for video."""
SECOND: Final = Fraction(1, TICKS * 1000)
INPUT: Final = {"fpsprobesize": "0"}
UNDECODED: Final[Any] = [{"skip_frame": "all"}]  # PyAV takes dicts, its stubs say words
"""A piece describes itself: FFmpeg need not decode its first pictures to open it (19 ms of a core, else 1.3)."""
OUTPUT: Final = {"movflags": "faststart"}
"""The index stands in front, so that a player begins before it has all, and knows how long it is."""
MASKED: Final = {"preset": "veryfast", "crf": "23", "bf": "0"}
JPEG: Final = {"qmin": "4", "qmax": "4"}

Mask = tuple[float, float, float, float]
"""Left, top, width, height in shares of the picture."""


class Footage:
    """A piece, or any file with one H.264 track. Raises CameraFault for one that cannot be read."""

    def __init__(self, path: Path) -> None:
        av.logging.set_level(av.logging.PANIC)
        try:
            self._input = av.open(str(path), options=dict(INPUT), stream_options=UNDECODED)
            self.template: Any = self._input.streams.video[0]
        except (av.error.FFmpegError, IndexError) as fault:
            raise CameraFault(FaultKind.UNKNOWN, f"{path.name} cannot be read: {type(fault).__name__}") from None

    @property
    def shape(self) -> bytes:
        """What a player must know beforehand to decode it; footage of another shape needs a clip of its own."""
        return bytes(self.template.codec_context.extradata or b"")

    def packets(self) -> Iterator[Any]:
        """Its packets in order of decoding. Raises CameraFault."""
        try:
            for packet in self._input.demux(self.template):
                if packet.size and packet.pts is not None:
                    yield packet
        except av.error.FFmpegError as fault:
            raise CameraFault(FaultKind.UNKNOWN, f"a piece broke off: {type(fault).__name__}") from None

    def nearest(self, at_ms: float) -> Any:
        """The picture shown nearest to ``at_ms`` of its own time. Raises CameraFault when there is none."""
        self._input.seek(max(0, round(at_ms * 1000)), backward=True)
        before = None
        try:
            for frame in self._input.decode(self.template):
                ms = (frame.time or 0.0) * 1000
                if ms >= at_ms:
                    return frame if before is None or ms - at_ms < at_ms - before.time * 1000 else before
                before = frame
        except av.error.FFmpegError:
            pass  # what came before the fault is good
        if before is None:
            raise CameraFault(FaultKind.UNKNOWN, "no picture in this piece")
        return before

    def close(self) -> None:
        """Let go of it."""
        self._input.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Copy:
    """A clip at ``path`` that takes packets over as they are. Raises OSError."""

    def __init__(self, path: Path, template: Any) -> None:
        self._out = av.open(str(path), "w", format="mp4", options=OUTPUT)
        self._stream = self._out.add_stream_from_template(template)
        self._last = -1

    def add(self, packet: Any, shown_ms: float, decoded_ms: float) -> None:
        """Append ``packet`` with times in ms from the clip's begin."""
        self._last = max(round(decoded_ms * TICKS), self._last + 1)
        packet.time_base = SECOND
        packet.dts, packet.pts = self._last, max(round(shown_ms * TICKS), self._last)
        packet.stream = self._stream
        self._out.mux(packet)

    def close(self) -> None:
        """Whole. Raises OSError."""
        self._out.close()


class Masked:
    """The same, with black rectangles: every picture is decoded, blacked out and encoded anew."""

    def __init__(self, path: Path, template: Any, masks: Iterable[Mask]) -> None:
        self._masks = list(masks)
        self._template = template
        self._decoder = template.codec_context
        self._out = av.open(str(path), "w", format="mp4", options=dict(OUTPUT))
        stream: Any = self._out.add_stream("libx264", rate=Fraction(template.average_rate or 15))
        self._stream = stream
        self._stream.width, self._stream.height = self._decoder.width, self._decoder.height
        self._stream.pix_fmt, self._stream.options = "yuv420p", MASKED
        self._stream.codec_context.time_base = SECOND
        self._graph: Any = None
        self._last = -1

    def add(self, packet: Any, shown_ms: float, decoded_ms: float) -> None:
        """Append the pictures of ``packet``, with times in ms from the clip's begin."""
        packet.stream = self._template
        packet.time_base = SECOND
        packet.pts, packet.dts = round(shown_ms * TICKS), round(decoded_ms * TICKS)
        for frame in self._decoder.decode(packet):
            self._draw(frame)

    def close(self) -> None:
        """What the decoder and the encoder still hold, then whole. Raises OSError."""
        for frame in self._decoder.decode(None):
            self._draw(frame)
        for packet in self._stream.encode(None):
            self._out.mux(packet)
        self._out.close()

    def _draw(self, frame: Any) -> None:
        if self._graph is None:
            self._graph = blackened(frame, self._masks)
        at = frame.pts if frame.pts is not None else self._last + 1
        self._graph.push(frame)
        drawn = self._graph.pull()
        self._last = max(at, self._last + 1)
        drawn.pts, drawn.time_base = self._last, SECOND
        drawn.pict_type = 0  # the encoder chooses
        for packet in self._stream.encode(drawn):
            self._out.mux(packet)


def blackened(frame: Any, masks: Iterable[Mask]) -> Any:
    """A filter that draws ``masks`` black upon pictures like ``frame``."""
    graph = av.filter.Graph()
    last: Any = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=SECOND)
    for left, top, width, height in masks:
        box = f"x=iw*{left:.5f}:y=ih*{top:.5f}:w=iw*{width:.5f}:h=ih*{height:.5f}:color=black:t=fill"
        drawn = graph.add("drawbox", box)
        last.link_to(drawn)
        last = drawn
    plain = graph.add("format", "yuv420p")
    last.link_to(plain)
    plain.link_to(graph.add("buffersink"))
    graph.configure()
    return graph


def jpeg(frame: Any, width: int) -> bytes:
    """``frame`` as a JPEG of that width."""
    height = max(2, round(frame.height * width / frame.width / 2) * 2)
    small = frame.reformat(width=width, height=height, format="yuvj420p")
    encoder: Any = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuvj420p"
    encoder.time_base = Fraction(1, 25)
    encoder.options = JPEG
    small.pts, small.time_base = 0, Fraction(1, 25)
    return b"".join(bytes(packet) for packet in [*encoder.encode(small), *encoder.encode(None)])
