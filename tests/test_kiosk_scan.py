"""Receipts at the kiosk, from the scanner to what is done about them: the real register and API, real Chromium."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from office import dossiers, journal
from office.scan_sections import ScannerSettings
from tools.citizen import Kiosk, rest, standing, take, touch
from tools.receipts_held import (
    ELDER,
    ELSEWHERE,
    HELD,
    LACKING,
    LATE,
    PAPERS,
    READY,
    RETURNED,
    RUNNING,
    STOPPED,
    UNPAID,
    YOUNG,
    Receipt,
    hold,
    register,
    scanned,
)

pytestmark = pytest.mark.browser

READER = ScannerSettings(name="ban-kiosk", driver="serial", device="COM3", screen="demo-kiosk")
SHOWN = ".screen:not([hidden])"


@pytest.fixture
def served(tmp_path: Path, browser: Browser) -> Iterator[Kiosk]:
    with standing(tmp_path, browser) as kiosk:
        register(kiosk)
        yield kiosk


def number_of(served: Kiosk, page: Page) -> str:
    """The service of the one number given, which is on the screen."""
    expect(page.locator("output.number")).to_be_visible()
    (ticket,) = served.tickets()
    expect(page.locator("output.number")).to_have_text(ticket.number)
    return ticket.service


def reentry_code(served: Kiosk) -> str:
    """What the slip of missing papers carries."""
    only = journal.Filter(kinds=("dossier.supplement_asked",))
    (asked,) = journal.read(served.hall.store.read(), only=only)
    return str(asked.data["reentry"])


def test_home_has_two_ways_in_beside_the_tiles(served: Kiosk) -> None:
    page = served.page()
    touch(page, '[data-act="look-up"]:visible')
    expect(page.locator("#fields-title")).to_be_visible()
    touch(page, '.foot [data-act="home"], .helps [data-act="home"]')
    touch(page, '[data-act="scan"]:visible')
    expect(page.locator("#scan-title")).to_have_text("Đưa giấy hẹn vào máy đọc mã")
    expect(page.locator(".reading")).to_contain_text("Máy đang chờ mã")


@pytest.mark.parametrize("receipt", HELD, ids=lambda receipt: f"{receipt.screen} {receipt.code}")
def test_a_receipt_read_on_the_home_screen_leads_to(served: Kiosk, receipt: Receipt) -> None:
    page = served.page()
    hold(page, receipt)
    if receipt is not ELSEWHERE:
        expect(page.locator(SHOWN)).to_contain_text(receipt.code)
    assert served.tickets() == []


def test_in_progress_shows_the_due_date_and_gives_no_number(served: Kiosk) -> None:
    page = served.page()
    hold(page, RUNNING)
    expect(page.locator(f'{SHOWN} [data-slot="scan-due"]')).to_have_text("17:00, Thứ Ba, 01/12/2026")
    expect(page.locator(SHOWN)).to_contain_text("chưa cần lấy số")
    expect(page.locator(f'{SHOWN} [data-act="scan-take"]')).to_be_hidden()
    touch(page, f'{SHOWN} [data-act="home"]')
    expect(page.locator("#home-title")).to_be_visible()


def test_a_result_that_is_ready_is_one_touch_from_its_number(served: Kiosk) -> None:
    page = served.page()
    hold(page, READY)
    touch(page, f'{SHOWN} [data-act="scan-take"]')
    assert number_of(served, page) == "tra-ket-qua"
    (visit,) = dossiers.visits(served.hall.store.read(), READY.code)
    assert (visit.ticket, visit.purpose) == (served.tickets()[0].id, "collect")


def test_who_has_priority_may_say_so_before_the_number(served: Kiosk) -> None:
    page = served.page()
    hold(page, READY)
    touch(page, f'{SHOWN} [data-act="scan-claim"]')
    touch(page, '[data-class="CAO_TUOI"]')
    assert number_of(served, page) == "tra-ket-qua"
    assert (served.tickets()[0].priority, served.tickets()[0].dossier) == ("CAO_TUOI", READY.code)


@pytest.mark.parametrize("slip", [False, True], ids=["the receipt", "the slip of missing papers"])
def test_missing_papers_are_named_and_their_number_stands_near_the_front(served: Kiosk, slip: bool) -> None:
    waiting = [served.hall.issue("ho-tich", after_s=1) for _ in range(4)]
    page = served.page()
    scanned(page, reentry_code(served) if slip else LACKING.code)
    expect(page.locator('[data-part="missing"] li')).to_have_text(list(PAPERS))
    expect(page.locator(SHOWN)).to_contain_text("Số này được gọi sớm")
    touch(page, f'{SHOWN} [data-act="scan-take"]')
    expect(page.locator("output.number")).to_be_visible()
    given = served.tickets()[-1]
    assert given.id not in {ticket.id for ticket in waiting}
    assert given.place < min(ticket.place for ticket in waiting)
    touch(page, ".leave button")
    page.clock.run_for(3_000)  # the same code at once again would be the trigger pulled twice
    scanned(page, LACKING.code)
    expect(page.locator(SHOWN)).to_contain_text("lấy số và chờ gọi")


def test_late_is_an_apology_an_alert_and_a_person_to_ask(served: Kiosk) -> None:
    page = served.page()
    hold(page, LATE)
    expect(page.locator(f'{SHOWN} [data-slot="scan-due"]')).to_have_text("17:00, Thứ Năm, 12/11/2026")
    expect(page.locator(SHOWN)).to_contain_text("xin lỗi")
    only = journal.Filter(kinds=("dossier.overdue_seen",))
    assert len(journal.read(served.hall.store.read(), only=only)) == 1
    touch(page, f'{SHOWN} [data-act="scan-take"]')
    assert number_of(served, page) == "huong-dan"


@pytest.mark.parametrize(
    ("receipt", "service"),
    [(UNPAID, "ho-tich"), (RETURNED, "huong-dan"), (STOPPED, "huong-dan"), (ELSEWHERE, "tra-ket-qua")],
    ids=lambda each: getattr(each, "screen", each),
)
def test_whoever_must_see_a_clerk_is_one_touch_from_a_number(served: Kiosk, receipt: Receipt, service: str) -> None:
    page = served.page()
    hold(page, receipt)
    touch(page, f'{SHOWN} [data-act="scan-take"]')
    assert number_of(served, page) == service


def test_ones_own_number_is_told_and_no_other_is_pressed_on_anyone(served: Kiosk) -> None:
    ticket = served.hall.issue("ho-tich")
    page = served.page()
    scanned(page, f"http://192.168.1.10:8000/t/{ticket.token}")
    expect(page.locator('[data-slot="scan-number"]')).to_have_text(ticket.number)
    expect(page.locator(SHOWN)).to_contain_text("Số đang chờ gọi")
    expect(page.locator(f"{SHOWN} .button.primary")).to_have_text("Đã hiểu")


def test_a_card_offers_the_class_of_its_age_and_sends_no_more_than_the_birth_date(served: Kiosk) -> None:
    page = served.page()
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.post_data or "") if asked.url.endswith("/scans") else None)
    scanned(page, ELDER)
    expect(page.locator('[data-slot="scan-class"]')).to_have_text("Người cao tuổi (từ đủ 60 tuổi)")
    assert [re.findall(r"[^\W\d_]{2,}|\d{12}", body) for body in sent] == [["text", "000000000000", "by", "wedge"]]
    assert "23111955" in sent[0]
    touch(page, '[data-act="card-take"]')
    touch(page, '[data-service="ho-tich"]')
    offered, without = page.locator('[data-part="class-by-card"]'), page.locator('[data-part="class-none"]')
    expect(offered).to_contain_text("Thẻ cho biết: Người cao tuổi (từ đủ 60 tuổi)")
    expect(page.locator(f"{SHOWN} .button.primary")).to_have_count(1)
    expect(without).not_to_have_class(re.compile("primary"))
    touch(page, '[data-class="CAO_TUOI"]:visible')
    expect(page.locator("output.number")).to_be_visible()
    assert served.tickets()[0].priority == "CAO_TUOI"
    touch(page, ".leave button")
    touch(page, '[data-service="ho-tich"]')
    expect(offered).to_be_hidden()  # the next citizen is another
    expect(without).to_have_class(re.compile("primary"))


def test_a_card_without_a_class_says_so(served: Kiosk) -> None:
    page = served.page()
    scanned(page, YOUNG)
    expect(page.locator(SHOWN)).to_contain_text("chưa thuộc diện ưu tiên")


def test_a_code_is_typed_by_touching_large_keys(served: Kiosk) -> None:
    page = served.page()
    touch(page, '[data-act="scan"]:visible')
    touch(page, f'{SHOWN} [data-act="code"]')
    check = page.locator('[data-act="check"]')
    expect(check).to_be_disabled()
    rest(page)
    for key in f"{RUNNING.code}Z":
        page.locator(f'{SHOWN} [data-key="{key}"]').click()
    page.locator(f'{SHOWN} [data-act="erase"]').click()
    expect(page.locator('[data-slot="code-typed"]')).to_have_text(RUNNING.code)
    keys = page.locator(f"{SHOWN} [data-key]").evaluate_all("all => all.map((key) => key.dataset.key).join('')")
    assert sorted(keys) == sorted("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.-")
    check.click()
    expect(page.locator("#scan-status-title")).to_be_visible()
    touch(page, '.foot [data-act="home"], .helps [data-act="home"]')
    touch(page, '[data-act="scan"]:visible')
    touch(page, f'{SHOWN} [data-act="code"]')
    expect(page.locator('[data-slot="code-typed"]')).to_have_text("")


def test_guessing_is_slowed_on_a_screen_of_its_own(tmp_path: Path, browser: Browser) -> None:
    with standing(tmp_path, browser, scans={"guesses": 2}) as served:
        page = served.page()
        for n in (1, 2, 3):
            with page.expect_response("**/api/v1/scans"):
                scanned(page, f"H55.242-261101-900{n}")
            expect(page.locator("#scan-clerk-title" if n < 3 else "#scan-wait-title")).to_be_visible()
        expect(page.locator(SHOWN)).to_contain_text(re.compile(r"chờ \d+ giây"))
        expect(page.locator('[data-part="scan-wait-again"]')).to_be_disabled()
        page.clock.run_for(310_000)  # past the server's five minutes as the page counts them: its stream seems lost
        expect(page.locator("#home-title")).to_be_visible(timeout=30_000)


def test_a_lost_answer_is_asked_for_again(served: Kiosk) -> None:
    page = served.page()
    keys: list[str] = []
    page.on(
        "request",
        lambda asked: keys.append(asked.headers.get("idempotency-key", "")) if asked.method == "POST" else None,
    )
    page.route("**/api/v1/scans", lambda route: route.abort())
    scanned(page, READY.code)
    page.clock.run_for(1_000)
    expect(page.locator("#scan-trouble-title")).to_be_visible()
    expect(page.locator(SHOWN)).to_contain_text("Hồ sơ của ông/bà không bị ảnh hưởng")
    page.unroute("**/api/v1/scans")
    touch(page, '[data-act="scan-retry"]')
    expect(page.locator("#scan-collect-title")).to_be_visible()
    assert len(keys) > 1
    assert len(set(keys)) == 1


def test_a_double_press_gives_one_number(served: Kiosk) -> None:
    page = served.page()
    hold(page, READY)
    rest(page)
    page.locator(f'{SHOWN} [data-act="scan-take"]').dblclick()
    expect(page.locator("output.number")).to_be_visible()
    assert len(served.tickets()) == 1


def test_what_was_scanned_goes_when_nobody_is_there(served: Kiosk) -> None:
    page = served.page()
    hold(page, RUNNING)
    page.clock.run_for(11_000)
    expect(page.locator('[data-part="idle"]')).to_be_visible()
    page.clock.run_for(6_000)
    expect(page.locator("#home-title")).to_be_visible()
    take(page)
    assert served.tickets()[0].dossier == ""


def test_a_result_speaks_the_other_language_in_place(served: Kiosk) -> None:
    page = served.page()
    hold(page, RUNNING)
    touch(page, '[data-act="language"]')
    expect(page.locator("#scan-status-title")).to_have_text(re.compile("^[A-Za-z ]+$"))
    expect(page.locator(f'{SHOWN} [data-slot="scan-due"]')).to_have_text("17:00, Tuesday, 01/12/2026")


def test_readers_at_the_server_reach_their_own_screen_only(served: Kiosk) -> None:
    page = served.page()
    served.readers.read(READER.model_copy(update={"screen": "kiosk-2"}), READY.code, "code128")
    served.readers.read(READER, RUNNING.code, "code128")
    expect(page.locator("#scan-status-title")).to_be_visible()
    served.readers.read(READER, READY.code, "code128")
    expect(page.locator("#scan-collect-title")).to_be_visible()


def test_a_reader_says_how_to_hold_the_paper(served: Kiosk) -> None:
    page = served.page()
    served.readers.hinted(READER, "tilt")
    expect(page.locator('[data-part="toast"]')).to_have_text("Nghiêng giấy một chút cho khỏi lóa")
    touch(page, '[data-act="scan"]:visible')
    served.readers.hinted(READER, "closer")
    line = page.locator(".reading")
    expect(line).to_contain_text("Đưa giấy gần hơn")
    page.clock.run_for(5_000)
    expect(line).to_contain_text("Máy đang chờ mã")
    served.readers.failed(READER, "unplugged")
    expect(line).to_contain_text("gõ mã bằng tay")
    served.readers.recovered(READER, 5)
    expect(line).to_contain_text("Máy đang chờ mã")
