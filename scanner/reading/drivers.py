"""What stands on the heavy libraries, named as text and loaded with the first picture."""

from collections.abc import Callable
from pkgutil import resolve_name
from typing import Any, Final

DRIVERS: Final = {
    "still": "scanner.reading.cascade:read",
    "bytes": "scanner.reading.cascade:read_bytes",
    "frames": "scanner.reading.frames:Frames",
}
"""What is read → where that is."""


def load(name: str) -> Callable[..., Any]:
    """The function or class that DRIVERS names. Raises ImportError when its library is not installed."""
    found: Callable[..., Any] = resolve_name(DRIVERS[name])
    return found
