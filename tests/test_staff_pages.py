"""Who may open which staff page, in which language, and what a person sees instead."""

import re

import pytest
from flask.testing import FlaskClient

from office.people import Role
from tools.rehearsal import Hall
from tools.webhall import API, PASSWORD, Doors, post

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "en-US,en;q=0.9"}


def sit(client: FlaskClient, counter: str) -> None:
    assert client.put(f"{API}/session", json={"counter": counter}).status_code == 200


def test_nobody_is_sent_to_the_sign_in_form(doors: Doors) -> None:
    for name in ("counter", "dossiers", "setup"):
        path, to = f"/staff/{name}", f"staff.{name}"
        answer = doors.open.get(path, headers=HTML)
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/staff?to={to}")
    form = doors.open.get("/staff?to=staff.setup", headers=HTML)
    assert '"to": "/staff/setup"' in form.text
    assert '"to": "/staff/counter"' in doors.open.get("/staff?to=//evil.example", headers=HTML).text


def test_the_form_tells_no_name_and_no_password(doors: Doors) -> None:
    doors.person("lan")
    text = doors.open.get("/staff", headers=HTML).text
    assert "lan" not in re.findall(r"\b\w+\b", re.sub(r"<[^>]*>", " ", text.split("</head>")[1].split("<script")[0]))
    assert "data-fill" not in text
    assert PASSWORD not in text


def test_the_demo_shows_its_sign_ins(hall: Hall) -> None:
    doors = Doors(hall, demo=True)
    doors.web.demo = {"accounts": (("lan", Role.CLERK), ("ha", Role.SUPERVISOR)), "password": "only-a-demo"}
    text = doors.open.get("/staff", headers=HTML).text
    assert re.findall(r'data-fill="(\w+)" data-password="([\w-]+)"', text) == [
        ("lan", "only-a-demo"),
        ("ha", "only-a-demo"),
    ]
    doors.web.settings = doors.settings.model_copy(update={"demo": False})
    assert "only-a-demo" not in doors.open.get("/staff", headers=HTML).text


def test_a_clerk_chooses_first_then_has_the_counter(doors: Doors) -> None:
    lan = doors.person("lan")
    assert lan.get("/staff", headers=HTML).headers["Location"] == "/staff/counter"
    assert 'data-page="choose"' in lan.get("/staff/counter", headers=HTML).text
    sit(lan, "2")
    page = lan.get("/staff/counter", headers=HTML).text
    assert 'data-page="desk"' in page
    assert "Quầy 2" in page
    assert "/staff/setup" not in page
    sit(lan, "")
    assert 'data-page="choose"' in lan.get("/staff/counter", headers=HTML).text


def test_set_up_is_for_supervisors(doors: Doors) -> None:
    refused = doors.person("lan").get("/staff/setup", headers=HTML)
    assert (refused.status_code, refused.mimetype) == (403, "text/html")
    assert "Mời gặp người phụ trách" in refused.text
    chief = doors.person("ha", Role.SUPERVISOR).get("/staff/setup", headers=HTML)
    assert chief.status_code == 200
    assert "Phụ trách" in chief.text


def test_later_pages_are_not_linked(doors: Doors) -> None:
    chief = doors.person("ha", Role.SUPERVISOR)
    sit(chief, "1")
    for path in ("/staff/setup", "/staff/counter"):
        links = re.findall(r'href="(/staff/[a-z]+)"', chief.get(path, headers=HTML).text)
        assert set(links) <= {"/staff/setup", "/staff/counter", "/staff/dossiers", "/staff/log"}


@pytest.mark.parametrize("name", ["open", "call-next", "pause"])
def test_an_act_without_the_pages_token_is_refused(doors: Doors, name: str) -> None:
    lan = doors.person("lan")
    del lan.environ_base["HTTP_X_CSRF_TOKEN"]
    before = doors.head()
    answer = post(lan, f"/counters/1/{name}")
    assert (answer.status_code, answer.get_json()["key"]) == (403, "error.csrf")
    assert doors.head() == before


def test_the_page_carries_its_token(doors: Doors) -> None:
    lan = doors.person("lan")
    sit(lan, "1")
    token = lan.environ_base["HTTP_X_CSRF_TOKEN"]
    assert f'<meta name="csrf" content="{token}">' in lan.get("/staff/counter", headers=HTML).text
    assert 'name="csrf"' not in doors.open.get("/staff", headers=HTML).text


def test_vietnamese_first_whatever_the_browser_prefers(doors: Doors) -> None:
    assert '<html lang="vi"' in doors.open.get("/staff", headers=HTML).text
    assert '<html lang="en"' in doors.open.get("/staff?lang=en", headers=HTML).text
    assert '<html lang="en"' in doors.open.get("/staff", headers=HTML).text  # it is remembered
    wrong = doors.open.post(f"{API}/session", json={"name": "x", "password": "y"})
    assert wrong.get_json()["title"] == "Name or password is not right. Please enter them again."


@pytest.mark.parametrize(
    ("accept", "path", "kind"),
    [
        ("text/html,*/*;q=0.8", "/staff/nothing", "text/html"),
        ("text/html,*/*;q=0.8", "/no-such-page", "text/html"),
        ("*/*", "/staff/nothing", "application/problem+json"),
        ("text/html,*/*;q=0.8", "/api/v1/nothing", "application/problem+json"),
        ("application/json", "/api/v1/counters/1", "application/problem+json"),
    ],
)
def test_people_get_a_page_and_programs_a_problem(doors: Doors, accept: str, path: str, kind: str) -> None:
    answer = doors.open.get(path, headers={"Accept": accept})
    assert answer.mimetype == kind
    assert answer.status_code == (401 if path.endswith("counters/1") else 404)
    assert "Traceback" not in answer.text


def test_a_wrong_method_is_a_problem_that_names_the_right_one(doors: Doors) -> None:
    answer = doors.open.post("/staff", headers=HTML)
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert "GET" in answer.headers["Allow"]


def test_a_stopping_office_says_so_on_a_page(doors: Doors) -> None:
    doors.web.stopping.set()
    answer = doors.open.get("/staff", headers=HTML)
    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert answer.headers["Retry-After"] == "2"
    assert "Mời chờ một chút" in answer.text
