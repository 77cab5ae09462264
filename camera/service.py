"""The cameras at work: a thread each, which holds its recorder (a process), takes in its pieces and what it says, and
starts another when it dies or hangs. A camera that is lost is told once, and when it is back."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from apart.child import Child, GoneError
from apart.rest import Rest
from camera import FaultKind
from camera.clocks import Asking, Clock
from camera.keeping import ASIDE_S, Keeping
from camera.orders import OPENING_S, PROGRAM, job
from camera.reasons import Reasons
from office import retention
from office.settings import Settings
from office.store import Store

STEP_S: Final = 0.25
PATIENCE_S: Final = 3.0
"""A recorder that says nothing for so long beyond what it may is hanging. With the camera's timeout it stays below the
6 s in which a stall must be noticed."""
END_S: Final = 3.5
"""How long a recorder may take to make its last piece whole."""
STEADY_BEATS: Final = 2
"""A camera is back once it has given footage for so many seconds: one that comes and goes is told once."""
KEPT_DAYS: Final = 2

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class State:
    """How one camera is. ``fault`` None while it records or is about to; ``last_end`` of its newest piece, ms UTC."""

    recording: bool = False
    fault: FaultKind | None = None
    detail: str = ""
    pieces: int = 0
    last_end: int = 0
    kbit_s: int = 0
    width: int = 0
    height: int = 0


class Recording:
    """One camera's thread. ``piece_s``: length of a piece."""

    def __init__(self, clock: Clock, keeping: Keeping, piece_s: int) -> None:
        self.settings = clock.settings
        self.clock = clock
        self.state = State()
        self._keeping = keeping
        self._piece_s = piece_s
        self._stop = threading.Event()
        self._after_s = 0.0
        self._child: Child | None = None
        lost_s = keeping.lost_s(self.settings.name)  # before this start: its return is to be told all the same
        self._lost_at = None if lost_s is None else time.monotonic() - lost_s
        self._reasons = Reasons()
        self._beats = 0
        self._taken = (0, 0.0)
        self._unindexed: list[dict[str, Any]] = []
        self._patience_s = OPENING_S
        self._thread = threading.Thread(target=self._run, name=f"camera {self.settings.name}", daemon=True)

    @property
    def pid(self) -> int:
        """Its recorder's process; 0 while there is none."""
        return self._child.pid if self._child else 0

    @property
    def set_back(self) -> bool:
        """Whether its pieces were put aside lately, because the index has other footage of their moments."""
        told = self._keeping.aside.get(self.settings.name)
        return told is not None and time.monotonic() - told < ASIDE_S

    def start(self, after_s: float = 0) -> None:
        """Begin ``after_s`` from now; returns at once."""
        self._after_s = after_s
        self._thread.start()

    def ask_stop(self) -> None:
        """Let the recorder end, with the piece under way made whole; returns at once."""
        self._stop.set()

    def join(self) -> None:
        """Wait until it has ended."""
        if self._thread.is_alive():
            self._thread.join(END_S + 2)

    def _run(self) -> None:
        rest, days = Rest(first_s=0.5, longest_s=15, patience=1), 0
        self._stop.wait(self._after_s)
        while not self._stop.is_set():
            begun = time.monotonic()
            try:
                self._salvage(days)
                days = KEPT_DAYS
                self._once()
            except GoneError as fault:
                self._lost(FaultKind.UNKNOWN, f"the recorder's process: {fault}")
            except Exception:
                log.exception("the camera %s goes on after a fault of its own", self.settings.name)
                self._lost(FaultKind.UNKNOWN, "see the log")
            if time.monotonic() - begun > 60:
                rest.well()
            rest.fault()
            self._stop.wait(rest.left_s)

    def _once(self) -> None:
        """One recorder, from its start to its end. Raises GoneError."""
        child = self._child = Child(PROGRAM, silent=True)
        self._patience_s = OPENING_S
        try:
            child.say(job(self.settings, self._keeping.folder, self._piece_s).line())
            self._listen(child)
        finally:
            child.end()
            self._child = None
            self.state = replace(self.state, recording=False, kbit_s=0)
            self._salvage(KEPT_DAYS)

    def _listen(self, child: Child) -> None:
        """Hear it until it is to stop, then until it has ended."""
        heard = time.monotonic()
        while not self._stop.is_set():
            try:
                self._heard(child.hear(STEP_S))
                heard = time.monotonic()
            except TimeoutError:
                if time.monotonic() - heard > self._patience_s:
                    self._lost(FaultKind.STALLED, "the recorder hangs")
                    return
        self._last_words(child)

    def _last_words(self, child: Child) -> None:
        """Have it stop, and take in the piece that was under way."""
        until = time.monotonic() + END_S
        try:
            child.say(b"stop\n")
            while (left := until - time.monotonic()) > 0:
                told = child.hear(left)
                if "piece" in told:
                    self._whole(told["piece"])
        except (GoneError, TimeoutError):
            return

    def _heard(self, told: dict[str, Any]) -> None:
        if "alive" in told:
            if told["kept"]:  # else it waits for a picture that a piece can begin with
                self._alive(told["alive"], told["offset_ms"])
        elif "piece" in told:
            self._whole(told["piece"])
        elif "fault" in told:
            self._patience_s = told["rest_s"] + PATIENCE_S
            self._lost(FaultKind(told["fault"]), told["detail"])
        elif told.get("state") == "recording":
            self._opened(told)
        else:
            self._patience_s = OPENING_S

    def _opened(self, told: dict[str, Any]) -> None:
        """It is connected; whether it gives footage, its beats tell."""
        self._patience_s = self.settings.timeout_s + PATIENCE_S
        self._beats, self._taken = 0, (0, time.monotonic())
        self.state = replace(self.state, width=told["width"], height=told["height"])

    def _alive(self, taken: int, offset_ms: int | None) -> None:
        before, at = self._taken
        now = time.monotonic()
        self._taken = (taken, now)
        kbit_s = round((taken - before) * 8 / 1000 / max(0.1, now - at))
        self.state = replace(self.state, recording=True, kbit_s=kbit_s)
        if offset_ms is not None:
            self.clock.read(offset_ms, streamed=True)
        self._beats += 1
        if self._beats >= STEADY_BEATS:
            self._found()

    def _whole(self, piece: dict[str, Any]) -> None:
        """Take a piece into the index, and those before that found no room in the office's file."""
        self._unindexed.append(piece)
        try:
            kept = self._keeping.whole(self.settings.name, self._unindexed)
        except Exception as fault:
            log.warning("camera %s: a piece waits for its index: %s", self.settings.name, fault)
            return
        self._unindexed.clear()
        ends = max(self.state.last_end, piece["ends"])
        self.state = replace(self.state, pieces=self.state.pieces + kept, last_end=ends)

    def _salvage(self, days: int) -> None:
        found = self._keeping.salvaged(self.settings.name, days)
        last_end = self._keeping.last_end(self.settings.name)
        self.state = replace(self.state, pieces=self.state.pieces + found, last_end=last_end)

    def _found(self) -> None:
        """It gives footage."""
        self.state = replace(self.state, fault=None, detail="")
        if self._lost_at is not None:
            after_s, self._lost_at = round(time.monotonic() - self._lost_at), None
            self._keeping.tell("camera.recovered", self.settings.name, after_s=after_s)

    def _lost(self, kind: FaultKind, detail: str) -> None:
        """It gives none: said once, and again when the reason is another, so that the last one said is why."""
        if self._lost_at is None:
            self._lost_at, self._reasons = time.monotonic(), Reasons()
        if self._reasons.news(kind, time.monotonic()):
            self._keeping.tell("camera.lost", self.settings.name, reason=kind.value, since=self.state.last_end)
        if self.state.fault is not kind:
            log.warning("camera %s: %s", self.settings.name, detail)
        self.state = replace(self.state, recording=False, fault=kind, detail=detail, kbit_s=0)


