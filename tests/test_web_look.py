"""Icons, type and the office's colour, as the pages get them."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from office.settings import load
from tools.rehearsal import CONFIG
from web import look
from web.icons import icon, known


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    app = Flask(__name__)
    app.register_blueprint(look.create("#8f1d1d"))
    with app.test_client() as client:
        yield client


def test_icon_is_inline_hidden_and_sized() -> None:
    drawing = icon("ticket", 40)
    assert drawing.startswith('<svg width="40" height="40"')
    assert 'aria-hidden="true"' in drawing
    assert "style=" not in drawing


def test_icon_with_a_label_is_read_and_escaped() -> None:
    assert 'role="img" aria-label="a&quot;&lt;b"' in icon("ticket", label='a"<b')


def test_unknown_icon_is_a_question_mark() -> None:
    assert icon("no-such-icon") == icon("circle-question-mark")


def test_every_icon_of_the_configuration_is_known() -> None:
    settings = load(CONFIG)
    names = {s.icon for s in settings.services} | {c.icon for c in settings.discipline.classes}
    assert {name for name in names if not known(name)} == set()


@pytest.mark.parametrize("weight", ["Regular", "Medium", "SemiBold", "Bold"])
def test_type_is_served_here(client: FlaskClient, weight: str) -> None:
    with client.get(f"/fonts/BeVietnamPro-{weight}.ttf") as answer:
        assert answer.status_code == 200
        assert answer.data[:4] == b"\x00\x01\x00\x00"
        assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["BeVietnamPro-Black.ttf", "..%2f..%2fLICENSE", "LICENSE"])
def test_nothing_else_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/fonts/{name}").status_code == 404


def test_office_colour_replaces_the_red_and_its_pressed_shade(client: FlaskClient) -> None:
    sheet = client.get("/theme.css").get_data(as_text=True)
    assert re.search(r":root:not\(\[data-theme=\"dark\"\]\) \{ --red: #8f1d1d; --red-deep: #701717; \}", sheet)
