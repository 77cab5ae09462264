"""Old files that are in no index: clips and exports that were handed out, pictures of alarms, footage of a clock that
was set back or that nothing could read. They go when the days that people were told are over, unless they are held."""

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from heapq import nsmallest
from pathlib import Path
from typing import Final

from camera.keeping import SET_BACK
from camera.recording.salvage import DAY
from office import footage, holding, journal
from office.clock import local
from office.footage import LONGEST_MS, Span
from office.retention import kept_from
from office.settings import Settings
from office.store import Store

EXPORTS: Final = "exports"
FOLDERS: Final = ("clips", EXPORTS, "eyes")
"""Below the data folder: what was made of footage."""
TOGETHER: Final = 200
"""Files an act: the hall goes first."""

log = logging.getLogger(__name__)


def clear(store: Store, settings: Settings, data: Path, now: int) -> int:
    """Delete what is past its days at ``now`` (ms UTC) below ``data``, with folders it leaves empty; how many files."""
    before = kept_from(settings, now)
    made = [path for name in FOLDERS for path in _older(data / name, before)]
    for path in made:
        remove(path)
    _tell_exports(store, settings, [one.stem for one in made if one.parent == data / EXPORTS and not one.exists()])
    gone = list[Path]()
    for folder in sorted((data / settings.footage.folder).glob("*/")):
        db, held = store.read(), _held(store.read(), settings, folder.name, now)
        some = [path for path in _strange(folder, before) if not _kept(db, path, folder.name, held)]
        for at in range(0, len(some), TOGETHER):
            gone += _told(store, settings, some[at : at + TOGETHER], folder.name, now)
    for path in gone:
        remove(path)
    return len(made) + len(gone)


def spare(store: Store, settings: Settings, footage_folder: Path, need: int, now: int) -> int:
    """Delete the oldest of what was put aside, some files of each camera, until ``need`` bytes are free; the bytes.

    For a full disk on which nothing that is in the index may go.
    """
    freed = 0
    for folder in sorted(footage_folder.glob("*/")):
        some = nsmallest(TOGETHER, (folder / SET_BACK).glob("*"), key=lambda path: path.stat().st_mtime)
        sizes = {path: path.stat().st_size for path in some}
        enough = [path for at, path in enumerate(some) if freed + sum(sizes[one] for one in some[:at]) < need]
        gone = _told(store, settings, enough, folder.name, now, "disk") if enough else []
        for path in gone:
            remove(path)
        freed += sum(sizes[path] for path in gone)
    return freed


def _told(
    store: Store, settings: Settings, some: list[Path], camera: str, now: int, cause: str = "leftover"
) -> list[Path]:
    """Those of ``some`` files of ``camera`` that go, told in one event; what was held meanwhile is left out."""
    with store.act() as act:
        held = _held(act.db, settings, camera, now)
        gone = [path for path in some if not _kept(act.db, path, camera, held)]
        if gone:
            moments = [moment for path in gone if (moment := _moment(path)) is not None] or [kept_from(settings, now)]
            data = {
                "camera": camera, "begins": min(moments), "ends": max(moments), "pieces": len(gone),
                "bytes": sum(path.stat().st_size for path in gone), "cause": cause,
            }  # fmt: skip
            journal.append(act, "footage.purged", office=settings.office.id, actor="system", data=data)
    return gone


def _tell_exports(store: Store, settings: Settings, names: list[str]) -> None:
    """Write that exports, by their ids, are deleted; when the office's file takes no event, the log has it."""
    for name in names:
        try:
            with store.act() as act:
                data = {"export": name}
                journal.append(act, "footage.export_purged", office=settings.office.id, actor="system", data=data)
        except Exception:
            log.exception("not in the journal: the export %s is deleted", name)


def _held(db: sqlite3.Connection, settings: Settings, camera: str, now: int) -> list[Span]:
    return holding.spans(holding.every(db, local(now, settings.office.zone).date()), camera)


def remove(path: Path) -> None:
    """Delete a file, and its folder when nothing is left there and it is of a day that is over.

    One that somebody has open (Windows) stays, and is tried again with the leftovers.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as fault:
        log.warning("%s cannot be deleted yet: %s", path, fault)
        return
    if path.parent.name < _day(datetime.now(UTC)):  # a recorder may be about to write into that of today
        with suppress(OSError):
            path.parent.rmdir()


def _older(folder: Path, before: int) -> Iterator[Path]:
    """The files anywhere below ``folder`` that were last written before that moment (ms UTC)."""
    for where, _, names in os.walk(folder):
        for path in (Path(where) / name for name in names):
            with suppress(OSError):
                if path.stat().st_mtime_ns < before * 1_000_000:
                    yield path


def _strange(folder: Path, before: int) -> Iterator[Path]:
    """Files of one camera that may be in no index: of days that are wholly past their time, and put aside."""
    yield from _older(folder / SET_BACK, before)
    last = _day(datetime.fromtimestamp(before // 1000, UTC))
    for day in folder.glob(DAY):
        if day.name < last:
            yield from day.iterdir()


def _kept(db: sqlite3.Connection, path: Path, camera: str, held: list[Span]) -> bool:
    """Whether it is in the index (its own purge sees to it) or may hold something that is held."""
    begins = _moment(path)
    if begins is None:
        return False
    if any(a < begins + LONGEST_MS and begins < b for a, b in held):
        return True
    found = footage.pieces(db, camera, begins, begins + 1)
    return path.parent.name != SET_BACK and any(one.begins == begins for one in found)


def _moment(path: Path) -> int | None:
    """The moment (ms UTC) that its name tells, if it does."""
    try:
        return footage.begin_of(path)
    except ValueError:
        return None


def _day(at: datetime) -> str:
    return f"{at:%Y%m%d}"
