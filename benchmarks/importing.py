"""(i) 100,000 dossiers from a file, by the import's own process beside a running server that goes on giving numbers."""

import csv
import http.client
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from benchmarks.figures import Figure, percentile
from benchmarks.hall import ROOT, Office, connect, found, post, serving
from office import journal
from office.store import Store

ROWS, FEW = 100_000, 25_000
LIMIT_S, LIMIT_MB = 60.0, 300.0
A_DAY = 400
PAUSE_S = 0.03
FIRST = datetime(2025, 1, 2, 7, 0)  # noqa: DTZ001 — a cell has no zone
HEAD = (
    *("STT", "Mã hồ sơ", "Mã thủ tục", "Tên thủ tục", "Lĩnh vực", "Người nộp", "Địa chỉ", "Số điện thoại", "Số CCCD"),
    *("Ngày tiếp nhận", "Ngày hẹn trả", "Trạng thái", "Hình thức tiếp nhận", "Hình thức trả kết quả", "Lệ phí"),
    *("Số bộ", "Đơn vị xử lý", "Ngày có kết quả"),
)
STATUSES = ("Đang xử lý", "DA_TRA_KQ", "THU_LY", "Đã xử lý xong", "BO_SUNG")
WAYS = ("Trực tiếp", "Trực tuyến", "Bưu chính")
FEES = ("20.000 đồng", "0", "Miễn phí", "")
LAST_NAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ")
Row = list[Any]


@dataclass
class Queue:
    """A kiosk that takes numbers, one after another, for as long as the block runs; ``waits`` in ms."""

    office: Office
    waits: list[float] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Queue":
        self._thread = threading.Thread(target=self._take)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _take(self) -> None:
        line = connect(self.office.port)
        body = json.dumps({"service": self.office.settings.services[0].id, "slip": False})
        while not self._stop.wait(PAUSE_S):
            began = time.perf_counter()
            status, _ = _ask(line, self.office, body)
            self.waits.append(1000 * (time.perf_counter() - began))
            if status != 201:
                raise RuntimeError(f"no number: {status}")
        line.close()


@dataclass(frozen=True, slots=True)
class Run:
    """One import: seconds, peak memory of its process (MB), what it said, the waits for a number meanwhile (ms)."""

    took: float
    peak: float
    report: dict[str, Any]
    waits: list[float]


def measure(folder: Path) -> list[Figure]:
    """CSV, XLSX and JSON lines into offices of their own, each file twice; then one with every dossier changed."""
    files = {kind: write(folder / f"export.{kind}", ROWS) for kind, write in WRITERS.items()}
    few = as_csv(folder / "few.csv", FEW)
    changed = as_csv(folder / "changed.csv", ROWS, shift=1)
    figures: list[Figure] = []
    for kind, path in files.items():
        office = found(_fresh(folder, kind))
        with serving(office):
            first = run(office, path)
            _expect(first, "added", ROWS)
            again, same = _again(office, path)
            figures += _figures(kind, first, again, same=same)
            if kind == "csv":
                every = run(office, changed)
                _expect(every, "changed", ROWS - every.report["ours"])  # no file takes a result back from its owner
    office = found(_fresh(folder, "few"))
    with serving(office):
        small = run(office, few)
    peak = next(figure.value for figure in figures if figure.name.startswith("csv") and figure.unit == "MB")
    return [
        *figures,
        Figure("i", f"peak memory: {ROWS:,} rows ÷ {FEW:,} rows (CSV)", peak / small.peak, ""),
        Figure("i", f"every one of {ROWS:,} known dossiers changed (CSV)", every.took, "s", LIMIT_S),
        Figure("i", "the same: longest wait for a number", max(every.waits), "ms"),
    ]


def run(office: Office, path: Path) -> Run:
    """Import ``path`` as the server does: in a process of its own, beside the running server."""
    place = ["--config", str(office.config), "--file", str(office.data / "office.sqlite3")]
    command = [sys.executable, "-m", "ledger", *place, "--actor", "system", str(path)]
    said: list[dict[str, Any]] = []
    peak = 0.0
    with Queue(office) as queue:
        began = time.perf_counter()
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8") as process:
            for line in process.stdout or ():
                said.append(json.loads(line))
                peak = max(peak, _peak(process.pid))
        took = time.perf_counter() - began
    return Run(took, peak, said[-1]["report"], queue.waits)


