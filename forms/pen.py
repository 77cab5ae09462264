"""What a drawing of pages may ask of the thing that makes them: places in mm from the upper left, type in points."""

from typing import Final, Literal, Protocol

Face = Literal["Regular", "Italic", "SemiBold", "Bold"]
MM_OF_POINT: Final = 25.4 / 72


class Pen(Protocol):
    """One document, begun by ``page``; every page is closed by the next one."""

    def page(self, width: float, height: float) -> None:
        """Begin a page of that size."""

    def measure(self, text: str, face: Face) -> float:
        """How wide ``text`` is in mm at one point of type."""

    def text(self, x: float, y: float, text: str, face: Face, size: float) -> None:
        """Write ``text`` with its baseline at ``y``."""

    def line(self, x1: float, y1: float, x2: float, y2: float, *, dotted: bool = False) -> None:
        """A thin line."""

    def boxes(self, boxes: list[tuple[float, float, float, float]]) -> None:
        """Filled boxes (x, y, width, height)."""


class Blank:
    """A pen without ink: it tells how much paper a drawing takes, measured as ``pen`` measures."""

    def __init__(self, pen: Pen) -> None:
        self.measure = pen.measure
        self.pages = 0

    def page(self, width: float, height: float) -> None:
        """Count the page."""
        self.pages += 1

    def text(self, x: float, y: float, text: str, face: Face, size: float) -> None:
        """Nothing."""

    def line(self, x1: float, y1: float, x2: float, y2: float, *, dotted: bool = False) -> None:
        """Nothing."""

    def boxes(self, boxes: list[tuple[float, float, float, float]]) -> None:
        """Nothing."""
