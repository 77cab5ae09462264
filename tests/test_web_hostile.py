"""Bad input everywhere: always a polite problem, never a failure of ours, and nothing is changed."""

import json
import socket
import string
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tools.rehearsal import Hall
from tools.webhall import API, Doors

PROBLEM = "application/problem+json"
ODD_TEXTS = [
    "", " ", "\x00", "a\x00b", "\u202eabc", "\u200b\u200d\ufeff", "\u200f\u202e", "\U0001f600", "\u00a0", "\x7f\x1b[2J",
    "'; DROP TABLE tickets; --", "{{ 7*7 }}", "<script>alert(1)</script>", "../../etc/passwd", "%00%0d%0a",
    "\r\nSet-Cookie: a=b", "A" * 1_000_000, "\u1ea0" * 100_000, "NaN", "None", "-1", "1e999", "HO-TICH", "ho-tich\x00",
]  # fmt: skip
ODD_VALUES: list[Any] = [
    None, True, False, 0, -1, 1.5, 10**30, 1e308, -0.0, [], {}, [[]], {"a": {"b": []}}, ["ho-tich"], {"$ne": 1},
    *ODD_TEXTS,
]  # fmt: skip
NO_JSON = [
    b"{", b"[", b"}", b"nul", b"'a'", b"\xff\xfe", b"\x00", b"1" * 5000, b"\xef\xbb\xbf{}", b"{} {}", b"\xc3\x28",
    b'{"service": NaN}', b'{"service": Infinity}', b'{"a": -Infinity}', b"[" * 200_000, b'{"a":' * 100_000,
    b'"\\ud800"', b'{"service": "\\udfff"}', b'{"\\ud800": 1}', b'{"service": ' + b"9" * 5000 + b"}",
    b'{"service": "ho-tich"',
]  # fmt: skip
NO_FIT = [
    b"[]", b"null", b"1", b'"ho-tich"', b'[{"service": "ho-tich"}]', b'{"service": 1e999}',
    json.dumps({f"field{n}" * 9: n for n in range(9000)}).encode(),
]  # fmt: skip
TRACE = ("Traceback", 'File "', ".py", "sqlite", "pydantic.dev")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.sampled_from(ODD_TEXTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


class House:
    """A hall with tickets in several states, and someone who may do everything in it."""

    def __init__(self, hall: Hall) -> None:
        self.doors = Doors(hall)
        hall.open("1", "2")
        self.ticket = hall.issue("ho-tich").id
        self.client = self.doors.key("admin")
        spec: dict[str, Any] = dict(self.doors.open.get(f"{API}/openapi.json").json or {})
        self.schemas: dict[str, Any] = spec["components"]["schemas"]
        self.calls = [
            (method.upper(), path, call)
            for path, item in spec["paths"].items()
            for method, call in item.items()
            if not path.endswith("/events")
        ]

    def fields(self, call: dict[str, Any]) -> list[str]:
        """The names of a call's body fields."""
        if not takes_json(call):
            return []
        name = call["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        return list(self.schemas[name].get("properties", {}))

    def path(self, path: str) -> str:
        """``path`` with parameters that exist, where there is something."""
        known = {"ticket": self.ticket, "name": "kiosk-1", "code": "1.001193"}
        return path.format_map(defaultdict(lambda: "1", known))


@pytest.fixture
def house(hall: Hall) -> House:
    return House(hall)


def takes_json(call: dict[str, Any]) -> bool:
    """Whether a call's body is JSON; a file of dossiers is not, and has tests of its own."""
    return "application/json" in call.get("requestBody", {}).get("content", {})


def refused(answer: TestResponse) -> None:
    """A problem of the caller's making, without a word about our insides."""
    text = answer.get_data(as_text=True)
    assert 400 <= answer.status_code < 500, (answer.status_code, text[:500])
    assert answer.mimetype == PROBLEM
    assert set(json.loads(text)) >= {"type", "title", "status", "key", "detail"}
    assert len(text) < 20_000
    assert not [word for word in TRACE if word in text], text[:500]


def never_ours(answer: TestResponse) -> None:
    """Whatever it was, it was no failure of ours."""
    assert answer.status_code < 500, answer.get_data(as_text=True)[:500]
    if answer.status_code >= 400:
        refused(answer)


# ---- bodies ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 422])
def test_malformed_and_unfitting_bodies_are_refused_by_every_call(house: House, status: int) -> None:
    before = house.doors.head()
    for raw in NO_JSON if status == 400 else NO_FIT:
        for method, path, call in house.calls:
            if takes_json(call):
                answer = house.client.open(house.path(path), method=method, data=raw, content_type="application/json")
                refused(answer)
                seat = (method, path) == ("PUT", f"{API}/session")  # only people sit down; a key does not get that far
                assert answer.status_code == (403 if seat else status), (method, path, raw[:40])
    assert house.doors.head() == before


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x"])
def test_other_content_types_are_415(house: House, kind: str) -> None:
    before = house.doors.head()
    answer = house.client.post(f"{API}/tickets", data=b'{"service": "ho-tich"}', content_type=kind)
    refused(answer)
    assert answer.status_code == 415
    assert house.doors.head() == before


def test_bodies_over_the_limit_are_413(house: House) -> None:
    before = house.doors.head()
    limit = house.doors.settings.web.body_max
    for size in (limit + 1, limit + 1_000_001):
        data = b'{"service": "' + b"a" * (size - 15) + b'"}'
        answer = house.client.post(f"{API}/tickets", data=data, content_type="application/json")
        refused(answer)
        assert answer.status_code == 413
    assert house.doors.head() == before


def test_unknown_fields_are_refused_and_named(house: House) -> None:
    before = house.doors.head()
    body = {"service": "ho-tich", "state": "called", "number": "A-001"}
    answer = house.client.post(f"{API}/tickets", json=body)
    refused(answer)
    assert {error["field"] for error in (answer.json or {})["errors"]} == {"state", "number"}
    assert house.doors.head() == before


def test_odd_values_in_every_field_of_every_call(house: House) -> None:
    """Each field in turn; what is taken in the end must be a word the office knows."""
    tried = 0
    for method, path, call in house.calls:
        for name in house.fields(call):
            for value in ODD_VALUES:
                never_ours(house.client.open(house.path(path), method=method, json={name: value}))
                tried += 1
    assert tried > 500
    rows = house.doors.hall.store.read().execute("SELECT service, priority, dossier FROM tickets").fetchall()
    assert rows == [("ho-tich", "", "")]


def test_an_office_is_unchanged_by_odd_services(house: House) -> None:
    before = house.doors.head()
    for value in ODD_VALUES:
        refused(house.client.post(f"{API}/tickets", json={"service": value}))
        if value and str(value).strip():
            refused(house.client.post(f"{API}/tickets", json={"service": "ho-tich", "priority": value}))
    for value in ("\x00", "\u202eabc", "a\x00b", "x" * 61, 7, [], {}, True):
        refused(house.client.post(f"{API}/tickets", json={"service": "ho-tich", "dossier": value}))
    assert house.doors.head() == before


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    which=st.integers(0, 200),
    body=json_values,
    fields=st.dictionaries(st.sampled_from(string.ascii_lowercase), json_values),
)
@example(which=0, body={"a": "\ud800"}, fields={})
def test_any_json_at_any_call(house: House, which: int, body: Any, fields: dict[str, Any]) -> None:
    method, path, call = house.calls[which % len(house.calls)]
    names = house.fields(call)
    sent = {names[ord(key) % len(names)]: value for key, value in fields.items()} if names and fields else body
    raw = json.dumps(sent).encode()
    never_ours(house.client.open(house.path(path), method=method, data=raw, content_type="application/json"))


# ---- paths, queries, headers ----------------------------------------------------------------------------


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    which=st.integers(0, 200), text=st.text(max_size=40) | st.sampled_from(ODD_TEXTS[:16]), query=st.text(max_size=30)
)
def test_any_text_in_paths_and_queries(house: House, which: int, text: str, query: str) -> None:
    before = house.doors.head()
    method, path, call = house.calls[which % len(house.calls)]
    part = quote(text.encode("utf-8", "replace")[:2000], safe="")
    where = path.format_map(defaultdict(lambda: part))
    names = [p["name"] for p in call["parameters"] if p["in"] == "query"] or ["lang"]
    if method == "GET":
        values = {name: query.encode("utf-8", "replace").decode() for name in names}
        never_ours(house.client.get(where, query_string=values))
        assert house.doors.head() == before
    else:
        never_ours(house.client.open(where, method=method, json={}))


