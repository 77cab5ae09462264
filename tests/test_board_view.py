"""What the board is given: calls of the day, counters, counts, phase of the day, and what the strip tells."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from display.board import calls, posted, view
from display.board.words import Words, words_of
from kiosk.home import today as kiosk_today
from office import counters, procedures, turns
from office.catalogue_entry import Procedure
from office.clock import day_start
from office.errors import UnknownCounter
from office.phrases import Phrases
from office.sections import CameraNotice
from office.settings import Settings, load
from office.tickets import Ticket
from tools.rehearsal import CONFIG, Hall, post_catalogue, settings_with

NO_COOL_DOWN = {"recall_cooldown_s": 0}


@pytest.fixture(name="words", scope="module")
def _words() -> Words:
    settings = settings_with()
    return words_of(settings, Phrases.load(CONFIG / "phrases", settings.office.languages))


def call(hall: Hall, counter: str, service: str) -> Ticket:
    ticket = hall.issue(service)
    return hall.do(turns.call_number, counter, ticket.number, "test", actor="person:a").ticket


def serve(hall: Hall, counter: str) -> None:
    hall.do(turns.start, counter, actor="person:a")
    hall.do(turns.finish, counter, actor="person:a")


def seen(hall: Hall, words: Words) -> view.Board:
    return view.board(hall.store.read(), hall.settings, hall.clock(), words)


def today(hall: Hall) -> int:
    return day_start(date(2026, 11, 23), hall.settings.office.zone)


# ---- calls -------------------------------------------------------------------------------------


def test_calls_come_latest_first_and_each_ticket_once(tmp_path: Path, words: Words) -> None:
    hall = Hall(tmp_path, settings_with(turns=NO_COOL_DOWN))
    hall.open("1", "2")
    first = call(hall, "1", "ho-tich")
    second = call(hall, "2", "chung-thuc")
    hall.do(turns.recall, "1", actor="person:a")
    found = seen(hall, words).calls
    assert [(one.number, one.counter, one.recall) for one in found] == [
        (first.number, "1", True),
        (second.number, "2", False),
    ]


def test_no_more_calls_than_the_board_has_room_for(hall: Hall, words: Words) -> None:
    hall.open("1")
    for _ in range(9):
        last = call(hall, "1", "ho-tich")
        serve(hall, "1")
    found = seen(hall, words).calls
    assert len(found) == hall.settings.board.last_calls + 1
    assert found[0].number == last.number


def test_calls_far_back_in_the_day_are_still_found(hall: Hall) -> None:
    hall.open("1")
    early = call(hall, "1", "ho-tich")
    for _ in range(calls.FIRST_LOOK + 10):
        hall.issue("dat-dai")
    found = calls.recent(hall.store.read(), hall.settings, today(hall), 6)
    assert [one.number for one in found] == [early.number]


def test_yesterday_is_not_shown_any_more(hall: Hall, words: Words) -> None:
    hall.open("1")
    call(hall, "1", "ho-tich")
    hall.set_clock("2026-11-24 07:30")
    assert seen(hall, words).calls == ()


def test_a_call_is_waited_for_until_service_begins(hall: Hall, words: Words) -> None:
    hall.open("1")
    call(hall, "1", "ho-tich")
    assert seen(hall, words).calling
    hall.do(turns.start, "1", actor="person:a")
    assert not seen(hall, words).calling


# ---- counters and counts ------------------------------------------------------------------------


def test_each_counter_tells_its_state(hall: Hall, words: Words) -> None:
    hall.open("1", "2", "3", "4")
    called, served = call(hall, "1", "ho-tich"), call(hall, "2", "chung-thuc")
    hall.do(turns.start, "2", actor="person:a")
    hall.do(counters.pause, "3", person="clerk3", actor="person:clerk3")
    found = {desk.id: (desk.state, desk.number, desk.word) for desk in seen(hall, words).desks}
    assert found == {
        "1": ("calling", called.number, "Đang gọi"),
        "2": ("serving", served.number, "Đang tiếp"),
        "3": ("paused", "", "Tạm dừng"),
        "4": ("free", "", "Sẵn sàng"),
        "5": ("closed", "", "Đóng"),
    }


def test_counts_are_per_service(hall: Hall, words: Words) -> None:
    for service in ("ho-tich", "ho-tich", "dat-dai"):
        hall.issue(service)
    found = {line.id: line.waiting for line in seen(hall, words).lines}
    assert found["ho-tich"] == 2
    assert found["dat-dai"] == 1
    assert found["cu-tru"] == 0


def test_neither_class_nor_clerk_is_told(hall: Hall, words: Words) -> None:
    hall.open("1")
    ticket = hall.issue("ho-tich", "KHUYET_TAT")
    hall.do(turns.call_next, "1", actor="person:clerk1")
    told = json.dumps(seen(hall, words).json(), ensure_ascii=False)
    assert ticket.number in told
    for secret in ("KHUYET_TAT", "khuyết tật", "clerk1", ticket.token, "priority"):
        assert secret not in told


def test_an_unknown_counter_is_refused(hall: Hall, words: Words) -> None:
    with pytest.raises(UnknownCounter):
        view.desk(hall.store.read(), hall.settings, "77", words)


# ---- the phase of the day ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wall", "opened", "name", "badge", "opens"),
    [
        ("2026-11-23 08:00", False, "open", "", ""),
        ("2026-11-23 11:20", True, "closing", "Nghỉ lúc 11:30", ""),
        ("2026-11-23 12:00", True, "after", "Đã ngừng cấp số", ""),
        ("2026-11-23 12:00", False, "closed", "", "Mở lại lúc 13:30, thứ Hai 23/11/2026"),
        ("2026-11-23 18:00", False, "closed", "", "Mở lại lúc 07:00, thứ Tư 25/11/2026"),  # the 24th is a holiday
        ("2026-11-27 18:00", False, "closed", "", "Mở lại lúc 07:00, thứ Bảy 28/11/2026"),  # as the voice says
        ("2026-11-28 08:00", False, "open", "", ""),  # one service is open on Saturdays
    ],
)
def test_phase(tmp_path: Path, words: Words, wall: str, opened: bool, name: str, badge: str, opens: str) -> None:
    hall = Hall(tmp_path, load(CONFIG), start=wall)
    if opened:
        hall.open("1")
    found = seen(hall, words).phase
    assert (found.name, found.badge, found.opens) == (name, badge, opens)


def test_a_calendar_without_any_opening_says_so(tmp_path: Path, words: Words) -> None:
    closed: Any = {"mon": [], "tue": [], "wed": [], "thu": [], "fri": [], "sat": [], "sun": []}
    settings = settings_with(hours=closed)
    found = seen(Hall(tmp_path, settings), words).phase
    assert found.opens == "Chưa có thông tin giờ mở lại, mời hỏi cán bộ"
    assert found.hours == "Hôm nay nghỉ làm việc"


@pytest.mark.parametrize(
    ("wall", "hours"),
    [
        ("2026-11-23 18:30", "06:30–10:30, 13:30–17:30"),  # the season's, not the ordinary ones
        ("2026-11-28 12:00", "07:00–11:30"),  # one service is open on Saturdays
    ],
)
def test_hours_of_today_are_those_that_somebody_is_there(tmp_path: Path, words: Words, wall: str, hours: str) -> None:
    season = {"first": "04-16", "last": "12-15", "hours": {"mon": ["06:30-10:30", "13:30-17:30"]}}
    services = [one.model_dump() for one in load(CONFIG).services if one.id in ("ho-tich", "cu-tru")]
    for one in services:
        if one["id"] == "cu-tru":
            one["hours"] = {"sat": ["07:00-11:30"]}
    desk = {"id": "1", "name": {"vi": "Quầy 1"}, "services": ["ho-tich", "cu-tru"]}
    overlay = {
        "seasons": [season],
        "services": services,
        "counters": [desk],
        "cameras": [],
        "scanners": [],
        "scans": {},
    }
    hall = Hall(tmp_path, load(CONFIG, overlay), start=wall)
    found = seen(hall, words).phase
    assert (found.name, found.hours) == ("closed", f"Giờ làm việc hôm nay: {hours}")
    assert hours in kiosk_today(hall.settings, hall.clock(), words.say)


# ---- the strip -----------------------------------------------------------------------------------


def strip(hall: Hall, words: Words, settings: Settings | None = None) -> list[posted.Item]:
    return posted.items(hall.store.read(), settings or hall.settings, hall.clock(), words)


def post(hall: Hall, *lines: dict[str, Any]) -> None:
    base = {"field": "Hộ tịch", "source_url": "https://dichvucong.gov.vn/", "fetched_at": "2026-07-20", "channels": []}
    hall.do(procedures.import_lines, [json.dumps(base | line) for line in lines], actor="test")


def test_notices_and_procedures_take_turns(hall: Hall, words: Words) -> None:
    hall.do(post_catalogue)
    found = strip(hall, words)
    kinds = [item.kind for item in found]
    assert kinds[:5] == ["notice", *["procedure"] * posted.BETWEEN, "notice"]
    assert kinds.count("procedure") == posted.SHARE
    assert "camera" in kinds
    assert all(len(item.text) <= 2 * posted.LINE for item in found)


def test_every_posted_procedure_has_its_hour(hall: Hall, words: Words) -> None:
    hall.do(post_catalogue)
    told: set[str] = set()
    for _ in range(24):
        told |= {item.text for item in strip(hall, words) if item.kind == "procedure"}
        hall.clock.turn(hours=1)
    every: list[Procedure] = procedures.search(hall.store.read(), "", limit=1000, day=date(2026, 11, 23))
    assert told == {one.name for one in every if len(one.name) <= posted.LINE}


def test_a_time_is_told_only_as_sure_as_its_source(hall: Hall, words: Words) -> None:
    direct = {"channel": "Trực tiếp", "time_amount": 3, "time_unit": "Ngày làm việc"}
    same_day, note = {"channel": "Trực tiếp", "same_day": True}, "Trả trong ngày; thêm 03 ngày nếu phải xác minh"
    post(
        hall,
        {"code": "1.000001", "name": "Việc có thời hạn", "channels": [direct]},
        {"code": "1.000002", "name": "Việc thiếu đơn vị", "channels": [direct | {"time_unit": None}]},
        {"code": "1.000003", "name": "Việc không rõ"},
        {"code": "1.000004", "name": "Việc chỉ trực tuyến", "channels": [direct | {"channel": "Trực tuyến"}]},
        {"code": "1.000005", "name": "Việc trong ngày", "channels": [same_day]},
        {"code": "1.000006", "name": "Việc thường trong ngày", "channels": [same_day | {"note": note}]},
    )
    told = {item.text: item.under for item in strip(hall, words) if item.kind == "procedure"}
    ask = "Hộ tịch · Thời hạn: mời hỏi tại quầy · Cập nhật ngày 20/07/2026"
    assert told == {
        "Việc có thời hạn": "Hộ tịch · Thời hạn: 3 ngày làm việc · Cập nhật ngày 20/07/2026",
        "Việc thiếu đơn vị": ask,
        "Việc không rõ": ask,
        "Việc chỉ trực tuyến": ask,
        "Việc trong ngày": "Hộ tịch · Thời hạn: Trả trong ngày · Cập nhật ngày 20/07/2026",
        "Việc thường trong ngày": "Thời hạn: Trả trong ngày, có trường hợp khác · Cập nhật ngày 20/07/2026",
    }


def test_a_name_too_long_for_the_strip_is_left_to_the_kiosk(hall: Hall, words: Words) -> None:
    post(hall, {"code": "1.000001", "name": "Rất " * 30 + "dài"}, {"code": "1.000002", "name": "Ngắn"})
    assert [item.text for item in strip(hall, words) if item.kind == "procedure"] == ["Ngắn"]


def test_a_notice_ends_with_its_last_day(tmp_path: Path, words: Words) -> None:
    notices = [{"text": {"vi": "Còn hạn"}, "until": "2026-11-23"}, {"text": {"vi": "Hết hạn"}, "until": "2026-11-22"}]
    settings = settings_with(board={"notices": notices}, camera_notice={"shown": False})
    assert [item.text for item in strip(Hall(tmp_path, settings), words)] == ["Còn hạn"]


def test_a_long_notice_is_told_in_pieces_not_cut(tmp_path: Path, words: Words) -> None:
    text = "Mời ông/bà kiểm tra kỹ giấy tờ trước khi đến quầy. " * 3 + "Xin cảm ơn ông/bà đã chờ."
    settings = settings_with(board={"notices": [{"text": {"vi": text}}]}, camera_notice={"shown": False})
    found = strip(Hall(tmp_path, settings), words)
    assert len(found) == 2
    assert " ".join(item.text for item in found) == text


def test_the_camera_sign_tells_purpose_keeper_days_and_contact(hall: Hall, words: Words) -> None:
    told = " ".join(item.text for item in strip(hall, words) if item.kind == "camera")
    notice: CameraNotice = hall.settings.camera_notice
    keeper = notice.keeper or hall.settings.office.name.vi
    for part in ("camera giám sát", "an ninh", keeper, f"{notice.days} ngày", "Liên hệ: bàn hướng dẫn"):
        assert part in told


def test_nothing_to_tell_is_an_empty_strip(tmp_path: Path, words: Words) -> None:
    settings = settings_with(board={"notices": []}, camera_notice={"shown": False})
    assert strip(Hall(tmp_path, settings), words) == []


def test_an_office_of_one_language_has_nothing_beneath(tmp_path: Path) -> None:
    settings = settings_with()
    one = Words(Phrases.load(CONFIG / "phrases", ("vi",)), "vi", "")
    found = strip(Hall(tmp_path, settings), one)
    assert found[0].under == ""
    assert one.under("board.now.call") == ""
