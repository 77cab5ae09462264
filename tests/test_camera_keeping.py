"""Folder and index agree, whatever happened to either: orphans, lost files, pieces left under way, clocks set back."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from camera import fragments
from camera.keeping import SET_BACK, Keeping
from camera.recording.part import Part
from camera.recording.stamps import Stamps
from camera.recording.stream import Container, Encoder
from office import footage, journal
from office.footage import Piece, path_of
from office.store import Act, Store
from tools.rehearsal import Dial

AT = 1_795_785_424_000


@pytest.fixture(name="movie", scope="module")
def _movie(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Four seconds at 10 pictures a second, a keyframe each two, the pictures from 2.5 to 3.5 s missing."""
    part = Part(tmp_path_factory.mktemp("movie"), AT)
    encoder, noise = Encoder(64, 48, 10), np.random.default_rng(4)
    container = Container(part, encoder.template)
    for number in [*range(25), *range(35, 40)]:
        picture = noise.integers(0, 255, (48, 64, 3), np.uint8)
        for packet in encoder.encode(picture, number * 100):
            container.add(packet, packet.pts, packet.dts)
    container.close()
    part.finish()
    return part.path.read_bytes()


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "office.sqlite3")
    yield store
    store.close()


@pytest.fixture(name="keeping")
def _keeping(tmp_path: Path, store: Store) -> Keeping:
    return Keeping(store, "xa", tmp_path)


def put(folder: Path, begins: int, data: bytes, suffix: str = "") -> Path:
    path = path_of(folder, "cam1", begins)
    path.parent.mkdir(parents=True, exist_ok=True)
    path = path.with_name(path.name + suffix)
    path.write_bytes(data)
    return path


def told(begins: int, ends: int) -> dict[str, Any]:
    return {"begins": begins, "ends": ends, "bytes": 9, "keyframes": [0], "gaps": []}


def rows(store: Store) -> list[tuple[int, int]]:
    return [(one.begins - AT, one.ends - AT) for one in footage.pieces(store.read(), "cam1", 0, 2 * AT)]


def test_a_file_tells_its_length_keyframes_and_gaps(tmp_path: Path, movie: bytes) -> None:
    path = put(tmp_path, AT, movie)
    content = fragments.read(path)
    assert content.whole == len(movie)
    assert 3900 <= content.length <= 4100
    assert content.keyframes[0] == 0
    assert content.gaps == ((2500, 3500),)
    with av.open(str(path)) as container:
        shown = [round((packet.pts or 0) * packet.time_base * 1000) for packet in container.demux() if packet.size]
        assert shown == [100 * number for number in [*range(25), *range(35, 40)]]


@pytest.mark.parametrize("share", [0.0, 0.05, 0.2, 0.4, 0.5, 0.77, 0.999])
def test_a_file_cut_anywhere_is_whole_to_its_last_fragment(tmp_path: Path, movie: bytes, share: float) -> None:
    path = put(tmp_path, AT, movie[: int(len(movie) * share)])
    try:
        content = fragments.read(path)
    except ValueError:
        assert share < 0.35
        return
    path.write_bytes(path.read_bytes()[: content.whole])
    with av.open(str(path)) as container:
        shown = [round((frame.time or 0) * 1000) for frame in container.decode(video=0)]
    assert abs(shown[-1] + 100 - content.length) < 20
    assert content.length > 4000 * share - 2000


def test_what_is_no_movie_is_no_footage(tmp_path: Path) -> None:
    for bad in (b"", b"\0" * 64, b"\0\0\0\x08moof" * 3, b"\xff" * 40, b"\0\0\0\x10moov\0\0\0\x08trak"):
        with pytest.raises(ValueError, match=r"."):
            fragments.read(put(tmp_path, AT, bad))


