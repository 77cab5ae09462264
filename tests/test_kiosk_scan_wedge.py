"""A scanner that types through an input method: what Unikey does to it (HARDWARE, Codes), in real Chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tools.citizen import GHOST_MS, Kiosk, standing, touch
from tools.receipts_held import LACKING, READY, RUNNING, hold, register, scanned

pytestmark = pytest.mark.browser


@pytest.fixture
def served(tmp_path: Path, browser: Browser) -> Iterator[Kiosk]:
    with standing(tmp_path, browser) as kiosk:
        register(kiosk)
        yield kiosk


def asked(page: Page) -> list[str]:
    """What is sent to the server from now on."""
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.post_data or "") if one.url.endswith("/scans") else None)
    return sent


def through_unikey(page: Page, *steps: str) -> None:
    """Type as Unikey lets a scanner: ``<n`` takes n letters back, ``=text`` writes without any keydown."""
    page.wait_for_timeout(GHOST_MS)
    for step in steps:
        if step.startswith("<"):
            for _ in range(int(step[1:])):
                page.keyboard.press("Backspace")
        elif step.startswith("="):
            page.keyboard.insert_text(step[1:])
        else:
            page.keyboard.type(step)


@pytest.mark.parametrize(
    "steps",
    [("DVC-A", "<1", "=Á", "12"), ("=Đ", "A", "<1", "=Â", "TI-0042"), ("=ĐÂTI-0042",)],
    ids=["DVC-AS12", "DATDAI-0042", "no keydown at all"],
)
def test_a_code_changed_by_unikey_is_not_guessed(served: Kiosk, steps: tuple[str, ...]) -> None:
    page = served.page()
    sent = asked(page)
    through_unikey(page, *steps)
    page.keyboard.press("Enter")
    expect(page.locator("#scan-garbled-title")).to_be_visible()
    box = page.locator('.screen[data-name="scan-garbled"]')
    expect(box).to_contain_text("Giấy hẹn của ông/bà không có lỗi gì")
    expect(box.locator(".staff")).to_contain_text("tắt Unikey")
    assert sent == []
    touch(page, '[data-name="scan-garbled"] [data-act="scan-take"]')
    expect(page.locator("output.number")).to_be_visible()
    assert [ticket.service for ticket in served.tickets()] == ["huong-dan"]


def test_the_next_scan_after_a_garbled_one_is_read(served: Kiosk) -> None:
    page = served.page()
    through_unikey(page, "DVC-A", "<1", "=Á", "12")
    page.keyboard.press("Enter")
    expect(page.locator("#scan-garbled-title")).to_be_visible()
    hold(page, RUNNING)


def test_enter_that_comes_twice_is_one_scan_and_presses_nothing(served: Kiosk) -> None:
    page = served.page()
    sent = asked(page)
    scanned(page, READY.code)
    page.keyboard.press("Enter")
    expect(page.locator("#scan-collect-title")).to_be_visible()
    page.wait_for_timeout(GHOST_MS)
    for _ in range(3):
        page.keyboard.press("Enter")
    expect(page.locator("#scan-collect-title")).to_be_visible()
    assert len(sent) == 1
    assert served.tickets() == []


def test_an_empty_enter_does_nothing(served: Kiosk) -> None:
    page = served.page()
    sent = asked(page)
    page.wait_for_timeout(GHOST_MS)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("#home-title")).to_be_visible()
    assert sent == []


def test_missing_keydowns_lose_no_letter(served: Kiosk) -> None:
    page = served.page()
    code = RUNNING.code
    through_unikey(page, code[:3], f"={code[3:9]}", code[9:12], f"={code[12:]}")
    page.keyboard.press("Enter")
    expect(page.locator("#scan-status-title")).to_be_visible()


@pytest.mark.parametrize("ending", ["", "Tab"])
def test_a_scanner_without_enter_is_read_all_the_same(served: Kiosk, ending: str) -> None:
    page = served.page()
    through_unikey(page, RUNNING.code)
    if ending:
        page.keyboard.press(ending)
    else:
        page.clock.run_for(1_100)
    expect(page.locator("#scan-status-title")).to_be_visible()


def test_letters_left_over_do_not_spoil_the_next_scan(served: Kiosk) -> None:
    page = served.page()
    through_unikey(page, "H5")
    page.clock.run_for(1_100)
    hold(page, RUNNING)


def test_the_trigger_pulled_twice_is_one_question(served: Kiosk) -> None:
    page = served.page()
    sent = asked(page)
    page.wait_for_timeout(GHOST_MS)
    for _ in range(2):
        page.keyboard.type(READY.code)
        page.keyboard.press("Enter")
    expect(page.locator("#scan-collect-title")).to_be_visible()
    page.wait_for_timeout(GHOST_MS)
    assert len(sent) == 1


def test_small_letters_and_guards_are_the_same_code(served: Kiosk) -> None:
    page = served.page()
    scanned(page, f"*{READY.code.lower()}*")
    expect(page.locator("#scan-collect-title")).to_be_visible()


def test_the_scanner_is_heard_wherever_the_caret_was(served: Kiosk) -> None:
    page = served.page()
    page.wait_for_timeout(GHOST_MS)
    page.locator('[data-act="large"]').click()
    hold(page, RUNNING)
    page.locator('[data-act="low"]').focus()  # a hand on a keyboard
    hold(page, READY)
    touch(page, '.foot [data-act="home"], .helps [data-act="home"]')
    touch(page, '[data-act="scan"]:visible')
    hold(page, LACKING)


def test_the_scanner_is_heard_again_after_a_dialog(served: Kiosk) -> None:
    page = served.page()
    touch(page, '[data-act="help"]')
    page.locator('[data-part="helped"] button').click()
    hold(page, READY)


def test_the_field_is_never_seen_and_opens_no_keyboard(served: Kiosk) -> None:
    page = served.page()
    field = page.locator("#wedge")
    assert field.evaluate("e => getComputedStyle(e).opacity") == "0"
    assert field.get_attribute("inputmode") == "none"
    scanned(page, RUNNING.code)
    expect(page.locator("#scan-status-title")).to_be_visible()
    assert field.input_value() == ""
