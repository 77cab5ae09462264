"""Cells of somebody else's table: what is written is what is read, and what is unsure is refused."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.clock import local, millis
from office.dossier_cells import BadCell, Cell, identity, moment, money, phone, term, text, way, whole

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31, 23, 59))  # noqa: DTZ001 — cells have no zone
WRITTEN = (
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y lúc %H:%M:%S",
    "%H:%M:%S %d/%m/%Y",
    "%d-%m-%Y %H:%M:%S",
    "%d.%m.%Y %H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
)


def told(cell: Cell) -> str:
    """The local time that is read from ``cell``."""
    at = moment(cell, ZONE)
    return "" if at is None else local(at, ZONE).strftime("%Y-%m-%d %H:%M:%S")


def refused(read: object, cell: Cell) -> str:
    """Why ``read`` refuses ``cell``."""
    with pytest.raises(BadCell) as fault:
        read(cell)  # type: ignore[operator]  # one of the readers
    return fault.value.reason


# ---- days and moments --------------------------------------------------------------------------


@given(MOMENTS, st.sampled_from(WRITTEN))
def test_a_moment_is_read_as_it_was_written(wall: datetime, form: str) -> None:
    wall = wall.replace(microsecond=0)
    assert moment(wall.strftime(form), ZONE) == millis(wall.replace(tzinfo=ZONE))


@given(MOMENTS)
def test_a_real_cell_and_its_text_are_the_same_moment(wall: datetime) -> None:
    wall = wall.replace(second=0, microsecond=0)
    assert moment(wall, ZONE) == moment(f"{wall:%d/%m/%Y %H:%M}", ZONE)
    assert moment(wall.date(), ZONE) == moment(f"{wall.day}/{wall.month}/{wall.year}", ZONE)
    serial = (wall - datetime(1899, 12, 30)) / timedelta(days=1)  # noqa: DTZ001 — a spreadsheet's day 0
    assert moment(serial, ZONE) == moment(wall, ZONE)


@given(MOMENTS)
def test_day_comes_before_month(wall: datetime) -> None:
    at = moment(f"{wall:%d/%m/%Y}", ZONE)
    assert at is not None
    assert local(at, ZONE).date() == wall.date()


@pytest.mark.parametrize(
    ("cell", "wall"),
    [
        ("05/11/2026", "2026-11-05 00:00:00"),
        ("5/11/2026 8:30", "2026-11-05 08:30:00"),
        ("8h30 ngày 05/11/2026", "2026-11-05 08:30:00"),
        ("8 giờ 30 phút, ngày 05/11/2026", "2026-11-05 08:30:00"),
        ("05/11/2026 2:05:00 CH", "2026-11-05 14:05:00"),
        ("05/11/2026 12:05 SA", "2026-11-05 00:05:00"),
        ("10 giờ 30 phút, ngày 05 tháng 11 năm 2026", "2026-11-05 10:30:00"),
        ("ngày 5 tháng 11 năm 2026", "2026-11-05 00:00:00"),
        ("2026-11-20T17:00:00.000+0000", "2026-11-21 00:00:00"),  # midnight, as iGate keeps it (DOMAIN 11.2)
        ("  05/11/2026  ", "2026-11-05 00:00:00"),
        (date(2026, 11, 5), "2026-11-05 00:00:00"),
        ("", ""),
        ("   ", ""),
        (None, ""),
    ],
)
def test_moments_as_they_are_met(cell: Cell, wall: str) -> None:
    assert told(cell) == wall


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("31/02/2026", "no_such_day"),
        ("29/02/2026", "no_such_day"),
        ("12/25/2026", "no_such_day"),
        ("2026-02-30", "no_such_day"),
        ("05/11/2026 25:00", "no_such_day"),
        ("05/11/26", "bad_date"),
        ("05/11-2026", "bad_date"),
        ("20261105", "bad_date"),
        ("hôm qua", "bad_date"),
        ("08:30 05/11/2026 09:30", "bad_date"),
        ("05/11/2026 14:05 CH", "bad_date"),
        (7, "bad_date"),
        (True, "bad_date"),
        ("05/11/1899", "date_range"),
        ("05/11/2199", "date_range"),
    ],
)
def test_no_day_is_guessed(cell: Cell, reason: str) -> None:
    assert refused(lambda c: moment(c, ZONE), cell) == reason


# ---- money -------------------------------------------------------------------------------------

AMOUNTS = st.integers(0, 99_999_999_999)


@given(
    AMOUNTS, st.sampled_from([".", ",", " ", "\u00a0", "'"]), st.sampled_from(["", " đồng", "đ", " VNĐ", " vnd", " ₫"])
)
def test_money_is_read_as_it_was_written(amount: int, sign: str, unit: str) -> None:
    assert money(f"{amount:,}".replace(",", sign) + unit) == amount
    assert money(f"{amount}{unit}") == amount
    assert money(amount) == money(float(amount)) == amount


@given(st.integers(1, 999), st.integers(1, 9))
def test_thousands_and_millions_in_words(amount: int, tenth: int) -> None:
    assert money(f"{amount} nghìn đồng") == money(f"{amount}k") == amount * 1000
    assert money(f"{amount},{tenth} triệu") == amount * 1_000_000 + tenth * 100_000


@pytest.mark.parametrize("word", ["Miễn phí", "miễn", "Miễn lệ phí", "Không thu", "0", "0 đồng", "KHÔNG"])
def test_free_in_words_is_nothing_to_pay(word: str) -> None:
    assert money(word) == 0


@pytest.mark.parametrize("cell", ["", None, "  ", "-"])
def test_no_amount_told_is_none(cell: Cell) -> None:
    assert money(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        *("20.5", "20.00", "20,00 đồng", "1.234,567", "1.23.456", "20.000.00", "-5", -5, 2.5, "theo HĐND", "20 USD"),
        *("999.999.999.999.999", True, "0,3333 triệu", "２０ nghìn x"),
    ],
)
def test_what_can_be_read_in_two_ways_is_no_amount(cell: Cell) -> None:
    assert refused(money, cell) == "bad_money"


# ---- the rest ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        *(
            ("Trực tiếp", "counter"),
            ("TRUC TIEP", "counter"),
            ("Tại quầy", "counter"),
            (1, "counter"),
            ("1", "counter"),
        ),
        *(("Trực tuyến", "online"), (2, "online"), ("2", "online"), (3.0, "post"), ("Qua bưu chính", "post")),
        *(
            ("Dịch vụ bưu chính công ích", "post"),
            ("Dịch vụ công trực tuyến", "online"),
            ("counter", "counter"),
            ("", None),
            (None, None),
        ),
    ],
)
def test_ways_in_words_and_by_the_national_number(cell: Cell, found: str | None) -> None:
    assert way(cell) == found


@pytest.mark.parametrize("cell", ["bồ câu", 4, "4", 0, True, 1.5])
def test_an_unknown_way_is_refused(cell: Cell) -> None:
    assert refused(way, cell) == "bad_way" if cell is not True else True


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("3 ngày làm việc", (3, "ngay_lam_viec")),
        ("03 ngày", (3, "ngay")),
        ("8 giờ làm việc", (8, "gio")),
        *(("Trong ngày", (0, "ngay_lam_viec")), ("Giải quyết ngay trong ngày làm việc", (0, "ngay_lam_viec"))),
        *(("03 (ba) ngày làm việc", (3, "ngay_lam_viec")), ("20 Ngày (làm việc)", (20, "ngay_lam_viec"))),
        *(("Không quá 15 ngày kể từ ngày nhận đủ hồ sơ hợp lệ", (15, "ngay")), ("Trong 5 ngày", (5, "ngay"))),
        ("", None),
    ],
)
def test_a_term_has_its_unit(cell: Cell, found: tuple[int, str] | None) -> None:
    assert term(cell) == found


@pytest.mark.parametrize("cell", ["5", 5, "3 tuần", "ngày làm việc", "3 ngày, 5 ngày nếu xác minh"])
def test_a_term_without_unit_is_refused(cell: Cell) -> None:
    assert refused(term, cell) == "bad_term"


def test_noughts_that_a_spreadsheet_cut_come_back() -> None:
    assert identity(19000000001, 40) == "019000000001"
    assert identity(1000000001, 40) == "001000000001"
    assert identity(12345678.0, 40) == "012345678"
    assert identity("019000000001", 40) == "019000000001"
    assert phone(900000000, 40) == "0900000000"
    assert phone("0900 000 000", 40) == "0900 000 000"


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        *(("1.9E+11", "mangled"), ("1,90877E+10", "mangled"), (1e16, "mangled"), (float("nan"), "mangled")),
        *(("#N/A", "excel_error"), ("x" * 41, "too_long"), ("\ud800", "bad_text"), (True, "bad_text")),
    ],
)
def test_what_a_spreadsheet_broke_is_seen(cell: Cell, reason: str) -> None:
    assert refused(lambda c: text(c, 40), cell) == reason


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.datetimes(), st.dates()))
def test_no_cell_at_all_breaks_a_reader(cell: Cell) -> None:
    for read in (money, way, term, whole, lambda c: moment(c, ZONE), lambda c: text(c, 200), lambda c: phone(c, 40)):
        with suppress(BadCell):
            read(cell)
