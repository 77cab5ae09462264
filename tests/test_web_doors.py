"""The doors as a browser meets them: pairing, signing in, keys, cookies, headers; none stands open."""

import re
from http.cookies import SimpleCookie

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from office import doors as machines
from office import people
from office.people import Role
from tools.rehearsal import Hall
from tools.webhall import API, PASSWORD, Doors, post

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
INLINE = re.compile(r"<[^>]+\s(on\w+|style)=|<style|<script(?![^>]*\ssrc=)(?![^>]*application/json)")
"""What the content security policy would stop: handlers, styles and scripts within the page."""

EVIL = (
    "http://evil.example",
    "null",
    "http://localhost.evil.example",
    "https://localhost:1",
    "http://localhost@evil.example",
)


def cookies(answer: TestResponse) -> SimpleCookie:
    jar = SimpleCookie()
    for header in answer.headers.getlist("Set-Cookie"):
        jar.load(header)
    return jar


def pair(client: FlaskClient, code: str, kind: str = "kiosk") -> TestResponse:
    return client.post("/pair", json={"kind": kind, "code": code})


def code_for(doors: Doors, kind: machines.ScreenKind = "kiosk") -> str:
    return doors.hall.do(machines.add_screen, f"{kind}-1", kind, actor="system")


def refused(answer: TestResponse, status: int, key: str) -> None:
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert (answer.json or {})["key"] == key


# ---- pairing --------------------------------------------------------------------------------------------


def test_a_code_opens_the_kiosk_once(doors: Doors) -> None:
    kiosk, code = doors.app.test_client(), code_for(doors)
    assert kiosk.get("/kiosk").status_code == 401
    assert pair(kiosk, code).status_code == 200
    assert kiosk.get("/kiosk").status_code == 200
    assert post(kiosk, "/tickets", {"service": "ho-tich"}).status_code == 201
    refused(post(kiosk, "/counters/1/open"), 403, "error.forbidden")
    refused(pair(doors.app.test_client(), code), 401, "error.not_signed_in")


def test_a_code_is_for_its_kind_and_for_half_an_hour(doors: Doors) -> None:
    code = code_for(doors)
    refused(pair(doors.open, code, "board"), 401, "error.not_signed_in")
    refused(pair(doors.open, code, "staff"), 422, "error.invalid")
    doors.hall.clock.turn(minutes=30, seconds=1)
    refused(pair(doors.open, code), 401, "error.not_signed_in")


def test_guessing_codes_is_throttled_also_after_a_restart(doors: Doors) -> None:
    code = code_for(doors)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    while (answer := pair(doors.open, wrong)).status_code == 401:
        pass
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    refused(pair(Doors(doors.hall).open, code), 429, "error.too_many_tries")
    doors.hall.clock.turn(minutes=31)
    assert pair(doors.open, code_for(doors)).status_code == 200


def test_a_removed_screen_is_out(doors: Doors) -> None:
    board, chief = doors.screen("board", "bang-1"), doors.person("ha", Role.SUPERVISOR)
    assert board.get(f"{API}/queue").status_code == 200
    assert chief.delete(f"{API}/screens/bang-1").status_code == 204
    refused(board.get(f"{API}/queue"), 401, "error.not_signed_in")


def test_an_unknown_screen_cannot_be_removed(doors: Doors) -> None:
    chief = doors.person("ha", Role.SUPERVISOR)
    head = doors.head()
    refused(chief.delete(f"{API}/screens/bang-9"), 404, "error.unknown_name")
    assert doors.head() == head


def test_a_board_takes_no_number_and_sees_no_journal(doors: Doors) -> None:
    board = doors.screen("board")
    refused(post(board, "/tickets", {"service": "ho-tich"}), 403, "error.forbidden")
    refused(board.get(f"{API}/journal"), 403, "error.forbidden")
    assert board.get("/kiosk").status_code == 401


# ---- signing in -----------------------------------------------------------------------------------------


def sign_in(client: FlaskClient, password: str = PASSWORD, name: str = "lan") -> TestResponse:
    return post(client, "/session", {"name": name, "password": password})


def test_a_session_from_sign_in_to_sign_out(doors: Doors) -> None:
    doors.person()
    browser = doors.app.test_client()
    refused(browser.get(f"{API}/session"), 401, "error.not_signed_in")
    answer = sign_in(browser)
    csrf = {"X-CSRF-Token": (answer.json or {})["csrf"]}
    assert answer.status_code == 200
    assert PASSWORD not in answer.text
    assert browser.get(f"{API}/session").status_code == 200
    refused(post(browser, "/counters/1/open"), 403, "error.csrf")
    refused(browser.post(f"{API}/counters/1/open", headers={"X-CSRF-Token": "x"}), 403, "error.csrf")
    assert browser.post(f"{API}/counters/1/open", headers=csrf).status_code == 200
    refused(browser.delete(f"{API}/session"), 403, "error.csrf")
    assert browser.delete(f"{API}/session", headers=csrf).status_code == 204
    refused(browser.get(f"{API}/session"), 401, "error.not_signed_in")


