"""pyzbar (zbar): a second opinion that reads clean bars well. It garbles text beyond ASCII, so none is taken."""

from typing import Final

from pyzbar.pyzbar import ZBarSymbol, decode

from scanner.reading.found import Found
from scanner.reading.picture import Grey

SYMBOLS: Final = {
    "all": [ZBarSymbol.CODE128, ZBarSymbol.CODE39, ZBarSymbol.QRCODE],
    "bars": [ZBarSymbol.CODE128, ZBarSymbol.CODE39],
    "qr": [ZBarSymbol.QRCODE],
}
"""Always restricted: a frame costs a third of what all symbols cost."""
SYMBOLOGY: Final = {"CODE128": "code128", "CODE39": "code39", "QRCODE": "qr"}


def read(image: Grey, what: str = "all") -> list[Found]:
    """The codes zbar reads in a grey picture; ``what`` is ``all``, ``bars`` or ``qr``."""
    found = []
    for one in decode(image, symbols=SYMBOLS[what]):
        if one.data.isascii() and one.type in SYMBOLOGY:
            corners = tuple((float(p.x), float(p.y)) for p in one.polygon)
            found.append(Found(SYMBOLOGY[one.type], one.data.decode("ascii"), "zbar", corners))
    return found
