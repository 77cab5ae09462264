"""The board in real Chromium against the real server: every call seen once, whatever the line does, and heard once."""

import math
import struct
import threading
import time
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

import display.board.pages
from office import counters, turns
from tools.browser import chromium
from tools.citizen import ARGS
from tools.live import ACTOR, Live
from tools.rehearsal import settings_with

pytestmark = pytest.mark.browser
LOUD = "--autoplay-policy=no-user-gesture-required"
WATCH = """() => {
  const number = document.querySelector('[data-part="number"]');
  window.shown = [];
  window.beats = 0;
  let last = number.textContent;
  new MutationObserver(() => {
    if (number.textContent && number.textContent !== last) window.shown.push(last = number.textContent);
  }).observe(number, { childList: true, subtree: true });
  document.querySelector('[data-part="now"]').addEventListener("animationstart", (event) => {
    if (event.animationName === "glow") window.beats += 1;
  });
}"""
STATE = """() => {
  const text = (name) => document.querySelector(name).innerText.replace(/\\s+/g, " ").trim();
  return {
    now: text('[data-part="now"]'), state: document.querySelector('[data-part="now"]').dataset.state,
    last: text('[data-part="last"]'),
    desks: [...document.querySelectorAll("[data-desk]")].map((one) => one.dataset.state + " " + one.innerText),
    lines: [...document.querySelectorAll("[data-service]")].map((one) => one.textContent.trim()),
  };
}"""


@pytest.fixture(name="loud", scope="module")
def _loud(browser: Browser) -> Iterator[Browser]:
    """A browser that may make sounds untouched, as a kiosk's is started."""
    opened = browser.browser_type.launch(executable_path=chromium(), args=[*ARGS, LOUD])
    yield opened
    opened.close()


@pytest.fixture(name="office")
def _office(tmp_path: Path) -> Iterator[Live]:
    settings = settings_with(demo=True, turns={"recall_cooldown_s": 0})
    made = Live(tmp_path, settings, display.board.pages.create)
    made.behind_s = 300  # the hall was opened a while ago
    for counter in settings.counters:
        made.do(counters.open_, counter.id, person="a", actor=ACTOR)
    made.start()
    made.behind_s = 0
    yield made
    made.stop()


@pytest.fixture(name="page")
def _page(loud: Browser) -> Iterator[Page]:
    """A page whose clock can be turned forward; time flows in it all the same."""
    context = loud.new_context(viewport={"width": 1920, "height": 1080}, reduced_motion="no-preference")
    page = context.new_page()
    page.clock.install()
    yield page
    context.close()


def watch(page: Page, office: Live) -> None:
    page.goto(f"{office.url}/board")
    page.evaluate(WATCH)


def shows(page: Page, number: str, timeout_s: float = 5) -> None:
    page.wait_for_function(
        "number => document.querySelector('[data-part=number]').textContent === number",
        arg=number,
        timeout=timeout_s * 1000,
    )


def settled(page: Page) -> Any:
    """The board's state once nothing is under way: the last call's time is over and the hall is fetched anew."""
    page.clock.fast_forward(5000)
    with page.expect_response("**/board/hall.json"):
        page.clock.fast_forward(15000)
    page.wait_for_timeout(50)
    return page.evaluate(STATE)


def fresh(page: Page, office: Live) -> Any:
    """The state of a page just opened."""
    other = page.context.new_page()
    other.goto(f"{office.url}/board")
    found = other.evaluate(STATE)
    other.close()
    return found


# ---- calls -------------------------------------------------------------------------------------


def test_a_call_is_painted_at_once_and_beats_three_times(office: Live, page: Page) -> None:
    watch(page, office)
    page.evaluate(
        """() => new MutationObserver(() => requestAnimationFrame(() => (window.at ??= Date.now()))).observe(
             document.querySelector('[data-part="number"]'), { childList: true, subtree: true })"""
    )
    ticket = office.call("3", "dat-dai")
    shows(page, ticket.number)
    assert ticket.called_at is not None
    page.wait_for_function("() => window.at")
    assert page.evaluate("window.at") - ticket.called_at <= 300
    now = page.locator('[data-part="now"]')
    assert now.get_attribute("data-state") == "calling"
    assert page.locator('[data-part="desk"]').text_content() == "3"
    assert page.locator('[data-part="way"] .straight').is_visible()
    assert "Mời số" in now.inner_text()
    assert now.evaluate("one => getComputedStyle(one).animationIterationCount") == "3"
    assert page.locator('[data-part="number"]').evaluate("one => getComputedStyle(one).animationIterationCount") == "3"


