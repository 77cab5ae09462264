"""The child process of scanner/lens.py: takes a camera's pictures and reads them. The only file of this folder that
imports OpenCV.

The order is one JSON line on standard input, ``{"device", "fps"}``: an address may hold a password, which has no place
among a program's arguments. It says ``{"ready": true}`` once the camera gives pictures, then ``{"text", "symbology"}``,
``{"hint"}`` or ``{"alive": pictures looked at}`` as they come, and ``{"ended": reason}`` in the end. It ends when its
input does, so it never outlives the server, not even with a camera that hangs.
"""

import json
import threading
import time
from typing import Any, Final

import cv2
import numpy as np

from apart.inside import Inside, lines
from scanner.reading import Reader

OPEN_MS: Final = 5000
ALIVE_S: Final = 1.0
SIZE: Final = (1280, 720)


class Newest:
    """A live camera's latest picture, taken in a thread of its own: what a slow reading missed is let go."""

    def __init__(self, camera: "cv2.VideoCapture") -> None:
        self._camera = camera
        self._condition = threading.Condition()
        self._frame: Any = None
        self._ended = False
        threading.Thread(target=self._take, daemon=True).start()

    def next(self) -> Any:
        """The next picture that has not been given yet; None when the camera gives no more."""
        with self._condition:
            self._condition.wait_for(lambda: self._frame is not None or self._ended)
            frame, self._frame = self._frame, None
            return frame

    def _take(self) -> None:
        while True:
            good, frame = self._camera.read()
            with self._condition:
                self._frame, self._ended = (frame, False) if good else (None, True)
                self._condition.notify_all()
            if not good:
                return


class Film:
    """A file, picture by picture at its own pace."""

    def __init__(self, camera: "cv2.VideoCapture") -> None:
        self._camera = camera
        self._step_s = 1 / (camera.get(cv2.CAP_PROP_FPS) or 15)
        self._due = time.monotonic()

    def next(self) -> Any:
        """The next picture when it is its time; None at the end."""
        time.sleep(max(0.0, self._due - time.monotonic()))
        self._due = max(self._due + self._step_s, time.monotonic() - self._step_s)
        good, frame = self._camera.read()
        return frame if good else None


def opened(device: str) -> Newest | Film:
    """The pictures of ``device``. Raises OSError when there are none."""
    limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, OPEN_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, OPEN_MS]
    if device.isdecimal():
        camera = cv2.VideoCapture(int(device))
        camera.set(cv2.CAP_PROP_FRAME_WIDTH, SIZE[0])
        camera.set(cv2.CAP_PROP_FRAME_HEIGHT, SIZE[1])
    else:
        camera = cv2.VideoCapture(device, cv2.CAP_FFMPEG, limits)
    if not camera.isOpened():
        raise OSError("the camera cannot be opened")
    live = device.isdecimal() or ("://" in device and not device.startswith("file:"))
    return Newest(camera) if live else Film(camera)


def serve() -> None:
    """Read pictures until the camera ends, or the server: then even a camera that hangs is left."""
    inside = Inside(silent=True)  # FFmpeg's complaints hold the address, password and all
    order = json.loads(inside.orders(lines).get())
    try:
        _watch(opened(order["device"]), float(order["fps"]), inside)
        reason = "the camera gives no more pictures"
    except Exception as fault:  # whatever a library raises reaches the server as an answer
        reason = f"{fault}" if isinstance(fault, OSError) else type(fault).__name__
    inside.tell({"ended": reason})


def _watch(pictures: Newest | Film, fps: float, inside: Inside) -> None:
    reader = Reader()
    looked, told_at, due = 0, 0.0, 0.0
    while (frame := pictures.next()) is not None:
        now = time.monotonic()
        if not looked:
            inside.tell({"ready": True})
        if now < due:
            continue
        due = now + 0.8 / fps
        looked += 1
        verdict = reader.feed(np.asarray(frame, np.uint8), now)
        if verdict.found is not None:
            inside.tell({"text": verdict.found.text, "symbology": verdict.found.symbology})
        elif verdict.hint:
            inside.tell({"hint": verdict.hint})
        elif now - told_at >= ALIVE_S:
            told_at = now
            inside.tell({"alive": looked})


if __name__ == "__main__":
    serve()
