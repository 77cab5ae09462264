"""A repeated request: the same key gets the same answer and does nothing again."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient

from office.people import Role
from tools.fitting import PROBLEM, Fits
from tools.webhall import API, PASSWORD, Doors, post, take


@pytest.fixture
def system(doors: Doors) -> FlaskClient:
    return doors.key("tickets", "counters", "journal")


def test_the_same_key_gives_the_same_answer_and_does_nothing_again(doors: Doors, system: FlaskClient) -> None:
    once = post(system, "/tickets", {"service": "ho-tich"}, "k1")
    head = doors.head()
    doors.hall.clock.turn(hours=23, minutes=59)
    again = post(Doors(doors.hall).app.test_client(), "/tickets", {"service": "ho-tich"}, "k1")
    assert again.status_code == 401  # remembered for who asked only
    again = post(_restarted(doors, system), "/tickets", {"service": "ho-tich"}, "k1")
    assert (again.status_code, again.data, again.mimetype) == (201, once.data, once.mimetype)
    assert doors.head() == head


def _restarted(doors: Doors, system: FlaskClient) -> FlaskClient:
    client = Doors(doors.hall).app.test_client()
    client.environ_base.update(system.environ_base)
    return client


def test_the_same_key_with_another_body_or_call_is_422(doors: Doors, system: FlaskClient, fits: Fits) -> None:
    post(system, "/tickets", {"service": "ho-tich"}, "k1")
    head = doors.head()
    assert fits(post(system, "/tickets", {"service": "dat-dai"}, "k1"), 422, "Problem")["key"] == "error.key_reused"
    assert post(system, "/counters/1/open", {}, "k1").status_code == 422
    assert doors.head() == head
    other = doors.key("tickets", name="other")
    assert post(other, "/tickets", {"service": "dat-dai"}, "k1").status_code == 201  # another caller's key


def test_refusals_and_empty_answers_are_remembered_too(doors: Doors, system: FlaskClient) -> None:
    refused = post(system, "/counters/1/call-next", {}, "k1")
    assert refused.status_code == 409
    doors.hall.open("1")
    again = post(system, "/counters/1/call-next", {}, "k1")
    assert (again.status_code, again.data, again.mimetype) == (409, refused.data, PROBLEM)
    assert post(system, "/counters/1/call-next", {}, "k2").status_code == 204
    take(system)
    assert post(system, "/counters/1/call-next", {}, "k2").status_code == 204
    assert post(system, "/counters/1/call-next", {}, "k3").status_code == 200
    unknown = post(system, "/tickets", {"service": "khong-co"}, "k4")
    assert (unknown.status_code, post(system, "/tickets", {"service": "khong-co"}, "k4").data) == (400, unknown.data)


def test_a_full_disk_gives_no_number_says_so_and_the_same_key_is_served_once_there_is_room(
    doors: Doors, system: FlaskClient, fits: Fits
) -> None:
    with doors.hall.store.act() as act:
        pages, writer = act.db.execute("PRAGMA page_count").fetchone()[0], act.db
    writer.execute(f"PRAGMA max_page_count = {pages + 2}")
    for n in range(100):  # the last pages have some room left
        answer = post(system, "/tickets", {"service": "ho-tich"}, f"k{n}")
        if answer.status_code != 201:
            break
    head = doors.head()
    assert fits(answer, 503, "Problem")["key"] == "error.not_written"
    assert int(answer.headers["Retry-After"]) > 0
    assert doors.hall.store.state() == {"state": "trouble", "reason": "full"}
    assert doors.head() == head
    writer.execute("PRAGMA max_page_count = 1000000")
    given = post(system, "/tickets", {"service": "ho-tich"}, f"k{n}").json or {}
    assert given["number"] == f"H-{n + 1:03d}"
    assert doors.hall.store.state()["state"] == "ok"


def test_a_key_is_forgotten_after_a_day(doors: Doors, system: FlaskClient) -> None:
    once = post(system, "/tickets", {"service": "ho-tich"}, "k1").json or {}
    doors.hall.clock.turn(hours=24, seconds=1)
    again = post(system, "/tickets", {"service": "dat-dai"}, "k1")
    assert again.status_code == 201
    assert (again.json or {})["id"] != once["id"]


def test_the_same_key_at_the_same_time_gives_one_ticket(doors: Doors, system: FlaskClient) -> None:
    crowd, keys = 8, [f"k{n}" for n in range(20)]
    together = threading.Barrier(crowd)
    clients = [_restarted(doors, system) for _ in range(crowd)]

    def ask(client: FlaskClient) -> list[bytes]:
        told = []
        for key in keys:
            together.wait(30)
            answer = post(client, "/tickets", {"service": "ho-tich"}, key)
            assert answer.status_code == 201
            told.append(bytes(answer.data))
        return told

    with ThreadPoolExecutor(crowd) as threads:
        assert len({tuple(told) for told in threads.map(ask, clients)}) == 1
    assert doors.hall.store.read().execute("SELECT count(*) FROM tickets").fetchone() == (len(keys),)


def test_every_act_of_a_counter_takes_a_key(doors: Doors, system: FlaskClient, fits: Fits) -> None:
    for path, item in fits.spec["paths"].items():
        if "post" in item and path != f"{API}/session":
            assert "Idempotency-Key" in {p["name"] for p in item["post"]["parameters"]}, path
    doors.hall.open("1")
    for _ in range(3):
        take(system)
    for act in ("call-next", "start", "finish"):
        once = post(system, f"/counters/1/{act}", {}, act)
        head = doors.head()
        assert post(system, f"/counters/1/{act}", {}, act).data == once.data
        assert (once.status_code, doors.head()) == (200, head)


def test_screens_and_people_are_made_once(doors: Doors) -> None:
    chief = doors.person("ha", Role.SUPERVISOR)
    screen = {"name": "kiosk-9", "kind": "kiosk"}
    person = {"name": "minh", "role": "clerk", "password": " trong dam gi dep "}
    for path, body, other in (
        ("/screens", screen, screen | {"kind": "board"}),
        ("/people", person, person | {"password": "bang sen la xanh"}),
    ):
        once = post(chief, path, body, path)
        head = doors.head()
        assert once.status_code == 201
        assert post(chief, path, body, path).data == once.data
        assert post(chief, path, other, path).status_code == 422
        assert doors.head() == head
    signed = post(doors.open, "/session", {"name": "minh", "password": person["password"]})
    assert signed.status_code == 200  # a password may begin and end with a space
    assert person["password"] not in "\n".join(doors.hall.dump())


def test_a_repeated_request_does_not_count_towards_the_kiosks_limit(doors: Doors) -> None:
    kiosk = doors.screen("kiosk")
    limit = doors.settings.kiosk.per_minute
    for n in range(limit):
        assert post(kiosk, "/tickets", {"service": "ho-tich"}, f"k{n}").status_code == 201
    assert post(kiosk, "/tickets", {"service": "ho-tich"}, f"k{limit - 1}").status_code == 201
    many = post(kiosk, "/tickets", {"service": "ho-tich"}, f"k{limit}")
    assert many.status_code == 429
    assert int(many.headers["Retry-After"]) >= 1


def test_a_key_too_long_is_refused(system: FlaskClient, fits: Fits) -> None:
    fits(post(system, "/tickets", {"service": "ho-tich"}, "k" * 201), 400, "Problem")


def test_signing_in_and_pairing_bind_their_key_to_the_body(doors: Doors, fits: Fits) -> None:
    doors.person("lan")
    body = {"name": "lan", "password": PASSWORD}
    for _ in range(2):  # a session is never kept in the clear: each time a new one
        assert post(doors.app.test_client(), "/session", body, "k1").status_code == 200
    fits(post(doors.app.test_client(), "/session", body | {"password": "khac hoan toan"}, "k1"), 422, "Problem")
    assert PASSWORD not in "\n".join(doors.hall.dump())


def test_a_kiosk_gives_up_only_its_own_number_or_one_whose_token_it_is_shown(doors: Doors, fits: Fits) -> None:
    one, other = doors.screen("kiosk", "kiosk-1"), doors.screen("kiosk", "kiosk-2")
    tickets = [post(one, "/tickets", {"service": "ho-tich"}).json or {} for _ in range(2)]
    path, token = f"/tickets/{tickets[0]['id']}/cancel", tickets[0]["url"].rpartition("/")[2]
    head = doors.head()
    fits(post(other, path), 403, "Problem")
    fits(post(other, path, {"token": "X" * 16}), 403, "Problem")
    fits(post(other, path, {"token": tickets[1]["url"].rpartition("/")[2]}), 403, "Problem")
    assert doors.head() == head
    assert fits(post(other, path, {"token": token}), 200, "TicketWithEvents")["state"] == "cancelled"
    assert post(one, f"/tickets/{tickets[1]['id']}/cancel").status_code == 200
