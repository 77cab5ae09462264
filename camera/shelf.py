"""Clips kept for a while below one folder, so that who seeks in one waits once: some minutes, never too many bytes.

Nothing outlives the server: the folder is emptied at its start. Footage that was purged is in no clip that is given
out, as the pieces are part of a clip's name (camera/clips.py).
"""

import shutil
import threading
import time
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import Final

from office.clips import Clip
from office.errors import CutFailed

LARGEST: Final = 2 << 30
OLDEST_S: Final = 900.0
FREE: Final = 300 << 20
"""So much of the disk is left to the hall."""


class Shelf:
    """For several threads. ``largest`` bytes, ``oldest_s`` since it was last given out."""

    def __init__(self, folder: Path, *, largest: int = LARGEST, oldest_s: float = OLDEST_S) -> None:
        self.folder = folder
        self._largest = largest
        self._oldest_s = oldest_s
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[Clip, int, float]] = OrderedDict()
        shutil.rmtree(folder, ignore_errors=True)

    def find(self, tag: str) -> Clip | None:
        """The clip of that tag, if it is still there."""
        with self._lock:
            found = self._kept.get(tag)
            if found is None or not found[0].path.is_file():
                return None
            self._kept[tag] = (found[0], found[1], time.monotonic())
            self._kept.move_to_end(tag)
            return found[0]

    def room(self, tag: str) -> Path:
        """Where a clip of that tag is to be written. Raises CutFailed when the disk is full."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(self.folder).free < FREE:
            self.purge(0)
            raise CutFailed("no room on the disk for a clip")
        return self.folder / f"{tag}-{threading.get_ident()}.part.mp4"

    def put(self, tag: str, part: Path, clip: Clip) -> Clip:
        """Keep ``part`` as ``clip``."""
        try:
            part.replace(clip.path)
        except OSError:
            if not clip.path.is_file():  # else another has made the same and it is being sent (Windows)
                raise CutFailed("the clip cannot be kept") from None
        with self._lock:
            self._kept[tag] = (clip, clip.path.stat().st_size, time.monotonic())
            self._kept.move_to_end(tag)
        self.purge()
        return clip

    def purge(self, oldest_s: float | None = None) -> None:
        """Take away what is too old, then the oldest until the rest is small enough."""
        before = time.monotonic() - (self._oldest_s if oldest_s is None else oldest_s)
        with self._lock:
            total = sum(size for _, size, _ in self._kept.values())
            for tag, (clip, size, at) in list(self._kept.items()):
                if at > before and (total <= self._largest or len(self._kept) == 1):
                    break  # they stand in the order of their use
                total -= size
                del self._kept[tag]
                with suppress(OSError):  # Windows: it is being sent; the next start takes it away
                    clip.path.unlink()

    def clear(self) -> None:
        """Take all away."""
        shutil.rmtree(self.folder, ignore_errors=True)
