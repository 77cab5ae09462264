"""A dossier's whole way at the clerk's desk, entered once, in real Chromium."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from office import dossier_intake, dossiers
from office.dossier_intake import Intake
from office.dossiers import Applicant, Paper
from tools.clerk import Counters, idle, press, shows
from tools.dossier_desk import at_register, choose, enter, posts, printed, register, state

pytestmark = pytest.mark.browser

CODE = "H55.242-261123-0001"


@pytest.fixture
def served(tmp_path: Path, browser: Browser) -> Iterator[Counters]:
    with at_register(tmp_path, browser) as made:
        yield made


def test_from_the_number_at_the_counter_to_the_result(served: Counters) -> None:
    desk = served.desk("lan", "1")
    press(desk, "d")
    page = desk
    page.wait_for_url("**/staff/dossiers?**")
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(shows(page, "form-ticket")).to_contain_text("H-001")
    enter(page)
    expect(shows(page, "form-due")).to_have_text("08:00, 27/11/2026")  # 3 working days; 24 November is a holiday
    expect(page.locator("[data-part='steps'] li").filter(has_text="24/11/2026")).to_have_count(1)
    page.keyboard.press("F9")
    expect(shows(page, "saved")).to_contain_text(CODE)
    expect(state(page)).to_have_text("Được tiếp nhận")
    expect(page.locator(".whole header [data-slot='due']")).to_have_text("Còn 4 ngày")
    expect(shows(page, "trips")).to_have_text("Số lần đi lại: 0")
    printed(page, "Enter").close()  # the cursor stands on the receipt's button

    page.locator("#one-code").focus()
    press(page, "b")
    page.locator("dialog[open] .pick input").first.check()
    page.locator("dialog[open] [data-act='reason']").first.click()
    expect(shows(page.locator("dialog[open]"), "with-ticket")).to_have_text("Gắn với lượt H-001 đang phục vụ")
    press(page, "Enter")
    expect(state(page)).to_have_text("Yêu cầu bổ sung giấy tờ")
    expect(shows(page, "message")).to_contain_text("Đã gắn với lượt H-001.")
    expect(shows(page, "reentry")).to_contain_text("MC-")
    expect(page.locator("[data-part='missing-rows'] li")).to_have_count(1)
    expect(page.locator("[data-act='supplement']")).to_have_attribute("aria-disabled", "true")
    press(page, "b")
    expect(shows(page, "message")).to_contain_text("chỉ được yêu cầu một lần")
    expect(page.locator("[data-act='ready']")).to_have_attribute("title", re.compile("Yêu cầu bổ sung giấy tờ"))

    page.locator("#one-code").focus()
    press(page, "d")
    press(page, "Enter")
    expect(state(page)).to_have_text("Được tiếp nhận")
    press(page, "c")
    page.keyboard.type("Phòng Kinh tế")
    press(page, "Enter")
    expect(state(page)).to_have_text("Đang xử lý")
    expect(page.locator("[data-part='moves']")).to_contain_text("Phòng Kinh tế")
    page.locator("#one-code").focus()
    press(page, "x")
    press(page, "Enter")
    expect(state(page)).to_have_text("Đã xử lý xong")
    page.locator("#one-code").focus()
    press(page, "t")
    printed(page, "Enter").close()
    expect(state(page)).to_have_text("Đã trả kết quả")
    assert served.kinds("dossier.") == [
        *("dossier.received", "dossier.supplement_asked", "dossier.supplemented"),
        *("dossier.moved", "dossier.moved", "dossier.returned"),
    ]
    page.keyboard.press("F8")
    page.wait_for_url("**/staff/counter")
    expect(page.locator("[data-part='visit-rows']")).to_contain_text(CODE)


def test_pressing_twice_saves_one(served: Counters) -> None:
    page = register(served, "?new=1")
    enter(page)
    page.evaluate("() => { const b = document.querySelector('[data-part=save]'); b.click(); b.click(); }")
    page.keyboard.press("F9")
    expect(shows(page, "saved")).to_contain_text(CODE)
    assert served.kinds("dossier.") == ["dossier.received"]


def test_a_lost_answer_is_sent_again_and_saved_once(served: Counters) -> None:
    page = register(served, "?new=1")
    enter(page)
    seen: list[str] = []

    def lose(route: Any) -> None:
        seen.append(route.request.headers["idempotency-key"])
        route.fetch()  # it reaches the office, its answer does not come back
        route.abort()

    page.route("**/api/v1/dossiers", lose)
    page.keyboard.press("F9")
    expect(shows(page, "form-fault")).to_contain_text("chưa rõ đã lưu chưa", timeout=15000)
    expect(page.locator("#new-name")).to_be_disabled()
    expect(shows(page, "save")).to_have_text("Gửi lại")
    page.unroute("**/api/v1/dossiers")
    page.keyboard.press("F9")
    expect(shows(page, "saved")).to_contain_text(CODE)
    assert len(set(seen)) == 1
    assert served.kinds("dossier.") == ["dossier.received"]


def test_what_is_lacking_is_named_and_nothing_is_sent(served: Counters) -> None:
    page = register(served, "?new=1")
    sent = posts(page, "/dossiers")
    page.keyboard.press("F9")
    expect(shows(page, "form-fault")).to_have_text("Mời chọn thủ tục.")
    expect(page.locator("#new-procedure")).to_be_focused()
    choose(page, "khai sinh")
    page.keyboard.press("F9")
    expect(shows(page, "form-fault")).to_have_text("Mời ghi họ tên người nộp.")
    page.locator("#new-name").fill("Trần Thị Mẫu")
    page.locator("#new-sets").fill("0")
    page.keyboard.press("F9")
    expect(page.locator("#new-sets")).to_have_attribute("aria-invalid", "true")
    assert sent == []


def test_a_fault_goes_when_its_field_is_filled(served: Counters) -> None:
    page = register(served, "?new=1")
    page.keyboard.press("F9")
    expect(shows(page, "form-fault")).to_have_text("Mời chọn thủ tục.")
    choose(page, "khai sinh")
    expect(page.locator("[data-part='form-fault']")).to_be_hidden()
    expect(page.locator("[aria-invalid]")).to_have_count(0)
    page.keyboard.press("F9")
    page.locator("#new-phone").fill("0900000001")
    expect(shows(page, "form-fault")).to_have_text("Mời ghi họ tên người nộp.")
    page.locator("#new-name").fill("Trần Thị Mẫu")
    expect(page.locator("[data-part='form-fault']")).to_be_hidden()


@pytest.mark.parametrize("scanned", [False, True])
def test_only_a_scanned_result_is_given_to_the_number_being_served(served: Counters, scanned: bool) -> None:
    wish = Intake(procedure_name="Khai sinh", applicant=Applicant(name="Trần Thị Mẫu"))
    code = served.hall.do(dossier_intake.receive, wish, actor="person:lan").code
    page = register(served)
    if scanned:
        page.locator("#wedge").fill(code)
        page.locator("#wedge").press("Enter")
    else:
        page.locator(f"[data-code='{code}']").click()
    expect(page.locator("#one-code")).to_have_text(code)
    link = page.locator("header a[lang]")
    link.evaluate("(e) => { e.addEventListener('click', (event) => event.preventDefault()); e.click(); }")
    assert f"code={code}" in link.evaluate("(e) => e.href")
    for key in "xt":
        page.locator("#one-code").focus()
        press(page, key)
        press(page, "Enter")
    expect(state(page)).to_have_text("Đã trả kết quả")
    assert [one.purpose for one in dossiers.visits(served.hall.store.read(), code)] == ["collect"] * scanned


@pytest.mark.parametrize(("key", "joined"), [("k", True), ("k", False), ("b", False)])
def test_an_act_tells_which_number_it_joins_and_can_leave_it(served: Counters, key: str, joined: bool) -> None:
    wish = Intake(procedure_name="Khai sinh", papers=(Paper("Tờ khai"),), applicant=Applicant(name="Trần Thị Mẫu"))
    code = served.hall.do(dossier_intake.receive, wish, actor="person:lan").code
    page = register(served, f"?code={code}")
    expect(state(page)).to_have_text("Được tiếp nhận")
    press(page, key)
    question = page.locator("dialog[open]")
    box = question.locator("[name='with_ticket']")
    expect(box).to_be_checked()
    if key == "b":
        question.locator(".pick input").first.check()
    if not joined:
        box.uncheck()
    question.locator("[data-act='reason']").first.click()
    press(page, "Enter")
    expect(state(page)).to_have_text("Yêu cầu bổ sung giấy tờ" if key == "b" else "Không được tiếp nhận")
    told = expect(shows(page, "message"))
    (told.to_contain_text if joined else told.not_to_contain_text)("Đã gắn với lượt H-001.")
    assert len(dossiers.visits(served.hall.store.read(), code)) == joined


def test_leaving_asks_before_what_was_typed_is_lost(served: Counters) -> None:
    page = register(served, "?new=1")
    page.locator("#new-name").fill("Trần Thị Mẫu")
    page.locator("[data-act='leave-form']").click()
    expect(page.locator("dialog[open]")).to_contain_text("Bỏ hồ sơ đang nhập?")
    page.keyboard.press("Escape")
    expect(page.locator("#new-name")).to_have_value("Trần Thị Mẫu")
    page.keyboard.press("F3")
    page.locator("[data-act='discard-yes']").click()
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.press("F4")
    expect(page.locator("#new-name")).to_have_value("")


def test_another_sign_in_elsewhere_does_not_lose_the_form(served: Counters) -> None:
    page = register(served, "?new=1")
    enter(page)
    page.context.clear_cookies()
    page.keyboard.press("F9")
    expect(shows(page, "form-fault")).to_contain_text("Bản nhập còn nguyên")
    served.sign_in(page, "lan", "1")
    page.keyboard.press("F9")
    expect(shows(page, "saved")).to_contain_text(CODE)


def test_the_due_day_follows_what_is_chosen(served: Counters) -> None:
    page = register(served, "?new=1")
    choose(page, "mai tang bao tro xa hoi")
    due = shows(page, "form-due")
    expect(due).to_have_text("08:00, 27/11/2026")
    page.locator("#new-term_amount").fill("5")
    expect(due).to_have_text("08:00, 01/12/2026")
    page.locator("[data-act='due-by-hand']").click()
    page.locator("#new-due_day").fill("4/12/2026")
    page.locator("#new-due_time").fill("10:30")
    expect(due).to_have_text("10:30, 04/12/2026")
    page.locator("#new-due_day").fill("31/11/2026")
    expect(due).to_contain_text("Mời ghi ngày hẹn")
    page.locator("[data-act='due-by-hand']").click()
    page.locator("details summary").click()
    page.locator("#new-received_day").fill("20/11/2026")
    page.locator("#new-received_time").fill("16:00")
    expect(due).to_have_text("16:00, 30/11/2026")


def test_a_term_that_is_not_posted_is_the_clerks_to_write(served: Counters) -> None:
    page = register(served, "?new=1")
    choose(page, "chung thuc di chuc")
    steps = page.locator("[data-part='steps']")
    expect(steps).to_contain_text("Mời ghi số ngày ở ô Thời hạn")
    expect(steps).not_to_contain_text("tại quầy")
    page.locator("#new-term_amount").fill("2")
    expect(shows(page, "form-due")).to_have_text("08:00, 26/11/2026")


def test_a_card_fills_the_form_and_is_kept_nowhere(served: Counters) -> None:
    page = register(served)
    number = "001090000001"
    page.locator("#wedge").fill(f"{number}||Nguyễn Văn Thử|01011990|Nam|Thôn Mẫu, xã Phú Lương|01012022")
    page.locator("#wedge").press("Enter")
    expect(page.locator("#new-name")).to_have_value("Nguyễn Văn Thử")
    expect(page.locator("#new-id_number")).to_have_value(number)
    expect(page.locator("#wedge")).to_have_value("")
    text = "\n".join(served.hall.store.read().iterdump())
    assert number not in text
    assert "Nguyễn Văn Thử" not in text
    assert page.evaluate("() => JSON.stringify([localStorage, sessionStorage])").find(number) < 0


def test_text_changed_by_unikey_is_refused_and_a_clean_one_opens(served: Counters) -> None:
    page = register(served, "?new=1")
    enter(page)
    page.keyboard.press("F9")
    expect(shows(page, "saved")).to_be_visible()
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    sent = posts(page, "/scans")
    page.keyboard.press("F2")
    page.keyboard.insert_text("H55.242-261123-000Á")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(shows(page, "message")).to_contain_text("tắt Unikey")
    assert sent == []
    page.goto("about:blank")
    served.show(page, "/staff/dossiers")
    page.locator("h2#list-title").evaluate("(e) => document.activeElement.blur()")
    page.keyboard.type(CODE.lower(), delay=5)  # a scanner types wherever the cursor is
    page.keyboard.press("Enter")
    expect(page.locator("#one-code")).to_have_text(CODE)


def test_a_code_that_is_not_here_can_be_registered_with_it(served: Counters) -> None:
    page = register(served)
    other = "H56.36.12-231004-0001"
    page.locator("#wedge").fill(other)
    page.locator("#wedge").press("Enter")
    expect(page.locator("#new-code")).to_have_value(other)
    enter(page)
    page.keyboard.press("F9")
    expect(shows(page, "saved")).to_contain_text(other)
    assert dossiers.known(served.hall.store.read(), other) is not None


def test_list_search_and_due_badges(served: Counters) -> None:
    page = register(served, "?new=1")
    enter(page)
    page.keyboard.press("F9")
    expect(shows(page, "saved")).to_be_visible()
    served.days_later(8)
    served.sign_in(page, "lan", "1")
    served.show(page, "/staff/dossiers")
    row = page.locator("[data-part='rows'] [data-code]")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Quá hạn 4 ngày")
    page.keyboard.press("F3")
    page.keyboard.type("nguyen van thu")
    expect(row).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#one-code")).to_have_text(CODE)
    page.keyboard.press("F3")
    page.keyboard.type("không có ai")
    expect(shows(page, "list-none")).to_contain_text("Không thấy hồ sơ")
    page.locator("[data-filter='overdue']").click()
    expect(row).to_have_count(1)
    page.locator("[data-filter='ready']").click()
    expect(shows(page, "list-none")).to_have_text("Không có kết quả nào chờ trả.")


def test_a_supervisor_is_told_what_is_overdue_and_a_clerk_is_not(served: Counters) -> None:
    page = register(served, "?new=1")
    enter(page)
    page.keyboard.press("F9")
    expect(shows(page, "saved")).to_be_visible()
    served.days_later(8)
    chief = served.page()
    served.sign_in(chief, "ha")
    served.show(chief, "/staff/dossiers")
    expect(chief.locator("[data-part='alerts']")).to_contain_text("1 hồ sơ quá hạn")
    chief.locator("[data-act='see-overdue']").click()
    expect(chief.locator("[data-part='rows'] [data-code]")).to_have_count(1)
    served.sign_in(page, "lan", "1")
    served.show(page, "/staff/dossiers")
    expect(page.locator("[data-part='rows'] [data-code]")).to_have_count(1)
    expect(page.locator("[data-part='alerts']")).to_be_hidden()


def test_the_date_is_put_off_once_with_an_apology(served: Counters) -> None:
    page = register(served, "?new=1")
    enter(page)
    page.keyboard.press("F9")
    expect(shows(page, "saved")).to_be_visible()
    page.locator("#one-code").focus()
    press(page, "l")
    page.locator("#again-day").fill("01/12/2026")
    page.locator("dialog[open] [data-act='reason']").first.click()
    printed(page, "Enter").close()
    expect(shows(page, "due-at")).to_contain_text("01/12/2026")
    expect(page.locator("[data-act='reschedule']")).to_have_attribute("aria-disabled", "true")
    press(page, "l")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_an_act_of_another_clerk_shows_at_once(served: Counters) -> None:
    page = register(served, "?new=1")
    enter(page)
    page.keyboard.press("F9")
    expect(shows(page, "saved")).to_be_visible()
    other = register(served, f"?code={CODE}", name="minh")
    expect(state(other)).to_have_text("Được tiếp nhận")
    press(other, "x")
    press(other, "Enter")
    expect(state(page)).to_have_text("Đã xử lý xong", timeout=3000)
    idle(page)
    expect(page.locator("[data-part='rows']")).to_contain_text("Đã xử lý xong")


def test_the_page_carries_no_name_in_its_address(served: Counters) -> None:
    page = register(served, "?new=1")
    enter(page)
    page.keyboard.press("F9")
    expect(shows(page, "saved")).to_be_visible()
    assert re.search(r"\?code=H55\.242-261123-0001$", page.url)


def test_the_papers_are_printed_from_that_one_entry(served: Counters) -> None:
    page = register(served, "?new=1")
    enter(page)
    page.keyboard.press("F9")
    expect(shows(page, "saved")).to_be_visible()
    paper = printed(page, "Enter")
    for words in (CODE, "Nguyễn Văn Thử", "27/11/2026", "GIẤY TIẾP NHẬN"):
        expect(paper.locator("body")).to_contain_text(words)
    paper.close()
    page.locator("#one-code").focus()
    press(page, "p")
    control = printed(page, "6")
    expect(control.locator("body")).to_contain_text("PHIẾU KIỂM SOÁT")
