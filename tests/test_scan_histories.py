"""Random days of people who come back with missing papers, among all others: a place near the front is given once a
dossier and day, moves its holder by its minutes alone, and lets nobody wait for ever."""

from collections import Counter
from pathlib import Path

from office import dossier_acts, dossier_intake, issuing, journal, near_front, returns, scan_actions, turns
from office.discipline import MINUTE
from office.dossier_intake import Intake
from office.dossiers import Missing, Paper
from office.journal import Event, Filter
from office.store import Store
from office.tickets import State, Ticket, ticket_from
from tools.histories import History, happened, local_day
from tools.rehearsal import CLERK, Hall

SCREEN = "screen:kiosk-1"
COUNTERS = ("1", "2", "3")
DESK = "3"
SERVICES = ("ho-tich", "chung-thuc", "dat-dai")
CLASSES = ("", "", "", "CAO_TUOI", "HEN_TRUOC")
LEAPS_S = (1, 5, 20, 61, 300, 1200, 2700, -600)
NIGHT_H = (9, 15, 24, -25)
STEPS, SEEDS = 220, 10
MOST_CALLED = 60


class Days(History):
    """Days of people who come back, among all others."""

    sure = frozenset({"receive", "issue", "time_passes"})

    def __init__(self, folder: Path, seed: int) -> None:
        super().__init__(folder, seed)
        self.dossiers: list[str] = []
        self.rights: list[str] = []
        self.tickets: list[str] = []
        self.hall.open(*COUNTERS)
        self.ways = {
            self.receive: 5, self.ask: 8, self.brought: 3, self.push: 1, self.come_back: 16, self.issue: 8,
            self.call_next: 14, self.finish: 10, self.absent: 5, self.return_to_line: 5, self.cancel: 2,
            self.check_priority: 5, self.transfer: 2, self.open: 8, self.time_passes: 12, self.night: 1,
        }  # fmt: skip

    def desk(self) -> str:
        return self.rng.choice(COUNTERS)

    def one_of(self, found: list[str]) -> str:
        return self.rng.choice(found[-6:] or ["none"])

    # ---- acts

    def receive(self) -> None:
        wish = Intake(procedure_name="Việc mẫu", service=self.rng.choice(SERVICES), papers=(Paper("Tờ khai"),))
        self.dossiers.append(self.do(dossier_intake.receive, wish).key)

    def ask(self) -> None:
        self.rights.append(self.do(dossier_acts.ask_supplement, self.one_of(self.dossiers), [Missing("Sổ")], "thiếu"))

    def brought(self) -> None:
        self.do(dossier_acts.supplement_done, self.one_of(self.dossiers), ticket=self.rng.choice(["", *self.tickets]))

    def push(self) -> None:
        self.do(dossier_acts.set_status, self.one_of(self.dossiers), 4)

    def come_back(self) -> None:
        """Somebody tries a slip's code or a dossier's, for its own service or for another one, in a class or none."""
        text = self.one_of(self.rng.choice((self.rights, self.dossiers)))
        service, priority = self.rng.choice(SERVICES), self.rng.choice(CLASSES)
        held = near_front.holds(self.hall.store.read(), self.hall.settings, text, self.hall.clock())
        with self.hall.store.act() as act:
            ticket = issuing.issue(
                act, self.hall.settings, service=service, actor=SCREEN, priority=priority, reentry=text
            )
            scan_actions.link(act, self.hall.settings, ticket, actor=SCREEN)
        assert held
        assert ticket.arrived_at - ticket.place == self.moved_by(ticket, came_back=True)
        self.tickets.append(ticket.id)

    def issue(self) -> None:
        ticket = self.hall.issue(self.rng.choice(SERVICES), self.rng.choice(CLASSES))
        assert ticket.arrived_at - ticket.place == self.moved_by(ticket, came_back=False)
        self.tickets.append(ticket.id)

    def call_next(self) -> None:
        counter = self.desk()
        waiting = [t for t in self.waiting() if t.service in self.services(counter) and not t.target]
        called = self.do(turns.call_next, counter)
        if called is not None:
            self.nobody_is_left_behind(called.ticket, called.why["rule"], counter, waiting)

    def finish(self) -> None:
        counter = self.desk()
        self.do(turns.start, counter)
        self.do(turns.finish, counter)

    def absent(self) -> None:
        self.do(turns.absent, self.desk())

    def return_to_line(self) -> None:
        rows = map(ticket_from, self.hall.store.read().execute("SELECT * FROM tickets"))
        self.do(turns.return_to_line, self.one_of([t.id for t in rows if t.state is State.ABSENT]))

    def cancel(self) -> None:
        self.do(turns.cancel, self.one_of(self.tickets), actor=SCREEN)

    def check_priority(self) -> None:
        self.do(turns.check_priority, self.desk(), confirmed=False)

    def transfer(self) -> None:
        self.do(turns.transfer, self.desk(), service=self.rng.choice(SERVICES))

    def open(self) -> None:
        self.hall.open(self.desk())

    def time_passes(self) -> None:
        self.hall.clock.turn(seconds=self.rng.choice(LEAPS_S))

    def night(self) -> None:
        self.hall.clock.turn(hours=self.rng.choice(NIGHT_H))
        self.hall.do(returns.end_days_before, local_day(self.hall.clock()))

    # ---- what always holds

    def waiting(self) -> list[Ticket]:
        rows = map(ticket_from, self.hall.store.read().execute("SELECT * FROM tickets"))
        return [t for t in rows if t.state is State.WAITING]

    def services(self, counter: str) -> tuple[str, ...]:
        return self.hall.settings.counter_by_id[counter].services

    def moved_by(self, ticket: Ticket, *, came_back: bool) -> int:
        """How far forward (ms) a ticket stands: by its class or its right, the greater one, never by both."""
        weight = self.hall.settings.class_by_id[ticket.priority].weight_min if ticket.priority else 0
        return round(max(weight, self.hall.settings.dossiers.reentry_min if came_back else 0) * MINUTE)

    def nobody_is_left_behind(self, called: Ticket, rule: str, counter: str, waiting: list[Ticket]) -> None:
        """Who is called has overtaken only those who came at most the sum of the shifts earlier; but for the ordinary
        ticket's turn after a run of priority calls."""
        office = self.hall.settings
        forward = max(office.dossiers.reentry_min, *(c.weight_min for c in office.discipline.classes))
        back = (len(self.services(counter)) - 1) * office.discipline.preference_min
        passed = [t for t in waiting if t.day == called.day and not (rule == "ordinary_turn" and t.priority)]
        for other in passed:
            assert called.arrived_at - other.arrived_at <= (forward + back) * MINUTE

    def at_the_end(self, target: Store) -> None:
        db = self.hall.store.read()
        used = journal.read(db, limit=100_000, only=Filter(kinds=("dossier.reentered",)))
        a_day = Counter((event.dossier, local_day(event.at)) for event in used)
        assert set(a_day.values()) <= {1}
        codes = [event.data["reentry"] for event in used if event.data["reentry"]]
        assert len(codes) == len(set(codes))
        for event in used:
            self.the_right_was_there(event)
        self.happened["by a slip's code"] += len(codes)
        self.happened["by a dossier's code"] += len(used) - len(codes)

    def the_right_was_there(self, used: Event) -> None:
        """A number given near the front is for the dossier's service or where one asks, and serves the dossier."""
        db = self.hall.store.read()
        ticket = issuing.find(db, used.ticket)
        issued = next(e for e in journal.read(db, only=Filter(ticket=used.ticket)) if e.kind == "ticket.issued")
        (service,) = db.execute("SELECT service FROM dossiers WHERE key = ?", (used.dossier,)).fetchone()
        assert issued.data["service"] in (service, self.hall.settings.scans.ask_service)
        assert near_front.kept(db, self.hall.settings, ticket) <= near_front.weight(self.hall.settings)
        visits = "SELECT count(*) FROM dossier_visits WHERE dossier = ? AND ticket = ?"
        assert db.execute(visits, (used.dossier, used.ticket)).fetchone()[0] >= 1


