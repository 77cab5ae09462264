"""Random days at the counters: whatever clerks, citizens, clocks and calendars do, the file stays true to itself."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from office import issuing, journal, returns, turns, waits
from office.discipline import MINUTE
from office.settings import Settings
from office.standing import standing
from office.store import Store
from office.tickets import State, Ticket, ticket_from
from tools.histories import History, happened, local_day
from tools.rehearsal import settings_with

COUNTERS = ("1", "1", "2", "2", "3", "5")
SERVICES = ("ho-tich", "ho-tich", "chung-thuc", "tra-ket-qua", "dat-dai", "cu-tru")
CLASSES = ("", "", "", "CAO_TUOI", "HEN_TRUOC")
LEAPS_S = (1, 1, 5, 9, 9, 9, 20, 40, 61, 61, 300, 1200, -1, -600)
NIGHT_H = (9, 15, 24, -25)
LETTERS = settings_with(turns={"recall_limit": 2, "undo_s": 60})
PLAIN = settings_with(numbering={"style": "plain"}, discipline={"max_priority_run": 1, "preference_min": 0})
STEPS = 250


class Days(History):
    """After each act the tables are looked through."""

    sure = frozenset({"issue", "open", "print_slip", "time_passes", "tick", "night"})

    def __init__(self, folder: Path, seed: int, settings: Settings) -> None:
        super().__init__(folder, seed, settings)
        self.settings = settings
        self.first: dict[str, Ticket] = {}
        self.hall.open("1", "2", "3")
        # How often each is tried: often enough forward that tickets come to every state.
        self.ways = {
            self.issue: 12, self.call_next: 14, self.call_number: 2, self.step(turns.start): 10,
            self.step(turns.finish): 8, self.step(turns.undo_finish): 4, self.step(turns.absent): 3,
            self.step(turns.recall): 3, self.hold: 3, self.transfer: 4, self.check_priority: 3,
            self.by_the_citizen: 6, self.print_slip: 3, self.open: 4, self.stop: 2, self.time_passes: 14,
            self.tick: 3, self.night: 1,
        }  # fmt: skip

    def desk(self) -> str:
        return self.rng.choice(COUNTERS)

    def some(self) -> Ticket | None:
        """One of the tickets given lately."""
        return self.rng.choice(list(self.first.values())[-8:]) if self.first else None

    # ---- acts

    def issue(self) -> None:
        ticket = self.hall.issue(self.rng.choice(SERVICES), self.rng.choice(CLASSES))
        assert ticket.day == local_day(self.hall.clock())
        assert ticket.id not in self.first
        self.first[ticket.id] = ticket

    def open(self) -> None:
        self.hall.open(self.desk())

    def stop(self) -> None:
        deed = self.rng.choice((returns.pause_counter, returns.close_counter))
        self.do(deed, self.desk(), person="lan")

    def call_next(self) -> None:
        self.do(turns.call_next, self.desk())

    def call_number(self) -> None:
        if ticket := self.some():
            self.do(turns.call_number, self.desk(), ticket.number, "asked")

    def step(self, deed: Callable[..., object]) -> Callable[[], object]:
        return lambda: self.do(deed, self.desk())

    def hold(self) -> None:
        minutes = self.rng.choice((0, 1, 5, 60))
        self.do(turns.hold, self.desk(), minutes)

    def transfer(self) -> None:
        where = self.rng.choice(({"service": self.rng.choice(SERVICES)}, {"to_counter": self.desk()}))
        self.do(turns.transfer, self.desk(), **where)

    def check_priority(self) -> None:
        confirmed = self.rng.random() < 0.5
        self.do(turns.check_priority, self.desk(), confirmed=confirmed)

    def by_the_citizen(self) -> None:
        deed = self.rng.choice((turns.return_to_line, turns.return_to_line, turns.cancel))
        if ticket := self.some():
            self.do(deed, ticket.id, actor="screen:kiosk")

    def print_slip(self) -> None:
        if ticket := self.some():
            kind = self.rng.choice(("ticket.printed", "printer.failed"))
            with self.hall.store.act() as act:
                issuing.note(act, self.settings, kind, ticket, "", "system", {"job": ticket.seq})

    def time_passes(self) -> None:
        self.hall.clock.turn(seconds=self.rng.choice(LEAPS_S))

    def tick(self) -> None:
        self.hall.do(returns.return_due)
        self.hall.do(returns.end_days_before, local_day(self.hall.clock()))

    def night(self) -> None:
        self.hall.clock.turn(hours=self.rng.choice(NIGHT_H))

    # ---- what always holds

    def look_through(self) -> None:
        db = self.hall.store.read()
        tickets = {t.id: t for t in map(ticket_from, db.execute("SELECT * FROM tickets ORDER BY seq"))}
        self.a_ticket_is_at_one_counter_and_a_counter_has_one_ticket(tickets)
        self.numbers_of_a_day_and_series_are_one_two_three(tickets)
        assert tickets.keys() == self.first.keys()
        for ticket in tickets.values():
            self.ticket_keeps_what_it_was_given(ticket)
            self.columns_fit_the_state(ticket)
        self.what_is_remembered_is_what_is_written(tickets)

    def what_is_remembered_is_what_is_written(self, tickets: dict[str, Ticket]) -> None:
        """An act that leaves nothing behind knows the hall as it is read afresh, whatever was given or done before."""
        with self.hall.store.act() as act:
            seen = standing(act, self.settings)
            for ticket in list(tickets.values())[-5:]:
                told = [waits.outlook(act.db, self.settings, ticket, glance) for glance in (seen, None)]
                assert told[0] == told[1]

    def a_ticket_is_at_one_counter_and_a_counter_has_one_ticket(self, tickets: dict[str, Ticket]) -> None:
        desks = self.hall.store.read().execute("SELECT id, state, ticket FROM counters").fetchall()
        at_desk = {ticket: desk for desk, _, ticket in desks if ticket}
        assert len(at_desk) == sum(1 for _, _, ticket in desks if ticket)
        assert at_desk == {t.id: t.counter for t in tickets.values() if t.state in (State.CALLED, State.SERVING)}
        closed = {desk for desk, state, _ in desks if state == "closed"}
        assert not [desk for desk, _, ticket in desks if desk in closed and ticket]
        taking = {desk for desk, state, _ in desks if state == "open"}
        assert not [t for t in tickets.values() if t.target and t.target not in taking]  # nobody would call them

    def numbers_of_a_day_and_series_are_one_two_three(self, tickets: dict[str, Ticket]) -> None:
        given: dict[tuple[str, str], list[int]] = {}
        for t in tickets.values():
            given.setdefault((t.day, t.series), []).append(t.n)
            letter = self.settings.service_by_id[self.first[t.id].service].series
            assert t.number == (f"{letter}-{t.n:03}" if self.settings is LETTERS else f"{t.n:04}")
        assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in given.values())
        last = {(day, series): n for day, series, n in self.hall.store.read().execute("SELECT * FROM series")}
        assert last == {key: len(numbers) for key, numbers in given.items()}

    def ticket_keeps_what_it_was_given(self, now: Ticket) -> None:
        first = self.first[now.id]
        for name in ("number", "day", "token", "language", "arrived_at", "seq", "dossier"):
            assert getattr(now, name) == getattr(first, name)
        weight = self.settings.class_by_id[now.priority].weight_min if now.priority else 0
        assert now.arrived_at - now.place == weight * MINUTE

    def columns_fit_the_state(self, t: Ticket) -> None:
        assert (t.hold_until is not None) == (t.state is State.HELD)
        assert (t.ended_at is not None) == (t.state in (State.FINISHED, State.CANCELLED, State.ABSENT))
        assert not t.target or t.state is State.WAITING
        assert t.recalls <= self.settings.turns.recall_limit
        assert (t.called_at is None) == (t.calls == 0)
        assert t.started_at is not None or t.state not in (State.SERVING, State.FINISHED)

    def at_the_end(self, target: Store) -> None:
        db = self.hall.store.read()
        events = journal.read(db, limit=100_000)
        assert [e.at for e in events] == sorted(e.at for e in events)
        for t in map(ticket_from, db.execute("SELECT * FROM tickets")):
            mine = [e.kind for e in events if e.ticket == t.id]
            assert mine[0] == "ticket.issued"
            assert mine.count("ticket.called") == t.calls
            assert mine.count("ticket.finished") - mine.count("ticket.reopened") == (t.state is State.FINISHED)
        self.happened += Counter(e.kind for e in events)
        self.happened += Counter(f"{e.kind} {e.data['reason']}" for e in events if e.data.get("reason"))


@pytest.mark.parametrize("settings", [pytest.param(LETTERS, id="letters"), pytest.param(PLAIN, id="plain")])
def test_random_days_keep_the_file_true(tmp_path: Path, settings: Settings) -> None:
    told = happened(partial(Days, settings=settings), tmp_path, seeds=14, steps=STEPS)
    # A walk that never comes there would prove nothing.
    for kind in (
        "ticket.called", "ticket.recalled", "ticket.started", "ticket.finished", "ticket.reopened", "ticket.absent",
        "ticket.held", "ticket.returned", "ticket.transferred", "ticket.cancelled", "ticket.cancelled day_ended",
        "ticket.finished day_ended", "ticket.priority_checked", "counter.closed", "counter.closed day_ended",
    ):  # fmt: skip
        assert told[kind] >= 3, f"{kind}: {told}"
