"""OpenCV: the only file of this folder that imports it."""

import cv2
import numpy as np
import numpy.typing as npt

from scanner.reading.found import Found, UnreadablePicture
from scanner.reading.picture import Floats, Grey, Picture

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


def crisp(image: Grey, sigma: float) -> Grey:
    """``image`` with its edges made steeper again."""
    return np.asarray(cv2.addWeighted(image, 2.5, cv2.GaussianBlur(image, (0, 0), sigma), -1.5, 0), np.uint8)


def smooth(image: Grey) -> Grey:
    """``image`` with its grain taken off and its edges kept."""
    return np.asarray(cv2.medianBlur(cv2.GaussianBlur(image, (0, 0), 1.0), 3), np.uint8)


def levelled(image: Grey) -> Grey:
    """``image`` with its contrast evened out place by place."""
    return np.asarray(cv2.createCLAHE(3.0, (8, 8)).apply(image), np.uint8)


def tensor(image: Grey, cell: int) -> tuple[Floats, Floats, Floats]:
    """Mean squared gradients across, down, and their product, in cells of ``cell`` pixels.

    Differences of next neighbours: bars one pixel wide still have a gradient.
    """
    high, wide = (side // cell * cell for side in image.shape)
    whole = image[:high, :wide]
    across = cv2.filter2D(whole, cv2.CV_32F, np.array([[-1, 1], [-1, 1]], np.float32))
    down = cv2.filter2D(whole, cv2.CV_32F, np.array([[-1, -1], [1, 1]], np.float32))
    size = (wide // cell, high // cell)
    products = (across * across, down * down, across * down)
    made = [np.asarray(cv2.resize(one, size, interpolation=cv2.INTER_AREA), np.float32) for one in products]
    return made[0], made[1], made[2]


def averaged(values: Floats, size: int) -> Floats:
    """``values`` averaged over squares of ``size``."""
    return np.asarray(cv2.blur(values, (size, size)))


def islands(mask: npt.NDArray[np.bool_]) -> tuple[int, npt.NDArray[np.int32]]:
    """The connected parts of ``mask``: how many numbers are in use (0 is the sea), and the number of each cell."""
    count, numbers = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    return count, np.asarray(numbers, np.int32)


Step = tuple[float, float]


def turned(image: Grey, origin: Step, along: Step, down: Step, size: tuple[int, int]) -> Grey:
    """A parallelogram cut out as ``size`` (width, height): its corner, and its steps along and down in pixels."""
    matrix = np.array([[along[0], down[0], origin[0]], [along[1], down[1], origin[1]]], np.float64)
    how = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(image, matrix, size, flags=how, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def sampled(image: Floats, x: Floats, y: Floats) -> Floats:
    """The values of ``image`` at the points, between pixels too."""
    points = (x.astype(np.float32), y.astype(np.float32))
    return np.asarray(cv2.remap(image, *points, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))


def softened(image: Floats, sigma: float) -> Floats:
    """``image`` with Gaussian blur."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma))


def lengthened(line: Floats, wide: int) -> Floats:
    """``line`` with ``wide`` values, smoothly."""
    return np.asarray(cv2.resize(line[None], (wide, 1), interpolation=cv2.INTER_CUBIC)[0], np.float32)


def lowest(line: Floats, reach: int) -> Floats:
    """The least value within ``reach`` on both sides, smoothed."""
    least = cv2.erode(line[None].astype(np.float32), np.ones((1, 2 * reach + 1), np.uint8))
    return np.asarray(cv2.blur(least, (2 * reach + 1, 1))[0], np.float32)


def highest(line: Floats, reach: int) -> Floats:
    """The greatest value within ``reach`` on both sides, smoothed."""
    most = cv2.dilate(line[None].astype(np.float32), np.ones((1, 2 * reach + 1), np.uint8))
    return np.asarray(cv2.blur(most, (2 * reach + 1, 1))[0], np.float32)


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


def alike(image: Floats, template: Floats) -> Floats:
    """How much each place of ``image`` looks like ``template``: -1 to 1, at the template's upper left corner."""
    made = cv2.matchTemplate(image.astype(np.float32), template, cv2.TM_CCOEFF_NORMED)
    return np.nan_to_num(np.asarray(made, np.float32), posinf=0, neginf=0)


def summits(values: Floats, size: int, least: float, most: int) -> list[tuple[int, int]]:
    """Row and column of what is highest within ``size`` and at least ``least``; the ``most`` highest."""
    top = cv2.dilate(values, np.ones((size, size), np.uint8))
    ys, xs = np.nonzero((values >= top) & (values >= least))
    order = np.argsort(-values[ys, xs])[:most]
    return [(int(ys[n]), int(xs[n])) for n in order]


def homography(flat: tuple[Step, ...], seen: Floats) -> Floats:
    """The 3 × 3 matrix that takes four points to four others."""
    made = cv2.getPerspectiveTransform(np.asarray(flat, np.float32), np.asarray(seen, np.float32))
    return np.asarray(made, np.float64)
