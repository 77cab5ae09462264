"""Random histories of an office: acts in random order, each allowed or refused; a refused one writes nothing."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from office import journal
from office.errors import OfficeError
from office.replay import differences, replay
from office.settings import Settings
from office.store import Store
from tools.rehearsal import CLERK, Hall

Ways = dict[Callable[[], object], int]

LEAST: Final = 3


def local_day(at: int) -> str:
    """The day in Viet Nam, by plain arithmetic: UTC+7, no summer time."""
    return (datetime.fromtimestamp(at / 1000, UTC) + timedelta(hours=7)).date().isoformat()


class History:
    """One history. A kind of them has its acts in ``ways``, each with how often it is tried; ``sure``: the names of
    those that are never refused. ``happened`` counts acts by name and refusals by key."""

    sure: frozenset[str] = frozenset()

    def __init__(self, folder: Path, seed: int, settings: Settings | None = None) -> None:
        self.hall = Hall(folder, settings)
        self.rng = random.Random(seed)  # noqa: S311 - a history that can be had again, no secret
        self.happened: Counter[str] = Counter()
        self.ways: Ways = {}

    def do(self, deed: Callable[..., Any], *args: Any, actor: str = CLERK, **more: Any) -> Any:
        """One act of the core by a clerk or ``actor``."""
        return self.hall.do(deed, *args, actor=actor, **more)

    def walk(self, steps: int) -> None:
        """So many acts. Raises AssertionError when what always holds does not."""
        for way in self.rng.choices(list(self.ways), list(self.ways.values()), k=steps):
            self._try(way)
            self.look_through()

    def look_through(self) -> None:
        """What holds after each act; a kind that has such rules asserts them."""

    def at_the_end(self, target: Store) -> None:
        """What holds when it is over, with ``target`` replayed; a kind that has such rules asserts them."""

    def replayed(self, target: Store) -> None:
        """Raises AssertionError unless the journal is whole and leads to the same tables in the empty ``target``."""
        db = self.hall.store.read()
        if journal.verify(db) != journal.head(db)[0]:
            raise AssertionError("the journal has other events than it counts")
        replay(self.hall.store, target)
        told = differences(db, target.read())
        if told or journal.head(db) != journal.head(target.read()):
            raise AssertionError(f"the journal leads elsewhere: {told}")

    def _try(self, way: Callable[[], object]) -> None:
        before, name = journal.head(self.hall.store.read()), getattr(way, "__name__", "")
        try:
            way()
        except OfficeError as refusal:
            if name in self.sure or refusal.status not in (400, 404, 409):
                raise
            self.happened[refusal.key] += 1
            if journal.head(self.hall.store.read()) != before:
                raise AssertionError(f"{name} was refused after something was written") from refusal
        else:
            self.happened[name] += 1


def happened(make: Callable[[Path, int], History], folder: Path, *, seeds: int, steps: int) -> Counter[str]:
    """Walks ``seeds`` histories of ``steps`` acts to their end and through a replay; what happened how often.

    Raises AssertionError where something does not hold, or an act hardly ever came about: that would prove nothing.
    """
    total, names = Counter[str](), set[str]()
    for seed in range(seeds):
        one, target = make(folder / str(seed), seed), Store(folder / f"{seed}.sqlite3")
        one.walk(steps)
        one.replayed(target)
        one.at_the_end(target)
        total += one.happened
        names |= {way.__name__ for way in one.ways}
        one.hall.store.close()
        target.close()
    rare = [name for name in names if total[name] < LEAST]
    if rare:
        raise AssertionError(f"hardly ever came about: {rare} of {total}")
    return total
