"""What an office may edit: every wrong value is told with file, key and what is allowed; every phrase is there."""

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from office import errors
from office.errors import ConfigurationError, OfficeError
from office.phrases import Phrases, placeholders
from office.settings import FILES, MAY_LACK, load
from tools.rehearsal import CONFIG

SEASON = '[[season]]\nfirst = "%s"\nlast = "%s"\nservice = "%s"\nhours = {}\n\n[deadlines]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the project's configuration to spoil."""
    copy = tmp_path / "config"
    shutil.copytree(CONFIG, copy)
    return copy


def told(folder: Path) -> str:
    with pytest.raises(ConfigurationError) as wrong:
        load(folder)
    return str(wrong.value)


def spoil(folder: Path, file: str, old: str, new: str) -> str:
    """Replace ``old`` in ``file``; what loading says."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return told(folder)


def test_configuration_as_shipped_is_right() -> None:
    settings = load(CONFIG)
    assert settings.office.id == "H55.242"
    assert str(settings.office.zone) == "Asia/Ho_Chi_Minh"
    assert not settings.demo
    assert [c.id for c in settings.discipline.classes] == [
        "CAO_TUOI", "KHUYET_TAT", "MANG_THAI", "CO_CONG", "HEN_TRUOC",
    ]  # fmt: skip
    assert settings.service_by_id["ho-tich"].name.text("en") == "Civil status"
    assert settings.service_by_id["ho-tich"].name.text("tay") == "Hộ tịch"
    assert {h.date: h.kind for h in settings.holidays}[date(2026, 8, 22)] == "lam_bu"
    assert not {s.series for s in settings.services} & set("IOQ")
    served = {service for counter in settings.counters for service in counter.services}
    assert served == set(settings.service_by_id)  # each service has a desk


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "allowed"),
    [
        ("office.toml", 'style = "letter"', 'style = "roman"', "numbering.style", "'letter' or 'plain'"),
        ("office.toml", "max_priority_run = 2", "max_priority_run = 0", "discipline.max_priority_run", "equal to 1"),
        ("office.toml", "max_priority_run = 2", "max_priority_run = nan", "discipline.max_priority_run", "finite"),
        ("office.toml", "max_priority_run = 2", 'max_priority_run = "two"', "discipline.max_priority_run", "integer"),
        ("office.toml", "preference_min = 5", "preference_min = 61", "discipline.preference_min", "equal to 60"),
        ("office.toml", "preference_min = 5", "preference_min = nan", "discipline.preference_min", "equal to 60"),
        ("office.toml", "weight_min = 20", "weight_min = -1", "discipline.classes.0.weight_min", "equal to 0"),
        ("office.toml", "recall_limit = 3", "recall_limit = 21", "turns.recall_limit", "equal to 20"),
        ("office.toml", "recall_cooldown_s = 8", "recall_cooldown_s = inf", "turns.recall_cooldown_s", "equal to 120"),
        ("office.toml", 'without_counter = "issue"', 'without_counter = "maybe"', "turns.without_counter", "'refuse'"),
        ("office.toml", '"Asia/Ho_Chi_Minh"', '"Asia/Saigon2"', "office.timezone", "Asia/Ho_Chi_Minh"),
        ("office.toml", '"Asia/Ho_Chi_Minh"', '"../../etc/passwd"', "office.timezone", "Asia/Ho_Chi_Minh"),
        ("office.toml", 'id = "H55.242"', 'id = "h55"', "office.id", "[A-Z0-9]"),
        ("office.toml", 'colour = "#8f1d1d"', 'colour = "red"', "office.colour", "#[0-9a-fA-F]{6}"),
        ("office.toml", 'id = "H55.242"', "", "office.id", "required"),
        ("office.toml", '["07:00-11:30", "13:30-17:00"]', '["7:00-11:30"]', "hours.mon", "HH:MM-HH:MM"),
        ("office.toml", '["07:00-11:30", "13:30-17:00"]', '["07:00-11:60"]', "hours.mon", "HH:MM-HH:MM"),
        ("office.toml", '["07:00-11:30", "13:30-17:00"]', '["13:30-17:00", "07:00-11:30"]', "hours.mon", "backward"),
        ("office.toml", '["07:00-11:30", "13:30-17:00"]', '["07:00-11:30", "11:00-17:00"]', "hours.mon", "overlaps"),
        ("office.toml", '["07:00-11:30", "13:30-17:00"]', '["17:00-07:00"]', "hours.mon", "backward"),
        ("office.toml", "streams = 72", "streams = 96", "web", "fewer than threads"),
        ("office.toml", "undo_s = 10", "undo_seconds = 10", "turns.undo_seconds", "recall_cooldown_s, undo_s, hold"),
        ("office.toml", 'icon = "baby"', 'picture = "baby"', "discipline.classes.2.picture", "id, name, icon, weight"),
        ("office.toml", 'en = "Booked', 'e = "Booked', "discipline.classes.4.name.e", "vi, en"),
        ("services.toml", 'series = "H"', 'series = "HT"', "service.0.series", "[A-Z]"),
        ("services.toml", 'series = "H"', 'series = "C"', "services", "series 'C' stands twice"),
        ("services.toml", 'id = "ho-tich"', 'id = "chung-thuc"', "services", "id 'chung-thuc' stands twice"),
        ("services.toml", 'id = "ho-tich"', 'id = "Hộ tịch"', "service.0.id", "[a-z0-9]"),
        ("services.toml", "minutes = 12", "minutes = 0", "service.0.minutes", "greater than 0"),
        ("services.toml", 'sat = ["07:00-11:30"]', 'saturday = ["07:00-11:30"]', "service.3.hours.saturday", "sat"),
        ("counters.toml", '"ho-tich", "chung', '"ho-tit", "chung', "counter.0.services", "bao-tro, chung-thuc, cu-tru"),
        ("counters.toml", '"ho-tich", "chung', '"chung-thuc", "chung', "counter.0.services", "stands twice"),
        ("counters.toml", 'id = "2"', 'id = "1"', "counter", "id '1' stands twice"),
        ("counters.toml", 'direction = "left"', 'direction = "up"', "counter.0.direction", "'left', 'straight' or"),
        ("counters.toml", 'services = ["cu-tru"]', "services = []", "counter.4.services", "at least 1"),
        ("devices.toml", 'driver = "none"', 'driver = "fax"', "printer.driver", "'none', 'network', 'usb'"),
        ("devices.toml", "port = 9100", "port = 70000", "printer.port", "equal to 65535"),
        ("devices.toml", "width_mm = 80", "width_mm = 72", "printer.width_mm", "58 or 80"),
        ("devices.toml", 'region = "north"', 'region = "west"', "voice.region", "'north' or 'south'"),
        ("devices.toml", 'languages = ["vi"]', 'languages = ["vi", "tay"]', "voice.languages", "allowed: vi, en"),
        ("holidays.toml", "date = 2026-01-01", 'date = "2026-02-30"', "day.0.date", "date"),
        ("holidays.toml", 'kind = "nghi_le"', 'kind = "holiday"', "day.0.kind", "'nghi_le', 'nghi_bu'"),
        ("holidays.toml", "effective_from = 2026-01-01", "effective_from = 2026-01-02", "day.0.date", "effective_from"),
        ("holidays.toml", "known_until = 2026-12-31", 'known_until = "soon"', "known_until", "date"),
        ("office.toml", 'cutoff = "15:00"', 'cutoff = "3 pm"', "deadlines.cutoff", "[0-5]"),
        ("office.toml", "day_hours = 8", "day_hours = 0", "deadlines.day_hours", "greater than 0"),
        ("office.toml", '"next_working_day"', '"previous"', "deadlines.calendar_end", "'next_working_day' or 'keep'"),
        ("office.toml", "[deadlines]\n", SEASON % ("02-30", "04-15", ""), "season.0", "day"),
        ("office.toml", "[deadlines]\n", SEASON % ("13-01", "04-15", ""), "season.0.first", "0[1-9]"),
        ("office.toml", "[deadlines]\n", SEASON % ("2026-10-16", "04-15", ""), "season.0", "alike"),
        ("office.toml", "[deadlines]\n", SEASON % ("2026-10-16", "2026-04-15", ""), "season.0", "before first"),
        ("office.toml", "[deadlines]\n", SEASON % ("10-16", "04-15", "ho-tit"), "season.0.service", "bao-tro, chung"),
    ],
)  # fmt: skip
def test_wrong_value_is_told_with_file_key_and_what_is_allowed(
    folder: Path, file: str, old: str, new: str, key: str, allowed: str
) -> None:
    line = spoil(folder, file, old, new)
    shown = {"services": "service", "counters": "counter"}.get(key, key)
    assert line.startswith(f"{folder / file}: {shown}: ")
    assert allowed in line


