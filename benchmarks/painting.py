"""(b) From call-next to the number painted on the board in real Chromium."""

import json
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.figures import Figure, middle, percentile
from benchmarks.hall import HOST, Office, connect, found, post, serving
from tools.browser import chromium

CALLS = 20
PAUSE_S = 4.3
"""The board shows a call at least 4 s before it takes the next one."""
LIMIT_MS = 150.0
WATCH = """
() => {
  const place = document.querySelector('[data-part="now"] [data-part="number"]');
  window.painted = {};
  new MutationObserver(() => {
    const number = place.textContent.trim();
    if (!number || number in window.painted) return;
    window.painted[number] = 0;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();  // its message comes after this frame is drawn
      channel.port1.onmessage = () => { window.painted[number] = performance.timeOrigin + performance.now(); };
      channel.port2.postMessage(0);
    });
  }).observe(place, { childList: true, characterData: true, subtree: true });
}
"""
CLOCK = "() => performance.timeOrigin + performance.now()"


def measure(folder: Path) -> list[Figure]:
    """Call at one counter, one number after another, each when the board is ready to show it at once."""
    office = found(folder)
    with ExitStack() as ending:
        ending.enter_context(serving(office))
        browser = ending.enter_context(sync_playwright()).chromium.launch(executable_path=chromium(), headless=True)
        ending.callback(browser.close)
        page = _board(browser.new_context(viewport={"width": 1920, "height": 1080}), office)
        ahead = _clock_ahead_ms(page)
        waits = [when - ahead - began for began, when in _calls(page, office)]
    return [
        Figure(
            "b", "call-next sent → number painted on /board in Chromium: p95", percentile(waits, 0.95), "ms", LIMIT_MS
        ),
        Figure("b", "the same: p50", middle(waits), "ms"),
        Figure("b", "the same: longest", max(waits), "ms"),
    ]


def _board(context: Any, office: Office) -> Page:
    context.add_cookies([{"name": "mc_board", "value": office.board, "url": f"http://{HOST}:{office.port}"}])
    page: Page = context.new_page()
    page.goto(f"http://{HOST}:{office.port}/board?sound=off")
    page.wait_for_load_state("load")
    page.evaluate(WATCH)
    time.sleep(1)
    return page


def _clock_ahead_ms(page: Page) -> float:
    """By how much the page's clock is ahead of ours: from the quickest of several questions."""
    asked: list[tuple[float, float]] = []
    for _ in range(20):
        before = 1000 * time.time()
        told = page.evaluate(CLOCK)
        after = 1000 * time.time()
        asked.append((after - before, told - (before + after) / 2))
    return min(asked)[1]


def _calls(page: Page, office: Office) -> list[tuple[float, float]]:
    """When each call was sent and, by the page's clock, when its number was painted; ms."""
    line = connect(office.port)
    service = office.settings.counters[0].services[0]
    found_at = []
    for _ in range(CALLS):
        post(line, office, "/tickets", json.dumps({"service": service}))
        began = 1000 * time.time()
        _, body = post(line, office, "/counters/1/call-next")
        number = json.loads(body)["ticket"]["number"]
        when = page.wait_for_function("number => window.painted[number]", arg=number, timeout=5000).json_value()
        found_at.append((began, float(when)))
        post(line, office, "/counters/1/absent")
        time.sleep(PAUSE_S)
    line.close()
    return found_at
