"""What each caller may see and do of others' numbers: tokens, streams, a kiosk's own tickets, keys bound to a body."""

import json
import re
import threading
import time
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from office.people import Role
from tools.rehearsal import Hall
from tools.webhall import API, PASSWORD, Doors, post, take
from web.pulse import CLERKS


@pytest.fixture(name="doors")
def _doors(hall: Hall) -> Iterator[Doors]:
    """Doors whose pulse follows the journal."""
    made, stop = Doors(hall), threading.Event()
    thread = threading.Thread(target=made.web.pulse.run, args=(stop,))
    thread.start()
    yield made
    stop.set()
    made.web.pulse.stop()
    thread.join()


def told(client: FlaskClient, head: int, query: str = "") -> str:
    """What the stream tells from the journal's beginning until event ``head``, which it must be shown."""
    answer = client.get(f"{API}/events?since=0{query}", buffered=False)
    assert answer.status_code == 200
    text, deadline = "", time.monotonic() + 10
    for piece in answer.response:
        text += piece.decode() if isinstance(piece, bytes) else piece
        if f"id: {head}\n" in text or time.monotonic() > deadline:
            break
    answer.close()
    assert f"id: {head}\n" in text
    return text


# ---- streams --------------------------------------------------------------------------------------------


def test_a_clerk_hears_the_hall_and_not_who_was_refused_or_any_token(doors: Doors) -> None:
    clerk, chief, system = doors.person("lan"), doors.person("ha", Role.SUPERVISOR), doors.key("tickets", "journal")
    post(doors.open, "/session", {"name": "lan", "password": "khong phai the"})
    token = take(system)["url"].rpartition("/")[2]
    head = doors.head()[0]
    heard = {name: told(client, head) for name, client in (("clerk", clerk), ("chief", chief), ("system", system))}
    kinds = {name: re.findall(r"^event: ([a-z_]+\.[a-z_]+)$", text, re.MULTILINE) for name, text in heard.items()}
    assert kinds["clerk"] == ["ticket.issued"]
    assert {"person.refused", "person.signed_in", "setting.changed", "ticket.issued"} <= set(kinds["chief"])
    assert kinds["system"] == kinds["chief"]
    assert "127.0.0.1" not in heard["clerk"]
    pages = [chief.get(f"{API}/journal").text, clerk.get(f"{API}/journal?kind=ticket.issued").text]
    assert [text for text in (*heard.values(), *pages) if token in text] == []


def test_a_clerks_kinds_are_those_of_the_hall() -> None:
    assert "person.refused".startswith(CLERKS) is False
    assert "setting.changed".startswith(CLERKS) is False
    for kind in ("ticket.called", "help.requested", "slip.requested", "printer.failed", "hall.closed"):
        assert kind.startswith(CLERKS)


def test_beats_tell_the_journals_head(doors: Doors) -> None:
    board = doors.screen("board")
    doors.hall.issue("ho-tich")
    head = doors.head()[0]
    beat = re.match(r"retry: \d+\nevent: beat\ndata: (.*)\n\n", told(board, head))
    assert beat is not None
    assert json.loads(beat[1]) == {"head": head}


# ---- a kiosk's own numbers ------------------------------------------------------------------------------


def test_only_who_took_a_number_and_staff_get_its_phone_page(doors: Doors) -> None:
    kiosk, other, board = doors.screen("kiosk"), doors.screen("kiosk", "kiosk-2"), doors.screen("board")
    ticket = take(kiosk)
    assert "/t/" in ticket["url"]
    token = ticket["url"].rpartition("/")[2]
    for screen in (kiosk, other, board):
        answer = screen.get(f"{API}/tickets/{ticket['id']}")
        assert answer.status_code == 200
        assert "url" not in (answer.json or {})
        assert token not in answer.text
    for full in (doors.person("lan"), doors.key("tickets")):
        assert (full.get(f"{API}/tickets/{ticket['id']}").json or {})["url"] == ticket["url"]


