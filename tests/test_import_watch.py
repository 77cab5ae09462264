"""Which folder may be watched for exports, which files are taken, and what a fault of ours does to the rest."""

import logging
import os
import subprocess
import sys
import threading
from pathlib import Path, PosixPath

import pytest

from benchmarks.hall import ROOT, found
from ledger.folder import Folder, stand_apart
from office.dossier_import import ImportRefused, Report
from office.dossier_table import Fault
from office.errors import ConfigurationError
from tools.waiting import wait_for


def test_the_offices_own_folders_are_never_watched(tmp_path: Path) -> None:
    data, config = tmp_path / "office" / "data", tmp_path / "config"
    apart = (data, config, data / "office.db")
    for wrong in (data, data / "x" / "..", config, tmp_path, tmp_path / "office", data / "office.db"):
        with pytest.raises(ConfigurationError, match=r"dossiers\.toml: imports\.watch"):
            stand_apart(wrong, "dossiers.toml: imports.watch", apart)
    for good in (data / "exports", config / "exports", tmp_path / "office" / "exports"):
        stand_apart(good, "dossiers.toml: imports.watch", apart)


def test_a_link_to_the_data_folder_is_found_out(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "exports").symlink_to(tmp_path / "data")
    with pytest.raises(ConfigurationError):
        stand_apart(tmp_path / "exports", "x", (tmp_path / "data",))


def test_an_office_that_would_watch_itself_does_not_start(tmp_path: Path) -> None:
    office = found(tmp_path)
    file = office.config / "dossiers.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('watch = ""', 'watch = "."'), encoding="utf-8")
    place = ["--config", str(office.config), "--data", str(office.data)]
    done = subprocess.run(
        [sys.executable, "server.py", *place, "serve", "--port", "0"],
        cwd=ROOT, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "dossiers.toml: imports.watch" in done.stderr


def test_only_exports_are_taken_and_a_fault_of_ours_ends_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    names = ["b.CSV", "c.xlsx", "d.jsonl", "e.json", "f.txt"]
    others = ["office.db", "office.db-wal", "g.csv.part", "noending"]
    for name in ("a.csv", *names, *others):
        (tmp_path / name).write_text("x", encoding="utf-8")
    troubles: list[str] = []

    def take(path: Path) -> Report:
        if path.name == "a.csv":
            raise RuntimeError("a fault of ours")
        troubles.append(folder.state()["state"])
        return Report(1, 1, 0, 0, ())

    folder = Folder(tmp_path, take, str, settle_s=0.05, poll_s=0.02, retry_s=60)
    stop = threading.Event()
    thread = threading.Thread(target=folder.run, args=(stop,))
    with caplog.at_level(logging.WARNING, "ledger.folder"):
        thread.start()
        wait_for(lambda: len(list((tmp_path / "done").glob("*"))) >= len(names), 10)
        stop.set()
        thread.join(10)
    assert sorted(path.name for path in (tmp_path / "done").iterdir()) == names
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == sorted(others)
    assert [path.name for path in (tmp_path / "taking").iterdir()] == ["a.csv"]
    assert troubles[0] == "trouble"
    assert [one.getMessage() for one in caplog.records] == ["the import folder cannot be used: RuntimeError"]


class Theirs(PosixPath):
    """Files of another account: those named held are open there and cannot be deleted here, and one that is put into
    refused/ is taken away at once."""

    def unlink(self, missing_ok: bool = False) -> None:
        """As any, but for those that are held."""
        if self.name.startswith("held"):
            raise PermissionError("another program has it open")
        super().unlink(missing_ok)

    def replace(self, target: str | os.PathLike[str]) -> "Theirs":
        """As any; its time can then no longer be set."""
        moved = super().replace(target)
        if moved.parent.name == "refused":
            moved.unlink()
        return moved


def test_files_of_another_account_keep_no_refusal_from_its_text_and_no_other_file_from_its_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def take(path: Path) -> Report:
        raise ImportRefused([Fault(1, "", "code", "no_code")], 1)

    (tmp_path / "done").mkdir()
    for n, name in enumerate(("done/held.csv", "done/old.csv", "a.csv")):
        (tmp_path / name).write_text("x", encoding="utf-8")
        os.utime(tmp_path / name, (1_700_000_000 + n,) * 2)
    folder = Folder(Theirs(tmp_path), take, lambda _: "Mời sửa", settle_s=0.02, poll_s=0.02, retry_s=0.02, keep_days=30)
    stop = threading.Event()
    thread = threading.Thread(target=folder.run, args=(stop,))
    with caplog.at_level(logging.WARNING, "ledger.folder"):
        thread.start()
        wait_for((tmp_path / "refused" / "a.csv.txt").exists, 10)
        stop.set()
        thread.join(10)
    assert folder.state() == {"state": "ok", "reason": None}
    assert [path.name for path in (tmp_path / "done").iterdir()] == ["held.csv"]
    told = [one for one in caplog.messages if "refused" not in one]
    assert told == ["a file set aside cannot be deleted: PermissionError"]
