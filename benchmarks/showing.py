"""(f) From asking for footage to having it: clips of a minute from the real server, the log's player in Chromium."""

import http.client
import random
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from playwright.sync_api import Page, sync_playwright

from benchmarks.figures import Figure, middle, percentile
from benchmarks.footage_day import CAMERAS, Day, forget, made
from benchmarks.hall import HOST, connect, serving
from tools.browser import chromium
from web.callers import SESSION_COOKIE

CLIPS: Final = 60
CLIP_MS: Final = 60_000
CLICKS: Final = 40
SETTLE_S: Final = 4.0
SEED: Final = 4
WATCH: Final = """
() => {
  const stage = document.querySelector('[data-part="stage"]');
  const shown = () => {
    const tiles = [...document.querySelectorAll(".tile:not([hidden])")];
    return stage.ariaBusy === "false" && tiles.length && tiles.every((tile) => tile.dataset.state === "showing");
  };
  const painted = (from) => {
    const channel = new MessageChannel(); // its message comes after this frame is drawn
    channel.port1.onmessage = () => { window.took = performance.now() - from; };
    channel.port2.postMessage(0);
  };
  const look = (from) => requestAnimationFrame(() => (shown() ? painted(from) : look(from)));
  document.querySelector('[data-part="line"]').addEventListener("click", (event) => {
    window.took = 0;
    look(event.timeStamp);
  });
}
"""


def measure(folder: Path) -> list[Figure]:
    """Clips from the disk, then the same with pieces that were just read, then clicks."""
    day = made(folder)
    with serving(day.office):
        forget(day.office)
        time.sleep(SETTLE_S)
        cold, size = _clips(day, SEED)
        for at in range(len(CAMERAS)):  # a clip of all, so that the pieces have been read
            _clip(connect(day.office.port), day, CAMERAS[at].name, day.begins, day.ends)
        warm, _ = _clips(day, SEED + 1)
        forget(day.office)
        clicks = _clicks(day)
    return [
        Figure("f", "clip of 60 s, 1080p, pieces from the disk: whole answer, p95", percentile(cold, 0.95), "ms", 300),
        Figure("f", "the same: p50", middle(cold), "ms"),
        Figure("f", "pieces just read: whole answer, p95", percentile(warm, 0.95), "ms", 300),
        Figure("f", "the same: p50", middle(warm), "ms"),
        Figure("f", "a clip of 60 s", size / 1_000_000, "MB"),
        Figure("f", "click on the line of time → frames of two cameras, p95", percentile(clicks, 0.95), "ms", 500),
        Figure("f", "the same: p50", middle(clicks), "ms"),
        Figure("f", "the same: longest", max(clicks), "ms"),
    ]  # fmt: skip


def _clips(day: Day, seed: int) -> tuple[list[float], float]:
    """Milliseconds to each whole answer; the mean size of one in bytes."""
    chance, line, took, sizes = random.Random(seed), connect(day.office.port), [], []
    for number in range(CLIPS):
        begins = chance.randrange(day.begins, day.ends - CLIP_MS)
        began = time.perf_counter()
        size = _clip(line, day, CAMERAS[number % len(CAMERAS)].name, begins, begins + CLIP_MS)
        took.append(1000 * (time.perf_counter() - began))
        sizes.append(size)
    line.close()
    return took, sum(sizes) / len(sizes)


def _clip(line: http.client.HTTPConnection, day: Day, camera: str, begins: int, ends: int) -> int:
    """Fetch a clip; its size in bytes. Raises RuntimeError when there is none."""
    asked = urlencode({"camera": camera, "from": _rfc(begins), "to": _rfc(ends)})
    line.request("GET", f"/api/v1/footage/clip?{asked}", headers=day.office.headers)
    answer = line.getresponse()
    size = len(answer.read())
    if answer.status != 200 or answer.getheader("Footage-Gaps") != "[]":
        raise RuntimeError(f"no whole clip: {answer.status} {answer.getheader('Footage-Gaps')}")
    return size


def _clicks(day: Day) -> list[float]:
    """Milliseconds from each click to the pictures, the player standing; each at a moment that is not at hand."""
    chance = random.Random(SEED)
    with ExitStack() as ending:
        browser = ending.enter_context(sync_playwright()).chromium.launch(executable_path=chromium())
        ending.callback(browser.close)
        page = _player(browser.new_context(viewport={"width": 1366, "height": 768}).new_page(), day)
        box = page.locator(".track").bounding_box()
        if box is None:
            raise RuntimeError("the player shows no line of time")
        places = [(number + chance.random()) / CLICKS for number in range(CLICKS)]
        chance.shuffle(places)
        return [_click(page, box["x"] + place * box["width"], box["y"] + 30) for place in places]


def _player(page: Page, day: Day) -> Page:
    """The visit's page with footage open, standing."""
    address = f"http://{HOST}:{day.office.port}"
    page.context.add_cookies([{"name": SESSION_COOKIE, "value": day.cookie, "url": address}])
    page.goto(f"{address}/staff/log?visit={day.ticket}")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.keyboard.press("v")
    page.select_option("#watch-reason", "test")
    page.click('[data-part="why"] [type="submit"]')
    page.wait_for_selector('.scene[data-state="open"]')
    page.wait_for_selector('[data-act="play"][aria-pressed="true"]')
    page.keyboard.press("k")
    page.wait_for_selector('.stage[aria-busy="false"]:not(:has(.tile:not([hidden])[data-state="loading"]))')
    page.evaluate(WATCH)
    return page


def _click(page: Page, x: float, y: float) -> float:
    page.mouse.click(x, y)
    took = page.wait_for_function("() => window.took", timeout=15_000).json_value()
    page.evaluate("() => { window.took = 0; }")
    return float(took)


def _rfc(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
