"""Waiting for what another thread or process brings about."""

import time
from collections.abc import Callable

STEP_S = 0.01


def wait_for(met: Callable[[], object], longest_s: float = 20, told: Callable[[], object] = lambda: "") -> None:
    """Until ``met``. Raises AssertionError, with what is ``told`` then, when that takes longer."""
    deadline = time.monotonic() + longest_s
    while not met():
        if time.monotonic() > deadline:
            raise AssertionError(f"not in time {told()}")
        time.sleep(STEP_S)
