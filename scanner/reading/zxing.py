"""zxing-cpp: the best single engine, and the only one whose text beyond ASCII is taken (HARDWARE "Codes")."""

from typing import Final

import zxingcpp

from scanner.reading.found import Corners, Found
from scanner.reading.picture import Picture

_F = zxingcpp.BarcodeFormat
SYMBOLOGY: Final = {_F.Code128: "code128", _F.Code39: "code39", _F.QRCode: "qr", _F.QRCodeModel2: "qr"}
FORMATS: Final = {
    "all": zxingcpp.BarcodeFormats([_F.Code128, _F.Code39, _F.QRCode]),
    "bars": zxingcpp.BarcodeFormats([_F.Code128, _F.Code39]),
    "qr": zxingcpp.BarcodeFormats([_F.QRCode]),
}
BINARIZERS: Final = {
    "local": zxingcpp.Binarizer.LocalAverage,
    "global": zxingcpp.Binarizer.GlobalHistogram,
    "fixed": zxingcpp.Binarizer.FixedThreshold,
}


def read(
    image: Picture,
    what: str = "all",
    *,
    binarizer: str = "local",
    rotate: bool = True,
    downscale: bool = True,
    pure: bool = False,
) -> list[Found]:
    """The codes zxing-cpp reads in ``image``; ``what`` is ``all``, ``bars`` or ``qr``; ``pure``: one, drawn cleanly."""
    seen = zxingcpp.read_barcodes(
        image,
        formats=FORMATS[what],
        try_rotate=rotate,
        try_downscale=downscale,
        try_invert=False,
        is_pure=pure,
        text_mode=zxingcpp.TextMode.Plain,
        binarizer=BINARIZERS[binarizer],
    )
    return [Found(SYMBOLOGY[one.format], one.text, "zxing", _corners(one)) for one in seen if one.format in SYMBOLOGY]


def _corners(one: zxingcpp.Barcode) -> Corners:
    at = one.position
    return tuple((float(p.x), float(p.y)) for p in (at.top_left, at.top_right, at.bottom_right, at.bottom_left))
