"""Vietnamese text of the catalogue: cleaned, folded for search, ordered as a dictionary orders it."""

import re
import unicodedata

_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")
_MARKS = re.compile("[\u0300-\u036f]+")
_WORD = re.compile(r"[^0-9a-z]+")
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: chr(ord("a") + place) for place, letter in enumerate(_ALPHABET)}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}  # huyền hỏi ngã sắc nặng


def tidy(text: str, *, lines: bool = False) -> str:
    """``text`` as NFC without invisible, control or direction-changing characters, spaces collapsed.

    ``lines`` keeps line breaks (one each); otherwise they become spaces. Raises ValueError for text that cannot
    be written as UTF-8 (lone surrogates).
    """
    if text.isprintable() and "  " not in text:  # nearly all of a table's cells
        return unicodedata.normalize("NFC", text).strip()
    text.encode("utf-8")  # UnicodeEncodeError is a ValueError
    clean = text.replace("\r\n", "\n").replace("\r", "\n")
    if not clean.replace("\n", "").isprintable():  # rarely; letter by letter is slow
        clean = "".join(map(_kept, clean))
    flat = _LINES.sub("\n", _SPACES.sub(" ", unicodedata.normalize("NFC", clean))).strip()
    return flat if lines else flat.replace("\n", " ")


def _kept(letter: str) -> str:
    if letter == "\n":
        return letter
    category = unicodedata.category(letter)
    if category == "Cc" or category.startswith("Z"):
        return " "
    return "" if category in ("Cf", "Co", "Cn") else letter


def fold(text: str) -> str:
    """``text`` for comparing: lower case, no accents, đ as d, words of a–z and 0–9 with single spaces."""
    plain = _MARKS.sub("", unicodedata.normalize("NFD", text.casefold()).replace("đ", "d"))
    if not plain.isascii():  # other scripts' marks, rarely; letter by letter is slow
        plain = "".join(c for c in plain if unicodedata.category(c) != "Mn")
    return _WORD.sub(" ", plain).strip()


def dictionary_order(text: str) -> tuple[str, str]:
    """Sort key: letters in Vietnamese order (a ă â b … d đ e ê …) first, tones only among equal letters."""
    letters: list[str] = []
    tones: list[str] = []
    for mark in unicodedata.normalize("NFD", text.casefold()):
        tone = _TONES.get(mark)
        if tone:
            tones.append(f"{len(letters):04d}{tone}")
        elif unicodedata.combining(mark) and letters:
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + mark)
        else:
            letters.append(mark)
    return "".join(_RANK.get(letter, letter if letter < "a" else "\u2000" + letter) for letter in letters), "".join(
        tones
    )
