"""A pseudo-terminal as the simulated scanner's line: to the driver it is a serial port (Linux; Windows has none)."""

import os
import pty
import tty
from contextlib import suppress
from pathlib import Path


class PtyWire:
    """A pseudo-terminal under the lasting name ``link``, as /dev/serial/by-id names a real scanner."""

    def __init__(self, link: Path) -> None:
        self.address = str(link)
        self._link = link
        self._ends: tuple[int, int] | None = None

    def plug(self) -> None:
        """A new terminal under the old name, as after a replug."""
        self.unplug()
        ours, theirs = pty.openpty()
        tty.setraw(theirs)  # nothing is echoed before a driver has opened it
        os.set_blocking(ours, False)  # codes that nobody takes must not stop the trigger
        self._ends = (ours, theirs)
        self._link.parent.mkdir(parents=True, exist_ok=True)
        self._link.symlink_to(os.ttyname(theirs))

    def unplug(self) -> None:
        """The name vanishes and the line breaks."""
        self._link.unlink(missing_ok=True)
        if self._ends is not None:
            for end in self._ends:
                os.close(end)
            self._ends = None

    def send(self, data: bytes) -> None:
        """Say ``data``."""
        if self._ends is not None:
            with suppress(OSError):
                os.write(self._ends[0], data)
