"""The door page and the pairing page in real Chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

import display.board.pages
from office import doors
from office.people import Role
from tools.live import Live
from tools.rehearsal import settings_with

pytestmark = pytest.mark.browser


@pytest.fixture(name="page", scope="module")
def _page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="vi-VN")
    yield context.new_page()
    context.close()


@pytest.fixture(name="office")
def _office(tmp_path: Path, page: Page) -> Iterator[Live]:
    page.context.clear_cookies()
    made = Live(tmp_path, settings_with(), display.board.pages.create)
    yield made
    made.stop()


def press(page: Page, code: str) -> None:
    """Type a code on the screen's own keys."""
    for digit in code:
        page.get_by_role("button", name=digit, exact=True).click()
    page.get_by_role("button", name="Nối").click()


# ---- pairing -------------------------------------------------------------------------------------


def test_a_screen_without_a_keyboard_is_paired_by_touch(office: Live, page: Page) -> None:
    office.start()
    answer = page.goto(f"{office.url}/board")
    assert answer is not None
    assert answer.status == 401
    assert "Bảng gọi số này chưa được ghép nối" in page.locator("main").inner_text()
    assert page.get_by_role("button", name="Nối").is_disabled()
    press(page, "".join("1" if digit != "1" else "2" for digit in office.pairing_code("bang-1", "board")))
    page.get_by_text("Mã không đúng").wait_for()
    assert page.locator("#code").input_value() == ""
    page.get_by_role("button", name="1", exact=True).click()
    page.get_by_role("button", name="Xóa").click()
    assert page.locator("#code").input_value() == ""
    press(page, office.pairing_code("bang-1", "board"))
    page.locator("#board").wait_for()
    assert [screen.name for screen in doors.screens(office.store.read())] == ["bang-1"]


def test_a_keyboard_works_too_and_letters_are_left_out(office: Live, page: Page) -> None:
    office.start()
    code = office.pairing_code("bang-1", "board")
    page.goto(f"{office.url}/board")
    page.locator("#code").press_sequentially(f"a{code[:3]}-{code[3:]}")
    assert page.locator("#code").input_value() == code
    page.keyboard.press("Enter")
    page.locator("#board").wait_for()


def test_a_code_of_another_kind_does_not_pair(office: Live, page: Page) -> None:
    office.start()
    page.goto(f"{office.url}/board")
    press(page, office.pairing_code("may-1", "kiosk"))
    page.get_by_text("Mã không đúng").wait_for()


def test_guessing_is_throttled_and_says_how_long(office: Live, page: Page) -> None:
    office.start()
    page.goto(f"{office.url}/board")
    code = office.pairing_code("bang-1", "board")
    for _ in range(doors.CODE_TRIES):
        refused = page.request.post(f"{office.url}/pair", data={"kind": "board", "code": "000000"})
        assert refused.status == 401
    press(page, code)
    page.get_by_text("Xin chờ 30 phút").wait_for()
    press(page, office.pairing_code("bang-1", "board"))  # a new code ends the waiting
    page.locator("#board").wait_for()


def test_a_server_that_is_gone_is_told(office: Live, page: Page) -> None:
    office.start()
    page.goto(f"{office.url}/board")
    office.stop()
    press(page, "123456")
    page.get_by_text("Chưa kết nối được").wait_for()


@pytest.mark.parametrize(("width", "height"), [(1080, 1920), (1920, 1080), (1366, 768), (800, 480), (1280, 400)])
def test_the_pairing_page_fits_and_its_keys_can_be_touched(office: Live, page: Page, width: int, height: int) -> None:
    office.start()
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{office.url}/board")
    keys = [box for key in page.locator(".keys .button").all() if (box := key.bounding_box())]
    assert len(keys) == 12
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in keys)
    assert all(box["y"] >= 0 and box["y"] + box["height"] <= height for box in keys)
    assert min(min(box["width"], box["height"]) for box in keys) >= (72 if height >= 768 else 44)


def test_an_unpaired_board_finds_out_by_itself(office: Live, page: Page) -> None:
    """A screen whose pairing was ended asks for a code again, though nobody touches it."""
    office.start()
    board = page.context.new_page()
    board.clock.install()
    board.goto(f"{office.url}/board")
    press(board, office.pairing_code("bang-1", "board"))
    board.locator("#board").wait_for()
    office.do(doors.remove_screen, "bang-1", actor="person:test")
    board.clock.fast_forward(16000)
    board.locator("#pair").wait_for(timeout=5000)
    board.close()


# ---- the door --------------------------------------------------------------------------------------


def test_the_door_leads_to_every_face(office: Live, page: Page) -> None:
    office.start()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{office.url}/")
    links = [link.get_attribute("href") for link in page.locator("main a").all()]
    assert links == ["/kiosk", "/board", "/staff", *(f"/board/{c.id}" for c in office.settings.counters)]
    assert "Thời gian lưu: 30 ngày" in page.locator("footer").inner_text()
    assert page.get_by_text("Thử trong một phút").count() == 0
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    page.get_by_role("link", name="EN").click()
    page.get_by_text("What is this device for?").wait_for()


def test_the_demo_says_in_five_lines_how_to_try_it(office: Live, page: Page) -> None:
    accounts = (("lan", Role.CLERK), ("ha", Role.SUPERVISOR))
    office.door = {"printer": "http://127.0.0.1:9180/", "accounts": accounts, "password": "thu-nghiem"}
    office.start()
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{office.url}/")
    lines = page.locator(".try li")
    assert lines.count() == 5
    hrefs = [link.get_attribute("href") for link in page.locator(".try a").all()]
    assert hrefs == ["/kiosk", "http://127.0.0.1:9180/", "/board", "/staff"]
    told = page.locator(".try").inner_text()
    for part in ("lan", "ha (phụ trách)", "thu-nghiem", "Phím cách"):
        assert part in told
    height = page.evaluate("() => document.documentElement.scrollHeight")
    assert height <= 768
