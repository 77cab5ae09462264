"""Why a camera is lost, as far as it is news: one that ends and then refuses the password has two reasons, and the last
one said must be why it does not come back."""

from typing import Final

from camera import FaultKind

AGAIN_S: Final = 600.0
"""A reason is said again so long after: a camera that goes to and fro between two fills no journal."""


class Reasons:
    """The reasons of one outage, as they were said."""

    def __init__(self) -> None:
        self._said = dict[FaultKind, float]()
        self._last: FaultKind | None = None

    def news(self, kind: FaultKind, at_s: float) -> bool:
        """Whether ``kind``, seen at ``at_s`` (seconds of any clock), is to be said; it counts as said then."""
        before = self._said.get(kind)
        if kind is self._last or (before is not None and at_s - before < AGAIN_S):
            return False
        self._said[kind], self._last = at_s, kind
        return True
