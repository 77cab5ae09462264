"""Where somebody was, and when: the parts of a scene that cameras are chosen by."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stay:
    """Somebody at a counter ('' for the hall alone) from … until, ms UTC."""

    counter: str
    begins: int
    ends: int
