"""What can be turned at a simulated camera, and what kinds of stream there are."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Dials:
    """One camera's dials. Those that end in ``_s`` are seconds, ``pace`` is a factor, all others are on or off.

    ``stalled``: packets stop, the connection stays; ``refused``: 503 to whoever asks; ``missing``: 404, no such path;
    ``changed_password``: 401 whatever is sent; ``hevc``: serves H.265; ``clock_s``: its clock is that much ahead, in
    the picture, in sender reports and as a recorder; ``latency_s``: everything comes that much later.
    The picture: ``black``, ``covered``, ``frozen`` (with its clock), ``blurred``, ``moved``, ``lights_off``; ``day``:
    light and people follow the local day, so nights are dark and empty.
    As a recorder: ``ignores_end`` plays on after endtime, ``local_z`` reads the Z of Hikvision's times as local time,
    ``holes`` has nothing of the minutes 20 to 25 of every hour;
    ``pace``: 1 plays in real time, 4 four times as fast, 0 as fast as it is taken.
    """

    stalled: bool = False
    refused: bool = False
    missing: bool = False
    changed_password: bool = False
    hevc: bool = False
    black: bool = False
    covered: bool = False
    frozen: bool = False
    blurred: bool = False
    moved: bool = False
    lights_off: bool = False
    day: bool = False
    ignores_end: bool = False
    local_z: bool = False
    holes: bool = False
    clock_s: float = 0.0
    latency_s: float = 0.0
    pace: float = 0.0


@dataclass(frozen=True, slots=True)
class Profile:
    """Size, pictures a second, bits a second and seconds between keyframes of a stream.

    ``clock``: the time is burnt in and each picture is encoded when it is due; without it a loop is encoded once.
    ``noise``: how much the sensor's noise moves a pixel, of 255.
    """

    width: int
    height: int
    fps: int
    bitrate: int
    gop_s: int = 1
    clock: bool = True
    noise: int = 3

    @property
    def gop(self) -> int:
        """Pictures from keyframe to keyframe."""
        return self.fps * self.gop_s


SMALL: Final = Profile(640, 360, 10, 250_000, noise=2)
"""For the demo and tests: about one hundredth of a core a camera."""
FULL: Final = Profile(1920, 1080, 15, 2_500_000, gop_s=2, noise=6)
"""What an office's camera sends, with a clock: about a seventh of a core."""
LOOP: Final = Profile(1920, 1080, 15, 2_500_000, gop_s=2, clock=False, noise=6)
"""The same without a clock, encoded once for all cameras: costs next to nothing while it runs."""

PROFILES: Final = {"small": SMALL, "full": FULL, "loop": LOOP}