@pytest.mark.parametrize("value", ["x", "-1", "1.5", "9" * 400, "\x00", "٣" * 20, "²", "1e3", "0x10", " ", "\ud800"])
def test_figures_that_are_none(house: House, value: str) -> None:
    before = house.doors.head()
    text = value.encode("utf-8", "surrogatepass")
    query = "".join(f"%{byte:02x}" for byte in text)
    for path in (
        "journal?since=",
        "journal?limit=",
        "procedures?limit=",
        "journal?from=",
        "journal?to=",
        "events?since=",
    ):
        refused(house.client.get(f"{API}/{path}{query}"))
    assert house.doors.head() == before


HEADERS = {
    "Authorization": ["Bearer", "Bearer ", "Bearer x", "Basic YTpi", "bearer " + "x" * 5000, "Bearer \xff\xfe", "x"],
    "Idempotency-Key": ["k" * 201, "\xff" * 150, "\x7f", "a\tb", "'; DROP TABLE answers"],
    "Last-Event-ID": ["x", "-1", "9" * 99],
    "Origin": ["null", "http://evil.example", "http://", "x", "http://localhost@evil.example", "http://localhost.evil"],
    "Cookie": ["mc_session=", "mc_session=x; mc_kiosk=\xff", "mc_kiosk=" + "x" * 5000, ";;;==", "mc_lang=../../x"],
    "Accept-Language": ["x" * 5000, "vi;q=x", "*;q=999", "\xff"],
    "X-CSRF-Token": ["", "x" * 5000, "\xff"],
    "Host": ["evil.example", "a b", "x:y:z", "\xff", "[::1", "..", "localhost:99999"],
    "Content-Type": [
        "application/json; charset=utf-16",
        "application/json; charset=nope",
        "\xff",
        "application/json;;",
    ],
    "X-Forwarded-For": ["1.1.1.1, x", "\xff"],
}


