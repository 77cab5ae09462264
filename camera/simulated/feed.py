"""A simulated camera: makes its stream while somebody looks, once for all who do."""

import itertools
import threading
import time
from dataclasses import asdict, replace
from functools import cached_property, lru_cache
from typing import Any, Final

from camera.simulated.burnt import Plane, burn
from camera.simulated.dials import Dials, Profile
from camera.simulated.encoder import CLOCK_RATE, Encoder
from camera.simulated.player import Player
from camera.simulated.rtp import Packer
from camera.simulated.scene import Scene, planes, sign_of

REPORT_S: Final = 2.0
"""Seconds between two sender reports."""
LATE_S: Final = 1.0
LOOP_S: Final = 6


class Camera:
    """Camera ``number`` (1 to 15). Its thread rests while nobody looks."""

    def __init__(self, name: str, number: int, profile: Profile, *, hall: bool = False) -> None:
        self.name, self.number, self.profile = name, number, profile
        self._dials = Dials()
        self._hall = hall
        self._players: set[Player] = set()
        self._guests: set[Player] = set()
        self._changed = threading.Condition()
        self._ended = self._key = False
        self._frozen: Plane | None = None
        if not profile.clock:
            _loop(profile)  # made before anybody looks
        self._thread = threading.Thread(target=self._run, name=f"simulated {name}", daemon=True)
        self._thread.start()

    @cached_property
    def scene(self) -> Scene:
        """What is before it."""
        profile = self.profile
        return Scene(
            profile.width,
            profile.height,
            self.number,
            hall=self._hall,
            noise=profile.noise,
            sign=sign_of(self.name, self.number),
        )

    @property
    def dials(self) -> Dials:
        """How the dials stand."""
        return self._dials

    @property
    def looking(self) -> int:
        """How many look now, at what is or what was."""
        return len(self._players) + len(self._guests)

    def calm(self) -> None:
        """Turn all dials back."""
        self.turn(**asdict(Dials()))

    def turn(self, **dials: Any) -> Dials:
        """Turn dials by name. Raises TypeError for a dial there is not. Another codec hangs up on all."""
        with self._changed:
            before, self._dials = self._dials, replace(self._dials, **dials)
            self._key = True
        if before.hevc != self._dials.hevc:
            self.drop()
        return self._dials

    def clock_ms(self, at_ms: float | None = None) -> int:
        """What its clock says now, or said at a moment (ms UTC)."""
        return round((time.time() * 1000 if at_ms is None else at_ms) + self._dials.clock_s * 1000)

    def picture(self, true_ms: int, clock_ms: int) -> Plane:
        """What it saw at ``true_ms``, with ``clock_ms`` burnt in, as I420."""
        made = self.scene.picture(true_ms, self._dials)
        burn(planes(made), clock_ms, self.number)
        return made

    def seen(self, ms: int) -> Plane:
        """What it sees at ``ms``, with its clock; while ``frozen`` what it saw when that began."""
        made, held = self._frozen, self._dials.frozen
        if made is None or not held:
            made = self.picture(ms, self.clock_ms(ms))
            self._frozen = made if held else None
        return made

    def join(self, player: Player) -> None:
        """Send the stream to ``player`` from the next keyframe on, which is made at once."""
        with self._changed:
            self._players.add(player)
            self._key = True
            self._changed.notify_all()

    def visit(self, player: Player) -> None:
        """``player`` looks at the past, which somebody else sends."""
        with self._changed:
            self._guests.add(player)

    def leave(self, player: Player) -> None:
        """Send no more."""
        with self._changed:
            self._players.discard(player)
            self._guests.discard(player)

    def drop(self) -> None:
        """Hang up on all who look."""
        with self._changed:
            players, self._players, self._guests = self._players | self._guests, set(), set()
        for player in players:
            player.hang_up()

    def close(self) -> None:
        """End it."""
        self.drop()
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        self._thread.join(5)

    def _run(self) -> None:
        while self._awaited():
            stream = _Stream(self, hevc=self._dials.hevc)
            due = int(time.time() * self.profile.fps) + 1
            while True:
                late = time.time() - due / self.profile.fps
                if late > LATE_S:
                    due += int(late * self.profile.fps)
                time.sleep(max(0.0, -late))
                with self._changed:
                    key, self._key = self._key, False
                    players = list(self._players)
                    if not players or self._ended or stream.hevc != self._dials.hevc:
                        break
                stream.send(due, players, key=key)
                due += 1

    def _awaited(self) -> bool:
        """Wait until somebody looks; False when the camera ends."""
        with self._changed:
            self._changed.wait_for(lambda: self._ended or self._players)
            return not self._ended


class _Stream:
    """The pictures from the moment on when somebody looks until nobody does."""

    def __init__(self, camera: Camera, *, hevc: bool) -> None:
        self.hevc = hevc
        self._camera = camera
        self._profile = camera.profile
        self._encoder = Encoder(camera.profile, hevc=hevc)
        self._packer = Packer(next(_sources), hevc=hevc)
        self._since_key = 0
        self._reported = 0.0

    def send(self, due: int, players: list[Player], *, key: bool) -> None:
        """Make picture ``due`` (counted since 1970) and send it to ``players``."""
        ms = round(due * 1000 / self._profile.fps - self._camera.dials.latency_s * 1000)
        ticks = ms * CLOCK_RATE // 1000
        units, key = self._looped(due) if not self._profile.clock else self._encoded(ms, ticks, key=key)
        if self._camera.dials.stalled:
            self._since_key = self._profile.gop  # what comes after it begins anew
            return
        data = self._packer.frame(units, ticks, 0)
        report = self._report(ms, ticks, key=key)
        for player in players:
            player.started = player.started or key
            if player.started:
                player.send(_on(report + data, player.channel))

    def _encoded(self, ms: int, ticks: int, *, key: bool) -> tuple[list[bytes], bool]:
        key = key or self._since_key >= self._profile.gop or self._since_key == 0
        self._since_key = 1 if key else self._since_key + 1
        return self._encoder.encode(self._camera.seen(ms), ticks, key=key), key

    def _looped(self, due: int) -> tuple[list[bytes], bool]:
        loop = _loop(self._profile)
        at = due % len(loop)
        return loop[at], at % self._profile.gop == 0

    def _report(self, ms: int, ticks: int, *, key: bool) -> bytes:
        """A sender report before a keyframe, or when it is time for one."""
        if not key and time.monotonic() - self._reported < REPORT_S:
            return b""
        self._reported = time.monotonic()
        return self._packer.report(self._camera.clock_ms(ms), ticks, 0)


_sources = itertools.count(0x51AB0001, 0x101)


@lru_cache(2)
def _loop(profile: Profile) -> list[list[bytes]]:
    """Some seconds of a counter without a clock, encoded once: the second round, as the first finds the rate."""
    scene, encoder = Scene(profile.width, profile.height, 1, noise=profile.noise), Encoder(profile)
    made, count = [], profile.fps * LOOP_S
    for at in range(2 * count):
        picture = scene.picture(round(at % count * 1000 / profile.fps), Dials())
        made.append(encoder.encode(picture, at * CLOCK_RATE // profile.fps, key=at % profile.gop == 0))
    return made[count:]


def _on(data: bytes, channel: int) -> bytes:
    """Packets made for channels 0 and 1, on others."""
    if not channel:
        return data
    made, at = bytearray(data), 0
    while at < len(made):
        made[at + 1] += channel
        at += 4 + int.from_bytes(made[at + 2 : at + 4], "big")
    return bytes(made)
