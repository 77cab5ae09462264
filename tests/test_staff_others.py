"""What others do in the hall shows at a clerk's counter at once, and nothing moves under the mouse."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from office import counters, turns
from tools.clerk import Counters, at_work, press, shows

pytestmark = pytest.mark.browser


@pytest.fixture
def served(tmp_path: Path, browser: Browser) -> Iterator[Counters]:
    with at_work(tmp_path, browser) as made:
        yield made


BOXES = """() => [...document.querySelectorAll('button, .group, .panel, .cell')]
  .filter((e) => e.getClientRects().length && !e.closest('dialog'))
  .map((e) => {
    const r = e.getBoundingClientRect();
    return [e.dataset.act ?? e.className, r.x, r.y, r.width, r.height];
  })"""


def test_two_clerks_see_each_other(served: Counters) -> None:
    ticket = served.hall.issue("chung-thuc")
    served.hall.open("1", "2")
    lan, minh = served.desk("lan", "1"), served.desk("minh", "2")
    mine, other = lan.locator(".chip"), minh.locator(".chip")
    expect(mine).to_have_count(1)
    expect(other).to_have_count(1)
    press(minh, "Space")
    expect(mine).to_have_count(0, timeout=1000)
    expect(shows(lan, "now-service")).to_have_text("Không có ai chờ quầy này")
    helper = served.desk("ha", "2")  # a second person at the same counter
    press(helper, "s")
    expect(shows(minh, "primary")).to_have_text("Hoàn thành", timeout=1000)
    press(helper, "Enter")
    expect(minh.locator("[data-part='undo']")).to_contain_text(ticket.number, timeout=1000)


def test_a_counter_taken_says_by_whom(served: Counters) -> None:
    served.hall.do(counters.open_, "2", person="minh", actor="person:minh")
    page = served.page()
    served.sign_in(page, "lan")
    served.show(page, "/staff/counter")
    seat = page.locator("[data-counter='2']")
    expect(seat).to_contain_text("minh đang trực")
    served.hall.do(counters.open_, "3", person="ha", actor="person:ha")
    expect(page.locator("[data-counter='3']")).to_contain_text("ha đang trực", timeout=1500)
    seat.click()
    expect(page.locator("[data-part='taken']")).to_contain_text("Quầy 2 đang có minh trực")
    page.locator("[data-part='taken-yes']").click()
    page.wait_for_selector("[data-page='desk']")
    expect(shows(page, "now-person")).to_have_text("lan")


def test_nothing_moves_when_events_arrive(served: Counters) -> None:
    hall = served.hall
    hall.open("2")
    held, absent = hall.issue("chung-thuc"), hall.issue("chung-thuc")
    hall.do(turns.call_next, "2", actor="person:lan")
    hall.do(turns.hold, "2", 5, actor="person:lan")
    hall.do(turns.call_next, "2", actor="person:lan")
    hall.do(turns.absent, "2", actor="person:lan")
    page = served.desk("lan", "2")
    expect(page.get_by_text(held.number)).to_be_visible()
    expect(page.get_by_text(absent.number)).to_be_visible()
    before = page.evaluate(BOXES)
    assert len(before) > 18
    for n in range(20):
        hall.issue(("chung-thuc", "ho-tich", "huong-dan")[n % 3], ("", "CAO_TUOI")[n % 2])
    served.ask_help_without_paper()
    expect(shows(page, "waiting-count")).to_have_text("20")
    expect(page.locator("[data-part='help']")).to_be_visible()
    expect(shows(page, "printer")).to_contain_text("hết giấy")
    known = [box for box in page.evaluate(BOXES) if box[0] != "help-known"]
    assert known == [box for box in before if box[0] != "help-known"]


def test_a_row_under_the_mouse_stays_until_the_mouse_goes(served: Counters) -> None:
    hall = served.hall
    hall.open("1")
    for _ in range(2):
        hall.issue("ho-tich")
        hall.do(turns.call_next, "1", actor="person:lan")
        hall.do(turns.hold, "1", 5, actor="person:lan")
    page = served.desk("lan", "1")
    buttons = page.locator("[data-list='held'] button")
    expect(buttons).to_have_count(2)
    second = buttons.nth(1)
    second.hover()
    box = second.bounding_box()
    hall.do(turns.return_to_line, "20261123-H-001", actor="person:minh", why="by_clerk")
    expect(page.locator("[data-list='held'] .gone")).to_have_count(1)
    assert buttons.nth(1).bounding_box() == box
    page.mouse.move(600, 300)
    expect(buttons).to_have_count(1)
    press(page, "Tab")
    buttons.click()
    expect(shows(page, "message")).to_contain_text("H-002 đã vào lại hàng")


def test_help_is_shown_until_known(served: Counters) -> None:
    page = served.desk("lan", "1")
    for kiosk in ("Kiosk 1", "Kiosk 2"):
        served.tell("help.requested", screen=kiosk)
    notice = page.locator("[data-part='help']")
    expect(notice).to_contain_text("Kiosk 1 cần người hỗ trợ và 1 yêu cầu nữa")
    notice.get_by_role("button").click()
    expect(notice).to_contain_text("Kiosk 2 cần người hỗ trợ")
    notice.get_by_role("button").click()
    expect(notice).to_be_hidden()
