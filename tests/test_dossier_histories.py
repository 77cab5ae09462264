"""Random years of a register: whatever clerks, systems, tickets and clocks do, tables follow the journal and fit."""

from itertools import pairwise
from pathlib import Path

from office import (
    dossier_acts,
    dossier_intake,
    dossier_persons,
    dossier_reentry,
    dossier_rows,
    dossiers,
    issuing,
    turns,
)
from office.dossier_intake import Intake
from office.dossier_rows import Pushed
from office.dossiers import PAUSED, Applicant, Dossier, Missing, Paper
from office.store import Store
from tools.histories import History, happened

NAME, NUMBER = "Nguyễn Văn Thử", "000000000012"
UNITS = ("Phòng Kinh tế", "Công an xã", "Bộ phận Một cửa")
STEPS, SEEDS = 160, 8
LEAPS_H = (0.01, 0.2, 1, 3, 8, 17, 24, 60, -1)


class Years(History):
    """After each act the register is looked through."""

    sure = frozenset({"receive", "issue", "time_passes"})

    def __init__(self, folder: Path, seed: int) -> None:
        super().__init__(folder, seed)
        self.keys: list[str] = []
        self.tickets: list[str] = []
        self.reentries: list[str] = []
        self.ways = {
            self.receive: 8, self.move: 8, self.status: 12, self.ask: 5, self.brought: 6, self.refuse: 1,
            self.stop: 2, self.reschedule: 3, self.hand_back: 4, self.visit: 4, self.issue: 4, self.cancel: 1,
            self.come_back: 3, self.push: 6, self.load: 4, self.erase: 2, self.time_passes: 10,
        }  # fmt: skip

    def some(self) -> str:
        return self.rng.choice(self.keys[-6:] or ["H55.242-261101-9999"])

    def ticket(self) -> str:
        return self.rng.choice([*self.tickets[-3:], ""])

    def words(self) -> str:
        return self.rng.choice(("", f"{NAME}, {NUMBER}"))

    # ---- acts

    def receive(self) -> None:
        term = self.rng.choice(((None, ""), (3, "ngay_lam_viec"), (10, "ngay"), (6, "gio"), (0, "ngay_lam_viec")))
        wish = Intake(
            procedure_name="Thủ tục mẫu", term_amount=term[0], term_unit=term[1], papers=(Paper("Tờ khai"),),
            applicant=Applicant(name=NAME, id_number=NUMBER), give_back=self.rng.choice(("counter", "post")),
        )  # fmt: skip
        self.keys.append(self.do(dossier_intake.receive, wish, ticket=self.ticket()).key)

    def move(self) -> None:
        due = self.rng.choice((None, self.hall.clock() + 86_400_000))
        self.do(dossier_acts.move, self.some(), self.rng.choice(UNITS), self.words(), due)

    def status(self) -> None:
        self.do(dossier_acts.set_status, self.some(), self.rng.choice((4, 4, 6, 7, 9, 9, 9)), self.words())

    def ask(self) -> None:
        missing = [Missing(name) for name in self.rng.sample(("Giấy chứng sinh", "Sổ đỏ", "Bản vẽ"), k=2)]
        self.reentries.append(self.do(dossier_acts.ask_supplement, self.some(), missing, self.words()))

    def brought(self) -> None:
        self.do(dossier_acts.supplement_done, self.some(), [Paper("Sổ đỏ", "copy", 2)], ticket=self.ticket())

    def refuse(self) -> None:
        self.do(dossier_acts.refuse, self.some(), self.words())

    def stop(self) -> None:
        self.do(dossier_acts.stop, self.some(), self.words())

    def reschedule(self) -> None:
        due = self.hall.clock() + self.rng.choice((-1, 1, 20)) * 86_400_000
        self.do(dossier_acts.reschedule, self.some(), due, self.words())

    def hand_back(self) -> None:
        self.do(dossier_acts.hand_back, self.some(), ticket=self.ticket(), how=self.rng.choice(("counter", "post")))

    def visit(self) -> None:
        purpose = self.rng.choice(("hand_in", "supplement", "collect", "ask"))
        self.do(dossier_acts.link_visit, self.some(), self.ticket(), purpose)

    def issue(self) -> None:
        self.tickets.append(self.hall.issue("ho-tich").id)

    def cancel(self) -> None:
        self.do(turns.cancel, self.rng.choice(self.tickets or ["x"]))

    def come_back(self) -> None:
        ticket = self.ticket()
        with self.hall.store.act() as act:
            issuing.find(act.db, ticket)
            code = self.rng.choice(self.reentries or ["MC-X"])
            dossier_reentry.use(act, self.hall.settings, code, ticket, actor="screen:kiosk")

    def push(self) -> None:
        status = self.rng.choice((None, 2, 4, 5, 6, 8, 9, 10))
        row = Pushed(code="", status=status, unit=self.rng.choice((None, *UNITS)), name=self.rng.choice((None, NAME)))
        dossier, new = self.do(dossier_rows.put, self.some(), row, actor="key:tinh")
        assert new == (dossier.key not in self.keys)
        self.keys += [dossier.key] if new else []

    def load(self) -> None:
        codes = [f"H55.242-26110{self.rng.randrange(1, 4)}-{n:04d}" for n in range(1, 6)]
        rows = [Pushed(code=code, status=self.rng.choice((2, 4, 9)), procedure_name="Nạp", name=NAME) for code in codes]
        counts = self.do(dossier_rows.upsert_rows, rows, source="csv")
        assert counts.total == counts.added + counts.changed + counts.same == len(rows)
        self.keys += [code for code in codes if code not in self.keys]

    def erase(self) -> None:
        self.do(dossier_persons.erase, self.some())

    def time_passes(self) -> None:
        self.hall.clock.turn(hours=self.rng.choice(LEAPS_H))

    # ---- what always holds

    def look_through(self) -> None:
        db = self.hall.store.read()
        found = [Dossier(*row) for row in db.execute("SELECT * FROM dossiers")]
        assert {d.key for d in found} == set(self.keys)
        for one in found:
            self.columns_fit_the_status(one)
            self.its_way_leads_to_where_it_is(one)
        in_hall = {row[0] for row in db.execute("SELECT id FROM tickets")}
        assert {row[0] for row in db.execute("SELECT ticket FROM dossier_visits")} <= in_hall

    def columns_fit_the_status(self, one: Dossier) -> None:
        assert one.paused_at is None or one.status in PAUSED
        assert one.due_left is None or one.paused_at is not None
        assert one.finished_at is None or one.status in (9, 10)
        assert one.returned_at is None or one.status in (10, 3, 7, 8)
        assert one.supplements <= 1
        assert one.rescheduled in (0, dossiers.PUT_OFF, dossiers.PUT_OFF_LATE)
        assert one.status == 5 or not dossiers.missing(self.hall.store.read(), one.key)

    def its_way_leads_to_where_it_is(self, one: Dossier) -> None:
        way = dossiers.moves(self.hall.store.read(), one.key)
        if way:
            assert (way[-1].status, way[-1].to_unit) == (one.status, one.unit)
        for before, after in pairwise(way):
            assert after.from_unit == before.to_unit

    def at_the_end(self, target: Store) -> None:
        text = "\n".join(str(row) for row in self.hall.store.read().execute("SELECT * FROM journal"))
        assert NAME not in text
        assert NUMBER not in text
        assert target.read().execute("SELECT count(*) FROM applicants").fetchone() == (0,)


def test_random_years_keep_the_register_true(tmp_path: Path) -> None:
    happened(Years, tmp_path, seeds=SEEDS, steps=STEPS)
