"""Codes in pictures: what is found, and the names other rooms ask by.

Reading needs heavy libraries, each imported in its one driver file of this folder: ``vision`` (cv2), ``zxing``
(zxingcpp) and ``zbar`` (pyzbar). DRIVERS names what stands on them as text and it is loaded with the first picture;
the server leaves reading to a child process (scanner/child.py) and never loads them.
"""

from scanner.reading.drivers import DRIVERS, load
from scanner.reading.found import Found, UnreadablePicture, Verdict
from scanner.reading.picture import Picture
from scanner.reading.video import Reader

__all__ = ["DRIVERS", "STILL_MS", "Found", "Reader", "UnreadablePicture", "Verdict", "read", "read_bytes"]

STILL_MS = 4000.0
"""How long a still picture may be worked on (it may last 1.4 times that where others work); an easy one takes a
hundredth of it."""


def read(image: Picture, budget_ms: float = STILL_MS) -> list[Found]:
    """The codes of a grey or BGR picture; only texts to be believed. Ends after about ``budget_ms`` of work."""
    found: list[Found] = load("still")(image, budget_ms)
    return found


def read_bytes(data: bytes, budget_ms: float = STILL_MS) -> list[Found]:
    """The codes of a JPEG or PNG. Raises UnreadablePicture: no picture, or more pixels than are taken."""
    found: list[Found] = load("bytes")(data, budget_ms)
    return found
