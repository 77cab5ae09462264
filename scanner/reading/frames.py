"""One frame of a video: zxing-cpp on each, and one further stage in turn (it doubled the clips read)."""

from collections.abc import Callable
from itertools import cycle

from scanner.reading import vision, zbar, zxing
from scanner.reading.found import Found
from scanner.reading.picture import Grey, Picture


class Frames:
    """What the engines see in frames as they come."""

    def __init__(self) -> None:
        square = vision.SquareReader()
        stages: tuple[Callable[[Grey], list[Found]], ...] = (
            zbar.read,
            square.read,
            lambda image: zxing.read(image, binarizer="global"),
        )
        self._turn = cycle(stages)

    def look(self, frame: Picture) -> tuple[list[Found], str]:
        """The codes of ``frame``, and what keeps a code from reading ("" when there seems to be none)."""
        grey = vision.grey(frame)
        longest = max(grey.shape)
        small = vision.scaled(grey, 1280 / longest) if longest > 1280 else grey
        found = zxing.read(small) or next(self._turn)(small)
        return found, "" if found else "move"
