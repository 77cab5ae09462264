"""A citizen at the kiosk: the real app behind the real server, touched in real Chromium."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
from pyzbar import pyzbar

import kiosk.pages
from office import counters, journal, turns
from office.phrases import Phrases
from office.tickets import Ticket, ticket_from
from tools.browser import chromium
from tools.rehearsal import CONFIG, Hall, settings_with
from web.app import create_app
from web.hall import Hall as Running
from web.pulse import Pulse
from web.serving import Server

pytestmark = pytest.mark.browser
TALL, WIDE, SMALL, LAPTOP = (1080, 1920), (1920, 1080), (1280, 800), (1366, 768)
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
GHOST_MS = 400
"""The kiosk ignores touches for 350 ms after a screen changed (see page.js)."""

FAULTS = """() => {
  const told = [], wide = innerWidth, high = innerHeight;
  const seen = (e) => {
    const r = e.getBoundingClientRect();
    return r.width && r.height && getComputedStyle(e).visibility != 'hidden';
  };
  const name = (e) => e.tagName + ' ' + e.textContent.trim().slice(0, 30);
  for (const e of document.querySelectorAll('button, p, h1, h2, span, time, img, output')) {
    if (!seen(e)) continue;
    const r = e.getBoundingClientRect(), style = getComputedStyle(e);
    if (r.left < -1 || r.top < -1 || r.right > wide + 1 || r.bottom > high + 1) told.push('outside: ' + name(e));
    if (e.clientWidth && e.scrollWidth > e.clientWidth + 1) told.push('cut in width: ' + name(e));
    if (e.clientHeight && e.scrollHeight > e.clientHeight + 2 && style.overflow != 'visible' && !e.matches('.cut'))
      told.push('cut in height: ' + name(e));
    if (!e.children.length && e.textContent.trim() && parseFloat(style.fontSize) < 24)
      told.push('small type: ' + name(e));
    if (e.tagName != 'BUTTON') continue;
    if (r.width < 71.5 || r.height < 71.5) told.push('small target: ' + name(e));
    if (e.matches('.tile') && r.height < 199.5) told.push('low tile: ' + name(e));
    if (document.documentElement.dataset.reach == 'low' && high > wide && r.top < high / 2)
      told.push('too high: ' + name(e));
  }
  for (const s of document.querySelectorAll('.screen'))
    if (seen(s) && s.scrollHeight > s.clientHeight + 1) told.push('overflows: ' + s.dataset.name);
  return told;
}"""


@dataclass
class Served:
    """An office with its server running in this process, and the browser to look at it."""

    hall: Hall
    address: str
    browser: Browser

    def page(self, size: tuple[int, int] = TALL, path: str = "/kiosk") -> Page:
        """A new page whose clock a test may turn forward with ``page.clock.run_for``."""
        page = self.browser.new_page(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
        page.clock.install()
        self.show(page, path)
        return page

    def show(self, page: Page, path: str) -> None:
        page.goto(f"{self.address}{path}")
        page.wait_for_selector("html[data-ready]")

    def printed(self, ticket: Ticket) -> None:
        """Write that the slip is on paper."""
        self.tell("ticket.printed", ticket, copy=False, confirmed=True, job=ticket.seq)

    def tell(self, kind: str, ticket: Ticket, **data: Any) -> None:
        """Write what the printer's spooler writes."""
        office = self.hall.settings.office.id
        fields = {"number": ticket.number, "service": ticket.service} | data
        with self.hall.store.act() as act:
            journal.append(act, kind, office=office, actor="system", ticket=ticket.id, data=fields)

    def tickets(self) -> list[Ticket]:
        return [ticket_from(row) for row in self.hall.store.read().execute("SELECT * FROM tickets ORDER BY seq")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=path, args=ARGS)
        yield started
        started.close()


@pytest.fixture
def served(tmp_path: Path, browser: Browser) -> Iterator[Served]:
    settings = settings_with(
        demo=True,
        office={"public_url": "http://192.168.1.10:8000"},
        kiosk={"idle_s": 10, "warn_s": 5, "thanks_s": 5, "per_minute": 600},
        printer={"driver": "network"},
    )
    hall = Hall(tmp_path, settings)
    hall.open("1", "2", "3", "5")
    running = Running(hall.settings, Phrases.load(CONFIG / "phrases"), hall.store, Pulse(hall.store, hall.settings))
    server = Server(running, create_app(running, (kiosk.pages.create(running),)), "127.0.0.1", 0)
    stop = threading.Event()
    threads = [threading.Thread(target=server.run), threading.Thread(target=running.pulse.run, args=(stop,))]
    for thread in threads:
        thread.start()
    yield Served(hall, f"http://127.0.0.1:{server.port}", browser)
    for context in browser.contexts:
        context.close()
    while running.pulse.streams:
        time.sleep(0.05)
    stop.set()
    server.stop(grace_s=1)
    for thread in threads:
        thread.join(5)
    hall.store.close()


def touch(page: Page, selector: str) -> None:
    """Touch once the screen has settled."""
    page.wait_for_timeout(GHOST_MS)
    page.locator(selector).click()


