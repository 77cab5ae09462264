"""What ours is measured against: each library as it comes, zxing-cpp with every retry it has, and true corners."""

from collections.abc import Callable
from itertools import product
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp
from pyzbar import pyzbar

from tools.receipt_page import Truth

Grey = npt.NDArray[np.uint8]
Texts = set[tuple[str, str]]

_F = zxingcpp.BarcodeFormat
_NAMES: dict[Any, str] = {_F.Code128: "code128", _F.Code39: "code39", _F.QRCode: "qr", _F.QRCodeModel2: "qr"}
_NAMES |= {"CODE128": "code128", "CODE39": "code39", "QRCODE": "qr", "CODE_128": "code128", "CODE_39": "code39"}
_FORMATS = zxingcpp.BarcodeFormats([_F.Code128, _F.Code39, _F.QRCode])
_SYMBOLS = [pyzbar.ZBarSymbol.CODE128, pyzbar.ZBarSymbol.CODE39, pyzbar.ZBarSymbol.QRCODE]
_BINARIZERS = (
    zxingcpp.Binarizer.LocalAverage,
    zxingcpp.Binarizer.GlobalHistogram,
    zxingcpp.Binarizer.FixedThreshold,
)


def zbar(image: Grey) -> Texts:
    """pyzbar alone, restricted to the symbologies in use."""
    found = pyzbar.decode(image, symbols=_SYMBOLS)
    return {(_name(one.type), one.data.decode("utf-8", "replace")) for one in found}


def opencv(image: Grey) -> Texts:
    """OpenCV alone: its bar reader and the better of its QR readers."""
    found: Texts = set()
    try:
        _, texts, kinds, _ = cv2.barcode.BarcodeDetector().detectAndDecodeWithType(image)
        found |= {(_name(kind), text) for text, kind in zip(texts, kinds, strict=True) if text}
        _, squares, _, _ = cv2.QRCodeDetectorAruco().detectAndDecodeMulti(image)
        found |= {("qr", text) for text in squares if text}
    except (cv2.error, UnicodeDecodeError):
        pass
    return found


def zxing(image: Grey, **more: Any) -> Texts:
    """zxing-cpp as it comes."""
    found = zxingcpp.read_barcodes(image, **{"text_mode": zxingcpp.TextMode.Plain} | more)
    return {(_name(one.format), one.text) for one in found}


def zxing_retries(image: Grey) -> Texts:
    """zxing-cpp with rotation and downscaling, each binarizer, and the picture at four sizes, until one reads."""
    for scale, binarizer in product((1.0, 0.5, 1.5, 2.0), _BINARIZERS):
        if scale > 1 and image.size > 3_000_000:
            continue
        sized = image if scale == 1 else cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        found = zxing(np.asarray(sized, np.uint8), formats=_FORMATS, binarizer=binarizer)
        if found:
            return found
    return set()


RIVALS: dict[str, Callable[[Grey], Texts]] = {
    "pyzbar": zbar,
    "opencv": opencv,
    "zxing": zxing,
    "zxing retries": zxing_retries,
}


def with_corners(image: Grey, truths: tuple[Truth, ...]) -> Texts:
    """What any of them reads when told exactly where the code lies: straightened, several sizes and contrasts."""
    found: Texts = set()
    for truth in truths:
        for flat in straightened(image, truth):
            seen = zbar(flat) | zxing(flat, formats=_FORMATS) | (opencv(flat) if truth.symbology == "qr" else set())
            seen |= zxing(flat, formats=_FORMATS, binarizer=zxingcpp.Binarizer.GlobalHistogram)
            found |= seen & {(truth.symbology, truth.text)}
            if seen & found:
                break
    return found


def straightened(image: Grey, truth: Truth) -> list[Grey]:
    """The code by its true corners at two and four pixels a module, plain, levelled and sharpened."""
    made = []
    for dots in (2, 4, 3):
        flat = _warped(image, truth, dots)
        levelled = cv2.createCLAHE(3.0, (2, 8)).apply(flat)
        soft = cv2.GaussianBlur(flat, (0, 0), dots)
        made += [flat, np.asarray(levelled, np.uint8), np.asarray(cv2.addWeighted(flat, 2.5, soft, -1.5, 0), np.uint8)]
    return made


def _warped(image: Grey, truth: Truth, dots: int) -> Grey:
    corners = np.asarray(truth.corners, np.float32)
    long = float(np.hypot(*(corners[1] - corners[0])))
    short = float(np.hypot(*(corners[3] - corners[0])))
    wide = truth.modules * dots
    high = wide if truth.symbology == "qr" else max(24, round(wide * short / long))
    edge = 12 * dots
    goal = np.asarray([[edge, edge], [edge + wide, edge], [edge + wide, edge + high], [edge, edge + high]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, goal)
    size = (wide + 2 * edge, high + 2 * edge)
    flat = cv2.warpPerspective(image, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(flat, np.uint8)


def _name(kind: Any) -> str:
    return _NAMES.get(kind, str(kind).lower())
