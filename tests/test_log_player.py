"""The service log's player in real Chromium, with real footage whose pictures tell their own time."""

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from office import journal, watched
from staff.log_scene import NEAR_MS
from tools.watcher import GAP_S, NUMBERS, Watcher, watching

pytestmark = pytest.mark.xdist_group("log player")  # its footage is made once
FRAME_MS = 100  # of the footage made


@pytest.fixture(scope="module")
def watcher(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watcher]:
    with watching(tmp_path_factory.mktemp("log"), browser) as made:
        yield made


@pytest.fixture
def page(watcher: Watcher) -> Iterator[Page]:
    watcher.asked.clear()
    watcher.stand.asked.clear()
    watcher.stand.on = True
    page = watcher.page()
    yield page
    page.context.close()


@pytest.fixture
def own(watcher: Watcher) -> Iterator[Page]:
    """The page over the office's own footage API and cutter."""
    watcher.stand.on = False
    page = watcher.page()
    yield page
    page.context.close()


def tile(page: Page, camera: str) -> str:
    return page.locator(f'.tile[data-camera="{camera}"]').get_attribute("data-state") or ""


def one_second(watcher: Watcher, page: Page) -> None:
    """Every picture that is seen is of the moment that the page tells."""
    at, seen = watcher.at(page), watcher.burnt(page)
    assert seen
    for camera, burnt in seen.items():
        assert burnt is not None, camera
        assert burnt.camera == NUMBERS[camera]
        assert -FRAME_MS <= burnt.ms - at <= FRAME_MS, (camera, burnt.ms - at)


def test_nothing_is_seen_before_a_reason_is_given(watcher: Watcher, page: Page) -> None:
    assert not [url for url in watcher.asked if re.search("/(clip|thumbnail)", url)]
    page.keyboard.press("v")
    page.click('[data-part="why"] [type="submit"]')
    expect(page.locator('[data-part="why"] .banner')).to_have_text("Mời chọn một lý do.")
    page.keyboard.press("Escape")
    assert watcher.stand.asked == []
    watcher.watch(page)
    ((path, body),) = watcher.stand.asked
    assert path.endswith("/footage/views")
    assert (body["reason"], body["ticket"], body["cameras"]) == ("complaint", watcher.ticket.id, list(NUMBERS))
    expect(page.locator(".thumb img").first).to_be_visible()
    assert not [url for url in watcher.asked if re.search("/(clip|thumbnail)", url) and "view=v1" not in url]
    page.reload()
    page.wait_for_selector('[data-state="open"]')  # the reason still holds in this window
    assert len(watcher.stand.asked) == 1
    assert not [url for url in watcher.missing if "/static/" in url]


def test_all_cameras_show_the_same_second(watcher: Watcher, own: Page) -> None:
    watcher.watch(own)
    begun = watcher.at(own)
    while watcher.at(own) < begun + 500:  # it learns how long a frame is from what it plays
        own.wait_for_timeout(50)
    for seconds in (12.3, 16.85, 33.05, 47.5):
        watcher.go(own, seconds)
        one_second(watcher, own)
    before = watcher.at(own)
    for key, step in ((".", 1), (".", 2), (",", 1)):
        own.keyboard.press(key)
        watcher.stands(own)
        assert abs(watcher.at(own) - before - step * FRAME_MS) <= 20
        one_second(watcher, own)
    own.keyboard.press("ArrowLeft")
    watcher.stands(own)
    assert before - 5100 < watcher.at(own) < before - 4700
    one_second(watcher, own)


def test_a_fast_pace_stays_together_across_pieces(watcher: Watcher, own: Page) -> None:
    watcher.watch(own)
    watcher.go(own, 9)
    own.select_option('[data-part="speed"]', "8")
    own.keyboard.press("k")
    while watcher.at(own) < watcher.begins + 40_000:
        own.wait_for_timeout(50)
    own.keyboard.press("k")
    watcher.stands(own)
    one_second(watcher, own)
    own.select_option('[data-part="speed"]', "1")


def test_a_view_is_written_down_with_reason_and_own_words(watcher: Watcher, own: Page) -> None:
    own.keyboard.press("v")
    own.select_option("#watch-reason", "rating")
    own.fill("#watch-note", "xem lại cách phục vụ")
    own.click('[data-part="why"] [type="submit"]')
    watcher.stands(own)
    db = watcher.counters.hall.store.read()
    told = watched.read(db, 0, watcher.counters.hall.clock() + 1)[0]
    assert (told.actor, told.reason, told.note) == ("person:ha", "rating", "xem lại cách phục vụ")
    assert (told.ticket, told.cameras) == (watcher.ticket.id, tuple(NUMBERS))
    assert told.begins <= watcher.ticket.arrived_at < (watcher.ticket.ended_at or 0) <= told.ends


