"""A piece's file on its way to be whole: written as ``.part``, made durable, then given its name.

What was written is in the file at once (a killed recorder loses only what it still held); a thread makes it durable
every few seconds, so that a power cut loses little more and a slow disk never holds the stream up.
"""

import os
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

DURABLE_S: Final = 2.0
SUFFIX: Final = ".part"
FLAGS: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def name_of(begins: int) -> str:
    """Day folder and file name of a piece that begins at ``begins``, ms UTC (as office/footage.py ``path_of``)."""
    at = datetime.fromtimestamp(begins // 1000, UTC)
    return f"{at:%Y%m%d}/{at:%Y%m%dT%H%M%S}.{begins % 1000:03d}Z.mp4"


class Part:
    """The file of a piece that begins at ``begins``, below ``folder``. Raises OSError. One that lies there already (a
    clock set back) is not touched: the name is then that of the next free millisecond."""

    def __init__(self, folder: Path, begins: int) -> None:
        while (folder / name_of(begins)).exists() or (folder / (name_of(begins) + SUFFIX)).exists():
            begins += 1
        self.begins = begins
        self.path = folder / name_of(begins)
        self.size = 0
        self.fault: OSError | None = None
        self.unfinished = self.path.with_name(self.path.name + SUFFIX)
        self.unfinished.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(self.unfinished, FLAGS, 0o640)

    def write(self, data: bytes) -> int:
        """Append ``data``; what a container calls. A fault is kept in ``fault`` too: libraries turn it into another."""
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._file, view) :]
        except OSError as fault:
            self.fault = fault
            raise
        self.size += len(data)
        return len(data)

    def sync(self) -> None:
        """Make what was written durable."""
        with suppress(OSError):  # closed meanwhile, or told by the next write
            os.fsync(self._file)

    def finish(self) -> None:
        """Whole: durable first, then under its name. Raises OSError."""
        try:
            os.fsync(self._file)
        finally:
            self.leave()
        self.unfinished.rename(self.path)
        sync_folder(self.path.parent)

    def leave(self) -> None:
        """Let go of it as it is; what is whole in it is salvaged later."""
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)

    def drop(self) -> None:
        """Nothing of use came: it is taken away."""
        self.leave()
        self.unfinished.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make names in ``folder`` durable, where the system can."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class Durable:
    """A thread that makes the part under way durable every ``DURABLE_S``."""

    def __init__(self) -> None:
        self.part: Part | None = None
        threading.Thread(target=self._run, name="durable", daemon=True).start()

    def _run(self) -> None:
        pause = threading.Event()
        while not pause.wait(DURABLE_S):
            part = self.part
            if part is not None:
                part.sync()
