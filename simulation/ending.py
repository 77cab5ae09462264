"""What all that is simulated has: its ``with`` statement ends it."""

from abc import ABC, abstractmethod
from typing import Self


class Ending(ABC):
    """Ended by ``stop``, or by the end of a ``with`` statement."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @abstractmethod
    def stop(self) -> None:
        """End it."""
