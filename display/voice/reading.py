"""How ticket and counter numbers are said, as lists of spoken words (DOMAIN 8.3). Pure.

Every word is also the name of a clip in a recorded voice pack, so a reading can be spoken by an engine
(``" ".join``) or put together from clips. ``PAUSE`` and ``STOP`` are short silences (comma and full stop).
"""

import re
from typing import Literal, get_args

Region = Literal["north", "south"]
Style = Literal["digits", "words"]
Language = Literal["vi", "en"]

LANGUAGES: tuple[str, ...] = get_args(Language)
PAUSE = ","
STOP = "."
PAUSES = (PAUSE, STOP)
LARGEST = 9999
"""Largest number with a reading in words; longer ones are read digit by digit."""

VI_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
EN_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
EN_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
EN_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
EN_ORDINALS = (
    *("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth"),
    *("eighteenth", "nineteenth", "twentieth"),
)
VI_EARLY_DAYS = 10
"""Up to here a day of the month is said with *mùng*."""

# DOMAIN 8.3 lists the letters fit for a series; the rest are the usual spelling names, so that any
# series or counter letter can be spoken.
VI_LETTERS = {
    "A": "a", "Ă": "á", "Â": "ớ", "B": "bê", "C": "xê", "D": "dê", "Đ": "đê", "E": "e", "Ê": "ê",
    "F": "ép-phờ", "G": "giê", "H": "hát", "I": "i", "J": "gi", "K": "ca", "L": "e-lờ", "M": "em-mờ",
    "N": "en-nờ", "O": "o", "Ô": "ô", "Ơ": "ơ", "P": "pê", "Q": "quy", "R": "e-rờ", "S": "ét-sì", "T": "tê",
    "U": "u", "Ư": "ư", "V": "vê", "W": "vê kép", "X": "ích-xì", "Y": "i dài", "Z": "dét",
}  # fmt: skip

_TICKET = re.compile(r"(?:([^\W\d_]+)[-. ]?)?([0-9]+)")
_COUNTER = re.compile(r"[^\W\d_]+|[0-9]+")


def words(number: int, *, region: Region = "north") -> list[str]:
    """Vietnamese number words of ``number`` (0 to 9999); ValueError outside that range.

    North says linh, nghìn, tư (24, 104); south says lẻ, ngàn, bốn.
    """
    _bounded(number)
    thousands, rest = divmod(number, 1000)
    hundreds, low = divmod(rest, 100)
    said: list[str] = []
    if thousands:
        said += [VI_DIGITS[thousands], "nghìn" if region == "north" else "ngàn"]
    if hundreds or (thousands and low):
        said += [VI_DIGITS[hundreds], "trăm"]
    if low or not said:
        said += _below_hundred(low, region, after_hundred=bool(said))
    return said


def _below_hundred(low: int, region: Region, *, after_hundred: bool) -> list[str]:
    tens, unit = divmod(low, 10)
    four = {4: "tư"} if region == "north" else {}
    if tens == 0:
        linh = ["linh" if region == "north" else "lẻ"]
        return [*linh, four.get(unit, VI_DIGITS[unit])] if after_hundred else [VI_DIGITS[unit]]
    said = ["mười"] if tens == 1 else [VI_DIGITS[tens], "mươi"]
    changed = {5: "lăm"} if tens == 1 else {1: "mốt", 5: "lăm"} | four
    if unit:
        said.append(changed.get(unit, VI_DIGITS[unit]))
    return said


def english_words(number: int) -> list[str]:
    """English number words of ``number`` (0 to 9999), one token a word; ValueError outside that range."""
    _bounded(number)
    thousands, rest = divmod(number, 1000)
    hundreds, low = divmod(rest, 100)
    said: list[str] = []
    if thousands:
        said += [EN_DIGITS[thousands], "thousand"]
    if hundreds:
        said += [EN_DIGITS[hundreds], "hundred"]
    if low or not said:
        tens, unit = divmod(low, 10)
        said += ["and"] if said else []
        if tens == 1:
            said.append(EN_TEENS[unit])
        else:
            said += [EN_TENS[tens]] if tens else []
            said += [EN_DIGITS[unit]] if unit or not tens else []
    return said


