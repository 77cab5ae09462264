"""Clips and small pictures for whoever may see them: found in the index, cut in another process, kept for a while."""

import base64
import hashlib
import threading
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from apart.child import GoneError
from camera import CameraFault, FaultKind
from camera.cutters import Cutter
from camera.shelf import Shelf
from office import clips, footage
from office.clips import Clip
from office.clock import rfc3339
from office.errors import CutFailed, NoFootage, OfficeError
from office.footage import Coverage
from office.settings import Settings
from office.store import Store

CUT_S: Final = 30.0
"""A clip of half an hour takes two seconds, or ten from a slow disk."""
MASKED: Final = 3.0
"""Seconds a second of footage may take that is encoded anew."""
PICTURE_S: Final = 10.0
WIDTH: Final = 320
PICTURES: Final = 400
"""Small pictures kept in memory: some 15 kB each."""
NEAR_MS: Final = 2_000
"""A small picture may be of so long before or after the moment, where that moment itself is missing."""


class Clips:
    """Of cameras recorded here into ``folder``; ``shelf`` keeps the clips. May be asked from any thread."""

    def __init__(self, store: Store, settings: Settings, folder: Path, shelf: Shelf) -> None:
        self._store = store
        self._zone = settings.office.zone
        self._folder = folder
        self._shelf = shelf
        self._cutter, self._drawer = Cutter(), Cutter(waiting=40)
        self._pictures: OrderedDict[tuple[str, int, int], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def start(self) -> None:
        """Have the processes ready before the first click; returns at once."""
        for one in (self._cutter, self._drawer):
            threading.Thread(target=_ready, args=(one,), name="cutter", daemon=True).start()

    def close(self) -> None:
        """End the processes."""
        self._cutter.close()
        self._drawer.close()

    def cover(self, camera: str, begins: int, ends: int) -> Coverage:
        """What there is of [begins, ends), ms UTC."""
        return footage.cover(self._store.read(), camera, begins, ends)

    def clip(self, camera: str, begins: int, ends: int) -> Clip:
        """The clip of [begins, ends), ms UTC, from the keyframe at or before ``begins`` on.

        Raises NoFootage, FootageBusy, CutFailed.
        """
        found = self.cover(camera, begins, ends)
        if not found.spans:
            raise self.nothing(camera, begins)
        first = _keyframe(found, begins)
        tag = _tag(found, first, ends)
        return self._shelf.find(tag) or self._cut(found, (begins, ends), first, tag)

    def write(self, cutter: Cutter, camera: str, asked: footage.Span, masks: list[Any], out: Path) -> dict[str, Any]:
        """The clip of ``asked`` written to ``out`` by ``cutter``, with ``masks`` drawn; what it holds.

        Raises NoFootage, FootageBusy, CutFailed.
        """
        found = self.cover(camera, *asked)
        if not found.spans:
            raise self.nothing(camera, asked[0])
        order = self._order(found, _keyframe(found, asked[0]), asked[1], out) | {"masks": masks}
        length_s = (asked[1] - asked[0]) / 1000
        try:
            return cutter.ask(order, CUT_S + length_s * (MASKED if masks else 0.1))
        except CameraFault as fault:
            raise self._why(fault, camera, asked[0]) from None

    def picture(self, camera: str, at: int) -> bytes:
        """The picture nearest to ``at`` (ms UTC), as a small JPEG. Raises NoFootage, FootageBusy, CutFailed."""
        piece = _piece_at(self.cover(camera, at - NEAR_MS, at + NEAR_MS), at)
        if piece is None:
            raise self.nothing(camera, at)
        key = (camera, piece.begins, at)
        if (kept := self._kept(key)) is not None:
            return kept
        path = footage.path_of(self._folder, camera, piece.begins)
        return self._keep(key, self.drawn(path, min(max(0, at - piece.begins), piece.ends - piece.begins)))

    def drawn(self, path: Path, at_ms: int) -> bytes:
        """The picture of the file at ``path`` nearest to ``at_ms`` of its own time. Raises CutFailed, FootageBusy."""
        order = {"do": "picture", "path": str(path), "at_ms": at_ms, "width": WIDTH}
        try:
            return base64.b64decode(self._drawer.ask(order, PICTURE_S)["jpeg"])
        except CameraFault as fault:
            raise CutFailed(f"{fault}") from None

    def nothing(self, camera: str, at: int) -> NoFootage:
        """That nothing is there at ``at``, with what is nearest before and after."""
        near = footage.nearest(self._store.read(), camera, at)
        told = [[rfc3339(one, self._zone), rfc3339(other, self._zone)] for one, other in near]
        return NoFootage(f"no footage of {camera} then", nearest=told)

    def _cut(self, found: Coverage, asked: footage.Span, first: int, tag: str) -> Clip:
        part = self._shelf.room(tag)
        try:
            told = self._cutter.ask(self._order(found, first, asked[1], part), CUT_S)
            return self._shelf.put(tag, part, clip_of(told, asked, self._shelf.folder / f"{tag}.mp4", tag))
        except CameraFault as fault:
            raise self._why(fault, found.pieces[0].camera, asked[0]) from None
        finally:
            part.unlink(missing_ok=True)

    def _why(self, fault: CameraFault, camera: str, at: int) -> OfficeError:
        return self.nothing(camera, at) if fault.kind is FaultKind.NO_STREAM else CutFailed(f"{camera}: {fault}")

    def _order(self, found: Coverage, first: int, ends: int, out: Path) -> dict[str, Any]:
        where = [(footage.path_of(self._folder, one.camera, one.begins), one) for one in found.pieces]
        pieces = [[str(path), one.begins, one.ends] for path, one in where]
        return {"do": "clip", "out": str(out), "pieces": pieces, "begins": first, "ends": ends}

    def _kept(self, key: tuple[str, int, int]) -> bytes | None:
        with self._lock:
            return self._pictures.get(key)

    def _keep(self, key: tuple[str, int, int], picture: bytes) -> bytes:
        with self._lock:
            self._pictures[key] = picture
            while len(self._pictures) > PICTURES:
                self._pictures.popitem(last=False)
        return picture


def clip_of(told: dict[str, Any], asked: footage.Span, path: Path, tag: str) -> Clip:
    """The clip that the cutter told of."""
    delivered = told["begins"], told["ends"]
    inner = [(one, other) for one, other in told["gaps"]]
    until = delivered[1] if told["goes_on"] else asked[1]  # beyond a change of format there is more, in its own clip
    return Clip(path, *delivered, clips.whole_gaps(inner, delivered, (asked[0], until)), tag)


def _ready(cutter: Cutter) -> None:
    with suppress(TimeoutError, GoneError):  # whoever asks is told
        cutter.start()


def _keyframe(found: Coverage, begins: int) -> int:
    """The keyframe at or before ``begins``, or the first there is."""
    keys = [one.begins + key for one in found.pieces for key in one.keyframes]
    return max([key for key in keys if key <= begins], default=found.pieces[0].begins)


def _tag(found: Coverage, first: int, ends: int) -> str:
    told = [(one.camera, one.begins, one.ends, one.bytes) for one in found.pieces]
    return hashlib.sha256(repr((first, ends, told)).encode()).hexdigest()[:24]


def _piece_at(found: Coverage, at: int) -> footage.Piece | None:
    """The piece that has ``at``, else the one nearest to it."""
    return min(found.pieces, key=lambda one: max(one.begins - at, at - one.ends, 0), default=None)
