"""A clerk's day: the real app behind the real server, worked in real Chromium."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

import staff.pages
from office import counters, issuing, journal, people, turns
from office.people import Role
from office.phrases import Phrases
from office.tickets import State, Ticket
from tools.browser import chromium
from tools.rehearsal import CONFIG, Hall, settings_with
from web.app import create_app
from web.callers import SESSION_COOKIE
from web.hall import Hall as Running
from web.pulse import Pulse
from web.serving import Server

pytestmark = pytest.mark.browser
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PASSWORD = "mat-khau-thu"
SIZES = [(1366, 768), (1366, 650), (1920, 1080)]

BOXES = """() => [...document.querySelectorAll('button, .group, .panel, .cell')]
  .filter((e) => e.getClientRects().length && !e.closest('dialog'))
  .map((e) => { const r = e.getBoundingClientRect(); return [e.dataset.act ?? e.className, r.x, r.y, r.width, r.height]; })"""

CUT = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  await frame(); // the window has its new size
  await frame();
  const told = [];
  const fixed = document.querySelector('.desk') !== null;
  for (const e of document.querySelectorAll('button, p, h1, h2, h3, dd, dt, strong, span, kbd')) {
    const r = e.getBoundingClientRect();
    if (!r.width || !r.height || e.closest('.only-read, .skip, ul')) continue;
    const name = e.tagName + ' ' + e.textContent.trim().slice(0, 40);
    if (r.left < -1 || r.right > innerWidth + 1) told.push('outside: ' + name);
    if (fixed && (r.top < -1 || r.bottom > innerHeight + 1)) told.push('below: ' + name);
    if (e.clientWidth && e.scrollWidth > e.clientWidth + 1) told.push('cut in width: ' + name);
    if (e.clientHeight && e.scrollHeight > e.clientHeight + 3 && !e.matches('.number')) told.push('cut in height: ' + name);
  }
  return told;
}"""


@dataclass
class Served:
    """An office with its server running in this process, and the browser to look at it."""

    hall: Hall
    running: Running
    address: str
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)

    def page(self, size: tuple[int, int] = SIZES[0]) -> Page:
        """A new browser's page, nobody signed in."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", base_url=self.address
        )
        self.contexts.append(context)
        return context.new_page()

    def desk(self, name: str, counter: str, *, size: tuple[int, int] = SIZES[0], language: str = "vi") -> Page:
        """The page of a clerk who signed in and sat down."""
        page = self.page(size)
        self.sign_in(page, name, counter)
        self.show(page, f"/staff/counter?lang={language}")
        return page

    def sign_in(self, page: Page, name: str, counter: str = "") -> None:
        store, settings = self.hall.store, self.hall.settings
        secret, session = people.sign_in(store, settings, self.running.passwords, name, PASSWORD, address="")
        with store.act() as act:
            people.sit_at(act, session, counter)
        page.context.add_cookies([{"name": SESSION_COOKIE, "value": secret, "url": self.address}])

    def show(self, page: Page, path: str) -> None:
        page.goto(path)
        page.wait_for_selector("html[data-ready]", state="attached")

    def tell(self, kind: str, **data: Any) -> None:
        with self.hall.store.act() as act:
            journal.append(act, kind, office=self.hall.settings.office.id, actor="screen:kiosk-1", data=data)

    def kinds(self, prefix: str = "ticket.") -> list[str]:
        """Kinds in the journal in order, issuing left out."""
        kinds = [event.kind for event in journal.read(self.hall.store.read())]
        return [kind for kind in kinds if kind.startswith(prefix) and kind != "ticket.issued"]

    def state(self, ticket: Ticket) -> State:
        return issuing.find(self.hall.store.read(), ticket.id).state


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=chromium(), args=ARGS)
        yield started
        started.close()


@pytest.fixture
def served(tmp_path: Path, browser: Browser) -> Iterator[Served]:
    settings = settings_with(printer={"driver": "network"}, web={"sign_in_tries": 3, "threads": 24, "streams": 8})
    hall = Hall(tmp_path, settings)
    stop = threading.Event()
    pulse = Pulse(hall.store, settings)
    running = Running(settings=settings, phrases=Phrases.load(CONFIG / "phrases"), store=hall.store, pulse=pulse)
    running.devices["printer"] = lambda: {"state": "ok"}
    for name, role in (("lan", Role.CLERK), ("minh", Role.CLERK), ("ha", Role.SUPERVISOR)):
        hall.do(people.add, running.passwords, name, role, PASSWORD, actor="system")
    server = Server(running, create_app(running, (staff.pages.create(running),)), "127.0.0.1", 0)
    threads = [threading.Thread(target=pulse.run, args=(stop,)), threading.Thread(target=server.run)]
    for thread in threads:
        thread.start()
    made = Served(hall, running, f"http://127.0.0.1:{server.port}", browser)
    yield made
    for context in made.contexts:
        context.close()
    server.stop(grace_s=0.2)
    stop.set()
    for thread in threads:
        thread.join(5)
    hall.store.close()


def shows(page: Page, slot: str) -> Locator:
    return page.locator(f'[data-slot="{slot}"]')


def idle(page: Page) -> None:
    """Until the page's last act is over."""
    page.wait_for_selector("html[data-ready]:not([data-busy])", state="attached")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        idle(page)
        page.keyboard.press(key)
    idle(page)


