"""OpenCV: the only file of this folder that imports it."""

import cv2
import numpy as np

from scanner.reading.found import Found, UnreadablePicture
from scanner.reading.picture import Grey, Picture

MOST_PIXELS = 12_600_000
"""12 megapixels, as cameras count them."""

cv2.setNumThreads(1)  # the hall's other processes want the second core


def decoded(data: bytes) -> Grey:
    """A JPEG or PNG as a grey picture. Raises UnreadablePicture."""
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    except cv2.error as fault:
        raise UnreadablePicture("the picture cannot be decoded") from fault
    if image is None:
        raise UnreadablePicture("this is no JPEG or PNG")
    if image.size > MOST_PIXELS:
        raise UnreadablePicture(f"{image.shape[1]} × {image.shape[0]} pixels are too many")
    return np.asarray(image, np.uint8)


def grey(image: Picture) -> Grey:
    """``image`` without colour."""
    if image.ndim == 2:
        return np.ascontiguousarray(image, np.uint8)
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)


def scaled(image: Grey, factor: float) -> Grey:
    """``image`` made larger (cubic) or smaller (by area)."""
    how = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(image, None, fx=factor, fy=factor, interpolation=how), np.uint8)


class SquareReader:
    """OpenCV's QR reader (the Aruco-based one, the better of its two)."""

    def __init__(self) -> None:
        self._qr = cv2.QRCodeDetectorAruco()

    def read(self, image: Grey) -> list[Found]:
        """The QR codes of ``image``. Text that is not UTF-8 is left to others."""
        try:
            _, texts, corners, _ = self._qr.detectAndDecodeMulti(image)
        except (cv2.error, UnicodeDecodeError):
            return []
        places = [] if corners is None else corners
        return [
            Found("qr", text, "opencv", tuple((float(x), float(y)) for x, y in place))
            for text, place in zip(texts, places, strict=False)
            if text
        ]
