"""Getting one sheet onto paper exactly once, as far as the printer tells.

Three things are known apart. *Handed over*: the operating system has every byte, which proves nothing. *Arrived*:
the printer answered a question asked after the last byte, so it has them all and will print them even if its
paper is out now; such a job is never sent again. *Settled*: it answered a question that waits its turn behind the
sheet, so the sheet is printed.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from office.sections import PrinterSettings
from printer import Driver, FaultKind, Printer, PrinterFault
from printer.jobs import Job
from printer.outcome import Outcomes
from printer.sheet import Sheet

_SLOWEST = 1000
"""Bytes a second below which a printer counts as silent."""
_GLANCE_S = 0.5


class Stopped(Exception):
    """The spooler was told to stop in the middle of a job."""


@dataclass
class Delivery:
    """Deliveries to one printer. ``spoiled`` remembers that a job broke off inside it.

    ``outcomes`` hears every status, and what keeps a sheet that was sent from coming out; ``stopping`` says when to
    give up waiting.
    """

    driver: Driver
    settings: PrinterSettings
    outcomes: Outcomes
    stopping: Callable[[], bool]
    spoiled: bool = False

    def look(self) -> None:
        """Ask how the printer is. Raises PrinterFault when it cannot print."""
        printer = self.driver(self.settings)
        try:
            self._must_be_well(printer)
        finally:
            printer.close()

    def deliver(self, job: Job, draw: Callable[[], Sheet]) -> bool:
        """Print ``job``, or go on waiting for one that has arrived already; whether the printer confirmed it.

        A printer that was lost and found again may have been switched off with the job in it: not confirmed.

        Raises PrinterFault when this attempt failed (try again later), Stopped when told to stop.
        """
        printer = self.driver(self.settings)
        finished = False
        try:
            if printer.tells:
                self._must_be_well(printer)
            handed, lost = 0, job.arrived
            if not job.arrived:
                sheet = draw()
                spoiled, self.spoiled = self.spoiled, True
                handed = printer.send(sheet, spoiled=spoiled)
                if printer.tells and not printer.confirms:  # a queue has taken it whole: it prints it by itself
                    job.arrived, self.spoiled = True, False
            confirmed = self._settle(printer, job, handed) and printer.confirms and not lost
            finished, self.spoiled = True, False
        finally:
            printer.close(drop=not (finished or job.arrived))
        return confirmed

    def _must_be_well(self, printer: Printer) -> None:
        status = printer.status()
        self.outcomes.heard(status)
        if status.fault is not None:
            raise PrinterFault(status.fault, status.error)

    def _settle(self, printer: Printer, job: Job, handed: int) -> bool:
        if not printer.tells:
            return False
        enough = time.monotonic() + self.settings.timeout_s + handed / _SLOWEST
        glance = min(_GLANCE_S, self.settings.timeout_s)
        while not printer.settled(glance):
            if self.stopping():
                raise Stopped
            fault = self._why(printer, job, late=time.monotonic() > enough)
            if fault is None and time.monotonic() > enough:
                return False  # it is well and has had its time: a model that does not know the question
            if fault is not None:
                self.outcomes.failed(fault, job)
        return True

    def _why(self, printer: Printer, job: Job, *, late: bool) -> FaultKind | None:
        """What a printer that has not finished says about itself; silence is believed to end until ``late``."""
        try:
            status = printer.status()
        except PrinterFault as fault:
            if fault.kind is not FaultKind.TIMEOUT or job.arrived or late:
                raise
            return fault.kind
        job.arrived, self.spoiled = True, False
        self.outcomes.heard(status)
        return status.fault
