"""A day worth logging: visits of every kind, as clerks, citizens and the register make them, for pictures and tests."""

import random
from typing import Final

from office import dossier_intake, journal, turns
from office.dossier_intake import Intake
from office.errors import OfficeError
from office.tickets import Ticket
from tools.rehearsal import Hall

SERVICES: Final = ("ho-tich", "chung-thuc", "tra-ket-qua", "dat-dai")
CLERKS: Final = {"1": "person:lan", "2": "person:minh", "3": "person:thu"}
DAY_MS: Final = 86_400_000


class LogDay:
    """Fills ``hall``, its counters 1 to 3 open; the same seed gives the same day."""

    def __init__(self, hall: Hall, seed: int = 1) -> None:
        self.hall = hall
        self.rng = random.Random(seed)  # noqa: S311 — a made-up day
        hall.open(*CLERKS)

    def run(self, visits: int) -> list[Ticket]:
        """So many numbers; most are served, some do not come, the last ones wait."""
        given = []
        for n in range(visits):
            given.append(self.hall.issue(self.rng.choice(SERVICES), after_s=self.rng.randint(30, 150)))
            if n > 3:
                self._next(self.rng.choice(list(CLERKS)))
        return given

    def _next(self, counter: str) -> None:
        by, ends = {"actor": CLERKS[counter]}, (turns.finish,) * 8 + (turns.absent,)
        try:
            self.hall.do(turns.call_next, counter, **by)
            self._wait(8, 40)
            self.hall.do(turns.start, counter, **by)
            self._wait(40, 300)
            self.hall.do(self.rng.choice(ends), counter, **by)
        except OfficeError:
            return  # nobody waits for this counter

    def begun(self, service: str, counter: str, reason: str) -> Ticket:
        """A number called before its turn, and served for half a minute."""
        ticket = self.hall.issue(service, after_s=20)
        self.call(ticket, counter, reason)
        self._wait(30, 30)
        return ticket

    def call(self, ticket: Ticket, counter: str, reason: str) -> None:
        """Call ``ticket`` out of order, and begin."""
        self.hall.do(turns.call_number, counter, ticket.number, reason, actor=CLERKS[counter])
        self._wait(10, 10)
        self.hall.do(turns.start, counter, actor=CLERKS[counter])

    def finish(self, ticket: Ticket, counter: str) -> Ticket:
        """Serve it for a minute more, to the end."""
        self._wait(60, 60)
        self.hall.do(turns.finish, counter, actor=CLERKS[counter])
        return self.hall.ticket(ticket)

    def passed_on(self) -> Ticket:
        """A number served at counter 1, passed on to another service, and served at counter 2."""
        ticket = self.begun("ho-tich", "1", "đã hẹn trước")
        self.hall.do(turns.transfer, "1", service="chung-thuc", actor=CLERKS["1"])
        self._wait(45, 45)
        self.call(ticket, "2", "chuyển từ quầy 1")
        return self.finish(ticket, "2")

    def rate(self, ticket: Ticket, stars: int) -> None:
        """What a citizen thought of it."""
        with self.hall.store.act() as act:
            journal.append(
                act, "rating.given", office=self.hall.settings.office.id, actor="screen:kiosk",
                counter=ticket.counter, ticket=ticket.id, data={"stars": stars},
            )  # fmt: skip

    def hand_in(self, ticket: Ticket, code: str, *, due_in_days: int = 3) -> None:
        """A dossier that came with the ticket; a due day in the past makes it late."""
        due_at = self.hall.clock() + due_in_days * DAY_MS
        received = min(self.hall.clock(), due_at - DAY_MS)
        wish = Intake(procedure_name="Việc thử", service="ho-tich", code=code, received_at=received, due_at=due_at)
        self.hall.do(dossier_intake.receive, wish, actor=CLERKS["1"], ticket=ticket.id)

    def _wait(self, least: int, most: int) -> None:
        self.hall.clock.turn(seconds=self.rng.randint(least, most))
