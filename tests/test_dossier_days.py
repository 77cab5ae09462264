"""A file's days without an hour: when the work of that day begins or ends, unless the register knows better."""

from dataclasses import replace
from datetime import date

from office import dossier_rows, dossiers
from office.dossier_rows import Counts, Pushed
from tools.rehearsal import Hall

CODE = "H55.242-261120-0007"


def push(hall: Hall, row: Pushed) -> Counts:
    return hall.do(dossier_rows.upsert_rows, (row,), actor="system", source="csv")


def test_a_day_without_an_hour_is_when_its_work_begins_or_ends(hall: Hall) -> None:
    day, other = hall.moment("2026-11-20 00:00"), hall.moment("2026-11-25 00:00")
    row = Pushed(code=CODE, received_at=day, due_at=other)
    assert push(hall, row).added == 1
    got = dossiers.get(hall.store.read(), CODE)
    spans = hall.settings.worktimes[""].calendar.spans(date(2026, 11, 20))
    assert got.received_at == day + spans[0][0] * 60_000
    assert got.due_at == hall.settings.worktimes[""].day_ends(other) > other
    assert push(hall, row).same == 1
    exact = hall.moment("2026-11-25 10:30")
    push(hall, replace(row, due_at=exact))
    assert push(hall, row).same == 1  # the register knows the hour, the file only the day
    assert dossiers.get(hall.store.read(), CODE).due_at == exact
    sunday = hall.moment("2026-11-29 00:00")
    push(hall, replace(row, due_at=sunday))
    assert dossiers.get(hall.store.read(), CODE).due_at == sunday  # nobody works: no hour is made up
    assert push(hall, replace(row, due_at=sunday)).same == 1