def test_a_kiosk_gives_up_and_brings_back_only_its_own_numbers(doors: Doors) -> None:
    mine, other, clerk = doors.screen("kiosk"), doors.screen("kiosk", "kiosk-2"), doors.person("lan")
    first, second, third, fourth = (take(mine) for _ in range(4))
    head = doors.head()
    for body in ({}, {"token": "NOSUCHTOKEN23456"}, {"token": second["url"].rpartition("/")[2]}):
        for act in ("cancel", "return"):
            answer = post(other, f"/tickets/{first['id']}/{act}", body)
            assert (answer.status_code, (answer.json or {})["key"]) == (403, "error.forbidden")
    assert post(other, "/tickets/20200101-Z-001/cancel").status_code == 404
    assert doors.head() == head
    given_up = post(mine, f"/tickets/{first['id']}/cancel")
    assert given_up.status_code == 200
    assert "url" not in (given_up.json or {})
    with_token = {"token": second["url"].rpartition("/")[2]}
    assert post(other, f"/tickets/{second['id']}/cancel", with_token).status_code == 200
    assert post(clerk, f"/tickets/{third['id']}/cancel").status_code == 200
    doors.hall.open("1")
    post(clerk, "/counters/1/call-next")
    post(clerk, "/counters/1/absent")
    assert post(other, f"/tickets/{fourth['id']}/return").status_code == 403
    back = post(mine, f"/tickets/{fourth['id']}/return")
    assert back.status_code == 200
    assert "url" not in (back.json or {})


# ---- keys at the doors ----------------------------------------------------------------------------------


def test_signing_in_again_with_the_same_key_is_a_fresh_session_and_another_body_is_refused(doors: Doors) -> None:
    doors.person("lan")
    doors.person("ha", Role.SUPERVISOR)
    body = {"name": "lan", "password": PASSWORD}
    once, again = post(doors.app.test_client(), "/session", body, "k1"), post(doors.open, "/session", body, "k1")
    assert (once.status_code, again.status_code) == (200, 200)
    assert (once.json or {})["csrf"] != (again.json or {})["csrf"]
    assert doors.open.get(f"{API}/session").status_code == 200
    head = doors.head()
    for other in (body | {"name": "ha"}, body | {"password": "khong phai the"}):
        answer = post(Doors(doors.hall).open, "/session", other, "k1")
        assert (answer.status_code, (answer.json or {})["key"]) == (422, "error.key_reused")
        assert "Set-Cookie" not in answer.headers
    assert doors.head() == head
    kept = "\n".join(str(row) for row in doors.hall.store.read().execute("SELECT * FROM answers"))
    for secret in (PASSWORD, (once.json or {})["csrf"], (again.json or {})["csrf"]):
        assert secret not in kept
    assert post(doors.open, "/session", body, "k" * 201).status_code == 400


def test_a_refused_sign_in_does_not_use_its_key_up(doors: Doors) -> None:
    doors.person("lan")
    assert post(doors.open, "/session", {"name": "lan", "password": "khong phai"}, "k1").status_code == 401
    assert post(doors.open, "/session", {"name": "lan", "password": PASSWORD}, "k1").status_code == 200


def test_a_pairing_key_is_bound_to_its_code_and_the_code_works_once(doors: Doors) -> None:
    chief = doors.person("ha", Role.SUPERVISOR)
    codes = [(post(chief, "/screens", {"name": f"k-{n}", "kind": "kiosk"}).json or {})["code"] for n in range(2)]

    def pair(code: str) -> int:
        body = {"kind": "kiosk", "code": code}
        return doors.app.test_client().post("/pair", json=body, headers={"Idempotency-Key": "k1"}).status_code

    assert [pair(codes[0]), pair(codes[1]), pair(codes[0])] == [200, 422, 401]


# ---- small things ---------------------------------------------------------------------------------------


def test_a_counter_to_pass_on_to_may_be_a_number(doors: Doors) -> None:
    system = doors.key("counters", "tickets")
    doors.hall.open("1", "2")
    take(system)
    post(system, "/counters/1/call-next")
    post(system, "/counters/1/start")
    for wrong in (True, 2.0, -20000, ["2"]):
        assert post(system, "/counters/1/transfer", {"counter": wrong}).status_code == 422
    answer = post(system, "/counters/1/transfer", {"counter": 2})
    assert answer.status_code == 200
    assert (answer.json or {})["target"] == "2"


def test_who_calls_numbers_may_look_at_the_queue(doors: Doors) -> None:
    for n, scope in enumerate(("tickets", "counters", "admin")):
        assert doors.key(scope, name=f"key-{n}").get(f"{API}/queue").status_code == 200
    assert doors.key("journal", name="other").get(f"{API}/queue").status_code == 403
    call = (doors.open.get(f"{API}/openapi.json").json or {})["paths"][f"{API}/queue"]["get"]
    assert [way["key"] for way in call["security"] if "key" in way] == [["tickets"], ["counters"]]
