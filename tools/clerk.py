"""Clerks at their counters: a rehearsed hall behind the real server, the staff pages worked in real Chromium."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Locator, Page

from office import issuing, journal, people
from office.people import Role
from office.tickets import State, Ticket
from tools.rehearsal import Hall, settings_with
from tools.webhall import PASSWORD, Doors
from web.callers import SESSION_COOKIE

SIZES: Final = ((1366, 768), (1366, 650), (1920, 1080))
"""The clerk's screen, the same below a browser's own bars, and a large one."""

PEOPLE: Final = (("lan", Role.CLERK), ("minh", Role.CLERK), ("ha", Role.SUPERVISOR))


@dataclass
class Counters:
    """A hall with its server running in this process, and the browser to work in it."""

    doors: Doors
    address: str
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)

    @property
    def hall(self) -> Hall:
        """The rehearsed hall behind it."""
        return self.doors.hall

    def page(self, size: tuple[int, int] = SIZES[0]) -> Page:
        """A page of a browser of its own, nobody signed in."""
        window = {"width": size[0], "height": size[1]}
        context = self.browser.new_context(viewport=window, reduced_motion="reduce", base_url=self.address)  # type: ignore[arg-type]  # a TypedDict of just these
        self.contexts.append(context)
        return context.new_page()

    def desk(self, name: str, counter: str, *, language: str = "vi") -> Page:
        """The page of a clerk who signed in and sat down."""
        page = self.page()
        self.sign_in(page, name, counter)
        self.show(page, f"/staff/counter?lang={language}")
        return page

    def sign_in(self, page: Page, name: str, counter: str = "") -> None:
        """Sign in without the form."""
        store, web = self.hall.store, self.doors.web
        secret, session = people.sign_in(store, web.settings, web.passwords, name, PASSWORD, address="")
        with store.act() as act:
            people.sit_at(act, session, counter)
        page.context.add_cookies([{"name": SESSION_COOKIE, "value": secret, "url": self.address}])

    def show(self, page: Page, path: str) -> None:
        """Go there and wait until the page's script is at work."""
        page.goto(path)
        page.wait_for_selector("html[data-ready]", state="attached")

    def days_later(self, days: int) -> None:
        """Some days on; no page was open meanwhile, which would lead to the sign-in in the midst of what comes next."""
        for context in self.contexts:
            for page in context.pages:
                page.goto("about:blank")
        self.hall.clock.turn(days=days)

    def tell(self, kind: str, **data: Any) -> None:
        """Write an event as a device or a kiosk does."""
        with self.hall.store.act() as act:
            journal.append(act, kind, office=self.hall.settings.office.id, actor="screen:kiosk-1", data=data)

    def ask_help_without_paper(self) -> None:
        """A kiosk asks for help and the printer is out of paper."""
        self.tell("help.requested", screen="Kiosk 1")
        self.tell("printer.failed", reason="paper_out", number="", service="", job=0, given_up=False)

    def kinds(self, prefix: str = "ticket.") -> list[str]:
        """Kinds in the journal in order, issuing left out."""
        kinds = [event.kind for event in journal.read(self.hall.store.read())]
        return [kind for kind in kinds if kind.startswith(prefix) and kind != "ticket.issued"]

    def state(self, ticket: Ticket) -> State:
        """A ticket's state now."""
        return issuing.find(self.hall.store.read(), ticket.id).state


@contextmanager
def at_work(folder: Path, browser: Browser) -> Iterator[Counters]:
    """An office of its own in ``folder`` with three people who may sign in, all counters closed."""
    hall = Hall(folder, settings_with(printer={"driver": "network"}, web={"sign_in_tries": 3}))
    doors = Doors(hall)
    doors.web.devices["printer"] = lambda: {"state": "ok"}
    for name, role in PEOPLE:
        hall.do(people.add, doors.web.passwords, name, role, PASSWORD, actor="system")
    with doors.serving() as port:
        made = Counters(doors, f"http://127.0.0.1:{port}", browser)
        yield made
        for context in made.contexts:
            context.close()
    hall.store.close()


def shows(page: Page | Locator, slot: str) -> Locator:
    """The text the page fills in by that name."""
    return page.locator(f'[data-slot="{slot}"]')


def idle(page: Page) -> None:
    """Wait until the page's last act is over."""
    page.wait_for_selector("html[data-ready]:not([data-busy])", state="attached")


def press(page: Page, *keys: str) -> None:
    """Press one key after another, each once the last one's act is over."""
    for key in keys:
        idle(page)
        page.keyboard.press(key)
    idle(page)
