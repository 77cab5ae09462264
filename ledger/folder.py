"""The folder into which the province's system drops its exports: each file is imported once it has stopped growing.

The oldest is taken first, by when it was written: an exporter's names need not sort. Before its import a file goes
aside to ``taking/``, so that the next export may take its name meanwhile; afterwards to ``done/``, or, if it was
refused, to ``refused/`` with a text beside it that tells what is wrong in it. If the power fails in between it is
imported again, which changes nothing. One whose import gives no result is tried again, and a few times the younger ones
wait for it: after them it would tell what is old.

What is aside has names, telephones and identity numbers in it, also of those whom the register has erased since: it is
deleted after ``keep_days``.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from ledger.child import ImportBroken
from office.dossier_import import ImportRefused, Report
from office.errors import ConfigurationError

POLL_S: Final = 1.0
EMPTY_TIMES: Final = 12
"""An empty file is waited for so many times longer: somebody has only just made it."""
RETRY_S: Final = 60.0
PATIENCE: Final = 3
"""Tries for which the younger exports wait; then it is rather the file than the moment."""
DAY_S: Final = 86_400
TAKING, DONE, REFUSED = "taking", "done", "refused"
ENDINGS: Final = (".csv", ".xlsx", ".jsonl", ".json", ".txt")

log = logging.getLogger(__name__)
Size = tuple[int, int, int]
"""Bytes, when they were written last (ns), and which file it is."""


class Folder:
    """One watched folder. ``take`` imports a file (raises ImportRefused, ImportBroken); ``explain`` words a refusal;
    ``keep_days`` 0: what is aside stays."""

    def __init__(
        self,
        path: Path,
        take: Callable[[Path], Report],
        explain: Callable[[ImportRefused], str],
        *,
        settle_s: float,
        poll_s: float = POLL_S,
        retry_s: float = RETRY_S,
        keep_days: int = 0,
    ) -> None:
        self.path = path
        self._take = take
        self._explain = explain
        self._settle_s = settle_s
        self._poll_s = poll_s
        self._retry_s = retry_s
        self._keep_s = keep_days * DAY_S
        self._purge_at = time.monotonic()
        self._seen: dict[Path, tuple[Size, float]] = {}
        self._later: dict[Path, float] = {}
        self._tries: dict[Path, int] = {}
        self._stuck: set[Path] = set()
        self._trouble: str | None = None

    def state(self) -> dict[str, Any]:
        """For the office's health: ok, or trouble when the folder cannot be used."""
        return {"state": "trouble" if self._trouble else "ok", "reason": self._trouble}

    def run(self, stop: threading.Event) -> None:
        """Watch until ``stop``. For a thread of its own."""
        while not stop.wait(self._poll_s):
            try:
                for name in (TAKING, DONE, REFUSED):
                    (self.path / name).mkdir(parents=True, exist_ok=True)
                self._purge()
                self._look(stop)
                self._trouble = None
            except Exception as fault:  # whatever it is, tomorrow's exports must still come in
                if self._trouble is None:
                    log.warning("the import folder cannot be used: %s", type(fault).__name__)
                self._trouble = "folder"

    def _purge(self) -> None:
        """Now and then delete what has been aside for its days. One that cannot be (somebody has it open) is tried
        again, and keeps no other."""
        if not self._keep_s or time.monotonic() < self._purge_at:
            return
        self._purge_at = time.monotonic() + self._retry_s
        before, self._stuck = self._stuck, set()
        for path in (*_oldest_first(self.path / DONE), *_oldest_first(self.path / REFUSED)):
            try:
                if path.stat().st_mtime < time.time() - self._keep_s:
                    path.unlink()
            except OSError as fault:
                if path not in before:  # said once, not every minute for days
                    log.warning("a file set aside cannot be deleted: %s", type(fault).__name__)
                self._stuck.add(path)

    def _look(self, stop: threading.Event) -> None:
        present = _oldest_first(self.path / TAKING) + _oldest_first(self.path)
        self._seen = {path: seen for path, seen in self._seen.items() if path in present}
        self._later = {path: at for path, at in self._later.items() if path in present}
        self._tries = {path: tries for path, tries in self._tries.items() if path in present}
        for path in present:
            if stop.is_set():
                return
            where = self._take_up(path) if self._ready(path) else path
            if 0 < self._tries.get(where, 0) < PATIENCE:
                return

    def _ready(self, path: Path) -> bool:
        now, size = time.monotonic(), _size(path)
        if size is None:
            return False
        before, since = self._seen.get(path, (None, now))
        if size != before:
            self._seen[path] = (size, now)
            return False
        settle_s = self._settle_s * (1 if size[0] else EMPTY_TIMES)
        return now - since >= settle_s and now >= self._later.get(path, 0)

    def _take_up(self, path: Path) -> Path:
        """Import a file that stands still, once it is aside; where it is then. One that was written to meanwhile must
        stand still anew: it waits in taking/."""
        size, _ = self._seen.pop(path)
        try:
            aside = path if path.parent.name == TAKING else self._move(path, TAKING)
        except OSError:  # somebody has it open: the other files have their turn meanwhile
            self._later[path] = time.monotonic() + self._retry_s
            raise
        if _size(aside) == size:
            self._import(aside, size)
        return aside

    def _import(self, path: Path, size: Size) -> None:
        try:
            report = self._take(path)
        except ImportRefused as refusal:
            log.warning("an export was refused: %s", refusal)
            if _size(path) != size:
                return
            moved = self._put_by(path, REFUSED)
            moved.with_name(moved.name + ".txt").write_text(
                self._explain(refusal), encoding="utf-8-sig", newline="\r\n"
            )
        except (ImportBroken, OSError) as fault:  # nothing was written; the file stays for another try
            log.warning("an export was not imported: %s", type(fault).__name__)
            self._later[path] = time.monotonic() + self._retry_s
            self._tries[path] = self._tries.get(path, 0) + 1
        except Exception:
            self._later[path] = time.monotonic() + self._retry_s  # the other files have their turn meanwhile
            raise
        else:
            log.info("an export of %d rows: %d added, %d changed", report.rows, report.added, report.changed)
            if report.sheets:
                log.warning("an export has %d more filled sheets, which are not imported", len(report.sheets))
            if _size(path) == size:  # else somebody still writes into it: once more, when that has ended
                self._put_by(path, DONE)

    def _put_by(self, path: Path, where: str) -> Path:
        """Into done/ or refused/, whose days begin now; when it was written if the file is another account's."""
        moved = self._move(path, where)
        with suppress(OSError):
            os.utime(moved)
        return moved

    def _move(self, path: Path, where: str) -> Path:
        """Into taking/, done/ or refused/, under a name of its own."""
        target = self.path / where / path.name
        if target.exists():
            moment = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S-%f")
            target = target.with_name(f"{target.stem}.{moment}{target.suffix}")
        return path.replace(target)