# ---- a whole day ---------------------------------------------------------------------------------


def test_a_day_by_keyboard_alone(served: Served) -> None:
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


def test_space_held_down_or_pressed_twice_calls_once(served: Served) -> None:
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


def test_a_double_click_on_the_large_button_does_one_thing(served: Served) -> None:
    served.hall.issue("ho-tich")
    served.hall.open("1")
    page = served.desk("lan", "1")
    page.wait_for_timeout(600)
    page.locator("[data-part='primary']").dblclick()
    idle(page)
    page.wait_for_timeout(200)
    assert served.kinds() == ["ticket.called"]
    press(page, "Space")  # the mouse left no focus: space is not a click on "Bắt đầu"
    assert served.kinds() == ["ticket.called"]


def test_keys_do_nothing_while_typing(served: Served) -> None:
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


def test_undo_for_ten_seconds_and_no_longer(served: Served) -> None:
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
    expect(shows(page, "message")).to_contain_text("Đã quá thời gian")
    assert served.state(ticket) is State.FINISHED


def test_recall_waits_and_has_a_limit(served: Served) -> None:
    served.hall.issue("ho-tich")
    served.hall.open("1")
    page = served.desk("lan", "1")
    press(page, "Space")
    expect(shows(page, "recall")).to_have_text("chờ 8 giây")
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


# ---- others in the hall --------------------------------------------------------------------------


def test_two_clerks_see_each_other(served: Served) -> None:
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


def test_a_counter_taken_says_by_whom(served: Served) -> None:
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


def test_nothing_moves_when_events_arrive(served: Served) -> None:
    hall = served.hall
    hall.open("2")
    held, absent = hall.issue("chung-thuc"), hall.issue("chung-thuc")
    for deed in (lambda: turns.hold, lambda: turns.absent):
        hall.do(turns.call_next, "2", actor="person:lan")
        hall.do(deed(), "2", *((5,) if deed() is turns.hold else ()), actor="person:lan")
    page = served.desk("lan", "2")
    expect(page.get_by_text(held.number)).to_be_visible()
    expect(page.get_by_text(absent.number)).to_be_visible()
    before = page.evaluate(BOXES)
    assert len(before) > 18
    for n in range(20):
        hall.issue(("chung-thuc", "ho-tich", "huong-dan")[n % 3], ("", "CAO_TUOI")[n % 2])
    served.tell("help.requested", screen="Kiosk 1")
    served.tell("printer.failed", reason="paper_out", number="", service="", job=0, given_up=False)
    expect(shows(page, "waiting-count")).to_have_text("20")
    expect(page.locator("[data-part='help']")).to_be_visible()
    expect(shows(page, "printer")).to_contain_text("hết giấy")
    known = [box for box in page.evaluate(BOXES) if box[0] != "help-known"]
    assert known == [box for box in before if box[0] != "help-known"]


def test_a_row_under_the_mouse_stays_until_the_mouse_goes(served: Served) -> None:
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


def test_help_is_shown_until_known(served: Served) -> None:
    page = served.desk("lan", "1")
    for kiosk in ("Kiosk 1", "Kiosk 2"):
        served.tell("help.requested", screen=kiosk)
    notice = page.locator("[data-part='help']")
    expect(notice).to_contain_text("Kiosk 1 cần người hỗ trợ và 1 lời gọi nữa")
    notice.get_by_role("button").click()
    expect(notice).to_contain_text("Kiosk 2 cần người hỗ trợ")
    notice.get_by_role("button").click()
    expect(notice).to_be_hidden()


# ---- when things go wrong ------------------------------------------------------------------------