def take(page: Page, service: str = "ho-tich", claim: str = "") -> None:
    touch(page, f'[data-service="{service}"]')
    touch(page, f'[data-class="{claim}"]')
    expect(page.locator("output.number")).to_be_visible()


def refuse(page: Page, status: int, key: str) -> None:
    """Let the API refuse every wish for a number."""
    headers = {"Retry-After": "2", "Content-Type": "application/problem+json"}
    body = json.dumps({"key": key, "status": status})
    page.route("**/api/v1/tickets", lambda route: route.fulfill(status=status, headers=headers, body=body))


def test_two_touches_to_a_number(served: Served, tmp_path: Path) -> None:
    page = served.page()
    take(page)
    (ticket,) = served.tickets()
    expect(page.locator("output.number")).to_have_text(ticket.number)
    expect(page.locator(".slip")).to_contain_text("Đang in phiếu")
    served.printed(ticket)
    expect(page.locator(".slip")).to_contain_text("Mời lấy phiếu")
    page.locator("img.code").screenshot(path=tmp_path / "code.png")
    (code,) = pyzbar.decode(Image.open(tmp_path / "code.png"), symbols=[pyzbar.ZBarSymbol.QRCODE])
    assert code.data.decode() == f"http://192.168.1.10:8000/t/{ticket.token}"
    touch(page, ".leave button")
    expect(page.locator("#home-title")).to_be_visible()


def test_claimed_class_is_kept_and_unconfirmed(served: Served) -> None:
    page = served.page()
    take(page, claim="CAO_TUOI")
    (ticket,) = served.tickets()
    assert (ticket.priority, ticket.verified, ticket.language) == ("CAO_TUOI", 0, "vi")
    assert "tuổi" not in page.locator('.screen[data-name="number"]').inner_text()


def test_pressing_twice_gives_one_ticket(served: Served) -> None:
    page = served.page()
    page.wait_for_timeout(GHOST_MS)
    page.locator('[data-service="ho-tich"]').dblclick()
    expect(page.locator("#class-title")).to_be_visible()
    assert served.tickets() == []
    page.wait_for_timeout(GHOST_MS)
    page.evaluate("""() => { const b = document.querySelector('[data-class=""]'); b.click(); b.click(); b.click(); }""")
    expect(page.locator("output.number")).to_be_visible()
    page.locator(".leave button").dblclick(timeout=2000)
    assert len(served.tickets()) == 1


def test_lost_answer_and_retry_give_one_ticket(served: Served) -> None:
    page = served.page()

    def lose(route: Route) -> None:
        route.fetch()  # the server does its work, the answer never comes
        route.abort()

    page.route("**/api/v1/tickets", lose)
    touch(page, '[data-service="ho-tich"]')
    touch(page, '[data-class=""]')
    expect(page.locator("#trouble-title")).to_be_visible()
    expect(page.locator('[data-slot="trouble"]')).to_contain_text("Máy chủ chưa trả lời")
    page.unroute("**/api/v1/tickets")
    touch(page, '[data-act="retry"]')
    expect(page.locator("output.number")).to_be_visible()
    (ticket,) = served.tickets()
    expect(page.locator("output.number")).to_have_text(ticket.number)


def test_paper_out_keeps_the_number(served: Served) -> None:
    page = served.page()
    take(page)
    (ticket,) = served.tickets()
    served.tell("printer.failed", ticket, reason="paper_out", job=ticket.seq, given_up=False)
    expect(page.locator(".slip")).to_contain_text("Máy in hết giấy")
    expect(page.locator(".slip")).to_contain_text("số vẫn có hiệu lực")
    expect(page.locator("output.number")).to_have_text(ticket.number)
    served.printed(ticket)
    expect(page.locator(".slip")).to_contain_text("Mời lấy phiếu")


def test_tiles_follow_the_hall(served: Served) -> None:
    page = served.page()
    note = page.locator('[data-service="bao-tro"] [data-slot="note"]')
    expect(note).to_have_text("Chưa có quầy mở")
    served.hall.do(counters.open_, "4", person="clerk4", actor="person:clerk4")
    expect(note).to_have_text("Không phải chờ")
    served.hall.issue("bao-tro")
    expect(note).to_have_text("1 người chờ")


def test_service_without_counter_says_so_and_still_gives_a_number(served: Served) -> None:
    page = served.page()
    touch(page, '[data-service="bao-tro"]')
    expect(page.locator("#nocounter-title")).to_contain_text("Chưa có quầy nào đang mở")
    touch(page, '[data-act="take-anyway"]')
    touch(page, '[data-class=""]')
    expect(page.locator("output.number")).to_be_visible()
    expect(page.locator("output.number")).to_have_text(served.tickets()[0].number)


def test_closing_time_reaches_the_screen(served: Served) -> None:
    page = served.page()
    refuse(page, 409, "error.service_closed")
    touch(page, '[data-service="ho-tich"]')
    touch(page, '[data-class=""]')
    expect(page.locator("#closed-title")).to_contain_text("Chưa đến giờ nhận Hộ tịch")


