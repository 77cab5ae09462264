"""A camera's stream as it is made: what ``/cam1`` stands for."""

from collections.abc import Mapping

from camera.simulated.description import describe
from camera.simulated.feed import Camera
from camera.simulated.player import Player
from camera.simulated.rtsp import Headers, RefusedError


class OfCamera:
    """What every source of RTSP has of its camera."""

    def __init__(self, camera: Camera) -> None:
        self._camera = camera

    @property
    def locked(self) -> bool:
        """Whether its password was changed."""
        return self._camera.dials.changed_password

    def clock_ms(self) -> int:
        """What its clock says."""
        return self._camera.clock_ms()


class Live(OfCamera):
    """Camera as a source of RTSP."""

    def describe(self) -> str:
        """Its description; refused or missing when its dials say so."""
        refuse(self._camera)
        return describe(self._camera.profile, hevc=self._camera.dials.hevc, ranged="npt=now-")

    def accept(self, _: Mapping[str, str]) -> Headers:
        """It begins now, whatever was asked."""
        refuse(self._camera)
        return [("Range", "npt=now-")]

    def play(self, player: Player) -> None:
        """Send from the next keyframe on."""
        self._camera.join(player)

    def pause(self, player: Player) -> None:
        """Send no more."""
        self._camera.leave(player)


def refuse(camera: Camera) -> None:
    """Raise what the dials say a request is answered with."""
    if camera.dials.refused:
        raise RefusedError(503)
    if camera.dials.missing:
        raise RefusedError(404)
