"""The journal: nothing is changed or lost in it, whoever writes to the file, and every break is found."""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from office import journal, turns
from office.errors import Damaged
from office.journal import Event, Filter
from office.kinds import KINDS, public_data
from office.replay import differences, replay
from office.store import Store
from tools.rehearsal import Hall

CLERK = "person:lan"
TRIGGERS = ("journal_no_update", "journal_no_delete", "journal_no_gap")


@pytest.fixture
def busy(hall: Hall) -> Hall:
    """A hall after a few acts of every kind of event that changes tables."""
    hall.open("1", "2")
    for priority in ("", "CO_CONG", "", ""):
        hall.issue("ho-tich", priority, after_s=61)
    for act in (turns.call_next, turns.start, turns.finish, turns.undo_finish, turns.finish, turns.call_next):
        hall.do(act, "1", actor=CLERK)
    hall.do(turns.absent, "1", actor=CLERK)
    hall.do(turns.call_next, "2", actor=CLERK)
    hall.do(turns.hold, "2", 5, actor=CLERK)
    return hall


def last(hall: Hall) -> Event:
    return journal.read(hall.store.read(), limit=10_000)[-1]


def note(hall: Hall, **data: object) -> Event:
    with hall.store.act() as act:
        return journal.append(act, "help.requested", office="H55.242", actor="screen:kiosk", data=data)


# ---- append-only -------------------------------------------------------------------------------------

ROW = "VALUES ({}, 1, 'help.requested', 'H55.242', 'system', '', '', '', '{{}}', 'x')"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE journal SET data = '{}'",
        "UPDATE journal SET at = at + 1 WHERE seq = 3",
        "UPDATE OR REPLACE journal SET seq = 99 WHERE seq = 3",
        "DELETE FROM journal",
        "DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)",
        "INSERT INTO journal " + ROW.format(3),
        "REPLACE INTO journal " + ROW.format(3),
        "INSERT OR REPLACE INTO journal " + ROW.format(3),
        "INSERT INTO journal " + ROW.format(3) + " ON CONFLICT DO UPDATE SET data = '{}'",
        "INSERT INTO journal " + ROW.format(1000),
        "INSERT INTO journal " + ROW.format(0),
        "INSERT INTO journal " + ROW.format(-1),
        "INSERT INTO journal " + ROW.format("NULL"),
    ],
)
def test_file_itself_refuses_to_change_what_is_written(busy: Hall, sql: str) -> None:
    before = busy.dump()
    stranger = sqlite3.connect(busy.store.path)
    try:
        with pytest.raises(sqlite3.IntegrityError, match=r"append-only|no gaps"):
            stranger.execute(sql)
    finally:
        stranger.close()
    assert busy.dump() == before
    assert journal.verify(busy.store.read()) == last(busy).seq


# ---- the chain ---------------------------------------------------------------------------------------


def test_chain_of_an_empty_journal_and_of_a_full_one(busy: Hall, tmp_path: Path) -> None:
    empty = Store(tmp_path / "empty.sqlite3")
    assert journal.verify(empty.read()) == 0
    assert journal.head(empty.read()) == (0, "0" * 64)
    assert journal.head(busy.store.read()) == (last(busy).seq, last(busy).hash)
    assert journal.verify(busy.store.read()) == last(busy).seq
    assert [e.seq for e in journal.walk(busy.store.read())] == list(range(1, last(busy).seq + 1))


