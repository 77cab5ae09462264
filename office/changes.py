"""Bells that are rung at each commit, so that followers need not ask all the time."""

import threading
from collections.abc import Iterable, Set


class Bell:
    """A write counter that followers compare, so that no wake-up is lost.

    Read ``count`` **before** reading the journal, then ``wait(count)``: a write in between has already moved it on.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._count = 0

    @property
    def count(self) -> int:
        """How often it was rung."""
        return self._count

    def ring(self) -> None:
        """Tell everyone waiting here that something was committed."""
        with self._condition:
            self._count += 1
            self._condition.notify_all()

    def wait(self, seen: int, timeout: float) -> bool:
        """Wait until the count is no longer ``seen``, at most ``timeout`` s; whether it moved."""
        with self._condition:
            return self._condition.wait_for(lambda: self._count != seen, timeout)


class Changes(Bell):
    """The bell of every commit, and one for each follower that only some kinds of event concern."""

    def __init__(self) -> None:
        super().__init__()
        self._bells: list[tuple[frozenset[str], Bell]] = []

    def about(self, kinds: Iterable[str]) -> Bell:
        """A bell for commits with an event of ``kinds``: others wake nobody who waits here."""
        bell = Bell()
        self._bells = [*self._bells, (frozenset(kinds), bell)]
        return bell

    def bump(self, kinds: Set[str] | None = None) -> None:
        """Something was committed, with events of ``kinds``; None: of kinds unknown here."""
        self.ring()
        for wanted, bell in self._bells:
            if kinds is None or not wanted.isdisjoint(kinds):
                bell.ring()