def test_a_recall_beats_again_and_is_worded_differently(office: Live, page: Page) -> None:
    watch(page, office)
    ticket = office.call("1", "ho-tich")
    shows(page, ticket.number)
    page.clock.fast_forward(4100)
    page.wait_for_function("() => window.beats === 1")
    office.do(turns.recall, "1", actor=ACTOR)
    page.wait_for_function("() => window.beats === 2")
    assert "Mời lại, số" in page.locator('[data-part="now"]').inner_text()
    assert page.locator('[data-part="last"]').inner_text().strip() == ""  # not listed beside itself


def stand(page: Page) -> None:
    """From here on the page's time is this test's; nothing can be fetched anew."""
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)


def until(page: Page, true: str, arg: Any = None) -> None:
    """Wait for ``true`` by this test's own clock, as the page's may stand."""
    deadline = time.monotonic() + 10
    while not page.evaluate(true, arg):
        assert time.monotonic() < deadline, f"it did not happen: {true}"
        time.sleep(0.02)


def test_five_quick_calls_are_shown_one_after_another(office: Live, page: Page) -> None:
    watch(page, office)
    stand(page)
    services = ("ho-tich", "chung-thuc", "dat-dai", "bao-tro", "cu-tru")
    numbers = [office.call(str(n + 1), service).number for n, service in enumerate(services)]
    until(page, "() => document.querySelector('[data-desk=\"5\"]').dataset.state === 'calling'")
    until(page, "() => window.beats === 1")  # drawn: a beat is lost if the next comes before its first frame
    for n, hold_ms in enumerate((1200, 1200, 1200, 2000), 1):  # the sooner the more wait
        page.clock.run_for(hold_ms - 100)
        assert page.evaluate("window.shown") == numbers[:n]  # still its time
        page.clock.run_for(100)
        until(page, "n => window.shown.length === n", n + 1)
        until(page, "n => window.beats === n", n + 1)
    page.clock.resume()
    assert page.evaluate("window.shown") == numbers
    assert settled(page) == fresh(page, office)


def test_a_call_that_waits_for_the_large_place_is_seen_at_once(office: Live, page: Page) -> None:
    watch(page, office)
    stand(page)
    office.call("1", "ho-tich")
    until(page, "() => window.shown.length === 1")
    waiting = [office.call("2", "chung-thuc").number, office.call("3", "dat-dai").number]
    until(
        page,
        """numbers => {
             const rows = [...document.querySelectorAll('[data-part="last"] .is-calling .number')];
             return rows.map((row) => row.textContent).join() === numbers;
           }""",
        ",".join(reversed(waiting)),
    )
    for counter, number in zip(("2", "3"), waiting, strict=True):
        cell = page.locator(f'[data-desk="{counter}"]')
        assert (cell.get_attribute("data-state"), number in cell.inner_text()) == ("calling", True)
    assert page.evaluate("window.shown.length") == 1
    office.do(turns.start, "3", actor=ACTOR)
    page.clock.resume()
    shows(page, waiting[1])
    assert settled(page) == fresh(page, office)
    kept = page.locator('[data-part="last"] .is-calling .number').all_inner_texts()
    assert kept == [waiting[0], "H-001"]  # still waited for at their counters


def test_the_board_goes_quiet_when_service_begins(office: Live, page: Page) -> None:
    watch(page, office)
    shows(page, office.call("2", "chung-thuc").number)
    office.do(turns.start, "2", actor=ACTOR)
    assert settled(page)["state"] == "past"


# ---- the line is lost ----------------------------------------------------------------------------


def test_a_lost_line_is_told_and_mended_without_missing_or_repeating_a_call(office: Live, page: Page) -> None:
    watch(page, office)
    shows(page, office.call("1", "ho-tich").number)
    page.clock.fast_forward(4100)
    office.stop()
    page.wait_for_timeout(50)
    page.clock.fast_forward(2000)
    sign = page.locator('[data-part="lost"]')
    sign.wait_for(state="visible")
    assert "Mất kết nối, đang nối lại" in sign.inner_text()
    assert "hỏi cán bộ" in sign.inner_text()
    before = page.evaluate("window.shown")
    missed = [office.call("2", "chung-thuc").number, office.call("3", "dat-dai").number]
    office.start()
    page.clock.fast_forward(20000)
    sign.wait_for(state="hidden")
    until(page, "number => window.shown.includes(number)", missed[0])  # its time is short: another waits
    page.clock.fast_forward(4100)
    shows(page, missed[1])
    assert page.evaluate("window.shown") == before + missed
    assert settled(page) == fresh(page, office)
    after = office.call("4", "bao-tro").number
    shows(page, after)
    assert page.evaluate("window.shown") == [*before, *missed, after]


