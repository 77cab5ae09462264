"""The end of opening hours is told once, with when the hall opens again."""

from pathlib import Path

import pytest

from office import closing, journal
from office.clock import local
from office.journal import Filter
from office.settings import load
from tools.rehearsal import CONFIG, Hall

CLOSED = Filter(kinds=("hall.closed",))


def _look(hall: Hall) -> None:
    if closing.just_closed(hall.store.read(), hall.settings, hall.clock.at):
        hall.do(closing.close_hall)


@pytest.mark.parametrize(
    ("wall", "opens"),
    [
        ("2026-11-23 11:30", "2026-11-23 13:30"),  # lunch
        ("2026-11-23 17:00", "2026-11-25 07:00"),  # the 24th is a holiday
        ("2026-11-27 17:00", "2026-11-28 07:00"),  # a service of Saturdays: the board says the same
        ("2026-11-28 11:30", "2026-11-30 07:00"),  # the last service closes
    ],
)
def test_closing_is_told_once(tmp_path: Path, wall: str, opens: str) -> None:
    hall = Hall(tmp_path, load(CONFIG), start=wall)
    for _ in range(70):
        _look(hall)
        hall.clock.turn(seconds=1)
    (event,) = journal.read(hall.store.read(), only=CLOSED)
    assert f"{local(event.data['opens'], hall.settings.office.zone):%Y-%m-%d %H:%M}" == opens


@pytest.mark.parametrize("wall", ["2026-11-23 10:00", "2026-11-23 06:59", "2026-11-23 22:00", "2026-11-24 11:30"])
def test_nothing_is_told_at_other_times(tmp_path: Path, wall: str) -> None:
    hall = Hall(tmp_path, load(CONFIG), start=wall)
    for _ in range(70):
        _look(hall)
        hall.clock.turn(seconds=1)
    assert journal.read(hall.store.read(), only=CLOSED) == []
