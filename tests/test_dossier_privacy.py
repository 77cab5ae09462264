"""With a register full of persons, no screen names one and no log holds a number of one (issue line 9, DOMAIN 6.3)."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from commands.dossiers import dossiers_group
from commands.place import Place
from office import dossier_acts, dossier_correct, dossier_intake, issuing, journal, turns
from office.dossier_intake import Intake
from office.dossier_rows import Pushed
from office.dossiers import Applicant, Missing
from office.kinds import KINDS, public_data
from tools.rehearsal import CLERK, CONFIG, Hall
from tools.webhall import API, Doors, post

WHO = Applicant(
    name="Nguyễn Văn Thử", address="Thôn Không Có Thật", phone="0912345678", email="thu@vi.example",
    id_number="001066012345", owner="Trần Thị Mẫu", owner_address="Xóm Không Có Thật",
)  # fmt: skip
WORDS = (
    "Nguyễn Văn",
    "Văn Thử",
    "Trần Thị",
    "Thị Mẫu",
    "Không Có Thật",
    "0912345678",
    "thu@vi.example",
    "001066012345",
)
REASON = "ông Nguyễn Văn Thử, 001066012345, chưa có sổ"


def busy(hall: Hall) -> tuple[str, str]:
    """A ticket being served with two dossiers of the same person; the ticket, and one dossier's key."""
    hall.open("1")
    ticket = hall.issue("ho-tich")
    hall.issue("ho-tich")
    hall.do(turns.call_next, "1", actor="person:lan")
    hall.do(turns.start, "1", actor="person:lan")
    keys = []
    for _ in range(2):
        wish = Intake(procedure_name="Đăng ký khai sinh", applicant=WHO)
        keys.append(hall.do(dossier_intake.receive, wish, actor="person:lan", ticket=ticket.id).key)
    hall.do(dossier_acts.ask_supplement, keys[0], [Missing("Sổ đỏ")], REASON, actor="person:lan", ticket=ticket.id)
    hall.do(dossier_acts.refuse, keys[1], REASON, actor="person:lan")
    return ticket.id, keys[0]


def told(answer: Any) -> str:
    """An answer as its reader sees it, JSON escapes resolved."""
    text: str = answer.get_data(as_text=True)
    try:
        return text + json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return text


def persons_in(text: str) -> list[str]:
    return [word for word in WORDS if word in text]


def test_no_screen_and_no_phone_names_a_person_or_a_dossier(doors: Doors) -> None:
    ticket, key = busy(doors.hall)
    token = issuing.find(doors.hall.store.read(), ticket).token
    kiosk, board = doors.screen("kiosk"), doors.screen("board")
    seen = 0
    for client, paths in (
        (board, ("/board", "/board/hall.json", "/board/strip.json", "/board/1", "/board/1/desk.json")),
        (kiosk, ("/kiosk", "/kiosk/hall.json")),
        (doors.open, (f"/t/{token}", f"/t/{token}.json", f"/t/{token}/state.json", "/", "/healthz", "/metrics")),
        (kiosk, (f"{API}/queue", f"{API}/tickets/{ticket}")),
        (board, (f"{API}/queue", f"{API}/tickets/{ticket}")),
    ):
        for path in paths:
            answer = client.get(path)
            seen += answer.status_code == 200
            text = told(answer)
            assert persons_in(text) == [], path
            assert key not in text, path
    assert seen >= 13


def test_the_streams_of_screens_know_no_dossier(doors: Doors) -> None:
    _, key = busy(doors.hall)
    events = journal.read(doors.hall.store.read())
    assert {"dossier.received", "dossier.supplement_asked", "dossier.moved"} <= {e.kind for e in events}
    for event in events:
        shown = public_data(event.kind, event.data)
        assert shown is None or key not in json.dumps(shown)
    register = [kind for kind in KINDS if kind.startswith("dossier.")]
    assert len(register) >= 9
    assert not [kind for kind in register if KINDS[kind].public is not None]


