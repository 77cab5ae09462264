"""Sổ theo dõi hồ sơ: its columns, as PDF across A4 and as a spreadsheet, for a day or for a year."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from forms import ledger as across
from forms import load_driver
from forms.child import LedgerFault, drawn, drawn_apart
from forms.press import SHORT, Press
from office import form_register, forms
from office.dossier_acts import hand_back, move
from office.dossier_intake import Intake, receive
from office.dossiers import Applicant
from office.errors import NotFound
from office.form_ledger import Ledger, Row, ledger
from office.store import Act
from tools.papers import Record, sizes
from tools.rehearsal import CLERK, PHRASES, Hall
from tools.specimens import HEAD, WORDS, moment

AT = moment("2026-01-05 08:00")
HOUR = 3_600_000
COLUMNS = (
    "STT", "Mã hồ sơ", "Tên thủ tục hành chính", "Số bộ", "Tên cá nhân, tổ chức", "Địa chỉ, số điện thoại",
    "Cơ quan chủ trì giải quyết", "Ngày nhận hồ sơ", "Ngày hẹn trả kết quả", "Ngày trả kết quả",
    "Phương thức nhận hồ sơ", "Phương thức nhận kết quả", "Ký nhận",
)  # fmt: skip


def of_rows(*rows: Row) -> Ledger:
    return ledger(rows, forms.head(HEAD, WORDS, None), ("01/01/2026", "31/12/2026"), WORDS)


def year(count: int) -> Ledger:
    """A year's ledger of invented dossiers."""
    return of_rows(
        *(
            Row(
                code=f"H55.242-26{n % 12 + 1:02d}{n % 28 + 1:02d}-{n % 9999:04d}",
                procedure=f"Cấp Giấy xác nhận tình trạng hôn nhân, lần {n % 40}",
                sets=1,
                person=f"Nguyễn Văn Thử {n}",
                contact=f"Xóm Mẫu {n % 50}, xã Phú Lương, tỉnh Thái Nguyên; 0900 {n:06d}",
                unit="Văn phòng HĐND và UBND",
                received_at=AT + n * HOUR,
                due_at=AT + n * HOUR + 72 * HOUR,
                returned_at=AT + n * HOUR + 48 * HOUR if n % 3 else None,
                intake=("counter", "online", "post")[n % 3],
                give_back=("counter", "post", "online")[n % 3],
            )
            for n in range(count)
        )
    )


def opened(made: Ledger) -> Any:
    """The spreadsheet, as a program opens it."""
    return openpyxl.load_workbook(BytesIO(load_driver("xlsx")(made))).active


def test_columns_are_those_of_the_official_ledger() -> None:
    made = year(2)
    assert tuple(column.title for column in made.columns) == COLUMNS
    assert made.rows[1] == (
        "2", "H55.242-260202-0001", "Cấp Giấy xác nhận tình trạng hôn nhân, lần 1", "1", "Nguyễn Văn Thử 1",
        "Xóm Mẫu 1, xã Phú Lương, tỉnh Thái Nguyên; 0900 000001", "Văn phòng HĐND và UBND", "09:00 05/01/2026",
        "09:00 08/01/2026", "09:00 07/01/2026", "Trực tuyến", "Bưu chính", "",
    )  # fmt: skip
    assert made.rows[0][9] == ""  # not handed back yet


def test_spreadsheet_has_head_columns_and_rows() -> None:
    page = opened(year(3))
    rows = list(page.iter_rows(values_only=True))
    assert rows[2][3] == "SỔ THEO DÕI HỒ SƠ"
    assert rows[3][3] == "Hồ sơ tiếp nhận từ ngày 01/01/2026 đến ngày 31/12/2026"
    assert rows[5] == COLUMNS
    assert rows[6][:5] == (
        1,
        "H55.242-260101-0000",
        "Cấp Giấy xác nhận tình trạng hôn nhân, lần 0",
        1,
        "Nguyễn Văn Thử 0",
    )
    assert len(rows) == 9
    assert (page.page_setup.orientation, page.page_setup.paperSize, page.print_title_rows) == ("landscape", 9, "$6:$6")
    assert page.freeze_panes == "A7"


@pytest.mark.parametrize("name", ["=1+1", "+84900000001", "-1", "@SUM(A1)", "=cmd|'/c calc'!A0"])
def test_spreadsheet_computes_nothing_an_applicant_wrote(name: str) -> None:
    page = opened(of_rows(Row("A-1", procedure=name, person=name, contact=name)))
    for cell in page[7]:
        assert cell.data_type != "f"
    assert page["E7"].value == name


def test_spreadsheet_keeps_letters_and_zeros() -> None:
    page = opened(of_rows(Row("000123", person="Trần Thị Mẫu\x00\x1b", contact="0900000001", unit="007")))
    assert [cell.value for cell in page[7]][1:7] == ["000123", None, None, "Trần Thị Mẫu", "0900000001", "007"]


def test_empty_ledger_says_so() -> None:
    made = of_rows()
    assert opened(made)["D5"].value == "Không có hồ sơ nào trong khoảng thời gian này"
    record = Record(load_driver("pdf")("", ""))
    across.draw(made, record)
    assert "Không có hồ sơ nào" in record.words()[0]