def asked_for(url: str) -> tuple[int, int]:
    """The range of a clip's address, ms UTC."""
    asked = parse_qs(urlsplit(url).query)
    begins, ends = (round(datetime.fromisoformat(asked[name][0]).timestamp() * 1000) for name in ("from", "to"))
    return begins, ends


def test_no_more_is_asked_for_than_the_reason_names(watcher: Watcher, own: Page) -> None:
    watcher.asked.clear()
    watcher.watch(own)
    told = watched.read(watcher.counters.hall.store.read(), 0, watcher.counters.hall.clock() + 1)[0]
    watcher.go(own, (told.ends - watcher.begins) / 1000 - 1)
    own.select_option('[data-part="speed"]', "8")
    own.keyboard.press("k")
    own.wait_for_selector('[data-act="play"][aria-pressed="false"]')
    watcher.stands(own)
    assert watcher.at(own) == told.ends
    ranges = [asked_for(url) for url in watcher.asked if "/clip" in url]
    assert len(ranges) >= len(NUMBERS)
    assert all(told.begins <= begins < ends <= told.ends + 1000 for begins, ends in ranges)
    own.select_option('[data-part="speed"]', "1")


def test_a_gap_is_told_and_the_others_go_on(watcher: Watcher, own: Page) -> None:
    expect(own.locator(".gaps li").first).to_contain_text("Quầy 1: không có hình")
    expect(own.locator(".bar .gap").first).to_be_visible()
    watcher.watch(own)
    watcher.go(own, GAP_S[0] + 3)
    assert [tile(own, name) for name in NUMBERS] == ["none", "showing", "showing"]
    expect(own.locator('[data-camera="q1"] .blank')).to_contain_text("Không có hình của lúc này")
    expect(own.locator('[data-camera="sanh"] figcaption')).to_contain_text("đồng hồ camera nhanh 3,2 giây")
    one_second(watcher, own)
    own.locator('[data-camera="q1"] [data-act="footage"]').click()
    own.wait_for_selector('[data-camera="q1"][data-state="showing"]')
    watcher.stands(own)
    watcher.go(own, GAP_S[0] + 3)
    own.keyboard.press("k")
    own.wait_for_selector('[data-camera="q1"][data-state="showing"]', timeout=15_000)
    own.keyboard.press("k")
    watcher.stands(own)
    assert watcher.at(own) >= watcher.begins + 1000 * GAP_S[1]
    one_second(watcher, own)
    hall, gap = watcher.counters.hall, [watcher.begins + 1000 * second for second in GAP_S]
    data = {"camera": "q1", "begins": gap[0], "ends": gap[1], "pieces": 1, "bytes": 1, "cause": "disk"}
    with hall.store.act() as act:  # as if it had gone on a full disk, while older footage was held
        journal.append(act, "footage.purged", office="x", actor="system", data=data)
    own.reload()
    expect(own.locator(".gaps")).to_contain_text("đã xóa trước hạn")
    watcher.counters.show(own, f"/staff/log?at={watcher.begins - 3_600_000}&counter=1")  # nothing was recorded yet
    expect(own.locator('[data-part="ask"]')).to_be_hidden()
    own.click('[data-part="nothing"] a')
    expect(own.locator('[data-part="ask"]')).to_be_visible()  # there is some: the nearest


def test_events_are_jumped_to_with_their_pre_roll(watcher: Watcher, page: Page) -> None:
    watcher.watch(page)
    watcher.go(page, 9.5)
    page.keyboard.press("n")  # service began, after 26 s
    page.wait_for_selector('[data-act="play"][aria-pressed="true"]')
    page.keyboard.press("k")
    watcher.stands(page)
    assert -1000 <= watcher.at(page) - (watcher.begins + 10_000) < 2000  # from a keyframe on
    page.get_by_role("button", name="Phục vụ xong").click()
    page.wait_for_selector('[data-act="play"][aria-pressed="true"]')
    page.keyboard.press("k")
    watcher.stands(page)
    assert -1000 <= watcher.at(page) - (watcher.begins + 30_000) < 2000


def marked(page: Page) -> str:
    return page.locator(".steps [data-now] strong").inner_text()


def test_the_chosen_event_is_marked_and_space_pauses(watcher: Watcher, page: Page) -> None:
    watcher.watch(page)
    assert marked(page) == "Gọi đến quầy"  # its pre-roll plays
    page.get_by_role("button", name="Bắt đầu phục vụ").click()
    page.wait_for_selector('[data-act="play"][aria-pressed="true"]')
    page.keyboard.press("Space")
    page.wait_for_selector('[data-act="play"][aria-pressed="false"]')
    watcher.stands(page)
    stood = watcher.at(page)
    assert marked(page) == "Bắt đầu phục vụ"
    page.keyboard.press("Space")
    page.wait_for_selector('[data-act="play"][aria-pressed="true"]')
    assert watcher.at(page) - stood < 3000  # played on, not begun anew
    for key, event in (("n", "Phục vụ xong"), ("p", "Bắt đầu phục vụ"), ("p", "Gọi đến quầy")):
        page.keyboard.press(key)
        expect(page.locator(".steps [data-now] strong")).to_have_text(event)
        watcher.stands(page)


