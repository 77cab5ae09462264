"""Judges one camera's pictures, look by look: what is wrong, and since when it has been so long enough to be told.

A trouble is told after ``IN_A_ROW`` looks, and ends after as many good ones: who walks past the lens is none.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from camera.eyes import Trouble, known, sight
from camera.eyes.known import LIT, Known
from camera.eyes.sight import Sight

IN_A_ROW: Final = 3
ALIKE: Final = 0.65
"""Half of the compared blocks are less like the usual view than this: it shows something else. Night, lamps and people
leave 0.95 and more, another view 0.45 and less."""
FLAT: Final = 1.0
"""Levels: half of the compared blocks have less contrast: there is nothing to be seen."""
SHARP: Final = 0.6
"""Edges weaker by this factor than usual: badly out of focus."""
STILL: Final = 0.5
STILL_SHARE: Final = 0.75
"""Three quarters of the picture changed by less than STILL levels, or by half of the least that is usual. The rest may
be a clock that runs on over a standing picture."""
PUSHED: Final = 6
BETTER: Final = 0.1
"""Pixels of 320 by which the view stands elsewhere, and how much better it fits there."""
AGAINST_USUAL: Final = (Trouble.MOVED, Trouble.BLURRED)
"""Only who knows what a camera usually shows can say that these are over."""
ADOPT: Final = 720
"""A moved view that has stayed for so many looks (12 hours) is how the camera hangs now, and is learned anew."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One look. ``trouble`` None when all is well, or nothing could be said: then it is not ``judged``."""

    trouble: Trouble | None
    figures: dict[str, float]
    judged: bool = True


@dataclass(slots=True)
class Row:
    """Looks in a row with the same verdict."""

    trouble: Trouble | None = None
    count: int = 0

    def add(self, trouble: Trouble | None) -> int:
        """One more; how many there are now. A picture that stands still did so at the look before, too."""
        first = 2 if trouble is Trouble.FROZEN else 1
        self.count = self.count + 1 if trouble is self.trouble else first
        self.trouble = trouble
        return self.count


@dataclass(slots=True)
class Eye:
    """Looks at one camera. ``standing``: the trouble that was told and has not ended."""

    known: Known | None = None
    standing: Trouble | None = None
    _row: Row = field(default_factory=Row)
    _before: Sight | None = None

    def accept(self, at: int) -> None:
        """Somebody said then (ms UTC, 0 for never) that what is shown is right: what was learned before goes."""
        if self.known is not None and self.known.since < at:
            self.known = None

    def see(self, seen: Sight, *, closed: bool = False, at: int = 0) -> tuple[Verdict, bool]:
        """Judge a picture of the moment ``at`` (ms UTC); and whether ``standing`` changed by it. ``closed``: the hall
        is, and nobody moves there."""
        change = None if self._before is None else sight.change(self._before.full, seen.full, STILL_SHARE)
        usual = self.known if self.known is not None and self.known.ready else None
        verdict = judged(measured(seen, usual, change), _least(usual), closed=closed)
        self._before = seen
        if not verdict.judged:
            return verdict, False
        count = self._row.add(verdict.trouble)
        if verdict.trouble is None:
            self._learn(seen, change, at)
        elif verdict.trouble is Trouble.MOVED and count >= ADOPT:
            self.known = None
        groundless = usual is None and verdict.trouble is None and self.standing in AGAINST_USUAL
        news = count >= IN_A_ROW and verdict.trouble is not self.standing and not groundless
        if news:
            self.standing = verdict.trouble
        return verdict, news

    def _learn(self, seen: Sight, change: float | None, at: int) -> None:
        if seen.light < LIT:
            return
        if self.known is None:
            self.known = known.first(seen, at)
        else:
            self.known.learn(seen, change)


def measured(seen: Sight, usual: Known | None, change: float | None) -> dict[str, float]:
    """What is judged of a picture: ``light`` and ``contrast``, ``change`` from the look before, and against what is
    ``usual``: how ``alike`` and how ``sharp``, and how alike ``there``, where it fits better."""
    blocks = usual.textured if usual else ...
    figures = {"light": seen.light, "contrast": float(np.median(seen.contrast[blocks]))}
    if change is not None:
        figures["change"] = change
    if usual is not None:
        figures["alike"] = float(np.median(sight.likeness(usual.view, seen.small)[blocks]))
        sharp = known.sharpness(seen)[blocks] / np.maximum(usual.sharp[blocks], 0.01)
        figures["sharp"] = float(np.median(sharp))
        right, down = sight.shift(usual.view, seen.small)
        if max(abs(right), abs(down)) >= PUSHED:
            there = sight.likeness(sight.moved_by(usual.view, right, down), seen.small)
            figures["there"] = float(np.median(there[blocks]))
    return {name: round(figure, 2) for name, figure in figures.items()}


def judged(figures: dict[str, float], least: float, *, closed: bool) -> Verdict:
    """What the figures of a picture mean; ``least``: less change than this is none."""
    dark, trouble = figures["light"] < LIT, _against_usual(figures)
    if figures["contrast"] < FLAT and figures.get("alike", 0) < ALIKE:
        # a dark room looks like a covered lens
        trouble, open_question = Trouble.BLACK if dark else Trouble.COVERED, closed
    elif trouble is not None or figures.get("change", least) >= least:
        open_question = False
    else:
        # nobody there, or noise smoothed away in the dark: still without being frozen
        trouble, open_question = Trouble.FROZEN, closed or dark
    return Verdict(None if open_question else trouble, figures, judged=not open_question)


def _against_usual(figures: dict[str, float]) -> Trouble | None:
    """What is wrong with a view compared with the usual one."""
    alike = figures.get("alike", 1)
    if figures.get("sharp", 1) < SHARP:
        return Trouble.BLURRED
    return Trouble.MOVED if alike < ALIKE or figures.get("there", 0) > alike + BETTER else None


def _least(usual: Known | None) -> float:
    return min(STILL, usual.still / 2) if usual else STILL / 2