class Cameras:
    """All cameras that are recorded here, into ``folder``."""

    def __init__(self, store: Store, settings: Settings, folder: Path) -> None:
        self._store = store
        self._keeping = Keeping(store, settings.office.id, folder, partial(retention.kept_from, settings))
        self.clocks = {one.name: Clock(one, self._keeping) for one in settings.cameras if not one.retired}
        own = (one for one in self.clocks.values() if one.settings.recording)
        self.recordings = tuple(Recording(one, self._keeping, settings.footage.piece_s) for one in own)
        self.reconciled = False
        self._stop = threading.Event()
        asking = Asking(tuple(self.clocks.values()))
        works: dict[str, Callable[[], None]] = {
            "footage": self._reconcile,
            "camera clocks": partial(asking.run, self._stop),
        }
        self._threads = [threading.Thread(target=work, name=name, daemon=True) for name, work in works.items()]

    def health(self) -> dict[str, Callable[[], dict[str, Any]]]:
        """Each camera's part in the health report, by the name it has there."""
        recorded = {f"camera {one.settings.name}": partial(self._health, one) for one in self.recordings}
        others = (one for one in self.clocks.values() if not one.settings.recorded)
        return recorded | {f"camera {one.settings.name}": partial(elsewhere, one) for one in others}

    def _health(self, recording: Recording) -> dict[str, Any]:
        return health(recording, self._store.clock())

    def offset_ms(self, camera: str) -> int | None:
        """How far the clock of ``camera`` is ahead of the office's, as measured; None while unknown."""
        clock = self.clocks.get(camera)
        return clock.offset_ms if clock else None

    def start(self, after_s: float = 0, apart_s: float = 0) -> None:
        """Begin with all of them, one after the other so that the hall's first pages need not wait; returns at once."""
        for number, recording in enumerate(self.recordings):
            recording.start(after_s + number * apart_s)
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End all of them, the pieces under way made whole."""
        self._stop.set()
        for recording in self.recordings:
            recording.ask_stop()
        for recording in self.recordings:
            recording.join()
        for thread in self._threads:
            thread.join(5)

    def _reconcile(self) -> None:
        for camera in self._keeping.cameras():
            if self._stop.is_set():
                return
            try:
                dropped, adopted = self._keeping.reconciled(camera)
            except Exception:
                log.exception("the footage of %s could not be compared with its index", camera)
                continue
            if dropped or adopted:
                log.warning("footage of %s: %d pieces were missing, %d found", camera, dropped, adopted)
        self.reconciled = True


def health(recording: Recording, now: int) -> dict[str, Any]:
    """One camera's part in the health report at ``now``, ms UTC."""
    state, clock = recording.state, recording.clock
    reason = state.fault or (FaultKind.CLOCK_OFF if clock.is_off else None)
    return {
        **_told(FaultKind.SET_BACK if recording.set_back else reason, clock),
        "recording": state.recording,
        "pieces": state.pieces,
        "last_piece_age_s": round((now - state.last_end) / 1000, 1) if state.last_end else None,
        "kbit_s": state.kbit_s,
    }


def elsewhere(clock: Clock) -> dict[str, Any]:
    """The part of one whose footage stays on its recorder."""
    reason = FaultKind.UNREACHABLE if clock.silent else FaultKind.CLOCK_OFF if clock.is_off else None
    return {**_told(reason, clock), "recording": False}


def _told(reason: FaultKind | None, clock: Clock) -> dict[str, Any]:
    offset_s = None if clock.offset_ms is None else clock.offset_ms / 1000
    state = "trouble" if reason else "ok"
    return {"state": state, "reason": reason, "source": clock.settings.source, "clock_offset_s": offset_s}
