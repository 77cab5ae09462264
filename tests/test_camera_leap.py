"""A clock set far ahead deletes no footage: it is held back for a day, told once, with words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from camera.disk import Room
from camera.keeper import Keeper
from office import footage, journal
from office.footage import Piece
from office.journal import Filter
from office.store import Store
from tools.rehearsal import PHRASES, Dial, settings_with

DAY = 86_400_000
CAMERA = {"name": "quay-1", "title": {"vi": "Quầy 1"}, "address": "rtsp://127.0.0.1/1"}


class Office:
    """An office that kept a piece a day for 29 days, and records on; its keeper made anew is a start."""

    def __init__(self, data: Path) -> None:
        self.data, self.clock = data, Dial(1_795_000_000_000)
        self.settings = settings_with(cameras=[CAMERA], camera_notice={"days": 30})
        self.store = Store(data / "office.sqlite3", clock=self.clock)
        for day in range(-29, 1):
            self.record(self.clock.at + day * DAY - 10_000)
        self.start()

    def start(self) -> None:
        self.keeper = Keeper(self.store, self.settings, self.data, lambda: Room(1, 99))

    def record(self, begins: int) -> None:
        with self.store.act() as act:
            footage.keep(act, [Piece("quay-1", begins, begins + 10_000, 1000)])

    def left(self) -> int:
        return len(footage.starts(self.store.read(), "quay-1"))

    def told(self, kind: str) -> list[journal.Event]:
        return journal.read(self.store.read(), only=Filter(kinds=(kind,)))


@pytest.fixture(name="office")
def _office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.store.close()


@pytest.mark.parametrize("restarted", [False, True])
def test_a_leap_of_a_year_deletes_nothing_for_a_day(office: Office, restarted: bool) -> None:
    office.keeper.round()
    assert (office.left(), office.keeper.health()["reason"]) == (30, None)
    office.clock.turn(days=365)
    for hours in (0, 1, 22):
        office.clock.turn(hours=hours)
        if restarted:
            office.start()
        office.record(office.clock.at - 10_000)  # recording goes on, by the wrong clock
        office.keeper.round()
        office.keeper.clear()
    health = office.keeper.health()
    assert (office.left(), health["state"], health["reason"]) == (33, "trouble", "leapt")
    assert PHRASES.say("vi", "disk.fault.leapt").startswith("Giờ của máy chủ nhảy")
    (event,) = office.told("clock.leapt")
    assert 364 * DAY < event.data["ahead_s"] * 1000 < 366 * DAY
    office.clock.turn(days=-365)  # put right in time: nothing was lost
    office.keeper.round()
    assert not office.told("footage.purged")
    assert office.keeper.health()["reason"] is None


def test_a_clock_that_is_right_after_all_deletes_on_after_a_day(office: Office) -> None:
    office.clock.turn(days=5)  # switched off for so long
    office.record(office.clock.at - 10_000)
    office.keeper.round()
    assert office.left() == 31
    office.clock.turn(hours=25)
    office.record(office.clock.at - 10_000)
    office.keeper.round()
    assert office.keeper.health()["reason"] is None
    assert office.left() < 31
    assert office.told("footage.purged")


def test_days_without_a_leap_delete_as_ever(office: Office) -> None:
    for _ in range(4):
        office.clock.turn(days=1)
        office.record(office.clock.at - 10_000)
        office.keeper.round()
        assert office.keeper.health()["reason"] is None
    assert office.left() == 31  # today and thirty days before
    assert not office.told("clock.leapt")