def test_the_line_begins_with_the_first_call_and_shows_all_when_asked(watcher: Watcher, page: Page) -> None:
    first = int(page.get_attribute(".line", "aria-valuemin") or 0)
    assert first == (watcher.ticket.called_at or 0) - 15_000 - NEAR_MS
    page.keyboard.press("z")
    assert int(page.get_attribute(".line", "aria-valuemin") or 0) == watcher.ticket.arrived_at - 15_000
    page.keyboard.press("z")
    assert int(page.get_attribute(".line", "aria-valuemin") or 0) == first


def test_a_hold_far_ahead_is_asked_about_and_can_be_let_go(watcher: Watcher, own: Page) -> None:
    own.keyboard.press("e")
    expect(own.locator('[name="masked"]')).to_be_disabled()
    expect(own.locator("#no-masks")).to_be_visible()
    own.keyboard.press("Escape")
    own.keyboard.press("g")
    own.select_option("#hold-reason", "request")
    own.fill("#hold-until", "2030-02-01")
    own.click('[data-part="hold"] [type="submit"]')
    expect(own.locator('[data-part="hold"] .banner')).to_contain_text("còn hơn 3 năm nữa")
    own.click('[data-part="hold"] [type="submit"]')
    expect(own.locator('[data-part="done"]')).to_contain_text("Đã giữ hình đến hết ngày 01/02/2030")
    expect(own.locator('[data-part="holds"]')).to_contain_text("Đang giữ đến hết 01/02/2030")
    own.click('[data-act="release"]')
    own.click('[data-part="release"] [type="submit"]')
    expect(own.locator('[data-part="release"] .banner')).to_have_text("Mời chọn một lý do.")
    own.select_option("#release-reason", "inspection")
    own.click('[data-part="release"] [type="submit"]')
    expect(own.locator('[data-part="done"]')).to_contain_text("Đã thôi giữ")
    expect(own.locator('[data-part="holds"] li')).to_have_count(0)


def test_a_view_that_has_run_out_asks_again(watcher: Watcher, page: Page) -> None:
    watcher.watch(page)
    watcher.go(page, 20)
    watcher.stand.expired = True
    page.locator(".step").first.click()
    expect(page.locator('[data-part="why"]')).to_be_visible()
    page.click('[data-part="why"] [type="submit"]')  # the reason before is offered again
    page.wait_for_selector('.scene[data-state="open"]')
    watcher.stands(page)
    assert [body["reason"] for _, body in watcher.stand.asked] == ["complaint", "complaint"]


def test_a_slow_camera_is_waited_for_and_a_broken_one_told(watcher: Watcher, page: Page) -> None:
    watcher.watch(page)
    watcher.go(page, 20)
    watcher.stand.slow_s = 0.8
    page.locator(".step").first.click()
    page.wait_for_selector('.tile[data-state="loading"]')
    watcher.stand.slow_s = 0
    watcher.stands(page)
    watcher.stand.broken = True
    watcher.go(page, 45)
    expect(page.locator('[data-part="trouble"]')).to_be_visible()
    watcher.stand.broken = False


def test_export_and_hold_are_sent_as_asked(watcher: Watcher, page: Page) -> None:
    page.keyboard.press("e")
    page.locator('[data-part="export"] [name="cameras"]').nth(1).uncheck()
    page.select_option("#export-reason", "request")
    page.fill("#export-note", "theo công văn")
    page.click('[data-part="export"] [type="submit"]')
    expect(page.locator('[data-part="made"]')).to_contain_text("SHA-256 0000")
    expect(page.locator('[data-part="export"] .actions')).to_contain_text("Đóng Esc Xuất lại")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.fill("#hold-until", "2027-02-01")
    page.click('[data-part="hold"] [type="submit"]')
    expect(page.locator('[data-part="done"]')).to_contain_text("Đã giữ hình đến hết ngày 01/02/2027")
    (one, export), (other, hold) = watcher.stand.asked
    assert (one.rpartition("/")[2], other.rpartition("/")[2]) == ("exports", "holds")
    assert export["cameras"] == ["q1", "sanh"]
    assert (export["reason"], export["note"], export["masked"]) == ("request", "theo công văn", False)
    assert (hold["until"], hold["reason"], hold["cameras"]) == ("2027-02-02", "request", list(NUMBERS))
    assert hold["from"] < hold["to"]
