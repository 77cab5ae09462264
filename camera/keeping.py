"""The office's side of recording: whole pieces go into the index, what happens to a camera into the journal, and at a
start folder and index are made to agree."""

import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final

from camera import fragments
from camera.recording.salvage import DAY, parts, salvage, told
from office import clock_reads, footage, journal, outages, retention
from office.footage import Piece
from office.store import Act, Store

TOGETHER: Final = 200
LOST_TOGETHER: Final = 2_000
"""Pieces an act when many are found, or found missing."""
BREATH_S: Final = 0.02
"""Pause between them: the hall goes first."""
SET_BACK: Final = "set-back"
NEVER_BEFORE: Final = 1_767_225_600_000
"""The begin of 2026, ms UTC: a computer whose battery is empty begins in some year before."""
ASIDE_S: Final = 3600.0
"""That pieces are put aside is told once in so long, and the health report tells it so long."""
NAME: Final = re.compile(r"\d{8}T\d{6}\.\d{3}Z\.mp4")

log = logging.getLogger(__name__)


class Keeping:
    """The footage of all cameras below ``folder``, and its index. ``office``: its id in the journal; ``kept_from``: the
    first moment whose footage is kept at another, ms UTC both."""

    def __init__(
        self, store: Store, office: str, folder: Path, kept_from: Callable[[int], int] = lambda _: NEVER_BEFORE
    ) -> None:
        self._store = store
        self._kept_from = kept_from
        self._office = office
        self.folder = folder
        self.aside = dict[str, float]()
        """Camera → when last it was told that a piece was put aside, seconds of the monotonic clock."""

    def tell(self, kind: str, camera: str, **data: Any) -> None:
        """Write one event about ``camera``; when the office's file takes none (its disk is full), the log has it."""
        try:
            with self._store.act() as act:
                journal.append(act, kind, office=self._office, actor="system", data={"camera": camera, **data})
        except Exception:
            log.exception("not in the journal: %s of camera %s", kind, camera)

    def last_offset_ms(self, camera: str) -> int | None:
        """How far its clock was ahead when that was told last, ms; None when it never was."""
        return clock_reads.last_ms(self._store.read(), camera)

    def lost_s(self, camera: str) -> float | None:
        """For how many seconds it has been lost as the journal has it; None when it is not."""
        since = outages.lost_since(self._store.read(), camera)
        return None if since is None else max(0.0, (self._store.clock() - since) / 1000)

    def last_end(self, camera: str) -> int:
        """The end of its newest piece, ms UTC; 0 when there is none."""
        piece = footage.last(self._store.read(), camera)
        return piece.ends if piece else 0

    def whole(self, camera: str, pieces: Iterable[dict[str, Any]], *, fresh: bool = True) -> int:
        """Take ``pieces``, as recorders tell them and whole on disk, into the index; how many found room in it.

        One whose moments are taken, because the office's clock was set back, is put aside; so is one of a
        clock that is far behind: it would be past its days as soon as that is right again. ``fresh``: just recorded.
        """
        kept = 0
        with self._store.act() as act:
            for one in pieces:
                fits = [] if self._is_behind(act, camera, one["begins"], fresh) else _fitted(act, _piece(camera, one))
                kept += bool(fits)
                footage.keep(act, fits)
                if not fits:
                    self._put_aside(act, camera, one)
        return kept

    def salvaged(self, camera: str, days: int = 0) -> int:
        """Take in what recorders left under way, in the last ``days`` days of footage, or all; how many pieces."""
        found = []
        for part in parts(self.folder / camera, days):
            try:
                left = salvage(part)
                if left is not None:
                    found.append(told(left[1], footage.begin_of(left[0])))
            except (OSError, ValueError) as fault:
                log.warning("%s is left as it is: %s", part, fault)
        return self.whole(camera, found, fresh=False)

    def reconciled(self, camera: str) -> tuple[int, int]:
        """Make index and folder agree: how many rows lost their file, how many files got a row. For the background.

        What lost its file is told, as a purge is: no footage goes without an event.
        """
        indexed = set(footage.starts(self._store.read(), camera))
        there = set(
            _begins(self.folder / camera)
        )  # read after the index: what comes meanwhile is written twice at worst
        missing, dropped = sorted(indexed - there), 0
        for some in _batches(missing, LOST_TOGETHER):
            with self._store.act() as act:
                gone = [piece for begins in some for piece in _starting(act, camera, begins)]
                if gone:
                    retention.forget(act, self._office, camera, gone, "missing")
            dropped += len(gone)
            sleep(BREATH_S)
        strange = [footage.path_of(self.folder, camera, one) for one in sorted(there - indexed)]
        return dropped, sum(self._adopted(camera, some) for some in _batches(strange, TOGETHER))

    def cameras(self) -> list[str]:
        """All of which there is footage, in the index or the folder."""
        known = set(footage.cameras(self._store.read()))
        return sorted(known | {path.name for path in self.folder.glob("*") if path.is_dir()})

    def _adopted(self, camera: str, paths: list[Path]) -> int:
        found = []
        for path in paths:
            try:
                content = fragments.read(path)
                if content.length > footage.LONGEST_MS:
                    raise ValueError(f"a file of {content.length} ms is no piece")
                found.append(told(content, footage.begin_of(path)))
            except (OSError, ValueError) as fault:
                log.warning("%s is no footage: %s", path, fault)
        sleep(BREATH_S)
        return self.whole(camera, found, fresh=False)

    def _is_behind(self, act: Act, camera: str, begins: int, fresh: bool) -> bool:
        """Whether the clock was far behind: in a year before this program, or, of what is ``fresh``, before the days
        that are kept by the newest moment known. That is no measure once a leap was told after it: that may have been
        the wrong one."""
        if begins < NEVER_BEFORE or not fresh:
            return begins < NEVER_BEFORE
        return begins < self._kept_from(_newest(act, camera)) and clock_reads.last_leap(act.db) <= begins

    def _put_aside(self, act: Act, camera: str, one: dict[str, Any]) -> None:
        """Out of the way, told once an hour: a clock that is set back by an hour would tell it every ten seconds."""
        if monotonic() - self.aside.get(camera, -ASIDE_S) >= ASIDE_S:
            data = {"camera": camera, "begins": one["begins"], "ends": one["ends"], "reason": "set_back"}
            journal.append(act, "footage.put_aside", office=self._office, actor="system", data=data)
            self.aside[camera] = monotonic()
        path = footage.path_of(self.folder, camera, one["begins"])
        aside = self.folder / camera / SET_BACK
        if not path.exists():
            return  # an act that could not be written had moved it before
        aside.mkdir(exist_ok=True)
        path.replace(aside / path.name)
        late = max(one["ends"], _newest(act, camera)) / 1000
        os.utime(aside / path.name, (late, late))  # its days are counted from the time it really was, or nearly
        log.warning("%s lies in %s: its moments are past, or others have them (was a clock set?)", path.name, aside)


