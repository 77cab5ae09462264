"""A clerk's day: keys, the large button and what can be taken back, in real Chromium."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from office.tickets import State
from tools.clerk import Counters, at_work, idle, press, shows
from tools.webhall import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def served(tmp_path: Path, browser: Browser) -> Iterator[Counters]:
    with at_work(tmp_path, browser) as made:
        yield made


def test_a_day_by_keyboard_alone(served: Counters) -> None:
    first, second, third, fourth = [served.hall.issue("ho-tich", after_s=60) for _ in range(4)]
    page = served.page()
    served.show(page, "/staff")
    page.keyboard.type("lan")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/counter")
    expect(page.locator("[data-counter='1']")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-page='desk']")
    press(page, "o", "Space")
    expect(shows(page, "now-number")).to_have_text(first.number)
    expect(shows(page, "now-why")).to_have_text("Đến sớm nhất trong hàng của quầy, đã chờ 3 phút.")
    press(page, "s", "Enter", "u")  # finished and taken back
    served.hall.clock.turn(seconds=1)
    press(page, "Enter")
    press(page, "Space", "t", "ArrowDown", "Enter")  # to another service
    press(page, "Space", "h", "ArrowRight", "Enter")  # on hold
    press(page, "Space", "Delete")
    press(page, "g")
    page.keyboard.type("h2")
    page.keyboard.press("Tab")
    page.keyboard.type("khẩn cấp")
    press(page, "Enter")
    expect(shows(page, "now-why")).to_have_text("Gọi ngoài thứ tự: khẩn cấp")
    press(page, "s", "Enter", "p")
    expect(shows(page, "now-service")).to_have_text("Quầy đang tạm dừng")
    assert served.kinds() == [
        *("ticket.called", "ticket.started", "ticket.finished", "ticket.reopened", "ticket.finished"),
        *("ticket.called", "ticket.transferred", "ticket.called", "ticket.held", "ticket.called", "ticket.absent"),
        *("ticket.called", "ticket.started", "ticket.finished"),
    ]
    states = [served.state(ticket) for ticket in (first, second, third, fourth)]
    assert states == [State.FINISHED, State.FINISHED, State.HELD, State.ABSENT]
    expect(shows(page, "day")).to_contain_text("2 xong · 1 vắng")


def test_space_held_down_or_pressed_twice_calls_once(served: Counters) -> None:
    for _ in range(5):
        served.hall.issue("ho-tich")
    served.hall.open("1")
    page = served.desk("lan", "1")
    for _ in range(15):
        page.keyboard.down("Space")  # from the second on Chromium marks them as repeats
    page.keyboard.up("Space")
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    idle(page)
    page.wait_for_timeout(200)
    assert served.kinds() == ["ticket.called"]


def test_a_double_click_on_the_large_button_does_one_thing(served: Counters) -> None:
    served.hall.issue("ho-tich")
    served.hall.open("1")
    page = served.desk("lan", "1")
    page.wait_for_timeout(600)
    page.evaluate("""async () => {
      const large = document.querySelector('[data-part="primary"]');
      large.click();
      while (large.dataset.step !== 'start' || 'busy' in document.documentElement.dataset)
        await new Promise(requestAnimationFrame);
      large.click();
    }""")  # the second click comes when the button has just become another one
    idle(page)
    page.wait_for_timeout(200)
    assert served.kinds() == ["ticket.called"]


def test_after_the_mouse_space_is_not_a_click_on_the_large_button(served: Counters) -> None:
    served.hall.issue("ho-tich")
    served.hall.open("1")
    page = served.desk("lan", "1")
    page.wait_for_timeout(600)
    page.locator("[data-part='primary']").click()
    expect(shows(page, "primary")).to_have_text("Bắt đầu")
    page.wait_for_timeout(900)
    press(page, "Space")
    expect(shows(page, "message")).to_contain_text("Nhấn S khi công dân đến")
    assert served.kinds() == ["ticket.called"]


def test_keys_do_nothing_while_typing(served: Counters) -> None:
    served.hall.issue("ho-tich")
    served.hall.open("1")
    page = served.desk("lan", "1")
    press(page, "g")
    page.locator("#call-reason").focus()
    page.keyboard.type(" shrtpuo ")
    page.keyboard.press("Delete")
    page.keyboard.press("Escape")
    page.wait_for_timeout(100)
    assert served.kinds("") == ["setting.changed"] * 3 + ["counter.opened", "person.signed_in"]
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_undo_for_ten_seconds_and_no_longer(served: Counters) -> None:
    ticket = served.hall.issue("ho-tich")
    served.hall.open("1")
    page = served.desk("lan", "1")
    press(page, "Space", "s", "Enter")
    bar = page.locator("[data-part='undo']")
    expect(bar).to_contain_text(f"Số {ticket.number} đã hoàn thành")
    expect(shows(page, "undo-left")).to_have_text("10 giây")
    page.reload()
    bar.get_by_role("button").click()
    expect(shows(page, "now-stage")).to_contain_text("Đang phục vụ")
    assert served.state(ticket) is State.SERVING
    expect(bar).to_be_hidden()
    press(page, "Enter")
    expect(bar).to_be_visible()
    served.hall.clock.turn(seconds=11)
    press(page, "u")
    expect(shows(page, "message")).to_contain_text("Đã quá 10 giây")
    assert served.state(ticket) is State.FINISHED


def test_recall_waits_and_has_a_limit(served: Counters) -> None:
    served.hall.issue("ho-tich")
    served.hall.open("1")
    page = served.desk("lan", "1")
    press(page, "Space")
    expect(shows(page, "recall")).to_have_text(re.compile(r"^chờ [1-8] giây$"))  # on a busy machine it comes late
    page.wait_for_timeout(750)
    press(page, "r")
    expect(shows(page, "message")).to_contain_text("Loa đang đọc")
    for times in (1, 2, 3):
        served.hall.clock.turn(seconds=9)
        served.show(page, "/staff/counter")
        expect(page.locator("[data-act='recall']")).to_have_attribute("aria-disabled", "false")
        press(page, "r")
        expect(shows(page, "fact-calls")).to_have_text(f"1 lần, gọi lại {times} lần")
    expect(shows(page, "recall")).to_have_text("đủ 3 lần")
    assert served.kinds() == ["ticket.called", *["ticket.recalled"] * 3]
