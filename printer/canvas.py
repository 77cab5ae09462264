"""A strip of paper to draw on from top to bottom, in dots, black or white only."""

import re
import unicodedata
from functools import lru_cache

import segno
from PIL import Image, ImageDraw, ImageFont

from printer.fonts import face
from printer.sheet import Raster

_TALLEST = 2400
_STEP = 12
_ROOM, _BASE = 1.42, 1.14
"""Line height and baseline as shares of the font size: a capital with two marks (Ỗ) and a descender both fit."""
_CAPITAL = 0.735
"""A capital's height as a share of the font size, in Be Vietnam Pro."""
_INVISIBLE = ("C", "Z")
_REALTIME = re.compile(rb"\x10(?:\x04[\x01-\x08]|\x05[\x00-\x02]|\x14[\x01-\x08])")
"""Bytes a printer obeys at once even inside a picture: DLE EOT, DLE ENQ, DLE DC4."""


def clean(text: str, most: int) -> str:
    """``text`` composed (NFC), on one line, without control, invisible or direction characters, cut at ``most``."""
    composed = unicodedata.normalize("NFC", text[: most * 4])
    kept = ("" if unicodedata.category(c) == "Cf" else " " if _blank(c) else c for c in composed)
    return " ".join("".join(kept).split())[:most]


def _blank(character: str) -> bool:
    return unicodedata.category(character)[0] in _INVISIBLE


@lru_cache(maxsize=512)
def wrap(text: str, weight: str, size: int, width: int, lines: int) -> tuple[str, ...]:
    """``text`` broken at spaces, or inside a word too long for a line, into lines of much the same length.

    What passes ``lines`` ends in an ellipsis.
    """
    font = face(weight, size)
    found, rest = _broken(text, font, width, lines)
    if rest:
        last = found[-1]
        while last and font.getlength(last + "…") > width:
            last = last[:-1]
        return (*found[:-1], last.rstrip() + "…")
    narrow = width
    while len(found) > 1:
        narrow -= _STEP
        tighter, rest = _broken(text, font, narrow, len(found))
        if rest or any(" " not in line for line in tighter):
            break
        found = tighter
    return tuple(found)


def _broken(text: str, font: ImageFont.FreeTypeFont, width: int, lines: int) -> tuple[list[str], str]:
    found: list[str] = []
    while text and len(found) < lines:
        head = _fitting(text, font, width)
        found.append(head.strip())
        text = text[len(head) :].lstrip()
    return found, text