def stand_apart(folder: Path, named: str, apart: Sequence[Path]) -> None:
    """Raises ConfigurationError, naming the key by ``named``, when ``folder`` is or holds one of ``apart``: files of
    the office's own would be taken for exports and moved away."""
    real = folder.resolve()
    for path in apart:
        if path.resolve().is_relative_to(real):
            raise ConfigurationError(f"{named}: {folder} is or holds {path}; exports need a folder of their own")


def check(folder: Path) -> str:
    """One line for the command ``check``, once files could be taken from ``folder`` and put aside in it.

    Raises OSError, saying what to do.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is not there: make the folder, or change imports.watch in dossiers.toml")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise PermissionError(f"{folder}: this account may not move files in it")
    waiting = len(_oldest_first(folder)) + len(_oldest_first(folder / TAKING))
    return f"{folder}, {waiting} waiting"


def _oldest_first(folder: Path) -> list[Path]:
    """The exports in ``folder``, if there is one, by when they were written, then by name."""
    if not folder.is_dir():
        return []
    sized = ((_size(path), path) for path in folder.iterdir() if _is_export(path))
    return [path for _, path in sorted((size[1], path) for size, path in sized if size is not None)]


def _size(path: Path) -> Size | None:
    """How large and how old a file is, and which it is; None when it is gone."""
    try:
        about = path.stat()
    except FileNotFoundError:
        return None
    return about.st_size, about.st_mtime_ns, about.st_ino


def _is_export(path: Path) -> bool:
    """Whether a file wants to be imported: an export by its ending, not hidden or locked by an office program."""
    if path.name.startswith((".", "~$")) or path.suffix.lower() not in ENDINGS:
        return False
    with suppress(OSError):
        return path.is_file() and not path.is_symlink()
    return False
