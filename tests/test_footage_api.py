"""The footage API to the letter: a reason first, every look written down, clips with exact ranges, bad input told."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from office import footage, journal
from office.clock import rfc3339
from office.journal import Filter
from office.people import Role
from tools.filmed import Filmed, filmed
from tools.fitting import Fits
from tools.footage_made import Made
from tools.webhall import API, Doors, post

LENGTH_MS = 22_000
CAMERAS = (
    {"name": "q1", "title": {"vi": "Quầy 1"}, "covers": [{"counter": "1"}]},
    {"name": "q2", "title": {"vi": "Quầy 2"}, "covers": [{"counter": "2"}]},
    {"name": "sanh", "title": {"vi": "Phòng chờ"}, "offset_s": 3.2},
)


class Watching:
    """An office with 22 s of footage of two cameras, and callers of each kind."""

    def __init__(self, hall: Filmed) -> None:
        self.hall = hall
        self.doors: Doors = hall.doors()
        self.fits = Fits(self.doors)
        self.begins = hall.store.clock() - 60_000
        made = Made(hall.folder / "footage", hall.store)
        for number, name in enumerate(("q1", "sanh"), 1):
            made.record(name, number, (self.begins, self.begins + LENGTH_MS))
        self.ha = self.doors.person("ha", Role.SUPERVISOR)
        self.system = self.doors.key("footage")

    def at(self, seconds: float) -> str:
        """A moment of the footage, RFC 3339."""
        return rfc3339(self.begins + round(seconds * 1000), self.hall.settings.office.zone)

    def range(self, begins: float, ends: float, **more: Any) -> dict[str, Any]:
        return {"from": self.at(begins), "to": self.at(ends)} | more

    def get(self, client: FlaskClient, path: str, head: dict[str, str] | None = None, **query: Any) -> TestResponse:
        return client.get(f"{API}/footage{path}?{urlencode(query)}", headers=head, buffered=True)

    def view(self, client: FlaskClient, begins: float, ends: float, *cameras: str, **more: Any) -> str:
        asked = self.range(begins, ends, cameras=list(cameras), reason="complaint", **more)
        return str(self.fits(post(client, "/footage/views", asked), 201, "View")["view"])

    def told(self, kind: str) -> list[journal.Event]:
        return journal.read(self.hall.store.read(), only=Filter(kinds=(kind,)))


@pytest.fixture(name="w", scope="module")
def _w(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watching]:
    rows = [one | {"address": "rtsp://127.0.0.1/none"} for one in CAMERAS]
    with filmed(tmp_path_factory.mktemp("office"), rows) as hall:
        yield Watching(hall)


def test_what_there_is_of_a_camera_and_of_a_counter(w: Watching) -> None:
    told = w.fits(w.get(w.ha, "", camera="q1", **w.range(-5, 30)), 200, "Footage")
    (one,) = told["cameras"]
    assert (one["id"], one["title"], one["kind"], one["recorded"]) == ("q1", "Quầy 1", "rtsp", "here")
    assert one["ranges"] == [w.range(0, 22)]
    assert one["gaps"] == [w.range(-5, 0, reason="not_yet"), w.range(22, 30, reason="missing")]
    told = w.fits(w.get(w.system, "", counter="1", **w.range(0, 5)), 200, "Footage")
    assert [(one["id"], one["clock_offset_s"]) for one in told["cameras"]] == [("q1", None), ("sanh", 3.2)]
    told = w.fits(w.get(w.ha, "", **w.range(0, 5)), 200, "Footage")
    assert len(told["cameras"]) == 3
    assert w.told("footage.viewed") == []  # nothing was seen


def test_who_may_see_footage(w: Watching) -> None:
    clerk, other = w.doors.person("lan"), w.doors.key("tickets", "journal", name="other")
    paths = [("", w.range(0, 5)), ("/clip", w.range(0, 5, camera="q1")), ("/holds", {}), ("/exports", {})]
    paths += [("/thumbnail", {"camera": "q1", "at": w.at(1)}), ("/watched", w.range(0, 5))]
    for path, query in paths:
        for client, status in ((w.doors.open, 401), (clerk, 403), (other, 403), (w.doors.screen("board"), 403)):
            w.fits(w.get(client, path, **query), status, "Problem")
    for path in ("/footage/views", "/footage/exports", "/footage/holds"):
        assert post(clerk, path, w.range(0, 5, cameras=["q1"], reason="test")).status_code == 403
    leader = w.doors.person("minh", Role.LEADER)
    assert w.fits(w.get(w.ha, "/watched", **w.range(0, 5)), 403, "Problem")["key"] == "error.leaders_only"
    w.fits(w.get(leader, "/watched", **w.range(0, 90)), 200, "Watched")
    w.view(leader, 0, 5, "q1")


def test_a_reason_first_then_what_it_covers(w: Watching) -> None:
    asked = w.range(2.5, 9, camera="q1")
    problem = w.fits(w.get(w.ha, "/clip", **asked), 403, "Problem")
    assert problem["key"] == "error.view_first"
    view = w.view(w.ha, 0, 10, "q1", note="Trần Thị Mẫu phản ánh")
    seen = w.told("footage.viewed")[-1]
    assert (seen.actor, seen.data["cameras"], seen.data["reason"], seen.data["noted"]) == (
        "person:ha", ["q1"], "complaint", True,
    )  # fmt: skip
    assert "Mẫu" not in str(seen)
    clip = w.get(w.ha, "/clip", view=view, **asked)
    assert (clip.status_code, clip.mimetype) == (200, "video/mp4")
    assert clip.headers["Footage-From"] == w.at(2)  # the keyframe before
    assert clip.headers["Footage-To"] == w.at(9)
    assert clip.headers["Footage-Gaps"] == "[]"
    assert clip.headers["Cache-Control"] == "no-store"
    picture = w.get(w.ha, "/thumbnail", view=view, camera="q1", at=w.at(3))
    assert (picture.status_code, picture.mimetype) == (200, "image/jpeg")
    others = w.doors.person("hoa", Role.SUPERVISOR)
    for client, query in (
        (others, asked | {"view": view}),
        (w.ha, asked | {"view": view, "camera": "sanh"}),
        (w.ha, asked | {"view": "99999"}),
        (w.ha, w.range(200, 205, camera="q1", view=view)),
    ):
        w.fits(w.get(client, "/clip", **query), 403, "Problem")
    assert w.told("footage.viewed")[-1].seq == seen.seq  # a view is written once, whatever is then looked at


def test_byte_ranges_and_the_same_clip_again(w: Watching) -> None:
    asked = w.range(0, 8, camera="q1", view=w.view(w.ha, 0, 10, "q1"))
    whole = w.get(w.ha, "/clip", **asked)
    part = w.get(w.ha, "/clip", {"Range": "bytes=100-299"}, **asked)
    assert (part.status_code, part.data) == (206, whole.data[100:300])
    assert part.headers["Content-Range"] == f"bytes 100-299/{len(whole.data)}"
    again = w.get(w.ha, "/clip", {"If-None-Match": whole.headers["ETag"]}, **asked)
    assert (again.status_code, again.data) == (304, b"")
    assert w.get(w.ha, "/clip", {"Range": f"bytes={len(whole.data)}-"}, **asked).status_code == 416


def test_a_system_is_written_down_once_for_a_range(w: Watching) -> None:
    before = len(w.told("footage.viewed"))
    for _ in range(3):
        assert w.get(w.system, "/clip", **w.range(1, 6, camera="sanh")).status_code == 200
    events = w.told("footage.viewed")[before:]
    assert [(one.actor, one.data["reason"]) for one in events] == [("key:system", "system")]
    assert w.get(w.system, "/thumbnail", camera="sanh", at=w.at(7)).status_code == 200
    assert len(w.told("footage.viewed")) == before + 2


def test_gaps_and_nothing_at_all(w: Watching) -> None:
    clip = w.get(w.system, "/clip", **w.range(18, 30, camera="q1"))
    assert clip.headers["Footage-To"] == w.at(22)
    assert clip.headers["Footage-Gaps"] == f'[["{w.at(22)}", "{w.at(30)}"]]'
    for name, near in (("q1", [[w.at(20), w.at(22)]]), ("q2", [])):
        problem = w.fits(w.get(w.system, "/clip", **w.range(40, 45, camera=name)), 404, "Problem")
        assert (problem["key"], problem["nearest"]) == ("error.no_footage", near)
    w.fits(w.get(w.system, "/thumbnail", camera="q2", at=w.at(1)), 404, "Problem")


def test_a_view_by_counter_names_its_cameras_and_an_unsure_network_asks_twice(w: Watching) -> None:
    ticket = w.hall.issue("ho-tich")
    asked = w.range(0, 9, counter="1", reason="rating", ticket=ticket.id)
    one = w.fits(post(w.ha, "/footage/views", asked, "k1"), 201, "View")
    assert post(w.ha, "/footage/views", asked, "k1").get_json() == one
    assert [clip["camera"] for clip in one["clips"]] == ["q1", "sanh"]
    assert w.ha.get(one["clips"][0]["url"], buffered=True).status_code == 200
    event = w.told("footage.viewed")[-1]
    assert (event.counter, event.ticket, f"{event.seq}") == ("1", ticket.id, one["view"])
    assert post(w.ha, "/footage/views", asked | {"reason": "test"}, "k1").status_code == 422


def test_bad_input_is_refused_and_leaves_no_trace(w: Watching) -> None:
    good = w.range(0, 5, cameras=["q1"], reason="test")
    head = w.doors.head()
    bodies: list[tuple[dict[str, Any], int]] = [
        (good | {"cameras": []}, 400),
        (good | {"cameras": ["khong-co"]}, 404),
        ({k: v for k, v in good.items() if k != "cameras"}, 400),
        (good | {"counter": "99"}, 404),
        (good | {"reason": "tò mò"}, 400),
        (good | {"reason": "system"}, 400),
        (good | {"to": w.at(0)}, 400),
        (good | {"to": w.at(90_000)}, 400),
        (good | {"from": "hôm qua"}, 400),
        (good | {"from": "2026-11-27T08:00:00"}, 400),
        (good | {"from": "0001-01-01T00:00:00Z"}, 400),
        (good | {"note": "x" * 1001}, 422),
        (good | {"ticket": "Nguyễn Văn Thử"}, 404),
        (good | {"dossier": "Nguyễn Văn Thử"}, 400),
        (good | {"more": 1}, 422),
    ]
    for path, more in (("views", {}), ("exports", {}), ("holds", {"until": "2090-01-01"})):
        for body, status in bodies:
            answer = post(w.ha, f"/footage/{path}", body | more)
            w.fits(answer, status, "Problem")
    for query in ({}, w.range(0, 5), w.range(0, 5, camera="../q1"), w.range(5, 0, camera="q1"),
                  w.range(0, 4000, camera="q1"), {"camera": "q1", "from": "x" * 99, "to": w.at(1)}):  # fmt: skip
        answer = w.get(w.system, "/clip", **query)
        w.fits(answer, 404 if "camera" not in query or "/" in query["camera"] else 400, "Problem")
    both = w.get(w.ha, "", camera="q1", counter="1", **w.range(0, 5))
    w.fits(both, 400, "Problem")
    w.fits(w.get(w.ha, "", counter="99", **w.range(0, 5)), 404, "Problem")
    w.fits(w.get(w.system, "/thumbnail", camera="q1", at="now"), 400, "Problem")
    assert w.doors.head() == head


def test_holds(w: Watching) -> None:
    asked = w.range(0, 9, counter="1", reason="request", until="2090-01-01", note="theo công văn")
    assert post(w.ha, "/footage/holds", asked).status_code == 400  # ten years at most
    until = rfc3339(w.hall.store.clock() + 40 * 86_400_000, w.hall.settings.office.zone)[:10]
    held = w.fits(post(w.ha, "/footage/holds", asked | {"until": until}), 201, "Hold")
    assert held["kept_here"]
    assert (held["owner"], held["cause"], held["cameras"], held["holds"]) == (
        "person:ha",
        "person",
        ["q1", "sanh"],
        True,
    )
    assert w.fits(w.get(w.ha, "/holds"), 200, "Holds")["holds"][0] == held
    name = held["hold"]
    assert w.ha.delete(f"{API}/footage/holds/{name}", json={"reason": "weil"}).status_code == 400
    assert w.ha.delete(f"{API}/footage/holds/{name}", json={"reason": "request"}).status_code == 204
    assert w.ha.delete(f"{API}/footage/holds/{name}", json={"reason": "request"}).status_code == 409
    assert w.ha.delete(f"{API}/footage/holds/H0", json={"reason": "request"}).status_code == 404
    assert not w.fits(w.get(w.ha, "/holds"), 200, "Holds")["holds"][0]["holds"]


def test_an_office_without_cameras_has_no_footage(w: Watching) -> None:
    doors = Doors(w.hall)
    doors.web.footage = None
    client = doors.key("footage", name="elsewhere")
    w.fits(w.get(client, "/clip", **w.range(0, 5, camera="q1")), 404, "Problem")


def test_footage_that_was_purged_is_told_as_a_gap(w: Watching) -> None:
    first = footage.starts(w.hall.store.read(), "sanh")[0]
    with w.hall.store.act() as act:
        footage.drop(act, "sanh", [first])
    clip = w.get(w.system, "/clip", **w.range(0, 15, camera="sanh"))
    assert clip.headers["Footage-From"] == w.at(10)
    assert clip.headers["Footage-Gaps"] == f'[["{w.at(0)}", "{w.at(10)}"]]'
