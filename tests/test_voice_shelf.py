"""The shelf of finished sounds: whole files only, within its bound, safe names."""

import os
import threading
import time
from pathlib import Path

import pytest

from display.voice import sound
from display.voice.shelf import Shelf

KEY = "0123456789abcdef" * 2


def put(shelf: Shelf, key: str, length_s: float = 0.5) -> Path:
    draft = shelf.draft()
    sound.write(draft, sound.silence(length_s))
    return shelf.put(key, draft)


def test_what_was_put_is_found_with_its_length(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    assert shelf.seconds(KEY) is None
    assert shelf.path(f"{KEY}.wav") is None
    path = put(shelf, KEY)
    assert shelf.path(f"{KEY}.wav") == path
    assert shelf.seconds(KEY) == pytest.approx(0.5, abs=0.001)
    assert list(tmp_path.iterdir()) == [path], "no draft is left"


@pytest.mark.parametrize("damage", [0, 20, 44, 9_000])
def test_a_damaged_file_is_made_anew(tmp_path: Path, damage: int) -> None:
    path = put(Shelf(tmp_path), KEY)
    path.write_bytes(path.read_bytes()[:damage])
    assert Shelf(tmp_path).seconds(KEY) is None


def test_the_least_lately_used_go_first_and_fresh_ones_never(tmp_path: Path) -> None:
    keys = [f"{number:032x}" for number in range(6)]
    for age, key in zip((500, 400, 300, 200, 100), keys, strict=False):
        path = put(Shelf(tmp_path), key)
        os.utime(path, (time.time() - age, time.time() - age))
    shelf = Shelf(tmp_path, max_bytes=70_000, keep_s=60)
    shelf.seconds(keys[0])  # used just now
    put(shelf, keys[5])
    left = {path.stem for path in tmp_path.glob("*.wav")}
    assert left == {keys[0], keys[4], keys[5]}


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    put(shelf, KEY)
    stop = threading.Event()
    seen: set[float | None] = set()

    def look() -> None:
        while not stop.is_set():
            seen.add(shelf.seconds(KEY))

    reader = threading.Thread(target=look)
    reader.start()
    for _ in range(60):
        put(shelf, KEY)
    stop.set()
    reader.join()
    assert seen == {shelf.seconds(KEY)}


def test_drafts_of_a_killed_run_are_cleared_but_not_those_being_written(tmp_path: Path) -> None:
    old, new = tmp_path / "draft-1-1.wav", tmp_path / "draft-2-1.wav"
    for draft in (old, new):
        draft.write_bytes(b"half")
    os.utime(old, (time.time() - 3_600,) * 2)
    Shelf(tmp_path)
    assert not old.exists()
    assert new.exists()
