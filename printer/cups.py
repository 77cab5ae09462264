"""Driver of a CUPS print queue, through python-escpos's ``lp`` driver (its other one, pycups, needs a compiler)."""

import os
import subprocess
import threading

from office.sections import PrinterSettings
from printer import FaultKind, Paper, PrinterFault, PrinterStatus
from printer.print_queue import PrintQueue
from printer.sheet import Sheet
from printer.thermal import encode

_POLL_S = 0.2
_OFFLINE = ("offline", "connecting-to-device", "timed-out", "shutdown", "stopped", "paused")


class Queue(PrintQueue):
    """The queue named in ``printer.queue``. Raises PrinterFault when CUPS has none of that name."""

    def __init__(self, settings: PrinterSettings) -> None:
        super().__init__(settings, "lp", _POLL_S)

    def status(self) -> PrinterStatus:
        """See Printer.status; what CUPS knows about the queue and, where its backend asks, the printer."""
        told = self._lpstat("-l", "-p", self._settings.queue)
        first, _, rest = told.partition("\n")
        alerts = next((line for line in rest.splitlines() if "Alerts:" in line), "")
        out = "media-empty" in alerts or "media-needed" in alerts
        return PrinterStatus(
            online=" disabled " not in first and not any(word in alerts for word in _OFFLINE),
            paper=Paper.OUT if out else Paper.NEAR_END if "media-low" in alerts else Paper.UNKNOWN,
            cover_open="cover-open" in alerts or "door-open" in alerts,
        )

    def send(self, sheet: Sheet, *, spoiled: bool = False) -> int:
        """See Printer.send; the queue takes all or nothing, so nothing is ever spoiled."""
        job = encode(sheet, self._settings)
        try:
            self._vendor.open(job_name="slip")
            lp = self._vendor.device
            hung = threading.Timer(self._settings.timeout_s, lp.kill)
            hung.start()
            try:
                self._vendor._raw(job)
                self._vendor.close()
            finally:
                hung.cancel()
        except Exception as fault:  # python-escpos's errors, OSError and a broken pipe: the queue did not take it
            raise PrinterFault(FaultKind.CUT_OFF, str(fault)) from fault
        if lp.returncode != 0:
            raise PrinterFault(FaultKind.CUT_OFF, f"lp ended with {lp.returncode}")
        return len(job)

    def holds(self) -> bool:
        """See PrintQueue.holds."""
        return bool(self._lpstat("-o", self._settings.queue).strip())

    def _lpstat(self, *arguments: str) -> str:
        try:
            ran = subprocess.run(
                ["lpstat", *arguments],
                capture_output=True,
                text=True,
                timeout=self._settings.timeout_s,
                check=True,
                env={**os.environ, "LC_ALL": "C"},
            )
        except subprocess.TimeoutExpired as fault:
            raise PrinterFault(FaultKind.TIMEOUT, "CUPS does not answer") from fault
        except (OSError, subprocess.CalledProcessError) as fault:
            detail = getattr(fault, "stderr", "") or str(fault)
            raise PrinterFault(
                FaultKind.OFFLINE, f"no CUPS queue {self._settings.queue!r}: {detail.strip()}"
            ) from fault
        return ran.stdout