def test_every_wrong_value_is_told_at_once(folder: Path) -> None:
    spoil(folder, "office.toml", "undo_s = 10", "undo_s = -1")
    lines = spoil(folder, "devices.toml", "port = 9100", 'port = "x"').splitlines()
    assert len(lines) == 2
    assert "office.toml: turns.undo_s" in lines[0]
    assert "devices.toml: printer.port" in lines[1]


@pytest.mark.parametrize("file", FILES)
def test_unknown_section_is_told_with_the_known_ones(folder: Path, file: str) -> None:
    path = folder / file
    path.write_text("demo = true\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    text = told(folder)
    assert text == f"{path}: unknown key 'demo'; allowed: {', '.join(FILES[file])}"


@pytest.mark.parametrize("file", [name for name in FILES if name not in MAY_LACK])
def test_missing_file_is_told(folder: Path, file: str) -> None:
    (folder / file).unlink()
    assert told(folder) == f"{folder / file}: the file is missing"


def test_office_without_a_holiday_table_has_no_holidays(folder: Path) -> None:
    (folder / "holidays.toml").unlink()
    assert load(folder).holidays == ()


@pytest.mark.parametrize("content", [b"[office\n", b'name = "H\xe0 N\xf4i"\n', b"a = 1\na = 2\n"])
def test_file_that_is_no_toml_is_told(folder: Path, content: bytes) -> None:
    (folder / "office.toml").write_bytes(content)
    assert told(folder).startswith(f"{folder / 'office.toml'}: not valid TOML: ")


@pytest.mark.parametrize("text", ["office = 5\n", "hours = []\n", 'discipline = "fair"\n'])
def test_section_that_is_no_section_is_told(folder: Path, text: str) -> None:
    (folder / "office.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=f"office.toml: {text.split(maxsplit=1)[0]}: "):
        load(folder, {"hours": {"mon": ["00:00-24:00"]}, "office": {"phone": "1"}, "discipline": {}})


def test_plain_numbering_needs_no_letters_of_their_own(folder: Path) -> None:
    assert "stands twice" in spoil(folder, "services.toml", 'series = "H"', 'series = "C"')
    text = (folder / "office.toml").read_text(encoding="utf-8")
    (folder / "office.toml").write_text(text.replace('style = "letter"', 'style = "plain"'), encoding="utf-8")
    assert load(folder).numbering.style == "plain"


def test_settings_do_not_change_while_running() -> None:
    settings = load(CONFIG)
    with pytest.raises(ValueError, match="frozen"):
        settings.demo = True  # type: ignore[misc]  # that it is refused is what is tested
    with pytest.raises(ValueError, match="frozen"):
        settings.turns.undo_s = 99  # type: ignore[misc]


def test_demo_lays_its_sections_over_the_offices() -> None:
    settings = load(CONFIG, {"printer": {"port": 9999}, "demo": True})
    assert (settings.printer.port, settings.printer.width_mm, settings.demo) == (9999, 80, True)


# ---- phrases -------------------------------------------------------------------------------------------


def write(folder: Path, **languages: str) -> Path:
    for language, text in languages.items():
        (folder / f"{language}.toml").write_text(text, encoding="utf-8")
    return folder


def test_phrase_is_said_in_the_language_or_else_in_the_first_one(tmp_path: Path) -> None:
    texts = {"vi": '[a]\nb = "Số {so}"\nc = "Chờ"\n', "en": '[a]\nb = "Number {so}"\n'}
    phrases = Phrases.load(write(tmp_path, **texts))
    assert phrases.say("en", "a.b", so="A-001") == "Number A-001"
    assert phrases.say("en", "a.c") == "Chờ"
    assert phrases.say("tay", "a.b", so=7) == "Số 7"
    assert phrases.section("en", "a") == {"b": "Number {so}", "c": "Chờ"}
    assert (phrases.languages, phrases.default) == (("vi", "en"), "vi")
    assert phrases.keys("en") == {"a.b"}
    assert phrases.known("a.c")
    assert not phrases.known("a.d")
    with pytest.raises(KeyError, match=r"a\.d"):
        phrases.say("vi", "a.d")


def test_value_with_braces_is_only_filled_in(tmp_path: Path) -> None:
    phrases = Phrases.load(write(tmp_path, vi='a = "Ông/bà {ten}"\n'), ("vi",))
    assert phrases.say("vi", "a", ten="{0.__class__} {so}") == "Ông/bà {0.__class__} {so}"


def test_missing_and_broken_phrase_files_are_told(tmp_path: Path) -> None:
    write(tmp_path, vi='a = "b"\n')
    with pytest.raises(ConfigurationError, match=r"en\.toml: the file is missing"):
        Phrases.load(tmp_path)
    write(tmp_path, en='a = "b\n')
    with pytest.raises(ConfigurationError, match=r"en\.toml: not valid TOML"):
        Phrases.load(tmp_path)
    write(tmp_path, en='[a]\nb = "{so"\n')
    with pytest.raises(ConfigurationError, match=r"en\.toml: a\.b: expected '}'"):
        Phrases.load(tmp_path)


def test_phrases_of_before_an_upgrade_stand_over_the_program_s_own(tmp_path: Path) -> None:
    older = "[error]\nstopping = 'Nghỉ một lát'\ntoo_many_tries = 'Chờ {minutes} phút'\n"
    phrases = Phrases.of_office(write(tmp_path, vi=older, en="", tay='[error]\nstopping = "…"\n'), ("vi", "en", "tay"))
    own = Phrases.load(CONFIG / "phrases")
    assert phrases.say("vi", "error.stopping") == "Nghỉ một lát"
    assert phrases.say("en", "error.stopping") == own.say("en", "error.stopping")
    assert phrases.say("vi", "kiosk.title") == own.say("vi", "kiosk.title")  # not there yet
    asked = {"seconds": 3}  # what that older phrase asks for is not told any more
    assert phrases.say("vi", "error.too_many_tries", **asked) == own.say("vi", "error.too_many_tries", **asked)
    assert phrases.say("tay", "error.too_many_tries", **asked) == own.say("vi", "error.too_many_tries", **asked)
    assert phrases.section("en", "voice") == own.section("en", "voice")
    assert phrases.keys("vi") >= own.keys("vi")


def test_placeholders_are_found() -> None:
    assert placeholders("Số {so}, quầy {quay!r:>3} {{not}} {so}") == {"so", "quay"}


def tree(error: type[OfficeError]) -> Iterator[type[OfficeError]]:
    yield error
    for below in error.__subclasses__():
        yield from tree(below)


CORE = [e for e in tree(OfficeError) if e.__module__ == errors.__name__]


@pytest.mark.parametrize("error", CORE, ids=lambda e: e.__name__)
def test_every_error_has_its_sentence_in_every_language(error: type[OfficeError]) -> None:
    phrases = Phrases.load(CONFIG / "phrases")
    for language in phrases.languages:
        assert error.key in phrases.keys(language)
    assert 400 <= error.status < 600
    assert re.fullmatch(r"error\.[a-z_]+", error.key)


def test_errors_have_keys_of_their_own() -> None:
    assert len({e.key for e in CORE}) == len(CORE)