def test_a_refused_act_says_what_to_do_and_shows_the_truth(served: Served) -> None:
    served.hall.issue("ho-tich")
    served.hall.open("1")
    page = served.page()
    page.route("**/api/v1/events*", lambda route: route.abort())  # a page that has not heard
    served.sign_in(page, "lan", "1")
    served.show(page, "/staff/counter")
    press(page, "Space", "s")
    served.hall.do(turns.finish, "1", actor="person:minh")
    press(page, "Enter")
    expect(shows(page, "message")).to_have_text("Quầy 1 chưa có số nào để làm việc này. Mời gọi số trước.")
    expect(shows(page, "primary")).to_have_text("Gọi tiếp")
    expect(shows(page, "line")).to_contain_text("Mất kết nối")


def test_a_lost_line_is_told_and_ends(served: Served) -> None:
    page = served.desk("lan", "1")
    expect(shows(page, "line")).to_have_text("Đang kết nối")
    served.running.pulse.stop()
    expect(shows(page, "line")).to_contain_text("Mất kết nối, đang nối lại")


def test_a_claimed_class_is_confirmed_or_refused(served: Served) -> None:
    served.hall.issue("ho-tich", "CAO_TUOI")
    served.hall.open("1")
    page = served.desk("lan", "1")
    press(page, "Space")
    expect(shows(page, "fact-class")).to_contain_text("Người cao tuổi")
    page.locator("[data-act='wrong']").click()
    expect(shows(page, "fact-class")).to_have_text("Thường")
    expect(page.locator("[data-act='wrong']")).to_be_hidden()
    page.locator("[data-act='reprint']").click()
    expect(shows(page, "message")).to_contain_text("bản in lại")
    assert served.kinds()[1:] == ["ticket.priority_checked"]
    assert served.kinds("slip.") == ["slip.requested"]


def test_wrong_passwords_are_refused_politely_then_must_wait(served: Served) -> None:
    page = served.page()
    served.show(page, "/staff")
    page.locator("#name").fill("lan")
    for expected in (*["Tên hoặc mật khẩu chưa đúng. Mời nhập lại."] * 3, "Đã thử quá nhiều lần. Mời chờ 300 giây"):
        page.locator("#password").fill("khong dung")
        page.keyboard.press("Enter")
        expect(shows(page, "fault")).to_contain_text(expected)
        expect(page.locator("[data-part='submit']")).to_have_attribute("aria-disabled", "false")
    assert served.kinds("person.") == ["person.refused"] * 3


# ---- set-up, and how it all looks ----------------------------------------------------------------


def test_a_supervisor_sets_up_screens_and_people(served: Served) -> None:
    served.running.devices["printer"] = lambda: {"state": "trouble", "reason": "paper_out"}
    page = served.page()
    served.sign_in(page, "ha")
    served.show(page, "/staff/setup")
    expect(page.locator("[data-part='devices']")).to_contain_text("Mở nắp, lắp cuộn giấy mới")
    page.locator("#screen-name").fill("kiosk-1")
    page.keyboard.press("Enter")
    expect(shows(page, "code")).to_have_text(re.compile(r"^\d{3} \d{3}$"))
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Gỡ kiosk-1").click()
    page.locator("[data-act='remove-yes']").click()
    expect(page.locator("[data-part='no-screens']")).to_be_visible()
    page.locator("#person-name").fill("thu")
    page.locator("#person-password").fill("ngan")
    page.keyboard.press("Enter")
    expect(shows(page, "message")).to_contain_text("Mời xem lại: Mật khẩu")
    page.locator("#person-password").fill("dai-hon-nhieu")
    page.keyboard.press("Enter")
    expect(shows(page, "message")).to_contain_text("Đã lưu thu")
    assert "thu" in [person.name for person in people.everyone(served.hall.store.read())]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_nothing_is_cut_off(served: Served, language: str) -> None:
    hall = served.hall
    hall.open("2")
    for _ in range(3):
        hall.issue("chung-thuc", "MANG_THAI", after_s=4000)
        hall.do(turns.call_next, "2", actor="person:lan")
        hall.do(turns.absent, "2", actor="person:lan")
    for _ in range(30):
        hall.issue("huong-dan")
        hall.issue("chung-thuc", "CO_CONG")
    hall.do(turns.call_next, "2", actor="person:lan")
    page = served.desk("lan", "2", language=language)
    served.tell("help.requested", screen="Kiosk 1")
    served.tell("printer.failed", reason="paper_out", number="", service="", job=0, given_up=False)
    expect(page.locator("[data-part='help']")).to_be_visible()
    for size in SIZES:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert not (cut := page.evaluate(CUT)), (size, cut)
    for state in ("s", "Enter", "p"):
        press(page, state)
        for size in SIZES:
            page.set_viewport_size({"width": size[0], "height": size[1]})
            assert not (cut := page.evaluate(CUT)), (state, size, cut)
