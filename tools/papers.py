"""A printed paper looked at: what its PDF holds, its pages as pictures, and what readers of codes see on them."""

import re
import shutil
import subprocess
import tempfile
import zlib
from pathlib import Path
from typing import Final

import zxingcpp
from PIL import Image, ImageDraw
from pyzbar.pyzbar import ZBarSymbol, decode

from forms.pen import Face, Pen

PDFTOPPM: Final = shutil.which("pdftoppm")
"""Poppler's drawer of pages (package poppler-utils), or None where it is not installed."""

_STREAM: Final = re.compile(rb"/Length (\d+)[^>]*>>\s*stream\r?\n")
_BOX: Final = re.compile(rb"([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+) re\b")
_SIZE: Final = re.compile(rb"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+) ?\]")
_POINT: Final = 25.4 / 72
_INCH: Final = 25.4

Box = tuple[float, float, float, float]
"""x, y, width, height in mm from the upper left."""


def sizes(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of each page, in whole mm."""
    return [(round(float(w) * _POINT), round(float(h) * _POINT)) for w, h in _SIZE.findall(pdf)]


def boxes(pdf: bytes) -> list[Box]:
    """The filled boxes of a PDF of ours, all pages together: bars and modules of its codes, no letters, no lines."""
    tall = float(_SIZE.findall(pdf)[0][1])
    found = []
    for stream in _STREAM.finditer(pdf):
        drawn = zlib.decompress(pdf[stream.end() : stream.end() + int(stream[1])])
        for x, y, width, height in (map(float, box) for box in _BOX.findall(drawn)):
            found.append((x * _POINT, (tall - y - height) * _POINT, width * _POINT, height * _POINT))
    return found


def inked(found: list[Box], dpi: int) -> Image.Image:
    """``found`` as a picture of dots: what a printer of ``dpi`` makes of them."""
    scale = dpi / _INCH
    wide, tall = max(x + w for x, _, w, _ in found) + 10, max(y + h for _, y, _, h in found) + 10
    image = Image.new("L", (round(wide * scale), round(tall * scale)), 255)
    pen = ImageDraw.Draw(image)
    for x, y, width, height in found:
        left, top = round(x * scale), round(y * scale)
        pen.rectangle((left, top, round((x + width) * scale) - 1, round((y + height) * scale) - 1), fill=0)
    return image


def pages(pdf: bytes, dpi: int) -> list[Image.Image]:
    """Every page as a grey picture, drawn by poppler."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "paper.pdf").write_bytes(pdf)
        command = [PDFTOPPM or "pdftoppm", "-r", str(dpi), "-gray", "-png", "paper.pdf", "page"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        return [Image.open(path).copy() for path in sorted(Path(folder).glob("page*.png"))]


def read(image: Image.Image) -> dict[str, set[tuple[str, str]]]:
    """What each reader finds on a picture, as (kind of code, text)."""
    kinds = {"CODE128": "bar", "QRCODE": "qr", "Code 128": "bar", "QR Code": "qr"}
    found = decode(image, symbols=[ZBarSymbol.CODE128, ZBarSymbol.QRCODE])
    return {
        "pyzbar": {(kinds.get(code.type, code.type), code.data.decode()) for code in found},
        "zxing": {(kinds.get(str(code.format), str(code.format)), code.text) for code in zxingcpp.read_barcodes(image)},
    }


class Record:
    """A pen that remembers what it drew, page by page, measured as ``pen`` measures."""

    def __init__(self, pen: Pen) -> None:
        self.measure = pen.measure
        self.size: list[tuple[float, float]] = []
        self.texts: list[list[tuple[float, float, str, Face, float]]] = []
        self.dots: list[int] = []

    def page(self, width: float, height: float) -> None:
        """A new page."""
        self.size.append((width, height))
        self.texts.append([])
        self.dots.append(0)

    def text(self, x: float, y: float, text: str, face: Face, size: float) -> None:
        """Remember the text."""
        self.texts[-1].append((x, y, text, face, size))

    def line(self, x1: float, y1: float, x2: float, y2: float, *, dotted: bool = False) -> None:
        """Count dotted lines."""
        self.dots[-1] += dotted

    def boxes(self, boxes: list[Box]) -> None:
        """Nothing."""

    def words(self) -> list[str]:
        """Each page's texts in one."""
        return [" ".join(text for _, _, text, _, _ in page) for page in self.texts]
