"""The readers at work: a thread each, which opens its reader, passes on what is read, and opens it again when it fails.

What is read goes to ``Desk`` in memory, never into a log; a fault is logged once, not at every try.
"""

import logging
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Any, Final, Protocol

from office.scan_sections import ScannerSettings
from scanner import FaultKind, Hint, Read, Scanner, ScannerFault, load_driver

STEP_S: Final = 0.25
"""How soon a reader is let go of when the server stops."""
FIRST_REST_S: Final = 0.5
LONGEST_REST_S: Final = {"serial": 2.0, "lens": 15.0}
"""Between two tries to open a reader, by driver: a lens needs a process for each."""
AGAIN_S: Final = 1.5
"""The same text within this is one pull of the trigger, sent twice."""
HINT_EVERY_S: Final = 4.0
HINTS_MAX: Final = 5
HINTS_S: Final = 300.0
"""At most so many hints in this time: what lies under a lens all day must not fill the journal."""

log = logging.getLogger(__name__)


class Desk(Protocol):
    """Where the service hands things in (web/arrivals.py)."""

    def read(self, reader: ScannerSettings, text: str, symbology: str) -> None:
        """A code was read."""

    def hinted(self, reader: ScannerSettings, hint: str) -> None:
        """Something is held there that does not read."""

    def failed(self, reader: ScannerSettings, reason: str) -> None:
        """The reader does not work any more."""

    def recovered(self, reader: ScannerSettings, after_s: int) -> None:
        """It works again."""


@dataclass(frozen=True, slots=True)
class State:
    """How one reader is. ``reads`` since the start; ``fault`` None while it works."""

    fault: FaultKind | None = None
    open: bool = False
    opens: int = 0
    reads: int = 0


class Reading:
    """One reader's thread. ``rest_s``: pause before the second try to open it; it doubles up to its longest."""

    def __init__(self, settings: ScannerSettings, desk: Desk, *, rest_s: float = FIRST_REST_S) -> None:
        self.settings = settings
        self.state = State(fault=None)
        self._desk = desk
        self._rest_s = rest_s
        self._stop = threading.Event()
        self._lost_at: float | None = None
        self._said = False
        self._last = ("", 0.0)
        self._hinted_at: deque[float] = deque(maxlen=HINTS_MAX)
        self._thread = threading.Thread(target=self._run, name=f"scanner {settings.name}", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self, timeout_s: float = 10) -> None:
        """Let go of the reader and end."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def hint(self, what: str, now: float) -> None:
        """Pass a hint of ``now`` (s of a steady clock) on, unless there were enough of them."""
        told = self._hinted_at
        soon = bool(told) and now - told[-1] < HINT_EVERY_S
        if not soon and (len(told) < HINTS_MAX or now - told[0] > HINTS_S):
            told.append(now)
            self._desk.hinted(self.settings, what)

    def _run(self) -> None:
        rest_s, longest_s = self._rest_s, LONGEST_REST_S[self.settings.driver]
        while not self._stop.is_set():
            begun = time.monotonic()
            try:
                self._once()
            except ScannerFault as fault:
                self._lost(fault)
            except Exception:
                log.exception("the scanner %s goes on after a fault of its own", self.settings.name)
                self._lost(ScannerFault(FaultKind.UNKNOWN, "see the log"))
            if time.monotonic() - begun > longest_s:
                rest_s = self._rest_s  # it worked for a while: try again soon
            self._stop.wait(rest_s)
            rest_s = min(rest_s * 2, longest_s)

    def _once(self) -> None:
        """Open the reader and pass on what it reads until it fails or the server stops."""
        scanner = load_driver(self.settings.driver)(self.settings)
        try:
            self._found()
            while not self._stop.is_set():
                self._pass_on(scanner)
        finally:
            scanner.close()
            self.state = State(self.state.fault, False, self.state.opens, self.state.reads)

    def _pass_on(self, scanner: Scanner) -> None:
        told = scanner.next(STEP_S)
        now = time.monotonic()
        if isinstance(told, Hint):
            self.hint(told.what, now)
        elif isinstance(told, Read):
            again = told.text == self._last[0] and now - self._last[1] < AGAIN_S
            if not again:
                self.state = State(None, True, self.state.opens, self.state.reads + 1)
                self._hinted_at.clear()
                self._desk.read(self.settings, told.text, told.symbology)
            self._last = (told.text, now)

    def _found(self) -> None:
        self.state = State(None, True, self.state.opens + 1, self.state.reads)
        if self._lost_at is not None:
            self._desk.recovered(self.settings, round(time.monotonic() - self._lost_at))
            self._lost_at, self._said = None, False

    def _lost(self, fault: ScannerFault) -> None:
        self.state = State(fault.kind, False, self.state.opens, self.state.reads)
        if self._lost_at is None:  # said once, not at every try
            self._lost_at = time.monotonic()
            log.warning("scanner %s: %s", self.settings.name, fault)
        if not self._said:
            try:
                self._desk.failed(self.settings, fault.kind.value)
                self._said = True
            except Exception as unwritten:  # the disk may be full: the reader goes on, and it is said at the next try
                log.warning("scanner %s: nobody could be told (%s)", self.settings.name, type(unwritten).__name__)


class Scanners:
    """All readers that configuration names."""

    def __init__(self, scanners: tuple[ScannerSettings, ...], desk: Desk) -> None:
        self.readings = tuple(Reading(one, desk) for one in scanners)

    def start(self) -> None:
        """Begin to listen to all of them."""
        for reading in self.readings:
            reading.start()

    def stop(self) -> None:
        """Let go of all of them."""
        for reading in self.readings:
            reading.stop()


def health(reading: Reading) -> dict[str, Any]:
    """One reader's part in the health report."""
    state = reading.state
    told = {"driver": reading.settings.driver, "open": state.open, "opens": state.opens, "reads": state.reads}
    return {"state": "trouble" if state.fault else "ok", "reason": state.fault, **told}
