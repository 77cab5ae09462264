"""What became of each slip, written to the journal with the spooler's place, and how the printer is."""

from dataclasses import dataclass, replace

from office import journal
from office.follow import Follower
from office.journal import Event, Filter
from office.settings import Settings
from office.store import Act, Store
from printer import FaultKind, Paper, PrinterStatus
from printer.jobs import MISSING, Job, wanted

_ACTOR = "printer"
_HISTORY = 5000


@dataclass(frozen=True, slots=True)
class Health:
    """How the printer is: for /healthz, the kiosk and clerks.

    ``fault`` None: it prints. ``since`` when that began, ``last_printed`` when the last slip came out (ms UTC, 0
    for never since the start); ``waiting`` slips held back now; ``paper`` as the printer last told.
    """

    driver: str
    fault: FaultKind | None = None
    paper: Paper = Paper.UNKNOWN
    since: int = 0
    waiting: int = 0
    printed: int = 0
    last_printed: int = 0


class Outcomes:
    """Keeps one outage from being told twice for the same slip and cause."""

    def __init__(self, store: Store, settings: Settings, follower: Follower) -> None:
        self._store = store
        self._office = settings.office.id
        self._follower = follower
        self._told: set[tuple[int, FaultKind]] = set()
        self.health = Health(settings.printer.driver, since=store.clock())
        self._remember()

    def heard(self, status: PrinterStatus) -> None:
        """The printer told how it is."""
        if status.paper is not self.health.paper:
            self.health = replace(self.health, paper=status.paper)

    def well(self) -> None:
        """The printer can print; ends an outage."""
        if self.health.fault is not None:
            with self._store.act() as act:
                self._recovered(act)

    def printed(self, job: Job, *, confirmed: bool) -> None:
        """The slip is on paper."""
        event = job.event
        with self._store.act() as act:
            told: dict[str, object] = {"confirmed": confirmed, "job": event.seq}
            if job.of_papers:
                self._append(act, "dossier.slip_printed", event, told)
            else:
                self._append(act, "ticket.printed", event, told | {"copy": job.copy})
            self._follower.done(act, event.seq)
            self._recovered(act)
            now = act.now
        self.health = replace(self.health, printed=self.health.printed + 1, last_printed=now)

    def given_up(self, job: Job, reason: str) -> None:
        """The slip will not be printed any more."""
        with self._store.act() as act:
            self._append(act, "printer.failed", job.event, _failure(job.event.seq, reason, given_up=True))
            self._follower.done(act, job.event.seq)
        self._told = {(seq, kind) for seq, kind in self._told if seq != job.event.seq}
        self._count()

    def failed(self, kind: FaultKind, job: Job | None) -> None:
        """The printer cannot print now: told once a slip and cause, also for the slips behind ``job``."""
        if self.health.fault is None:
            self.health = replace(self.health, fault=kind, since=self._store.clock())
        elif self.health.fault is not kind:
            self.health = replace(self.health, fault=kind)
        waiting: list[Event | None] = [job.event, *self._behind(job)] if job is not None else [None]
        untold = [event for event in waiting if (_seq(event), kind) not in self._told]
        if not untold:
            return
        with self._store.act() as act:
            for event in untold:
                self._append(act, "printer.failed", event, _failure(_seq(event), kind, given_up=False))
        self._told.update((_seq(event), kind) for event in untold)
        self._count()

    def passed(self, seq: int) -> None:
        """Everything up to ``seq`` is done, though nothing came of it."""
        with self._store.act() as act:
            self._follower.done(act, seq)

    def _count(self) -> None:
        self.health = replace(self.health, waiting=len({seq for seq, _ in self._told if seq}))

    def _behind(self, job: Job) -> list[Event]:
        return [event for event in self._follower.pending(since=job.event.seq) if wanted(event)]

    def _recovered(self, act: Act) -> None:
        if self.health.fault is None:
            return
        data: dict[str, object] = {"after_s": round(max(act.now - self.health.since, 0) / 1000)}
        self._append(act, "printer.recovered", None, data)
        self._told.clear()
        self.health = replace(self.health, fault=None, since=act.now, waiting=0)

    def _append(self, act: Act, kind: str, event: Event | None, data: dict[str, object]) -> None:
        named: dict[str, object] = {"number": "", "service": ""} if kind == "printer.failed" else {}
        ticket, dossier = "", event.dossier if event is not None else ""
        if event is not None and event.kind != MISSING:  # a slip of papers is not the slip of the ticket being served
            ticket, named = event.ticket, {"number": event.data["number"], "service": event.data["service"]}
        journal.append(act, kind, office=self._office, actor=_ACTOR, ticket=ticket, dossier=dossier, data=named | data)

    def _remember(self) -> None:
        """Take up an outage that a stop of the server fell into, so that its end is told too."""
        db = self._store.read()
        since = max(journal.head(db)[0] - _HISTORY, 0)
        told = Filter(kinds=("printer.failed", "printer.recovered", "ticket.printed", "dossier.slip_printed"))
        for event in journal.read(db, since, _HISTORY, told):
            if event.kind != "printer.failed":
                self._told.clear()
                self.health = replace(self.health, fault=None)
            elif not event.data["given_up"]:
                kind = FaultKind(event.data["reason"])
                began = event.at if self.health.fault is None else self.health.since
                self._told.add((event.data["job"], kind))
                self.health = replace(self.health, fault=kind, since=began)


def _seq(event: Event | None) -> int:
    return event.seq if event else 0


def _failure(seq: int, reason: str, *, given_up: bool) -> dict[str, object]:
    return {"reason": str(reason), "job": seq, "given_up": given_up}
