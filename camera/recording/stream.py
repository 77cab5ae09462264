"""Streams over RTSP, pieces as fragmented MP4, and the encoder that a USB camera needs. The only file of this folder
that imports PyAV; the rest handles its packets as they are.

A stream is copied, never decoded: 2 % of a core at 1080p15 (HARDWARE "Camera").
"""

import io
import struct
import time
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

import av
import av.error
import av.logging

from camera import CameraFault, FaultKind
from camera.job import Job
from camera.recording.part import Part

INPUT: Final = {
    "rtsp_transport": "tcp",  # footage is evidence: no packet is given up for speed
    "allowed_media_types": "video",  # no sound is asked for
}
BRIEF: Final = {"analyzeduration": "200000", "fpsprobesize": "0"}
"""Most cameras describe their stream beforehand; one that does not is listened to for FFmpeg's usual 5 s."""
OUTPUT: Final = {
    "movflags": "frag_keyframe+empty_moov+default_base_moof",
    "frag_duration": "1000000",  # µs: what a killed recorder loses at most, and a little
    "flush_packets": "1",
}
BUFFER: Final = 1 << 20
"""A fragment is one write or two, not one for every 32 kB."""
NAP_S: Final = 0.5
"""What comes meanwhile lies in the system's buffer and is taken in one go: waking for each frame costs as much as
copying it. A killed recorder loses so much more."""
BRISK_S: Final = 4.0
"""No naps before: how late the stream is, is measured by the packets that are waited for."""
CAUGHT_UP_S: Final = 0.005
"""A packet that was waited for so long was not lying ready."""
READ_SHARE: Final = 0.9
"""FFmpeg notices a stall up to twice as late as it is told to (HARDWARE "Camera")."""
PLAYABLE: Final = "h264"
CLOCK_2020_US: Final = 1_577_836_800_000_000
"""A source that tells an earlier moment counts from its start, or has lost its clock."""

_BY_ERROR: Final = (
    ((av.error.HTTPUnauthorizedError, av.error.HTTPForbiddenError), FaultKind.REFUSED, "name or password is refused"),
    (av.error.HTTPNotFoundError, FaultKind.NO_STREAM, "the camera has no stream at that path"),
    (av.error.HTTPError, FaultKind.UNKNOWN, "the camera refuses the stream"),
    (av.error.InvalidDataError, FaultKind.NO_STREAM, "what answers there is no stream that can be read"),
    (OSError, FaultKind.UNREACHABLE, "the camera cannot be reached"),
)


class Rtsp:
    """An open stream. Raises CameraFault."""

    def __init__(self, job: Job) -> None:
        av.logging.set_level(av.logging.PANIC)  # its lines hold the address, password and all
        self._input = _opened(job, BRIEF)
        try:
            if self._is_undescribed():
                self.close()
                self._input = _opened(job, {})
            self.template = self._playable()
        except CameraFault:
            self.close()
            raise

    @property
    def told(self) -> dict[str, Any]:
        """Width, height and pictures a second; 0 where it does not tell."""
        return {
            "width": self.template.codec_context.width,
            "height": self.template.codec_context.height,
            "fps": round(float(self.template.average_rate or self.template.guessed_rate or 0), 2),
        }

    def packets(self) -> Iterator[Any]:
        """What comes, after some seconds several at once; an end without a word is the server's. Raises CameraFault."""
        asked = time.monotonic()
        naps_from = asked + BRISK_S
        try:
            for packet in self._input.demux(self.template):
                came = time.monotonic()
                if packet.size:  # the last one is empty
                    yield packet
                if came - asked > CAUGHT_UP_S and came > naps_from:
                    time.sleep(NAP_S)
                asked = time.monotonic()
        except av.error.FFmpegError as fault:
            raise _broken(fault) from None

    def source_clock(self, packet: Any) -> int | None:
        """The source's clock at ``packet``, from its sender reports (RTCP)."""
        if not packet.has_sidedata("prft"):
            return None
        wallclock: int = struct.unpack_from("=q", bytes(packet.get_sidedata("prft")))[0]
        return wallclock // 1000 if wallclock > CLOCK_2020_US else None

    def close(self) -> None:
        """Let go of it."""
        self._input.close()

    def _is_undescribed(self) -> bool:
        streams = self._input.streams.video
        return bool(streams) and not (streams[0].codec_context.extradata and streams[0].codec_context.width)

    def _playable(self) -> Any:
        """The picture stream. Raises CameraFault for none, or one that browsers do not play."""
        if not self._input.streams.video:
            raise CameraFault(FaultKind.NO_STREAM, "there is no picture in this stream")
        stream = self._input.streams.video[0]
        name = stream.codec_context.name
        if name != PLAYABLE:
            raise CameraFault(FaultKind.CODEC, f"the stream is {name.upper()}; set the camera to H.264")
        if self._is_undescribed():
            raise CameraFault(FaultKind.STALLED, "the camera answers and sends no picture")
        return stream


