"""Rows of other systems: written once, equal ones not again, whole chunks in one event, and fast."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from office import dossier_acts, dossier_rows, dossiers, journal
from office.deadlines import Term
from office.dossier_rows import CHUNK, Counts, Pushed
from office.dossier_term import unit_of
from office.errors import BadCode, BadDossier, BadRequest, OfficeError, PersonalNumber
from office.journal import Filter
from office.replay import rehearse
from tools.rehearsal import Hall, post_catalogue

CODE = "H55.242-261120-0007"
FULL = Pushed(
    code=CODE, procedure="1.001193.000.00.00.H55", procedure_name="Đăng ký khai sinh", service="ho-tich",
    local_status="THU_LY", unit="Phòng Tư pháp", intake="online", give_back="post", tracking="EA000000000VN", sets=2,
    fee=8000, fee_note="thu một lần", received_at=1795136400000, due_at=1795395600000, term_amount=3,
    term_unit="ngay_lam_viec", name="Nguyễn Văn Thử", address="Thôn Mẫu", phone="0900000000", email="thu@vi.example",
    id_number="000000000012", owner="Trần Thị Mẫu", owner_address="Xóm Mẫu",
)  # fmt: skip


def push(hall: Hall, *rows: Pushed) -> Counts:
    return hall.do(dossier_rows.upsert_rows, rows, actor="system", source="csv")


def test_a_row_is_written_whole_and_only_once(hall: Hall) -> None:
    assert push(hall, FULL) == Counts(1, 1, 0, 0)
    db = hall.store.read()
    got = dossiers.get(db, CODE)
    assert (got.procedure, got.status, got.local_status, got.source) == ("1.001193", 4, "THU_LY", "csv")
    for name in ("service", "unit", "intake", "give_back", "tracking", "sets", "fee", "received_at", "due_at"):
        assert getattr(got, name) == getattr(FULL, name)
    who = dossiers.applicant(db, CODE)
    assert who is not None
    assert (who.name, who.phone, who.owner) == (FULL.name, FULL.phone, FULL.owner)
    assert dossiers.moves(db, CODE) == []  # its way before is not known here
    dump = hall.dump()
    hall.clock.turn(days=3)
    assert push(hall, FULL, replace(FULL, name=" Nguyễn  Văn Thử")) == Counts(2, 0, 0, 2)
    assert hall.dump() == dump


def test_what_a_row_does_not_tell_stays(hall: Hall) -> None:
    push(hall, FULL)
    before = dossiers.get(hall.store.read(), CODE)
    assert push(hall, Pushed(code=CODE)) == Counts(1, 0, 0, 1)
    assert push(hall, Pushed(code=CODE, fee=0)) == Counts(1, 0, 1, 0)
    after = dossiers.get(hall.store.read(), CODE)
    assert replace(after, fee=8000, seq=before.seq) == before
    assert push(hall, Pushed(code=CODE, phone="0900000001")) == Counts(1, 0, 1, 0)
    who = dossiers.applicant(hall.store.read(), CODE)
    assert who is not None
    assert (who.phone, who.name) == ("0900000001", FULL.name)


def test_another_status_or_unit_is_a_move(hall: Hall) -> None:
    push(hall, FULL)
    hall.clock.turn(days=1)
    push(hall, Pushed(code=CODE, local_status="BO_SUNG"))
    asked = dossiers.get(hall.store.read(), CODE)
    assert (asked.status, asked.paused_at) == (5, hall.clock.at)
    push(hall, Pushed(code=CODE, status=4, unit="Công an xã"))
    push(hall, Pushed(code=CODE, local_status="Chờ trả kết quả"))
    told = [(m.actor, m.from_unit, m.to_unit, m.status) for m in dossiers.moves(hall.store.read(), CODE)]
    assert told == [
        ("system", "Phòng Tư pháp", "Phòng Tư pháp", 5),
        ("system", "Phòng Tư pháp", "Công an xã", 4),
        ("system", "Công an xã", "Công an xã", 9),
    ]
    done = dossiers.get(hall.store.read(), CODE)
    assert (done.finished_at, done.paused_at) == (None, None)  # a file does not tell when: no date is invented
    push(hall, Pushed(code=CODE, finished_at=1795309200000))
    zone = hall.settings.office.zone
    assert dossiers.timeliness(dossiers.get(hall.store.read(), CODE), date(2026, 12, 1), zone) == "early"
    assert rehearse(hall.store) == {}


def test_a_push_that_happens_now_ends_now(hall: Hall) -> None:
    push(hall, FULL)
    done, new = hall.do(dossier_rows.put, CODE, Pushed(code="", status=10), actor="key:tinh")
    assert (new, done.finished_at, done.returned_at) == (False, hall.clock.at, hall.clock.at)
    again, _ = hall.do(dossier_rows.put, CODE, Pushed(code="", status=4), actor="key:tinh")
    assert (again.finished_at, again.returned_at) == (None, None)
    events = journal.read(hall.store.read(), only=Filter(dossier=CODE))
    assert [(e.kind, e.actor) for e in events] == [("dossier.imported", "key:tinh")] * 2


def test_what_the_catalogue_knows_is_filled_in(hall: Hall) -> None:
    hall.do(post_catalogue)
    push(hall, Pushed(code=CODE, procedure="1.001193"))
    got = dossiers.get(hall.store.read(), CODE)
    assert (got.procedure_name, got.service) == ("Đăng ký khai sinh", "ho-tich")
    assert got.received_at == hall.moment("2026-11-20 00:00")  # the day its code names


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (BadCode, {"code": "0900000000"}),
        (BadCode, {"code": "QG-2026-0001"}),
        (BadCode, {"code": "H55.242-271120-0007"}),
        (BadDossier, {"local_status": "KHONG_BIET"}),
        (BadDossier, {"status": 0}),
        (BadDossier, {"service": "khong-co"}),
        (BadDossier, {"intake": "fax"}),
        (BadDossier, {"sets": 101}),
        (BadDossier, {"fee": -1}),
        (BadDossier, {"term_unit": "tuan"}),
        (BadDossier, {"term_amount": 0, "term_unit": "gio"}),
        (BadDossier, {"received_at": 10**15}),
        (BadDossier, {"tracking": "<b>"}),
        (BadDossier, {"procedure_name": "x" * 301}),
        (BadDossier, {"name": "x" * 201}),
        (BadDossier, {"address": "\ud800"}),
        (PersonalNumber, {"unit": "ông Mẫu 0900000000"}),
        (PersonalNumber, {"fee_note": "số 000000000012"}),
        (PersonalNumber, {"local_status": "0900.000.000"}),
        (PersonalNumber, {"fee_note": "gọi 0912-345-678"}),
        (PersonalNumber, {"fee_note": "H55.242-261120-0007 CCCD001190012345"}),
    ],
)
def test_one_wrong_row_and_nothing_is_written(hall: Hall, error: type[OfficeError], told: dict[str, Any]) -> None:
    rows = [replace(FULL, code=f"H55.242-261119-{n:04d}") for n in range(1, CHUNK + 50)]
    hall.refused(error, lambda: push(hall, *rows, Pushed(**({"code": CODE} | told))))


def test_half_a_term_must_fit_the_half_that_is_known(hall: Hall) -> None:
    push(hall, replace(FULL, term_amount=8, term_unit="gio"))
    hall.refused(BadDossier, lambda: push(hall, Pushed(code=CODE, term_amount=0)))
    push(hall, Pushed(code=CODE, term_amount=0, term_unit="ngay"))
    hall.refused(BadDossier, lambda: push(hall, Pushed(code=CODE, term_unit="gio")))


@pytest.mark.parametrize("unit", ["gio", "ngay", "ngay_lam_viec", ""])
@pytest.mark.parametrize("amount", [0, 1, 10_000])
def test_a_row_has_the_terms_that_deadlines_count(hall: Hall, amount: int, unit: str) -> None:
    try:
        Term(amount, unit_of(unit))
    except BadRequest:
        hall.refused(BadDossier, lambda: push(hall, replace(FULL, term_amount=amount, term_unit=unit)))
    else:
        assert push(hall, replace(FULL, term_amount=amount, term_unit=unit)).added == 1


def test_another_status_without_a_word_of_its_own_forgets_the_word_before(hall: Hall) -> None:
    push(hall, FULL)
    push(hall, Pushed(code=CODE, status=4))
    assert dossiers.get(hall.store.read(), CODE).local_status == "THU_LY"  # nothing has changed
    push(hall, Pushed(code=CODE, status=9))
    assert dossiers.get(hall.store.read(), CODE).local_status == ""
    push(hall, Pushed(code=CODE, local_status="BO_SUNG"))
    assert dossiers.get(hall.store.read(), CODE).local_status == "BO_SUNG"


def test_a_note_may_name_a_dossier(hall: Hall) -> None:
    push(hall, replace(FULL, fee_note="kèm h55.242-261119-0003"))
    assert dossiers.get(hall.store.read(), CODE).fee_note == "kèm h55.242-261119-0003"


def test_of_two_rows_of_one_code_the_later_counts(hall: Hall) -> None:
    assert push(hall, replace(FULL, fee=1), replace(FULL, code=CODE.lower(), fee=2)) == Counts(2, 1, 0, 1)
    assert dossiers.get(hall.store.read(), CODE).fee == 2


def test_a_dossier_of_the_counter_keeps_its_code_and_source(hall: Hall) -> None:
    hall.do(dossier_rows.put, CODE.lower(), FULL, actor="person:lan")
    push(hall, FULL, replace(FULL, status=8))
    got = dossiers.get(hall.store.read(), CODE)
    assert (got.code, got.source, got.status) == (CODE.lower(), "lan", 8)
    hall.do(dossier_acts.set_status, CODE, 7, actor="person:lan")


def test_many_rows_are_few_events(hall: Hall) -> None:
    total = 3 * CHUNK

    def rows() -> Iterator[Pushed]:
        for n in range(total):
            yield replace(FULL, code=f"H55.242-2611{1 + n // 1000:02d}-{n % 1000 + 1:04d}", received_at=None)

    head = journal.head(hall.store.read())[0]
    assert hall.do(dossier_rows.upsert_rows, rows(), actor="system", source="csv").added == total
    events = journal.read(hall.store.read(), head, 1000)
    assert [e.kind for e in events] == ["dossier.imported"] * (total // CHUNK)
    assert all(len(e.data["rows"]) == CHUNK for e in events)
    assert hall.do(dossier_rows.upsert_rows, rows(), actor="system", source="csv").same == total
    assert journal.head(hall.store.read())[0] == head + total // CHUNK
    text = "\n".join(row[0] for row in hall.store.read().execute("SELECT data FROM journal"))
    for person in (FULL.name, FULL.address, FULL.phone, FULL.email, FULL.id_number, FULL.owner, FULL.owner_address):
        assert str(person) not in text
    assert rehearse(hall.store) == {}


values = st.fixed_dictionaries(
    {"code": st.sampled_from([f"H55.242-2611{n}-" for n in range(11, 16)])},
    optional={
        "status": st.integers(1, 10),
        "unit": st.sampled_from(["", "A", "B"]),
        "fee": st.integers(0, 3),
        "due_at": st.sampled_from([0, 1795395600000]),
        "finished_at": st.sampled_from([1795309200000]),
        "returned_at": st.sampled_from([1795309200000]),
        "name": st.sampled_from(["", "Nguyễn Văn Thử"]),
        "procedure_name": st.sampled_from(["", "Đăng ký khai sinh"]),
    },
)


numbers = count(1)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(values, max_size=8), live=st.booleans())
def test_any_rows_again_change_nothing(hall: Hall, rows: list[dict[str, Any]], live: bool) -> None:
    number = f"{next(numbers):04d}"  # dossiers of its own: no example before this one has told of them
    told = [Pushed(**row | {"code": row["code"] + number}) for row in rows]
    last = {row.code: row for row in told}
    push(hall, *(row for row in told if row is not last[row.code]))
    for row in last.values() if live else ():
        hall.do(dossier_rows.put, row.code, row, actor="key:tinh")
    push(hall, *last.values())
    head = journal.head(hall.store.read())
    hall.clock.turn(hours=1)
    assert push(hall, *last.values()).same == len(last)
    for row in last.values():
        handed_over = dossiers.get(hall.store.read(), row.code).status == dossiers.RETURNED
        if not handed_over or row.status in (
            None,
            dossiers.RETURNED,
        ):  # else the file was passed over, and a push is news
            hall.do(dossier_rows.put, row.code, row, actor="key:tinh")
    assert journal.head(hall.store.read()) == head
