"""The register's page at every size and in both languages: nothing cut off, and its words when something fails."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ledger.importing import import_file
from office import dossier_acts, dossier_intake, dossiers
from office.dossier_import import Report
from office.dossier_intake import Intake
from office.dossiers import Applicant, Dossier, Missing, Paper
from tools.clerk import SIZES, Counters, press, shows
from tools.dossier_desk import at_register, register
from tools.rehearsal import CLERK

pytestmark = pytest.mark.browser

CUT = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  await frame();
  const told = [];
  const written = 'button, a.button, label, p, h1, h2, h3, dd, dt, strong, span, kbd, select';
  for (const e of document.querySelectorAll(written)) {
    const r = e.getBoundingClientRect();
    if (!r.width || !r.height || e.closest('.only-read, .skip, .rows, .check-papers, option')) continue;
    const name = e.tagName + ' ' + e.textContent.trim().slice(0, 40);
    if (r.left < -1 || r.right > innerWidth + 1) told.push('outside: ' + name);
    if (e.clientWidth && e.scrollWidth > e.clientWidth + 1 && !e.matches('.keys')) told.push('cut in width: ' + name);
    const high = e.clientHeight && e.scrollHeight > e.clientHeight + 3;
    if (high && !e.matches('.number')) told.push('cut in height: ' + name);
  }
  return told;
}"""

SLICED = """(e) => {
  const line = parseFloat(getComputedStyle(e).lineHeight);
  const over = e.getBoundingClientRect().height % line;
  return Math.min(over, line - over);
}"""


CUT_ROWS = """() => [...document.querySelectorAll('.row :is(strong, .who, .state, .state *)')]
  .filter((e) => e.clientWidth && e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent)"""


@pytest.fixture
def served(tmp_path: Path, browser: Browser) -> Iterator[Counters]:
    with at_register(tmp_path, browser) as made:
        yield made


def received(served: Counters, name: str = "Nguyễn Văn Thử") -> Dossier:
    """A dossier in the register, with a long procedure and everything told."""
    person = Applicant(name=name, address="Thôn Mẫu, xã Phú Lương, tỉnh Thái Nguyên", phone="0900 000 001")
    papers = (Paper("Tờ khai đề nghị", "original"), Paper("Giấy chứng tử", "certified", 2))
    wish = Intake(procedure="1.001731", fee=8000, papers=papers, applicant=person)
    return served.hall.do(dossier_intake.receive, wish, actor=CLERK)


def chief(served: Counters, query: str = "", language: str = "vi") -> Page:
    """The page as a supervisor at counter 1 sees it."""
    return register(served, f"?lang={language}{query}", "ha")