class Container:
    """A piece under way: packets go in, a fragmented MP4 comes out into ``part``. Raises OSError, as ``part`` does."""

    def __init__(self, part: Part, template: Any) -> None:
        self._part = part
        self._out = av.open(part, "w", format="mp4", options=OUTPUT, buffer_size=BUFFER)
        self._stream = self._out.add_stream_from_template(template)

    def add(self, packet: Any, pts: int, dts: int) -> None:
        """Append ``packet`` with times of this piece, in its own time base."""
        packet.pts, packet.dts, packet.stream = pts, dts, self._stream
        try:
            self._out.mux_one(packet)
        except av.error.FFmpegError as fault:
            raise self._part.fault or OSError(fault.errno, fault.strerror) from None

    def close(self) -> None:
        """The last fragment."""
        try:
            self._out.close()
        except av.error.FFmpegError as fault:
            raise self._part.fault or OSError(fault.errno, fault.strerror) from None


class Encoder:
    """H.264 of pictures that come bare. Dearer than any copy: some 40 % of a core at 720p15."""

    def __init__(self, width: int, height: int, fps: int) -> None:
        self._nowhere = av.open(io.BytesIO(), "w", format="mp4")
        stream = self._nowhere.add_stream("libx264", rate=fps)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 90_000)
        stream.options = {"preset": "ultrafast", "tune": "zerolatency", "crf": "26", "g": str(2 * fps)}
        self._nowhere.start_encoding()  # from now on the stream describes itself
        self.template = stream

    def encode(self, picture: Any, at_ms: float) -> list[Any]:
        """The packets of a BGR ``picture`` taken at ``at_ms`` of a steady clock."""
        frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
        frame.pts, frame.time_base = round(at_ms * 90), Fraction(1, 90_000)
        return self.template.encode(frame)


def _opened(job: Job, probing: dict[str, str]) -> Any:
    """The container at the job's address. Raises CameraFault."""
    try:
        return av.open(job.location, "r", options=INPUT | probing, timeout=(job.open_s, job.timeout_s * READ_SHARE))
    except av.error.FFmpegError as fault:
        raise _told(fault) from None


def _told(fault: av.error.FFmpegError) -> CameraFault:
    """A fault of opening; FFmpeg's own text may hold the password and is left out."""
    if isinstance(fault, av.error.ExitError):  # what PyAV's timeout comes out as
        return CameraFault(FaultKind.UNREACHABLE, "the camera does not answer")
    for errors, kind, detail in _BY_ERROR:
        if isinstance(fault, errors):
            return CameraFault(kind, f"{detail} ({fault.strerror})")
    return CameraFault(FaultKind.UNKNOWN, f"{type(fault).__name__} ({fault.strerror})")


def _broken(fault: av.error.FFmpegError) -> CameraFault:
    """A fault of reading."""
    if isinstance(fault, av.error.ExitError | av.error.TimeoutError):
        return CameraFault(FaultKind.STALLED, "no picture came for its time")
    return CameraFault(FaultKind.ENDED, f"the stream broke off ({fault.strerror})")
