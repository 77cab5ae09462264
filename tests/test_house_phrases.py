"""The phrase files agree with each other and with what the program asks for; each check is proved able to fail."""

import re
import tomllib
import unicodedata
from pathlib import Path

import pytest

from office.phrases import placeholders
from tools.wording import Use, foreign_words, unanswered, unused, uses

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "config" / "phrases"
FILES = sorted(FOLDER.glob("*.toml"))
LANGUAGES = tuple(sorted((path.stem for path in FILES), key=lambda name: name != "vi"))

# Phrases that name a language in that language itself.
OWN_NAMES = frozenset({"kiosk.tool.language"})
# How an entry of the catalogue and a refused file are worded; test_procedures_import.py holds these to the data.
CATALOGUE = "catalogue."
VIETNAMESE = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯ]|[\u1ea0-\u1ef9]")


@pytest.fixture(scope="module", name="words")
def _words() -> dict[str, dict[str, str]]:
    return {language: _flat(language) for language in LANGUAGES}


def _flat(language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    left: list[tuple[str, object]] = [("", tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8")))]
    while left:
        key, value = left.pop()
        if isinstance(value, dict):
            left.extend((f"{key}.{name}".lstrip("."), below) for name, below in value.items())
        else:
            assert isinstance(value, str), f"{language}: {key} is no text"
            found[key] = value
    return found


def test_vietnamese_and_english_are_there() -> None:
    assert {"vi", "en"} <= set(LANGUAGES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file_is_composed_unicode(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert "\ufffd" not in text


def test_every_language_has_the_same_keys(words: dict[str, dict[str, str]]) -> None:
    for language in LANGUAGES[1:]:
        assert sorted(words[language].keys() ^ words["vi"].keys()) == [], language


def test_every_language_has_the_same_placeholders(words: dict[str, dict[str, str]]) -> None:
    for language in LANGUAGES[1:]:
        shared = words[language].keys() & words["vi"].keys()
        differ = [k for k in sorted(shared) if placeholders(words[language][k]) != placeholders(words["vi"][k])]
        assert differ == [], language


def test_no_phrase_is_empty_or_has_stray_space(words: dict[str, dict[str, str]]) -> None:
    for language, phrases in words.items():
        stray = [key for key, text in phrases.items() if not text or text != text.strip() or "  " in text]
        assert stray == [], language


def test_no_foreign_word_is_left_in_vietnamese(words: dict[str, dict[str, str]]) -> None:
    left = {key: found for key, text in words["vi"].items() if (found := foreign_words(text))}
    assert left == {}


def test_no_vietnamese_is_left_in_english(words: dict[str, dict[str, str]]) -> None:
    left = [key for key, text in words["en"].items() if VIETNAMESE.search(text) and key not in OWN_NAMES]
    assert left == []


def test_every_phrase_asked_for_exists_and_gets_its_parameters(words: dict[str, dict[str, str]]) -> None:
    asked = uses(ROOT)
    assert len(asked) > 50  # the reading of sources and templates still works
    assert list(unanswered(asked, words["vi"])) == []


def test_no_phrase_is_dead(words: dict[str, dict[str, str]]) -> None:
    assert [key for key in unused(ROOT, words["vi"]) if not key.startswith(CATALOGUE)] == []


# ---- the checks themselves ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Please wait",
        "Mời ông/bà đến counter {number}",
        "Đang in ticket",
        "Loading",
        "Vui long cho, xin thank",
        "Số cuarr",
    ],
)
def test_foreign_word_is_seen(text: str) -> None:
    assert foreign_words(text)


@pytest.mark.parametrize(
    "text",
    [
        "Kính chào ông/bà, mời quét mã QR hoặc chạm “Cần người hỗ trợ”",
        "Nghiêng giấy, khuya, ngoằn ngoèo, thuở, quyển, giếng, gìn giữ, yêu, uống, ướt, xoong, khuỷu tay",
        "{service}: mở lại lúc {time}",
        "Số A-025, tầng 2",
    ],
)
def test_vietnamese_word_is_not_foreign(text: str) -> None:
    assert foreign_words(text) == []


def test_uses_are_found_in_code_and_templates(tmp_path: Path) -> None:
    (tmp_path / "web" / "templates").mkdir(parents=True)
    (tmp_path / "web" / "templates" / "page.html").write_text(
        '{{ say("a.one", n=1) }}\n{{ say("a.two" if x else "a.three") }}{{ say("b." ~ kind) }}', encoding="utf-8"
    )
    (tmp_path / "web" / "door.py").write_text(
        'say("a.four", n=1)\nphrases.say(language, "a.five")\nsay(f"c.{state}")\nsay("a.six", **all)\n'
        'class Lost(Exception):\n    key: ClassVar[str] = "error.lost"\n',
        encoding="utf-8",
    )
    assert {(use.key, use.whole, use.given) for use in uses(tmp_path)} == {
        ("a.one", True, frozenset({"n"})),
        ("a.two", True, frozenset()),
        ("a.three", True, frozenset()),
        ("b.", False, None),
        ("a.four", True, frozenset({"n"})),
        ("a.five", True, frozenset()),
        ("c.", False, None),
        ("a.six", True, None),
        ("error.lost", True, None),
    }


def test_missing_phrase_and_parameter_are_told() -> None:
    phrases = {"a.one": "{n} người", "a.two": "xong"}
    asked = [
        Use("a.one", True, frozenset({"n"}), "x:1"),
        Use("a.", False, None, "x:2"),
        Use("a.gone", True, frozenset(), "x:3"),
        Use("a.one", True, frozenset(), "x:4"),
        Use("b.", False, None, "x:5"),
    ]
    assert list(unanswered(asked, phrases)) == [
        "x:3 there is no phrase a.gone",
        "x:4 a.one is not given n",
        "x:5 no phrase begins with b.",
    ]


def test_dead_phrase_is_told(tmp_path: Path) -> None:
    (tmp_path / "kiosk" / "static").mkdir(parents=True)
    (tmp_path / "kiosk" / "static" / "page.js").write_text(
        'say("live.lost");\ncounted("live.ahead", n);\nsay(`state.${now}`);\n// say(live.gone)\n', encoding="utf-8"
    )
    (tmp_path / "kiosk" / "pages.py").write_text(
        'WORDS = "kiosk"\nsay("error.lost")\nsay("error_" + name)\nphrases.section(language, WORDS)\n'
        'phrases.section(language, "page")\n',
        encoding="utf-8",
    )
    alive = ["error.lost", "kiosk.live.lost", "kiosk.live.ahead_0", "kiosk.live.ahead_n", "page.state.open"]
    dead = ["error.gone", "page.live.ahead_left", "page.live.gone", "page.title", "voice.live.lost"]
    assert unused(tmp_path, dict.fromkeys([*alive, *dead], "")) == dead


def test_unbalanced_brace_is_refused() -> None:
    with pytest.raises(ValueError, match=r"expected '\}'|Single '\}'"):
        placeholders("còn {n người")