def _newest(act: Act, camera: str) -> int:
    """The newest moment known, of the camera's footage and of the journal, ms UTC."""
    piece = footage.last(act.db, camera)
    return max(piece.ends if piece else 0, journal.latest(act.db))


def _starting(act: Act, camera: str, begins: int) -> list[Piece]:
    """The piece that begins just then; none when it was purged since the index was read, never the one after it."""
    return [one for one in footage.page(act.db, camera, begins - 1, 1) if one.begins == begins]


def _piece(camera: str, one: dict[str, Any]) -> Piece:
    gaps = tuple((a, b) for a, b in one["gaps"])
    return Piece(camera, one["begins"], one["ends"], one["bytes"], tuple(one["keyframes"]), gaps)


def _fitted(act: Act, piece: Piece) -> list[Piece]:
    """The rows that make ``piece`` known, none overlapping; empty when others have its moments.

    The end of the newest piece gives way to it (a clock put right by seconds), its own end to one that follows.
    """
    others = footage.pieces(act.db, piece.camera, piece.begins, piece.ends)
    sooner = [one for one in others if one.begins < piece.begins]
    later = [one.begins for one in others if one.begins > piece.begins]
    newest = footage.last(act.db, piece.camera)
    taken = any(one.ends - piece.begins > footage.JOINT_MS for one in sooner)
    if taken and newest is not None and newest.begins > piece.begins:
        return []
    return [*(_ended(one, piece.begins) for one in sooner), _ended(piece, min([piece.ends, *later]))]


def _ended(piece: Piece, ends: int) -> Piece:
    """``piece``, of which what lies beyond ``ends`` is not known any more."""
    length = ends - piece.begins
    gaps = tuple((a, min(b, length)) for a, b in piece.gaps if a < length)
    return replace(piece, ends=ends, keyframes=tuple(key for key in piece.keyframes if key < length), gaps=gaps)


def _begins(folder: Path) -> Iterator[int]:
    """The first moments of all pieces in a camera's ``folder``. By figures alone: there may be a million of them."""
    for day in sorted(folder.glob(DAY)):
        midnight = footage.begin_of(Path(f"{day.name}T000000.000Z.mp4"))
        for name in (entry.name for entry in os.scandir(day)):
            if NAME.fullmatch(name):
                seconds = int(name[9:11]) * 3600 + int(name[11:13]) * 60 + int(name[13:15])
                yield midnight + seconds * 1000 + int(name[16:19])


def _batches(some: list[Any], most: int) -> Iterator[list[Any]]:
    for at in range(0, len(some), most):
        yield some[at : at + most]
