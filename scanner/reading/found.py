"""What a reading gives: a code with where it lies, or for a frame of a video what is to be done."""

from dataclasses import dataclass, field, replace

Corners = tuple[tuple[float, float], ...]
"""Four points in pixels of the picture given, clockwise as the code is read; empty when nobody said."""


class UnreadablePicture(ValueError):
    """These bytes are no JPEG or PNG, or one with more pixels than are taken."""


@dataclass(frozen=True, slots=True)
class Found:
    """One code. ``symbology`` is ``code128``, ``code39`` or ``qr``; ``engine`` says who read it. The text may be a
    citizen's card: it shows itself in no message."""

    symbology: str
    text: str = field(repr=False)
    engine: str
    corners: Corners = ()

    def moved(self, factor: float, corner: tuple[float, float] = (0.0, 0.0)) -> "Found":
        """The same in a picture ``factor`` times as large, or in one from which this was cut at ``corner``."""
        return replace(self, corners=tuple((x * factor + corner[0], y * factor + corner[1]) for x, y in self.corners))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one frame led to: a code to act on (each receipt once), a hint for the person, or neither.

    ``hint`` is "" or ``tilt`` (glare lies on the paper), ``closer`` (the bars are too fine), ``still`` (it is
    blurred) or ``move`` (something like a code is there and does not read).
    """

    found: Found | None = None
    hint: str = ""
