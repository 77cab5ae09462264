"""Somebody asked after a late dossier: it waits on every page of a supervisor until one of them knows of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from office import dossier_intake, overdue_seen
from office.dossier_intake import Intake
from office.people import Role
from office.replay import rehearse
from tools.clerk import Counters, at_work, shows
from tools.rehearsal import CLERK, Hall
from tools.webhall import API, Doors, post

PAGES = ("counter", "dossiers", "log", "setup")


def late(hall: Hall) -> str:
    """A dossier five days late."""
    wish = Intake(procedure_name="Việc mẫu", term_amount=3, term_unit="ngay_lam_viec")
    code = hall.do(dossier_intake.receive, wish, actor=CLERK).code
    hall.set_clock("2026-12-02 08:00")
    return code


def seen(hall: Hall, code: str) -> None:
    hall.do(overdue_seen.tell, code, 5, actor="screen:kiosk-1")


def test_it_waits_for_a_supervisor_all_day_once_and_until_noted(hall: Hall) -> None:
    doors = Doors(hall)
    code, chief, clerk = late(hall), doors.person("ha", Role.SUPERVISOR), doors.person("lan")
    seen(hall, code)
    seen(hall, code)
    told = chief.get(f"{API}/overdue-seen").get_json()["waiting"]
    assert [(one["dossier"], one["days"]) for one in told] == [(code, 5)]
    assert clerk.get(f"{API}/overdue-seen").status_code == 403
    assert post(clerk, f"/overdue-seen/{code}/note").status_code == 403
    assert post(chief, "/overdue-seen/H55.242-261123-9999/note").status_code == 404
    for _ in range(2):
        assert post(chief, f"/overdue-seen/{code}/note").status_code == 204
        head = doors.head()
    assert doors.head() == head
    assert chief.get(f"{API}/overdue-seen").get_json() == {"waiting": []}
    seen(hall, code)
    assert not overdue_seen.waiting(hall.store.read(), hall.settings, hall.clock())
    assert rehearse(hall.store) == {}


def test_yesterdays_is_told_no_more(hall: Hall) -> None:
    seen(hall, late(hall))
    hall.set_clock("2026-12-03 08:00")
    assert not overdue_seen.waiting(hall.store.read(), hall.settings, hall.clock())


@pytest.fixture
def served(tmp_path: Path, browser: Browser) -> Iterator[Counters]:
    with at_work(tmp_path, browser) as made:
        yield made


@pytest.mark.browser
def test_every_page_of_a_supervisor_shows_it_until_known(served: Counters) -> None:
    code = late(served.hall)
    clerk, page = served.page(), served.page()
    served.sign_in(clerk, "lan")
    served.sign_in(page, "ha")
    served.show(page, "/staff/counter")  # choosing a counter: it comes while the page is open
    served.show(clerk, "/staff/counter")
    seen(served.hall, code)
    served.tell("help.requested", screen="Kiosk 1")
    notice = page.locator("[data-part='help']")
    expect(notice).to_contain_text(f"{code}, quá hạn 5 ngày và 1 yêu cầu nữa")
    expect(clerk.locator("[data-part='help']")).to_contain_text("Kiosk 1 cần người hỗ trợ")
    for name in PAGES[1:]:
        served.show(page, f"/staff/{name}")
        expect(notice).to_contain_text(code)
    served.sign_in(page, "ha", "1")  # another sign-in the same day, at a counter
    served.show(page, f"/staff/{PAGES[0]}")
    notice.get_by_role("button").click()
    expect(notice).to_contain_text("Kiosk 1 cần người hỗ trợ")
    page.reload()
    expect(notice).not_to_contain_text(code)
    expect(shows(page, "help")).to_contain_text("Kiosk 1")
    served.tell("scan.guessed", count=10, window_s=300, by="kiosk-1")
    notice.get_by_role("button").click()
    expect(shows(page, "help")).to_contain_text("kiosk-1: có người dò nhiều mã hồ sơ lạ")
    expect(clerk.locator("[data-part='help']")).not_to_contain_text("yêu cầu nữa")
    served.sign_in(page, "lan")  # in the same tab, and nobody had pressed that it is known
    served.show(page, "/staff/counter")
    expect(notice).to_have_attribute("data-empty", "")
    assert served.kinds("dossier.overdue") == ["dossier.overdue_seen", "dossier.overdue_noted"]
