"""Every drawing of the board fits its screen: nothing small, nothing cut off, nothing on top of anything else."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

import display.board.pages
from office import counters, issuing, turns
from office.settings import Settings, load
from tools.live import ACTOR, Live
from tools.rehearsal import CONFIG, post_catalogue, settings_with

pytestmark = pytest.mark.browser
SIZES = ((1920, 1080), (1366, 768), (3840, 2160), (1280, 1024))
OTHER_SIZES = (SIZES[0], SIZES[3])  # the others are the first one, smaller or larger
PANELS = ((800, 480), (1280, 400), (1024, 600))
LEAST_PX = 40  # at 1920×1080

# Texts that can be seen: size and place (of their height only the middle, where letters have their body), and whether
# they leave the frame they belong to.
TEXTS = """() => {
  const FRAMES = "[data-desk], .now, .last, .lines, .foot, .head, .panel > *";
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const own = node.parentElement;
    if (!node.textContent.trim() || own.closest("script, noscript, .only-read, .dash")) continue;
    if (!own.checkVisibility({ visibilityProperty: true })) continue;
    const frame = own.closest(FRAMES)?.getBoundingClientRect();
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      const [top, bottom] = [box.top + box.height * 0.22, box.bottom - box.height * 0.22];
      found.push({
        text: node.textContent.trim(), size: parseFloat(getComputedStyle(own).fontSize),
        left: box.left + 1, right: box.right - 1, top, bottom,
        out: Boolean(frame) && (box.left < frame.left - 1 || box.right > frame.right + 1
          || top < frame.top - 1 || bottom > frame.bottom + 1),
      });
    }
  }
  return found;
}"""


@pytest.fixture(name="page")
def _page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(reduced_motion="reduce")
    yield context.new_page()
    context.close()


def hall_of(count: int, **sections: Any) -> Settings:
    """A hall of ``count`` counters."""
    plain = load(CONFIG)
    services = [service.id for service in plain.services]
    ways = ("left", "straight", "right")
    made = [
        {
            "id": str(n + 1),
            "name": plain.counters[n % 5].name.model_dump(),
            "services": services,
            "direction": ways[n % 3],
        }
        for n in range(count)
    ]
    return settings_with(demo=True, counters=made, **sections)


@pytest.fixture(name="opened")
def _opened(tmp_path: Path) -> Iterator[Any]:
    """Starts an office with these settings; ended by itself."""
    made: list[Live] = []

    def open_(settings: Settings) -> Live:
        office = Live(tmp_path / str(len(made)), settings, display.board.pages.create)
        made.append(office)
        office.do(post_catalogue)
        office.start()
        return office

    yield open_
    for office in made:
        office.stop()


def fill(office: Live) -> None:
    """Every state of a counter, calls enough, people waiting."""
    for counter in office.settings.counters:
        office.do(counters.open_, counter.id, person="a", actor=ACTOR)
    for turn in range(max(8, len(office.settings.counters))):
        office.call(office.settings.counters[turn % len(office.settings.counters)].id, "ho-tich")
    for service in office.settings.services:
        for _ in range(12):
            office.do(issuing.issue, service=service.id, actor=ACTOR, slip=False)
    first, second, third = (counter.id for counter in office.settings.counters[:3])
    office.free(first)
    office.do(counters.close, first, person="a", actor=ACTOR)
    office.free(second)
    office.do(counters.pause, second, person="a", actor=ACTOR)
    office.do(turns.start, third, actor=ACTOR)


def overlaps(texts: list[dict[str, Any]]) -> list[str]:
    """Pairs of texts that stand on each other."""
    found = []
    for n, one in enumerate(texts):
        for other in texts[n + 1 :]:
            if one["left"] < other["right"] and other["left"] < one["right"]:  # noqa: SIM102 — two axes
                if one["top"] < other["bottom"] and other["top"] < one["bottom"]:
                    found.append(f"{one['text']} × {other['text']}")
    return found


def is_sound(page: Page, width: int, height: int, *, least: float = 0) -> None:
    """Nothing too small, nothing outside the screen or its frame, no text on another."""
    page.evaluate("() => document.fonts.ready")
    texts = page.evaluate(TEXTS)
    assert texts
    assert [t["text"] for t in texts if t["size"] < least - 0.1] == []
    outside = [t["text"] for t in texts if t["left"] < 0 or t["right"] > width or t["top"] < 0 or t["bottom"] > height]
    assert outside == []
    assert [t["text"] for t in texts if t["out"]] == []
    assert overlaps(texts) == []


def least_px(width: int, height: int) -> float:
    """40 px at 1920×1080, as much of other screens (the nearly square one is smaller and stands nearer)."""
    return LEAST_PX * height / 1080 * (1 if width / height > 1.5 else 0.68)


DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def at_size(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("size => innerWidth === size[0] && innerHeight === size[1]", arg=[width, height])
    page.evaluate(DRAWN)  # the board lays its lists out anew before it is painted (strip.js)


# ---- the board -----------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [3, 5, 15])
def test_a_busy_board_is_sound_at_every_size(opened: Any, page: Page, count: int) -> None:
    office = opened(hall_of(count))
    fill(office)
    page.goto(f"{office.url}/board")
    assert page.locator("[data-desk]").count() == count
    for width, height in SIZES:
        at_size(page, width, height)
        is_sound(page, width, height, least=least_px(width, height))
    at_size(page, 1920, 1080)
    number = page.locator('.now [data-part="number"]')
    assert float(number.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")) >= 320
    box, hero = number.bounding_box(), page.locator(".now").bounding_box()
    assert box is not None
    assert hero is not None
    assert box["height"] >= 320
    assert 0.64 <= hero["width"] / 1920 <= 0.70


@pytest.mark.parametrize("part", ["phase", "sound"])
def test_the_heads_badges_push_nothing_aside(opened: Any, page: Page, part: str) -> None:
    office = opened(hall_of(5))
    fill(office)
    page.goto(f"{office.url}/board")
    for width, height in OTHER_SIZES:
        at_size(page, width, height)
        before = page.locator(".head").bounding_box()
        page.evaluate(
            """part => {
              document.querySelector('[data-slot="badge"]').textContent = "Đã ngừng cấp số";
              document.querySelector(`[data-part="${part}"]`).hidden = false;
            }""",
            part,
        )
        is_sound(page, width, height)
        after = page.locator(".head").bounding_box()
        assert before is not None
        assert after is not None
        assert after["height"] <= before["height"] * 1.4


@pytest.mark.parametrize(("style", "count"), [("plain", 5), ("letter", 15)])
def test_other_numbers_and_counters_fit_too(opened: Any, page: Page, style: str, count: int) -> None:
    settings = hall_of(count, numbering={"style": style})
    office = opened(settings)
    fill(office)
    office.call(settings.counters[-1].id, "ho-tich")
    page.goto(f"{office.url}/board")
    for width, height in OTHER_SIZES:
        at_size(page, width, height)
        is_sound(page, width, height)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_line_lost_is_drawn_and_the_theme_is_the_offices(opened: Any, page: Page, theme: str) -> None:
    office = opened(hall_of(5, board={"theme": theme}))
    fill(office)
    page.goto(f"{office.url}/board")
    assert page.locator("html").get_attribute("data-theme") == theme
    office.stop()
    page.locator('[data-part="lost"]').wait_for(state="visible")
    page.evaluate("() => document.querySelector('.strip').remove()")  # it stands beneath the sign
    for width, height in OTHER_SIZES:
        at_size(page, width, height)
        assert page.locator('[data-part="lost"]').is_visible()
        is_sound(page, width, height)


@pytest.mark.parametrize("count", [5, 15])
def test_empty_and_closed_boards_are_sound(opened: Any, page: Page, count: int) -> None:
    nothing: Any = {day: [] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    for settings, title in ((hall_of(count), "Chưa gọi số nào"), (hall_of(count, hours=nothing), "Ngoài giờ làm việc")):
        page.context.clear_cookies()
        page.goto(f"{opened(settings).url}/board")
        assert title in page.locator(".now").inner_text()
        for width, height in OTHER_SIZES:
            at_size(page, width, height)
            is_sound(page, width, height, least=least_px(width, height))


def test_whatever_the_strip_tells_fits_into_it(opened: Any, page: Page) -> None:
    office = opened(hall_of(5))
    page.goto(f"{office.url}/board")
    data = json.loads(page.locator("#data").text_content() or "")
    assert len(data["strip"]) > 40
    for width, height in SIZES:
        at_size(page, width, height)
        wrong = page.evaluate(
            """items => {
              const slot = (name) => document.querySelector(`[data-slot="${name}"]`);
              const strip = document.querySelector('[data-part="strip"]');
              const foot = document.querySelector(".foot");
              const empty = foot.offsetHeight;
              return items.filter((item) => {
                strip.dataset.kind = item.kind;
                slot("text").textContent = item.text;
                slot("text-under").textContent = item.under;
                return foot.offsetHeight > empty + 1 || strip.scrollWidth > strip.clientWidth;
              }).map((item) => item.text);
            }""",
            data["strip"],
        )
        assert wrong == []


# ---- the panels ------------------------------------------------------------------------------------


def test_panels_are_sound_in_every_state(opened: Any, page: Page) -> None:
    office = opened(hall_of(15))
    fill(office)
    for counter, state in (("1", "closed"), ("2", "paused"), ("3", "serving"), ("15", "calling")):
        page.goto(f"{office.url}/board/{counter}")
        assert page.locator(".panel").get_attribute("data-state") == state
        for width, height in PANELS:
            at_size(page, width, height)
            is_sound(page, width, height)


def test_a_panel_follows_its_counter_only(opened: Any, page: Page) -> None:
    office = opened(hall_of(3))
    for counter in ("1", "2"):
        office.do(counters.open_, counter, person="a", actor=ACTOR)
    page.goto(f"{office.url}/board/2")
    panel = page.locator(".panel")
    assert "Sẵn sàng phục vụ" in panel.inner_text()
    office.call("1", "dat-dai")
    mine = office.call("2", "ho-tich")
    page.get_by_text("Mời đến quầy").wait_for()
    assert panel.locator('[data-part="number"]').text_content() == mine.number
    office.do(turns.start, "2", actor=ACTOR)
    page.get_by_text("Đang phục vụ").wait_for()
    office.free("2")
    page.get_by_text("Sẵn sàng phục vụ").wait_for()
    assert panel.locator('[data-part="number"]').text_content() == ""
    office.stop()
    page.get_by_text("Mất kết nối").wait_for()


def test_an_unknown_counter_is_a_page_that_helps(opened: Any, page: Page) -> None:
    office = opened(hall_of(3))
    answer = page.goto(f"{office.url}/board/9")
    assert answer is not None
    assert answer.status == 404
    assert page.get_by_role("link").all_inner_texts() == ["Quầy 1", "Quầy 2", "Quầy 3"]
    problem = page.request.get(f"{office.url}/board/9/desk.json")
    assert problem.status == 404
    assert problem.json()["key"] == "error.unknown_counter"
