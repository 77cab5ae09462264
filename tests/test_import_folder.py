"""The folder that the province's system drops its exports into."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from ledger.child import ImportBroken
from ledger.folder import Folder
from ledger.importing import import_file
from office import journal
from office.dossier_import import Report, explained
from tools.rehearsal import PHRASES, Hall
from tools.waiting import wait_for

GOOD = "Mã hồ sơ;Ngày tiếp nhận;Trạng thái\nH55.242-261120-0001;20/11/2026;4\n"
BAD = "Mã hồ sơ;Ngày tiếp nhận;Trạng thái\nH55.242-261120-0002;31/02/2026;4\n"
SETTLE_S = 0.3
KEEP_DAYS = 2


class Watched:
    """A watched folder under way. ``broken``: dial, how many imports end without a result; ``meanwhile``: done once,
    while the next file is imported."""

    def __init__(self, hall: Hall, path: Path) -> None:
        self.path = path
        self.broken = 0
        self.meanwhile: Callable[[], object] | None = None
        self.taken: list[float] = []
        self._hall = hall
        words = partial(explained, PHRASES, "vi")
        self.folder = Folder(path, self._take, words, settle_s=SETTLE_S, poll_s=0.02, retry_s=0.2, keep_days=KEEP_DAYS)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self.folder.run, args=(self._stop,))

    def start(self) -> None:
        """Begin to watch, and wait for the first look."""
        self._thread.start()
        self.until((self.path / "refused").is_dir)

    def end(self) -> None:
        """Stop watching."""
        self._stop.set()
        self._thread.join(10)

    def names(self, where: str = "") -> list[str]:
        """Files there, in order."""
        return sorted(path.name for path in (self.path / where).iterdir() if path.is_file())

    def until(self, met: Callable[[], bool]) -> None:
        """Wait for ``met``, ten seconds at most."""
        wait_for(met, 10, lambda: (self.names(), self.names("done"), self.names("refused")))

    def _take(self, path: Path) -> Report:
        self.taken.append(time.monotonic())
        if self.broken:
            self.broken -= 1
            raise ImportBroken("killed")
        happens, self.meanwhile = self.meanwhile, None
        if happens:
            happens()
        try:
            return import_file(self._hall.store, self._hall.settings, path, actor="system")
        finally:
            self._hall.store.close()


@pytest.fixture(name="watched")
def _watched(hall: Hall, tmp_path: Path) -> Iterator[Watched]:
    made = Watched(hall, tmp_path / "exports" / "tinh")
    made.start()
    yield made
    made.end()


def test_an_export_is_imported_once_it_stands_still(hall: Hall, watched: Watched) -> None:
    path = watched.path / "a.csv"
    with path.open("w", encoding="utf-8") as file:
        for n in range(6):
            file.write(GOOD if n == 0 else f"H55.242-261120-1{n:03d};20/11/2026;4\n")
            file.flush()
            written = time.monotonic()
            time.sleep(0.1)
    watched.until(lambda: watched.names("done") == ["a.csv"])
    assert watched.taken[0] - written >= SETTLE_S
    assert hall.store.read().execute("SELECT count(*) FROM dossiers").fetchone()[0] == 6
    assert (watched.names(), watched.names("refused")) == ([], [])


def test_a_second_copy_changes_nothing(hall: Hall, watched: Watched) -> None:
    (watched.path / "a.csv").write_text(GOOD, encoding="utf-8")
    watched.until(lambda: watched.names("done") == ["a.csv"])
    head = journal.head(hall.store.read())
    for name in ("a.csv", "b.csv"):
        (watched.path / name).write_text(GOOD, encoding="utf-8")
    watched.until(lambda: len(watched.names("done")) == 3)
    assert journal.head(hall.store.read()) == head
    assert {name.split(".")[0] for name in watched.names("done")} == {"a", "b"}


def test_what_was_set_aside_is_deleted_after_its_days(watched: Watched) -> None:
    for name, days in (("done/old.csv", 2.1), ("refused/old.xlsx.txt", 2.1), ("done/new.csv", 1.9), ("a.csv", 9)):
        (watched.path / name).write_text(GOOD, encoding="utf-8")
        os.utime(watched.path / name, (time.time() - days * 86_400,) * 2)
    watched.until(lambda: watched.names("done") == ["a.csv", "new.csv"] and not watched.names("refused"))
    (watched.path / "b.csv").write_text(GOOD, encoding="utf-8")  # the days begin when a file is set aside
    watched.until(lambda: watched.names("done") == ["a.csv", "b.csv", "new.csv"])


def test_a_refused_export_goes_aside_with_a_text_of_what_to_mend(hall: Hall, watched: Watched) -> None:
    before = hall.dump()
    (watched.path / "b.csv").write_text(BAD, encoding="utf-8")
    watched.until(lambda: watched.names("refused") == ["b.csv", "b.csv.txt"])
    text = (watched.path / "refused" / "b.csv.txt").read_text(encoding="utf-8-sig")
    assert "Hàng 2, cột “Ngày tiếp nhận”: ngày này không có trong lịch" in text
    assert hall.dump() == before
    (watched.path / "b.csv").write_text(GOOD, encoding="utf-8")
    watched.until(lambda: watched.names("done") == ["b.csv"])


def test_half_copied_hidden_and_locked_files_are_left_alone(watched: Watched) -> None:
    names = [".hidden.csv", "a.csv.part", "a.csv.filepart", "~$a.xlsx"]
    for name in names:
        (watched.path / name).write_text(GOOD, encoding="utf-8")
    (watched.path / "folder").mkdir()
    (watched.path / "empty.csv").touch()
    (watched.path / "link.csv").symlink_to(watched.path / "a.csv.part")
    time.sleep(3 * SETTLE_S)
    assert watched.names() == sorted([*names, "empty.csv", "link.csv"])
    assert watched.taken == []
    (watched.path / "a.csv.part").rename(watched.path / "a.csv")
    watched.until(lambda: watched.names("done") == ["a.csv"])


def test_an_export_that_takes_the_name_of_the_one_under_way_is_imported_too(hall: Hall, watched: Watched) -> None:
    fresh, path = watched.path / ".new", watched.path / "hoso.csv"
    fresh.write_text(GOOD.replace("0001", "0002"), encoding="utf-8")
    watched.meanwhile = lambda: fresh.replace(path)
    path.write_text(GOOD, encoding="utf-8")
    watched.until(lambda: len(watched.names("done")) == 2)
    assert hall.store.read().execute("SELECT count(*) FROM dossiers").fetchone() == (2,)
    assert (watched.names(), watched.names("taking")) == ([], [])


def test_an_export_that_is_still_written_to_while_it_is_imported_is_imported_once_more(
    hall: Hall, watched: Watched
) -> None:
    path = watched.path / "hoso.csv"
    path.write_text(GOOD, encoding="utf-8")
    with path.open("a", encoding="utf-8") as exporter:

        def goes_on() -> None:
            import_file(hall.store, hall.settings, watched.path / "taking" / "hoso.csv", actor="system")
            print("H55.242-261120-0002;20/11/2026;4", file=exporter, flush=True)

        watched.meanwhile = goes_on
        watched.until(lambda: watched.names("done") == ["hoso.csv"])
    assert len(watched.taken) == 2
    assert hall.store.read().execute("SELECT count(*) FROM dossiers").fetchone() == (2,)


def test_the_oldest_export_goes_first_whatever_it_is_called(hall: Hall, tmp_path: Path) -> None:
    watched = Watched(hall, tmp_path / "tinh")
    watched.path.mkdir()
    for n, name in enumerate(("ho-so-28-11-2026.csv", "ho-so-01-12-2026.csv")):
        path = watched.path / name
        path.write_text(GOOD.replace(";4", f";{(4, 9)[n]}"), encoding="utf-8")
        os.utime(path, (1_795_800_000 + n, 1_795_800_000 + n))
    watched.start()
    watched.until(lambda: len(watched.names("done")) == 2)
    watched.end()
    assert hall.store.read().execute("SELECT status FROM dossiers").fetchone() == (9,)


def test_an_import_without_a_result_is_tried_again(hall: Hall, watched: Watched) -> None:
    watched.broken = 2
    for n, name in enumerate(("b.csv", "a.csv")):  # the younger one waits: after it the older would tell what is old
        (watched.path / name).write_text(GOOD.replace(";4", f";{(4, 9)[n]}"), encoding="utf-8")
        os.utime(watched.path / name, (1_795_800_000 + n, 1_795_800_000 + n))
    watched.until(lambda: watched.names("done") == ["a.csv", "b.csv"])
    assert len(watched.taken) == 4
    assert hall.store.read().execute("SELECT status FROM dossiers").fetchall() == [(9,)]


def test_a_folder_that_cannot_be_used_is_told_and_comes_back(hall: Hall, tmp_path: Path) -> None:
    (tmp_path / "exports").write_text("a file stands in the way", encoding="utf-8")
    watched = Watched(hall, tmp_path / "exports" / "tinh")
    watched._thread.start()
    try:
        wait_for(lambda: watched.folder.state()["state"] == "trouble", 10)
        (tmp_path / "exports").unlink()
        watched.until(lambda: watched.folder.state() == {"state": "ok", "reason": None})
    finally:
        watched.end()
