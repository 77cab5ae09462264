"""When an act is refused, the line is lost, or a password is wrong; set-up; and that nothing is cut off."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from office import doors, people, turns
from tools.clerk import SIZES, Counters, at_work, press, shows

pytestmark = pytest.mark.browser


@pytest.fixture
def served(tmp_path: Path, browser: Browser) -> Iterator[Counters]:
    with at_work(tmp_path, browser) as made:
        yield made


CUT = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  await frame(); // the window has its new size
  await frame();
  const told = [];
  const fixed = document.querySelector('.desk') !== null;
  for (const e of document.querySelectorAll('button, p, h1, h2, h3, dd, dt, strong, span, kbd')) {
    const r = e.getBoundingClientRect();
    if (!r.width || !r.height || e.closest('.only-read, .skip, ul')) continue;
    const name = e.tagName + ' ' + e.textContent.trim().slice(0, 40);
    if (r.left < -1 || r.right > innerWidth + 1) told.push('outside: ' + name);
    if (fixed && (r.top < -1 || r.bottom > innerHeight + 1)) told.push('below: ' + name);
    if (e.clientWidth && e.scrollWidth > e.clientWidth + 1) told.push('cut in width: ' + name);
    const high = e.clientHeight && e.scrollHeight > e.clientHeight + 3;
    if (high && !e.matches('.number')) told.push('cut in height: ' + name);
  }
  return told;
}"""


def test_a_refused_act_says_what_to_do_and_shows_the_truth(served: Counters) -> None:
    served.hall.issue("ho-tich")
    served.hall.open("1")
    page = served.page()
    page.add_init_script("delete window.SharedWorker")  # whose requests no route of a page stops
    page.route("**/api/v1/events*", lambda route: route.abort())  # a page that has not heard
    served.sign_in(page, "lan", "1")
    served.show(page, "/staff/counter")
    press(page, "Space", "s")
    served.hall.do(turns.finish, "1", actor="person:minh")
    press(page, "Enter")
    expect(shows(page, "message")).to_have_text("Quầy 1 chưa có số nào để làm việc này. Mời gọi số trước.")
    expect(shows(page, "primary")).to_have_text("Gọi tiếp")
    expect(shows(page, "line")).to_contain_text("Mất kết nối")


def test_a_lost_line_is_told_and_ends(served: Counters) -> None:
    page = served.desk("lan", "1")
    expect(shows(page, "line")).to_have_text("Đã kết nối")
    served.doors.web.pulse.stop()
    expect(shows(page, "line")).to_contain_text("Mất kết nối, đang nối lại")
    expect(page.locator("[data-act='primary']")).to_have_attribute("aria-disabled", "true")
    assert page.evaluate(CUT) == []


def test_paper_running_low_is_told_quietly(served: Counters) -> None:
    served.doors.web.devices["printer"] = lambda: {"state": "ok", "paper": "near_end"}
    page = served.desk("lan", "1")
    expect(shows(page, "printer")).to_have_text("Máy in sắp hết giấy")


def test_a_claimed_class_is_confirmed_or_refused(served: Counters) -> None:
    served.hall.issue("ho-tich", "CAO_TUOI")
    served.hall.open("1")
    page = served.desk("lan", "1")
    press(page, "Space")
    expect(shows(page, "fact-class")).to_contain_text("Người cao tuổi")
    page.locator("[data-act='wrong']").click()
    expect(shows(page, "fact-class")).to_have_text("Thường")
    expect(page.locator("[data-act='wrong']")).to_be_hidden()
    page.locator("[data-act='reprint']").click()
    expect(shows(page, "message")).to_contain_text("bản in lại")
    assert served.kinds()[1:] == ["ticket.priority_checked"]
    assert served.kinds("slip.") == ["slip.requested"]


def test_wrong_passwords_are_refused_politely_then_must_wait(served: Counters) -> None:
    page = served.page()
    served.show(page, "/staff")
    page.locator("#name").fill("lan")
    for expected in (*["Tên hoặc mật khẩu chưa đúng. Mời nhập lại."] * 3, "Đã thử quá nhiều lần. Mời chờ 300 giây"):
        page.locator("#password").fill("khong dung")
        page.keyboard.press("Enter")
        expect(shows(page, "fault")).to_contain_text(expected)
        expect(page.locator("[data-part='submit']")).to_have_attribute("aria-disabled", "false")
    assert served.kinds("person.") == ["person.refused"] * 3


