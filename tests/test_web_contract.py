"""The JSON API to the letter: every call, its statuses and shapes, what refuses and what a repeated request gets."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Literal

import pytest
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.test import TestResponse

from office import turns
from office.kinds import KINDS
from office.people import Role
from office.tickets import AT_COUNTER, TRANSITIONS, Deed, State
from tools.rehearsal import Hall
from tools.webhall import API, PASSWORD, Doors, post

PROBLEM = "application/problem+json"
Kind = Literal["kiosk", "board"]
DEEDS = {
    "recall": Deed.RECALL,
    "start": Deed.START,
    "finish": Deed.FINISH,
    "undo": Deed.REOPEN,
    "absent": Deed.ABSENT,
}


@pytest.fixture
def doors(hall: Hall) -> Doors:
    return Doors(hall)


@pytest.fixture
def system(doors: Doors) -> FlaskClient:
    return doors.key("tickets", "counters", "journal")


@pytest.fixture
def spec(doors: Doors) -> dict[str, Any]:
    answer = doors.open.get(f"{API}/openapi.json")
    assert answer.status_code == 200
    return dict(answer.json or {})


Fits = Callable[[TestResponse, int, str], dict[str, Any]]


@pytest.fixture
def fits(spec: dict[str, Any]) -> Fits:
    """``fits(answer, status, schema)``: the answer's body, once it fits the described schema."""

    def check(answer: TestResponse, status: int, name: str) -> dict[str, Any]:
        assert answer.status_code == status, answer.get_data(as_text=True)
        assert answer.mimetype == (PROBLEM if status >= 400 else "application/json")
        body = answer.get_json(force=True)
        whole = {"$ref": f"#/components/schemas/{name}", "components": spec["components"]}
        OAS31Validator(whole, format_checker=oas31_format_checker).validate(body)
        for key, value in body.items():
            if (key.endswith("_at") or key in ("at", "since", "hold_until")) and value:
                assert datetime.fromisoformat(value).tzinfo is not None, key
        return dict(body)

    return check


def take(system: FlaskClient, service: str = "ho-tich", **more: Any) -> dict[str, Any]:
    answer = post(system, "/tickets", {"service": service} | more)
    assert answer.status_code == 201
    return dict(answer.json or {})


# ---- the description ------------------------------------------------------------------------------------


