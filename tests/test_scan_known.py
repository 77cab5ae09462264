"""A code that stands in the register is found and shown whatever it looks like; any other long number is nobody's."""

from typing import Any

import pytest

from office import journal
from office.dossier_intake import Intake, receive
from office.journal import Filter
from office.scan_sections import Scans
from tools.rehearsal import CLERK, Hall
from tools.webhall import API, Doors, post

BARE = ("BH4012345678901", "20261122000123")
"""Taken once a clerk has confirmed them, and a long number like a health card's until then."""


@pytest.fixture
def doors(hall: Hall) -> Doors:
    made = Doors(hall)
    for code in (*BARE, "QG-2026-000123", "H55.242-261332-0001"):
        wish = Intake(procedure_name="Việc mẫu", service="dat-dai", code=code, confirmed=True)
        hall.do(receive, wish, actor=CLERK)
    return made


def scan(client: Any, text: str) -> Any:
    answer = post(client, "/scans", {"text": text})
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


@pytest.mark.parametrize("code", BARE)
def test_a_registered_code_with_a_long_number_is_found_and_has_a_ticket(doors: Doors, code: str) -> None:
    kiosk, clerk = doors.screen("kiosk"), doors.person()
    for text in (code, f"*{code.lower()}*", f"https://dvc.example/tra-cuu?mahs={code}&SGT=001099012345"):
        assert scan(kiosk, text)["dossier"]["code"] == code
        told = scan(clerk, text)
        assert told["kind"] == "dossier"
        assert code in told["read"][0]["text"].upper()
        assert "001099012345" not in told["read"][0]["text"]
    ticket = post(kiosk, "/tickets", {"service": "dat-dai", "dossier": code})
    assert ticket.status_code == 201
    assert post(kiosk, "/tickets", {"service": "dat-dai", "dossier": code[:-1] + "7"}).status_code == 400


def test_a_long_number_that_the_register_does_not_know_is_nothing_and_stays_nowhere(doors: Doors) -> None:
    clerk = doors.person()
    for text in ("BH4012345678907", "DN4790123456789", "001099012345", "CCCD 001099012345", "0912345678"):
        told = scan(clerk, text)
        assert (told["kind"], told["dossier"]) == ("unknown", None)
        assert not [digits for digits in ("0123456789", "099012345", "912345678") if digits in str(told)]
    kept = journal.read(doors.hall.store.read(), only=Filter(kinds=("scan.read",)))
    assert [(one.dossier, one.data["kind"]) for one in kept] == [("", "unknown")] * 5


@pytest.mark.parametrize(
    "text", ["QG-2026-000123", "H55.242-261332-0001", "QG-2026-000999", "https://dvc.example/x?mahs=QG-2026-000999"]
)
def test_a_code_is_shown_to_staff_as_it_was_read(doors: Doors, text: str) -> None:
    for client in (doors.person(), doors.key("dossiers")):
        assert scan(client, text)["read"] == [{"symbology": "text", "text": text}]


def test_a_system_that_asks_for_a_whole_house_is_not_slowed_down_as_a_screen_is(hall: Hall) -> None:
    doors = Doors(hall, scans=Scans(guesses=2, per_minute=3, staff_guesses=6, staff_per_minute=100))
    kiosk, system = doors.screen("kiosk"), doors.key("dossiers")
    for client, most in ((kiosk, 2), (system, 6)):
        told = [post(client, "/scans", {"text": f"H56.14-240823-{n:04d}"}).status_code for n in range(most + 1)]
        assert told == [200] * most + [429]


def test_pictures_of_a_screen_are_fewer_than_those_of_a_system(hall: Hall) -> None:
    doors = Doors(hall, scans=Scans(pictures_per_minute=1, staff_pictures_per_minute=3))
    doors.web.read_picture = lambda _: []
    for client, most in ((doors.screen("kiosk"), 1), (doors.key("dossiers"), 3)):
        told = [client.post(f"{API}/scans", data=b"x", content_type="image/png").status_code for _ in range(most + 1)]
        assert told == [200] * most + [429]
