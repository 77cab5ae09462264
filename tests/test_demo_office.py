"""The demo looks like an office to whoever works in one, whenever it is started."""

from pathlib import Path

import pytest

from demo import dossiers as demo_dossiers
from demo.office import ACCOUNTS, WAITING, furnish, overlay
from office import counters, journal, lines
from office.clock import day_of
from office.dossiers import recent
from office.journal import Filter
from office.people import everyone
from office.settings import load
from office.store import Store
from tools.rehearsal import CONFIG, Dial, Hall
from web.passwords import Argon2

PLAIN = load(CONFIG)
DEMO = load(CONFIG, overlay(PLAIN, "http://127.0.0.1:8000", 9100))


@pytest.mark.parametrize("wall", ["2026-11-27 10:10", "2026-11-29 19:35", "2026-11-25 08:40"])
def test_dossiers_are_worked_on_in_office_hours_on_working_days(tmp_path: Path, wall: str) -> None:
    """Also after Friday's close and the day after a holiday; but for the slip of today, which holds today only."""
    hall = Hall(tmp_path, DEMO)
    now = hall.moment(wall)
    demo_dossiers.furnish(hall.store, hall.settings, lambda at: setattr(hall.clock, "at", at), now)
    db, worktime = hall.store.read(), DEMO.worktimes[""]
    done = [event.at for event in journal.read(db, limit=1000) if event.dossier and event.at != now]
    assert len(done) > len(demo_dossiers.CASES)
    assert all(worktime.calendar.is_open(at) for at in done)
    asked = journal.read(db, limit=9, only=Filter(kinds=("dossier.supplement_asked",)))
    assert day_of(asked[-1].at, DEMO.office.zone) == wall[:10]


def test_each_field_has_its_unit(hall: Hall) -> None:
    demo_dossiers.furnish(hall.store, hall.settings, lambda at: setattr(hall.clock, "at", at), hall.clock())
    units = {found.service: found.unit for found in recent(hall.store.read(), 100) if found.unit != DEMO.dossiers.unit}
    assert units["ho-tich"] == "Văn phòng HĐND và UBND"
    assert units["bao-tro"] == "Phòng Văn hóa - Xã hội"
    assert set(units.values()) <= set(DEMO.dossiers.units)


def test_one_person_sits_at_each_counter(tmp_path: Path) -> None:
    path, clock = tmp_path / "demo.sqlite3", Dial(Hall(tmp_path / "clock").moment("2026-11-23 10:00"))
    furnish(path, DEMO, Argon2(), clock())
    store = Store(path, clock)
    try:
        db = store.read()
        at_desk = [desk.person for desk in counters.every(db, DEMO) if desk.state == counters.OPEN]
        names = {person.name for person in everyone(db)}
    finally:
        store.close()
    assert len(set(at_desk)) == len(at_desk) == len(DEMO.counters) - 1
    assert set(at_desk) | {name for name, _ in ACCOUNTS} == names


def test_each_day_it_is_started_has_visits_in_its_log(tmp_path: Path) -> None:
    path, made = tmp_path / "demo.sqlite3", Hall(tmp_path / "clock")
    issued = []
    for wall in ("2026-11-23 10:00", "2026-11-23 15:00", "2026-11-25 09:00"):
        now = made.moment(wall)
        furnish(path, DEMO, Argon2(), now)
        store = Store(path, Dial(now))
        found = journal.read(store.read(), limit=1000, only=Filter(kinds=("ticket.issued",)))
        store.close()
        issued.append([day_of(event.at, DEMO.office.zone) for event in found])
    first, again, later = issued
    assert first == again  # once a day
    assert len(set(first)) == 1
    assert len(later) == 2 * len(first)
    assert later[-1] == "2026-11-25"


def test_soon_after_midnight_somebody_waits_too(tmp_path: Path) -> None:
    path, clock = tmp_path / "demo.sqlite3", Dial(Hall(tmp_path / "clock").moment("2026-11-28 00:02"))
    furnish(path, DEMO, Argon2(), clock())
    furnish(path, DEMO, Argon2(), clock())
    store = Store(path, clock)
    try:
        waiting = lines.waiting_counts(store.read(), "2026-11-28")
    finally:
        store.close()
    assert sum(count for count, _ in waiting.values()) == WAITING
