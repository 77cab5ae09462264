"""An import is whole or nothing, whatever happens meanwhile: a clerk, a second import, a kill."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.child import ImportBroken, ImportBusy, Importer, Wanted
from ledger.importing import import_file
from office import dossier_acts, dossiers, journal
from office.dossier_import import ImportRefused, Progress, Report, explained, run
from office.dossier_rows import CHUNK
from office.replay import rehearse
from tools.rehearsal import CONFIG, PHRASES, Hall

ROOT = Path(__file__).resolve().parent.parent
HEAD = ("Mã hồ sơ", "Người nộp", "Số CCCD", "Ngày tiếp nhận", "Trạng thái", "Lệ phí", "Đơn vị xử lý")
MANY = 3 * CHUNK + 7


def code(n: int) -> str:
    return f"H55.242-261120-{n:04d}"


def rows(count: int, status: str = "4", start: int = 1) -> list[tuple[str, ...]]:
    """``count`` dossiers of invented people."""
    made = range(start, start + count)
    return [(code(n), "Nguyễn Văn Thử", f"{n:012d}", "20/11/2026 08:00", status, "8.000", "Phòng Mẫu") for n in made]


def lines(count: int, status: str = "4") -> Iterator[tuple[int, tuple[str, ...]]]:
    yield from enumerate([HEAD, *rows(count, status)], start=1)


def as_file(path: Path, count: int, status: str = "4") -> Path:
    text = "\n".join(";".join(row) for row in [HEAD, *rows(count, status)])
    path.write_text(text + "\n", encoding="utf-8")
    return path


def head(hall: Hall) -> tuple[int, str]:
    return journal.head(hall.store.read())


def take(hall: Hall, count: int, status: str = "4", **more: Any) -> Report:
    return run(hall.store, hall.settings, lines(count, status), actor="system", **more)


# ---- in this process -----------------------------------------------------------------------------


def test_a_file_is_written_in_one_act_and_in_few_events(hall: Hall) -> None:
    assert take(hall, MANY) == Report(MANY, MANY, 0, 0, ())
    told = journal.read(hall.store.read())
    assert [event.kind for event in told] == ["dossier.imported"] * 4
    assert {event.at for event in told} == {hall.clock.at}
    assert "Nguyễn" not in json.dumps([event.data for event in told], ensure_ascii=False)
    assert "000000000007" not in json.dumps([event.data for event in told])
    who = dossiers.applicant(hall.store.read(), code(7))
    assert who is not None
    assert (who.name, who.id_number) == ("Nguyễn Văn Thử", "000000000007")
    assert rehearse(hall.store) == {}


def test_the_same_again_changes_nothing(hall: Hall) -> None:
    take(hall, MANY)
    before = head(hall), hall.dump()
    hall.clock.turn(days=1)
    assert take(hall, MANY) == Report(MANY, 0, 0, MANY, ())
    assert (head(hall), hall.dump()) == before


def test_only_what_differs_is_written(hall: Hall) -> None:
    take(hall, MANY)
    changed = [(1, HEAD), *enumerate(rows(MANY), start=2)]
    changed[700] = (701, (*rows(1, "9", 700)[0],))
    report = run(hall.store, hall.settings, iter(changed), actor="system")
    assert report == Report(MANY, 0, 1, MANY - 1, ())
    (event,) = journal.read(hall.store.read(), since=4)
    assert len(event.data["rows"]) == 1
    assert dossiers.get(hall.store.read(), code(700)).status == 9
    assert rehearse(hall.store) == {}


def test_progress_is_told_and_ends_with_writing(hall: Hall) -> None:
    seen: list[Progress] = []
    take(hall, MANY, progress=seen.append, share=lambda: 0.5)
    assert [one.doing for one in seen] == ["reading"] * 4 + ["writing"]
    assert [one.rows for one in seen] == [CHUNK, 2 * CHUNK, 3 * CHUNK, MANY, MANY]


def test_a_clerk_who_is_quicker_keeps_what_the_file_does_not_tell(hall: Hall) -> None:
    take(hall, MANY)
    head_before = head(hall)[0]

    def with_a_clerk() -> Iterator[tuple[int, tuple[str, ...]]]:
        for number, cells in lines(MANY, "9"):
            yield number, cells[:6]  # no unit
        hall.do(dossier_acts.move, code(3), to_unit="Phòng Khác", actor="person:lan")

    report = run(hall.store, hall.settings, with_a_clerk(), actor="system")
    assert report.changed == MANY
    got = dossiers.get(hall.store.read(), code(3))
    assert (got.unit, got.status) == ("Phòng Khác", 9)
    kinds = [event.kind for event in journal.read(hall.store.read(), since=head_before)]
    assert kinds == ["dossier.moved", *["dossier.imported"] * 4]
    assert rehearse(hall.store) == {}


def test_two_imports_at_once_are_one_after_the_other(hall: Hall) -> None:
    def with_another() -> Iterator[tuple[int, tuple[str, ...]]]:
        yield from lines(MANY)
        thread = threading.Thread(target=take, args=(hall, MANY))
        thread.start()
        thread.join()

    assert run(hall.store, hall.settings, with_another(), actor="system") == Report(MANY, 0, 0, MANY, ())
    assert rehearse(hall.store) == {}


def test_a_fault_in_the_last_row_leaves_nothing(hall: Hall) -> None:
    before = head(hall), hall.dump()
    bad = [*lines(MANY), (MANY + 2, ("x", *rows(1)[0][1:]))]
    with pytest.raises(ImportRefused) as refusal:
        run(hall.store, hall.settings, iter(bad), actor="system")
    assert (head(hall), hall.dump()) == before
    for language in PHRASES.languages:
        assert str(MANY + 2) in explained(PHRASES, language, refusal.value)


def test_a_stumble_while_writing_leaves_nothing(hall: Hall) -> None:
    """A full disk in the middle of the act: the trigger stands for it."""
    hall.store.read().execute(
        "CREATE TRIGGER full BEFORE INSERT ON dossiers WHEN NEW.key LIKE '%1400'"
        " BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    )
    before = head(hall), hall.dump()
    with pytest.raises(Exception, match="disk full"):
        take(hall, MANY)
    assert (head(hall), hall.dump()) == before


# ---- in a process of its own ---------------------------------------------------------------------


@pytest.fixture(name="importer")
def _importer(hall: Hall) -> Iterator[Importer]:
    made = Importer(command(hall), ROOT)
    yield made
    made.close()


def command(hall: Hall) -> list[str]:
    place = ["--config", str(CONFIG), "--file", str(hall.store.path)]
    return [sys.executable, "-m", "ledger", *place]


def test_a_child_imports_and_refuses_as_we_do(hall: Hall, importer: Importer, tmp_path: Path) -> None:
    good = as_file(tmp_path / "good.csv", MANY)
    assert importer.run(Wanted(good, "key:tinh")) == Report(MANY, MANY, 0, 0, ())
    assert journal.read(hall.store.read())[0].actor == "key:tinh"
    assert importer.run(Wanted(good, "key:tinh")).same == MANY
    assert importer.progress() is None
    bad = tmp_path / "-bad name.csv"
    bad.write_text("Mã hồ sơ;Lệ phí\nx;1\n", encoding="utf-8")
    with pytest.raises(ImportRefused) as refusal:
        importer.run(Wanted(bad, "system"))
    with pytest.raises(ImportRefused) as ours:
        import_file(hall.store, hall.settings, bad, actor="system")
    assert refusal.value.params == ours.value.params


def test_a_child_that_is_killed_leaves_all_or_nothing(hall: Hall, tmp_path: Path) -> None:
    path = as_file(tmp_path / "a.csv", 9 * CHUNK)
    for wait_for, pause_s in (
        ("reading", 0.0),
        ("writing", 0.0),
        ("writing", 0.03),
        ("writing", 0.1),
        ("writing", 0.3),
    ):
        process = subprocess.Popen(
            [*command(hall), "--actor", "system", str(path)], cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8"
        )
        assert process.stdout is not None
        for line in process.stdout:
            if wait_for in line:
                break
        time.sleep(pause_s)
        os.kill(process.pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        process.wait()
        process.stdout.close()
        count = hall.store.read().execute("SELECT count(*) FROM dossiers").fetchone()[0]
        assert count in (0, 9 * CHUNK)
        assert journal.verify(hall.store.read()) == (count and 9)
        assert rehearse(hall.store) == {}
    assert import_file(hall.store, hall.settings, path, actor="system").rows == 9 * CHUNK


def test_one_import_at_a_time_and_none_after_the_end(hall: Hall, importer: Importer, tmp_path: Path) -> None:
    path = as_file(tmp_path / "a.csv", MANY)
    done: list[Report] = []
    thread = threading.Thread(target=lambda: done.append(importer.run(Wanted(path, "system"))))
    thread.start()
    while importer.progress() is None:
        time.sleep(0.001)
    with pytest.raises(ImportBusy):
        importer.run(Wanted(path, "system"), wait_s=0)
    assert importer.run(Wanted(path, "system")).same == MANY
    thread.join()
    assert done[0].added == MANY
    importer.close()
    with pytest.raises(ImportBroken):
        importer.run(Wanted(path, "system"))


def test_an_import_under_way_ends_with_the_office(hall: Hall, importer: Importer, tmp_path: Path) -> None:
    path = as_file(tmp_path / "a.csv", 9 * CHUNK)
    ended: list[BaseException] = []

    def work() -> None:
        try:
            importer.run(Wanted(path, "system"))
        except ImportBroken as fault:
            ended.append(fault)

    thread = threading.Thread(target=work)
    thread.start()
    while importer.progress() is None or importer.progress() == Progress("reading", 0, 0.0):
        time.sleep(0.001)
    importer.close()
    thread.join(10)
    assert not thread.is_alive()
    assert len(ended) == 1
    assert head(hall)[0] == 0


def test_a_child_that_says_nothing_is_told(hall: Hall, tmp_path: Path) -> None:
    path = as_file(tmp_path / "a.csv", 1)
    with pytest.raises(ImportBroken):
        Importer([sys.executable, "-c", "raise SystemExit(3)"], ROOT).run(Wanted(path, "system"))


def test_numbers_are_given_while_a_file_is_imported(hall: Hall, importer: Importer, tmp_path: Path) -> None:
    """Whoever takes one waits for the chunks that are written, not for the reading (docs/architecture.md)."""
    path = as_file(tmp_path / "a.csv", 9 * CHUNK)
    began = time.monotonic()
    take(hall, CHUNK, "2")
    a_chunk = time.monotonic() - began
    thread = threading.Thread(target=importer.run, args=(Wanted(path, "system"),))
    thread.start()
    given, longest = 0, 0.0
    while thread.is_alive():
        began = time.monotonic()
        hall.issue("ho-tich")
        longest, given = max(longest, time.monotonic() - began), given + 1
        time.sleep(0.005)
    thread.join()
    assert given > 10
    assert longest < 9 * a_chunk
    assert hall.store.read().execute("SELECT count(*) FROM dossiers").fetchone()[0] == 9 * CHUNK
    assert rehearse(hall.store) == {}


# ---- the command ---------------------------------------------------------------------------------


def command_line(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    office = ["--config", str(CONFIG), "--data", str(tmp_path / "data")]
    whole = [sys.executable, "server.py", *office, "dossiers", "import", *arguments]
    return subprocess.run(whole, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=False)


def test_the_command_imports_tells_and_refuses(tmp_path: Path) -> None:
    good = as_file(tmp_path / "good.csv", 3)
    done = command_line(tmp_path, str(good))
    assert (done.returncode, done.stdout) == (0, "3 dossiers: 3 added, 0 changed, 0 as they were\n")
    assert command_line(tmp_path, str(good)).stdout == "3 dossiers: 0 added, 0 changed, 3 as they were\n"
    (tmp_path / "bad.csv").write_text("Mã hồ sơ;Ngày tiếp nhận\n" + code(9) + ";31/02/2026\n", encoding="utf-8")
    refused = command_line(tmp_path, str(tmp_path / "bad.csv"))
    assert refused.returncode == 1
    assert "Hàng 2, cột “Ngày tiếp nhận”" in refused.stderr
    assert "nothing was imported; 1 to mend" in refused.stderr
    english = command_line(tmp_path, "--language", "en", str(tmp_path / "bad.csv"))
    assert "Row 2, column “Ngày tiếp nhận”: there is no such day" in english.stderr
    other = as_file(tmp_path / "other.csv", 1)
    other.write_text(other.read_text(encoding="utf-8").replace(code(1), "LA-2026-77"), encoding="utf-8")
    assert command_line(tmp_path, str(other)).returncode == 1
    assert command_line(tmp_path, "--accept-unknown-codes", str(other)).returncode == 0
    assert command_line(tmp_path, str(tmp_path / "none.csv")).returncode == 2
