"""A citizen at a kiosk: a rehearsed hall behind the real server, its pages touched in real Chromium."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

import kiosk.pages
from office import journal
from office.tickets import Ticket, ticket_from
from tools.browser import chromium
from tools.rehearsal import PHRASES, Hall, settings_with
from tools.serving import Serving
from web.app import create_app
from web.arrivals import Arrivals
from web.hall import Hall as Running
from web.pulse import Pulse

TALL, WIDE, SMALL, LAPTOP = (1080, 1920), (1920, 1080), (1280, 800), (1366, 768)
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
GHOST_MS = 400
"""The kiosk ignores touches for 350 ms after a screen changed (see page.js)."""


@dataclass
class Kiosk:
    """A hall with its server running in this process, and the browser to look at it."""

    hall: Hall
    address: str
    browser: Browser
    readers: Arrivals
    """What the readers at the server report to."""

    def page(self, size: tuple[int, int] = TALL, path: str = "/kiosk") -> Page:
        """A new page whose clock may be turned forward with ``page.clock.run_for``."""
        page = self.browser.new_page(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
        page.clock.install()
        self.show(page, path)
        return page

    def show(self, page: Page, path: str) -> None:
        """Go there and wait until the page's script is at work."""
        page.goto(f"{self.address}{path}")
        page.wait_for_selector("html[data-ready]")

    def printed(self, ticket: Ticket) -> None:
        """Write that the slip is on paper."""
        self.tell("ticket.printed", ticket, copy=False, confirmed=True, job=ticket.seq)

    def tell(self, kind: str, ticket: Ticket, **data: Any) -> None:
        """Write what the printer's spooler writes."""
        office = self.hall.settings.office.id
        fields = {"number": ticket.number, "service": ticket.service} | data
        with self.hall.store.act() as act:
            journal.append(act, kind, office=office, actor="system", ticket=ticket.id, data=fields)

    def tickets(self) -> list[Ticket]:
        """All tickets, oldest first."""
        return [ticket_from(row) for row in self.hall.store.read().execute("SELECT * FROM tickets ORDER BY seq")]


@contextmanager
def browsing() -> Iterator[Browser]:
    """Chromium, for as long as it is needed."""
    path = chromium()
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=path, args=ARGS)
        yield started
        started.close()


@contextmanager
def standing(folder: Path, browser: Browser, **sections: Any) -> Iterator[Kiosk]:
    """An office of its own in ``folder`` with counters 1, 2, 3 and 5 open, served on a free port.

    ``sections`` of the configuration take the place of those that it has here.
    """
    usual: dict[str, Any] = {
        "office": {"public_url": "http://192.168.1.10:8000"},
        "kiosk": {"idle_s": 10, "warn_s": 5, "thanks_s": 5, "per_minute": 600},
        "printer": {"driver": "network"},
    }
    settings = settings_with(demo=True, **usual | sections)
    hall = Hall(folder, settings)
    hall.open("1", "2", "3", "5")
    running = Running(hall.settings, PHRASES, hall.store, Pulse(hall.store, hall.settings))
    served = Serving(running, create_app(running, (kiosk.pages.create(running),)))
    try:
        readers = Arrivals(hall.store, hall.settings, running.inbox)
        yield Kiosk(hall, served.address, browser, readers)
    finally:
        for context in browser.contexts:
            context.close()
        served.stop()
        hall.store.close()


def rest(page: Page) -> None:
    """Turn the page's clock on until it takes touches: what has just come or moved is left alone."""
    page.clock.run_for(GHOST_MS)
    page.wait_for_selector("#kiosk:not([data-fresh]):not(:has([data-moving], [aria-busy=true]))")


def touch(page: Page, selector: str) -> None:
    """Touch once the screen has settled."""
    rest(page)
    page.locator(selector).click()


def take(page: Page, service: str = "ho-tich", claim: str = "") -> None:
    """Two touches to a number."""
    touch(page, f'[data-service="{service}"]')
    touch(page, f'[data-class="{claim}"]')
    expect(page.locator("output.number")).to_be_visible()


def refuse(page: Page, status: int, key: str) -> None:
    """Let the API refuse every wish for a number."""
    headers = {"Retry-After": "2", "Content-Type": "application/problem+json"}
    body = json.dumps({"key": key, "status": status})
    page.route("**/api/v1/tickets", lambda route: route.fulfill(status=status, headers=headers, body=body))
