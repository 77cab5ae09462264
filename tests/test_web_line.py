"""Many live pages in one browser: one line for all, nothing missed or repeated, a past put back is seen."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

import display.board.pages
from office import counters, journal, replay, turns
from office import doors as machines
from office.kinds import KINDS
from office.store import Store
from tools.clerk import Counters, at_work, press
from tools.live import ACTOR, Live
from tools.rehearsal import settings_with
from tools.waiting import wait_for
from web.callers import SCREEN_COOKIES

pytestmark = pytest.mark.browser
FOLLOW = """async ([address, since]) => {
  const { follow } = await import("/static/js/events.js");
  window.heard = [];
  follow({ url: address, since, on: (event) => window.heard.push(event) });
}"""


@pytest.fixture
def served(tmp_path: Path, browser: Browser) -> Iterator[Counters]:
    with at_work(tmp_path, browser) as made:
        yield made


def pair(served: Counters, page: Page, *kinds: machines.ScreenKind) -> None:
    """Make the page's browser a screen of each kind as well."""
    for kind in kinds:
        secret = served.hall.do(machines.admit, f"{kind}-1", kind)
        page.context.add_cookies([{"name": SCREEN_COOKIES[kind], "value": secret, "url": served.address}])


def opened(page: Page, path: str) -> Page:
    """Another page of the same browser."""
    other = page.context.new_page()
    other.goto(path)
    return other


def heard(page: Page, count: int) -> list[dict[str, Any]]:
    """What FOLLOW heard, once there is so much."""
    page.wait_for_function("count => window.heard.length >= count", arg=count, timeout=10_000)
    page.wait_for_timeout(100)  # a repeated one would come now
    return list(page.evaluate("window.heard"))


def test_eight_live_pages_in_one_browser_hear_a_call_and_a_number_can_still_be_taken(served: Counters) -> None:
    served.hall.open("1", "2", "3")
    desk = served.desk("lan", "1")
    pair(served, desk, "kiosk", "board")
    screens = [opened(desk, f"/board/{n}") for n in (1, 2, 3, 4, 5)]
    board, kiosk = opened(desk, "/board"), opened(desk, "/kiosk")
    kiosk.wait_for_timeout(400)  # a screen just shown takes no touch: it may be the second of a double press
    kiosk.locator('[data-service="ho-tich"]').click()
    kiosk.wait_for_timeout(400)
    kiosk.locator('[data-class=""]').click()
    expect(kiosk.locator("output.number")).to_have_text("H-001")
    expect(desk.locator("body")).to_contain_text("H-001")
    press(desk, "Space")
    expect(screens[0].locator('[data-part="number"]')).to_have_text("H-001")
    expect(board.locator('[data-part="number"]')).to_have_text("H-001")
    served.hall.do(turns.start, "1", actor="person:lan")
    expect(screens[0].locator('[data-part="panel"]')).to_have_attribute("data-state", "serving")
    assert served.doors.web.pulse.streams == 2  # one for screens, one for the clerk
    issued = journal.read(served.hall.store.read(), only=journal.Filter(kinds=("ticket.issued",)))
    assert [event.actor for event in issued] == ["screen:kiosk-1"]
    for page in (*screens, board, kiosk):
        page.close()
    expect(desk.locator('[data-slot="line"]')).to_have_text("Đã kết nối")


def test_who_comes_later_is_handed_what_it_missed_and_nobody_hears_twice(served: Counters) -> None:
    served.hall.open("1")
    first = served.page()
    pair(served, first, "board")
    first.goto("/board/1")
    start = served.doors.head()[0]
    first.evaluate(FOLLOW, ["/api/v1/events?as=screen", start])
    for _ in range(3):
        served.hall.issue("ho-tich")
    heard(first, 3)
    second, third = opened(first, "/board/2"), opened(first, "/board/3")
    second.evaluate(FOLLOW, ["/api/v1/events?as=screen", start + 1])
    third.evaluate(FOLLOW, ["/api/v1/events?as=screen", 0])  # before all that the shared line has
    served.hall.issue("ho-tich")
    events = journal.read(served.hall.store.read())
    public = [event.seq for event in events if KINDS[event.kind].public is not None]
    for page, since in ((first, start), (second, start + 1), (third, 0)):
        wanted = [seq for seq in public if seq > since]
        assert [event["seq"] for event in heard(page, len(wanted))] == wanted
    wait_for(lambda: served.doors.web.pulse.streams == 1)  # a line that was left is noticed at its next beat


def test_a_kiosk_in_a_clerks_browser_sees_what_a_screen_sees(served: Counters) -> None:
    served.hall.open("1")
    desk = served.desk("lan", "1")
    pair(served, desk, "kiosk")
    kiosk = opened(desk, "/kiosk")
    kiosk.evaluate(FOLLOW, ["/api/v1/events?as=screen", served.doors.head()[0]])
    desk.evaluate(FOLLOW, ["/api/v1/events?as=person", served.doors.head()[0]])
    served.hall.issue("ho-tich", "CAO_TUOI")
    assert "CAO_TUOI" in str(heard(desk, 1))
    assert "CAO_TUOI" not in str(heard(kiosk, 1))


def test_a_browser_without_shared_workers_follows_all_the_same(served: Counters) -> None:
    served.hall.open("1")
    page = served.page()
    pair(served, page, "board")
    page.add_init_script("delete window.SharedWorker")
    page.goto("/board/1")
    served.hall.issue("ho-tich")
    served.hall.do(turns.call_next, "1", actor="person:lan")
    expect(page.locator('[data-part="number"]')).to_have_text("H-001")


@pytest.mark.parametrize("shared", [True, False])
def test_a_board_shows_new_calls_after_an_older_backup_was_put_back(
    tmp_path: Path, browser: Browser, *, shared: bool
) -> None:
    office = Live(tmp_path, settings_with(demo=True), display.board.pages.create)
    office.do(machines.admit, "bang-1", "board", secret="bang mot")
    for counter in ("1", "2", "3"):
        office.do(counters.open_, counter, person="lan", actor=ACTOR)
    for counter in ("1", "2"):
        office.call(counter, "ho-tich")
    replay.backup(office.store, tmp_path / "older")
    for counter in ("1", "2", "3"):
        office.call(counter, "chung-thuc")
    office.start()
    page = browser.new_page()
    if not shared:
        page.add_init_script("delete window.SharedWorker")
    page.goto(f"{office.url}/board")
    expect(page.locator('[data-part="number"]')).to_have_text(re.compile("003"))
    office.stop()
    office.store.close()
    replay.restore(tmp_path / "older", tmp_path / "again" / "office.sqlite3")
    office.store = Store(tmp_path / "again" / "office.sqlite3", office.store.clock)
    office.start()
    expect(page.locator('[data-part="number"]')).to_have_text("H-002", timeout=15_000)
    ticket = office.call("3", "dat-dai")
    expect(page.locator('[data-part="number"]')).to_have_text(ticket.number)
    page.context.close()
    office.stop()
    office.store.close()
