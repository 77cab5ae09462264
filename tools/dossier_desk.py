"""The register's page as its tests drive it: the hands of a clerk who enters and looks up dossiers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, Request, expect

from office import turns
from tools.clerk import Counters, at_work, shows
from tools.rehearsal import CLERK, post_catalogue


@contextmanager
def at_register(folder: Path, browser: Browser) -> Iterator[Counters]:
    """An office with its posted catalogue and the number H-001 at counter 1, being served."""
    with at_work(folder, browser) as made:
        made.hall.do(post_catalogue)
        made.hall.open("1")
        made.hall.issue("ho-tich")
        made.hall.do(turns.call_next, "1", actor=CLERK)
        made.hall.do(turns.start, "1", actor=CLERK)
        yield made


def register(served: Counters, query: str = "", name: str = "lan") -> Page:
    """The register's page of a clerk at counter 1."""
    page = served.page()
    served.sign_in(page, name, "1")
    served.show(page, f"/staff/dossiers{query}")
    return page


def choose(page: Page, words: str) -> None:
    """Type into the procedure's field and take the first found."""
    field = page.locator("#new-procedure")
    field.fill("")
    field.press_sequentially(words)
    expect(page.locator("#procedure-0")).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    expect(field).to_have_attribute("aria-expanded", "false")


def enter(page: Page, name: str = "Nguyễn Văn Thử") -> None:
    """Fill the form's least: a procedure, its papers, a name."""
    choose(page, "mai tang bao tro xa hoi")
    page.locator("[data-act='all-papers']").click()
    page.locator("#new-name").fill(name)


def state(page: Page) -> Locator:
    """The badge that tells the status of the dossier shown."""
    return shows(page, "status")


def posts(page: Page, path: str) -> list[Request]:
    """The POSTs to ``path`` from now on, as they come."""
    found: list[Request] = []
    page.on("request", lambda one: found.append(one) if one.method == "POST" and one.url.endswith(path) else None)
    return found


def printed(page: Page, press_what: str) -> Page:
    """The print page that an act opens beside the register."""
    with page.expect_popup() as opened:
        page.keyboard.press(press_what)
    paper = opened.value
    paper.wait_for_url("**/forms/**")
    return paper
