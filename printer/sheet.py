"""What is to come out of the printer, as plain data: bands of dots, and QR codes the printer draws itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Raster:
    """A picture of dots. ``bits`` holds rows of ``(width + 7) // 8`` bytes, highest bit left, 1 is ink."""

    width: int
    height: int
    bits: bytes

    @property
    def stride(self) -> int:
        """Bytes a row."""
        return (self.width + 7) // 8

    def rows(self, top: int, bottom: int) -> bytes:
        """The bytes of rows ``top`` up to, not including, ``bottom``."""
        return self.bits[top * self.stride : bottom * self.stride]


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code drawn by the printer's own command: ASCII ``text``, ``module`` dots a module."""

    text: str
    module: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One slip from top edge to cut."""

    parts: tuple[Raster | Code, ...]
    native: int = 0
    """Dots of paper that what the printer draws itself takes."""

    @property
    def height(self) -> int:
        """Dots from top edge to cut."""
        return self.native + sum(part.height for part in self.parts if isinstance(part, Raster))
