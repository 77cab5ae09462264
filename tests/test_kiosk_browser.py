"""A citizen takes a number: the real app behind the real server, touched in real Chromium."""

import io
import wave
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, Route, expect
from pyzbar import pyzbar

from tools.citizen import GHOST_MS, Kiosk, refuse, standing, take, touch

pytestmark = pytest.mark.browser


@pytest.fixture
def served(tmp_path: Path, browser: Browser) -> Iterator[Kiosk]:
    with standing(tmp_path, browser) as kiosk:
        yield kiosk


def test_two_touches_to_a_number(served: Kiosk, tmp_path: Path) -> None:
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


def test_claimed_class_is_kept_and_unconfirmed(served: Kiosk) -> None:
    page = served.page()
    take(page, claim="CAO_TUOI")
    (ticket,) = served.tickets()
    assert (ticket.priority, ticket.verified, ticket.language) == ("CAO_TUOI", 0, "vi")
    assert "tuổi" not in page.locator('.screen[data-name="number"]').inner_text()


def test_pressing_twice_gives_one_ticket(served: Kiosk) -> None:
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


def test_lost_answer_and_retry_give_one_ticket(served: Kiosk) -> None:
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
    touch(page, '[data-act="language"]')
    expect(page.locator("#trouble-title")).to_have_text("No number yet")
    touch(page, '[data-act="retry"]')
    expect(page.locator("output.number")).to_be_visible()
    (ticket,) = served.tickets()
    expect(page.locator("output.number")).to_have_text(ticket.number)
    touch(page, ".leave button")
    take(page)
    assert len(served.tickets()) == 2  # the next citizen's wish is a new one


def test_reused_key_never_becomes_a_second_wish(served: Kiosk) -> None:
    """Whoever used the key before may have been given a number: only the same wish is asked again."""
    page = served.page()
    keys: list[str] = []
    page.on("request", lambda sent: keys.extend([sent.headers["idempotency-key"]] if sent.method == "POST" else []))
    refuse(page, 422, "error.key_reused")
    touch(page, '[data-service="ho-tich"]')
    touch(page, '[data-class=""]')
    touch(page, '[data-act="retry"]')
    expect(page.locator("#trouble-title")).to_be_visible()
    assert len(keys) == 2
    assert len(set(keys)) == 1
    refuse(page, 409, "error.not_allowed")
    touch(page, '[data-act="retry"]')
    touch(page, '[data-act="retry"]')
    page.wait_for_timeout(GHOST_MS)
    assert len(set(keys)) == 2  # a plain refusal is remembered by the server; the next wish is a new one


def test_the_number_is_read_aloud_before_what_to_do(served: Kiosk) -> None:
    page = served.page()
    asked: list[str] = []
    silence = tone(0.02)

    def speak(route: Route) -> None:
        asked.append(urlsplit(route.request.url).path)
        route.fulfill(body=silence, content_type="audio/wav")

    page.route("**/kiosk/voice/**", speak)
    take(page)
    touch(page, '[data-act="listen"]')
    expect(page.locator('[data-act="listen"]')).to_have_attribute("aria-pressed", "false")
    (ticket,) = served.tickets()
    assert asked == [f"/kiosk/voice/number/{ticket.token}.wav", "/kiosk/voice/number.wav"]


def tone(seconds: float) -> bytes:
    """A silent WAV."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(2 * round(8000 * seconds)))
    return out.getvalue()


def test_language_and_sizes_change_in_place(served: Kiosk) -> None:
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


def test_idle_warns_then_starts_anew_in_the_first_language(served: Kiosk) -> None:
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


def test_number_leaves_by_itself_after_the_slip(served: Kiosk) -> None:
    page = served.page()
    take(page)
    served.printed(served.tickets()[0])
    expect(page.locator('[data-slot="home-in"]')).to_contain_text("Về trang đầu sau")
    page.clock.run_for(6_000)
    expect(page.locator("#home-title")).to_be_visible()


def test_keyboard_is_enough(served: Kiosk) -> None:
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
