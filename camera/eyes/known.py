"""What an eye has learned of its camera: what it usually shows, how sharp, and how still it can be."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast
from zipfile import BadZipFile

import numpy as np

from camera.eyes.sight import Figures, Sight, contrast_of

LIT: Final = 15.0
"""Levels above black: a darker picture teaches nothing (a codec smooths noise and detail away in the dark)."""
LEARNED: Final = 5
"""Looks until it is known what a camera shows."""
VIEW_LOOKS: Final = 200
"""The view is a mean over some three hours: sun patches and moved chairs become part of it, a push does not."""
SHARP_LOOKS: Final = 2000
"""Sharpness over a day and a half: a lens that loosens slowly is measured against better days."""
STILL_GROWS: Final = 1.002
TEXTURED: Final = 0.5
"""Share of the blocks, those with the most contrast, that are compared: a bare wall looks like any other."""
FLOOR: Final = 0.5
"""Levels; below is noise."""


@dataclass(slots=True)
class Known:
    """``view`` the usual picture at the light of its first look; ``sharp`` edges by contrast, block by block; ``still``
    the smallest change between two looks at something alive, levels; ``looks`` how many it was learned from;
    ``since`` the moment of the first, ms UTC, or 0."""

    view: Figures
    sharp: Figures
    still: float
    looks: int
    since: int = 0

    @property
    def ready(self) -> bool:
        """Whether enough was seen to judge by it."""
        return self.looks >= LEARNED

    @property
    def textured(self) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
        """The blocks that are compared."""
        contrast = contrast_of(self.view)
        chosen: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = contrast >= np.quantile(contrast, 1 - TEXTURED)
        return chosen

    def learn(self, seen: Sight, change: float | None) -> None:
        """Take in a look at which all was well. ``change`` from the look before, if there was one."""
        self.looks += 1
        weight = max(1 / self.looks, 1 / VIEW_LOOKS)
        scale = float(np.median(self.view)) / max(1.0, float(np.median(seen.small)))
        self.view += np.float32(weight) * (seen.small * np.float32(scale) - self.view)
        self.sharp += np.float32(max(1 / self.looks, 1 / SHARP_LOOKS)) * (sharpness(seen) - self.sharp)
        if change is not None:
            self.still = min(change, self.still * STILL_GROWS)

    def save(self, path: Path) -> None:
        """Keep it in a file, whole or not at all. Raises OSError."""
        part = path.with_name(f"{path.name}.part")
        with part.open("wb") as file:
            np.savez_compressed(
                file, view=self.view, sharp=self.sharp, told=np.array([self.still, self.looks, self.since])
            )
        part.replace(path)


def first(seen: Sight, at: int = 0) -> Known:
    """What a first look, at that moment (ms UTC), teaches."""
    return Known(seen.small.copy(), sharpness(seen), 255.0, 1, at)


def load(path: Path) -> Known | None:
    """What was kept in a file; None when there is none, or it cannot be read."""
    unreadable = suppress(OSError, ValueError, KeyError, EOFError, BadZipFile)
    with unreadable, path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
        still, looks, *since = kept["told"]
        return Known(kept["view"], kept["sharp"], float(still), int(looks), int(sum(since)))
    return None


def sharpness(seen: Sight) -> Figures:
    """How strong each block's edges are for its contrast: less light changes both alike, lost focus the edges."""
    return cast(Figures, seen.edges / np.maximum(seen.contrast, np.float32(FLOOR)))
