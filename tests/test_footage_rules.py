"""Who may watch, what is held and what goes: the rules of footage, on an office's own file."""

import itertools
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from office import counters, dossier_intake, footage, holding, issuing, journal, retention, turns, watching
from office.clock import day_start, local
from office.dossier_intake import Intake
from office.errors import BadRequest, HoldEnded, UnknownCamera, ViewFirst
from office.footage import Piece
from office.replay import rehearse
from office.store import Store
from office.watching import Asked, Wish
from tools.rehearsal import settings_with

CAMERAS = [
    {"name": "quay-1", "title": {"vi": "Quầy 1"}, "address": "rtsp://127.0.0.1/1", "covers": [{"counter": "1"}]},
    {"name": "hall", "title": {"vi": "Sảnh"}, "address": "rtsp://127.0.0.1/2"},
    {"name": "quay-2", "title": {"vi": "Quầy 2"}, "address": "rtsp://127.0.0.1/3", "covers": [{"counter": "2"}]},
]
DAY = 86_400_000


class Office:
    """An office with a clock of its own."""

    def __init__(self, folder: Path) -> None:
        self.now = 1_795_000_000_000
        self.settings = settings_with(cameras=CAMERAS, camera_notice={"days": 30}, footage={"hold_days": 60})
        self.store = Store(folder / "office.sqlite3", clock=lambda: self.now)

    def do(self, act: Any, *args: Any, **more: Any) -> Any:
        with self.store.act() as under_way:
            return act(under_way, self.settings, *args, **more)

    def fill(self, camera: str, begins: int, count: int, step_ms: int = 10_000) -> None:
        with self.store.act() as act:
            footage.keep(
                act, (Piece(camera, begins + n * step_ms, begins + (n + 1) * step_ms, 10) for n in range(count))
            )


@pytest.fixture(name="office")
def _office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.store.close()


def wish(office: Office, **other: Any) -> Wish:
    told: dict[str, Any] = {
        "cameras": ("quay-1",),
        "begins": office.now - 60_000,
        "ends": office.now,
        "reason": "complaint",
    }
    return Wish(**(told | other))


def test_a_reason_is_written_before_anything_is_watched_and_counts_for_its_time_only(office: Office) -> None:
    seen = office.do(watching.view, wish(office, note="Bà Trần Thị Mẫu phản ánh"), actor="person:ha")
    asked = Asked("person:ha", seen.id, "quay-1", office.now - 50_000, office.now)
    db = office.store.read()
    watching.allowed(db, office.settings, asked, office.now)
    event = journal.read(db)[-1]
    assert (event.kind, event.actor, event.data["noted"]) == ("footage.viewed", "person:ha", True)
    assert "Mẫu" not in str(event.data)
    assert watching.notes(db, [event.seq]) == {event.seq: "Bà Trần Thị Mẫu phản ánh"}
    others = [
        Asked("person:lan", seen.id, "quay-1", asked.begins, asked.ends),
        Asked("person:ha", seen.id, "hall", asked.begins, asked.ends),
        Asked("person:ha", seen.id, "quay-1", office.now - 63_000, asked.ends),
        Asked("person:ha", seen.id, "quay-1", asked.begins, office.now + 3_000),
        *(Asked("person:ha", view, "quay-1", asked.begins, asked.ends) for view in ("", "0", "²", "9" * 30, "-1")),
    ]
    for other in others:
        with pytest.raises(ViewFirst):
            watching.allowed(db, office.settings, other, office.now)
    with pytest.raises(ViewFirst):
        watching.allowed(db, office.settings, asked, office.now + office.settings.footage.view_min * 60_000 + 1)


def test_a_wish_that_cannot_be_is_refused_and_nothing_is_written(office: Office) -> None:
    wrong: list[tuple[dict[str, Any], type[Exception]]] = [
        ({"cameras": ()}, BadRequest),
        ({"cameras": ("quay-9",)}, UnknownCamera),
        ({"ends": office.now - 60_000}, BadRequest),
        ({"begins": office.now - 2 * DAY}, BadRequest),
        ({"reason": "curiosity"}, BadRequest),
        ({"note": "a" * 1001}, BadRequest),
    ]
    for other, error in wrong:
        with pytest.raises(error):
            office.do(watching.view, wish(office, **other), actor="person:ha")
    assert journal.read(office.store.read()) == []


