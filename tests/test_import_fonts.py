"""Old Vietnamese fonts are recognised by their tell-tale sequences; right text and foreign names never are."""

import json
import unicodedata
from functools import cache
from pathlib import Path

import pytest

from office.legacy_text import Garbled, font_of, garbled, native

ROOT = Path(__file__).resolve().parent.parent
TCVN3 = dict(
    zip(
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
        b"\xb5\xb6\xb7\xb8\xb9\xa8\xbb\xbc\xbd\xbe\xc6\xa9\xc7\xc8\xc9\xca\xcb\xae\xcc\xce\xcf\xd0\xd1\xaa\xd2\xd3\xd4"
        b"\xd5\xd6\xd7\xd8\xdc\xdd\xde\xdf\xe1\xe2\xe3\xe4\xab\xe5\xe6\xe7\xe8\xe9\xac\xea\xeb\xec\xed\xee\xef\xf1\xf2"
        b"\xf3\xf4\xad\xf5\xf6\xf7\xf8\xf9\xfa\xfb\xfc\xfd\xfe\xa1\xa2\xa3\xa4\xa5\xa6\xa7",
        strict=True,
    )
)
TONES = {"\u0301": "ù", "\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}
HATS = {
    "\u0302": dict(zip(["", *TONES], "âáàåãä", strict=True)),
    "\u0306": dict(zip(["", *TONES], "êéèúüë", strict=True)),
}
SINGLE = {"í": "í", "ì": "ì", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î", "đ": "ñ"}


def in_tcvn3(right: str) -> bytes:
    """``right`` as an old program keeps it; capitals with a tone are small letters in a font of capitals."""
    return bytes(TCVN3.get(c, TCVN3.get(c.lower(), ord(c) if ord(c) < 128 else 63)) for c in right)


def in_vni(right: str) -> str:
    """``right`` in VNI, as Latin letters."""
    return "".join(map(_vni, unicodedata.normalize("NFC", right)))


def _vni(letter: str) -> str:
    small = letter.lower()
    if small in SINGLE:
        found = SINGLE[small]
    else:
        marks = unicodedata.normalize("NFD", small)
        tone = next((m for m in marks if m in TONES), "")
        hat = next((m for m in marks if m in HATS), "")
        base = {"o": "ô", "u": "ö"}[marks[0]] if "\u031b" in marks else marks[0]
        found = base + (HATS[hat][tone] if hat else TONES.get(tone, ""))
    return found.upper() if letter != small else found


@cache
def sentences() -> list[str]:
    """Right Vietnamese: names of procedures and papers of the shipped catalogue, invented persons and places."""
    lines = (ROOT / "config" / "procedures.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    named = [row["name"] for row in rows] + [row["field"] for row in rows]
    papers = [paper["name"] for row in rows for paper in row["papers"]]
    people = [
        "Nguyễn Văn Thử",
        "Trần Thị Mẫu",
        "Lê Hoàng Ví Dụ",
        "Đỗ Quỳnh Giả",
        "LÝ THỊ MẪU",
        "Bùi Khuê",
        "Vũ Quỳnh Mẫu",
    ]
    return [*named, *papers, *people, "Xóm Đồng Tâm, xã Phú Lương, tỉnh Thái Nguyên", "Hoà Bình, Thuý Quỳnh, quyển"]


def test_right_vietnamese_is_never_taken_for_an_old_font() -> None:
    assert [text for text in sentences() if garbled(text) is not None] == []
    assert [text for text in sentences() if garbled(text.upper()) is not None] == []
    assert [text for text in sentences() if garbled(unicodedata.normalize("NFD", text)) is not None] == []


@pytest.mark.parametrize("font", ["tcvn3", "vni"])
def test_an_old_font_is_recognised(font: Garbled) -> None:
    told = [(text, in_tcvn3(text).decode("latin-1") if font == "tcvn3" else in_vni(text)) for text in sentences()]
    told = [(text, old) for text, old in told if old != text and sum(not w.isascii() for w in text.split()) > 1]
    missed = [text for text, old in told if garbled(old) is None]
    assert len(told) > 100
    assert missed == []
    wrong = [text for text, old in told if garbled(old) != font]
    assert len(wrong) <= len(told) // 100  # which of the two, a short text cannot always tell


def test_bytes_of_an_old_font_are_recognised() -> None:
    text = "\n".join(sentences())
    assert font_of(in_tcvn3(text)) == "tcvn3"
    assert font_of(in_vni(text).encode("latin-1", "replace")) == "vni"
    assert font_of("Größe, naïve, Señor".encode("latin-1")) is None


def test_utf8_read_as_something_else_is_recognised() -> None:
    for text in sentences():
        if not text.isascii():
            assert garbled(text.encode().decode("latin-1")) == "mojibake"


@pytest.mark.parametrize("text", ["Nguy?n V?n", "Nguy\ufffdn", "Tr??ng"])
def test_lost_letters_are_seen(text: str) -> None:
    assert garbled(text) == "lost"


@pytest.mark.parametrize(
    "text",
    [
        *("Müller", "Zoë Café", "Bö", "José André Muñoz", "Noël à Nîmes", "Löwe & Söhne", "Ångström", "«Hà Nội»"),
        *("diện tích 30 m², 25 °C, ½ thửa", "§ 5 và × 3", "https://vi.example/?q=a", "Có phải không?", "ĐẮK LẮK", ""),
        *("Công ty TNHH Zürich Việt Nam", "Krông Búk", "ông Y Blí", "Pa Cô"),
    ],
)
def test_other_text_is_left_alone(text: str) -> None:
    assert garbled(text) is None


@pytest.mark.parametrize("word", ["Nguyễn", "hoà", "hòa", "QUỲNH", "khuỷu", "giếng", "gì", "quý", "thuở", "xoong", "y"])
def test_a_syllable_is_one(word: str) -> None:
    assert native(word)


@pytest.mark.parametrize("word", ["NguyÔn", "Vaên", "Maõ", "Leâ", "Thöû", "hàà", "Müller", "zoo", "str"])
def test_what_is_no_syllable_is_none(word: str) -> None:
    assert not native(word)
