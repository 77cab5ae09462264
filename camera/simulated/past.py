"""What a recorder (NVR) plays back: any moment of the last days is drawn again, with the clock it had."""

import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from camera.simulated.burnt import LOCAL_H
from camera.simulated.description import describe
from camera.simulated.encoder import CLOCK_RATE, Encoder
from camera.simulated.feed import Camera
from camera.simulated.live import OfCamera, refuse
from camera.simulated.player import Player
from camera.simulated.recorder_addresses import Asked, clock_range
from camera.simulated.rtp import Packer
from camera.simulated.rtsp import Headers, RefusedError

KEPT_MS: Final = 7 * 86_400_000
"""How far back it goes."""
HOLE_MIN: Final = (20, 25)
"""With the dial ``holes`` it has nothing of these minutes of every hour."""
HOUR_MS: Final = 3_600_000


class Past(OfCamera):
    """A camera's past as a source of RTSP, from ``asked.begin`` or where PLAY's range says (ONVIF)."""

    def __init__(self, camera: Camera, asked: Asked) -> None:
        super().__init__(camera)
        self._asked = asked
        self._ended = threading.Event()
        self._wanted, self._pace = (0, 0), 0.0

    def describe(self) -> str:
        """Its description. Raises RefusedError where nothing was recorded."""
        refuse(self._camera)
        begin, end = self._range({})
        dials = self._camera.dials
        return describe(self._camera.profile, hevc=dials.hevc, ranged=f"clock={stamp(begin)}-{stamp(end)}")

    def accept(self, asked: Mapping[str, str]) -> Headers:
        """From where to where it will play."""
        refuse(self._camera)
        self._wanted = begin, end = self._range(asked)
        self._pace = _pace(self._camera.dials.pace, asked)
        return [("Range", f"clock={stamp(begin)}-{stamp(end)}"), ("Scale", asked.get("scale", "1.0"))]

    def play(self, player: Player) -> None:
        """Play from the keyframe at or before the asked moment on. Asked again, it begins again."""
        self.pause(player)
        self._ended = threading.Event()
        self._camera.visit(player)
        work = _Replay(self._camera, player, self._ended, self._pace)
        threading.Thread(target=work.run, args=self._wanted, name="simulated replay", daemon=True).start()

    def pause(self, player: Player) -> None:
        """Send no more."""
        self._ended.set()
        self._camera.leave(player)

    def _range(self, asked: Mapping[str, str]) -> tuple[int, int]:
        """Begin and end by the recorder's clock. Raises RefusedError."""
        now, dials = self._camera.clock_ms(), self._camera.dials
        try:
            begin, end = clock_range(asked.get("range", ""))
        except ValueError:
            raise RefusedError(400) from None
        wrong = LOCAL_H * HOUR_MS if dials.local_z and self._asked.zoned else 0
        if begin is None:
            begin = now - KEPT_MS if self._asked.begin is None else self._asked.begin - wrong
        if end is None:
            end = now if self._asked.end is None else self._asked.end - wrong
        if not now - KEPT_MS <= begin < now or end <= begin:
            raise RefusedError(404)
        return begin, now if dials.ignores_end else min(end, now)


class _Replay:
    """One playing; a thread's work."""

    def __init__(self, camera: Camera, player: Player, ended: threading.Event, pace: float) -> None:
        self._camera, self._player, self._ended, self._pace = camera, player, ended, pace
        self._profile = camera.profile
        hevc = camera.dials.hevc
        self._encoder, self._packer = Encoder(camera.profile, hevc=hevc), Packer(0x51AB7000, hevc=hevc)

    def run(self, begin: int, end: int) -> None:
        """Play, then say that it is over; the connection stays."""
        fps = self._profile.fps
        gop_ms = self._profile.gop_s * 1000
        at = begin // gop_ms * gop_ms * fps // 1000
        started, first = time.monotonic(), at
        while (clock_ms := round(at * 1000 / fps)) < end and not self._over:
            if self._pace:
                self._ended.wait(max(0.0, started + (at - first) / fps / self._pace - time.monotonic()))
            if self._camera.dials.stalled:
                self._ended.wait(0.1)
                continue
            if not self._missing(clock_ms):
                self._show(at, clock_ms)
            at += 1
        if not self._over:
            self._player.feed(self._packer.goodbye(self._player.channel))

    @property
    def _over(self) -> bool:
        return self._ended.is_set() or self._player.gone.is_set()

    def _missing(self, clock_ms: int) -> bool:
        return self._camera.dials.holes and HOLE_MIN[0] <= clock_ms % HOUR_MS / 60_000 < HOLE_MIN[1]

    def _show(self, at: int, clock_ms: int) -> None:
        true_ms = clock_ms - round(self._camera.dials.clock_s * 1000)
        ticks = clock_ms * CLOCK_RATE // 1000
        key = at % self._profile.gop == 0
        units = self._encoder.encode(self._camera.picture(true_ms, clock_ms), ticks, key=key)
        report = self._packer.report(clock_ms, ticks, self._player.channel) if key else b""
        self._player.feed(report + self._packer.frame(units, ticks, self._player.channel))


def stamp(ms: int) -> str:
    """A moment as RTSP's clock ranges have it."""
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y%m%dT%H%M%S}.{ms % 1000:03d}Z"


def _pace(dial: float, asked: Mapping[str, str]) -> float:
    """How many times real time; 0 as fast as it is taken, which ONVIF asks for by ``Rate-Control: no``."""
    if asked.get("rate-control", "").lower() == "no":
        return 0.0
    try:
        return dial * max(0.1, float(asked.get("scale") or asked.get("speed") or 1))
    except ValueError:
        raise RefusedError(400) from None
