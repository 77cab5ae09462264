"""A print queue that has taken a slip and then cannot be asked for a while: the slip is not given to it again."""

import threading

import pytest

from office.follow import Follower
from office.journal import ALL, read
from printer import FaultKind, PrinterFault, PrinterStatus
from printer.delivery import Delivery
from printer.jobs import KINDS, Job
from printer.outcome import Outcomes
from printer.sheet import Sheet
from tools.rehearsal import Hall


class Queue:
    """A print queue; while ``gone`` nobody can ask it anything (its service is being restarted)."""

    tells, confirms = True, False

    def __init__(self) -> None:
        self.taken = 0
        self.gone = threading.Event()

    def status(self) -> PrinterStatus:
        if self.gone.is_set():
            raise PrinterFault(FaultKind.OFFLINE)
        return PrinterStatus()

    def send(self, sheet: Sheet, *, spoiled: bool = False) -> int:
        self.taken += 1
        self.gone.set()
        return 1

    def settled(self, wait_s: float) -> bool:
        self.status()
        return True

    def close(self, *, drop: bool = False) -> None:
        pass


def test_a_queue_that_has_taken_a_slip_is_not_given_it_again(hall: Hall) -> None:
    queue, follower = Queue(), Follower(hall.store, "printer", KINDS)
    outcomes = Outcomes(hall.store, hall.settings, follower)
    delivery = Delivery(lambda _: queue, hall.settings.printer, outcomes, lambda: False)  # type: ignore[arg-type]  # a driver is a class
    hall.issue("ho-tich")
    job = Job(read(hall.store.read(), only=ALL)[-1])
    for _ in range(2):
        with pytest.raises(PrinterFault):
            delivery.deliver(job, lambda: Sheet(()))
    queue.gone.clear()
    assert delivery.deliver(job, lambda: Sheet(())) is False  # that it came out, no queue can say
    assert queue.taken == 1