def _fitting(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    if font.getlength(text) <= width:
        return text
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if font.getlength(text[:middle]) <= width else (low, middle - 1)
    space = text.rfind(" ", 1, low + 1)
    return text[:space] if space > 0 else text[:low]


def _reach(size: int) -> int:
    """Dots above and below the baseline that hold any letter whole."""
    return round(size * 1.3)


@lru_cache(maxsize=512)
def _line(text: str, weight: str, size: int) -> Image.Image:
    """One line of text as ink (1) on nothing, its baseline at ``_reach(size)``; most lines never change."""
    font = face(weight, size)
    image = Image.new("1", (max(round(font.getlength(text)) + 2, 1), 2 * _reach(size)), 0)
    pen = ImageDraw.Draw(image)
    pen.fontmode = "1"
    pen.text((0, _reach(size)), text, fill=1, font=font, anchor="ls")
    return image


@lru_cache(maxsize=256)
def _giant(text: str, tall: int, width: int) -> Image.Image:
    font = face("ExtraBold", round(tall / _CAPITAL) + 2)
    left, up, right, down = font.getbbox(text, anchor="ls")
    ink = Image.new("L", (max(round(right - left), 1), max(round(down - up), 1)), 0)
    ImageDraw.Draw(ink).text((-left, -up), text, fill=255, font=font, anchor="ls")
    if ink.width > width:
        ink = ink.resize((width, ink.height), Image.Resampling.BOX)
    return ink.point([0] * 128 + [255] * 128, "1")


class Canvas:
    """The strip. ``top`` is how far down it is filled; each drawing moves it on."""

    def __init__(self, width: int, margin: int) -> None:
        self.width = width
        self.margin = margin
        self.top = 0
        self._image = Image.new("1", (width, _TALLEST), 0)
        self._pen = ImageDraw.Draw(self._image)

    @property
    def inside(self) -> int:
        """Dots between the margins."""
        return self.width - 2 * self.margin

    def space(self, dots: int) -> None:
        """Leave ``dots`` blank."""
        self.top += dots

    def text(
        self, text: str, weight: str, size: int, *, lines: int = 1, left: int | None = None, width: int | None = None
    ) -> None:
        """Write ``text`` wrapped, centred, or flush left at ``left``."""
        for words in wrap(text, weight, size, width or self.inside, lines):
            line = _line(words, weight, size)
            above = self.top + round(size * _BASE) - _reach(size)
            self._ink(line, left if left is not None else (self.width - line.width) // 2, above)
            self.top += round(size * _ROOM)

    def rule(self) -> None:
        """A thin line across."""
        self._pen.rectangle((self.margin, self.top, self.width - self.margin - 1, self.top + 1), fill=1)
        self.top += 2

    def marks(self, texts: list[tuple[str, bool]], size: int) -> None:
        """Boxed words side by side, each (text, whether white on black)."""
        lines = [(_line(text, "Bold", size), filled) for text, filled in texts]
        high, pad = round(size * 1.55), size * 3 // 4
        x = (self.width - sum(line.width + 2 * pad for line, _ in lines) - 12 * (len(lines) - 1)) // 2
        for line, filled in lines:
            box = (x, self.top, x + line.width + 2 * pad - 1, self.top + high - 1)
            self._pen.rounded_rectangle(box, radius=8, fill=int(filled), outline=1, width=3)
            self._image.paste(int(not filled), (x + pad, self.top + round(size * 1.2) - _reach(size)), line)
            x += line.width + 2 * pad + 12
        self.top += high

    def giant(self, text: str, tall: int) -> None:
        """``text`` with capitals at least ``tall`` dots tall, narrowed when it would be too wide."""
        ink = _giant(text, tall, self.inside)
        self._ink(ink, (self.width - ink.width) // 2, self.top)
        self.top += ink.height

    def qr(self, modules: list[list[int]], scale: int, left: int) -> None:
        """A QR code's ``modules`` with its upper left corner at ``left``; ``top`` stays."""
        side = len(modules)
        small = Image.frombytes("L", (side, side), bytes(255 if dark else 0 for row in modules for dark in row))
        self._ink(small.resize((side * scale, side * scale), Image.Resampling.NEAREST).convert("1"), left, self.top)

    def bars(self, bars: list[tuple[int, int]], module: int, tall: int) -> None:
        """Bars, each (modules before it, modules wide), in the middle of the strip, ``module`` dots a module."""
        wide = sum(bars[-1]) * module
        left = (self.width - wide) // 2
        for at, width in bars:
            x = left + at * module
            self._pen.rectangle((x, self.top, x + width * module - 1, self.top + tall - 1), fill=1)
        self.top += tall

    def raster(self, begins: int = 0) -> Raster:
        """What was drawn from row ``begins`` to ``top``."""
        bottom = min(max(self.top, begins + 1), _TALLEST)
        image = self._image.crop((0, begins, self.width, bottom))
        return Raster(self.width, bottom - begins, tamed(image.tobytes()))

    def _ink(self, ink: Image.Image, left: int, top: int) -> None:
        self._image.paste(1, (left, top), ink)


def tamed(bits: bytes) -> bytes:
    """``bits`` with one dot added wherever a printer would obey the picture as a real-time command."""
    return _REALTIME.sub(lambda found: b"\x18" + found.group()[1:], bits)


def qr_modules(text: str) -> list[list[int]]:
    """The QR code of ASCII ``text`` (level M), without its quiet zone."""
    return [list(row) for row in segno.make(text, error="m", micro=False, boost_error=False).matrix]
