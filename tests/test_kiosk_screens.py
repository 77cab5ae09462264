"""The kiosk when things are not as usual, and how its screens are drawn: measured in real Chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from office import counters, journal, turns
from tools.citizen import LAPTOP, SMALL, TALL, WIDE, Kiosk, refuse, standing, take, touch
from tools.drawing import FAULTS

pytestmark = pytest.mark.browser


@pytest.fixture
def served(tmp_path: Path, browser: Browser) -> Iterator[Kiosk]:
    with standing(tmp_path, browser) as kiosk:
        yield kiosk


def test_paper_out_keeps_the_number(served: Kiosk) -> None:
    page = served.page()
    take(page)
    (ticket,) = served.tickets()
    served.tell("printer.failed", ticket, reason="paper_out", job=ticket.seq, given_up=False)
    expect(page.locator(".slip")).to_contain_text("Máy in hết giấy")
    expect(page.locator(".slip")).to_contain_text("số vẫn có hiệu lực")
    expect(page.locator("output.number")).to_have_text(ticket.number)
    served.printed(ticket)
    expect(page.locator(".slip")).to_contain_text("Mời lấy phiếu")


def test_a_printer_that_comes_back_and_prints_nothing_does_not_keep_the_screen(served: Kiosk) -> None:
    page = served.page()
    take(page)
    (ticket,) = served.tickets()
    page.clock.run_for(12_500)
    expect(page.locator(".slip")).to_contain_text("Phiếu in chậm")
    served.tell("printer.failed", ticket, reason="cover_open", job=ticket.seq, given_up=False)
    expect(page.locator(".slip")).to_contain_text("Máy in đang gặp lỗi")
    with served.hall.store.act() as act:
        journal.append(act, "printer.recovered", office="H55.242", actor="printer", data={"after_s": 13})
    expect(page.locator(".slip")).to_contain_text("Đang in phiếu")
    page.clock.run_for(13_000)
    expect(page.locator(".slip")).to_contain_text("Phiếu in chậm")
    page.clock.run_for(6_000)
    expect(page.locator("#home-title")).to_be_visible()


def test_the_page_draws_itself_anew_on_another_day_once_nobody_is_there(served: Kiosk) -> None:
    page = served.page()
    page.evaluate("window.before = true")
    served.hall.clock.turn(days=1)
    page.clock.run_for(25_000)
    page.mouse.click(5, 5)
    page.clock.run_for(6_000)  # it hears of the day, and somebody is there
    expect(page.locator("#home-title")).to_be_visible()
    assert page.evaluate("window.before")
    with page.expect_navigation():
        page.clock.run_for(30_000)
    assert not page.evaluate("window.before")


@pytest.mark.parametrize(("url", "codes"), [("", 0), ("http://192.168.1.10:8000", 1)])
def test_without_a_printer_only_what_is_there_is_promised(
    tmp_path: Path, browser: Browser, url: str, codes: int
) -> None:
    sections = {"printer": {"driver": "none"}, "office": {"public_url": url}}
    with standing(tmp_path, browser, **sections) as served:
        page = served.page()
        take(page)
        expect(page.locator(".slip")).to_contain_text("Máy này không in phiếu. Xin ghi nhớ số")
        assert page.locator("img.code").count() == codes
        assert ("quét mã" in page.locator(".slip").inner_text()) is bool(codes)


def test_tiles_follow_the_hall(served: Kiosk) -> None:
    page = served.page()
    note = page.locator('[data-service="bao-tro"] [data-slot="note"]')
    expect(note).to_have_text("Chưa có quầy mở")
    served.hall.do(counters.open_, "4", person="clerk4", actor="person:clerk4")
    expect(note).to_have_text("Chưa có ai chờ")
    served.hall.issue("bao-tro")
    expect(note).to_have_text("1 người chờ việc này")


def test_service_without_counter_says_so_and_still_gives_a_number(served: Kiosk) -> None:
    page = served.page()
    touch(page, '[data-service="bao-tro"]')
    expect(page.locator("#nocounter-title")).to_contain_text("Chưa có quầy nào đang mở")
    touch(page, '[data-act="take-anyway"]')
    touch(page, '[data-class=""]')
    expect(page.locator("output.number")).to_be_visible()
    expect(page.locator("output.number")).to_have_text(served.tickets()[0].number)


def test_closing_time_reaches_the_screen(served: Kiosk) -> None:
    page = served.page()
    refuse(page, 409, "error.service_closed")
    touch(page, '[data-service="ho-tich"]')
    touch(page, '[data-class=""]')
    expect(page.locator("#closed-title")).to_contain_text("Ngoài giờ nhận Hộ tịch")


def test_refused_for_haste_says_how_long_to_wait(served: Kiosk) -> None:
    page = served.page()
    refuse(page, 429, "error.too_many_tries")
    touch(page, '[data-service="ho-tich"]')
    touch(page, '[data-class=""]')
    expect(page.locator('[data-slot="trouble"]')).to_contain_text("chờ 2 giây")
    retry = page.locator('[data-act="retry"]')
    expect(retry).to_be_disabled()
    expect(retry).to_be_enabled(timeout=4000)


def test_help_reaches_the_journal_once(served: Kiosk) -> None:
    page = served.page()
    touch(page, '[data-act="help"]')
    expect(page.locator('[data-part="helped"]')).to_be_visible()
    page.locator('[data-part="helped"] button').click()
    touch(page, '[data-act="help"]')
    expect(page.locator('[data-part="helped"]')).to_be_visible()
    only = journal.Filter(kinds=("help.requested",))
    assert len(journal.read(served.hall.store.read(), only=only)) == 1


def test_unspoken_help_says_what_to_do(served: Kiosk) -> None:
    page = served.page()
    touch(page, '[data-act="listen"]')
    expect(page.locator('[data-part="toast"]')).to_contain_text("Máy chưa đọc được")


def test_lost_line_is_shown_and_healed(served: Kiosk) -> None:
    page = served.page()
    page.add_init_script("delete window.SharedWorker")  # whose requests no route of a page stops
    page.route("**/api/v1/events*", lambda route: route.abort())
    served.show(page, "/kiosk")
    page.wait_for_timeout(300)
    page.clock.run_for(2_000)
    expect(page.locator('[data-part="lost"]')).to_be_visible()
    page.clock.run_for(10_000)
    expect(page.locator("#offline-title")).to_be_visible()
    page.unroute("**/api/v1/events*")
    for _ in range(40):  # the page's time runs ahead, the network's does not: a second of one, a moment of the other
        if page.locator("#home-title").is_visible():
            break
        page.clock.run_for(1_000)
        page.wait_for_timeout(100)
    expect(page.locator("#home-title")).to_be_visible()
    expect(page.locator('[data-part="lost"]')).to_be_hidden()


@pytest.mark.parametrize("size", [TALL, WIDE, SMALL, LAPTOP], ids=lambda s: f"{s[0]}x{s[1]}")
def test_nothing_is_cut_or_small_at(served: Kiosk, size: tuple[int, int]) -> None:
    page = served.page(size)
    for query in ("", "?type=large", "?lang=en&type=large&reach=low"):
        served.show(page, f"/kiosk{query}")
        assert page.evaluate(FAULTS) == [], f"home {query}"
        place = page.locator(".helps [data-act=help]").bounding_box()
        if "large" in query:
            assert page.locator(".tile:visible .hint:visible").count() == page.locator(".tile:visible").count()
        take(page)
        assert page.evaluate(FAULTS) == [], f"number {query}"
        served.tell("printer.failed", served.tickets()[-1], reason="paper_out", job=0, given_up=False)
        expect(page.locator(".slip")).to_have_attribute("data-slip", "failed")
        assert page.evaluate(FAULTS) == [], f"no paper {query}"
        touch(page, ".foot [data-act=home], .helps [data-act=home]")
        touch(page, '[data-service="dat-dai"]')
        assert page.evaluate(FAULTS) == [], f"class {query}"
        assert page.locator(".helps [data-act=help]").bounding_box() == place, f"what is touched has jumped {query}"


def test_outside_the_hours_nothing_is_cut_and_no_number_promised(tmp_path: Path, browser: Browser) -> None:
    with standing(tmp_path, browser, hours={"tue": ["07:00-11:30"]}) as served:
        page = served.page(WIDE, "/kiosk?lang=en&type=large&reach=low")  # where there is least room
        assert page.evaluate(FAULTS) == []
        expect(page.locator(".closed-ways")).not_to_contain_text("number")


def test_phone_follows_its_ticket(served: Kiosk) -> None:
    ticket = served.hall.issue("ho-tich")
    page = served.page((390, 844), f"/t/{ticket.token}")
    expect(page.locator(".number")).to_have_text(ticket.number)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    served.hall.do(turns.call_next, "1", actor="person:clerk1")
    page.clock.run_for(6_000)
    expect(page.locator(".headline")).to_have_text("Mời đến quầy 1")
    page.route("**/*.json*", lambda route: route.abort())
    for _ in range(3):
        page.clock.run_for(20_000)
        page.wait_for_timeout(100)
    expect(page.locator('[data-part="stale"]')).to_be_visible()
    expect(page.locator(".number")).to_have_text(ticket.number)