def test_refused_for_haste_says_how_long_to_wait(served: Served) -> None:
    page = served.page()
    refuse(page, 429, "error.too_many_tries")
    touch(page, '[data-service="ho-tich"]')
    touch(page, '[data-class=""]')
    expect(page.locator('[data-slot="trouble"]')).to_contain_text("chờ 2 giây")
    retry = page.locator('[data-act="retry"]')
    expect(retry).to_be_disabled()
    expect(retry).to_be_enabled(timeout=4000)


def test_language_and_sizes_change_in_place(served: Served) -> None:
    page = served.page()
    touch(page, '[data-service="dat-dai"]')
    touch(page, '[data-act="language"]')
    expect(page.locator("#class-title")).to_have_text("Do you have priority?")
    expect(page.locator('.screen[data-name="class"] .service')).to_have_text("Land and construction")
    assert page.locator("html").get_attribute("lang") == "en"
    before = page.locator("#class-title").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    page.locator('[data-act="large"]').click()
    after = page.locator("#class-title").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert after == pytest.approx(before * 1.25)
    touch(page, '[data-class=""]')
    expect(page.locator("output.number")).to_be_visible()
    assert served.tickets()[0].language == "en"


def test_idle_warns_then_starts_anew_in_the_first_language(served: Served) -> None:
    page = served.page()
    touch(page, '[data-act="language"]')
    expect(page.locator("#home-title")).to_have_text("What do you need today?")
    page.clock.run_for(1000)
    page.locator('[data-service="ho-tich"]').click()
    page.clock.run_for(11_000)
    warning = page.locator('[data-part="idle"]')
    expect(warning).to_be_visible()
    expect(warning).to_contain_text("seconds")
    page.locator('[data-act="stay"]').click()
    expect(warning).to_be_hidden()
    page.clock.run_for(11_000)
    expect(warning).to_be_visible()
    page.clock.run_for(6_000)
    expect(page.locator("#home-title")).to_have_text("Ông/bà cần làm việc gì?")


def test_number_leaves_by_itself_after_the_slip(served: Served) -> None:
    page = served.page()
    take(page)
    served.printed(served.tickets()[0])
    expect(page.locator('[data-slot="home-in"]')).to_contain_text("Về trang đầu sau")
    page.clock.run_for(6_000)
    expect(page.locator("#home-title")).to_be_visible()


def test_keyboard_is_enough(served: Served) -> None:
    page = served.page()
    page.locator('[data-service="ho-tich"]').focus()
    page.wait_for_timeout(GHOST_MS)
    page.keyboard.press("Enter")
    expect(page.locator("#class-title")).to_be_focused()
    page.wait_for_timeout(GHOST_MS)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#number-title")).to_be_focused()
    page.wait_for_timeout(GHOST_MS)
    page.keyboard.press("Escape")
    expect(page.locator("#home-title")).to_be_visible()


def test_help_reaches_the_journal_once(served: Served) -> None:
    page = served.page()
    touch(page, '[data-act="help"]')
    expect(page.locator('[data-part="helped"]')).to_be_visible()
    page.locator('[data-part="helped"] button').click()
    touch(page, '[data-act="help"]')
    expect(page.locator('[data-part="helped"]')).to_be_visible()
    only = journal.Filter(kinds=("help.requested",))
    assert len(journal.read(served.hall.store.read(), only=only)) == 1


def test_unspoken_help_says_what_to_do(served: Served) -> None:
    page = served.page()
    touch(page, '[data-act="listen"]')
    expect(page.locator('[data-part="toast"]')).to_contain_text("Máy chưa đọc được")


def test_lost_line_is_shown_and_healed(served: Served) -> None:
    page = served.page()
    page.route("**/api/v1/events*", lambda route: route.abort())
    served.show(page, "/kiosk")
    page.wait_for_timeout(300)
    page.clock.run_for(2_000)
    expect(page.locator('[data-part="lost"]')).to_be_visible()
    page.clock.run_for(10_000)
    expect(page.locator("#offline-title")).to_be_visible()
    page.unroute("**/api/v1/events*")
    page.clock.run_for(20_000)
    expect(page.locator("#home-title")).to_be_visible()
    expect(page.locator('[data-part="lost"]')).to_be_hidden()


@pytest.mark.parametrize("size", [TALL, WIDE, SMALL, LAPTOP], ids=lambda s: f"{s[0]}x{s[1]}")
def test_nothing_is_cut_or_small_at(served: Served, size: tuple[int, int]) -> None:
    page = served.page(size)
    for query in ("", "?lang=en&type=large&reach=low"):
        served.show(page, f"/kiosk{query}")
        assert page.evaluate(FAULTS) == [], f"home {query}"
        take(page)
        assert page.evaluate(FAULTS) == [], f"number {query}"
        touch(page, ".foot [data-act=home], .helps [data-act=home]")
        touch(page, '[data-service="dat-dai"]')
        assert page.evaluate(FAULTS) == [], f"class {query}"


def test_phone_follows_its_ticket(served: Served) -> None:
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
