"""A USB camera: taken in by OpenCV, encoded here, so it costs a good part of a core. The only file of this folder that
imports OpenCV."""

import time
from collections.abc import Iterator
from typing import Any, Final

import cv2

from camera import CameraFault, FaultKind
from camera.job import Job
from camera.recording.stream import Encoder

SIZE: Final = (1280, 720)
FPS: Final = 15


class Usb:
    """An open USB camera: its number, or a file with pictures to try this out with. Raises CameraFault."""

    def __init__(self, job: Job) -> None:
        self._camera = cv2.VideoCapture(int(job.address) if job.address.isdecimal() else job.address)
        self._camera.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))  # bare pictures are too many for USB 2
        self._camera.set(cv2.CAP_PROP_FRAME_WIDTH, SIZE[0])
        self._camera.set(cv2.CAP_PROP_FRAME_HEIGHT, SIZE[1])
        good, picture = self._camera.read()
        if not good:
            self.close()
            raise CameraFault(FaultKind.UNREACHABLE, "the USB camera cannot be opened, or another program holds it")
        self._height, self._width = (side - side % 2 for side in picture.shape[:2])
        self._encoder = Encoder(self._width, self._height, FPS)
        self.template = self._encoder.template

    @property
    def told(self) -> dict[str, Any]:
        """Width, height, pictures a second."""
        return {"width": self._width, "height": self._height, "fps": FPS}

    def packets(self) -> Iterator[Any]:
        """Encoded pictures, at most ``FPS`` a second, until the camera gives no more."""
        due = 0.0
        while self._camera.grab():
            now = time.monotonic()
            if now < due:
                continue
            due = max(due + 1 / FPS, now - 1 / FPS)
            good, picture = self._camera.retrieve()
            if good:
                yield from self._encoder.encode(picture[: self._height, : self._width], now * 1000)

    def source_clock(self, _packet: Any) -> None:
        """It has no clock."""

    def close(self) -> None:
        """Let go of it."""
        self._camera.release()
