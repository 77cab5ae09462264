"""What a printed strip must show: the dots of a drawn sheet as paper has them."""

from PIL import Image

from printer.sheet import Raster, Sheet


def picture(sheet: Sheet) -> Image.Image:
    """The sheet's one picture, black on white. Raises TypeError when it is another part."""
    (part,) = sheet.parts
    if not isinstance(part, Raster):
        raise TypeError("the sheet has no picture")
    return Image.frombytes("1", (part.width, part.height), part.bits).point([255] + [0] * 255)


def dots(sheet: Sheet) -> bytes:
    """The same as bytes, to compare with what a printer printed."""
    return picture(sheet).tobytes()
