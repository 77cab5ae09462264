"""Footage stays as long as people were told and no longer: age, a full disk, holds, alarms, leftovers."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from camera import disk
from camera.disk import MB, Room
from camera.keeper import SPARE, YOUNG_MS, Keeper
from camera.keeping import SET_BACK
from display.board.posted import items
from display.board.words import words_of
from office import footage, holding, journal, retention
from office.clock import local
from office.footage import Piece, path_of
from office.store import Act, Store
from office.watching import Wish
from tools.rehearsal import PHRASES, Dial, settings_with

CAMERAS = [
    {"name": "quay-1", "title": {"vi": "Quầy 1"}, "address": "rtsp://127.0.0.1/1", "covers": [{"counter": "1"}]},
    {"name": "hall", "title": {"vi": "Sảnh"}, "address": "rtsp://127.0.0.1/2"},
]
DAY = 86_400_000
SIZE = 10 * MB
DISK = 100 * SIZE
MANY = 20_000


class Tight(Store):
    """An office's file that takes nothing while its disk is full: while ``full`` says so."""

    full: Callable[[], bool] = staticmethod(lambda: False)

    @contextmanager
    def act(self) -> Iterator[Act]:
        with super().act() as act:
            yield act
            if self.full():
                raise OSError("no space left on device")