def test_a_session_ends_by_the_clock_and_survives_a_restart(doors: Doors) -> None:
    browser = doors.person()
    again = Doors(doors.hall).app.test_client()
    again.set_cookie("mc_session", str(browser.get_cookie("mc_session").value))  # type: ignore[union-attr]  # it is there
    assert again.get(f"{API}/session").status_code == 200
    doors.hall.clock.turn(hours=doors.settings.web.session_hours, seconds=1)
    refused(browser.get(f"{API}/session"), 401, "error.not_signed_in")


def test_wrong_passwords_are_throttled_also_after_a_restart(doors: Doors) -> None:
    doors.person()
    head = doors.head()[0]
    for _ in range(doors.settings.web.sign_in_tries):
        refused(sign_in(doors.open, "sai mat khau"), 401, "error.wrong_password")
    refused(sign_in(doors.open, "sai mat khau", "khong-co"), 401, "error.wrong_password")
    answer = sign_in(doors.open)
    refused(answer, 429, "error.too_many_tries")
    assert int(answer.headers["Retry-After"]) > 0
    refused(sign_in(Doors(doors.hall).open), 429, "error.too_many_tries")
    assert doors.head()[0] == head + doors.settings.web.sign_in_tries + 1
    doors.hall.clock.turn(seconds=doors.settings.web.sign_in_wait_s + 1)
    assert sign_in(doors.open).status_code == 200


def test_clerks_may_not_do_what_is_a_supervisors(doors: Doors) -> None:
    clerk, chief = doors.person("lan"), doors.person("ha", Role.SUPERVISOR)
    for path in ("/people", "/screens", "/journal"):
        refused(clerk.get(f"{API}{path}"), 403, "error.forbidden")
        assert chief.get(f"{API}{path}").status_code == 200
    refused(post(clerk, "/people", {"name": "moi", "role": "clerk", "password": PASSWORD}), 403, "error.forbidden")


def test_a_removed_person_and_a_removed_key_are_out_at_once(doors: Doors) -> None:
    clerk, chief = doors.person("lan"), doors.person("ha", Role.SUPERVISOR)
    secret = doors.hall.do(machines.add_key, "province", ("journal",), actor="system")
    key = {"Authorization": f"Bearer {secret}"}
    assert doors.open.get(f"{API}/journal", headers=key).status_code == 200
    refused(clerk.delete(f"{API}/people/ha"), 403, "error.forbidden")
    refused(clerk.delete(f"{API}/keys/province"), 403, "error.forbidden")
    refused(chief.delete(f"{API}/people/ha"), 409, "error.oneself")
    refused(chief.delete(f"{API}/people/khong-co"), 404, "error.unknown_name")
    refused(chief.delete(f"{API}/keys/khong-co"), 404, "error.unknown_name")
    assert chief.get(f"{API}/keys").json == {"keys": [{"name": "province", "scopes": ["journal"]}]}
    assert chief.delete(f"{API}/people/lan").status_code == 204
    assert chief.delete(f"{API}/keys/province").status_code == 204
    refused(clerk.get(f"{API}/session"), 401, "error.not_signed_in")
    refused(doors.open.get(f"{API}/journal", headers=key), 401, "error.not_signed_in")


# ---- keys -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer", "Basic bGFuOmhvYQ==", "nonsense", "Bearer  "])
def test_a_wrong_key_is_a_401_problem_even_beside_a_good_cookie(doors: Doors, header: str) -> None:
    for client in (doors.open, doors.screen("kiosk"), doors.person()):
        answer = client.get(f"{API}/queue", headers={"Authorization": header})
        refused(answer, 401, "error.not_signed_in")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


CALLS = {
    "tickets counters": [("GET", "/queue")],
    "tickets": [("POST", "/tickets"), ("GET", "/tickets/x"), ("POST", "/tickets/x/cancel")],
    "counters": [("POST", "/counters/1/open"), ("POST", "/counters/1/call-next"), ("GET", "/counters/1")],
    "journal": [("GET", "/journal"), ("HEAD", "/events")],
    "admin": [("GET", "/people"), ("POST", "/screens"), ("GET", "/screens")],
}


@pytest.mark.parametrize("scope", machines.SCOPES)
def test_a_key_opens_what_its_scopes_say_and_admin_opens_all(doors: Doors, scope: str) -> None:
    client = doors.key(scope)
    for needed, calls in CALLS.items():
        for method, path in calls:
            answer = client.open(f"{API}{path}", method=method, json=None if method in ("GET", "HEAD") else {})
            assert (answer.status_code == 403) == (scope not in (*needed.split(), "admin")), (method, path)
            answer.close()