@pytest.mark.parametrize(
    ("sql", "seq"),
    [
        ("UPDATE journal SET at = at + 1 WHERE seq = 4", 4),
        ("UPDATE journal SET kind = 'ticket.finished' WHERE seq = 4", 4),
        ("UPDATE journal SET office = 'H55.243' WHERE seq = 4", 4),
        ("UPDATE journal SET actor = 'system' WHERE seq = 4", 4),
        ("UPDATE journal SET counter = '2' WHERE seq = 4", 4),
        ("UPDATE journal SET ticket = '20261123-H-009' WHERE seq = 4", 4),
        ("UPDATE journal SET dossier = 'H55.242-261120-0007' WHERE seq = 4", 4),
        ("UPDATE journal SET data = replace(data, 'CO_CONG', '')", 4),
        ("UPDATE journal SET data = data || ' ' WHERE seq = 4", 4),
        ("UPDATE journal SET hash = upper(hash) WHERE seq = 4", 4),
        ("UPDATE journal SET hash = (SELECT hash FROM journal WHERE seq = 3) WHERE seq = 4", 4),
        ("DELETE FROM journal WHERE seq = 4", 5),
        ("DELETE FROM journal WHERE seq = 1", 2),
        ("UPDATE journal SET seq = 1000 - seq WHERE seq IN (4, 5)", 6),
        ("INSERT INTO journal SELECT 1000, at, kind, office, actor, counter, ticket, dossier, data, hash"
         " FROM journal WHERE seq = 4", 1000),
    ],
)  # fmt: skip
def test_tampering_is_found_where_it_was_done(busy: Hall, sql: str, seq: int) -> None:
    stranger = sqlite3.connect(busy.store.path)
    for trigger in TRIGGERS:
        stranger.execute(f"DROP TRIGGER {trigger}")
    assert stranger.execute(sql).rowcount >= 1
    stranger.commit()
    stranger.close()
    with pytest.raises(Damaged, match=f"seq {seq}$"):
        journal.verify(busy.store.read())


@given(st.lists(st.text() | st.integers(-(2**63), 2**63 - 1), max_size=4))
@example(['\x00\x1f\x7f"\\/\b\f\n\r\t\u2028\u00e0\U0001f600'])
def test_a_link_is_the_hash_of_plain_json_that_any_program_can_write(columns: list[str | int]) -> None:
    plain = json.dumps(["before", *columns], ensure_ascii=False, separators=(",", ":"))
    assert journal.chain("before", *columns) == hashlib.sha256(plain.encode()).hexdigest()


def test_two_events_cannot_change_places(busy: Hall) -> None:
    stranger = sqlite3.connect(busy.store.path)
    for trigger in TRIGGERS:
        stranger.execute(f"DROP TRIGGER {trigger}")
    for old, new in ((4, -1), (5, 4), (-1, 5)):
        stranger.execute("UPDATE journal SET seq = ? WHERE seq = ?", (new, old))
    stranger.commit()
    stranger.close()
    with pytest.raises(Damaged, match=r"seq 4$"):
        journal.verify(busy.store.read())


# ---- what is written -----------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [{"screen": "kiosk", "name": "Nguyễn Văn A"}, {"Screen": "kiosk"}])
def test_undocumented_fields_are_refused(hall: Hall, data: dict[str, object]) -> None:
    note(hall, screen="kiosk")
    before = hall.dump()
    with pytest.raises(KeyError, match="undocumented"):
        note(hall, **data)
    with pytest.raises(KeyError, match=r"ticket\.eaten"), hall.store.act() as act:
        journal.append(act, "ticket.eaten", office="H55.242", actor="system")
    assert hall.dump() == before


def test_every_kind_tells_its_meaning_and_shows_only_its_own_fields() -> None:
    for name, kind in KINDS.items():
        area, _, deed = name.partition(".")
        assert area.isidentifier()
        assert deed.isidentifier()
        assert kind.meaning
        assert all(kind.fields.values())
        assert (kind.public or frozenset()) <= kind.fields.keys()


def test_screens_see_public_kinds_and_fields_only(busy: Hall) -> None:
    for event in journal.read(busy.store.read()):
        shown = public_data(event.kind, event.data)
        assert shown is None or shown.keys() <= {"number", "service", "call", "recall"}
    assert public_data("person.signed_in", {"name": "lan", "role": "clerk"}) is None
    assert public_data("counter.opened", {"person": "lan"}) == {}


def test_clock_set_back_does_not_reorder_the_journal(hall: Hall) -> None:
    first = note(hall, screen="a")
    hall.clock.turn(hours=-3)
    second = note(hall, screen="b")
    hall.clock.turn(hours=4)
    third = note(hall, screen="c")
    assert second.at == first.at
    assert third.at == hall.clock() == first.at + 3600_000
    assert [e.seq for e in (first, second, third)] == [1, 2, 3]
    assert journal.verify(hall.store.read()) == 3


def test_any_text_comes_back_as_it_was(hall: Hall) -> None:
    text = "Ký tự: “ưu tiên” \\ \" ' \x00 \u2028 🏛 ￿"
    written = note(hall, screen=text)
    assert last(hall) == written
    assert last(hall).data == {"screen": text}
    assert journal.verify(hall.store.read()) == 1