def _peak(pid: int) -> float:
    """The most memory that a process has had since it began, MB; 0 when it has ended or the system does not tell.

    Not ``ru_maxrss``: on Linux a child begins with its parent's.
    """
    try:
        told = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+) kB", told)
    return int(found[1]) * 1024 / 1e6 if found else 0.0


def as_csv(path: Path, count: int, shift: int = 0) -> Path:
    """``count`` dossiers as a semicolon-separated export; ``shift`` gives each another status."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEAD)
        writer.writerows(_text(count, shift))
    return path


def as_lines(path: Path, count: int) -> Path:
    """The same as JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        for row in _text(count, 0):
            file.write(json.dumps(dict(zip(HEAD, row, strict=True)), ensure_ascii=False) + "\n")
    return path


def as_xlsx(path: Path, count: int) -> Path:
    """The same as a workbook, days as real cells."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("HS")
    sheet.append(HEAD)
    for row in _rows(count, 0):
        sheet.append(row)
    book.save(path)
    return path


WRITERS: dict[str, Callable[[Path, int], Path]] = {"csv": as_csv, "xlsx": as_xlsx, "jsonl": as_lines}


def _rows(count: int, shift: int) -> Iterator[Row]:
    """Dossiers of invented people; days are moments."""
    for n in range(count):
        at = FIRST + timedelta(days=n // A_DAY, minutes=n % A_DAY)
        done = at + timedelta(days=2) if (n + shift) % len(STATUSES) in (1, 3) else None
        yield [
            *(
                n + 1,
                f"H55.242-{at:%y%m%d}-{n % A_DAY + 1:04d}",
                "1.001193.000.00.00.H55",
                "Đăng ký khai sinh",
                "Hộ tịch",
            ),
            *(f"{LAST_NAMES[n % 6]} Thị Mẫu {n}", f"Xóm {n % 50}, nhà số {n}, xã Phú Lương, tỉnh Thái Nguyên"),
            *(f"0900{n % 1_000_000:06d}", f"000{n:09d}", at, (at + timedelta(days=3)).replace(hour=0, minute=0)),
            *(
                STATUSES[(n + shift) % len(STATUSES)],
                WAYS[n % 3],
                WAYS[0],
                FEES[n % 4],
                1,
                "Phòng Văn hóa - Xã hội",
                done,
            ),
        ]


def _text(count: int, shift: int) -> Iterator[Row]:
    for row in _rows(count, shift):
        row[9], row[10] = f"{row[9]:%d/%m/%Y %H:%M}", f"{row[10]:%d/%m/%Y}"
        row[-1] = f"{row[-1]:%d/%m/%Y %H:%M}" if row[-1] else ""
        yield row


def _again(office: Office, path: Path) -> tuple[Run, bool]:
    """The same file again; whether the journal has no event of a dossier more than before."""
    before = _dossier_events(office)
    run_again = run(office, path)
    _expect(run_again, "same", ROWS)
    return run_again, _dossier_events(office) == before


def _dossier_events(office: Office) -> tuple[int, str]:
    """Seq and hash of the last event that is no ticket's: the kiosk takes numbers all the while."""
    store = Store(office.data / "office.sqlite3")
    try:
        kinds = ("dossier.imported", "dossier.moved")
        events = [event for event in journal.walk(store.read()) if event.kind in kinds]
        return events[-1].seq, events[-1].hash
    finally:
        store.close()


def _ask(line: http.client.HTTPConnection, office: Office, body: str) -> tuple[int, bytes]:
    return post(line, office, "/tickets", body)


def _fresh(folder: Path, name: str) -> Path:
    path = folder / f"office-{name}"
    path.mkdir()
    return path


def _expect(done: Run, name: str, count: int) -> None:
    if done.report[name] != count:
        raise RuntimeError(f"{name} should be {count}: {done.report}")


def _figures(kind: str, first: Run, again: Run, *, same: bool) -> list[Figure]:
    name = f"{kind}: {ROWS:,} new dossiers"
    return [
        Figure("i", name, first.took, "s", LIMIT_S),
        Figure("i", f"{kind}: peak memory of the import's process", first.peak, "MB", LIMIT_MB),
        Figure("i", f"{kind}: longest wait for a number meanwhile", max(first.waits), "ms"),
        Figure("i", f"{kind}: p99 of these waits", percentile(first.waits, 0.99), "ms"),
        Figure("i", f"{kind}: the same file again", again.took, "s", LIMIT_S),
        Figure("i", f"{kind}: events it wrote then (0: none)", float(not same), "", 0.0),
    ]
