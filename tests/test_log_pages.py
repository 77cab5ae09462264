"""Who may see the service log, what its addresses show, and who may see who watched."""

import re

import pytest
from flask.testing import FlaskClient

from office import journal
from office.people import Role
from tools.log_days import LogDay
from tools.rehearsal import Hall
from tools.webhall import API, PASSWORD, Doors, post

HTML = {"Accept": "text/html"}
PAGES = ("/staff/log", "/staff/log?view=events", "/staff/log?visit=20261123-H-001", "/staff/log?at=1795395600000")


@pytest.fixture
def chief(doors: Doors) -> FlaskClient:
    return doors.person("ha", Role.SUPERVISOR)


@pytest.fixture
def leader(doors: Doors) -> FlaskClient:
    return doors.person("mai", Role.LEADER)


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200, (path, answer.status)
    return answer.text


def test_nobody_signs_in_first_and_comes_back_to_the_same_address(doors: Doors, chief: FlaskClient) -> None:
    sent = doors.open.get("/staff/log?counter=2&low=1", headers=HTML)
    assert sent.status_code == 302
    assert '"to": "/staff/log?counter=2\\u0026low=1"' in page(doors.open, sent.headers["Location"])
    assert chief.get(sent.headers["Location"], headers=HTML).headers["Location"] == "/staff/log?counter=2&low=1"


def test_clerks_are_refused_politely(doors: Doors) -> None:
    lan = doors.person("lan")
    for path in PAGES:
        refused = lan.get(path, headers=HTML)
        assert refused.status_code == 403
        assert "Mời gặp người phụ trách" in refused.text
    assert "/staff/log" not in page(lan, "/staff/counter")
    assert lan.get(f"{API}/visits").get_json()["key"] == "error.forbidden"


def test_the_api_is_for_supervisors_and_keys_of_the_journal(doors: Doors, hall: Hall, leader: FlaskClient) -> None:
    LogDay(hall).passed_on()
    assert doors.screen("board").get(f"{API}/visits").status_code == 403
    assert doors.key("tickets").get(f"{API}/visits").status_code == 403
    for client in (leader, doors.key("journal", name="upward")):
        (visit,) = client.get(f"{API}/visits").get_json()["visits"]
        assert [one["counter"] for one in visit["stations"]] == ["1", "2"]
        assert [one["left"] for one in visit["stations"]] == ["transferred", "finished"]
    for query in ("day=yesterday", "wait=long", "kind=no.such", "q=" + "x" * 99):
        assert leader.get(f"{API}/visits?{query}").status_code == 400


def test_the_list_says_what_there_is_and_what_there_is_not(hall: Hall, chief: FlaskClient) -> None:
    assert "Ngày 23/11/2026 chưa có lượt nào" in page(chief, "/staff/log")
    day = LogDay(hall)
    ticket = day.passed_on()
    day.rate(ticket, 2)
    day.hand_in(ticket, "H55.242-261118-0007", due_in_days=-2)
    text = page(chief, "/staff/log?out_of_order=1&counter=2&clerk=minh&overdue=1&low=1")
    for told in (f"/staff/log?visit={ticket.id}", "1 → 2", "minh", "2/5", "quá hạn", "Ngoài thứ tự"):
        assert told in text, told
    assert "Không có lượt nào khớp" in page(chief, "/staff/log?service=cu-tru")
    assert "Không tìm thấy" in page(chief, "/staff/log?q=H-999")
    assert ticket.number in page(chief, "/staff/log?dossier=H55.242-261118-0007")
    assert "CAO_TUOI" not in text


def test_events_are_paged_by_seq(hall: Hall, chief: FlaskClient) -> None:
    LogDay(hall).run(40)
    address, seen = "/staff/log?view=events", list[int]()
    while address:
        text = page(chief, address)
        seen += map(int, re.findall(r'<td class="figure soft">(\d+)</td>', text))
        following = re.search(r'rel="next" href="([^"]+)"', text)
        address = following[1].replace("&amp;", "&") if following else ""
    assert seen == list(range(1, journal.head(hall.store.read())[0] + 1))
    assert hall.store.read().execute("SELECT token FROM tickets").fetchone()[0] not in text


