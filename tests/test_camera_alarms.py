"""Cameras in trouble, as supervisors see them: told with what to do, their two pictures only once a look is written
down; and the same over HTTP for systems."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect

from camera.eyes.sight import jpeg
from camera.keeping import Keeping
from camera.watch import FOLDER, alarm_picture
from office import journal, people, troubles
from office.clips import Clip
from office.clock import rfc3339
from office.errors import ConfigurationError
from office.footage import Coverage
from office.journal import Filter
from office.people import Role
from tools.clerk import PEOPLE, Counters
from tools.fitting import Fits
from tools.rehearsal import Hall, settings_with
from tools.webhall import API, PASSWORD, Doors, post
from web.hall import Footage

CAMERAS = [{"name": "q1", "title": {"vi": "Quầy 1"}, "address": "rtsp://127.0.0.1/none"}]
HTML = {"Accept": "text/html"}
PICTURE = jpeg(np.full((180, 320, 3), 90, np.uint8))


class Alarmed:
    """An office whose camera was covered an hour ago and is so still; it had been black before."""

    def __init__(self, folder: Path) -> None:
        self.hall = Hall(folder, settings_with(cameras=CAMERAS))
        self.doors = Doors(self.hall)
        nothing = Coverage((), (), ())
        alarm = partial(alarm_picture, folder)
        self.doors.web.footage = Footage(lambda *_: nothing, self._no_clip, lambda *_: b"", alarm=alarm)
        self.now = self.hall.clock() - 60_000
        self.before = self.now - 120_000
        for kind, trouble in (("troubled", "black"), ("cleared", "black"), ("troubled", "covered")):
            self.tell(f"camera.{kind}", trouble)
        self.seq = journal.head(self.hall.store.read())[0]
        (folder / FOLDER / "q1").mkdir(parents=True)
        for at, data in ((self.before, PICTURE), (self.now, PICTURE)):
            (folder / FOLDER / "q1" / f"{at}.jpg").write_bytes(data)

    def _no_clip(self, *_: object) -> Clip:
        raise AssertionError("no clip is asked for")

    def tell(self, kind: str, trouble: str) -> None:
        with self.hall.store.act() as act:
            data: dict[str, Any] = {"camera": "q1", "trouble": trouble}
            if kind == "camera.troubled":
                data |= {"before": self.before, "now": self.now, "figures": {}}
            journal.append(act, kind, office="H", actor="system", data=data)

    def at(self, ms: int) -> str:
        return rfc3339(ms, self.hall.settings.office.zone)

    def picture(self, client: FlaskClient, which: str, view: str = "") -> int:
        return client.get(f"{API}/footage/alarms/{self.seq}/{which}?view={view}").status_code

    def viewed(self) -> list[journal.Event]:
        return journal.read(self.hall.store.read(), only=Filter(kinds=("footage.viewed",)))


@pytest.fixture(name="office")
def _office(tmp_path: Path) -> Alarmed:
    return Alarmed(tmp_path)


def test_supervisors_read_what_is_wrong_and_what_to_do(office: Alarmed) -> None:
    chief, clerk = office.doors.person("ha", Role.SUPERVISOR), office.doors.person("lan")
    text = chief.get("/staff/log/cameras", headers=HTML).text
    assert "Bị che" in text
    assert "Mời bỏ vật che ra" in text
    assert "Mời kiểm tra nguồn, ống kính" not in text  # it is not black any more
    assert "Đã dùng được lại" in text
    assert "src=" not in text.partition("<main")[2].partition("</main")[0].replace("<img data-which", "")
    log = chief.get("/staff/log", headers=HTML).text
    assert '<span class="badge fault">1</span>' in log.partition("/staff/log/cameras")[2]
    assert clerk.get("/staff/log/cameras", headers=HTML).status_code == 403
    assert office.doors.open.get("/staff/log/cameras", headers=HTML).status_code == 302


def test_pictures_of_an_alarm_are_footage(office: Alarmed) -> None:
    chief, system = office.doors.person("ha", Role.SUPERVISOR), office.doors.key("footage")
    assert office.picture(office.doors.person("lan"), "now") == 403
    assert office.picture(office.doors.screen("board"), "now") == 403
    assert office.picture(chief, "now") == 403

    def view(moment: int) -> str:
        asked = {"cameras": ["q1"], "from": office.at(moment - 1000), "to": office.at(moment + 1000)}
        return str(post(chief, "/footage/views", asked | {"reason": "quality"}).get_json()["view"])

    of_now = view(office.now)
    assert office.picture(chief, "before", of_now) == 403  # it is of another moment: the event would not name it
    got = chief.get(f"{API}/footage/alarms/{office.seq}/before?view={view(office.before)}")
    assert (got.status_code, got.mimetype, got.data) == (200, "image/jpeg", PICTURE)
    assert office.picture(chief, "now", of_now) == 200
    assert office.picture(chief, "later", of_now) == 404
    assert len(office.viewed()) == 2
    assert office.picture(system, "now") == 200
    assert [one.actor for one in office.viewed()][-1].startswith("key:")
    (office.hall.store.path.parent / FOLDER / "q1" / f"{office.now}.jpg").unlink()
    assert office.picture(system, "now") == 404
    assert "hình đã xóa" in chief.get("/staff/log/cameras", headers=HTML).text


def test_a_supervisor_says_that_a_moved_view_is_right(office: Alarmed) -> None:
    chief, db = office.doors.person("ha", Role.SUPERVISOR), office.hall.store.read()
    assert "Góc nhìn này là đúng" not in chief.get("/staff/log/cameras", headers=HTML).text  # a cover is never right

    def accept(client: FlaskClient, seq: int) -> int:
        return int(post(client, f"/footage/alarms/{seq}/acceptance", {}).status_code)

    assert accept(chief, office.seq) == 409
    office.tell("camera.cleared", "covered")
    office.tell("camera.troubled", "moved")
    moved = journal.head(db)[0]
    pages = [chief.get("/staff/log/cameras", headers=HTML).text]
    (office.hall.store.path.parent / FOLDER / "q1" / f"{office.now}.jpg").unlink()
    pages.append(chief.get("/staff/log/cameras", headers=HTML).text)  # then the row of pictures does not open any more
    rows = [text.partition(f'data-seq="{moved}"')[2].partition("</tr>")[0] for text in pages]
    assert [text.count('data-act="accept"') for text in (*pages, *rows)] == [1, 1, 0, 1]
    assert (accept(office.doors.person("lan"), moved), accept(office.doors.key("footage"), moved)) == (403, 403)
    assert (accept(chief, moved), accept(chief, moved), accept(chief, 10**6)) == (204, 409, 404)
    [event] = journal.read(db, only=Filter(kinds=("camera.view_accepted",)))
    assert (event.actor, event.data) == ("person:ha", {"alarm": moved, "camera": "q1", "trouble": "moved"})
    assert troubles.standing(db) == {}
    assert troubles.accepted_at(db, "q1") == event.at
    text = chief.get("/staff/log/cameras", headers=HTML).text
    assert "Đã nhận góc nhìn này là đúng" in text
    assert "Góc nhìn này là đúng" not in text


def test_systems_are_told_of_alarms_and_their_ends(office: Alarmed) -> None:
    told = Fits(office.doors)(office.doors.key("footage").get(f"{API}/footage/alarms"), 200, "Alarms")["alarms"]
    assert [(one["trouble"], one["cleared_at"] is None) for one in told] == [("covered", True), ("black", False)]
    assert told[0]["now"] == office.at(office.now)


def test_cameras_without_a_notice_are_refused(office: Alarmed) -> None:
    with pytest.raises(ConfigurationError, match=r"camera_notice\.shown"):
        settings_with(cameras=CAMERAS, camera_notice={"shown": False})
    days = f"{office.hall.settings.camera_notice.days} ngày"
    for path in ("/", "/kiosk"):
        client = office.doors.screen("kiosk") if path == "/kiosk" else office.doors.open
        text = client.get(path, headers=HTML).text
        assert "camera giám sát" in text, path
        assert days in text, path


@pytest.mark.browser
def test_a_press_writes_the_look_down_and_shows_both_pictures(office: Alarmed, browser: Browser) -> None:
    for name, role in PEOPLE:
        office.hall.do(people.add, office.doors.web.passwords, name, role, PASSWORD, actor="system")
    with office.doors.serving() as port:
        desk = Counters(office.doors, f"http://127.0.0.1:{port}", browser)
        page = desk.page()
        desk.sign_in(page, "ha")
        desk.show(page, "/staff/log/cameras")
        button = page.locator('[data-act="pictures"]').first
        button.focus()
        page.keyboard.press("Enter")
        for which in ("before", "now"):
            image = page.locator(f'img[data-which="{which}"]').first
            expect(image).to_be_visible()
            expect(image).to_have_js_property("naturalWidth", 320)
        seen = [one.data["begins"] + 1000 for one in office.viewed()]
        assert {one.data["reason"] for one in office.viewed()} == {"quality"}
        assert seen == [office.before, office.now]  # each picture's own moment is written down
        assert page.evaluate("document.documentElement.scrollWidth") <= 1366
        page.context.close()


def test_lost_cameras_and_wrong_clocks_need_looking_at_too(tmp_path: Path) -> None:
    hall = Hall(tmp_path, settings_with(cameras=CAMERAS))
    doors, name = Doors(hall), "q1"
    key = doors.key("footage")
    assert key.get(f"{API}/footage/alarms").get_json() == {"alarms": [], "ailing": []}
    doors.web.devices[f"camera {name}"] = lambda: {"state": "trouble", "reason": "clock_off"}
    doors.web.devices[f"picture {name}"] = lambda: {"state": "trouble", "reason": "covered"}
    told = key.get(f"{API}/footage/alarms").get_json()
    assert told["ailing"] == [{"camera": name, "reasons": ["clock_off", "covered"]}]
    chief = doors.person("ha", Role.SUPERVISOR)

    def page() -> str:
        return str(chief.get("/staff/log/cameras", headers=HTML).text)

    assert "Mời bỏ vật che ra" in page()
    assert "Đồng hồ của camera sai nhiều" in page()
    keeping = Keeping(hall.store, "xa", tmp_path)
    keeping.tell("camera.lost", name, reason="refused", since=hall.clock() - 60_000)
    doors.web.devices[f"camera {name}"] = lambda: {"state": "trouble", "reason": "refused"}
    doors.web.devices.pop(f"picture {name}")
    assert page().count("Camera từ chối tên hoặc mật khẩu") == 1  # by its event alone, not once more as it is now
    keeping.tell("camera.recovered", name, after_s=60)
    doors.web.devices.pop(f"camera {name}")
    assert "Camera từ chối mật khẩu" in page()
    assert "Camera từ chối tên hoặc mật khẩu" not in page()
    hall.store.close()


def test_a_camera_that_hangs_no_more_needs_nothing(tmp_path: Path) -> None:
    gone = CAMERAS[0] | {"retired": True, "covers": [{"until": "2026-11-20"}]}
    hall = Hall(tmp_path, settings_with(cameras=[gone]))
    doors, told = Doors(hall), {"trouble": "covered", "before": 0, "now": hall.clock(), "figures": {}}
    Keeping(hall.store, "xa", tmp_path).tell("camera.troubled", "q1", **told)  # and then it was taken down
    assert doors.key("footage").get(f"{API}/footage/alarms").get_json()["ailing"] == []
    text = doors.person("ha", Role.SUPERVISOR).get("/staff/log/cameras", headers=HTML).text
    assert "Camera đã tháo" in text
    assert "Mời bỏ vật che ra" not in text
    hall.store.close()
