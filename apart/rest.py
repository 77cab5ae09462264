"""The pauses of something that keeps failing: first at once, then ever longer ones, to a longest."""

import time
from typing import Final

FIRST_S: Final = 1.0
LONGEST_S: Final = 60.0
PATIENCE: Final = 2
"""Faults in a row before it is left in peace for a while."""


class Rest:
    """Counts faults in a row; after ``patience`` of them each gives a pause, twice as long as the one before."""

    def __init__(self, first_s: float = FIRST_S, longest_s: float = LONGEST_S, patience: int = PATIENCE) -> None:
        self._first_s = first_s
        self._longest_s = longest_s
        self._patience = patience
        self._faults = 0
        self._until = 0.0

    @property
    def left_s(self) -> float:
        """Seconds until it may be tried again; 0 when at once."""
        return max(0.0, self._until - time.monotonic())

    def fault(self) -> None:
        """It failed."""
        self._faults += 1
        beyond = self._faults - self._patience
        if beyond >= 0:
            self._until = time.monotonic() + min(self._longest_s, self._first_s * 2.0 ** min(beyond, 32))

    def well(self) -> None:
        """It worked: the next fault is the first again."""
        self._faults = 0
        self._until = 0.0
