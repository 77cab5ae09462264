"""Which moment of the office's clock a frame belongs to.

A frame cannot arrive before it was taken, but late: so the stream's own time is laid on the office's clock by the
packet that arrived soonest, and what was buffered on the way changes nothing. The two clocks part slowly, or at once
when one is set; then the next piece begins with a new anchor.
"""

from math import inf, isinf
from typing import Final

DRIFT_MS: Final = 300.0
"""Parted by more than this, the stream is anchored anew at the next piece."""
LEAP_MS: Final = 2_000.0
"""Earlier than the anchor allows by more than this: no delay explains it, so a clock was set."""


class Stamps:
    """The anchor of one stream: moment = anchor + stream time. All in ms, moments UTC."""

    def __init__(self) -> None:
        self._anchor = inf
        self._soonest = inf

    @property
    def anchored(self) -> bool:
        """Whether moments can be told."""
        return not isinf(self._anchor)

    def arrived(self, at: float, now: float) -> bool:
        """A packet of stream time ``at`` arrived at ``now``; False when a clock was set since the anchor."""
        lag = now - at
        self._soonest = min(self._soonest, lag)
        return not self.anchored or lag > self._anchor - LEAP_MS

    def anchor(self) -> None:
        """A piece begins: lay the stream on the clock anew, if the two have parted."""
        if not isinf(self._soonest) and abs(self._soonest - self._anchor) > DRIFT_MS:
            self._anchor = self._soonest
        self._soonest = inf

    def moment(self, at: float) -> int:
        """The moment of stream time ``at``. Raises OverflowError before the first anchor."""
        return round(self._anchor + at)
