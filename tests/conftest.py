"""What tests of every area may ask for by name."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tools.citizen import browsing
from tools.fitting import Fits
from tools.rehearsal import Hall
from tools.webhall import Doors


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    """An office of its own: real file, real configuration open all day, a clock to turn (Monday, 08:00)."""
    made = Hall(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def doors(hall: Hall) -> Doors:
    """The real app over it, and callers of each kind."""
    return Doors(hall)


@pytest.fixture
def fits(doors: Doors) -> Fits:
    """Holds the app's answers against its own description."""
    return Fits(doors)


@pytest.fixture
def spec(fits: Fits) -> dict[str, Any]:
    """That description."""
    return fits.spec


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, one for all tests of a process; each makes contexts of its own."""
    with browsing() as started:
        yield started
