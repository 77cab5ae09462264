"""Sounds over the web: a ticket's number is read to who holds the ticket, and to nobody else."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from office import doors
from office.phrases import Phrases
from tools.rehearsal import CONFIG, Hall
from web.app import create_app
from web.callers import SCREEN_COOKIES
from web.hall import Hall as Running
from web.pulse import Pulse


@pytest.fixture
def asked() -> list[tuple[str, str]]:
    """Which numbers the voice was asked for, in which language."""
    return []


@pytest.fixture
def client(hall: Hall, tmp_path: Path, asked: list[tuple[str, str]]) -> FlaskClient:
    sound = tmp_path / "number.wav"
    sound.write_bytes(b"RIFF")

    def speak(number: str, language: str) -> Path | None:
        asked.append((number, language))
        return sound if language in ("vi", "en") else None

    phrases, pulse = Phrases.load(CONFIG / "phrases"), Pulse(hall.store, hall.settings)
    running = Running(hall.settings, phrases, hall.store, pulse, spoken_number=speak)
    browser = create_app(running, ()).test_client()
    browser.set_cookie(SCREEN_COOKIES["kiosk"], hall.do(doors.admit, "sanh", "kiosk"))
    return browser


def test_the_holder_hears_the_number(hall: Hall, client: FlaskClient, asked: list[tuple[str, str]]) -> None:
    ticket = hall.issue("ho-tich")
    with client.get(f"/kiosk/voice/number/{ticket.token}.wav?lang=en") as answer:
        assert (answer.status_code, answer.mimetype, answer.data) == (200, "audio/wav", b"RIFF")
    assert client.get(f"/kiosk/voice/number/{ticket.token}.wav?lang=xx").status_code == 404
    assert asked == [(ticket.number, "en"), (ticket.number, "xx")]


def test_nothing_else_sets_the_voice_to_work(hall: Hall, client: FlaskClient, asked: list[tuple[str, str]]) -> None:
    ticket = hall.issue("ho-tich")
    for token in (ticket.number, ticket.id, "NOSUCHTOKEN23456", "..%2f..%2foffice"):
        assert client.get(f"/kiosk/voice/number/{token}.wav").status_code == 404
    client.delete_cookie(SCREEN_COOKIES["kiosk"])
    assert client.get(f"/kiosk/voice/number/{ticket.token}.wav").status_code == 401
    client.set_cookie(SCREEN_COOKIES["kiosk"], hall.do(doors.admit, "sanh", "kiosk"))
    hall.clock.turn(days=1)
    assert client.get(f"/kiosk/voice/number/{ticket.token}.wav").status_code == 404
    assert asked == []