def test_the_journal_of_a_busy_day_names_nobody(doors: Doors) -> None:
    busy(doors.hall)
    text = "\n".join(str(row) for row in doors.hall.store.read().execute("SELECT * FROM journal"))
    assert persons_in(text) == []


def refused_requests(client: FlaskClient) -> None:
    """What people send in the wrong place: numbers as codes, names as fields, persons in queries."""
    number = WHO.id_number
    client.get(f"{API}/dossiers/{number}")
    client.get(f"{API}/dossiers?q={WHO.name}&status={number}")
    client.put(f"{API}/dossiers/{number}", json={"procedure_name": WHO.name, "confirmed": True})
    client.put(f"{API}/dossiers/H55.242-261120-0007", json={"unit": number})
    client.put(f"{API}/dossiers/H55.242-261120-0007", json={WHO.name: number})
    post(client, "/dossiers", {"procedure_name": "x", "code": number, "confirmed": True})
    post(client, "/dossiers", {"procedure_name": "x", "applicant": {"id_number": number * 50}})
    post(client, "/dossiers", {"procedure_name": "x", "papers": [{"name": f"CCCD {number}"}]})
    post(client, "/tickets", {"service": "ho-tich", "dossier": number})
    client.post(f"{API}/dossiers", data=f"{{{number}".encode(), content_type="application/json")


def test_refusals_are_logged_without_what_was_sent(doors: Doors, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    refused_requests(doors.key("dossiers", "tickets"))
    assert persons_in(caplog.text) == []
    text = "\n".join(str(row) for row in doors.hall.store.read().execute("SELECT * FROM journal"))
    assert persons_in(text) == []


def test_a_problem_does_not_repeat_what_was_sent(doors: Doors) -> None:
    client = doors.key("dossiers")
    for answer in (
        client.get(f"{API}/dossiers/{WHO.id_number}"),
        client.put(f"{API}/dossiers/{WHO.id_number}", json={"procedure_name": "x", "confirmed": True}),
        post(client, "/dossiers", {"procedure_name": "x", "papers": [{"name": f"CCCD {WHO.id_number}"}]}),
        post(client, "/dossiers", {"procedure_name": "x", "applicant": {"name": WHO.name * 100}}),
    ):
        assert answer.status_code in (400, 404, 422)
        assert persons_in(told(answer)) == []


def test_an_unexpected_fault_logs_no_number_from_an_address(doors: Doors, caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: object) -> bytes:
        raise RuntimeError("broken")

    doors.web.pdf = broken
    answer = doors.person().get(f"/staff/dossiers/{WHO.id_number}/forms/giay_tiep_nhan.pdf")
    assert answer.status_code == 500
    assert "unexpected RuntimeError at GET /staff/dossiers/<code>/forms/<name>" in caplog.text
    assert WHO.id_number not in caplog.text


def test_an_erasure_leaves_no_bytes_in_the_offices_file(tmp_path: Path) -> None:
    place = Place(CONFIG, tmp_path)
    store, settings = place.store(), place.settings()
    with store.act() as act:
        key = dossier_intake.receive(act, settings, Intake(procedure_name="Việc mẫu", applicant=WHO), actor=CLERK).key
    with store.act() as act:
        dossier_correct.correct(act, settings, key, Pushed(code="", phone="0912345679"), actor=CLERK)
        dossier_acts.refuse(act, settings, key, REASON, actor=CLERK)
    store.close()
    assert len([word for word in WORDS if word.encode() in store.path.read_bytes()]) == len(WORDS)
    done = CliRunner().invoke(dossiers_group, ["erase", key.lower()], obj=place, catch_exceptions=False)
    assert done.output.startswith("2 rows erased")
    place.store().close()
    assert [word for word in (*WORDS, "0912345679") if word.encode() in store.path.read_bytes()] == []
