"""The slip's typeface: Be Vietnam Pro, or the first of a few system faces with all Vietnamese letters.

The face decides the slip's dots, so the packaged one, locked with the other libraries, is always tried first. The
fallbacks keep slips coming on a machine where the package was left out; their slips look a little different.
"""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from PIL import ImageFont

try:
    import fontpkg_be_vietnam_pro as be_vietnam_pro
except ImportError:
    PACKAGED = Path()
else:
    PACKAGED = Path(be_vietnam_pro.ROOT) / "files"

_WINDOWS = Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"
_DEBIAN = Path("/usr/share/fonts/truetype")
FALLBACK = {
    "Regular": (
        _DEBIAN / "noto/NotoSans-Regular.ttf",
        _DEBIAN / "dejavu/DejaVuSans.ttf",
        _WINDOWS / "segoeui.ttf",
        _WINDOWS / "arial.ttf",
    ),
    "Bold": (
        _DEBIAN / "noto/NotoSans-Bold.ttf",
        _DEBIAN / "dejavu/DejaVuSans-Bold.ttf",
        _WINDOWS / "segoeuib.ttf",
        _WINDOWS / "arialbd.ttf",
    ),
}
"""System faces by weight: Debian's fonts-noto-core and fonts-dejavu-core, and what Windows brings."""


@cache
def face(weight: str, size: int) -> ImageFont.FreeTypeFont:
    """The face in ``weight`` (Regular, Medium, SemiBold, Bold, ExtraBold) at ``size`` dots.

    Raises FileNotFoundError when neither the package nor a system face is there.
    """
    for path in _places(weight):
        if path.is_file():
            # Basic layout: Vietnamese composed letters need no shaping, and every Pillow build has it.
            return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
    raise FileNotFoundError("no font with Vietnamese letters: install fontpkg-be-vietnam-pro or fonts-noto-core")


def _places(weight: str) -> Iterator[Path]:
    yield PACKAGED / f"BeVietnamPro-{weight}.ttf"
    yield from FALLBACK["Regular" if weight in ("Regular", "Medium") else "Bold"]