def test_pdf_is_a4_across_with_heads_on_every_page_and_nothing_beyond_the_margins() -> None:
    made = year(60)
    assert set(sizes(drawn(made, "pdf"))) == {(297, 210)}
    record = Record(load_driver("pdf")("", ""))
    across.draw(made, record)
    assert len(record.words()) > 3
    for n, (words, texts) in enumerate(zip(record.words(), record.texts, strict=True), 1):
        assert "Mã hồ sơ" in words
        assert "Ký nhận" in words
        assert texts[1][2] == str(n)  # its number at the foot
        for x, y, text, face, size in texts:
            assert x >= 8
            assert x + record.measure(text, face) * size <= 297 - 8, text
            assert y <= 210 - 5
    everything = " ".join(record.words())
    assert all(f"Thử {n}" in everything for n in range(60))


def test_a_code_stands_on_one_line() -> None:
    codes = ["H55.242-261127-0001", "H56.14-240823-0001"]
    record = Record(load_driver("pdf")("", ""))
    across.draw(of_rows(*(Row(code) for code in codes)), record)
    assert set(codes) <= {text for _, _, text, _, _ in record.texts[0]}


def test_five_thousand_rows_are_all_on_the_sheet() -> None:
    page: Any = openpyxl.load_workbook(BytesIO(load_driver("xlsx")(year(5_000))), read_only=True).active
    assert sum(1 for _ in page.iter_rows()) == 5_006


@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
def test_long_ledger_is_drawn_by_a_process_of_its_own(kind: str) -> None:
    made = year(SHORT + 1)
    apart = drawn_apart(made, kind)
    if kind == "pdf":
        assert apart == drawn(made, kind)
    else:
        rows: Any = openpyxl.load_workbook(BytesIO(apart)).active
        assert [[cell.value for cell in row] for row in rows] == [[cell.value for cell in row] for row in opened(made)]


def test_process_that_fails_is_told() -> None:
    with pytest.raises(LedgerFault, match="not drawn"):
        drawn_apart(replace(year(1), columns=()), "pdf")


def test_press_draws_short_and_long_ledgers(hall: Hall) -> None:
    press = Press(hall.store, hall.settings, PHRASES)
    day = date(2026, 11, 23)
    for n in range(3):
        hall.do(receive, Intake(procedure_name=f"Chứng thực {n}", service="ho-tich"), actor=CLERK)
    assert sizes(press.ledger(day, day, "pdf")) == [(297, 210)]
    with pytest.raises(NotFound):
        press.ledger(day, day, "docx")


def test_ledger_is_read_from_the_register(hall: Hall) -> None:
    def intake(name: str, at: str, **more: Any) -> str:
        wish = Intake(
            procedure_name="Chứng thực bản sao", service="ho-tich", received_at=hall.moment(at),
            applicant=Applicant(name=name, address="Xóm Mẫu", phone="0900 000 001"), **more,
        )  # fmt: skip
        return hall.do(receive, wish, actor=CLERK).code

    hall.set_clock("2026-11-23 23:00")
    before = intake("Trước", "2026-11-19 23:59")
    second = intake("Sau", "2026-11-21 23:59", give_back="post")
    first = intake("Đầu", "2026-11-20 00:00", intake="post")
    after = intake("Ngoài", "2026-11-22 00:00")
    hall.do(move, first, "Phòng Kinh tế", actor=CLERK)
    hall.do(move, first, "Bộ phận Một cửa", actor=CLERK)
    hall.do(hand_back, first, actor=CLERK)
    db, settings = hall.store.read(), hall.settings
    made, count = form_register.ledger(db, settings, PHRASES, date(2026, 11, 20), date(2026, 11, 21))
    assert [row[1] for row in made.rows] == [first, second]
    assert {before, after} & {row[1] for row in made.rows} == set()
    row = made.rows[0]
    assert row[4:7] == ("Đầu", "Xóm Mẫu; 0900 000 001", "Phòng Kinh tế")
    assert row[7].endswith("20/11/2026")
    assert row[8:] == ("", "23:00 23/11/2026", "Bưu chính", "Tại quầy", "")
    assert made.span == "Hồ sơ tiếp nhận từ ngày 20/11/2026 đến ngày 21/11/2026"
    assert count == 2
    short, count = form_register.ledger(db, settings, PHRASES, date(2026, 11, 1), date(2026, 11, 30), most=1)
    assert (len(short.rows), count) == (1, 4)


def test_erased_persons_are_in_no_ledger(hall: Hall) -> None:
    wish = Intake(procedure_name="Chứng thực", service="ho-tich", applicant=Applicant(name="Nguyễn Văn Thử"))
    code = hall.do(receive, wish, actor=CLERK).code

    def erase(act: Act, *_: Any) -> None:
        act.db.execute("DELETE FROM applicants")

    hall.do(erase)
    made, _ = form_register.ledger(hall.store.read(), hall.settings, PHRASES, date(2026, 11, 23), date(2026, 11, 23))
    assert (made.rows[0][1], made.rows[0][4], made.rows[0][5]) == (code, "", "")