def test_read_filters_by_everything_that_the_contract_names(busy: Hall) -> None:
    db, every = busy.store.read(), journal.read(busy.store.read())
    ticket = next(e.ticket for e in every if e.kind == "ticket.held")
    middle = every[len(every) // 2].at

    def check(only: Filter, keep: Callable[[Event], bool]) -> None:
        wanted = [e for e in every if keep(e)]
        assert journal.read(db, only=only) == wanted
        assert 0 < len(wanted) < len(every)

    check(Filter(ticket=ticket), lambda e: e.ticket == ticket)
    check(Filter(counter="1"), lambda e: e.counter == "1")
    check(Filter(kinds=("ticket.held", "ticket.absent")), lambda e: e.kind in ("ticket.held", "ticket.absent"))
    check(Filter(begins=middle), lambda e: e.at >= middle)
    check(Filter(ends=middle), lambda e: e.at < middle)
    check(Filter(counter="1", kinds=("ticket.called",)), lambda e: e.counter == "1" and e.kind == "ticket.called")
    assert journal.read(db, only=Filter(dossier="none")) == []
    assert journal.read(db, since=3, limit=2) == every[3:5]
    assert journal.read(db, since=len(every)) == []


# ---- replay --------------------------------------------------------------------------------------------


def test_replay_rebuilds_the_tables(busy: Hall, tmp_path: Path) -> None:
    target = Store(tmp_path / "second.sqlite3")
    assert replay(busy.store, target) == last(busy).seq
    assert differences(busy.store.read(), target.read()) == {}
    assert journal.read(target.read()) == journal.read(busy.store.read())
    assert journal.head(target.read()) == journal.head(busy.store.read())


def test_differences_are_told(busy: Hall, tmp_path: Path) -> None:
    target = Store(tmp_path / "second.sqlite3")
    replay(busy.store, target)
    with target.act() as act:
        act.db.execute("UPDATE tickets SET place = place + 1 WHERE number = 'H-002'")
        act.db.execute("DELETE FROM series")
    assert differences(busy.store.read(), target.read()) == {"tickets": 2, "series": 1}


def broken(events: list[Event]) -> Iterator[tuple[str, list[Event]]]:
    middle = len(events) // 2
    one = events[middle]
    yield "one is missing", events[:middle] + events[middle + 1 :]
    yield "the first is missing", events[1:]
    yield "two in the wrong order", [*events[:middle], events[middle + 1], one, *events[middle + 2 :]]
    yield "one twice", [*events[: middle + 1], one, *events[middle + 1 :]]
    yield "a moment changed", [*events[:middle], replace(one, at=one.at + 1), *events[middle + 1 :]]
    yield "data changed", [*events[:middle], replace(one, data=one.data | {"number": "X-1"}), *events[middle + 1 :]]
    yield "a hash changed", [*events[:middle], replace(one, hash="0" * 64), *events[middle + 1 :]]


def test_restore_refuses_a_broken_chain_and_leaves_nothing(busy: Hall, tmp_path: Path) -> None:
    target = Store(tmp_path / "second.sqlite3")
    before = list(target.read().iterdump())
    for what, events in broken(journal.read(busy.store.read())):
        with pytest.raises(Damaged, match="chain breaks"), target.act() as act:
            journal.restore(act, events)
        assert list(target.read().iterdump()) == before, what


def test_restore_goes_on_where_a_copy_ends(busy: Hall, tmp_path: Path) -> None:
    target, events = Store(tmp_path / "second.sqlite3"), journal.read(busy.store.read())
    for part in (events[:5], events[5:]):
        with target.act() as act:
            assert journal.restore(act, part) == len(part)
    assert differences(busy.store.read(), target.read()) == {}


def test_journal_written_as_json_lines_is_read_back(busy: Hall, tmp_path: Path) -> None:
    lines = [json.dumps([getattr(e, name) for name in Event.__slots__]) for e in journal.walk(busy.store.read())]
    target = Store(tmp_path / "second.sqlite3")
    with target.act() as act:
        journal.restore(act, (Event(*json.loads(line)) for line in lines))
    assert differences(busy.store.read(), target.read()) == {}