def ticket(number: str, *, language: str = "vi", style: Style = "digits", region: Region = "north") -> list[str]:
    """How the ticket ``number`` as printed ("A-025", "A025", "0025") is said in ``language``.

    Digit by digit with short pauses by default; with ``style="words"`` leading zeros are said one by one
    and the rest as number words: "a không hai mươi lăm". Numbers above 9999 are always read digit by
    digit. Raises ValueError when ``number`` is no ticket number.
    """
    found = _TICKET.fullmatch(number.strip().upper())
    if found is None:
        raise ValueError(f"{number!r} is not a ticket number")
    letters, digits = found.groups()
    spelled = [letter(each, language=language) for each in letters or ""]
    if style == "digits" or int(digits) > LARGEST:
        return _paused([*spelled, *(digit(each, language=language) for each in digits)])
    return [*spelled, *_after_zeros(digits, language, region)]


def _after_zeros(digits: str, language: str, region: Region) -> list[str]:
    bare = digits.lstrip("0")
    zeros = [digit("0", language=language)] * (len(digits) - len(bare))
    return [*zeros, *(cardinal(int(bare), language=language, region=region) if bare else [])]


def counter(name: str, *, language: str = "vi", region: Region = "north") -> list[str]:
    """How the counter number ``name`` ("12", "3A") is said: digits as number words, letters spelled."""
    said: list[str] = []
    for part in _COUNTER.findall(name.upper()):
        if not part.isdecimal():
            said += [letter(each, language=language) for each in part]
        elif int(part) > LARGEST:
            said += [digit(each, language=language) for each in part]
        else:
            said += cardinal(int(part), language=language, region=region)
    return said


def cardinal(number: int, *, language: str = "vi", region: Region = "north") -> list[str]:
    """Number words of ``number`` (0 to 9999) in ``language``; ValueError outside that range."""
    return english_words(number) if language == "en" else words(number, region=region)


def day(number: int, *, language: str = "vi", region: Region = "north") -> list[str]:
    """How the day of a month (1 to 31) is said: "mùng tám", "hai mươi ba"; in English an ordinal ("twenty-third")."""
    if language != "en":
        return [*(["mùng"] if number <= VI_EARLY_DAYS else []), *words(number, region=region)]
    if number < len(EN_ORDINALS):
        return [EN_ORDINALS[number]]
    tens, unit = divmod(number, 10)
    return [EN_TENS[tens], EN_ORDINALS[unit]] if unit else ["thirtieth"]


def digit(character: str, *, language: str = "vi") -> str:
    """The word of one digit."""
    return (EN_DIGITS if language == "en" else VI_DIGITS)[int(character)]


def letter(character: str, *, language: str = "vi") -> str:
    """The spoken name of one capital letter; a letter without a name in the table is said as itself."""
    return character if language == "en" else VI_LETTERS.get(character, character.lower())


def text(tokens: list[str]) -> str:
    """The tokens as a line for an engine: words spaced, pauses as commas and full stops."""
    return " ".join(tokens).replace(f" {PAUSE}", PAUSE).replace(f" {STOP}", STOP)


def clips(*, language: str, region: Region, style: Style, letters: str, counters: list[str]) -> set[str]:
    """Every word a pack needs for all four-digit tickets of the series ``letters`` and for ``counters``."""
    said = {letter(each, language=language) for each in letters.upper()}
    said |= {digit(each, language=language) for each in "0123456789"}
    if style == "words":
        for number in range(LARGEST + 1):
            said |= set(cardinal(number, language=language, region=region))
    for name in counters:
        said |= set(counter(name, language=language, region=region))
    return said


def _paused(tokens: list[str]) -> list[str]:
    return [each for token in tokens for each in (token, PAUSE)][:-1]


def _bounded(number: int) -> None:
    if not 0 <= number <= LARGEST:
        raise ValueError(f"{number} has no reading in words; 0 to {LARGEST} have")
