"""The kiosk's page and data, and the phone's page, as the real app serves them."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import kiosk.pages
from kiosk.home import printer_trouble
from kiosk.phone import ahead_words, qr, wait_words
from office import doors, journal, turns
from office.kinds import KINDS
from office.phrases import Phrases
from office.tickets import Ticket
from office.waits import Wait
from tools.rehearsal import CONFIG, Hall, post_catalogue, settings_with
from web.app import create_app
from web.callers import SCREEN_COOKIES
from web.hall import Hall as Running
from web.pulse import Pulse

STATIC = Path(__file__).parents[1] / "web" / "static"
PHRASES = Phrases.load(CONFIG / "phrases")
SAY = partial(PHRASES.say, "vi")
LUNCH = {"mon": ["07:00-11:30", "13:30-17:00"]}


def client_of(hall: Hall, *, paired: bool = True) -> FlaskClient:
    """A browser at the office of ``hall``; paired as its kiosk unless told otherwise."""
    running = Running(hall.settings, PHRASES, hall.store, Pulse(hall.store, hall.settings))
    client = create_app(running, (kiosk.pages.create(running),)).test_client()
    if paired:
        secret = hall.do(doors.admit, "sanh", "kiosk")
        client.set_cookie(SCREEN_COOKIES["kiosk"], secret)
    return client


@pytest.fixture
def client(hall: Hall) -> FlaskClient:
    return client_of(hall)


@pytest.fixture
def lunch(tmp_path: Path) -> Iterator[Hall]:
    """An office with a lunch break, seen on Monday at 12:00."""
    services = [{**s.model_dump(), "hours": None} for s in settings_with().services]
    made = Hall(tmp_path, settings_with(hours=LUNCH, services=services), "2026-11-23 12:00")
    yield made
    made.store.close()


def tile(client: FlaskClient, service: str, language: str = "vi") -> dict[str, str]:
    answer = client.get(f"/kiosk/hall.json?lang={language}").get_json()
    return next(t for t in answer["tiles"] if t["id"] == service)


def test_page_needs_a_paired_screen(hall: Hall) -> None:
    stranger = client_of(hall, paired=False)
    assert stranger.get("/kiosk/hall.json").status_code == 401
    assert "data-service" not in stranger.get("/kiosk").get_data(as_text=True)


@pytest.mark.parametrize(("language", "words"), [("vi", "Ông/bà cần làm việc gì?"), ("en", "What do you need today?")])
def test_first_paint_has_everything(hall: Hall, client: FlaskClient, language: str, words: str) -> None:
    hall.open("1")
    page = client.get(f"/kiosk?lang={language}").get_data(as_text=True)
    assert f'<html lang="{language}"' in page
    assert words in page
    for service in hall.settings.services:
        assert f'data-service="{service.id}"' in page
        assert service.name.text(language) in page


def test_other_procedures_draw_the_page_anew(hall: Hall, client: FlaskClient) -> None:
    edition = client.get("/kiosk/hall.json").get_json()["edition"]
    assert f'"edition": "{edition}"' in client.get("/kiosk").get_data(as_text=True)
    hall.do(post_catalogue)
    assert client.get("/kiosk/hall.json").get_json()["edition"] != edition


def test_page_obeys_the_strict_policy(client: FlaskClient) -> None:
    answer = client.get("/kiosk")
    page = answer.get_data(as_text=True)
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert not re.search(r'\sstyle="|\son[a-z]+="', page)
    scripts = re.findall(r"<script([^>]*)>", page)
    assert scripts
    assert all("src=" in tag or 'type="application/json"' in tag for tag in scripts)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_read_aloud_holds_in_every_office(language: str) -> None:
    """No colour (an office sets its own), no slip where none is printed, no other choice where all is closed."""
    spoken = PHRASES.section(language, "kiosk.voice")
    assert not re.search(r"màu|đỏ|colou?r|\bred\b", " ".join(spoken.values()))
    assert not re.search(r"lấy phiếu|take your slip", spoken["number"])
    assert not re.search(r"việc khác|something else", spoken["closed_all"])


def test_unknown_language_is_the_first_one(client: FlaskClient) -> None:
    assert '<html lang="vi"' in client.get("/kiosk?lang=%22%3E%3Cscript%3E").get_data(as_text=True)


def test_tile_tells_who_waits_and_who_serves(hall: Hall, client: FlaskClient) -> None:
    assert tile(client, "ho-tich") | {"icon": "", "hint": ""} == {
        "id": "ho-tich", "name": "Hộ tịch", "hint": "", "icon": "", "state": "nocounter",
        "note": "Chưa có quầy mở", "opens": "",
    }  # fmt: skip
    hall.open("1")
    assert tile(client, "ho-tich")["note"] == "Chưa có ai chờ"
    hall.issue("ho-tich")
    assert tile(client, "ho-tich", "en")["note"] == "1 waiting for this service"
    hall.issue("ho-tich")
    assert tile(client, "ho-tich")["note"] == "2 người chờ việc này"


def test_lunch_closes_the_whole_home(lunch: Hall) -> None:
    client = client_of(lunch)
    answer = client.get("/kiosk/hall.json").get_json()
    assert answer["closed"] is True
    assert answer["opens"] == "Mở lại lúc 13:30, thứ Hai 23/11/2026"
    page = client.get("/kiosk").get_data(as_text=True)
    assert 'data-screen="closed"' in page
    assert "Mở lại lúc 13:30, thứ Hai 23/11/2026" in page
    lunch.set_clock("2026-11-23 13:30")
    assert client.get("/kiosk/hall.json").get_json()["closed"] is False


def test_one_service_may_be_closed_alone(tmp_path: Path) -> None:
    services = [{**s.model_dump(), "hours": LUNCH if s.id == "cu-tru" else None} for s in settings_with().services]
    hall = Hall(tmp_path, settings_with(services=services), "2026-11-23 12:00")
    client = client_of(hall)
    assert (tile(client, "cu-tru")["state"], tile(client, "cu-tru")["opens"]) == (
        "closed",
        "Mở lại lúc 13:30, thứ Hai 23/11/2026",
    )
    assert client.get("/kiosk/hall.json").get_json()["closed"] is False
    hall.store.close()


def failed(hall: Hall, reason: str, *, given_up: bool = False) -> None:
    data = {"number": "", "service": "", "reason": reason, "job": 0, "given_up": given_up}
    with hall.store.act() as act:
        journal.append(act, "printer.failed", office=hall.settings.office.id, actor="system", data=data)


def test_printer_trouble_is_its_last_word(hall: Hall) -> None:
    def trouble() -> str:
        return printer_trouble(hall.store.read(), journal.head(hall.store.read())[0])

    assert trouble() == ""
    failed(hall, "paper_out")
    failed(hall, "stale", given_up=True)
    assert trouble() == "paper_out"
    with hall.store.act() as act:
        journal.append(act, "printer.recovered", office=hall.settings.office.id, actor="system", data={"after_s": 5})
    assert trouble() == ""


def served(hall: Hall) -> Ticket:
    hall.open("1")
    for _ in range(3):
        ticket = hall.issue("ho-tich", "CAO_TUOI" if _ == 0 else "")
    return ticket


def test_phone_page_tells_the_line(hall: Hall, client: FlaskClient) -> None:
    ticket = served(hall)
    page = client.get(f"/t/{ticket.token}").get_data(as_text=True)
    assert ticket.number in page
    assert "2 người được gọi trước ông/bà" in page
    live = client.get(f"/t/{ticket.token}.json").get_json()
    assert (live["state"], live["ahead"]) == ("waiting", "2 người được gọi trước ông/bà")
    assert live["wait"] == "Chờ khoảng 24–38 phút"  # two before, at the office's own expectation


def test_phone_page_follows_the_call(hall: Hall, client: FlaskClient) -> None:
    ticket = served(hall)
    for _ in range(2):
        hall.do(turns.call_next, "1", actor="person:clerk1")
        hall.do(turns.absent, "1", actor="person:clerk1")
    assert client.get(f"/t/{ticket.token}.json").get_json()["state"] == "next"
    hall.do(turns.call_next, "1", actor="person:clerk1")
    live = client.get(f"/t/{ticket.token}.json").get_json()
    assert (live["headline"], live["ahead"], live["over"]) == ("Mời đến quầy 1", "", False)
    assert client.get(f"/t/{ticket.token}.json?lang=en").get_json()["headline"] == "Please go to counter 1"
    hall.do(turns.start, "1", actor="person:clerk1")
    hall.do(turns.finish, "1", actor="person:clerk1")
    assert client.get(f"/t/{ticket.token}.json").get_json()["over"] is True


def test_phone_says_next_only_when_a_counter_would_call_it_next(hall: Hall, client: FlaskClient) -> None:
    hall.open("2")
    for _ in range(20):
        hall.issue("chung-thuc")
    last = hall.issue("huong-dan")
    live = client.get(f"/t/{last.token}.json").get_json()
    assert (live["state"], live["ahead"]) == ("waiting", "20 người được gọi trước ông/bà")
    assert live["wait"].startswith("Chờ khoảng 120–")
    for _ in range(20):
        hall.do(turns.call_next, "2", actor="person:clerk2")
        hall.do(turns.absent, "2", actor="person:clerk2")
    live = client.get(f"/t/{last.token}.json").get_json()
    assert (live["state"], live["ahead"]) == ("next", "Ông/bà là người tiếp theo")
    assert client.get(f"/t/{last.token}.json?lang=en").get_json()["ahead"] == "You are next"


def test_phone_does_not_say_soon_while_no_counter_is_open(hall: Hall, client: FlaskClient) -> None:
    ticket = hall.issue("ho-tich")
    live = client.get(f"/t/{ticket.token}.json").get_json()
    assert (live["state"], live["ahead"]) == ("waiting", "Không còn ai được gọi trước ông/bà")
    assert live["wait"] == SAY("kiosk.live.wait_unknown")


def test_long_line_is_told_as_more_than() -> None:
    words = [ahead_words(n, SAY, first=False) for n in (0, 1, 100, 101, 9000)]
    assert words[0] == "Không còn ai được gọi trước ông/bà"
    assert words[2:] == ["100 người được gọi trước ông/bà", *["Hơn 100 người được gọi trước ông/bà"] * 2]


def test_every_state_of_a_ticket_is_worded() -> None:
    for state in ("waiting", "next", "called", "serving", "held", "absent", "finished", "cancelled"):
        for language in ("vi", "en"):
            assert PHRASES.say(language, f"phone.state.{state}", counter="1")
            assert PHRASES.say(language, f"phone.what.{state}")


def test_polling_costs_nothing_while_nothing_changes(hall: Hall, client: FlaskClient) -> None:
    ticket = served(hall)
    first = client.get(f"/t/{ticket.token}.json")
    tag = first.headers["ETag"]
    again = client.get(f"/t/{ticket.token}.json", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    hall.do(turns.call_next, "1", actor="person:clerk1")
    changed = client.get(f"/t/{ticket.token}.json", headers={"If-None-Match": tag})
    assert (changed.status_code, changed.get_json()["ahead"]) == (200, "1 người được gọi trước ông/bà")


def test_phone_needs_no_pairing_and_tells_no_priority(hall: Hall) -> None:
    served(hall)
    ticket = hall.issue("ho-tich", "KHUYET_TAT")
    stranger = client_of(hall, paired=False)
    for path in (f"/t/{ticket.token}", f"/t/{ticket.token}.json"):
        text = stranger.get(path).get_data(as_text=True)
        assert ticket.number in text
        assert "KHUYET_TAT" not in text
        assert "khuyết tật" not in text.lower().replace("bảo trợ, khuyết tật", "")


@pytest.mark.parametrize("token", ["NOSUCHTOKEN23456", "%3Cscript%3E", "..%2f..%2fetc", "A" * 3000])
def test_unknown_token_is_told_politely(client: FlaskClient, token: str) -> None:
    answer = client.get(f"/t/{token}")
    assert answer.status_code == 404
    page = answer.get_data(as_text=True)
    assert "Không tìm thấy" in page
    assert "<script>" not in page
    assert client.get(f"/t/{token}.json").status_code == 404


def test_number_of_yesterday_is_no_longer_shown(hall: Hall, client: FlaskClient) -> None:
    ticket = served(hall)
    hall.clock.turn(days=1)
    assert client.get(f"/t/{ticket.token}").status_code == 404
    assert client.get(f"/t/{ticket.token}/qr.svg").status_code == 404


def test_pages_only_look(hall: Hall, client: FlaskClient) -> None:
    ticket = served(hall)
    before = hall.dump()
    for path in ("/kiosk", "/kiosk/hall.json", f"/t/{ticket.token}", f"/t/{ticket.token}.json"):
        client.get(path)
        assert client.post(path).status_code == 405
    assert hall.dump() == before


def test_code_is_a_drawing_with_a_quiet_zone() -> None:
    drawing = qr("http://192.168.1.10:8000/t/ABCDEFGHJKLMNPQR")
    assert drawing.startswith(b"<?xml")
    assert b"<script" not in drawing


@pytest.mark.parametrize(
    ("p50", "p90", "words"),
    [
        (0, 30, "Chờ dưới 1 phút"),
        (59, 200, "Chờ dưới 4 phút"),
        (600, 1510, "Chờ khoảng 10–26 phút"),
        (300, 300, "Chờ dưới 6 phút"),
    ],
)
def test_wait_is_an_honest_range(p50: int, p90: int, words: str) -> None:
    assert wait_words(Wait(p50, p90), SAY) == words


def test_pages_hear_every_kind_a_screen_may_see() -> None:
    script = (STATIC / "js" / "line.js").read_text(encoding="utf-8")
    heard = set(re.findall(r"[a-z]+\.[a-z_]+", script.split('.split(" ")')[0]))
    public = {name for name, kind in KINDS.items() if kind.public is not None}
    assert public <= heard
