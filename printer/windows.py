"""Driver of a Windows print queue (raw), by python-escpos's Win32Raw; for USB printers with their maker's driver."""

import win32print

from office.sections import PrinterSettings
from printer import FaultKind, Paper, PrinterFault, PrinterStatus
from printer.print_queue import PrintQueue
from printer.sheet import Sheet
from printer.thermal import encode

_POLL_S = 0.1
_PAUSED, _ERROR, _PAPER_OUT, _OFFLINE = 0x1, 0x2, 0x10, 0x80
_NOT_AVAILABLE, _DOOR_OPEN, _PAPER_JAM = 0x1000, 0x400000, 0x8
"""PRINTER_STATUS_… of winspool.h; many drivers report only some of them, some none."""


class Queue(PrintQueue):
    """The queue named in ``printer.queue``. Raises PrinterFault when Windows has none of that name."""

    def __init__(self, settings: PrinterSettings) -> None:
        super().__init__(settings, "win32raw", _POLL_S)

    def status(self) -> PrinterStatus:
        """See Printer.status; what the printer's Windows driver reports."""
        bits = int(self._asked()["Status"])
        return PrinterStatus(
            online=not bits & (_OFFLINE | _NOT_AVAILABLE | _PAUSED),
            paper=Paper.OUT if bits & _PAPER_OUT else Paper.UNKNOWN,
            cover_open=bool(bits & _DOOR_OPEN),
            error="jam" if bits & _PAPER_JAM else "error" if bits & _ERROR else "",
        )

    def send(self, sheet: Sheet, *, spoiled: bool = False) -> int:
        """See Printer.send; the queue takes a document whole, so nothing is ever spoiled."""
        job = encode(sheet, self._settings)
        try:
            self._vendor.open(job_name="slip")
            self._vendor._raw(job)
            self._vendor.close()
        except Exception as fault:  # pywintypes.error and python-escpos's own: the queue did not take it
            raise PrinterFault(FaultKind.CUT_OFF, str(fault)) from fault
        return len(job)

    def holds(self) -> bool:
        """See PrintQueue.holds."""
        return bool(int(self._asked()["cJobs"]))

    def _asked(self) -> dict[str, int]:
        try:
            handle = win32print.OpenPrinter(self._settings.queue)
            try:
                return dict(win32print.GetPrinter(handle, 2))
            finally:
                win32print.ClosePrinter(handle)
        except Exception as fault:  # pywintypes.error lives in another vendor module and is no OSError
            raise PrinterFault(FaultKind.OFFLINE, f"no print queue {self._settings.queue!r}: {fault}") from fault