def test_a_system_that_watches_on_is_written_once(office: Office) -> None:
    for _ in range(3):
        office.do(watching.by_system, wish(office, reason="system"), actor="key:province")
    office.do(watching.by_system, wish(office, reason="system", cameras=("hall",)), actor="key:province")
    office.now += watching.REPEAT_MS + 1
    office.do(watching.by_system, wish(office, reason="system", begins=office.now - 9), actor="key:province")
    assert len(journal.read(office.store.read())) == 3


def test_a_hold_has_owner_and_end_and_can_be_ended_once(office: Office) -> None:
    until = local(office.now, office.settings.office.zone).date() + timedelta(days=5)
    with pytest.raises(BadRequest):
        office.do(holding.hold, wish(office), until - timedelta(days=5), actor="person:ha")
    name = office.do(holding.hold, wish(office), until, actor="person:ha")
    held = holding.find(office.store.read(), name)
    assert (held.owner, held.until, held.cause) == ("person:ha", until, "person")
    assert held.holds(until - timedelta(days=1))
    assert not held.holds(until)
    office.do(holding.release, name, "test", actor="person:ha")
    with pytest.raises(HoldEnded):
        office.do(holding.release, name, "test", actor="person:ha")
    assert rehearse(office.store) == {}


def served(office: Office, *, by_number: bool = False) -> str:
    """A ticket that was called to counter 1 and is being served there."""
    office.do(counters.open_, "1", person="lan", actor="person:lan")
    service = office.settings.counter_by_id["1"].services[0]
    ticket = office.do(issuing.issue, service=service, actor="screen:k")
    office.now += 60_000
    if by_number:
        office.do(turns.call_number, "1", ticket.number, "người già", actor="person:lan")
    else:
        office.do(turns.call_next, "1", actor="person:lan")
    office.now += 5_000
    office.do(turns.start, "1", actor="person:lan")
    office.now += 300_000
    return str(ticket.id)


@pytest.mark.parametrize(
    ("kind", "data", "cause"),
    [
        ("rating.given", {"stars": 1}, "rating"),
        ("rating.given", {"stars": 2}, ""),
        ("note.left", {"about": "complaint"}, "complaint"),
        ("note.left", {"about": "praise"}, ""),
    ],
)
def test_lowest_rating_and_complaint_hold_the_visit(
    office: Office, kind: str, data: dict[str, Any], cause: str
) -> None:
    ticket = served(office)
    with office.store.act() as act:
        event = journal.append(act, kind, office="H", actor="screen:k", counter="1", ticket=ticket, data=data)
    name = office.do(holding.by_itself, event)
    assert bool(name) == bool(cause)
    if cause:
        held = holding.find(office.store.read(), name)
        called = issuing.find(office.store.read(), ticket).called_at
        assert called is not None
        assert (held.cause, held.cameras, held.owner) == (cause, ("quay-1", "hall"), "system")
        assert (held.begins, held.ends) == (called - 15_000, event.at + 30_000)
    assert rehearse(office.store) == {}


@pytest.mark.parametrize("by_number", [False, True])
def test_a_call_out_of_order_is_held_when_its_visit_ends(office: Office, by_number: bool) -> None:
    served(office, by_number=by_number)
    office.do(turns.finish, "1", actor="person:lan")
    event = journal.read(office.store.read())[-1]
    assert bool(office.do(holding.by_itself, event)) == by_number


def test_a_call_out_of_order_that_never_comes_to_an_end_is_held_too(office: Office) -> None:
    served(office, by_number=True)
    office.do(turns.hold, "1", 5, actor="person:lan")
    event = journal.read(office.store.read())[-1]
    assert event.kind in holding.KINDS
    held = holding.find(office.store.read(), office.do(holding.by_itself, event))
    assert (held.cause, held.ends) == ("out_of_order", event.at + 30_000)


