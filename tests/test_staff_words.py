"""Every error has its sentence, and no sentence asks for a figure that is not given where the error is raised."""

import ast
import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import display.voice  # noqa: F401 — its errors are then known
import web.app  # noqa: F401 — as above
from office.errors import OfficeError
from office.phrases import Phrases, placeholders
from office.unwritten import why
from tools.rehearsal import CONFIG, settings_with
from tools.sources import House
from web.problems import KEYS, TITLED, sentence

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("office", "web", "staff", "display.voice")
PHRASES = Phrases.load(CONFIG / "phrases")


def below(error: type[OfficeError]) -> Iterator[type[OfficeError]]:
    """An error and all that derive from it."""
    yield error
    for narrower in error.__subclasses__():
        yield from below(narrower)


def keys_by_class() -> dict[str, str]:
    """Error class → its phrase key."""
    return {error.__name__: error.key for error in below(OfficeError)}


@cache
def raised() -> list[tuple[str, str, frozenset[str]]]:
    """Where, with which key and which parameters each error is raised."""
    keys, found = keys_by_class(), []
    for source in House(ROOT).sources.values():
        if source.room not in ROOMS:
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                name = ast.unparse(node.exc.func)
                if name in keys:
                    given = frozenset(str(k.arg) for k in node.exc.keywords)
                    found.append((source.at(node.lineno), keys[name], given))
    return found


def test_the_sources_were_read() -> None:
    assert len(keys_by_class()) > 25
    assert len(raised()) > 40


@pytest.mark.parametrize("language", PHRASES.languages)
def test_every_error_has_its_sentence(language: str) -> None:
    wanted = {*keys_by_class().values(), *KEYS.values()}
    assert wanted - PHRASES.keys(language) == set()
    assert {f"error_page.title_{status}" for status in TITLED} <= PHRASES.keys(language)


@pytest.mark.parametrize("language", PHRASES.languages)
def test_no_sentence_asks_for_what_is_not_given(language: str) -> None:
    words = {
        f"{part}.{key}": phrase
        for part in ("error", "catalogue", "import")
        for key, phrase in PHRASES.section(language, part).items()
    }
    wrong = [(at, key) for at, key, given in raised() if placeholders(words[key]) - given]
    assert wrong == []
    bare = [key for key in KEYS.values() if placeholders(words[key])]  # Flask's own errors give nothing
    assert bare == []


@pytest.mark.parametrize("language", PHRASES.languages)
def test_errors_say_what_to_do_and_blame_nobody(language: str) -> None:
    polite = {"vi": ("Mời", "mời", "sẽ tự"), "en": ("lease", "by itself")}[language]
    for key, phrase in PHRASES.section(language, "error").items():
        assert any(word in phrase for word in polite), key
        assert "!" not in phrase, key


def test_a_figure_that_is_missing_gives_the_general_sentence() -> None:
    assert sentence(PHRASES, "vi", "error.too_soon", {}) == PHRASES.say("vi", "error.unexpected")


def test_every_rule_of_the_discipline_has_its_why() -> None:
    rules = {"in_line", "priority", "came_back", "ordinary_turn", "sent_here", "preferred", "by_number"}
    for language in PHRASES.languages:
        assert set(PHRASES.section(language, "why")) == rules
        for phrase in PHRASES.section(language, "why").values():
            assert placeholders(phrase) <= {"waited", "forward", "overtook", "run", "step", "reason"}


def test_every_state_that_a_page_names_has_its_word() -> None:
    words = PHRASES.section("vi", "staff")
    faults = PHRASES.section("vi", "printer.fault")
    assert {f"printer.todo_{fault}" for fault in faults} <= words.keys()
    for code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_IOERR):
        fault = sqlite3.OperationalError()
        fault.sqlite_errorcode = code
        assert f"setup.todo_file_{why(fault)}" in words
    for names in (("open", "paused", "closed"),):
        assert {f"state.{name}" for name in names} <= words.keys()
    assert settings_with().office.languages == PHRASES.languages
