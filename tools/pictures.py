"""The pictures of the README, taken from a real demo office: ``make pictures`` (or ``python -m tools.pictures``)."""

import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

from demo.office import PASSWORD
from tools.browser import chromium

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / "docs" / "pictures"
KIOSK, BOARD, DESK, PHONE = (1080, 1920), (1920, 1080), (1366, 768), (390, 844)
START_S: Final = 30
SHOWN_MS: Final = 1500
FILMED_MS: Final = 20_000  # a conversation; until its footage is on the disk; some of it played
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--autoplay-policy=no-user-gesture-required",
)


@contextmanager
def demo_office(data: Path) -> Iterator[str]:
    """A demo office on a free port; its address."""
    command = [sys.executable, "server.py", "--data", str(data), "demo", "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
    try:
        yield _address(process)
    finally:
        process.terminate()
        process.wait(20)


def _address(process: subprocess.Popen[str]) -> str:
    deadline = time.monotonic() + START_S
    while process.stdout and time.monotonic() < deadline:
        line = process.stdout.readline()
        if found := re.match(r"Door\s+(\S+?)/$", line.strip()):
            return found[1]
    raise SystemExit("the demo office did not start")


def take(browser: Browser, address: str, data: Path) -> None:
    """Go through a visit and take a picture of every face."""
    kiosk, board, desk = (_page(browser, size) for size in (KIOSK, BOARD, DESK))
    board.goto(f"{address}/board")
    kiosk.goto(f"{address}/kiosk")
    _save(kiosk, "kiosk")
    kiosk.locator("[data-service]").first.click()
    kiosk.wait_for_timeout(SHOWN_MS)
    _save(kiosk, "kiosk-class")
    kiosk.locator("[data-act='class'][data-class='']").click()
    kiosk.wait_for_timeout(2 * SHOWN_MS)
    _save(kiosk, "kiosk-number")
    _serve(desk, address)
    _save(desk, "counter")
    board.wait_for_timeout(SHOWN_MS)
    _save(board, "board")
    _phone(browser, address, desk)
    _papers(desk, address)
    _log(browser, address)
    slips = sorted((data / "demo" / "slips").glob("*.png"))
    shutil.copyfile(slips[-1], FOLDER / "slip.png")


def _serve(desk: Page, address: str) -> None:
    _sign_in(desk, address, "lan")
    desk.locator("[data-counter='1']").first.click()
    _press(desk, "o", "Space", "s")  # open, call, start


def _sign_in(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/staff")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/staff/counter*")


def _press(page: Page, *keys: str) -> None:
    page.wait_for_timeout(SHOWN_MS)
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(SHOWN_MS)


def _phone(browser: Browser, address: str, desk: Page) -> None:
    issued = desk.evaluate(
        "async () => (await (await fetch('/api/v1/tickets', {method: 'POST', headers: {'Content-Type':"
        " 'application/json', 'X-CSRF-Token': document.querySelector('meta[name=csrf]').content},"
        " body: JSON.stringify({service: 'ho-tich'})})).json()).url"
    )
    phone = _page(browser, PHONE)
    phone.goto(f"{address}/t/{issued.rsplit('/', 1)[1]}")
    _save(phone, "phone")


def _papers(desk: Page, address: str) -> None:
    """A receipt and a control slip of one of the demo's dossiers that has been handed on."""
    code = desk.evaluate(
        "async () => { const all = (await (await fetch('/api/v1/dossiers?limit=20')).json()).dossiers;"
        " return (all.find((one) => one.unit && one.unit !== all[0].unit) ?? all[0]).code; }"
    )
    for kind, name in (("giay_tiep_nhan", "form-receipt"), ("phieu_kiem_soat", "form-control")):
        desk.goto(f"{address}/staff/dossiers/{code}/forms/{kind}")
        desk.wait_for_timeout(SHOWN_MS)
        desk.locator(".paper").screenshot(path=FOLDER / f"{name}.png")


def _log(browser: Browser, address: str) -> None:
    """A visit to a counter with a camera, and its footage."""
    clerk, chief = _page(browser, DESK), _page(browser, DESK)
    _sign_in(clerk, address, "minh")
    clerk.locator("[data-counter='2']").first.click()
    _press(clerk, "Space", "s")  # call, start; the counter is open already
    number = clerk.locator("[data-slot=now-number]").inner_text()
    clerk.wait_for_timeout(FILMED_MS)
    _press(clerk, "Enter")  # finish
    clerk.wait_for_timeout(FILMED_MS)
    _sign_in(chief, address, "ha")
    chief.goto(f"{address}/staff/log")
    chief.locator("a.open", has_text=number).first.click()
    chief.wait_for_timeout(SHOWN_MS)
    chief.locator("[data-act=watch]").click()
    chief.select_option("#watch-reason", "complaint")
    chief.locator("dialog[open] [type=submit]").click()
    chief.wait_for_timeout(FILMED_MS)
    _save(chief, "log")


def _page(browser: Browser, size: tuple[int, int]) -> Page:
    return browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="vi-VN").new_page()


def _save(page: Page, name: str) -> None:
    page.wait_for_timeout(SHOWN_MS)
    page.screenshot(path=FOLDER / f"{name}.png")


def main() -> None:
    """Renew docs/pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, demo_office(Path(folder)) as address, sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        take(browser, address, Path(folder))
        browser.close()


if __name__ == "__main__":
    main()