def test_a_hold_has_every_station_of_the_visit_from_its_first_call_to_its_end(office: Office) -> None:
    ticket = served(office, by_number=True)
    first = issuing.find(office.store.read(), ticket).called_at
    assert first is not None
    office.do(counters.open_, "2", person="minh", actor="person:minh")
    office.do(turns.transfer, "1", to_counter="2", actor="person:lan")
    office.now += 60_000
    office.do(turns.call_next, "2", actor="person:minh")
    office.do(turns.start, "2", actor="person:minh")
    office.now += 120_000
    office.do(turns.finish, "2", actor="person:minh")
    ended = office.now
    event = journal.read(office.store.read())[-1]
    held = holding.find(office.store.read(), office.do(holding.by_itself, event))
    assert set(held.cameras) == {"quay-1", "quay-2", "hall"}
    assert (held.begins, held.ends) == (first - 15_000, ended + 30_000)
    office.now += 2 * DAY  # days later somebody complains
    with office.store.act() as act:
        data = {"about": "complaint"}
        late = journal.append(act, "note.left", office="H", actor="key:web", ticket=ticket, data=data)
    complained = holding.find(office.store.read(), office.do(holding.by_itself, late))
    assert (complained.cause, complained.cameras) == ("complaint", held.cameras)
    assert (complained.begins, complained.ends) == (held.begins, held.ends)


def test_what_is_rated_lowest_while_it_lasts_is_held_whole_once_it_has_ended(office: Office) -> None:
    ticket = served(office)
    with office.store.act() as act:
        rated = journal.append(act, "rating.given", office="H", actor="screen:k", ticket=ticket, data={"stars": 1})
    at_once = holding.find(office.store.read(), office.do(holding.by_itself, rated))
    office.now += 600_000
    office.do(turns.finish, "1", actor="person:lan")
    finished = journal.read(office.store.read())[-1]
    whole = holding.find(office.store.read(), office.do(holding.by_itself, finished))
    assert (whole.cause, whole.begins, whole.ends) == ("rating", at_once.begins, finished.at + 30_000)
    assert at_once.ends == rated.at + 30_000


def test_a_complaint_without_a_ticket_holds_the_hall_around_it(office: Office) -> None:
    with office.store.act() as act:
        event = journal.append(act, "note.left", office="H", actor="screen:k", data={"about": "complaint"})
    held = holding.find(office.store.read(), office.do(holding.by_itself, event))
    assert held.cameras == ("hall",)
    assert held.begins == event.at - holding.AROUND_MS


def test_a_complaint_about_a_dossier_holds_its_visits(office: Office) -> None:
    ticket = served(office)
    intake = Intake(procedure_name="Việc thử", service="ho-tich")
    code = office.do(dossier_intake.receive, intake, actor="person:lan", ticket=ticket).code
    office.do(turns.finish, "1", actor="person:lan")
    ended = office.now
    office.now += 3 * DAY
    for dossier, cameras in ((code, ("quay-1", "hall")), ("H55.242-261101-0099", ("hall",))):  # nobody came with that
        with office.store.act() as act:
            data = {"about": "complaint"}
            event = journal.append(act, "note.left", office="H", actor="key:web", dossier=dossier, data=data)
        held = holding.find(office.store.read(), office.do(holding.by_itself, event))
        assert (held.cause, held.cameras) == ("complaint", cameras)
        assert held.ends == (ended if dossier == code else event.at) + 30_000