def test_a_changed_configuration_reloads_the_board_by_itself(office: Live, page: Page) -> None:
    watch(page, office)
    office.stop()
    office.settings = settings_with(demo=True, board={"notices": [{"text": {"vi": "Thông báo mới"}}]})
    office.start()
    page.wait_for_timeout(50)
    page.clock.fast_forward(16000)
    page.get_by_text("Thông báo mới").wait_for()


# ---- sound ---------------------------------------------------------------------------------------


class Clips:
    """Finished sounds by name; counts how often each is asked for."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[str] = []
        self._lock = threading.Lock()
        self._file = folder / "tone.wav"
        with wave.open(str(self._file), "wb") as out:
            out.setparams((1, 2, 8000, 0, "NONE", ""))
            out.writeframes(b"".join(struct.pack("<h", round(9000 * math.sin(n / 3))) for n in range(3200)))  # 0.4 s

    def __call__(self, name: str) -> Path | None:
        with self._lock:
            self.asked.append(name)
        return None if name.startswith("gone") else self._file


# Before the page's own scripts, because asking a page anything from outside counts as a touch.
HEAR = """window.heard = [];
document.addEventListener("DOMContentLoaded", () => {
  const now = document.querySelector('[data-part="now"]');
  new MutationObserver(() => window.heard.push(now.dataset.sound)).observe(now, { attributeFilter: ["data-sound"] });
});"""


@pytest.fixture(name="clips")
def _clips(tmp_path: Path, office: Live) -> Clips:
    made = Clips(tmp_path)
    office.clip = made
    return made


@pytest.fixture(name="hall_page")
def _hall_page(loud: Browser) -> Iterator[Page]:
    """A page with the browser's own clock: sounds take their time."""
    context = loud.new_context()
    yield context.new_page()
    context.close()


def listen(page: Page, office: Live, path: str = "/board") -> None:
    page.add_init_script(HEAR)
    page.goto(office.url + path)


def test_each_announcement_is_fetched_once_and_never_overlaps(office: Live, clips: Clips, hall_page: Page) -> None:
    listen(hall_page, office)
    for counter, name in (("1", "one.wav"), ("2", "two.wav")):
        office.announce(office.call(counter, "ho-tich"), name, 0.4)
    hall_page.wait_for_function("() => window.heard.length === 4", timeout=6000)
    assert hall_page.evaluate("window.heard") == ["clip", "", "clip", ""]
    assert sorted(clips.asked) == ["one.wav", "two.wav"]


def test_a_clip_that_cannot_be_had_becomes_a_chime(office: Live, clips: Clips, hall_page: Page) -> None:
    listen(hall_page, office)
    office.announce(office.call("1", "ho-tich"), "gone.wav", 0.4)
    hall_page.wait_for_function("() => window.heard.length === 2", timeout=6000)
    assert hall_page.evaluate("window.heard") == ["chime", ""]


def test_a_second_board_can_stay_silent(office: Live, clips: Clips, hall_page: Page) -> None:
    listen(hall_page, office, "/board?sound=off")
    ticket = office.call("1", "ho-tich")
    office.announce(ticket, "one.wav", 0.4)
    shows(hall_page, ticket.number)
    hall_page.wait_for_timeout(200)
    assert clips.asked == []


def test_an_old_announcement_is_not_played_after_a_lost_line(office: Live, clips: Clips, hall_page: Page) -> None:
    office.behind_s = 120  # nothing in the journal may be younger than what is to be old
    ticket = office.call("1", "ho-tich")
    hall_page.goto(f"{office.url}/board")
    office.behind_s = 0
    listen(hall_page, office)
    office.stop()
    office.behind_s = 60
    office.announce(ticket, "old.wav", 0.4)
    office.behind_s = 0
    office.start()
    office.announce(office.call("2", "chung-thuc"), "new.wav", 0.4)
    hall_page.wait_for_function("() => window.heard.length === 2", timeout=8000)
    assert clips.asked == ["new.wav"]


def test_a_browser_that_blocks_sound_asks_for_a_touch(office: Live, clips: Clips, browser: Browser) -> None:
    page = browser.new_page()
    listen(page, office)
    office.announce(office.call("1", "ho-tich"), "one.wav", 0.4)
    page.wait_for_timeout(800)  # untouched until it has tried
    hint = page.get_by_text("Chạm để bật âm thanh")
    hint.wait_for(timeout=3000)
    assert page.evaluate("window.heard") == []
    hint.click()
    page.wait_for_function("() => window.heard.length === 2", timeout=6000)
    assert page.evaluate("window.heard") == ["clip", ""]
    assert not hint.is_visible()
    page.close()
