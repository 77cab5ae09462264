"""What the log's pages tell of cameras: footage held and let go, counters without a camera, pictures of no use."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from office import footage, holding, journal
from office.clock import local
from office.footage import Piece
from office.people import Role
from office.tickets import Ticket
from office.watching import Wish
from staff.log_holds import PAGE
from tools.log_days import LogDay
from tools.rehearsal import Hall, settings_with
from tools.webhall import API, Doors

HTML = {"Accept": "text/html"}
CAMERAS: list[dict[str, Any]] = [
    {"name": "q1", "title": {"vi": "Quầy một", "en": "Counter one"}, "covers": [{"counter": "1"}]},
    {"name": "sanh", "title": {"vi": "Phòng chờ", "en": "Hall"}},
]


class Held:
    """An office with cameras at counter 1 and in the hall; a visit went from counter 1 to counter 2."""

    def __init__(self, folder: Path, **more: Any) -> None:
        rows = [one | {"address": "rtsp://127.0.0.1/none"} | more for one in CAMERAS]
        self.hall = Hall(folder, settings_with(cameras=rows))
        self.doors = Doors(self.hall)
        self.chief: FlaskClient = self.doors.person("ha", Role.SUPERVISOR)
        self.ticket: Ticket = LogDay(self.hall).passed_on()

    def hold(self) -> str:
        begins, now = self.ticket.arrived_at, self.hall.clock()
        until = local(now, self.hall.settings.office.zone).date() + timedelta(days=31)
        wish = Wish(("q1", "sanh"), begins, now, "complaint", ticket=self.ticket.id)
        return str(self.hall.do(holding.hold, wish, until, actor="person:ha"))

    def page(self, path: str) -> str:
        answer = self.chief.get(path, headers=HTML)
        assert answer.status_code == 200
        return answer.text

    @property
    def visit(self) -> str:
        return self.page(f"/staff/log?visit={self.ticket.id}")


@pytest.fixture(name="office")
def _office(tmp_path: Path) -> Held:
    return Held(tmp_path)


def test_a_hold_is_listed_and_let_go_with_a_reason(office: Held) -> None:
    assert "Không giữ đoạn hình nào" in office.page("/staff/log/holds")
    name = office.hold()
    text = office.page("/staff/log/holds")
    for told in (office.ticket.number, "ha", "Khiếu nại, phản ánh", "Quầy một, Phòng chờ", "23/12/2026"):
        assert told in text, told
    for place in (text, office.visit):
        assert f'data-act="release" data-hold="{name}"' in place
    assert "/staff/log/holds" in office.page("/staff/log")
    assert [one["hold"] for one in office.chief.get(f"{API}/footage/holds").get_json()["holds"]] == [name]
    assert office.chief.delete(f"{API}/footage/holds/{name}", json={}).status_code == 422
    assert office.chief.delete(f"{API}/footage/holds/{name}", json={"reason": "inspection"}).status_code == 204
    text = office.page("/staff/log/holds")
    assert "đã thôi giữ 23/11/2026" in text
    for place in (text, office.visit):
        assert f'data-hold="{name}"' not in place
    assert office.doors.person("lan").get("/staff/log/holds", headers=HTML).status_code == 403


def test_a_hold_of_what_lies_on_a_recorder_says_that_it_may_be_overwritten(tmp_path: Path, office: Held) -> None:
    (tmp_path / "nvr").mkdir()
    other = Held(tmp_path / "nvr", source="dahua", address="127.0.0.1")
    for one, told in ((office, False), (other, True)):
        one.hold()
        for text in (one.page("/staff/log/holds"), one.visit):
            assert ("có thể bị ghi đè" in text.partition("<main")[2].partition("</main")[0]) == told


def test_many_holds_are_listed_a_page_at_a_time(office: Held) -> None:
    names = [office.hold() for _ in range(PAGE + 1)]
    text = office.page("/staff/log/holds")
    assert f'data-hold="{names[-1]}"' in text
    assert f'data-hold="{names[0]}"' not in text
    following = re.search(r'rel="next" href="([^"]+)"', text)
    assert following
    text = office.page(following[1])
    assert re.findall(r'data-hold="(H\d+)"', text) == [names[0]]
    assert 'rel="next"' not in text


def test_a_counter_without_a_camera_is_named(office: Held) -> None:
    assert "Quầy 2 không có camera. Chỉ có hình của phòng chờ." in office.visit
    assert "Quầy 1 không có camera" not in office.visit


def test_a_complaint_days_later_stretches_no_scene_beyond_what_may_be_watched(office: Held) -> None:
    hall, ended = office.hall, office.hall.ticket(office.ticket).ended_at
    for later in (timedelta(minutes=2), timedelta(days=2)):
        hall.clock.turn(seconds=later.total_seconds())
        with hall.store.act() as act:
            data = {"about": "complaint"}
            journal.append(act, "note.left", office="x", actor="key:web", ticket=office.ticket.id, data=data)
    office.chief = office.doors.person("hoa", Role.SUPERVISOR)
    found = re.search(r'"ends": (\d+), "events"', office.visit)
    assert found
    assert ended is not None
    assert int(found[1]) == ended + 120_000 + 1000 * hall.settings.footage.post_roll_s
    assert office.visit.count('"kind": "note.left"') == 2  # both are told


def test_a_visit_without_footage_leads_to_the_nearest_there_is(office: Held) -> None:
    assert "Hình gần nhất" not in office.visit
    begins, now = office.ticket.arrived_at - 15_000, office.hall.clock()
    pieces = [Piece("sanh", begins - 3_600_000, begins - 3_590_000, 1), Piece("q1", now + 60_000, now + 70_000, 1)]
    with office.hall.store.act() as act:
        footage.keep(act, pieces)
    text = office.visit
    assert f'href="/staff/log?at={begins - 3_591_000}&amp;counter="' in text
    assert f'href="/staff/log?at={now + 60_000}&amp;counter=1"' in text
    with office.hall.store.act() as act:
        footage.keep(act, [Piece("q1", begins - 5_000, begins + 5_000, 1)])
    assert "Hình gần nhất" not in office.visit


def test_a_picture_of_no_use_is_told_at_its_time_alone(office: Held) -> None:
    assert "Quầy một: Bị che" not in office.visit
    told = {"camera": "q1", "trouble": "covered", "before": 0, "now": office.hall.clock(), "figures": {}}
    with office.hall.store.act() as act:
        journal.append(act, "camera.troubled", office="x", actor="system", data=told)
    assert "Quầy một: Bị che, " in office.visit
    assert "–vẫn vậy" in office.visit
    office.hall.clock.turn(hours=5)
    later = LogDay(office.hall).passed_on()
    with office.hall.store.act() as act:
        journal.append(act, "camera.cleared", office="x", actor="system", data={"camera": "q1", "trouble": "covered"})
    office.hall.clock.turn(hours=1)
    assert "Quầy một: Bị che" in office.page(f"/staff/log?visit={later.id}")
    assert "Quầy một: Bị che" not in office.page(f"/staff/log?at={office.hall.clock()}&counter=1")


def test_details_of_events_are_words_and_the_rest_stands_behind(office: Held) -> None:
    text = office.page("/staff/log?view=events")
    shown = "".join(part.partition("</details>")[2] for part in ("</details>" + text).split("<details>"))
    for told in ("Gọi ngoài thứ tự: đã hẹn trước, đã chờ", "tự động", "lần gọi 1"):
        assert told in shown, told
    for raw in ("person ", "slip False", "why (", "series ", ">system<"):
        assert raw not in shown, raw
    assert "series H" in text
