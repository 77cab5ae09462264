"""A print queue of the operating system: what CUPS and Windows have in common.

A queue takes the whole job at once and brings it to the printer in its own time, so a job it has taken is never
sent again; that the paper came out it cannot say.
"""

import contextlib
import time
from typing import Any

from office.sections import PrinterSettings
from printer import PrinterStatus
from printer.thermal import VENDOR, vendor_driver


class PrintQueue:
    """The queue named in ``printer.queue``, through python-escpos's driver ``vendor``; looked at every ``poll_s``.

    Raises PrinterFault when there is none of that name.
    """

    tells = True
    confirms = False

    def __init__(self, settings: PrinterSettings, vendor: str, poll_s: float) -> None:
        self._settings = settings
        self._poll_s = poll_s
        self._vendor: Any = vendor_driver(VENDOR[vendor], settings.queue, profile=settings.profile)
        self.status()

    def status(self) -> PrinterStatus:
        """See Printer.status; each system tells it in its own way."""
        raise NotImplementedError

    def holds(self) -> bool:
        """Whether it still has jobs to bring to the printer."""
        raise NotImplementedError

    def settled(self, wait_s: float) -> bool:
        """See Printer.settled: the queue is empty again."""
        until = time.monotonic() + wait_s
        while self.holds():
            if time.monotonic() >= until:
                return False
            time.sleep(self._poll_s)
        return True

    def close(self, *, drop: bool = False) -> None:
        """See Printer.close."""
        with contextlib.suppress(Exception):  # nothing is open between jobs; a fault here has been told before
            self._vendor.close()
