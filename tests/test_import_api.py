"""POST /dossiers/import: who may, in which forms, what is answered, and how large it may be."""

import http.client
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from ledger.importing import import_file
from office import journal
from office.dossier_import import Progress, Report
from office.import_sections import Imports
from office.people import Role
from tools.fitting import Fits
from tools.rehearsal import Hall
from tools.webhall import API, Doors

GOOD = (
    "Mã hồ sơ;Người nộp;Ngày tiếp nhận;Trạng thái\n"
    "H55.242-261120-0001;Nguyễn Văn Thử;20/11/2026;4\nH55.242-261120-0002;Trần Thị Mẫu;20/11/2026;9\n"
)
BAD = GOOD.replace("20/11/2026;9", "31/11/2026;9")
CSV = "text/csv"
URL = f"{API}/dossiers/import"


@pytest.fixture
def doors(hall: Hall) -> Iterator[Doors]:
    imports = Imports(body_max=2_500_000)
    made = Doors(hall, dossiers=hall.settings.dossiers.model_copy(update={"imports": imports}))

    def take(path: Path, actor: str, confirmed: bool) -> Report:
        return import_file(hall.store, hall.settings, path, actor=actor, confirmed=confirmed)

    made.web.import_dossiers = take
    yield made
    assert list((hall.store.path.parent / "incoming").glob("*")) == []  # no file of anybody stays behind


@pytest.fixture
def system(doors: Doors) -> FlaskClient:
    return doors.key("dossiers")


