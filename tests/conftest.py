"""What tests of every area may ask for by name."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.rehearsal import Hall


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    """An office of its own: real file, real configuration open all day, a clock to turn (Monday, 08:00)."""
    made = Hall(tmp_path)
    yield made
    made.store.close()