@pytest.mark.parametrize("name", HEADERS)
def test_odd_headers(house: House, name: str) -> None:
    before = house.doors.head()
    for value in HEADERS[name]:
        for client in (house.doors.open, house.client):
            never_ours(client.get(f"{API}/queue", headers={name: value}))
            never_ours(client.post(f"{API}/tickets", data=b'{"service": "?"}', headers={name: value}))
    assert house.doors.head() == before


# ---- beneath HTTP ---------------------------------------------------------------------------------------


@pytest.fixture
def port(house: House) -> Iterator[int]:
    with house.doors.serving() as port:
        yield port


def raw(port: int, *pieces: bytes) -> bytes:
    """What the server answers to these bytes before it hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        told = b""
        try:
            for piece in pieces:
                line.sendall(piece)
            while piece := line.recv(65536):
                told += piece
        except ConnectionError:  # it need not read a body that it refuses
            pass
        return told


def key_of(client: FlaskClient) -> bytes:
    return str(client.environ_base["HTTP_AUTHORIZATION"]).encode()


BROKEN = [
    b"GARBAGE\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET /api/v1/queue HTTP/9.9\r\nHost: x\r\n\r\n",
    b"GET /api/v1/queue HTTP/1.1\r\nHost: x\r\nbroken header\r\n\r\n",
    b"GET /api/v1/queue HTTP/1.1\r\nHost: x\r\n: empty\r\n\r\n",
    b"GET /api/v1/queue HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 300_000 + b"\r\n\r\n",
    b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /api/v1/tickets HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n{}",
    b"POST /api/v1/tickets HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n{}",
    b"POST /api/v1/tickets HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}",
    b"POST /api/v1/tickets HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: cow\r\n\r\n{}",
    b"POST /api/v1/tickets HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n",
    b"POST /api/v1/tickets HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n\r\n{",
]


@pytest.mark.parametrize("request_bytes", BROKEN, ids=lambda r: repr(r[:60]))
def test_malformed_http_is_a_problem_too(house: House, port: int, request_bytes: bytes) -> None:
    before = house.doors.head()
    told = raw(port, request_bytes)
    head, _, body = told.partition(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    assert 400 <= status < 502, head
    assert status != 500, head
    assert b"Content-Type: application/problem+json" in head
    assert json.loads(body)["status"] == status
    assert b"Traceback" not in body
    assert house.doors.head() == before
    assert b" 401 " in raw(port, b"GET /api/v1/queue HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")


def test_a_body_in_chunks_is_held_to_the_limit(house: House, port: int) -> None:
    before = house.doors.head()
    head = b"POST /api/v1/tickets HTTP/1.1\r\nHost: x\r\nAuthorization: " + key_of(house.client)
    head += b"\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
    told = raw(port, head, *[chunk] * 50, b"0\r\n\r\n")
    assert not told or (b" 413 " in told.partition(b"\r\n")[0] and b"problem+json" in told)
    assert house.doors.head() == before
    told = raw(port, head, b'16\r\n{"service": "ho-tich"}\r\n0\r\n\r\n')
    assert told.startswith(b"HTTP/1.1 201 "), told
    assert house.doors.head() != before