def test_at_a_start_folder_and_index_are_made_to_agree(
    tmp_path: Path, store: Store, keeping: Keeping, movie: bytes
) -> None:
    with store.act() as act:
        footage.keep(act, [Piece("cam1", AT + 60_000 * n, AT + 60_000 * n + 4000, 9) for n in range(500)])
    for number in range(1, 500):  # the first one's file is gone
        put(tmp_path, AT + 60_000 * number, b"whole")
    put(tmp_path, AT + 30_000, movie)
    put(tmp_path, AT + 31_000, b"no movie")
    put(tmp_path, AT - 90_000_000, movie[: len(movie) // 2], ".part")
    assert keeping.cameras() == ["cam1"]
    assert keeping.salvaged("cam1") == 1
    assert keeping.reconciled("cam1") == (1, 1)
    assert keeping.reconciled("cam1") == (0, 0)
    [gone] = journal.read(store.read(), only=journal.Filter(kinds=("footage.purged",)))
    assert (gone.data["begins"], gone.data["pieces"], gone.data["cause"]) == (AT, 1, "missing")
    found = rows(store)
    assert len(found) == 501
    assert found[0][0] == -90_000_000
    assert found[1] == (30_000, 30_000 + fragments.read(path_of(tmp_path, "cam1", AT + 30_000)).length)
    assert not list(tmp_path.rglob("*.part"))


def test_what_is_recorded_while_the_clock_is_years_behind_is_kept_apart_and_not_purged_once_it_is_right(
    tmp_path: Path, store: Store, keeping: Keeping
) -> None:
    behind = AT - 2 * 365 * 86_400_000
    keeping.whole("cam1", [told(AT, AT + 10_000)])
    put(tmp_path, behind, b"after a power cut, with an empty battery")
    assert keeping.whole("cam1", [told(behind, behind + 10_000)]) == 0
    [aside] = (tmp_path / "cam1" / SET_BACK).iterdir()
    assert aside.stat().st_mtime >= AT / 1000
    assert [one.data["begins"] for one in journal.read(store.read())] == [behind]
    assert keeping.whole("cam1", [told(behind, behind + 10_000)], fresh=False) == 0  # as at a start, of one left there
    behind = AT - 300 * 86_400_000
    assert keeping.whole("cam1", [told(behind, behind + 10_000)], fresh=False) == 1  # as at a start: of old days


def test_a_clock_months_behind_has_its_footage_kept_apart_unless_it_is_put_right_after_a_leap(tmp_path: Path) -> None:
    store = Store(tmp_path / "dialled.sqlite3", clock := Dial(AT))
    office = Keeping(store, "xa", tmp_path, lambda now: now - 30 * 86_400_000)
    with store.act() as act:
        journal.append(act, "setting.changed", office="xa", actor="system", data={})
    clock.at = AT - 40 * 86_400_000
    put(tmp_path, clock.at, b"of the morning")
    assert office.whole("cam1", [told(clock.at, clock.at + 10_000)]) == 0  # there is no other piece to tell it by
    [aside] = (tmp_path / "cam1" / SET_BACK).iterdir()
    assert aside.stat().st_mtime >= AT / 1000
    assert office.whole("cam1", [told(AT, AT + 10_000)]) == 1
    with store.act() as act:
        journal.append(act, "clock.leapt", office="xa", actor="system", data={"ahead_s": 9_000_000})
    assert office.whole("cam1", [told(clock.at, clock.at + 10_000)]) == 1  # the leap was wrong, this is right
    store.close()


class Purging(Store):
    """An office's file from which the piece at ``AT`` is purged just before every act."""

    @contextmanager
    def act(self) -> Iterator[Act]:
        with super().act() as act:
            footage.drop(act, "cam1", [AT])
            yield act


def test_a_purge_while_folder_and_index_are_compared_takes_no_other_piece(tmp_path: Path, store: Store) -> None:
    with store.act() as act:
        footage.keep(act, [Piece("cam1", AT + 10_000 * n, AT + 10_000 * n + 10_000, 9) for n in range(2)])
    put(tmp_path, AT + 10_000, b"whole")  # the one at AT went with its file after the index was read
    purging = Purging(store.path)
    assert Keeping(purging, "xa", tmp_path).reconciled("cam1") == (0, 0)
    purging.close()
    assert rows(store) == [(10_000, 20_000)]
    assert journal.read(store.read()) == []


def test_a_strange_file_and_one_that_is_moved_already_keep_no_other_piece_out(
    tmp_path: Path, store: Store, keeping: Keeping, movie: bytes
) -> None:
    part, encoder = Part(tmp_path / "cam1", AT - 900_000), Encoder(64, 48, 10)
    container = Container(part, encoder.template)
    for at in (0, 1_000_000):  # far longer than a piece may be
        for packet in encoder.encode(np.zeros((48, 64, 3), np.uint8), at):
            container.add(packet, packet.pts, packet.dts)
    container.close()
    part.finish()
    put(tmp_path, AT - 90_000, movie)
    assert keeping.reconciled("cam1") == (0, 1)
    keeping.whole("cam1", [told(AT, AT + 10_000), told(AT + 10_000, AT + 20_000)])
    aside = told(AT + 5_000, AT + 9_000)  # its act failed after its file had gone apart
    assert keeping.whole("cam1", [aside, told(AT + 20_000, AT + 30_000)]) == 1


def test_a_clock_put_right_by_a_second_ends_the_piece_before_sooner(store: Store, keeping: Keeping) -> None:
    assert keeping.whole("cam1", [told(AT, AT + 10_000), told(AT + 9_000, AT + 19_000)]) == 2
    assert rows(store) == [(0, 9_000), (9_000, 19_000)]


def test_a_clock_set_back_overwrites_nothing_and_nothing_overlaps(
    tmp_path: Path, store: Store, keeping: Keeping, movie: bytes
) -> None:
    keeping.whole("cam1", [told(AT + n * 10_000, AT + (n + 1) * 10_000) for n in range(10)])
    before = [put(tmp_path, AT + n * 10_000, b"the first recording") for n in range(10)][2]
    part = Part(tmp_path / "cam1", AT + 20_000)
    assert part.begins == AT + 20_001
    part.write(b"the second")
    part.finish()
    assert before.read_bytes() == b"the first recording"
    assert keeping.whole("cam1", [told(part.begins, part.begins + 10_000)]) == 0
    assert [one.name for one in (tmp_path / "cam1" / SET_BACK).iterdir()] == [part.path.name]
    assert keeping.whole("cam1", []) == 0
    [aside] = journal.read(store.read(), only=journal.Filter(kinds=("footage.put_aside",)))
    assert (aside.data["begins"], aside.data["reason"]) == (part.begins, "set_back")
    put(tmp_path, AT + 25_000, movie)  # its moments are taken
    put(tmp_path, AT - 2_000, movie)  # its end gives way
    assert keeping.reconciled("cam1") == (0, 1)
    assert rows(store) == [(-2_000, 0), *((n * 10_000, (n + 1) * 10_000) for n in range(10))]
    assert len(list((tmp_path / "cam1" / SET_BACK).iterdir())) == 2
    assert len(journal.read(store.read(), only=journal.Filter(kinds=("footage.put_aside",)))) == 1  # once an hour


def test_tens_of_thousands_of_pieces_are_compared_in_reasonable_time(tmp_path: Path, store: Store) -> None:
    with store.act() as act:
        footage.keep(act, (Piece("cam1", AT + 10_000 * n, AT + 10_000 * n + 9000, 9) for n in range(20_000)))
    begun = time.monotonic()
    assert Keeping(store, "xa", tmp_path).reconciled("cam1") == (20_000, 0)
    assert time.monotonic() - begun < 5


def test_stamps_are_the_soonest_arrival_and_follow_a_clock_that_is_set() -> None:
    stamps = Stamps()
    for at in range(0, 2000, 100):  # two seconds were buffered, and come at once
        assert stamps.arrived(at, 1_000_000)
    assert stamps.arrived(2000, 1_000_100)
    stamps.anchor()
    assert stamps.moment(0) == 998_100
    assert stamps.arrived(2100, 1_005_000)  # late: no reason to doubt the clock
    stamps.arrived(2200, 1_000_250)
    stamps.anchor()
    assert stamps.moment(2200) == 1_000_300
    for at in range(2300, 4000, 100):  # the camera's clock runs slow: half a second by now
        stamps.arrived(at, 998_600 + at)
    stamps.anchor()
    assert stamps.moment(4000) == 1_002_600
    assert not stamps.arrived(4100, 900_000)  # the office's clock was set back
