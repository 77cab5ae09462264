"""Forms in the browser: who may open them, that they tell what the register says and print as the PDF does."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from forms.press import Press
from office import form_register, forms
from office.dossier_acts import ask_supplement, hand_back, move, refuse, reschedule, set_status, stop, supplement_done
from office.dossier_intake import Intake, receive
from office.dossier_rows import Pushed, put
from office.dossiers import Applicant, Dossier, Missing, Paper
from office.form_parts import Fields, Form, Lines, Table
from tools.clerk import Counters, at_work
from tools.papers import PDFTOPPM, pages, read, sizes
from tools.rehearsal import CLERK, PHRASES, Hall
from tools.webhall import Doors

HTML = {"Accept": "text/html"}
NAME = "Nguyễn Văn Thử"
LONG_NAME = "Nguyễn Hoàng Phương Nguyên Khánh Quỳnh Nghiêng Nghiễm Thử Thuở Mẫu và Trần Thị Mẫu Nghiêng Ngoằn Ngoèo"
SCALE = 4


def registered(hall: Hall, name: str = NAME, papers: int = 3) -> Dossier:
    wish = Intake(
        procedure_name="Cấp Giấy xác nhận tình trạng hôn nhân", service="ho-tich", fee=8000, fee_note="đã thu",
        term_amount=3, term_unit="ngay_lam_viec",
        papers=tuple(Paper(f"Giấy tờ thứ {n}", "original") for n in range(papers)),
        applicant=Applicant(name=name, address="Xóm Mẫu, xã Phú Lương", phone="0900 000 001", id_number="000000000001"),
    )  # fmt: skip
    return hall.do(receive, wish, actor=CLERK)


@pytest.fixture
def doors(hall: Hall) -> Doors:
    made = Doors(hall)
    press = Press(hall.store, hall.settings, PHRASES)
    made.web.pdf, made.web.ledger = press.pdf, press.ledger
    return made


def form(hall: Hall, kind: str, code: str) -> Form:
    return form_register.made(hall.store.read(), hall.settings, PHRASES, kind, code, hall.clock())


def said(one: Form) -> dict[str, str]:
    found = {field.label: field.value for part in one.parts if isinstance(part, Fields) for field in part.fields}
    return found | {part.label: part.value for part in one.parts if isinstance(part, Lines)}


# ---- who may ---------------------------------------------------------------------------------


def test_only_signed_in_people_see_a_form(doors: Doors, hall: Hall) -> None:
    code = registered(hall).code
    paths = [f"/staff/dossiers/{code}/forms/giay_tiep_nhan{end}" for end in ("", ".pdf")]
    paths += [f"/staff/dossiers/ledger{end}" for end in ("", ".pdf", ".xlsx")]
    for client in (doors.open, doors.screen("kiosk"), doors.screen("board"), doors.key("dossiers", "admin")):
        for path in paths:
            answer = client.get(path, headers=HTML)
            assert (answer.status_code, answer.headers["Location"]) == (302, "/staff?to=staff.dossiers")
            assert NAME not in answer.text
    lan = doors.person("lan")
    assert [lan.get(path, headers=HTML).status_code for path in paths] == [200] * len(paths)


def test_unknown_dossier_form_and_days_are_refused(doors: Doors, hall: Hall) -> None:
    code, lan = registered(hall).code, doors.person("lan")
    for path, status in (
        ("/staff/dossiers/H55.242-261101-9999/forms/giay_tiep_nhan", 404),
        (f"/staff/dossiers/{code}/forms/giay_la", 404),
        (f"/staff/dossiers/{code}/forms/giay_la.pdf", 404),
        ("/staff/dossiers/ledger.exe", 404),
        ("/staff/dossiers/ledger?from=32/13/2026", 400),
        ("/staff/dossiers/ledger?from=2026-11-02&to=2026-11-01", 400),
        ("/staff/dossiers/ledger?from=9999-12-31&to=9999-12-31", 400),
    ):
        assert lan.get(path, headers=HTML).status_code == status, path


def test_server_without_a_press_shows_pages_only(hall: Hall) -> None:
    code, lan = registered(hall).code, Doors(hall).person("lan")
    page = lan.get(f"/staff/dossiers/{code}/forms/giay_tiep_nhan", headers=HTML)
    assert page.status_code == 200
    assert ".pdf" not in page.text
    assert lan.get(f"/staff/dossiers/{code}/forms/giay_tiep_nhan.pdf", headers=HTML).status_code == 404
    assert lan.get("/staff/dossiers/ledger.pdf", headers=HTML).status_code == 404


@pytest.mark.parametrize("kind", forms.KINDS)
def test_every_form_comes_as_page_and_as_file(doors: Doors, hall: Hall, kind: str) -> None:
    code, lan = registered(hall).code, doors.person("lan")
    page = lan.get(f"/staff/dossiers/{code}/forms/{kind}", headers=HTML).text
    assert code in page
    assert "style=" not in page.split("<main", 1)[1]  # the page's policy allows no styles of its own
    file = lan.get(f"/staff/dossiers/{code}/forms/{kind}.pdf?page=A4")
    assert (file.mimetype, set(sizes(file.data))) == ("application/pdf", {(210, 297)})
    assert file.headers["Content-Disposition"] == f'inline; filename="{kind}-{code}.pdf"'
    assert file.headers["Cache-Control"] == "no-store"


def test_hostile_names_are_letters_on_the_page(doors: Doors, hall: Hall) -> None:
    code = registered(hall, "<script>alert(1)</script>{{7*7}}").code
    page = doors.person("lan").get(f"/staff/dossiers/{code}/forms/giay_tiep_nhan", headers=HTML).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page


def test_paper_is_vietnamese_whatever_the_reader_speaks(doors: Doors, hall: Hall) -> None:
    code = registered(hall).code
    page = doors.person("lan").get(f"/staff/dossiers/{code}/forms/giay_tiep_nhan?lang=en", headers=HTML).text
    assert "Print this paper" in page
    assert "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ" in page
    assert "RECEIPT OF DOSSIER" not in page


def test_ledger_comes_as_page_and_files(doors: Doors, hall: Hall) -> None:
    code, lan = registered(hall).code, doors.person("lan")
    assert code in lan.get("/staff/dossiers/ledger", headers=HTML).text
    assert code not in lan.get("/staff/dossiers/ledger?from=2026-10-01&to=2026-10-31", headers=HTML).text
    assert code in lan.get("/staff/dossiers/ledger?from=23/11/2026&to=23/11/2026", headers=HTML).text
    file = lan.get("/staff/dossiers/ledger.xlsx?from=2026-11-23&to=2026-11-23")
    assert file.headers["Content-Disposition"] == 'attachment; filename="so_theo_doi-20261123-20261123.xlsx"'
    sheet: Any = openpyxl.load_workbook(BytesIO(file.data)).active
    assert sheet["B7"].value == code
    pdf = lan.get("/staff/dossiers/ledger?from=2026-11-23&to=2026-11-23&format=pdf")
    assert sizes(pdf.data) == [(297, 210)]


# ---- what the register says ------------------------------------------------------------------


def test_forms_tell_what_the_acts_told(hall: Hall) -> None:
    hall.set_clock("2026-11-23 08:00")
    code = registered(hall).code
    assert said(form(hall, "giay_tiep_nhan", code))["Thời gian nhận hồ sơ"] == "08 giờ 00 phút, ngày 23/11/2026"
    hall.set_clock("2026-11-23 09:00")
    hall.do(ask_supplement, code, [Missing("Tờ khai có chữ ký")], "Chưa ký tên", actor=CLERK)
    hall.set_clock("2026-11-25 10:00")
    hall.do(supplement_done, code, (), actor=CLERK)
    asked = form(hall, "phieu_bo_sung", code)  # printed again later, it is the paper of that day
    (table,) = (part for part in asked.parts if isinstance(part, Table))
    assert table.rows[0] == ("1", "Tờ khai có chữ ký")
    assert said(asked)["Lý do"] == "Chưa ký tên"
    assert asked.head.place_date.endswith("ngày 23 tháng 11 năm 2026")


def test_apology_tells_both_days(hall: Hall) -> None:
    code = registered(hall).code
    old = said(form(hall, "van_ban_xin_loi", code))["Thời gian đã hẹn trả kết quả"]
    hall.do(reschedule, code, hall.moment("2026-12-01 16:30"), "Chờ xác minh", actor=CLERK)
    told = said(form(hall, "van_ban_xin_loi", code))
    assert told["Thời gian đã hẹn trả kết quả"] == old
    assert told["Thời gian hẹn lại trả kết quả"] == "16 giờ 30 phút, ngày 01/12/2026"
    assert told["Lý do"] == "Chờ xác minh"


def test_a_form_printed_again_promises_the_day_it_promised(hall: Hall) -> None:
    code = registered(hall).code
    receipt = form(hall, "giay_tiep_nhan", code)
    hall.do(reschedule, code, hall.moment("2026-12-01 16:30"), "Chờ xác minh", actor=CLERK)
    apology = form(hall, "van_ban_xin_loi", code)
    hall.do(put, code, Pushed(code="", due_at=hall.moment("2026-12-09 10:00")), actor="key:tinh")
    hall.clock.turn(days=1)
    assert said(form(hall, "giay_tiep_nhan", code)) == said(receipt)
    assert said(form(hall, "van_ban_xin_loi", code)) == said(apology)


def test_the_receipt_after_a_supplement_is_of_the_complete_intake(hall: Hall) -> None:
    hall.set_clock("2026-11-23 08:00")
    code = registered(hall).code
    hall.do(ask_supplement, code, [Missing("Tờ khai có chữ ký")], "Chưa ký tên", actor=CLERK)
    hall.set_clock("2026-11-26 10:00")
    hall.do(supplement_done, code, (), actor=CLERK)
    hall.do(reschedule, code, hall.moment("2026-12-08 16:30"), "Chờ xác minh", actor=CLERK)
    again = form(hall, "giay_tiep_nhan", code)
    assert said(again)["Thời gian nhận hồ sơ"] == "10 giờ 00 phút, ngày 26/11/2026"
    assert said(again)["Thời gian hẹn trả kết quả"] == "10 giờ 00 phút, ngày 01/12/2026"
    assert again.head.place_date.endswith("ngày 26 tháng 11 năm 2026")


def test_the_receipt_of_an_online_dossier_promises_what_it_promised_when_it_was_received(hall: Hall) -> None:
    code = "H55.242-261120-0001"
    row = Pushed(code="", procedure_name="Việc mẫu", status=1, term_amount=3, term_unit="ngay_lam_viec")
    hall.do(put, code, row, actor="key:tinh")
    hall.set_clock("2026-11-26 10:00")
    hall.do(set_status, code, 2, actor=CLERK)
    hall.do(move, code, "Phòng Kinh tế", actor=CLERK)
    hall.do(reschedule, code, hall.moment("2026-12-08 16:30"), "Chờ xác minh", actor=CLERK)
    receipt = said(form(hall, "giay_tiep_nhan", code))
    assert receipt["Thời gian nhận hồ sơ"] == "10 giờ 00 phút, ngày 26/11/2026"
    assert receipt["Thời gian hẹn trả kết quả"] == "10 giờ 00 phút, ngày 01/12/2026"


@pytest.mark.parametrize(("kind", "act"), [("phieu_tu_choi", refuse), ("thong_bao_dung", stop)])
def test_refusal_and_stop_give_their_reason(hall: Hall, kind: str, act: object) -> None:
    code = registered(hall).code
    assert said(form(hall, kind, code))["Lý do"] == ""
    hall.do(act, code, "Không thuộc thẩm quyền", actor=CLERK)  # type: ignore[arg-type]  # either act
    assert said(form(hall, kind, code))["Lý do"] == "Không thuộc thẩm quyền"


def test_control_slip_has_every_hand_over(hall: Hall) -> None:
    hall.set_clock("2026-11-23 08:00")
    code = registered(hall).code
    hall.set_clock("2026-11-23 10:30")
    hall.do(move, code, "Phòng Kinh tế", "Đủ hồ sơ", actor=CLERK)
    hall.set_clock("2026-11-30 14:00")
    hall.do(move, code, "Bộ phận Một cửa", actor=CLERK)
    one = form(hall, "phieu_kiem_soat", code)
    (table,) = (part for part in one.parts if isinstance(part, Table))
    assert table.rows[0] == (
        "1", "Giao: Bộ phận Một cửa\nNhận: Phòng Kinh tế", "10 giờ 30 phút, ngày 23/11/2026", "", "",
        "Trước hạn", "Đủ hồ sơ",
    )  # fmt: skip
    assert table.rows[1][5] == "Quá hạn"
    assert said(one)["Cơ quan giải quyết hồ sơ"] == "Phòng Kinh tế"


def test_result_sent_by_post_bears_its_number(hall: Hall) -> None:
    code = registered(hall).code
    hall.set_clock("2026-11-24 15:00")
    hall.do(hand_back, code, how="post", tracking="EX000000001VN", actor=CLERK)
    told = said(form(hall, "giay_bien_nhan", code))
    assert told["Số hiệu bưu gửi"] == "EX000000001VN"
    assert told["Hình thức trả kết quả"] == "Qua dịch vụ bưu chính công ích"
    assert told["Thời gian trả kết quả"] == "15 giờ 00 phút, ngày 24/11/2026"


# ---- in the browser --------------------------------------------------------------------------


@pytest.fixture
def desks(tmp_path: Path, browser: Browser) -> Iterator[Counters]:
    with at_work(tmp_path, browser) as made:
        yield made


def shown(desks: Counters, path: str) -> Page:
    """A page of a signed-in clerk, at four dots a CSS pixel as a printer would draw it; its policy is kept."""
    context = desks.browser.new_context(base_url=desks.address, device_scale_factor=SCALE)
    desks.contexts.append(context)
    page = context.new_page()
    desks.sign_in(page, "lan")
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    assert (answer := page.goto(path)) is not None
    assert answer.ok
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    assert told == []
    return page


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["giay_tiep_nhan", "phieu_bo_sung", "giay_bien_nhan"])
def test_codes_are_read_back_from_the_page(desks: Counters, kind: str) -> None:
    code = registered(desks.hall, LONG_NAME).code
    page = shown(desks, f"/staff/dossiers/{code}/forms/{kind}")
    page.emulate_media(media="print")
    picture = Image.open(BytesIO(page.screenshot(full_page=True))).convert("L")
    expected = {("bar", code), ("qr", code)}
    assert read(picture) == {"pyzbar": expected, "zxing": expected}
    wide = page.locator(".bars svg").evaluate(
        "e => [e.getBoundingClientRect().height, +e.getAttribute('width').slice(0, -2)]"
    )
    assert wide[0] >= 12 * 96 / 25.4


@pytest.mark.browser
@pytest.mark.parametrize("wished", ["A5", "A4"])
@pytest.mark.parametrize("kind", forms.KINDS)
def test_browser_prints_the_same_paper(desks: Counters, kind: str, wished: str) -> None:
    code = registered(desks.hall).code
    page = shown(desks, f"/staff/dossiers/{code}/forms/{kind}?page={wished}")
    assert page.locator(".tools [data-act=print]").is_visible()
    printed = page.pdf(prefer_css_page_size=True)
    assert b"BeVietnamPro" in printed
    press = Press(desks.hall.store, desks.hall.settings, PHRASES)
    ours = press.pdf(kind, code, "A4" if wished == "A4" else "A5")
    assert count(printed) == len(sizes(ours)) == 1
    page.emulate_media(media="print")
    assert page.locator(".tools").is_hidden()
    inside = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert inside


@pytest.mark.browser
def test_long_table_repeats_its_heads_in_print(desks: Counters) -> None:
    code = registered(desks.hall, LONG_NAME, papers=60).code
    page = shown(desks, f"/staff/dossiers/{code}/forms/giay_tiep_nhan")
    printed = page.pdf(prefer_css_page_size=True)
    assert count(printed) >= 2
    assert page.evaluate("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"


@pytest.mark.browser
@pytest.mark.skipif(PDFTOPPM is None, reason="pdftoppm is not installed (package poppler-utils)")
def test_codes_are_read_back_from_what_the_browser_printed(desks: Counters) -> None:
    code = registered(desks.hall).code
    page = shown(desks, f"/staff/dossiers/{code}/forms/giay_tiep_nhan")
    (picture,) = pages(page.pdf(prefer_css_page_size=True), 203)
    expected = {("bar", code), ("qr", code)}
    assert read(picture) == {"pyzbar": expected, "zxing": expected}


@pytest.mark.browser
def test_ledger_page_prints_across(desks: Counters) -> None:
    code = registered(desks.hall, LONG_NAME).code
    page = shown(desks, "/staff/dossiers/ledger")
    assert code in page.locator("tbody").inner_text()
    assert count(page.pdf(prefer_css_page_size=True)) == 1
    box = page.locator(".paper table").bounding_box()
    assert box is not None
    assert box["width"] <= 273 * 96 / 25.4 + 1


@pytest.mark.browser
def test_print_button_prints(desks: Counters) -> None:
    code = registered(desks.hall).code
    page = shown(desks, f"/staff/dossiers/{code}/forms/giay_tiep_nhan")
    page.evaluate("window.addEventListener('beforeprint', () => (document.body.dataset.printed = 'yes'))")
    page.click("[data-act=print]")
    page.wait_for_selector("body[data-printed=yes]")


def count(pdf: bytes) -> int:
    """How many pages a PDF of the browser's has."""
    return pdf.count(b"/Type /Page\n") or pdf.count(b"/Type /Page>>") or pdf.count(b"/Type /Page ")
