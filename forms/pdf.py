"""Driver: PDF pages by reportlab, with Be Vietnam Pro embedded. The only file of the room that knows reportlab."""

import threading
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final

import fontpkg_be_vietnam_pro
from reportlab import rl_config
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from forms.pen import MM_OF_POINT, Face

FOLDER: Final = Path(fontpkg_be_vietnam_pro.ROOT) / "files"
FACES: Final[tuple[Face, ...]] = ("Regular", "Italic", "SemiBold", "Bold")
THIN: Final = 0.18 * mm
DOTS: Final = (0.01, 1.9)
"""Length of a dot with round ends, and of the way to the next, in points."""

_once = threading.Lock()
rl_config.useA85 = 0  # streams as bytes, not as letters: a fifth smaller, and a year's ledger is sooner done


class Document:
    """One PDF. Places come in mm from the upper left corner, PDF counts points from the lower left one."""

    def __init__(self, title: str, author: str) -> None:
        _register()
        self._bytes = BytesIO()
        # invariant: the same form is the same file, and no clock or machine name stands in it
        self._canvas = Canvas(self._bytes, invariant=1, pageCompression=1, lang="vi")
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setCreator("mot-cua")
        self._tall = 0.0
        self._dotted = False
        self._texts: list[tuple[float, float, str, Face, float]] = []

    def page(self, width: float, height: float) -> None:
        """Begin a page; the one before is closed."""
        if self._tall:
            self._close()
        self._canvas.setPageSize((width * mm, height * mm))
        self._canvas.setLineWidth(THIN)
        self._canvas.setLineCap(1)
        self._dotted = False
        self._tall = height * mm

    def measure(self, text: str, face: Face) -> float:
        """mm a point of type."""
        return _measure(text, face)

    def text(self, x: float, y: float, text: str, face: Face, size: float) -> None:
        """One line of text; it is put down with all others of the page."""
        self._texts.append((x * mm, self._tall - y * mm, text, face, size))

    def line(self, x1: float, y1: float, x2: float, y2: float, *, dotted: bool = False) -> None:
        """A thin line; of dots where a hand is to write."""
        if dotted is not self._dotted:
            self._canvas.setDash(DOTS if dotted else ())
            self._dotted = dotted
        self._canvas.line(x1 * mm, self._tall - y1 * mm, x2 * mm, self._tall - y2 * mm)

    def boxes(self, boxes: list[tuple[float, float, float, float]]) -> None:
        """Filled boxes as one path, so that bars stay sharp and their file small."""
        path = self._canvas.beginPath()
        for x, y, width, height in boxes:
            path.rect(x * mm, self._tall - (y + height) * mm, width * mm, height * mm)
        self._canvas.drawPath(path, stroke=0, fill=1)

    def done(self) -> bytes:
        """Close the last page; the whole file."""
        self._close()
        self._canvas.save()
        return self._bytes.getvalue()

    def _close(self) -> None:
        """The page's texts as one object, then the page."""
        writing, last = self._canvas.beginText(), None
        for x, y, text, face, size in self._texts:
            if (face, size) != last:
                writing.setFont(_name(face), size)
                last = face, size
            writing.setTextOrigin(x, y)
            writing.textOut(text)
        self._canvas.drawText(writing)
        self._canvas.showPage()
        self._texts.clear()


@lru_cache(maxsize=50_000)
def _measure(text: str, face: Face) -> float:
    width: float = pdfmetrics.stringWidth(text, _name(face), 1)
    return width * MM_OF_POINT


def _name(face: Face) -> str:
    return f"BeVietnamPro-{face}"


def _register() -> None:
    """Make the faces known to reportlab, once."""
    with _once:
        known = pdfmetrics.getRegisteredFontNames()
        for face in FACES:
            if _name(face) not in known:
                pdfmetrics.registerFont(TTFont(_name(face), FOLDER / f"BeVietnamPro-{face}.ttf"))
