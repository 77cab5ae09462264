"""POST /scans as each caller sees it: what a screen may know, pictures, arrivals, guessing, repeated requests."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator
from werkzeug.test import TestResponse

from office import journal
from office.dossier_acts import ask_supplement, set_status
from office.dossier_intake import Intake, receive
from office.dossiers import DONE, Applicant, Missing
from office.errors import ReadingBusy, UnreadablePicture
from office.journal import Filter
from office.people import Role
from office.scan_sections import Scans
from tools.rehearsal import CLERK, Hall
from tools.webhall import API, Doors, post
from web.api.schemas import SCHEMAS
from web.inbox import Arrival

NAME = "Nguyễn Văn Thử"
CARD = f"001066012345||{NAME}|23111966|Nam|Xóm Mẫu|01012022"
ELSEWHERE = "H56.14-240823-0001"


def received(doors: Doors, **more: Any) -> str:
    wish = Intake(
        procedure_name="Việc mẫu", service="dat-dai", term_amount=3, term_unit="ngay_lam_viec",
        applicant=Applicant(name=NAME, id_number="001066012345", phone="0912345678"), **more,
    )  # fmt: skip
    return doors.hall.do(receive, wish, actor=CLERK).code


def scan(client: FlaskClient, text: str, key: str = "", **more: Any) -> dict[str, Any]:
    answer = post(client, "/scans", {"text": text, **more}, key)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    told: dict[str, Any] = answer.get_json()
    schema = {"$ref": "#/components/schemas/Scan", "components": {"schemas": SCHEMAS}}
    OAS31Validator(schema).validate(told)
    return told


def picture(client: FlaskClient, data: bytes = b"\xff\xd8", kind: str = "image/jpeg", key: str = "") -> TestResponse:
    headers = {"Content-Type": kind} | ({"Idempotency-Key": key} if key else {})
    return client.post(f"{API}/scans", data=data, headers=headers)


def test_a_kiosk_sees_code_and_degree_and_never_a_name(doors: Doors) -> None:
    code = received(doors)
    told = scan(doors.screen("kiosk"), f"https://x/tra-cuu?SGT=001066012345&MHS={code}")
    assert told["dossier"] == {"code": code, "degree": "Đang giải quyết", "status": 2}
    assert told["read"] == [{"symbology": "text", "text": code}]
    assert told["action"]["name"] == "status"
    assert told["action"]["wish"] is None
    assert told["action"]["due_at"].startswith("2026-11-2")
    assert "27/11/2026" in told["action"]["say"]
    for secret in (NAME, "001066012345", "0912345678"):
        assert secret not in json.dumps(told, ensure_ascii=False)


def test_staff_and_systems_see_the_dossier_but_no_identity_parameter(doors: Doors) -> None:
    code = received(doors)
    for client in (doors.person(), doors.key("dossiers")):
        told = scan(client, f"https://x/tra-cuu?SGT=001066012345&MHS={code}")
        assert told["dossier"]["procedure_name"] == "Việc mẫu"
        assert told["dossier"]["applicant"]["name"] == NAME
        assert told["read"][0]["text"] == f"https://x/tra-cuu?MHS={code}"


def test_the_reader_is_spoken_to_in_their_language(doors: Doors) -> None:
    kiosk = doors.screen("kiosk")
    english = kiosk.post(f"{API}/scans?lang=en", json={"text": ELSEWHERE}).get_json()
    assert "clerk" in english["action"]["say"]


def test_from_scan_to_number_in_two_requests(doors: Doors) -> None:
    code = received(doors)
    doors.hall.do(set_status, code, DONE, actor=CLERK)
    kiosk = doors.screen("kiosk")
    wish = scan(kiosk, code)["action"]["wish"]
    assert wish == {"service": "tra-ket-qua", "dossier": code}
    ticket = post(kiosk, "/tickets", wish)
    assert ticket.status_code == 201
    assert ticket.get_json()["service"] == "tra-ket-qua"
    visits = doors.hall.store.read().execute("SELECT dossier, purpose FROM dossier_visits").fetchall()
    assert visits == [(code, "collect")]


def test_near_the_front_once(doors: Doors) -> None:
    code = received(doors)
    reentry = doors.hall.do(ask_supplement, code, (Missing("Bản vẽ"),), "thiếu", actor=CLERK)
    for _ in range(3):
        doors.hall.issue("dat-dai", after_s=30)
    kiosk = doors.screen("kiosk")
    told = scan(kiosk, reentry)
    assert (told["kind"], told["action"]["missing"]) == ("missing", [{"name": "Bản vẽ"}])
    first = post(kiosk, "/tickets", told["action"]["wish"], key="one touch")
    assert (first.status_code, first.get_json()["ahead"]) == (201, 0)
    assert post(kiosk, "/tickets", told["action"]["wish"], key="one touch").get_json() == first.get_json()
    second = post(kiosk, "/tickets", told["action"]["wish"])
    assert (second.status_code, second.get_json()["key"]) == (409, "error.reentry_spent")


def test_no_wish_for_a_service_that_is_closed(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    services = tuple(
        s.model_copy(update={"hours": hall.settings.hours.model_copy(update={"mon": ("13:30-17:00",)})})
        for s in hall.settings.services
    )
    hall.settings = hall.settings.model_copy(update={"services": services})
    doors = Doors(hall)
    told = scan(doors.screen("kiosk"), ELSEWHERE)
    assert (told["action"]["service"], told["action"]["wish"]) == ("tra-ket-qua", None)
    hall.store.close()


def test_a_number_is_never_taken_for_a_persons_number(doors: Doors) -> None:
    kiosk = doors.screen("kiosk")
    before = doors.head()
    for text in ("001066012345", "0912345678", "CCCD-001066012345", "001.066.012.345"):
        answer = post(kiosk, "/tickets", {"service": "ho-tich", "dossier": text})
        assert (answer.status_code, answer.get_json()["key"]) == (400, "error.bad_code")
        assert text not in answer.get_data(as_text=True)
    assert doors.head() == before


def test_a_card_is_a_class_on_the_kiosk_and_a_form_for_staff(doors: Doors) -> None:
    told = scan(doors.screen("kiosk"), CARD)
    assert (told["kind"], told["action"]["age_class"], told["action"]["card"]) == ("card", "CAO_TUOI", None)
    assert told["read"] == [{"symbology": "text", "text": ""}]
    form = scan(doors.person(), CARD, key="a clerk's scan")["action"]["card"]
    assert (form["name"], form["birth"], form["number"]) == (NAME, "1966-11-23", "001066012345")


def test_a_card_is_not_even_remembered_for_a_repeated_request(doors: Doors) -> None:
    clerk = doors.person()
    first = scan(clerk, CARD, key="k")
    assert scan(clerk, CARD, key="k") == first
    assert post(clerk, "/scans", {"text": CARD + "|"}, "k").status_code == 422
    for secret in (NAME, "001066012345", "Xóm Mẫu"):
        assert secret not in "\n".join(doors.hall.dump())


def test_who_handed_it_in_is_in_no_remembered_answer(doors: Doors) -> None:
    code = received(doors)
    clerk = doors.person()
    first = scan(clerk, code, key="k")
    assert first["dossier"]["applicant"]["name"] == NAME
    assert scan(clerk, code, key="k") == first
    assert NAME not in "".join(body for (body,) in doors.hall.store.read().execute("SELECT body FROM answers"))


def test_other_scans_are_answered_again_and_written_once(doors: Doors) -> None:
    code = received(doors)
    kiosk = doors.screen("kiosk")
    first = scan(kiosk, code, key="k")
    doors.hall.do(set_status, code, DONE, actor=CLERK)
    assert scan(kiosk, code, key="k") == first
    assert len(journal.read(doors.hall.store.read(), only=Filter(kinds=("scan.read",)))) == 1
    assert post(kiosk, "/scans", {"text": "other"}, "k").status_code == 422


def test_guessing_is_slowed_down_and_noticed(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    doors = Doors(hall, scans=Scans(guesses=3, per_minute=100))
    code = received(doors)
    kiosk, other = doors.screen("kiosk"), doors.screen("kiosk", "kiosk-2")
    for n in (0, 0, 1, 0, 1, 2):  # the same receipt again is none more
        assert scan(kiosk, f"H55.242-261120-{n:04d}", by="keys")["action"]["reason"] == "not_here"
    for text in ("H55.242-261120-0004", code):  # a guess learns nothing from a code that is known
        answer = post(kiosk, "/scans", {"text": text})
        assert (answer.status_code, answer.get_json()["key"]) == (429, "error.too_many_tries")
        assert 0 < int(answer.headers["Retry-After"]) <= 300
    assert scan(other, code)["kind"] == "dossier"
    told = journal.read(hall.store.read(), only=Filter(kinds=("scan.guessed",)))
    assert [(e.actor, e.data) for e in told] == [("screen:kiosk-1", {"count": 3, "window_s": 300, "by": "kiosk-1"})]
    hall.store.close()


def test_every_unknown_code_of_a_picture_is_a_guess(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    doors = Doors(hall, scans=Scans(guesses=3, per_minute=100))
    code = received(doors)
    texts = [code, ELSEWHERE, ELSEWHERE, "H56.14-240823-0002", "HS.2026_99", "Hộ tịch xã Mẫu"]
    doors.web.read_picture = lambda _: [("qr", text) for text in texts]
    kiosk = doors.screen("kiosk")
    assert picture(kiosk).get_json()["kind"] == "dossier"
    assert picture(kiosk).status_code == 429
    told = journal.read(hall.store.read(), only=Filter(kinds=("scan.guessed",)))
    assert [e.data["count"] for e in told] == [3]
    hall.store.close()


def test_a_right_that_holds_not_is_a_guess(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    doors = Doors(hall, scans=Scans(guesses=3, per_minute=100))
    code = received(doors)
    hall.do(ask_supplement, code, (Missing("Giấy mẫu"),), "thiếu", actor=CLERK)
    kiosk, other = doors.screen("kiosk"), doors.screen("kiosk", "kiosk-2")
    for wish, key in (("MC-ABCDEFGH", "k"), ("MC-ABCDEFGH", "k"), ("MC-BCDEFGHA", ""), ("H55.242-261120-0099", "")):
        assert post(kiosk, "/tickets", {"service": "dat-dai", "reentry": wish}, key).status_code == 409
    for path, told in (("/tickets", {"service": "dat-dai", "reentry": code}), ("/scans", {"text": code})):
        assert post(kiosk, path, told).status_code == 429
    assert post(kiosk, "/tickets", {"service": "dat-dai"}).status_code == 201
    assert post(other, "/tickets", {"service": "dat-dai", "reentry": code}).status_code == 201
    events = journal.read(hall.store.read(), only=Filter(kinds=("scan.guessed",)))
    assert [(e.actor, e.data["count"]) for e in events] == [("screen:kiosk-1", 3)]
    hall.store.close()


def test_so_many_scans_a_minute(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    doors = Doors(hall, scans=Scans(per_minute=2))
    kiosk = doors.screen("kiosk")
    assert [post(kiosk, "/scans", {"text": "x"}).status_code for _ in range(3)] == [200, 200, 429]
    hall.store.close()


def test_pictures(doors: Doors) -> None:
    code = received(doors)
    seen: list[bytes] = []

    def read(data: bytes) -> list[tuple[str, str]]:
        seen.append(data)
        return [("qr", "Hộ tịch xã Mẫu"), ("code128", ELSEWHERE), ("code128", code)]

    doors.web.read_picture = read
    told = picture(doors.key("dossiers"), b"\x89PNG" + bytes(1_500_000), "image/png").get_json()
    assert len(seen[0]) == 1_500_004  # more than any other body may have
    assert [one["text"] for one in told["read"]] == ["Hộ tịch xã Mẫu", ELSEWHERE, code]
    assert (told["kind"], told["dossier"]["code"]) == ("dossier", code)


def test_a_picture_without_a_code_asks_for_another(doors: Doors) -> None:
    doors.web.read_picture = lambda _: []
    told = picture(doors.screen("kiosk")).get_json()
    assert (told["read"], told["kind"]) == ([], "unknown")
    assert (told["action"]["name"], told["action"]["reason"]) == ("to_clerk", "unread")


def test_pictures_that_cannot_be_read(doors: Doors) -> None:
    kiosk = doors.screen("kiosk")
    assert picture(kiosk).get_json()["key"] == "error.no_reading"

    def broken(_: bytes) -> list[tuple[str, str]]:
        raise UnreadablePicture("this is no JPEG or PNG")

    def busy(_: bytes) -> list[tuple[str, str]]:
        raise ReadingBusy("too many pictures wait to be read", seconds=5)

    doors.web.read_picture = busy
    answer = picture(kiosk)
    assert (answer.status_code, answer.get_json()["key"]) == (503, "error.reading_busy")
    assert answer.headers["Retry-After"] == "5"
    doors.web.read_picture = broken
    answer = picture(kiosk)
    assert (answer.status_code, answer.get_json()["key"]) == (422, "error.unreadable_picture")
    too_large = picture(kiosk, bytes(doors.settings.scans.image_max + 1))
    assert (too_large.status_code, too_large.get_json()["key"]) == (413, "error.too_large")
    assert picture(kiosk, kind="image/gif").status_code == 415
    assert post(kiosk, "/scans", {"text": "x" * 1_100_000}).status_code == 413


def test_what_a_reader_at_the_server_read_is_for_its_page_alone_and_once(doors: Doors) -> None:
    code = received(doors)
    kiosk, other = doors.screen("kiosk"), doors.screen("kiosk", "kiosk-2")
    name = doors.web.inbox.put(Arrival(code, "code128", "reader", "kiosk-1", ""))
    for stranger in (other, doors.person(), doors.key("dossiers")):
        answer = post(stranger, "/scans", {"arrival": name})
        assert (answer.status_code, answer.get_json()["key"]) == (404, "error.unknown_arrival")
    first = post(kiosk, "/scans", {"arrival": name}, "k").get_json()
    assert first["read"] == [{"symbology": "code128", "text": code}]
    assert post(kiosk, "/scans", {"arrival": name}, "k").get_json() == first
    assert post(kiosk, "/scans", {"arrival": name}, "another").status_code == 404
    assert post(kiosk, "/scans", {"arrival": name}).status_code == 404


def test_a_reader_at_a_desk_is_for_the_clerk_who_sits_there(doors: Doors) -> None:
    clerk = doors.person()
    name = doors.web.inbox.put(Arrival(CARD, "qr", "reader", "", "1"))
    assert post(clerk, "/scans", {"arrival": name}).status_code == 404
    assert clerk.put(f"{API}/session", json={"counter": "1"}).status_code == 200
    told = post(clerk, "/scans", {"arrival": name}).get_json()
    assert told["action"]["card"]["name"] == NAME


def test_a_clerk_is_told_what_to_do_and_not_asked_to_take_a_number(doors: Doors) -> None:
    code = received(doors)
    texts = [code, ELSEWHERE, "MC-ABCDEFGH", "?", f"x/t/{doors.hall.issue('dat-dai').token}", CARD]
    doors.hall.do(ask_supplement, code, (Missing("Giấy mẫu"),), "thiếu", actor=CLERK)
    clerk, kiosk = doors.person(), doors.screen("kiosk")
    for text in texts:
        told = scan(clerk, text)["action"]["say"]
        assert told != scan(kiosk, text)["action"]["say"]
        for words in ("ông/bà", "lấy số", "mời đến quầy", "gặp cán bộ"):
            assert words not in told


def test_what_a_reader_read_is_answered_alike_when_its_text_is_forgotten(doors: Doors) -> None:
    code = received(doors)
    clerk, kiosk = doors.person(), doors.screen("kiosk")
    clerk.put(f"{API}/session", json={"counter": "1"})
    inbox = doors.web.inbox
    for client, screen, counter in ((kiosk, "kiosk-1", ""), (clerk, "", "1")):
        name = inbox.put(Arrival(f"https://x/?sgt=001066012345&mhs={code}", "qr", "reader", screen, counter))
        first = post(client, "/scans", {"arrival": name}, "k").get_json()
        assert first["read"] == [{"symbology": "qr", "text": code}]
        inbox.keep_s = 0.0
        assert post(client, "/scans", {"arrival": name}, "k").get_json() == first
        assert post(client, "/scans", {"arrival": name}, "another").status_code == 404
        inbox.keep_s = 30.0
    assert len(journal.read(doors.hall.store.read(), only=Filter(kinds=("scan.read",)))) == 2


def test_a_forgotten_card_is_answered_again_without_its_fields(doors: Doors) -> None:
    clerk = doors.person()
    clerk.put(f"{API}/session", json={"counter": "1"})
    name = doors.web.inbox.put(Arrival(CARD, "qr", "reader", "", "1"))
    first = post(clerk, "/scans", {"arrival": name}, "k").get_json()
    assert first["action"]["card"]["name"] == NAME
    assert post(clerk, "/scans", {"arrival": name}, "k").get_json() == first
    doors.web.inbox.keep_s = 0.0
    later = post(clerk, "/scans", {"arrival": name}, "k")
    assert later.status_code == 200
    assert later.get_json() == first | {"action": first["action"] | {"card": None}}
    assert NAME not in "\n".join(doors.hall.dump())


@pytest.mark.parametrize("body", [{}, {"text": "a", "arrival": "b"}, {"text": None}])
def test_either_a_text_or_an_arrival(doors: Doors, body: dict[str, Any]) -> None:
    assert post(doors.screen("kiosk"), "/scans", body).status_code == 400


def test_who_may_scan(doors: Doors) -> None:
    assert post(doors.open, "/scans", {"text": "x"}).status_code == 401
    assert post(doors.screen("board"), "/scans", {"text": "x"}).status_code == 403
    assert post(doors.key("tickets"), "/scans", {"text": "x"}).status_code == 403
    assert post(doors.person("ha", Role.SUPERVISOR), "/scans", {"text": "x"}).status_code == 200