def send(client: FlaskClient, text: str | bytes = GOOD, key: str = "", **more: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(URL, data=text, content_type=more.pop("content_type", CSV), headers=headers, **more)


def test_a_file_as_the_body_or_in_a_form(doors: Doors, system: FlaskClient, fits: Fits) -> None:
    said = {"rows": 2, "added": 2, "changed": 0, "same": 0, "unused": [], "ours": 0, "erased": 0} | {
        "totals": [], "sheets": [],
    }  # fmt: skip
    assert fits(send(system), 200, "Imported") == said
    head = doors.head()
    form = {"file": (io.BytesIO(GOOD.encode()), "a.csv")}
    answer = fits(send(system, form, content_type="multipart/form-data"), 200, "Imported")  # type: ignore[arg-type]
    assert answer["same"] == 2
    for kind in ("application/octet-stream", "application/x-www-form-urlencoded", "application/json", ""):
        assert fits(send(system, content_type=kind), 200, "Imported")["same"] == 2
    assert doors.head() == head


def test_clerks_and_systems_may_and_screens_may_not(doors: Doors) -> None:
    assert send(doors.open).status_code == 401
    assert send(doors.screen("kiosk")).status_code == 403
    assert send(doors.screen("board")).status_code == 403
    assert send(doors.key("tickets", name="other")).status_code == 403
    assert doors.open.get(URL).status_code == 401
    assert send(doors.person("lan", Role.CLERK)).status_code == 200
    assert journal.read(doors.hall.store.read())[-1].actor == "person:lan"


def test_what_is_wrong_is_told_in_the_readers_language(doors: Doors, system: FlaskClient, fits: Fits) -> None:
    head = doors.head()
    told = fits(send(system, BAD), 422, "ImportProblem")
    assert (told["key"], told["count"]) == ("import.refused", 1)
    (error,) = told["errors"]
    expected = {"row": 3, "column": "Ngày tiếp nhận", "cell": "C3", "field": "received_at", "reason": "no_such_day"}
    assert {name: error[name] for name in expected} == expected
    assert error["say"].startswith("Hàng 3, cột “Ngày tiếp nhận”: ")
    english = system.post(URL, data=BAD, headers={"Accept-Language": "en"})
    assert english.get_json()["errors"][0]["say"].startswith("Row 3, column “Ngày tiếp nhận”: there is no such day")
    assert doors.head() == head


def test_the_description_says_what_a_file_may_be_sent_as_and_how_it_may_fail(fits: Fits) -> None:
    call = fits.spec["paths"][URL]["post"]
    assert {"text/csv", "multipart/form-data"} <= call["requestBody"]["content"].keys()
    assert call["requestBody"]["required"] is True
    assert {"200", "409", "413", "422", "503", "default"} <= call["responses"].keys()
    assert [*call["responses"]["422"]["content"]] == ["application/problem+json"]


def test_an_empty_body_and_two_files_are_refused(system: FlaskClient, fits: Fits) -> None:
    assert fits(send(system, ""), 422, "ImportProblem")["errors"][0]["reason"] == "empty_file"
    two = {"a": (io.BytesIO(b"x"), "a.csv"), "b": (io.BytesIO(b"x"), "b.csv")}
    assert send(system, two, content_type="multipart/form-data").status_code == 400  # type: ignore[arg-type]
    assert send(system, {}, content_type="multipart/form-data").status_code == 400  # type: ignore[arg-type]
    assert send(system, query_string={"confirmed": "yes"}).status_code == 400


def test_unknown_codes_are_taken_when_confirmed(system: FlaskClient) -> None:
    text = GOOD.replace("H55.242-261120-0001", "LA-2026-77")
    assert send(system, text).get_json()["errors"][0]["reason"] == "code_unknown"
    assert send(system, text, query_string={"confirmed": "1"}).get_json()["added"] == 2


def test_the_same_key_gives_the_same_answer(doors: Doors, system: FlaskClient) -> None:
    first = send(system, key="k1")
    again = send(system, key="k1")
    assert (again.status_code, again.data) == (200, first.data)
    assert first.get_json()["added"] == 2
    other = send(system, GOOD + "\n", key="k1")
    assert (other.status_code, other.get_json()["key"]) == (422, "error.key_reused")
    refused = send(system, BAD, key="k2")
    assert send(system, BAD, key="k2").data == refused.data
    assert send(system, key="k" * 201).status_code == 400


def test_how_far_it_is(doors: Doors, system: FlaskClient, fits: Fits) -> None:
    assert fits(system.get(URL), 200, "Importing") == {"running": False}
    doors.web.importing = lambda: Progress("reading", 43_000, 0.43)
    expected = {"running": True, "doing": "reading", "rows": 43_000, "share": 0.43}
    assert fits(system.get(URL), 200, "Importing") == expected


def test_an_office_that_imports_nothing_says_so(doors: Doors, system: FlaskClient) -> None:
    doors.web.import_dossiers = None
    assert send(system).status_code == 404


def test_the_import_has_a_limit_of_its_own(doors: Doors, system: FlaskClient) -> None:
    """Over the real server: a file may be larger than any other body, and has its own end."""
    secret = system.environ_base["HTTP_AUTHORIZATION"]
    large = GOOD.encode() + b"\n" * 2_200_000  # empty rows

    def ask(port: int, method: str, path: str, body: bytes, length: int = 0) -> tuple[int, dict[str, Any]]:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        line.putrequest(method, f"{API}{path}")
        kind = "application/json" if method == "PUT" else CSV
        for name, value in (("Authorization", secret), ("Content-Type", kind), ("Content-Length", length or len(body))):
            line.putheader(name, str(value))
        line.endheaders(body)
        answer = line.getresponse()
        told = json.loads(answer.read())
        line.close()
        return answer.status, told

    with doors.serving() as port:
        assert ask(port, "POST", "/dossiers/import", large)[1]["added"] == 2
        status, told = ask(port, "POST", "/dossiers/import", large + b"\n" * 300_000)
        assert (status, told["key"]) == (413, "error.too_large")
        status, told = ask(port, "POST", "/dossiers/import", b"", 100_000_000)  # refused by its length alone
        assert (status, told["key"]) == (413, "error.too_large")
        assert ask(port, "PUT", "/dossiers/H55.242-261120-0001", b"{}" + b" " * 1_200_000)[0] == 413
        assert ask(port, "PUT", "/dossiers/H55.242-261120-0001", b"", 2_400_000)[0] == 413


def test_nothing_about_persons_is_journaled_or_streamed(doors: Doors, system: FlaskClient) -> None:
    assert send(system).status_code == 200
    text = "\n".join(doors.hall.dump())
    rows = [line for line in text.splitlines() if 'INTO "journal"' in line]
    assert any("dossier.imported" in row for row in rows)
    assert not any("Nguyễn" in row or "Trần" in row for row in rows)
    seen = doors.key("journal", name="log").get(f"{API}/journal").get_data(as_text=True)
    assert "Nguyễn" not in seen
