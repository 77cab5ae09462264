"""Old files that are in no index: clips and exports that were handed out, pictures of alarms, footage of a clock that
was set back or that nothing could read. They go when the days that people were told are over, unless they are held."""

import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from camera.keeping import SET_BACK
from camera.salvage import DAY
from office import footage, holding
from office.clock import local
from office.footage import LONGEST_MS, Span
from office.retention import kept_from
from office.settings import Settings
from office.store import Store

FOLDERS: Final = ("clips", "exports", "eyes")
"""Below the data folder: what was made of footage."""

log = logging.getLogger(__name__)


def clear(store: Store, settings: Settings, data: Path, now: int) -> int:
    """Delete what is past its days at ``now`` (ms UTC) below ``data``, with folders it leaves empty; how many files."""
    before = kept_from(settings, now)
    gone = [path for name in FOLDERS for path in _older(data / name, before)]
    holds = holding.every(store.read(), local(now, settings.office.zone).date())
    for folder in sorted((data / settings.footage.folder).glob("*/")):
        held = holding.spans(holds, folder.name)
        gone += [path for path in _strange(folder, before) if not _kept(store, path, folder.name, held)]
    for path in gone:
        remove(path)
    return len(gone)


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


def _kept(store: Store, path: Path, camera: str, held: list[Span]) -> bool:
    """Whether it is in the index (its own purge sees to it) or may hold something that is held."""
    try:
        begins = footage.begin_of(path)
    except ValueError:
        return False
    if any(a < begins + LONGEST_MS and begins < b for a, b in held):
        return True
    found = footage.pieces(store.read(), camera, begins, begins + 1)
    return path.parent.name != SET_BACK and any(one.begins == begins for one in found)


def _day(at: datetime) -> str:
    return f"{at:%Y%m%d}"
