"""The handbook is written from the code and is up to date; every key and kind says what it means."""

import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from office import sections
from office.kinds import KINDS, public_data
from office.settings import Settings
from office.tickets import diagram
from tools import handbook
from tools.house import MAY_IMPORT

SECRET = ("priority", "why", "token", "place", "verified", "actor", "target")


def test_journal_document_is_renewed() -> None:
    assert (handbook.DOCS / "journal.md").read_text(encoding="utf-8") == handbook.journal()


def test_configuration_document_is_renewed() -> None:
    assert (handbook.DOCS / "configuration.md").read_text(encoding="utf-8") == handbook.configuration()


def test_the_states_are_drawn_as_they_are() -> None:
    assert f"```mermaid\n{diagram()}\n```" in (handbook.DOCS / "architecture.md").read_text(encoding="utf-8")


def test_the_rooms_are_those_of_the_tree_and_import_what_the_rules_say() -> None:
    text = (handbook.DOCS / "architecture.md").read_text(encoding="utf-8")
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `")]
    told = {
        room.rstrip("/").replace("/", "."): set(re.findall(r"`([\w.]+)`", may)) - {room.rstrip("/")}
        for rooms, _, may in rows
        for room in re.findall(r"`([\w./]+)`", rooms)
    }
    assert {room: told.get(room) for room in MAY_IMPORT} == {room: set(may) for room, may in MAY_IMPORT.items()}
    packages = {path.parent.name for path in handbook.DOCS.parent.glob("*/*.py")} - {"display"}
    assert packages <= told.keys()


def _models(model: Any) -> Iterator[type[sections.Section]]:
    if isinstance(model, type) and issubclass(model, sections.Section):
        yield model
        for field in model.model_fields.values():
            yield from _models(field.annotation)
    for part in get_args(model):
        yield from _models(part)


@pytest.mark.parametrize("model", sorted(set(_models(Settings)) - {Settings}, key=str))
def test_every_setting_is_described(model: type[sections.Section]) -> None:
    nameless = [
        name
        for name, field in model.model_fields.items()
        if not field.description and not list(_models(field.annotation))
    ]
    assert nameless == []


def test_every_file_section_stands_in_the_document() -> None:
    text = handbook.configuration()
    for key in ("office", "hours", "service", "counter", "printer", "voice", "day", "web"):
        assert f"[{key}]" in text
    assert "| max_priority_run |" in text


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_shows_a_secret_to_screens(kind: str) -> None:
    data: dict[str, object] = dict.fromkeys(KINDS[kind].fields, "x")
    assert not set(public_data(kind, data) or {}) & set(SECRET)
