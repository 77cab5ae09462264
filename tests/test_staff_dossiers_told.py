"""What the register's page tells in time: where letters go, what is lacking, what the law says of a late day."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from office import dossier_intake, dossiers
from office.dossier_import import run
from office.dossier_intake import Intake
from office.dossiers import PUT_OFF_LATE
from tools.clerk import Counters, press, shows
from tools.dossier_desk import at_register, choose, printed, register, state
from tools.rehearsal import CLERK

pytestmark = pytest.mark.browser


@pytest.fixture
def served(tmp_path: Path, browser: Browser) -> Iterator[Counters]:
    with at_register(tmp_path, browser) as made:
        yield made


def test_letters_typed_at_once_all_arrive(served: Counters) -> None:
    """A hand types while the page is not yet at work, with the form open, and with no field chosen."""
    page = served.page()
    served.sign_in(page, "lan", "1")
    page.goto("/staff/dossiers?new=1", wait_until="commit")
    page.wait_for_selector("#new-procedure:focus")
    page.keyboard.type("khai", delay=80)
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(page.locator("#new-procedure")).to_be_focused()
    expect(page.locator("#new-procedure")).to_have_value("khai")
    served.show(page, "/staff/dossiers")
    expect(page.locator("#wedge")).to_be_focused()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.type("nguyen", delay=80)
    expect(page.locator("#wedge")).to_have_value("nguyen")


def primaries(page: Page) -> list[str]:
    """The primary buttons of the dossier shown."""
    found: list[str] = page.locator(".one .primary:visible").evaluate_all(
        "(all) => all.map((e) => e.textContent.trim())"
    )
    return found


def test_papers_not_ticked_are_named_and_an_invitation_ends_with_the_next_act(served: Counters) -> None:
    page = register(served, "?new=1")
    choose(page, "mai tang bao tro xa hoi")
    page.locator("#new-name").fill("Trần Thị Mẫu")
    page.locator("[data-part='have']").first.check()
    rest = page.locator("[data-part='papers'] [data-name]").nth(1).get_attribute("data-name") or ""
    page.keyboard.press("F9")
    expect(page.locator("[data-part='lacking']")).to_contain_text(rest)
    expect(page.locator("[data-part='lacking-list']")).to_contain_text(rest)
    assert primaries(page) == ["In giấy hẹn"]
    page.locator("#one-code").focus()
    press(page, "b")
    page.locator("dialog[open] .pick input").first.check()
    page.locator("dialog[open] [data-act='reason']").first.click()
    press(page, "Enter")
    expect(state(page)).to_have_text("Yêu cầu bổ sung giấy tờ")
    for gone in ("saved", "lacking"):
        expect(page.locator(f"[data-part='{gone}']")).to_be_hidden()


def test_a_late_dossier_is_put_off_with_what_the_law_says(served: Counters) -> None:
    wish = Intake(procedure_name="Khai sinh", term_amount=3, term_unit="ngay_lam_viec")
    code = served.hall.do(dossier_intake.receive, wish, actor=CLERK).code
    served.hall.set_clock("2026-12-12 09:00")  # a Saturday, fifteen days late
    page = register(served, f"?code={code}")
    expect(state(page)).to_have_text("Được tiếp nhận")
    press(page, "l")
    question = page.locator("dialog[open]")
    expect(shows(question, "what")).to_contain_text("đã quá hạn 15 ngày")
    expect(question.locator("[name='day']")).to_have_value("17/12/2026")
    question.locator("[data-act='reason']").first.click()
    printed(page, "Enter").close()
    expect(shows(page, "due-at")).to_contain_text("đã quá hạn, hẹn lại")
    expect(page.locator(f"[data-code='{code}']")).to_contain_text("đã quá hạn, hẹn lại")
    assert dossiers.get(served.hall.store.read(), code).rescheduled == PUT_OFF_LATE


def test_done_on_an_unknown_day_is_not_called_in_time(served: Counters) -> None:
    heads = ["Mã hồ sơ", "Tên thủ tục", "Ngày tiếp nhận", "Ngày hẹn trả", "Trạng thái"]
    row = ["H55.242-261120-0007", "Khai sinh", "20/11/2026", "25/11/2026", "9"]
    run(served.hall.store, served.hall.settings, [(1, heads), (2, row)], actor=CLERK)
    page = register(served, "?code=H55.242-261120-0007")
    badge = page.locator(".whole header [data-part='due']")
    expect(badge).to_have_text("Chưa rõ ngày xong")
    expect(badge).not_to_have_class(re.compile("done"))


def test_the_due_time_of_an_open_form_goes_with_the_hours(served: Counters) -> None:
    served.hall.set_clock("2026-11-23 14:59")
    page = served.page()
    page.clock.install()
    served.sign_in(page, "lan", "1")
    served.show(page, "/staff/dossiers?new=1")
    choose(page, "dang ky khai sinh")
    expect(shows(page, "form-due")).to_have_text("17:00, 23/11/2026")
    served.hall.set_clock("2026-11-23 15:01")
    page.clock.run_for(61_000)
    expect(shows(page, "form-due")).to_have_text("17:00, 25/11/2026")  # Tuesday 24 November is a holiday