def whole(page: Page, what: str) -> None:
    """Nothing is cut off at any size of the clerk's window."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert not (cut := page.evaluate(CUT)), (what, width, height, cut)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_nothing_is_cut_off(served: Counters, language: str) -> None:
    late = received(served)
    served.days_later(6)
    waiting = received(served, "Trần Thị Mẫu")
    missing = [Missing("Giấy xác nhận đã cấp trước đây")]
    served.hall.do(dossier_acts.ask_supplement, waiting.code, missing, "thiếu", actor=CLERK)
    page = chief(served, f"&code={waiting.code}", language)
    expect(page.locator("#one-code")).to_have_text(waiting.code)
    expect(page.locator("[data-part='alerts']")).to_be_visible()
    whole(page, "one")
    page.locator(f"[data-code='{late.code}']").click()
    expect(page.locator("#one-code")).to_have_text(late.code)
    whole(page, "late")
    for key in "cbxtlknspe":
        page.locator("#one-code").focus()
        press(page, key)
        expect(page.locator("dialog[open]")).to_have_count(1)
        whole(page, key)
        page.keyboard.press("Escape")
    page.keyboard.press("F4")
    field = page.locator("#new-procedure")
    field.press_sequentially("mai tang bao tro")
    expect(page.locator("#procedure-0")).to_be_visible()
    whole(page, "search")
    field.press("Enter")
    expect(shows(page, "form-due")).to_contain_text("/12/2026")
    whole(page, "form")


def test_the_form_needs_no_scrolling_where_clerks_work(served: Counters) -> None:
    served.days_later(-2)  # a Saturday: more days to explain
    page = chief(served, "&new=1")
    page.locator("#new-procedure").press_sequentially("mai tang bao tro")
    expect(page.locator("#procedure-0")).to_be_visible()
    page.locator("#new-procedure").press("Enter")
    expect(page.locator("[data-part='steps'] li")).to_have_count(6)
    fields = ("#new-fee", "#new-fee_note", "[data-slot='fee-about']", "[data-part='save']", "#more-paper")
    for what in ("#new-email", "[data-part='due-box']", *fields):
        expect(page.locator(what)).to_be_in_viewport(ratio=1)
    page.locator("[data-act='due-by-hand']").click()
    expect(page.locator("#new-fee")).to_be_in_viewport(ratio=1)
    page.locator("[data-act='due-by-hand']").click()
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for what in fields:
            expect(page.locator(what)).to_be_in_viewport(ratio=1)
        assert page.locator("[data-part='steps']").evaluate(SLICED) < 2  # px: lines are shown whole or not at all


def test_the_list_cuts_neither_name_nor_status(served: Counters) -> None:
    long = received(served, "Nguyễn Thị Phương Thảo Hoàng Khánh Mẫu Thử Thật Dài")
    asked, refused = received(served, "Trần Thị Mẫu"), received(served, "Lê Văn Thử")
    missing = [Missing("Giấy xác nhận đã cấp trước đây")]
    served.hall.do(dossier_acts.ask_supplement, asked.code, missing, "thiếu", actor=CLERK)
    served.hall.do(dossier_acts.refuse, refused.code, "lý do", actor=CLERK)
    page = chief(served)
    rows = page.locator("[data-part='rows'] [data-code]")
    expect(rows).to_have_count(3)
    expect(rows.filter(has_text=refused.code).locator(".state")).to_have_text(
        re.compile(r"^\s*Không được tiếp nhận\s*$")
    )
    expect(rows.filter(has_text=asked.code).locator(".state")).to_contain_text("Yêu cầu bổ sung giấy tờ")
    expect(rows.filter(has_text=long.code)).to_contain_text("Thật Dài")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert not page.evaluate(CUT_ROWS)


def test_empty_busy_and_fault_are_told_in_words(served: Counters) -> None:
    page = chief(served)
    expect(shows(page, "list-none")).to_contain_text("Sổ chưa có hồ sơ nào")
    page.route("**/api/v1/dossiers?*", lambda route: route.fulfill(status=500, json={"title": "Mời thử lại."}))
    page.locator("[data-filter='overdue']").click()
    expect(shows(page, "list-error")).to_have_text("Mời thử lại.")
    page.unroute("**/api/v1/dossiers?*")
    page.locator("[data-act='again']").click()
    expect(shows(page, "list-none")).to_have_text("Không có hồ sơ nào quá hạn.")
    served.show(page, "/staff/dossiers?code=H55.242-261123-9999")
    expect(page.locator("[data-part='one']")).to_have_attribute("data-state", "error")
    served.doors.web.pulse.stop()
    expect(shows(page, "line")).to_contain_text("Mất kết nối")


def test_english_words_for_an_english_reader(served: Counters) -> None:
    dossier = received(served)
    page = chief(served, f"&code={dossier.code}", "en")
    expect(shows(page, "status")).to_have_text("Received")
    expect(shows(page, "trips")).to_have_text("Repeat trips: 0")
    expect(page.locator(".whole header [data-slot='due']")).to_have_text("4 days left")


def test_no_staff_page_is_wider_than_a_phone(served: Counters) -> None:
    page = served.page((390, 844))
    served.sign_in(page, "ha", "1")
    for path in ("dossiers", "counter", "setup", "log"):
        page.goto(f"/staff/{path}", wait_until="domcontentloaded")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_a_spreadsheet_is_loaded_whole_or_its_errors_are_listed(served: Counters, tmp_path: Path) -> None:
    hall, web = served.hall, served.doors.web

    def load(path: Path, actor: str, confirmed: bool) -> Report:
        return import_file(hall.store, hall.settings, path, actor=actor, confirmed=confirmed)

    web.import_dossiers = load
    head = "Mã hồ sơ,Tên thủ tục,Ngày tiếp nhận,Trạng thái\n"
    good, bad = tmp_path / "tot.csv", tmp_path / "loi.csv"
    good.write_text(head + "H55.242-261120-0007,Đăng ký khai tử,20/11/2026,Đang xử lý\n", encoding="utf-8")
    bad.write_text(head + "H55.242-261120-0008,Đăng ký khai tử,32/11/2026,Đang xử lý\n", encoding="utf-8")
    page = chief(served)
    page.locator("[data-act='upload']").click()
    page.locator("#upload-file").set_input_files(bad)
    page.locator("[data-act='send-file']").click()
    expect(page.locator("[data-part='upload-rows'] tr")).to_have_count(1)
    expect(page.locator("[data-part='upload-rows']")).to_contain_text("Ngày tiếp nhận")
    expect(page.locator("[data-part='upload-rows'] td").first).to_have_text("2")
    whole(page, "errors")
    page.locator("#upload-file").set_input_files(good)
    page.locator("[data-act='send-file']").click()
    expect(shows(page, "upload-end")).to_contain_text("1 mới")
    page.keyboard.press("Escape")
    expect(page.locator("[data-code='H55.242-261120-0007']")).to_be_visible()
    page.locator("[data-act='upload']").click()
    page.locator("#upload-file").set_input_files(good)
    page.locator("[data-act='send-file']").click()
    expect(shows(page, "upload-end")).to_contain_text("0 mới, 0 thay đổi, 1 như cũ")
    bad.write_text("Mã hồ sơ,Tên thủ tục\nHS.2026-0017-LA,Việc mẫu\n", encoding="utf-8")
    page.locator("#upload-file").set_input_files(bad)
    page.locator("[data-act='send-file']").click()
    page.locator("[data-part='upload-confirmed']").check()  # a code of no known shape
    page.locator("[data-act='send-file']").click()
    expect(shows(page, "upload-end")).to_contain_text("1 mới")
    page.locator("#upload-file").set_input_files(good)
    expect(page.locator("[data-part='upload-confirm']")).to_be_hidden()


def test_what_was_typed_wrongly_is_corrected_where_it_is_shown(served: Counters) -> None:
    dossier = received(served)
    page = chief(served, f"&code={dossier.code}")
    page.locator("#one-code").focus()
    press(page, "e")
    asked = page.locator("dialog[open]")
    expect(asked.locator("[name='name']")).to_have_value("Nguyễn Văn Thử")
    page.keyboard.press("Enter")
    expect(asked.locator("[data-part='fault']")).to_contain_text("Chưa có chỗ nào thay đổi")
    asked.locator("[name='fee']").fill("")
    page.keyboard.press("Enter")
    expect(asked.locator("[data-part='fault']")).to_contain_text("ghi 0 nếu không thu")
    for name, text in (("name", "Nguyễn Văn Thừ"), ("fee", "9.000"), ("fee_note", "")):
        asked.locator(f"[name='{name}']").fill(text)
    page.keyboard.press("Enter")
    expect(shows(page, "applicant")).to_contain_text("Nguyễn Văn Thừ")
    expect(shows(page, "fee")).to_contain_text("9.000")
    told = dossiers.get(served.hall.store.read(), dossier.code)
    assert (told.fee, told.sets, told.procedure) == (9000, dossier.sets, dossier.procedure)


def test_a_dossier_that_another_desk_has_handed_over_is_not_handed_on_unseen(served: Counters) -> None:
    dossier = received(served)
    page = chief(served, f"&code={dossier.code}")
    page.locator("#one-code").focus()
    press(page, "b")
    named = page.locator("dialog[open] [name='other']")
    expect(named).to_have_accessible_description(re.compile("không ghi tên người ở đây"))
    page.keyboard.press("Escape")
    page.locator("#one-code").focus()
    press(page, "c")
    page.keyboard.type("Phòng Kinh tế")
    served.hall.do(dossier_acts.move, dossier.code, "Cơ quan thuế", actor="person:hoa")
    press(page, "Enter")
    expect(shows(page.locator("dialog[open]"), "fault")).to_contain_text("hiện ở: Cơ quan thuế")
    assert served.kinds("dossier.") == ["dossier.received", "dossier.moved"]
