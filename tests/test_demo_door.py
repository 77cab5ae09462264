"""The demo's door on a laptop: all of it is in sight at once, nothing lies behind the notice about cameras."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from demo.office import door
from office.settings import load
from tools.citizen import LAPTOP
from tools.live import Live
from tools.rehearsal import CONFIG, settings_with

HIDDEN = """() => {
  const notice = document.querySelector('.camera').getBoundingClientRect();
  return [...document.querySelectorAll('.door *')]
    .filter((e) => !e.children.length && e.getBoundingClientRect().bottom > Math.min(notice.top, innerHeight) + 1)
    .map((e) => e.textContent);
}"""


@pytest.mark.browser
def test_the_door_fits_a_laptop_in_every_language(tmp_path: Path, browser: Browser) -> None:
    live = Live(tmp_path, settings_with(demo=True))
    panels = dict.fromkeys(("printer", "scanner", "camera"), "http://127.0.0.1:9/")
    live.door = door(load(CONFIG), "http://127.0.0.1:8000") | panels
    live.start()
    try:
        page = browser.new_page(viewport={"width": LAPTOP[0], "height": LAPTOP[1]})
        for language in live.settings.office.languages:
            page.goto(f"{live.url}/?lang={language}")
            assert page.locator(".try > p").count() == 3
            assert page.evaluate(HIDDEN) == []
            assert page.evaluate("document.documentElement.scrollHeight") <= LAPTOP[1]
        page.close()
    finally:
        live.stop()
        live.store.close()
