"""Looking changes nothing, what is not there is told politely, and nobody is told more than they may know."""

import json
import re
from typing import Any, Literal

import pytest
from flask.testing import FlaskClient

from office.kinds import KINDS
from office.people import Role
from tools.fitting import Fits
from tools.rehearsal import Hall
from tools.webhall import API, Doors, post, take

Kind = Literal["kiosk", "board"]


@pytest.fixture
def system(doors: Doors) -> FlaskClient:
    return doors.key("tickets", "counters", "journal")


def test_looking_never_changes_anything(doors: Doors) -> None:
    ticket = take(doors.key("tickets"))
    clients = [doors.open, doors.screen("kiosk"), doors.screen("board"), doors.person("ha", Role.SUPERVISOR)]
    clients.append(doors.key("admin", name="all"))
    values = {"counter": "1", "ticket": ticket["id"], "token": ticket["url"].rpartition("/")[2], "code": "1.001193"}
    before, looked = doors.hall.dump(), 0
    for rule in doors.app.url_map.iter_rules():
        path = rule.rule
        for argument in rule.arguments:
            path = path.replace(f"<{argument}>", values.get(argument, "x")).replace(f"<path:{argument}>", "x")
        for client in clients:
            for method in ("GET", "HEAD", "OPTIONS"):
                if path.endswith("/events") and method == "GET":
                    continue  # it does not end; the streams have tests of their own
                answer = client.open(path, method=method)
                answer.close()
                assert answer.status_code < 500, (method, path)
                looked += 1
    assert looked > 300
    assert doors.hall.dump() == before
    assert doors.web.pulse.streams == 0  # HEAD /events gives its place back


def test_a_demo_office_is_not_changed_by_looking_either(hall: Hall) -> None:
    doors = Doors(hall, demo=True)
    before = doors.hall.dump()
    for path in ("/kiosk", "/board", "/board/1", "/kiosk/hall.json", "/"):
        assert doors.app.test_client().get(path).status_code == 200
    assert doors.hall.dump() == before
    kiosk = doors.app.test_client()
    assert post(kiosk, "/tickets", {"service": "ho-tich"}).status_code == 401
    kiosk.get("/kiosk")
    assert post(kiosk, "/tickets", {"service": "ho-tich"}).status_code == 201


def same(path: str, other: str) -> bool:
    """Whether an address of ``path`` is one of ``other`` too: /dossiers/import could be a dossier's code."""
    return re.fullmatch(re.sub(r"{[^}]+}", "[^/]+", other), path) is not None


def test_a_wrong_method_is_405_with_allow(doors: Doors, spec: dict[str, Any], fits: Fits) -> None:
    before = doors.head()
    for path in spec["paths"]:
        known = {method.upper() for other, item in spec["paths"].items() if same(path, other) for method in item}
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "FOO"} - known:
            answer = doors.open.open(path.replace("{", "").replace("}", ""), method=method, json={})
            assert fits(answer, 405, "Problem")["key"] == "error.method"
            assert known <= set(answer.headers["Allow"].split(", "))
    assert doors.head() == before


@pytest.mark.parametrize(
    "path", ["", "/", "/nothing", "//queue", "/queue/", "/tickets/a/b/c", "/../queue", "/%2e%2e/x"]
)
def test_an_unknown_path_is_404_for_programs_and_browsers_alike(doors: Doors, fits: Fits, path: str) -> None:
    for accept in ("*/*", "text/html"):
        fits(doors.open.get(f"{API}{path}", headers={"Accept": accept}), 404, "Problem")


def test_nobody_is_ever_sent_to_sign_in(doors: Doors, spec: dict[str, Any], fits: Fits) -> None:
    for path, item in spec["paths"].items():
        for method, call in item.items():
            if "security" not in call:
                continue
            answer = doors.open.open(path, method=method.upper(), json={}, headers={"Accept": "text/html"})
            assert fits(answer, 401, "Problem")["key"] == "error.not_signed_in"
            assert "WWW-Authenticate" in answer.headers


def test_a_stopping_office_says_so(doors: Doors, system: FlaskClient, fits: Fits) -> None:
    doors.web.stopping.set()
    head = doors.head()
    for answer in (post(system, "/tickets", {"service": "ho-tich"}), system.get(f"{API}/queue")):
        assert fits(answer, 503, "Problem")["key"] == "error.stopping"
        assert int(answer.headers["Retry-After"]) >= 1
    assert doors.open.get("/healthz").status_code == 503
    assert doors.head() == head


def test_problems_speak_the_readers_language(doors: Doors) -> None:
    titles = set()
    for language in ("vi", "en", "xx"):
        problem = doors.open.get(f"{API}/queue", headers={"Accept-Language": language}).json or {}
        assert problem["key"] == "error.not_signed_in"
        assert problem["status"] == 401
        assert problem["type"]
        titles.add(problem["title"])
    assert len(titles) == 2


def test_screens_see_public_kinds_and_fields_only(doors: Doors) -> None:
    private, public = _private_day(doors), {kind for kind in KINDS if KINDS[kind].public is not None}
    ticket = doors.hall.store.read().execute("SELECT id FROM tickets").fetchone()[0]
    kinds: tuple[Kind, ...] = ("kiosk", "board")
    with doors.serving():  # the pulse beats
        for kind in kinds:
            screen = doors.screen(kind)
            stream = _told(screen)
            events = [json.loads(line[6:]) for line in stream.splitlines() if line.startswith('data: {"seq"')]
            assert len(events) > 8
            assert {event["kind"] for event in events} <= public
            assert all(set(event["data"]) <= (KINDS[event["kind"]].public or set()) for event in events)
            seen = stream + "".join(screen.get(f"{API}{path}").text for path in ("/queue", f"/tickets/{ticket}"))
            assert [word for word in private if word in seen] == []
            for path in ("/journal", "/counters/1", "/people", "/screens"):
                assert screen.get(f"{API}{path}").status_code == 403
        whole = _told(doors.key("journal"))
        assert [word for word in private if word not in whole] == []
        clerk = _told(doors.person("minh"))
        assert '"person.signed_in"' not in clerk
        assert "setting.changed" not in clerk
        assert "KHUYET_TAT" in clerk


def _private_day(doors: Doors) -> list[str]:
    """A day with things that no screen may tell; those things."""
    system = doors.key("tickets", "counters", "journal")
    doors.hall.open("1")
    classes = [c.id for c in doors.settings.discipline.classes]
    for priority in classes:
        take(system, priority=priority, dossier="H55.242-261120-0007")
    assert post(system, "/counters/1/call-next").status_code == 200
    assert post(system, "/counters/1/priority", {"confirmed": False}).status_code == 200
    post(system, "/counters/1/absent")
    waiting = (system.get(f"{API}/counters/1").json or {})["waiting"][-1]["number"]
    assert post(system, "/counters/1/call", {"number": waiting, "reason": "lý do riêng tư"}).status_code == 200
    doors.person("ha", Role.SUPERVISOR)
    return [*classes, "lý do riêng tư", "clerk1", "H55.242-261120-0007", "moved_forward_min"]


def _told(client: FlaskClient) -> str:
    """What a stream tells from the beginning of the journal until now: its first sign of life, then what there is."""
    answer = client.get(f"{API}/events?since=0")
    assert answer.mimetype == "text/event-stream"
    pieces = answer.iter_encoded()
    told = next(pieces) + next(pieces)
    answer.close()
    return told.decode()
