"""The finished WAV files: kept under the key of their recipe, written whole or not at all, within a bound."""

import os
import re
import time
import wave
from contextlib import suppress
from itertools import count
from pathlib import Path

from display.voice.recipe import KEY_LENGTH

NAME = re.compile(rf"[0-9a-f]{{{KEY_LENGTH}}}\.wav")
MAX_BYTES = 200_000_000
"""About 450 calls; the least lately used go first."""

KEEP_S = 600.0
"""A file used within this time is never removed: a board may be about to fetch it."""


class Shelf:
    """A folder of WAV files."""

    def __init__(self, folder: Path, *, max_bytes: int = MAX_BYTES, keep_s: float = KEEP_S) -> None:
        self.folder = folder
        self._max_bytes = max_bytes
        self._keep_s = keep_s
        self._drafts = count(1)
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob("draft-*"):  # of a run that was killed; another process may be writing its own
            with suppress(OSError):
                if left.stat().st_mtime < time.time() - KEEP_S:
                    left.unlink()

    def draft(self) -> Path:
        """A path to write a new file under; hand it to ``put``."""
        return self.folder / f"draft-{os.getpid()}-{next(self._drafts)}.wav"

    def put(self, key: str, draft: Path) -> Path:
        """Let the finished ``draft`` appear under ``key`` at once, then make room. The file's path."""
        path = self.folder / f"{key}.wav"
        try:
            draft.replace(path)
        except PermissionError:  # Windows: someone is reading the same sound made a moment earlier
            if not path.exists():
                raise
            draft.unlink(missing_ok=True)
        self._make_room()
        return path

    def seconds(self, key: str) -> float | None:
        """Length of the file of ``key``, marked as just used; None when there is none, or a damaged one."""
        path = self.folder / f"{key}.wav"
        try:
            with wave.open(str(path), "rb") as file:
                length = file.getnframes() / file.getframerate()
                whole = path.stat().st_size >= file.getnframes() * file.getnchannels() * file.getsampwidth()
            os.utime(path)
        except (OSError, EOFError, wave.Error, ZeroDivisionError):
            return None
        return length if whole and length > 0 else None

    def path(self, name: str) -> Path | None:
        """The file called ``name``; None when that is no name of ours or there is no such file."""
        if not NAME.fullmatch(name):
            return None
        path = self.folder / name
        return path if path.is_file() else None

    def _make_room(self) -> None:
        files = []
        for path in self.folder.glob("*.wav"):
            with suppress(OSError):
                status = path.stat()
                files.append((status.st_mtime, status.st_size, path))
        total = sum(size for _, size, _ in files)
        for used, size, path in sorted(files):
            if total <= self._max_bytes or used > time.time() - self._keep_s:
                return
            with suppress(OSError):
                path.unlink()
                total -= size
