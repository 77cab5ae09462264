"""The spooler: follows the journal and brings every slip it asks for onto paper, in order, in a thread of its own.

Whatever the printer does, nothing else waits for it: what it cannot print it says in the journal and tries again.
"""

import logging
import sqlite3
import threading
import time
from contextlib import suppress

from office.follow import Follower
from office.journal import Event
from office.phrases import Phrases
from office.settings import Settings
from office.store import Store
from office.unwritten import NotWritten
from printer import Driver, FaultKind, PrinterFault, load_driver
from printer.delivery import Delivery, Stopped
from printer.jobs import KINDS, Job, drawn, samples, stale, wanted
from printer.outcome import Health, Outcomes
from printer.sheet import Sheet
from printer.slip import draw

LOOK_S = 20
"""Seconds between looks at a printer that has nothing to do: the kiosk should know before a citizen does."""
_LAG = 500

log = logging.getLogger(__name__)


class Undrawable(Exception):
    """This slip cannot be drawn; trying again would not help."""


class Spooler:
    """The thread. ``start`` it, ask ``status`` from anywhere, ``stop`` it. ``look_s``: see LOOK_S."""

    def __init__(self, store: Store, settings: Settings, phrases: Phrases, *, look_s: float = LOOK_S) -> None:
        self._store = store
        self._settings = settings
        self._phrases = phrases
        self._look_s = look_s
        self._next_look = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="printer", daemon=True)
        self._follower = Follower(store, "printer", KINDS)
        self._cursor = self._follower.place()
        self._outcomes = Outcomes(store, settings, self._follower)
        self._job: Job | None = None

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self, timeout_s: float = 10) -> None:
        """End after the attempt under way; a slip not confirmed by then is printed again at the next start."""
        self._stop.set()
        self._store.changes.bump()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def status(self) -> Health:
        """How the printer is now."""
        return self._outcomes.health

    def _run(self) -> None:
        try:
            driver = self._load()
            if driver is not None:
                self._follow(driver)
        finally:
            self._store.close()

    def _load(self) -> Driver | None:
        while not self._stop.is_set():
            try:
                return load_driver(self._settings.printer.driver)
            except PrinterFault as fault:
                self._trouble(fault, None)
                self._stop.wait(self._look_s)
        return None

    def _follow(self, driver: Driver) -> None:
        spoiled = any(wanted(event) for event in self._pending())  # the last run may have broken off in a job
        delivery = Delivery(driver, self._settings.printer, self._outcomes, self._stop.is_set, spoiled)
        unseen = samples(self._settings)
        while not self._stop.is_set():
            seen = self._follower.changes.count  # before the read: a write in between is not missed
            try:
                events = self._pending()
                if not all(self._one(delivery, event) for event in events):
                    break
                if not events and unseen:
                    draw(unseen.pop(0), self._phrases, self._settings.printer.width_mm)
                elif not events:
                    self._rest(delivery, seen)
            except Exception as fault:
                log.exception("the spooler goes on after a fault of its own")
                self._own_fault(fault)
                self._stop.wait(self._settings.printer.retry_s)

    def _pending(self) -> list[Event]:
        return self._follower.pending(since=self._cursor)

    def _one(self, delivery: Delivery, event: Event) -> bool:
        """See one event through. False when stopped before its end: nothing behind it may move the place past it."""
        if wanted(event) and not self._print(delivery, self._job_of(event)):
            return False
        self._job, self._cursor = None, event.seq
        if self._cursor - self._follower.place() > _LAG:
            self._outcomes.passed(self._cursor)
        return True

    def _job_of(self, event: Event) -> Job:
        """The job of ``event``; the one under way when only the journal failed: the printer need not hear it again."""
        if self._job is None or self._job.event.seq != event.seq:
            self._job = Job(event)
        return self._job

    def _print(self, delivery: Delivery, job: Job) -> bool:
        """Print ``job`` or give it up; False when stopped before either."""
        while not self._stop.is_set():
            if not job.arrived and job.printed is None and self._useless(job):
                self._outcomes.given_up(job, "stale")
                return True
            try:
                if job.printed is None:
                    job.printed = delivery.deliver(job, lambda: self._draw(job))
            except PrinterFault as fault:
                self._trouble(fault, job)
                self._stop.wait(self._settings.printer.retry_s)
            except Undrawable:
                log.exception("a slip is given up")
                self._outcomes.given_up(job, "unknown")
                return True
            except Stopped:
                break
            else:
                self._outcomes.printed(job, confirmed=job.printed)
                self._next_look = time.monotonic() + self._look_s
                return True
        return False

    def _useless(self, job: Job) -> bool:
        return stale(job, self._store.read(), self._settings, self._store.clock())

    def _draw(self, job: Job) -> Sheet:
        try:
            return drawn(job, self._store.read(), self._settings, self._phrases)
        except Exception as fault:  # one slip that cannot be drawn must not stop the ones behind it
            raise Undrawable(f"the slip of event {job.event.seq}") from fault

    def _trouble(self, fault: PrinterFault, job: Job | None) -> None:
        if fault.kind is not self.status().fault:  # said once, not at every try
            log.warning("printer: %s", fault)
        self._outcomes.failed(fault.kind, job)

    def _own_fault(self, fault: Exception) -> None:
        """A fault nobody foresaw: no slip comes out, which is told like any other; not of one that is out already, and
        not of the journal, which the health report tells as the file's."""
        if isinstance(fault, NotWritten | sqlite3.Error):
            return
        if self._job is None or self._job.printed is None:
            with suppress(Exception):  # the journal may fail besides
                self._trouble(PrinterFault(FaultKind.UNKNOWN, f"{fault}"), self._job)

    def _rest(self, delivery: Delivery, seen: int) -> None:
        """Nothing to print: look at the printer when it is time, then wait for the journal."""
        left = self._next_look - time.monotonic()
        tells = delivery.driver.tells and self._settings.printer.answers
        if tells and left <= 0:
            try:
                delivery.look()
                self._outcomes.well()
            except PrinterFault as fault:
                self._trouble(fault, None)
            well = self._outcomes.health.fault is None
            left = self._look_s if well else min(self._settings.printer.retry_s, self._look_s)
            self._next_look = time.monotonic() + left
        self._follower.changes.wait(seen, max(left, 0.05) if tells else self._look_s)
