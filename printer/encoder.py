"""A sheet as ESC/POS, written on a python-escpos printer: bands of raster, blank paper fed, one cut."""

import re
from collections.abc import Iterator
from typing import Any, Final

from PIL import Image

from printer import wire
from printer.sheet import Code, Raster, Sheet

BAND: Final = 48
"""Rows a GS v 0 command: small enough to mend a broken one with blanks, large enough to print smoothly."""
LONGEST_BAND: Final = 72 * BAND
"""Bytes of the largest band there is, 576 dots wide."""
_BLANK_RUN = 8
_TEAR_OFF = 160
_INVERT = [255] + [0] * 255
"""Ink is 1 on the wire and black, 0, in a picture."""


def write(paper: Any, sheet: Sheet, *, cut: bool, spoiled: bool = False) -> None:
    """Print ``sheet`` on ``paper``, any python-escpos printer, and cut it off (or feed it out to be torn).

    ``spoiled`` first completes whatever an earlier job left unfinished in the printer and cuts that piece off.
    """
    if spoiled:
        paper._raw(bytes(LONGEST_BAND) + wire.WAKE)
        paper.cut(feed=False)
    paper._raw(wire.WAKE + wire.UNITS)
    for part in sheet.parts:
        if isinstance(part, Code):
            paper._raw(wire.ESC + b"a\x01")
            paper.qr(part.text, native=True, size=part.module)
            paper._raw(wire.ESC + b"a\x00")
        else:
            _print_raster(paper, part)
    if cut:
        paper.cut(feed=False)
    else:
        paper._raw(b"".join(wire.feed(_TEAR_OFF)))


def _print_raster(paper: Any, raster: Raster) -> None:
    for top, bottom, inked in _stretches(raster):
        if not inked:
            paper._raw(b"".join(wire.feed(bottom - top)))
            continue
        for row in range(top, bottom, BAND):
            paper.image(_band(raster, row, min(row + BAND, bottom)), fragment_height=BAND)


def _stretches(raster: Raster) -> Iterator[tuple[int, int, bool]]:
    """The raster as stretches (top, bottom, inked); blank stretches shorter than a few rows count as inked."""
    blank = re.compile(rb"\x00{%d,}" % (_BLANK_RUN * raster.stride))
    at = 0
    for gap in blank.finditer(raster.bits):
        top, bottom = -(-gap.start() // raster.stride), gap.end() // raster.stride
        if bottom - top < _BLANK_RUN:
            continue
        if at < top:
            yield at, top, True
        yield top, bottom, False
        at = bottom
    if at < raster.height:
        yield at, raster.height, True


def _band(raster: Raster, top: int, bottom: int) -> Image.Image:
    """Rows ``top`` to ``bottom`` as a picture, cut to the right of the last ink (one blank byte is kept, so that
    no row's end and the next row's beginning together look like a real-time command)."""
    dots = Image.frombytes("1", (raster.stride * 8, bottom - top), raster.rows(top, bottom))
    box = dots.getbbox()
    wide = min(raster.stride, -(-(box[2] if box else 8) // 8) + 1)
    return dots.crop((0, 0, wide * 8, bottom - top)).point(_INVERT)
