"""``check``: every device one line, and none hides the next one's."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import click

from office.errors import ConfigurationError
from office.lock import alone

Test = tuple[str, Callable[[], str]]
"""What is looked at, and the look: gives a line's words, raises with the reason when it does not work."""

SPOKEN = (OSError, ImportError)
"""Faults of others whose own words say enough."""


def told(tests: Sequence[Test], ours: tuple[type[Exception], ...]) -> int:
    """Do every test, one line each; how many failed. Of ``ours`` the words are enough, of others the kind is said."""
    failed = 0
    for name, test in tests:
        try:
            click.echo(f"{name}: ok: {test()}")
        except Exception as fault:  # a device must not hide the next one's line
            failed += 1
            words = f"{fault}" if isinstance(fault, (*ours, *SPOKEN)) else f"{type(fault).__name__}: {fault}"
            click.echo(f"{name}: FAILED: {words}")
    return failed


def runs(lock: Path) -> bool:
    """Whether a server runs on the data folder of ``lock``: it holds the office's readers then."""
    with suppress(ConfigurationError), alone(lock):
        return False
    return True