def test_random_days_near_the_front(tmp_path: Path) -> None:
    told = happened(Days, tmp_path, seeds=SEEDS, steps=STEPS)
    # A walk that never comes there would prove nothing.
    for what in ("by a slip's code", "by a dossier's code", "error.reentry_spent"):
        assert told[what] >= 3, f"{what}: {told}"


def test_an_endless_row_of_people_who_come_back_lets_an_ordinary_number_through(tmp_path: Path) -> None:
    """One a minute comes back near the front and one a minute is called: the ordinary number waits its minutes, no
    longer."""
    hall = Hall(tmp_path)
    hall.open(DESK)
    hall.issue("dat-dai")
    ordinary = hall.issue("dat-dai")
    calls = 0
    while hall.ticket(ordinary).state is not State.FINISHED and calls < MOST_CALLED:
        calls += 1
        wish = Intake(procedure_name="Việc mẫu", service="dat-dai")
        code = hall.do(dossier_intake.receive, wish, actor=CLERK).code
        right = hall.do(dossier_acts.ask_supplement, code, [Missing("Sổ")], "thiếu", actor=CLERK)
        hall.do(issuing.issue, service="dat-dai", reentry=right, actor=SCREEN)
        for deed in (turns.call_next, turns.start, turns.finish):
            hall.do(deed, DESK, actor=CLERK)
        hall.clock.turn(minutes=1)
    assert hall.ticket(ordinary).state is State.FINISHED
    assert hall.settings.dossiers.reentry_min - 1 <= calls <= hall.settings.dossiers.reentry_min + 3
    hall.store.close()
