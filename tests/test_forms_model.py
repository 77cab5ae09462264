"""What stands on each printed form: every field of the official one, in the house's way of dates and money."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from office import code128, forms
from office.dossiers import Applicant
from office.errors import NotFound
from office.form_matter import HandOver, Matter
from office.form_parts import Field, Fields, Form, Lines, Prose, Signatures, Table
from office.form_settings import FormSettings
from office.form_text import Words, clean, short_moment
from tools.specimens import BARE, HEAD, LONG, MATTER, WORDS, moment

WANTED = {
    "giay_tiep_nhan": (
        "Tiếp nhận hồ sơ của", "Địa chỉ", "Số điện thoại", "Email", "Số định danh cá nhân",
        "Nội dung yêu cầu giải quyết", "Chủ hồ sơ", "Địa chỉ của chủ hồ sơ", "Số lượng hồ sơ", "Phí, lệ phí",
        "Thời gian giải quyết theo quy định", "Thời gian nhận hồ sơ", "Thời gian hẹn trả kết quả",
        "Đăng ký nhận kết quả", "Vào Sổ theo dõi hồ sơ, quyển số", "Số thứ tự", "Tên giấy tờ", "Hình thức", "Số bản",
        "NGƯỜI NỘP HỒ SƠ", "NGƯỜI TIẾP NHẬN HỒ SƠ",
    ),
    "phieu_bo_sung": (
        "Hồ sơ của", "Nội dung yêu cầu giải quyết", "Địa chỉ", "Số điện thoại", "Email",
        "Giấy tờ, nội dung cần bổ sung", "Lý do", "NGƯỜI HƯỚNG DẪN",
    ),
    "phieu_tu_choi": (
        "Tiếp nhận hồ sơ của", "Nội dung yêu cầu giải quyết", "Lý do", "NGƯỜI NỘP HỒ SƠ", "NGƯỜI TIẾP NHẬN HỒ SƠ",
    ),
    "van_ban_xin_loi": (
        "Kính gửi", "Thời gian đã hẹn trả kết quả", "Lý do", "Thời gian hẹn lại trả kết quả",
        "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ",
    ),
    "thong_bao_dung": (
        "Kính gửi", "Nội dung yêu cầu giải quyết", "Thời gian nhận hồ sơ", "Lý do", "THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ",
    ),
    "phieu_kiem_soat": (
        "Thủ tục hành chính", "Cơ quan giải quyết hồ sơ", "Cơ quan phối hợp giải quyết hồ sơ",
        "Đơn vị giao, đơn vị nhận", "Thời gian giao, nhận", "Người giao ký", "Người nhận ký", "Kết quả giải quyết",
        "Ghi chú",
    ),
    "giay_bien_nhan": (
        "Trả kết quả cho", "Nội dung yêu cầu giải quyết", "Thời gian trả kết quả", "Hình thức trả kết quả",
        "Số hiệu bưu gửi", "Kết quả đã trả gồm", "NGƯỜI NHẬN KẾT QUẢ", "NGƯỜI TRẢ KẾT QUẢ",
    ),
}  # fmt: skip


def made(kind: str, matter: Matter = MATTER) -> Form:
    return forms.form(kind, matter, HEAD, WORDS)


def fields(form: Form) -> dict[str, str]:
    """Every label with its value."""
    found = [field for part in form.parts if isinstance(part, Fields) for field in part.fields]
    found += [Field(part.label, part.value) for part in form.parts if isinstance(part, Lines)]
    return {field.label: field.value for field in found}


def told(form: Form) -> Iterator[str]:
    """Every word that stands on the form."""
    yield from (form.title, form.subtitle, form.foot, form.codes.label, form.codes.text)
    yield from (getattr(form.head, name) for name in ("parent", "office", "country", "motto", "number", "place_date"))
    for part in form.parts:
        match part:
            case Fields():
                yield from (text for field in part.fields for text in (field.label, field.value))
            case Lines():
                yield from (part.label, part.value)
            case Prose():
                yield from (part.lead, part.text)
            case Table():
                yield from (column.title for column in part.columns)
                yield from (cell for row in part.rows for cell in row)
            case Signatures():
                yield from (text for one in part.who for text in (one.title, one.hint, one.name))


@pytest.mark.parametrize("kind", forms.KINDS)
def test_every_field_of_the_official_form_is_there(kind: str) -> None:
    words = set(told(made(kind, LONG)))
    assert [label for label in WANTED[kind] if label not in words] == []


@pytest.mark.parametrize("kind", forms.KINDS)
def test_head_names_the_office_and_the_country(kind: str) -> None:
    form = made(kind)
    assert form.head.office == "Trung tâm Phục vụ hành chính công xã Phú Lương"
    assert (form.head.country, form.head.motto) == ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
    assert form.head.place_date == "Phú Lương, ngày 20 tháng 11 năm 2026"
    assert form.codes.text == MATTER.code


def test_receipt_tells_dates_with_hour_and_minute_and_money_with_dots() -> None:
    said = fields(made("giay_tiep_nhan"))
    assert said["Thời gian nhận hồ sơ"] == "08 giờ 15 phút, ngày 20/11/2026"
    assert said["Thời gian hẹn trả kết quả"] == "08 giờ 15 phút, ngày 26/11/2026"
    assert said["Thời gian giải quyết theo quy định"] == "3 ngày làm việc"
    assert said["Phí, lệ phí"] == "8.000 đồng (đã thu)"
    assert said["Số lượng hồ sơ"] == "01 bộ"
    assert said["Chủ hồ sơ"] == said["Tiếp nhận hồ sơ của"] == "Nguyễn Văn Thử"
    assert said["Đăng ký nhận kết quả"] == "Tại quầy trả kết quả của Trung tâm"
    assert fields(made("giay_tiep_nhan", LONG))["Phí, lệ phí"].startswith("1.234.567.000 đồng (")


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ((4, "gio"), "4 giờ làm việc"),
        ((20, "ngay"), "20 ngày"),
        ((0, "ngay_lam_viec"), "Trong ngày làm việc"),
        (None, ""),
    ],
)
def test_term_keeps_its_unit(term: tuple[int, str] | None, text: str) -> None:
    assert fields(made("giay_tiep_nhan", replace(MATTER, term=term)))["Thời gian giải quyết theo quy định"] == text


def test_what_nobody_told_is_left_to_be_written_by_hand() -> None:
    """No fee, no term, no due day is invented; zero đồng is said only where zero was entered."""
    for kind in forms.KINDS:
        values = fields(made(kind, BARE))
        assert not any(values.values()) or kind == "phieu_kiem_soat", values
    assert made("giay_tiep_nhan", BARE).head.place_date == "Phú Lương, ngày …… tháng …… năm ………"
    assert fields(made("giay_tiep_nhan", replace(BARE, fee=0)))["Phí, lệ phí"] == "0 đồng"
    tables = [part for part in made("giay_tiep_nhan", BARE).parts if isinstance(part, Table)]
    assert [row for table in tables for row in table.rows] == [("", "", "", "")] * 3


def test_apology_before_and_after_the_new_day() -> None:
    draft, sent = fields(made("van_ban_xin_loi")), fields(made("van_ban_xin_loi", LONG))
    assert draft["Thời gian đã hẹn trả kết quả"] == "08 giờ 15 phút, ngày 26/11/2026"
    assert draft["Thời gian hẹn lại trả kết quả"] == ""
    assert sent["Thời gian đã hẹn trả kết quả"] == "17 giờ 00 phút, ngày 23/12/2026"
    assert sent["Thời gian hẹn lại trả kết quả"] == "17 giờ 00 phút, ngày 30/12/2026"


def test_control_slip_has_a_row_a_hand_over_and_room_for_more() -> None:
    (table,) = (part for part in made("phieu_kiem_soat").parts if isinstance(part, Table))
    assert table.rows[0][1:3] == (
        "Giao: Bộ phận Một cửa\nNhận: Công chức Tư pháp - Hộ tịch",
        "10 giờ 30 phút, ngày 20/11/2026",
    )
    assert [row[5] for row in table.rows[:3]] == ["Trước hạn", "Đúng hạn", "Quá hạn"]
    assert len(table.rows) >= 5
    assert table.rows[4][3:5] == ("", "")  # two signatures, by hand
    many = replace(MATTER, hand_overs=(HandOver("a", "b", moment("2026-11-20 10:30")),) * 30)
    (table,) = (part for part in made("phieu_kiem_soat", many).parts if isinstance(part, Table))
    assert len(table.rows) == 30


def test_only_what_a_citizen_brings_back_is_read_by_machines() -> None:
    coded = {kind for kind in forms.KINDS if made(kind).codes.bar}
    assert coded == {"giay_tiep_nhan", "phieu_bo_sung", "giay_bien_nhan"}
    for kind in coded:
        assert made(kind).codes.qr == made(kind).codes.bar == MATTER.code


def test_look_up_address_carries_the_code_and_nothing_else() -> None:
    head = replace(HEAD, lookup_url="https://example.gov.vn/tra-cuu?mahs={code}")
    assert (
        forms.form("giay_tiep_nhan", MATTER, head, WORDS).codes.qr
        == f"https://example.gov.vn/tra-cuu?mahs={MATTER.code}"
    )
    hostile = replace(MATTER, code="A-1&SoDinhDanh=0")
    assert forms.form("giay_tiep_nhan", hostile, head, WORDS).codes.qr.endswith("mahs=A-1%26SoDinhDanh%3D0")


@pytest.mark.parametrize(
    "url", ["https://example.gov.vn/", "https://a/{code}/{code}", "ftp://a/{code}", "https://ví-dụ.vn/{code}"]
)
def test_look_up_address_must_be_one_a_code_can_carry(url: str) -> None:
    with pytest.raises(ValueError, match="code"):
        FormSettings(lookup_url=url)


def test_code_that_is_not_plain_gets_no_bars() -> None:
    codes = made("giay_tiep_nhan", replace(MATTER, code="HỒ-SƠ-0001")).codes
    assert (codes.text, codes.bar, codes.qr) == ("HỒ-SƠ-0001", "", "")


def test_paper_is_the_offices_choice_but_the_control_slip_is_always_large() -> None:
    assert {kind for kind in forms.KINDS if made(kind).page == "A4"} == {"phieu_kiem_soat"}
    large = replace(HEAD, page="A4")
    assert {forms.form(kind, MATTER, large, WORDS).page for kind in forms.KINDS} == {"A4"}
    assert forms.form("giay_tiep_nhan", MATTER, large, WORDS, "A5").page == "A5"
    assert forms.form("phieu_kiem_soat", MATTER, HEAD, WORDS, "A5").page == "A4"


def test_unknown_form_is_not_found() -> None:
    with pytest.raises(NotFound):
        made("giay_la")


def test_text_is_cleaned() -> None:
    assert clean("  a\x00b\r\n\tc\u202e\u200bd  ") == "a b cd"
    assert clean("Hô\u0323") == "Hộ"
    hostile = replace(MATTER, person=Applicant(name="a\x00\u202eb" * 2000, address="{0.__class__}", phone="9" * 5000))
    said = fields(made("giay_tiep_nhan", hostile))
    assert said["Địa chỉ"] == "{0.__class__}"
    assert len(said["Số điện thoại"]) <= 120
    assert not any(sign in said["Tiếp nhận hồ sơ của"] for sign in "\x00\u202e")


def test_a_midnight_is_a_day_of_which_no_hour_is_known() -> None:
    at = moment("2026-11-20 00:00")
    assert WORDS.moment(at) == short_moment(at, WORDS.zone) == "20/11/2026"
    assert short_moment(at + 60_000, WORDS.zone) == "00:01 20/11/2026"


def test_money_and_moments_of_nothing_are_empty() -> None:
    assert isinstance(WORDS, Words)
    assert (WORDS.money(None), WORDS.money(None, "theo nghị quyết"), WORDS.moment(None)) == ("", "theo nghị quyết", "")


@pytest.mark.parametrize("text", ["", "Hồ sơ", "a" * 49, "a\n"])
def test_code_128_refuses_what_it_cannot_carry(text: str) -> None:
    assert not code128.carries(text)
    with pytest.raises(ValueError, match="Code 128"):
        code128.widths(text)


def test_code_128_writes_digits_in_pairs() -> None:
    assert code128.modules("H55.242-261120-0007") == 222
    assert code128.modules("000.00.06.H56-231027-0361") == 288  # 95 mm at 0.33 mm: it fits on A5
    assert code128.module_mm("000.00.06.H56-231027-0361", 122) >= 0.33
    assert code128.module_mm("a" * 48, 122) == 0
