"""Every screen of receipts and procedures at each size, in large type and low reach; and no person on any of them."""

import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response, Route, expect

from tools.citizen import SMALL, TALL, WIDE, Kiosk, rest, standing, touch
from tools.drawing import FAULTS
from tools.receipts_held import ELDER, HELD, PERSONAL, YOUNG, hold, register, scanned
from tools.rehearsal import PHRASES, post_catalogue

HOME = '.foot [data-act="home"], .helps [data-act="home"]'
OPEN = ".screen:not([hidden])"
SHOWN = ("", "?lang=en&type=large&reach=low")
KEYED = """text => { for (const key of text)
  document.querySelector(`.screen:not([hidden]) [data-key="${key}"]`).click(); }"""
TEMPLATES = Path(__file__).parents[1] / "kiosk" / "templates" / "kiosk"


@pytest.fixture
def served(tmp_path: Path, browser: Browser) -> Iterator[Kiosk]:
    patient = {"idle_s": 600, "warn_s": 60, "thanks_s": 60, "per_minute": 600}
    with standing(tmp_path, browser, kiosk=patient, scans={"guesses": 600, "per_minute": 600}) as kiosk:
        kiosk.hall.do(post_catalogue)
        register(kiosk)
        yield kiosk


def well_drawn(page: Page, name: str) -> None:
    page.clock.run_for(50)
    assert page.locator(OPEN).get_attribute("data-name") == name
    assert page.evaluate(FAULTS) == [], f"{name} at {page.viewport_size} {page.url}"


def answered(page: Page, text: str, name: str) -> None:
    """A scan, its answer, and the screen that it leads to."""
    with page.expect_response("**/api/v1/scans"):
        scanned(page, text)
    expect(page.locator(f"#{name}-title")).to_be_visible()
    well_drawn(page, name)


def walk_scans(served: Kiosk, page: Page) -> None:
    """Every screen that a scan leads to."""
    touch(page, '[data-act="scan"]:visible')
    well_drawn(page, "scan")
    touch(page, f'{OPEN} [data-act="code"]')
    rest(page)
    page.evaluate(KEYED, HELD[0].code)
    well_drawn(page, "code")
    for receipt in HELD:
        answered(page, receipt.code, receipt.screen)
    for card in (ELDER, YOUNG):
        answered(page, card, "scan-card")
    answered(page, f"/t/{served.hall.issue('ho-tich').token}", "scan-ticket")
    scanned(page, "DVC-Á12")
    well_drawn(page, "scan-garbled")
    for status, name in ((500, "scan-trouble"), (429, "scan-wait")):
        page.route("**/api/v1/scans", partial(_refuse, status))
        answered(page, f"{HELD[0].code}{status}", name)
        page.unroute("**/api/v1/scans")


def _refuse(status: int, route: Route) -> None:
    headers = {"Retry-After": "42", "Content-Type": "application/problem+json"}
    route.fulfill(status=status, headers=headers, body="{}")


def walk_procedures(page: Page) -> None:
    """Every screen of the posted procedures."""
    touch(page, '[data-act="look-up"]:visible')
    well_drawn(page, "fields")
    touch(page, '[data-field="Hộ tịch"]')
    expect(page.locator("#list-title")).to_be_visible()
    well_drawn(page, "list")
    touch(page, f'{OPEN} [data-act="find"]')
    rest(page)
    page.evaluate(KEYED, "KHAI SINH")
    page.clock.run_for(200)
    expect(page.locator(f"{OPEN} [data-act=procedure]").first).to_be_visible()
    well_drawn(page, "find")
    rest(page)
    page.locator(f"{OPEN} [data-act=procedure]").first.click()
    expect(page.locator("#procedure-title")).to_be_visible()
    well_drawn(page, "procedure")
    touch(page, f'{OPEN} [data-act="brought"]')
    well_drawn(page, "brought")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("size", "query"),
    [(TALL, SHOWN[0]), (TALL, SHOWN[1]), (WIDE, SHOWN[1]), (SMALL, SHOWN[1])],  # large type is the fullest
    ids=["tall plain", "tall large low", "wide large low", "small large low"],
)
def test_nothing_is_cut_or_small_at(served: Kiosk, size: tuple[int, int], query: str) -> None:
    page = served.page(size, f"/kiosk{query}")
    well_drawn(page, "home")
    walk_procedures(page)
    touch(page, HOME)
    walk_scans(served, page)


@pytest.mark.browser
def test_no_person_is_on_a_page_in_an_answer_or_in_a_stream(served: Kiosk) -> None:
    page = served.page()
    heard: list[str] = []

    def keep(answer: Response) -> None:
        if re.search(r"json|text/html", answer.headers.get("content-type", "")):
            heard.append(answer.text())

    page.on("response", keep)
    page.on("request", lambda asked: heard.append(asked.post_data or ""))
    for receipt in HELD:
        hold(page, receipt)
        heard.append(page.content())
    scanned(page, ELDER)
    expect(page.locator("#scan-card-title")).to_be_visible()
    heard.append(page.content())
    ticket = served.hall.issue("ho-tich")
    heard.append(served.page((390, 844), f"/t/{ticket.token}").content())
    journal = [json.dumps(list(row)) for row in served.hall.store.read().execute("SELECT data, dossier FROM journal")]
    found = [word for word in PERSONAL for text in [*heard, *journal] if word in text]
    assert found == []
    assert len(heard) > len(HELD)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_screen_has_its_spoken_help(language: str) -> None:
    named: set[str] = set()
    for template in ("home", "class", "number", "scan", "procedures"):
        named |= set(re.findall(r'data-name="([a-z-]+)"', (TEMPLATES / f"{template}.html").read_text(encoding="utf-8")))
    named |= {
        f"scan-{n}" for n in re.findall(r'result\("([a-z]+)"', (TEMPLATES / "results.html").read_text(encoding="utf-8"))
    }
    named |= set(re.findall(r'stop\("([a-z]+)"', (TEMPLATES / "stops.html").read_text(encoding="utf-8")))
    assert len(named) > 20
    spoken = PHRASES.section(language, "kiosk.voice")
    assert sorted(name.replace("-", "_") for name in named if name.replace("-", "_") not in spoken) == []
