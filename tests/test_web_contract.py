"""The JSON API to the letter: every call, its statuses and its shapes."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from office import turns
from office.tickets import AT_COUNTER, TRANSITIONS, Deed, State
from tools.fitting import Fits
from tools.webhall import API, Doors, post, take

DEEDS = {
    "recall": Deed.RECALL,
    "start": Deed.START,
    "finish": Deed.FINISH,
    "undo": Deed.REOPEN,
    "absent": Deed.ABSENT,
}


@pytest.fixture
def system(doors: Doors) -> FlaskClient:
    return doors.key("tickets", "counters", "journal")


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


def test_a_scan_is_text_or_a_picture_and_its_refusals_are_named(spec: dict[str, Any]) -> None:
    call = spec["paths"][f"{API}/scans"]["post"]
    assert set(call["requestBody"]["content"]) == {"application/json", "image/jpeg", "image/png"}
    assert call["requestBody"]["required"]
    refusals = {"400", "401", "403", "404", "413", "415", "422", "429", "503"}
    assert set(call["responses"]) == {"200", "default"} | refusals
    for status in refusals:
        assert list(call["responses"][status]["content"]) == ["application/problem+json"]


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


def test_transfer_tells_when_nobody_serves_it_there(doors: Doors, system: FlaskClient, fits: Fits) -> None:
    doors.hall.open("1", "3")
    for service, served in (("dat-dai", True), ("cu-tru", False)):
        assert take(system)["served"] is True
        fits(post(system, "/counters/1/call-next"), 200, "Call")
        moved = fits(post(system, "/counters/1/transfer", {"service": service}), 200, "Ticket")
        assert (moved["state"], moved["service"], moved["served"]) == ("waiting", service, served)
    post(system, "/counters/3/call-next")
    post(system, "/counters/1/pause")
    fits(post(system, "/counters/3/transfer", {"counter": "1"}), 409, "Problem")


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
