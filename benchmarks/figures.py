"""A measured figure next to what it was promised to be."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. ``target`` None: told for its own sake, nothing was promised.

    ``must`` says on which side of the target it has to lie.
    """

    item: str
    name: str
    value: float
    unit: str
    target: float | None = None
    must: Literal["at most", "at least"] = "at most"

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without one."""
        if self.target is None:
            return None
        return self.value <= self.target if self.must == "at most" else self.value >= self.target

    @property
    def share(self) -> float | None:
        """The figure as a multiple of its target."""
        return None if self.target is None else self.value / self.target


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of ``values`` that at least ``share`` (0 … 1) of them do not exceed; values must not be empty."""
    ordered = sorted(values)
    return ordered[max(math.ceil(len(ordered) * share), 1) - 1]


def middle(values: Sequence[float]) -> float:
    """The median."""
    return percentile(values, 0.5)
