"""Clips of footage, as cameras give them and faces show them: what a clip is, how long one may be."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from office.footage import JOINT_MS, Span

LONGEST_MS: Final = 1_800_000
"""A clip is half an hour at most; a player asks for seconds, an export is made of several."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A file that can be played. ``begins`` and ``ends``, ms UTC: of what is in it; ``gaps``: what is missing of what
    was asked for, and within it; ``tag`` changes when its content does."""

    path: Path
    begins: int
    ends: int
    gaps: tuple[Span, ...]
    tag: str


@dataclass(frozen=True, slots=True)
class Exported:
    """An export that is made: a ZIP at ``path``, which ``keep`` puts where it is found by its ``id``."""

    id: str
    path: Path
    place: Path
    sha256: str
    bytes: int

    def keep(self) -> None:
        """Keep it. Raises OSError."""
        self.path.replace(self.place)


def whole_gaps(inner: list[Span], delivered: Span, asked: Span) -> tuple[Span, ...]:
    """The gaps inside a clip, and what it leaves out of what was asked for at either end."""
    gaps = list(inner)
    if delivered[0] - asked[0] > JOINT_MS:
        gaps.insert(0, (asked[0], delivered[0]))
    if asked[1] - delivered[1] > JOINT_MS:
        gaps.append((delivered[1], asked[1]))
    return tuple(gaps)
