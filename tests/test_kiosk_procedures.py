"""Posted procedures at the kiosk: found, read, papers marked, a number taken; in real Chromium and as data."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kiosk.posted import fields, listed, times
from kiosk.sheet import sheet
from office.catalogue_entry import Channel, Procedure
from tools.citizen import TALL, Kiosk, rest, standing, touch
from tools.rehearsal import PHRASES, Hall, post_catalogue, settings_with

SAY, ENGLISH = (partial(PHRASES.say, language) for language in ("vi", "en"))
SETTINGS = settings_with()
OPEN = ".screen:not([hidden])"
FOUND = f"{OPEN} [data-act=procedure]:visible"
HOME = '.foot [data-act="home"], .helps [data-act="home"]'
UNKNOWN = "Chưa có thông tin, mời hỏi tại quầy"


def entry(**more: object) -> Procedure:
    told = {"code": "1.001193", "name": "Việc mẫu", "field": "Hộ tịch", "source_url": "https://dichvucong.gov.vn/a"}
    return Procedure.model_validate(told | {"fetched_at": "2026-07-20"} | more)


@pytest.fixture
def served(tmp_path: Path, browser: Browser) -> Iterator[Kiosk]:
    with standing(tmp_path, browser) as kiosk:
        kiosk.hall.do(post_catalogue)
        yield kiosk


def keyed(page: Page, text: str) -> None:
    """Touch the keys of ``text``, and let the search come."""
    rest(page)
    for letter in text:
        page.locator(f'{OPEN} [data-key="{letter}"]').click()
    page.clock.run_for(200)


def opened(page: Page, text: str, name: str) -> None:
    """From home to one procedure, by its name."""
    touch(page, '[data-act="look-up"]:visible')
    touch(page, f'{OPEN} [data-act="find"]')
    keyed(page, text)
    page.get_by_role("button", name=re.compile(f"^{name}")).first.wait_for()
    rest(page)
    page.get_by_role("button", name=re.compile(f"^{name}")).first.click()
    expect(page.locator("#procedure-title")).to_have_text(name)


# ---- in words ----------------------------------------------------------------------------------


def test_what_the_source_is_silent_about_is_asked_at_the_counter() -> None:
    told = sheet(entry(channels=[{"channel": "direct"}]), SETTINGS, SAY)
    assert (told.ways[0].time, told.ways[0].fee, told.ways[0].known) == (UNKNOWN, UNKNOWN, (False, False))
    assert (told.papers, told.result) == ((), "")


@pytest.mark.parametrize(
    ("channel", "caveats", "time", "fee"),
    [
        ({"time_amount": 3, "time_unit": "ngay_lam_viec"}, (), "3 ngày làm việc", UNKNOWN),
        ({"fee": 8000, "fee_unit": "/bản"}, (), UNKNOWN, "8.000 đồng/bản"),
        ({"same_day": True, "fee": 0}, (), SAY("catalogue.time.same_day"), "Miễn phí"),
        ({"fee": 0}, ("free_unconfirmed",), UNKNOWN, "Cổng Dịch vụ công ghi: miễn phí"),
        ({"time_amount": 5, "time_unit": "ngay"}, ("time_varies",), UNKNOWN, UNKNOWN),
        ({"fee_basis": "council"}, (), UNKNOWN, "Theo nghị quyết của Hội đồng nhân dân tỉnh"),
        ({"note": "Chậm nhất 05 ngày"}, (), "Xem ghi chú, mời hỏi thêm tại quầy", UNKNOWN),
        ({"note": "Mức phí theo diện tích"}, (), UNKNOWN, "Xem ghi chú, mời hỏi thêm tại quầy"),
    ],
)  # fmt: skip
def test_time_and_fee_are_never_more_certain_than_their_source(
    channel: dict[str, object], caveats: tuple[str, ...], time: str, fee: str
) -> None:
    (way,) = sheet(entry(channels=[{"channel": "direct", **channel}], caveats=caveats), SETTINGS, SAY).ways
    assert (way.time, way.fee) == (time, fee)


def test_an_exemption_stands_beside_its_fee_and_is_not_said_twice() -> None:
    exempt = "Miễn lệ phí cho hộ nghèo"
    one = {"channel": "direct", "fee": 8000, "exemption": exempt, "note": f"Thu một lần. {exempt}."}
    (way,) = sheet(entry(channels=[one]), SETTINGS, SAY).ways
    assert (way.exemption, way.note) == (exempt, "Thu một lần")
    (other,) = sheet(entry(channels=[one | {"exemption": "Hộ nghèo không phải nộp"}]), SETTINGS, SAY).ways
    assert other.exemption == "Miễn, giảm: Hộ nghèo không phải nộp"


def test_channels_told_alike_stand_together_and_others_apart() -> None:
    direct, online, post = (Channel(channel=c, time_amount=20, time_unit="ngay") for c in ("direct", "online", "post"))
    slow = online.model_copy(update={"time_amount": 27})
    told = sheet(entry(channels=[c.model_dump() for c in (direct, slow, post)]), SETTINGS, SAY).ways
    assert [(way.name, way.time) for way in told] == [("Trực tiếp, Bưu chính", "20 ngày"), ("Trực tuyến", "27 ngày")]


def test_fields_stand_in_the_order_of_the_services(hall: Hall) -> None:
    hall.do(post_catalogue)
    names = [one["field"] for one in fields(hall.store.read(), hall.settings, hall.clock(), "vi")]
    assert names[:3] == ["Hộ tịch", "Nuôi con nuôi", "Hòa giải ở cơ sở"]
    known = [name for service in hall.settings.services for name in service.fields]
    assert names == [name for name in known if name in names]


def test_an_empty_search_lists_nothing_and_a_field_all_of_its_own(hall: Hall) -> None:
    hall.do(post_catalogue)
    db, now = hall.store.read(), hall.clock()
    assert listed(db, hall.settings, now, SAY, "vi", "") == {"procedures": [], "more": False}
    own = listed(db, hall.settings, now, SAY, "vi", "", "Chứng thực")["procedures"]
    assert len(own) == 12
    assert {one["service"] for one in own} == {"chung-thuc"}


def test_every_posted_field_has_an_english_name(hall: Hall) -> None:
    hall.do(post_catalogue)
    told = [one["title"] for one in fields(hall.store.read(), hall.settings, hall.clock(), "en")]
    assert {one["lang"] for one in told} == {"en"}
    assert {"text": "Civil status", "lang": "en"} in told


def test_a_field_without_an_english_name_stays_vietnamese() -> None:
    assert SETTINGS.field_words("Việc lạ", "en") == ("Việc lạ", "vi")
    told = sheet(entry(field="Việc lạ"), SETTINGS, ENGLISH, "en")
    assert (told.field, told.field_language) == ("Việc lạ", "vi")


@pytest.mark.parametrize(
    ("unit", "words"), [("/trang", "2.000 VND per page"), ("/chuyến", "2.000 VND per chuyến"), (None, "2.000 VND")]
)
def test_what_a_fee_is_paid_for_is_told_in_english(unit: str | None, words: str) -> None:
    (way,) = sheet(entry(channels=[{"channel": "direct", "fee": 2000, "fee_unit": unit}]), SETTINGS, ENGLISH, "en").ways
    assert way.fee == words


DIRECT: dict[str, object] = {"channel": "direct", "time_amount": 15, "time_unit": "ngay"}
ONLINE: dict[str, object] = {"channel": "online", "time_amount": 20, "time_unit": "ngay"}


@pytest.mark.parametrize(
    ("channels", "time"),
    [
        ([DIRECT, {**DIRECT, "channel": "post"}], "15 ngày"),
        ([DIRECT, ONLINE], "Trực tiếp: 15 ngày · Trực tuyến: 20 ngày"),
        ([DIRECT, {"channel": "online"}], "Trực tiếp: 15 ngày"),
        ([{"channel": "direct", "same_day": True}], "Trả trong ngày"),
        ([{**DIRECT, "note": "Theo nghị quyết của HĐND tỉnh"}], "15 ngày"),
        ([{**DIRECT, "note": "Thêm 03 ngày nếu phải xác minh"}], "15 ngày, có trường hợp khác"),
        ([{"channel": "direct"}], UNKNOWN),
        ([], UNKNOWN),
    ],
)  # fmt: skip
def test_a_list_tells_the_time_of_each_channel_that_the_source_knows(
    channels: list[dict[str, object]], time: str
) -> None:
    assert times(entry(channels=channels), SAY) == time


# ---- in the page -------------------------------------------------------------------------------


@pytest.mark.browser
def test_search_as_one_types_forgives_accents_and_a_slip(served: Kiosk) -> None:
    page = served.page()
    touch(page, '[data-act="look-up"]:visible')
    touch(page, f'{OPEN} [data-act="find"]')
    keyed(page, "KHAI SIN")
    expect(page.locator(FOUND).first).to_contain_text("Đăng ký khai sinh")
    keyed(page, "G")  # a slip of the finger
    expect(page.locator(FOUND).first).to_contain_text("khai sinh")
    for _ in range(9):
        page.locator(f'{OPEN} [data-act="erase"]').click()
    expect(page.locator(FOUND)).to_have_count(0)
    keyed(page, "QQQQQ")
    expect(page.locator('[data-slot="find-told"]')).to_contain_text("Chưa thấy thủ tục nào")


@pytest.mark.browser
def test_one_procedure_tells_all_its_parts(served: Kiosk) -> None:
    page = served.page()
    opened(page, "KHAI SINH", "Đăng ký khai sinh")
    text = page.locator(OPEN).inner_text()
    rest(page)
    while page.locator(f'{OPEN} [data-act="leaf-on"]:visible').is_enabled():
        page.locator(f'{OPEN} [data-act="leaf-on"]').click()
        text += page.locator(OPEN).inner_text()
    for part in (
        "Giấy tờ cần mang",
        "Tờ khai đăng ký khai sinh",
        "Thời hạn và lệ phí",
        "Trực tiếp",
        "Kết quả nhận được",
    ):
        assert part in text
    assert re.search(r"Cập nhật ngày \d\d/\d\d/\d{4} · Nguồn: dichvucong.gov.vn · Mã thủ tục 1.001193", text)
    assert "Cổng Dịch vụ công ghi: miễn phí" in text


@pytest.mark.browser
def test_papers_are_marked_before_the_number_and_kept_nowhere(served: Kiosk) -> None:
    page = served.page()
    before = served.hall.dump()
    opened(page, "KHAI SINH", "Đăng ký khai sinh")
    touch(page, f'{OPEN} [data-act="brought"]')
    total = page.locator('[data-part="brought"] .check').locator("visible=true")
    expect(page.locator('[data-slot="brought-sum"]')).to_have_text("Chưa chọn giấy tờ nào")
    rest(page)
    total.first.click()
    expect(total.first).to_have_attribute("aria-pressed", "true")
    expect(page.locator('[data-slot="brought-sum"]')).to_have_text(re.compile(r"^Đã mang 1 trên \d giấy tờ$"))
    assert served.hall.dump() == before
    touch(page, f'{OPEN} [data-act="sheet-take"]')
    touch(page, '[data-class=""]')  # the second touch
    expect(page.locator("output.number")).to_be_visible()
    assert [ticket.service for ticket in served.tickets()] == ["ho-tich"]


@pytest.mark.browser
def test_back_leads_the_way_one_came_and_home_forgets(served: Kiosk) -> None:
    page = served.page()
    touch(page, '[data-act="look-up"]:visible')
    touch(page, '[data-field="Chứng thực"]')
    expect(page.locator("#list-title")).to_have_text("Chứng thực")
    rest(page)
    page.locator(FOUND).first.click()
    expect(page.locator("#procedure-title")).to_be_visible()
    touch(page, f'{OPEN} [data-act="back"]')
    expect(page.locator(FOUND).first).to_be_visible()
    touch(page, f'{OPEN} [data-act="find"]')
    keyed(page, "DAT")
    touch(page, HOME)
    touch(page, '[data-act="look-up"]:visible')
    touch(page, f'{OPEN} [data-act="find"]')
    expect(page.locator('[data-slot="find-typed"]')).to_have_text("")
    expect(page.locator(FOUND)).to_have_count(0)


@pytest.mark.browser
def test_idle_clears_what_was_typed_and_marked(served: Kiosk) -> None:
    page = served.page()
    opened(page, "KHAI SINH", "Đăng ký khai sinh")
    touch(page, f'{OPEN} [data-act="brought"]')
    touch(page, '[data-paper="0"]')
    page.clock.run_for(11_000)
    page.clock.run_for(6_000)
    expect(page.locator("#home-title")).to_be_visible()
    assert page.locator("[data-paper], [data-part=find] *, [data-part=procedure] *").count() == 0
    assert page.locator('[data-slot="find-typed"]').text_content() == ""


@pytest.mark.browser
def test_the_other_language_comes_in_place(served: Kiosk) -> None:
    page = served.page()
    opened(page, "KHAI SINH", "Đăng ký khai sinh")
    touch(page, '[data-act="language"]')
    expect(page.locator(OPEN)).to_contain_text("Papers to bring")
    expect(page.locator(OPEN)).to_contain_text("Updated")
    touch(page, f'{OPEN} [data-act="back"]')
    expect(page.locator('[data-slot="find-typed"]')).to_have_text("KHAI\u00a0SINH")


@pytest.mark.browser
def test_a_long_list_is_leafed_through_without_scrolling(served: Kiosk) -> None:
    page = served.page()
    touch(page, '[data-act="look-up"]:visible')
    touch(page, '[data-field="Hộ tịch"]')
    seen: list[str] = []
    rest(page)
    while True:
        seen += page.locator(FOUND).evaluate_all("all => all.map((one) => one.dataset.code)")
        on = page.locator(f'{OPEN} [data-act="leaf-on"]')
        if on.is_disabled():
            break
        on.click()
    assert len(seen) == len(set(seen)) == 35
    assert page.evaluate("document.scrollingElement.scrollHeight") <= TALL[1]


@pytest.mark.browser
def test_no_answer_is_told_and_nothing_is_lost(served: Kiosk) -> None:
    page = served.page()
    page.route("**/kiosk/procedures*", lambda route: route.abort())
    touch(page, '[data-act="look-up"]:visible')
    touch(page, '[data-field="Hộ tịch"]')
    expect(page.locator('[data-part="toast"]')).to_contain_text("Chưa tra cứu được")
    expect(page.locator("#fields-title")).to_be_visible()
    page.unroute("**/kiosk/procedures*")
    touch(page, '[data-field="Hộ tịch"]')
    expect(page.locator("#list-title")).to_have_text("Hộ tịch")
