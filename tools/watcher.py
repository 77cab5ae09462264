"""A supervisor before the service log: an office with cameras, footage of one visit, and the page in real Chromium."""

import io
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page

from camera.gallery import Gallery
from office import people, turns
from office.people import Role
from office.tickets import Ticket
from tools.burnt_clock import Burnt, read
from tools.clerk import Counters
from tools.footage_made import Made
from tools.footage_stand import Stand
from tools.rehearsal import Hall, settings_with
from tools.webhall import API, PASSWORD, Doors
from web.hall import Footage

CAMERAS: Final[tuple[dict[str, Any], ...]] = (
    {"name": "q1", "title": {"vi": "Quầy 1", "en": "Counter 1"}, "covers": [{"counter": "1"}]},
    {"name": "q1-ngang", "title": {"vi": "Quầy 1 nhìn ngang", "en": "Side"}, "covers": [{"counter": "1"}]},
    {"name": "sanh", "title": {"vi": "Phòng chờ", "en": "Hall"}, "offset_s": 3.2},
)
NUMBERS: Final = {one["name"]: number for number, one in enumerate(CAMERAS, 1)}
"""Camera → the number burnt into its picture."""
GAP_S: Final = (22, 30)
"""What is missing of the first camera, seconds after the footage begins."""


@dataclass
class Watcher:
    """The office, the visit with its footage from ``begins`` (ms UTC) on, and the footage API with its dials."""

    counters: Counters
    stand: Stand
    ticket: Ticket
    begins: int
    asked: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def page(self, name: str = "ha") -> Page:
        """The visit's page; ``asked`` keeps what footage it asks for, ``missing`` files there are none of."""
        page = self.counters.page()
        self.counters.sign_in(page, name)
        page.on("request", lambda request: self.asked.append(request.url) if "/footage/" in request.url else None)
        page.on("response", lambda told: self.missing.append(told.url) if told.status == 404 else None)
        self.counters.show(page, f"/staff/log?visit={self.ticket.id}")
        return page

    def watch(self, page: Page, reason: str = "complaint") -> None:
        """Give a reason and wait for the pictures."""
        page.keyboard.press("v")
        page.select_option("#watch-reason", reason)
        page.click('[data-part="why"] [type="submit"]')
        page.wait_for_selector('.scene[data-state="open"]')
        self.stands(page)

    def stands(self, page: Page) -> None:
        """Wait until the pictures asked for are there."""
        page.wait_for_selector('.stage[aria-busy="false"]:not(:has(.tile:not([hidden])[data-state="loading"]))')

    def go(self, page: Page, seconds: float) -> None:
        """Point at the line of time, so many seconds after the footage begins; the player stands."""
        if page.get_attribute('[data-act="play"]', "aria-pressed") == "true":
            page.keyboard.press("k")
        first, last = (int(page.get_attribute(".line", f"aria-value{end}") or 0) for end in ("min", "max"))
        box = page.locator(".track").bounding_box() or {"x": 0, "width": 0, "y": 0}
        share = (self.begins + 1000 * seconds - first) / (last - first)
        page.mouse.click(box["x"] + share * box["width"], box["y"] + 30)
        self.stands(page)

    def at(self, page: Page) -> int:
        """The moment the page says it shows, ms UTC."""
        return int(page.get_attribute(".line", "aria-valuenow") or 0)

    def burnt(self, page: Page) -> dict[str, Burnt | None]:
        """The clock in each picture that is to be seen."""
        seen = {}
        for tile in page.locator('.tile:not([hidden])[data-state="showing"]').all():
            shot = tile.locator("video[data-front]").screenshot(animations="disabled")
            seen[tile.get_attribute("data-camera") or ""] = read(Image.open(io.BytesIO(shot)))
        return seen


@contextmanager
def watching(folder: Path, browser: Browser) -> Iterator[Watcher]:
    """An office in ``folder`` in which one visit is over, with half a minute of footage after it."""
    cameras = [one | {"address": "rtsp://127.0.0.1/none"} for one in CAMERAS]
    hall = Hall(folder, settings_with(cameras=cameras, printer={"driver": "network"}))
    doors = Doors(hall)
    stand = Stand(doors.web, folder / "footage")
    gallery = Gallery(hall.store, hall.settings, stand.folder, folder, lambda _: None)
    doors.web.footage = Footage(gallery.cover, gallery.clip, gallery.picture)
    _stand_in(doors, stand)
    hall.do(people.add, doors.web.passwords, "ha", Role.SUPERVISOR, PASSWORD, actor="system")
    begins = hall.clock() + 1000
    ticket = _visit(hall)
    made = Made(stand.folder, hall.store)
    for name, number in NUMBERS.items():
        gap = (begins + 1000 * GAP_S[0], begins + 1000 * GAP_S[1]) if number == 1 else (0, 0)
        made.record(name, number, (begins, hall.clock()), without=gap, hall=name == "sanh")
    hall.clock.turn(seconds=60)
    gallery.start()
    with closing(gallery), doors.serving() as port:
        counters = Counters(doors, f"http://127.0.0.1:{port}", browser)
        yield Watcher(counters, stand, ticket, begins)
        for context in counters.contexts:
            context.close()
    hall.store.close()


def _stand_in(doors: Doors, stand: Stand) -> None:
    """Let ``stand`` answer in place of the office's own footage API, while it is on."""
    own, office = Flask("stand"), doors.app.wsgi_app
    own.register_blueprint(stand.blueprint(), url_prefix=API)

    def either(environ: Any, start: Any) -> Any:
        asked = own if stand.on and environ["PATH_INFO"].startswith(f"{API}/footage") else office
        return asked(environ, start)

    doors.app.wsgi_app = either  # type: ignore[method-assign, assignment]  # Flask's own way to wrap an app


def _visit(hall: Hall) -> Ticket:
    """Taken after 10 s, called to counter 1, served for 20 s; 31 s later it is now."""
    hall.open("1")
    ticket = hall.issue("ho-tich", after_s=10)
    hall.clock.turn(seconds=12)
    hall.do(turns.call_next, "1", actor="person:lan")
    hall.clock.turn(seconds=4)
    hall.do(turns.start, "1", actor="person:lan")
    hall.clock.turn(seconds=20)
    hall.do(turns.finish, "1", actor="person:lan")
    hall.clock.turn(seconds=31)
    return hall.ticket(ticket)