def test_the_description_is_valid_openapi_and_names_every_call_of_the_contract(spec: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(spec).validate()
    assert spec["openapi"].startswith("3.1")
    calls = {(method, path.removeprefix(API)) for path, item in spec["paths"].items() for method in item}
    posts = ["open", "pause", "close", "call-next", "call", "recall", "start", "finish", "absent", "hold", "transfer"]
    wanted = {("post", f"/counters/{{counter}}/{name}") for name in posts}
    wanted |= {("post", "/tickets"), ("get", "/tickets/{ticket}"), ("post", "/tickets/{ticket}/cancel")}
    wanted |= {("get", path) for path in ("/queue", "/events", "/journal", "/procedures", "/procedures/{code}")}
    assert wanted <= calls


def test_every_call_below_the_prefix_is_described(doors: Doors, spec: dict[str, Any]) -> None:
    rules = {rule.rule.replace("<", "{").replace(">", "}") for rule in doors.app.url_map.iter_rules()}
    assert {r for r in rules if r.startswith(API)} - {f"{API}/openapi.json"} == set(spec["paths"])


# ---- tickets --------------------------------------------------------------------------------------------


def test_taking_looking_and_giving_up(doors: Doors, system: FlaskClient, fits: Fits) -> None:
    body = {"service": "ho-tich", "priority": "CAO_TUOI", "dossier": "H55.242-261120-0007", "language": "en"}
    ticket = fits(post(system, "/tickets", body), 201, "Ticket")
    assert {"id", "number", "service", "state", "ahead", "wait", "issued_at", "url"} <= ticket.keys()
    assert (ticket["number"], ticket["service"], ticket["state"], ticket["ahead"]) == ("H-001", "ho-tich", "waiting", 0)
    assert (ticket["priority"], ticket["priority_verified"], ticket["wait"]) == ("CAO_TUOI", False, None)
    assert ticket["url"].startswith("http")
    assert "/t/" in ticket["url"]
    assert datetime.fromisoformat(ticket["issued_at"]).utcoffset() is not None
    seen = fits(system.get(f"{API}/tickets/{ticket['id']}"), 200, "TicketWithEvents")
    assert [event["kind"] for event in seen["events"]] == ["ticket.issued"]
    gone = fits(post(system, f"/tickets/{ticket['id']}/cancel"), 200, "TicketWithEvents")
    assert gone["state"] == "cancelled"
    assert [event["kind"] for event in gone["events"]] == ["ticket.issued", "ticket.cancelled"]
    head = doors.head()
    fits(post(system, f"/tickets/{ticket['id']}/cancel"), 409, "Problem")
    fits(system.get(f"{API}/tickets/20200101-Z-001"), 404, "Problem")
    fits(post(system, "/tickets", {"service": "khong-co"}), 400, "Problem")
    fits(post(system, "/tickets", {"service": "ho-tich", "priority": "VUA"}), 400, "Problem")
    fits(post(system, "/tickets", {}), 422, "Problem")
    assert doors.head() == head


def test_ahead_and_wait_once_history_tells(doors: Doors, system: FlaskClient, fits: Fits) -> None:
    doors.hall.open("1")
    for _ in range(6):
        doors.hall.issue("ho-tich", after_s=30)
        for deed in (turns.call_next, turns.start, turns.finish):
            doors.hall.do(deed, "1", actor="person:lan")
            doors.hall.clock.turn(seconds=200)
    take(system)
    ticket = fits(post(system, "/tickets", {"service": "ho-tich"}), 201, "Ticket")
    assert ticket["ahead"] == 1
    assert 0 < ticket["wait"]["p50_s"] <= ticket["wait"]["p90_s"]


def test_return_and_slip(doors: Doors, system: FlaskClient, fits: Fits) -> None:
    doors.hall.open("1")
    ticket = take(system)
    for act in ("call-next", "absent"):
        assert post(system, f"/counters/1/{act}").status_code == 200
    assert fits(post(system, f"/tickets/{ticket['id']}/return"), 200, "Ticket")["state"] == "waiting"
    assert post(system, f"/tickets/{ticket['id']}/slip").status_code == 202


# ---- counters -------------------------------------------------------------------------------------------


def test_a_counter_through_its_day(doors: Doors, system: FlaskClient, fits: Fits) -> None:
    assert fits(post(system, "/counters/1/open"), 200, "Counter")["state"] == "open"
    assert fits(post(system, "/counters/1/pause"), 200, "Counter")["state"] == "paused"
    fits(post(system, "/counters/1/call-next"), 409, "Problem")
    post(system, "/counters/1/open")
    nobody = post(system, "/counters/1/call-next")
    assert (nobody.status_code, nobody.data) == (204, b"")
    numbers = [take(system)["number"] for _ in range(6)]
    call = fits(post(system, "/counters/1/call-next"), 200, "Call")
    assert (call["ticket"]["number"], call["ticket"]["counter"]) == (numbers[0], "1")
    assert isinstance(call["why"]["rule"], str)
    fits(post(system, "/counters/1/call-next"), 409, "Problem")
    fits(post(system, "/counters/1/recall"), 409, "Problem")  # too soon
    doors.hall.clock.turn(seconds=20)
    assert fits(post(system, "/counters/1/recall"), 200, "Ticket")["recalls"] == 1
    assert fits(post(system, "/counters/1/start"), 200, "Ticket")["state"] == "serving"
    assert fits(post(system, "/counters/1/finish"), 200, "Ticket")["state"] == "finished"
    assert fits(post(system, "/counters/1/undo"), 200, "Ticket")["state"] == "serving"
    held = fits(post(system, "/counters/1/hold", {"minutes": 5}), 200, "Ticket")
    assert held["state"] == "held"
    assert held["hold_until"]
    fits(post(system, "/counters/1/call", {"number": numbers[3]}), 422, "Problem")  # a reason is required
    fits(post(system, "/counters/1/call", {"number": numbers[3], "reason": " "}), 422, "Problem")
    out = fits(post(system, "/counters/1/call", {"number": numbers[3], "reason": "mẹ đơn thân"}), 200, "Call")
    assert (out["ticket"]["number"], out["why"]["reason"]) == (numbers[3], "mẹ đơn thân")
    fits(post(system, "/counters/1/close"), 409, "Problem")
    passed = fits(post(system, "/counters/1/transfer", {"service": "dat-dai"}), 200, "Ticket")
    assert (passed["state"], passed["service"], passed["number"]) == ("waiting", "dat-dai", numbers[3])
    assert fits(post(system, "/counters/1/call-next"), 200, "Call")["ticket"]["number"] == numbers[1]
    fits(post(system, "/counters/1/transfer", {}), 400, "Problem")
    fits(post(system, "/counters/1/transfer", {"counter": "2"}), 409, "Problem")  # it is closed
    doors.hall.open("2")
    assert fits(post(system, "/counters/1/transfer", {"counter": "2"}), 200, "Ticket")["target"] == "2"
    assert fits(post(system, "/counters/1/call-next"), 200, "Call")["ticket"]["number"] == numbers[2]
    assert fits(post(system, "/counters/1/absent"), 200, "Ticket")["state"] == "absent"
    desk = fits(system.get(f"{API}/counters/1"), 200, "Desk")
    assert (desk["current"], len(desk["held"]), len(desk["absent"])) == (None, 1, 1)
    assert fits(post(system, "/counters/1/close"), 200, "Counter")["state"] == "closed"
    fits(post(system, "/counters/99/open"), 404, "Problem")
    fits(system.get(f"{API}/counters/99"), 404, "Problem")


@pytest.mark.parametrize("state", [None, *State])
def test_an_act_the_state_does_not_allow_is_409_and_changes_nothing(
    doors: Doors, system: FlaskClient, fits: Fits, state: State | None
) -> None:
    doors.hall.open("1")
    ticket = _ticket_in(doors, state) if state else ""
    number = ticket.partition("-")[2]
    doors.hall.clock.turn(seconds=9)  # past the recall's cool-down, before the end of the undo
    tried, head = 0, doors.head()
    for path, deed, body in (
        *((f"/counters/1/{name}", deed, {}) for name, deed in DEEDS.items()),
        ("/counters/1/hold", Deed.HOLD, {"minutes": 5}),
        ("/counters/1/transfer", Deed.TRANSFER, {"service": "dat-dai"}),
        ("/counters/1/call", Deed.CALL, {"number": number, "reason": "gấp"}),
        (f"/tickets/{ticket}/cancel", Deed.CANCEL, {}),
        (f"/tickets/{ticket}/return", Deed.RETURN, {}),
    ):
        needs_ticket = deed in (Deed.CALL, Deed.CANCEL, Deed.RETURN)
        there = needs_ticket or state in AT_COUNTER or deed is Deed.REOPEN
        if (state is None and needs_ticket) or (state in TRANSITIONS[deed] and there):
            continue
        problem = fits(post(system, path, body), 409, "Problem")
        assert problem["key"].startswith("error.")
        tried += 1
    assert tried >= 4
    assert doors.head() == head


def _ticket_in(doors: Doors, state: State) -> str:
    ticket = doors.hall.issue("ho-tich")
    way: dict[State, tuple[Callable[..., Any], ...]] = {
        State.CALLED: (turns.call_next,),
        State.SERVING: (turns.call_next, turns.start),
        State.FINISHED: (turns.call_next, turns.start, turns.finish),
        State.ABSENT: (turns.call_next, turns.absent),
        State.HELD: (turns.call_next,),
    }
    for deed in way.get(state, ()):
        doors.hall.do(deed, "1", actor="person:lan")
    if state is State.HELD:
        doors.hall.do(turns.hold, "1", 5, actor="person:lan")
    if state is State.CANCELLED:
        doors.hall.do(turns.cancel, ticket.id, actor="person:lan")
    assert doors.hall.ticket(ticket).state is state
    return ticket.id


# ---- the hall as a whole --------------------------------------------------------------------------------


def test_queue(doors: Doors, system: FlaskClient, fits: Fits) -> None:
    doors.hall.open("1")
    take(system)
    doors.hall.clock.turn(minutes=2)
    queue = fits(system.get(f"{API}/queue"), 200, "Queue")
    line = {service["id"]: service for service in queue["services"]}["ho-tich"]
    assert (line["series"], line["open"], line["waiting"], line["oldest_wait_s"]) == ("H", True, 1, 120)
    desk = queue["counters"][0]
    assert (desk["id"], desk["state"], desk["ticket"]) == ("1", "open", None)
    assert desk["services"][0] == "ho-tich"


def test_journal_pages_and_filters(doors: Doors, system: FlaskClient, fits: Fits) -> None:
    first = take(system)
    doors.hall.clock.turn(minutes=1)
    middle = doors.hall.clock.at
    for _ in range(4):
        take(system, "dat-dai", dossier="H55.242-261120-0007")
    events, since = [], 0
    while True:
        page = fits(system.get(f"{API}/journal?limit=2&since={since}"), 200, "Journal")
        events += page["events"]
        if page["next"] is None:
            break
        since = page["next"]
    assert [event["seq"] for event in events] == list(range(1, doors.head()[0] + 1))

    def read(query: str) -> list[dict[str, Any]]:
        return list(fits(system.get(f"{API}/journal?{query}"), 200, "Journal")["events"])

    assert len(read("kind=ticket.issued")) == 5
    assert [event["ticket"]["id"] for event in read(f"ticket={first['id']}")] == [first["id"]]
    assert len(read("dossier=H55.242-261120-0007")) == 4
    moment = datetime.fromtimestamp(middle / 1000, doors.settings.office.zone).isoformat()
    assert len(read(f"from={moment}")) == 4
    assert len(read(f"to={moment}&kind=ticket.issued")) == 1
    for wrong in ("since=x", "limit=-1", "from=yesterday", "to=2026-11-23T08:00", "kind=no.such"):
        fits(system.get(f"{API}/journal?{wrong}"), 400, "Problem")


def test_catalogue_forgives_accents(doors: Doors, fits: Fits) -> None:
    fits(doors.open.get(f"{API}/procedures?q=khai+sinh"), 200, "Procedures")
    fits(doors.open.get(f"{API}/procedures/9.999999"), 404, "Problem")


def test_health_and_metrics_stand_outside_the_prefix(doors: Doors) -> None:
    health = doors.open.get("/healthz")
    assert health.status_code == 200
    assert {"state", "devices"} <= (health.json or {}).keys()
    metrics = doors.open.get("/metrics")
    assert metrics.mimetype == "text/plain"
    assert b"# TYPE hall_waiting gauge" in metrics.data


# ---- Idempotency-Key ------------------------------------------------------------------------------------


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


def test_every_act_of_a_counter_takes_a_key(doors: Doors, system: FlaskClient, spec: dict[str, Any]) -> None:
    for path, item in spec["paths"].items():
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


# ---- methods, paths, stopping ---------------------------------------------------------------------------


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


def test_a_wrong_method_is_405_with_allow(doors: Doors, spec: dict[str, Any], fits: Fits) -> None:
    before = doors.head()
    for path, item in spec["paths"].items():
        known = {method.upper() for method in item}
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


# ---- what screens may see -------------------------------------------------------------------------------


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
