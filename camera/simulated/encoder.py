"""H.264 and H.265 as a camera makes them: a picture in, its NAL units out, no B-frames, nothing kept back."""

import re
from fractions import Fraction
from functools import lru_cache
from typing import Final

import av
import numpy as np
from av.video.frame import PictureType

from camera.simulated.burnt import GREY, Plane
from camera.simulated.dials import Profile

CLOCK_RATE: Final = 90_000
"""Ticks a second of RTP's clock for video."""
START: Final = re.compile(rb"\x00?\x00\x00\x01")
_H264: Final = {
    "forced-idr": "1",
    "preset": "ultrafast",
    "tune": "zerolatency",
    "x264-params": "repeat-headers=1:scenecut=0:threads=1:bframes=0",
}
_HEVC: Final = {
    "forced-idr": "1",
    "preset": "ultrafast",
    "tune": "zerolatency",
    "x265-params": "log-level=none:repeat-headers=1:scenecut=0:pools=none:frame-threads=1:bframes=0",
}


class Encoder:
    """One stream's encoder. Not for two threads at once."""

    def __init__(self, profile: Profile, *, hevc: bool = False) -> None:
        self.hevc = hevc
        self._made = av.VideoCodecContext.create("libx265" if hevc else "libx264", "w")
        self._made.width, self._made.height, self._made.pix_fmt = profile.width, profile.height, "yuv420p"
        self._made.time_base, self._made.framerate = Fraction(1, CLOCK_RATE), Fraction(profile.fps)
        self._made.gop_size, self._made.bit_rate = 10_000, profile.bitrate
        self._made.thread_count = 1
        self._made.options = dict(_HEVC if hevc else _H264)

    def encode(self, picture: Plane, ticks: int, *, key: bool) -> list[bytes]:
        """The NAL units of an I420 ``picture`` at ``ticks``; parameter sets come before a ``key`` picture."""
        frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
        frame.pts, frame.time_base = ticks, Fraction(1, CLOCK_RATE)
        frame.pict_type = PictureType.I if key else PictureType.NONE
        data = b"".join(bytes(packet) for packet in self._made.encode(frame))
        return [unit for unit in START.split(data) if unit and not self._remark(unit)]

    def _remark(self, unit: bytes) -> bool:
        """Whether it is a remark (SEI) of the encoder about itself."""
        return (unit[0] >> 1 & 63) in (39, 40) if self.hevc else unit[0] & 31 == 6


@lru_cache(8)
def parameter_sets(profile: Profile, hevc: bool) -> tuple[bytes, ...]:
    """The stream's parameter sets (VPS), SPS and PPS, as its description tells them."""
    grey = np.full((profile.height * 3 // 2, profile.width), GREY, np.uint8)
    units = Encoder(profile, hevc=hevc).encode(grey, 0, key=True)
    return tuple(units[: 3 if hevc else 2])