def test_a_supervisor_sets_up_screens_and_people(served: Counters) -> None:
    served.doors.web.devices["printer"] = lambda: {"state": "trouble", "reason": "paper_out"}
    camera = {"recording": True, "last_piece_age_s": 6.4, "clock_offset_s": -3600.3, "kbit_s": 2431}
    served.doors.web.devices["camera c1"] = lambda: {"state": "trouble", "reason": "clock_off", **camera}
    served.doors.web.devices["file"] = lambda: {"state": "trouble", "reason": "full"}
    served.hall.do(doors.add_key, "province", ("journal",), actor="system")
    page = served.page()
    served.sign_in(page, "ha")
    served.hall.clock.turn(minutes=-2)
    served.show(page, "/staff/setup")
    expect(page.locator("[data-part='devices']")).to_contain_text("Đồng hồ máy chủ chậm hơn nhật ký. Mời chỉnh")
    expect(page.locator("[data-part='devices']")).to_contain_text("chưa cấp và chưa gọi được số nào. Mời giải phóng")
    expect(page.locator("[data-part='devices']")).to_contain_text("Mở nắp, lắp cuộn giấy mới")
    expect(page.locator("[data-part='devices']")).to_contain_text("đồng hồ camera lệch -3.600,3 giây")
    expect(page.locator("[data-part='devices']")).to_contain_text("mời đặt camera tự chỉnh giờ")
    page.locator("#screen-name").fill("kiosk-1")
    page.keyboard.press("Enter")
    expect(shows(page, "code")).to_have_text(re.compile(r"^\d{3} \d{3}$"))
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Gỡ kiosk-1").click()
    page.locator("[data-act='remove-yes']").click()
    expect(page.locator("[data-part='no-screens']")).to_be_visible()
    page.locator("#person-name").fill("thu")
    page.locator("#person-password").fill("ngan")
    page.keyboard.press("Enter")
    expect(shows(page, "message")).to_contain_text("Mời xem lại: Mật khẩu")
    page.locator("#person-password").fill("dai-hon-nhieu")
    page.keyboard.press("Enter")
    expect(shows(page, "message")).to_contain_text("Đã lưu thu")
    assert "thu" in [person.name for person in people.everyone(served.hall.store.read())]
    assert page.get_by_role("button", name="Gỡ ha", exact=True).count() == 0  # nobody removes themselves
    page.get_by_role("button", name="Gỡ thu", exact=True).click()
    expect(page.locator("[data-part='removing']")).to_contain_text("Gỡ thu?")
    page.locator("[data-act='remove-yes']").click()
    expect(shows(page, "message")).to_contain_text("Đã gỡ thu")
    assert "thu" not in [person.name for person in people.everyone(served.hall.store.read())]
    page.get_by_role("button", name="Gỡ province", exact=True).click()
    page.locator("[data-act='remove-yes']").click()
    expect(page.locator("[data-part='no-keys']")).to_be_visible()
    assert doors.keys(served.hall.store.read()) == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_nothing_is_cut_off(served: Counters, language: str) -> None:
    hall = served.hall
    hall.open("2")
    for _ in range(3):
        hall.issue("chung-thuc", "MANG_THAI", after_s=4000)
        hall.do(turns.call_next, "2", actor="person:lan")
        hall.do(turns.absent, "2", actor="person:lan")
    for _ in range(30):
        hall.issue("huong-dan")
        hall.issue("chung-thuc", "CO_CONG")
    hall.do(turns.call_next, "2", actor="person:lan")
    page = served.desk("lan", "2", language=language)
    served.ask_help_without_paper()
    expect(page.locator("[data-part='help']")).to_be_visible()
    for size in SIZES:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert not (cut := page.evaluate(CUT)), (size, cut)
    for state in ("s", "Enter", "p"):
        press(page, state)
        for size in SIZES:
            page.set_viewport_size({"width": size[0], "height": size[1]})
            assert not (cut := page.evaluate(CUT)), (state, size, cut)