def test_every_kind_of_event_has_a_name(chief: FlaskClient) -> None:
    for language in ("vi", "en"):
        assert page(chief, f"/staff/log?lang={language}").count("<option value=") > 60


def test_a_visit_and_a_moment_have_a_page_each(hall: Hall, chief: FlaskClient) -> None:
    ticket = LogDay(hall).passed_on()
    assert "chuyển từ quầy 1" in page(chief, f"/staff/log?visit={ticket.id}")
    for at in (str(ticket.arrived_at), "2026-11-23T08:00:00+07:00"):
        assert "Lúc đó chưa có camera nào nhìn chỗ này" in page(chief, f"/staff/log?at={at}&counter=1")
    assert chief.get("/staff/log?visit=20261123-Z-001", headers=HTML).status_code == 404
    moments = [f"at={at}" for at in ("soon", "999999999999999", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")]
    for asked in (*moments, "day=0001-01-01", "day=9999-12-31", "view=events&day=9999-12-31"):
        assert chief.get(f"/staff/log?{asked}", headers=HTML).status_code == 400, asked


def watched(hall: Hall, **more: object) -> None:
    """Somebody watched, with words of their own beside the journal."""
    told = {"cameras": ["q1"], "begins": hall.clock() - 60_000, "ends": hall.clock(), "reason": "complaint"}
    with hall.store.act() as act:
        event = journal.append(
            act, "footage.viewed", office="x", actor="person:ha", data=told | {"view": "v", "noted": True} | more
        )
        act.db.execute("INSERT INTO footage_notes VALUES (?, ?)", (event.seq, "xem lại vì có phản ánh"))


def test_who_watched_is_for_leaders_alone(doors: Doors, hall: Hall, chief: FlaskClient, leader: FlaskClient) -> None:
    assert "chưa ai xem hình" in page(leader, "/staff/log/watched")
    watched(hall)
    text = page(leader, "/staff/log/watched")
    for told in ("ha", "Khiếu nại, phản ánh", "xem lại vì có phản ánh", "07:59:00–08:00:00"):
        assert told in text
    assert "/staff/log/watched" in page(leader, "/staff/log")
    for client in (chief, doors.person("lan")):
        refused = client.get("/staff/log/watched", headers=HTML)
        assert refused.status_code == 403
        assert "Mời gặp lãnh đạo" in refused.text
        assert 'href="/staff/log"' in refused.text
    assert "/staff/log/watched" not in page(chief, "/staff/log")
    assert doors.open.get("/staff/log/watched", headers=HTML).status_code == 302


def test_a_leader_may_all_that_a_supervisor_may(doors: Doors, leader: FlaskClient) -> None:
    for path in ("/staff/setup", "/staff/counter", "/staff/dossiers", "/staff/log"):
        assert "Lãnh đạo" in page(leader, path)
    assert leader.get(f"{API}/journal").status_code == 200
    assert leader.get(f"{API}/session").get_json()["role"] == "leader"


def test_those_who_watch_do_not_choose_who_watches_them(doors: Doors, chief: FlaskClient, leader: FlaskClient) -> None:
    wish = {"name": "bay", "role": "leader", "password": PASSWORD}
    for body in (wish, wish | {"name": "mai", "role": "clerk"}):
        answer = post(chief, "/people", body)
        assert (answer.status_code, answer.get_json()["key"]) == (403, "error.leaders_only")
    assert chief.delete(f"{API}/people/mai").status_code == 403
    assert post(leader, "/people", wish).status_code == 201
    assert leader.delete(f"{API}/people/ha").status_code == 204  # a leader is left: somebody can still set up


def test_the_last_who_can_set_up_stays(doors: Doors, leader: FlaskClient) -> None:
    key = doors.key("admin")
    answer = key.delete(f"{API}/people/mai")
    assert (answer.status_code, answer.get_json()["key"]) == (409, "error.last_supervisor")