class Office:
    """An office with footage on a disk of ``DISK`` bytes, ``other`` of them used by others."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.clock = Dial(1_795_000_000_000)
        self.settings = settings_with(
            cameras=CAMERAS, camera_notice={"days": 30}, footage={"alarm_share": 0.8, "disk_share": 0.9}
        )
        self.folder = data / "footage"
        self.store = Tight(data / "office.sqlite3", clock=self.clock)
        self.clock.turn(hours=-30)
        with self.store.act() as act:  # it was at work the day before: its clock did not leap
            journal.append(act, "setting.changed", office="H", actor="system", data={})
        self.clock.turn(hours=30)
        self.other = 0
        self.keeper = Keeper(self.store, self.settings, data, self.usage)

    def usage(self) -> Room:
        used = self.other + SIZE * len(self.files())
        return Room(used, DISK - used)

    def files(self, camera: str = "*") -> list[str]:
        return sorted(path.name for path in self.folder.glob(f"{camera}/*/*.mp4"))

    def fill(self, camera: str, begins: int, count: int) -> list[Piece]:
        some = [Piece(camera, begins + n * 10_000, begins + (n + 1) * 10_000, SIZE) for n in range(count)]
        with self.store.act() as act:
            footage.keep(act, some)
        for one in some:
            path = path_of(self.folder, camera, one.begins)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"\0")
        return some

    def hold(self, camera: str, begins: int, ends: int) -> None:
        until = local(self.clock(), self.settings.office.zone).date() + timedelta(days=5)
        with self.store.act() as act:
            holding.hold(act, self.settings, Wish((camera,), begins, ends, "incident"), until, actor="person:ha")

    def told(self, *kinds: str) -> list[journal.Event]:
        return journal.read(self.store.read(), only=journal.Filter(kinds=kinds))


@pytest.fixture(name="office")
def _office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.store.close()


def test_what_is_past_its_days_goes_with_its_folders_and_the_held_stays(office: Office) -> None:
    first = retention.kept_from(office.settings, office.clock())
    office.fill("quay-1", first - 3 * DAY, 30)
    office.fill("hall", first - 2 * DAY, 30)
    kept = office.fill("hall", first, 5)
    office.hold("hall", first - 2 * DAY, first - 2 * DAY + 15_000)
    office.keeper.round()
    assert office.files("quay-1") == []
    assert len(office.files("hall")) == 2 + len(kept)
    assert list((office.folder / "quay-1").iterdir()) == []
    assert footage.starts(office.store.read(), "quay-1") == []
    purged = office.told("footage.purged")
    assert [(one.data["camera"], one.data["pieces"], one.data["cause"]) for one in purged] == [
        ("hall", 28, "age"), ("quay-1", 30, "age"),
    ]  # fmt: skip
    assert office.keeper.health()["state"] == "ok"
    assert office.keeper.health()["kept_days"] > 30


def test_the_days_that_people_read_are_the_days_that_are_kept(office: Office) -> None:
    for days in (7, 45):
        settings = settings_with(cameras=CAMERAS, camera_notice={"days": days})
        words = words_of(settings, PHRASES)
        shown = items(office.store.read(), settings, office.clock(), words)
        assert f"{days} ngày" in " ".join(one.text for one in shown if one.kind == "camera")
        zone = settings.office.zone
        first = local(retention.kept_from(settings, office.clock()), zone).date()
        assert local(office.clock(), zone).date() - first == timedelta(days=days)


def test_a_filling_disk_is_told_first_then_the_oldest_goes_and_room_is_told_later(office: Office) -> None:
    now = office.clock()
    office.fill("quay-1", now - 3 * DAY, 40)
    office.fill("hall", now - 2 * DAY, 39)
    office.keeper.round()
    assert office.told("disk.filled", "footage.purged") == []
    office.fill("hall", now - DAY, 1)
    office.keeper.round()
    assert [one.kind for one in office.told("disk.filled", "footage.purged")] == ["disk.filled"]
    assert office.keeper.health()["reason"] == "filled"
    office.other = 15 * SIZE
    office.keeper.round()
    assert len(office.files()) * SIZE + office.other < 0.9 * DISK
    assert len(office.files("hall")) == 40
    assert {one.data["cause"] for one in office.told("footage.purged")} == {"disk"}
    assert office.keeper.health()["reason"] == "purging"
    office.other = 4 * SIZE
    office.clock.turn(days=1, minutes=1)
    office.keeper.round()
    assert office.keeper.health()["reason"] == "filled"  # at 78 %: it ends below 77 %
    office.other = 0
    office.keeper.round()
    assert office.keeper.health()["state"] == "ok"
    assert [one.data["share"] for one in office.told("disk.filled", "disk.eased")] == [0.8, 0.74]
    assert Keeper(office.store, office.settings, office.data, office.usage).alarm.filled is False


def test_an_alarm_that_stands_at_its_limit_is_told_once_also_across_a_start(office: Office) -> None:
    for share in (0.81, 0.79, 0.82, 0.775, 0.8):
        office.other = int(share * DISK)
        office.keeper.round()
    office.keeper = Keeper(office.store, office.settings, office.data, office.usage)
    office.keeper.round()
    assert [one.kind for one in office.told("disk.filled", "disk.eased")] == ["disk.filled"]
    office.other = 0
    office.keeper.round()
    assert [one.kind for one in office.told("disk.filled", "disk.eased")] == ["disk.filled", "disk.eased"]
    assert office.keeper.health()["state"] == "ok"


def test_when_all_is_held_the_disk_may_fill_and_the_alarm_says_so(office: Office) -> None:
    now = office.clock()
    office.fill("quay-1", now - 3 * DAY, 60)
    office.hold("quay-1", now - 3 * DAY, now - 2 * DAY)
    office.fill("hall", now - YOUNG_MS, 35)
    office.keeper.round()
    assert len(office.files()) == 95
    assert office.keeper.health()["reason"] == "held"
    for language, word in (("vi", "Mời"), ("en", "lease")):
        for reason in ("filled", "purging", "held"):
            assert word in PHRASES.say(language, f"disk.fault.{reason}")


def test_a_clock_that_is_years_behind_keeps_no_full_disk_from_its_purge(office: Office) -> None:
    some = office.fill("quay-1", office.clock() - 3 * DAY, 92)
    office.clock.turn(days=-700)
    office.keeper.round()
    assert len(office.files()) == 89
    assert office.keeper.health()["reason"] == "purging"
    office.hold("quay-1", some[0].begins, some[-1].ends)
    aside = office.folder / "quay-1" / SET_BACK / "20241001T000000.000Z.mp4"
    aside.parent.mkdir(parents=True)
    with aside.open("wb") as file:
        file.truncate(2 * SIZE)
    office.other = 2 * SIZE
    office.keeper.round()  # all that has its moment is held: what was recorded meanwhile goes
    assert not aside.exists()
    assert office.told("footage.purged")[-1].data["cause"] == "disk"


@pytest.mark.parametrize("full", [False, True])
def test_one_piece_of_a_time_to_come_lets_a_full_disk_take_none_of_the_last_minutes(office: Office, full: bool) -> None:
    young = YOUNG_MS // 10_000
    office.fill("quay-1", office.clock() - YOUNG_MS - 20_000, young + 2)
    office.fill("hall", office.clock() + 300 * DAY, 1)
    office.other = DISK - (young + 3) * SIZE
    office.store.full = lambda: full and office.usage().free == 0  # then files go first
    for _ in range(2):
        with suppress(OSError):  # while no file that may go makes room enough for an event
            office.keeper.round()
    assert (len(office.files("quay-1")), len(office.files("hall"))) == (young, 1)
    assert office.keeper.health()["reason"] == "held"


def test_an_office_whose_file_finds_no_room_is_given_some_by_the_files_first(office: Office) -> None:
    office.fill("quay-1", office.clock() - 3 * DAY, 95)
    office.store.full = lambda: office.usage().free <= 60 * MB
    assert office.usage().free < SPARE
    office.keeper.round()
    assert len(office.files()) == 89
    assert len(footage.starts(office.store.read(), "quay-1")) == len(office.files())


def test_what_is_held_while_files_go_first_stays(office: Office) -> None:
    some = office.fill("quay-1", office.clock() - 3 * DAY, 95)

    def usage() -> Room:
        if len(office.files()) == 94 and not holding.every(office.store.read()):
            full, office.store.full = office.store.full, lambda: False
            office.hold("quay-1", some[1].begins, some[1].ends)
            office.store.full = full
        return office.usage()

    keeper = Keeper(office.store, office.settings, office.data, usage)
    office.store.full = lambda: office.usage().free <= 60 * MB
    keeper.round()
    assert not path_of(office.folder, "quay-1", some[0].begins).exists()
    assert path_of(office.folder, "quay-1", some[1].begins).exists()
    assert some[1].begins in footage.starts(office.store.read(), "quay-1")


def test_old_files_that_no_index_knows_go_unless_they_may_be_held(office: Office) -> None:
    first = retention.kept_from(office.settings, office.clock())
    old, young = first - 5 * DAY, first + DAY
    office.hold("hall", old, old + 60_000)
    strange = {
        path_of(office.folder, "hall", old - 10_000): True,  # its end may be held
        path_of(office.folder, "hall", old - DAY): False,
        path_of(office.folder, "hall", old - DAY).with_suffix(".part"): False,
        path_of(office.folder, "hall", young): True,
        office.folder / "hall" / SET_BACK / "20261001T000000.000Z.mp4": False,
        office.data / "clips" / "a.mp4": False,
        office.data / "exports" / "b" / "b.zip": False,
        office.data / "exports" / "c.zip": True,
        office.data / "exports" / "E20260101-0a.zip": False,
    }
    for path, stays in strange.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\0")
        at = young if stays else old
        os.utime(path, (at / 1000, at / 1000))
    Keeper(office.store, office.settings, office.data, office.usage, reconciled=lambda: False).clear()
    assert all(path.exists() for path in strange)  # they may get an event of their own yet
    office.keeper.clear()
    [told] = office.told("footage.purged")
    assert (told.data["camera"], told.data["pieces"], told.data["cause"]) == ("hall", 3, "leftover")
    assert [one.data["export"] for one in office.told("footage.export_purged")] == ["E20260101-0a"]
    assert {path: path.exists() for path in strange} == strange


def test_old_clips_and_exports_go_though_the_office_takes_no_event(office: Office) -> None:
    old = (retention.kept_from(office.settings, office.clock()) - DAY) / 1000
    some = [office.data / "clips" / "a.mp4", office.data / "exports" / "E20260101-0a.zip"]
    for path in some:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"\0")
        os.utime(path, (old, old))
    office.store.full = lambda: True
    office.keeper.clear()
    assert not any(path.exists() for path in some)
    assert office.told("footage.export_purged") == []


def test_what_gives_cause_is_held_from_now_on_with_the_place_in_one_act(office: Office) -> None:
    def complaint() -> None:
        with office.store.act() as act:
            journal.append(act, "note.left", office="H", actor="screen:k", counter="1", data={"about": "complaint"})

    keeper = office.keeper
    complaint()
    keeper.hold()
    keeper.hold()
    held = holding.every(office.store.read())
    assert [(one.cause, one.cameras) for one in held] == [("complaint", ("quay-1", "hall"))]
    office.store.close()
    later = Keeper(Store(office.data / "office.sqlite3", office.clock), office.settings, office.data, office.usage)
    later.hold()
    assert len(holding.every(office.store.read())) == 1


def test_the_thread_holds_purges_and_ends_and_nobody_waits(office: Office) -> None:
    first = retention.kept_from(office.settings, office.clock())
    with office.store.act() as act:
        footage.keep(act, (Piece("hall", first - 2 * DAY + n * 1000, first - 2 * DAY + n * 1000 + 999, 1)
                           for n in range(MANY)))  # fmt: skip
    office.keeper.start()
    slowest, until = 0.0, time.monotonic() + 2
    while time.monotonic() < until:
        begun = time.monotonic()
        with office.store.act() as act:
            journal.append(act, "setting.changed", office="H", actor="system", data={})
        slowest = max(slowest, time.monotonic() - begun)
        time.sleep(0.01)
    office.keeper.stop()
    left = len(footage.starts(office.store.read(), "hall"))
    assert left < MANY
    assert slowest < 0.25


def test_the_real_disk_is_measured_and_told(tmp_path: Path, office: Office) -> None:
    room = disk.room(tmp_path / "not" / "yet")
    assert 0 < room.share < 1
    roomy = office.settings.footage.model_copy(update={"alarm_share": 0.98, "disk_share": 0.98})
    if room.share < 0.98:
        assert "GB free" in disk.check(tmp_path, roomy)
    tight = office.settings.footage.model_copy(update={"alarm_share": 0.0})
    with pytest.raises(Exception, match="nearly full"):
        disk.check(tmp_path, tight)