def test_what_is_past_its_days_goes_oldest_first_and_what_is_held_stays(office: Office) -> None:
    first = retention.kept_from(office.settings, office.now)
    office.fill("quay-1", first - 200_000, 25)
    office.fill("hall", first - 105_000, 5)
    held = Wish(("quay-1",), first - 150_000, first - 125_000, "incident")
    until = local(office.now, office.settings.office.zone).date() + timedelta(days=3)
    office.do(holding.hold, held, until, actor="person:ha")
    db = office.store.read()
    gone = list(retention.aged(db, office.settings, office.now))
    assert [one.begins for one in gone] == sorted(one.begins for one in gone)
    assert all(one.ends <= first for one in gone)
    kept = {one.begins - first for one in gone if one.camera == "quay-1"}
    assert kept == {-200_000 + n * 10_000 for n in range(20)} - {-150_000, -140_000, -130_000}
    assert len([one for one in gone if one.camera == "hall"]) == 5
    assert len(office.do(retention.purge, gone, "age")) == len(gone)
    told = [event for event in journal.read(db) if event.kind == "footage.purged"]
    assert {(one.data["camera"], one.data["pieces"], one.data["cause"]) for one in told} == {
        ("quay-1", 17, "age"), ("hall", 5, "age"),
    }  # fmt: skip
    assert list(retention.aged(db, office.settings, office.now)) == []
    office.now += 3 * DAY
    assert len(list(retention.aged(db, office.settings, office.now))) == 5 + 3


def test_what_is_held_between_look_up_and_purge_stays(office: Office) -> None:
    first = retention.kept_from(office.settings, office.now)
    office.fill("quay-1", first - 200_000, 3)
    gone = list(retention.aged(office.store.read(), office.settings, office.now))
    held = Wish(("quay-1",), first - 185_000, first - 184_000, "incident")
    office.do(holding.hold, held, date(2035, 1, 1), actor="person:ha")
    went = office.do(retention.purge, gone, "age")
    assert [one.begins - first for one in went] == [-200_000, -180_000]
    assert footage.starts(office.store.read(), "quay-1") == [first - 190_000]
    [told] = [one.data for one in journal.read(office.store.read()) if one.kind == "footage.purged"]
    assert (told["pieces"], told["bytes"]) == (2, 20)


def test_at_random_nothing_held_or_young_ever_goes(office: Office) -> None:
    dice = random.Random(4)
    first = retention.kept_from(office.settings, office.now)
    office.fill("quay-1", first - 9_000_000, 900)
    until = date(2035, 1, 1)
    spans = []
    for _ in range(12):
        begins = first - dice.randrange(9_000_000)
        spans.append((begins, begins + dice.randrange(1, 2_000_000)))
        office.do(holding.hold, Wish(("quay-1",), *spans[-1], "test"), until, actor="person:ha")
    gone = list(retention.aged(office.store.read(), office.settings, office.now))
    every = footage.pieces(office.store.read(), "quay-1", first - 9_100_000, first)
    free = [one for one in every if not any(a < one.ends and one.begins < b for a, b in spans)]
    assert gone == [one for one in free if one.ends <= first]


def test_months_of_holds_make_no_look_at_what_may_go_dear(office: Office) -> None:
    first = retention.kept_from(office.settings, office.now)
    holds = []
    with office.store.act() as act:
        for number in range(600):
            begins = first - (number + 1) * 3_600_000
            span = begins, begins + 300_000
            footage.keep(act, (Piece("quay-1", at, at + 10_000, 10) for at in range(*span, 10_000)))
            holds.append((f"H{number}", '["quay-1"]', *span, "quality", "system", "2035-01-01", "out_of_order", 0))
        act.db.executemany("INSERT INTO footage_holds VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", holds)
    db, steps = office.store.read(), itertools.count()
    db.set_progress_handler(lambda: next(steps) and None, 100)  # SQLite tells each hundred of its steps
    assert list(retention.aged(db, office.settings, office.now)) == []
    db.set_progress_handler(None, 0)
    assert next(steps) * 100 < 5 * 18_000, "each of the 18,000 held pieces was looked at"


def test_days_are_counted_as_people_are_told(office: Office) -> None:
    first = retention.kept_from(office.settings, office.now)
    zone = office.settings.office.zone
    assert first == day_start(local(office.now, zone).date() - timedelta(days=30), zone)