# ---- headers, cookies, origins --------------------------------------------------------------------------


def test_every_page_and_answer_carries_the_security_headers(doors: Doors) -> None:
    ticket = post(doors.key("tickets"), "/tickets", {"service": "ho-tich"}).json or {}
    token = "/t/" + ticket["url"].rpartition("/")[2]
    kiosk, board, chief = doors.screen("kiosk"), doors.screen("board"), doors.person("ha", Role.SUPERVISOR)
    chief.put(f"{API}/session", json={"counter": "1"})
    pages = [
        (doors.open, p, 200) for p in ("/", token, "/staff", "/static/tokens.css", f"{API}/openapi.json", "/healthz")
    ]
    pages += [(kiosk, "/kiosk", 200), (board, "/board", 200), (board, "/board/1", 200), (board, "/board/99", 404)]
    pages += [(chief, "/staff/counter", 200), (chief, "/staff/setup", 200), (doors.open, "/kiosk", 401)]
    pages += [(doors.open, "/nowhere", 404), (doors.open, f"{API}/queue", 401)]
    for client, path, status in pages:
        answer = client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == status, path
        for name, value in HEADERS.items():
            assert answer.headers.getlist(name) == [value], (path, name)
        (policy,) = answer.headers.getlist("Content-Security-Policy")
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "Server" not in answer.headers
        if answer.mimetype == "text/html":
            assert answer.headers["Cache-Control"] == "no-store", path
            assert not INLINE.search(answer.text), path
        answer.close()


def test_cookies_are_http_only_and_for_this_site_only(doors: Doors) -> None:
    doors.person()
    for answer in (sign_in(doors.app.test_client()), pair(doors.app.test_client(), code_for(doors))):
        (cookie,) = cookies(answer).values()
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
        assert cookie.value not in "\n".join(doors.hall.dump())  # only its hash is kept
        assert int(cookie["max-age"]) > 0


def test_cookies_are_secure_behind_https(hall: Hall) -> None:
    safe = Doors(hall, web=hall.settings.web.model_copy(update={"secure_cookies": True}))
    safe.hall.do(people.add, safe.web.passwords, "lan", Role.CLERK, PASSWORD, actor="system")
    for answer in (sign_in(safe.app.test_client()), pair(safe.app.test_client(), code_for(safe))):
        (cookie,) = cookies(answer).values()
        assert cookie["secure"] is True


@pytest.mark.parametrize("origin", EVIL)
def test_an_act_from_another_site_is_refused(doors: Doors, origin: str) -> None:
    clerk, kiosk, code = doors.person(), doors.screen("kiosk"), code_for(doors)
    head, elsewhere = doors.head(), {"Origin": origin}
    for client, path, body in (
        (clerk, f"{API}/counters/1/open", {}),
        (kiosk, f"{API}/tickets", {"service": "ho-tich"}),
        (doors.open, f"{API}/session", {"name": "lan", "password": PASSWORD}),
        (doors.open, "/pair", {"kind": "kiosk", "code": code}),
    ):
        refused(client.post(path, json=body, headers=elsewhere), 403, "error.csrf")
    assert doors.head() == head
    assert clerk.post(f"{API}/counters/1/open", headers={"Origin": "http://localhost"}).status_code == 200


def test_serve_has_no_open_door(doors: Doors) -> None:
    """Without a key, a screen or a sign-in only these may be looked at; nothing may be done."""
    opened = set()
    for rule in doors.app.url_map.iter_rules():
        path = re.sub(r"<[^>]+>", "1", rule.rule)
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            answer = doors.app.test_client().open(path, method=method, json=None if method == "GET" else {})
            if answer.status_code not in (401, 403, 404):
                opened.add(f"{method} {rule.rule}")
            answer.close()
    public = {
        "/",
        "/favicon.ico",
        "/healthz",
        "/metrics",
        "/theme.css",
        f"{API}/openapi.json",
        f"{API}/procedures",
        f"{API}/deadlines",
        "/staff",
    }
    # What a browser needs to ask for sign-in or code; both POSTs answer an empty body 422.
    pages = (
        "counter",
        "dossiers",
        "dossiers/<code>/forms/<name>",
        "dossiers/ledger",
        "dossiers/ledger.<kind>",
        "log",
        "log/cameras",
        "log/holds",
        "log/watched",
        "setup",
    )
    for page in pages:  # nothing of theirs is shown
        assert doors.open.get(f"/staff/{re.sub('<[^>]+>', '1', page)}").status_code == 302
    asking = {f"POST {API}/session", "POST /pair", *(f"GET /staff/{page}" for page in pages)}
    assert opened == {f"GET {path}" for path in public} | asking
