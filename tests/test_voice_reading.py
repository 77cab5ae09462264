"""How numbers are said: an oracle that listens (0 to 9999), the table of DOMAIN 8.3, properties."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from display.voice import reading

TABLE = {
    0: "không", 1: "một", 4: "bốn", 5: "năm", 10: "mười", 11: "mười một", 14: "mười bốn", 15: "mười lăm",
    20: "hai mươi", 21: "hai mươi mốt", 24: "hai mươi tư", 25: "hai mươi lăm", 100: "một trăm",
    101: "một trăm linh một", 104: "một trăm linh tư", 105: "một trăm linh năm", 110: "một trăm mười",
    115: "một trăm mười lăm", 121: "một trăm hai mươi mốt", 200: "hai trăm", 1000: "một nghìn",
    1005: "một nghìn không trăm linh năm",
}  # fmt: skip
SOUTH = {"linh": "lẻ", "nghìn": "ngàn", "tư": "bốn"}
VI = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
EN = [
    *[
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ],
    *["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"],
]
EN_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
VALUE = {word: n for n, word in enumerate(VI)} | {"mốt": 1, "tư": 4, "lăm": 5}
ENGLISH = {word: n for n, word in enumerate(EN)} | {word: 10 * n for n, word in enumerate(EN_TENS, 2)}


def value(words: list[str]) -> int:
    """What a listener understands: the number back from its words, unit by unit."""
    total = pending = 0
    for word in words:
        if word in ("nghìn", "ngàn"):
            total, pending = total + pending * 1000, 0
        elif word == "trăm":
            total, pending = total + pending * 100, 0
        elif word == "mươi":
            total, pending = total + pending * 10, 0
        elif word == "mười":
            total, pending = total + 10, 0
        elif word in ("linh", "lẻ"):
            pending = 0
        else:
            assert pending == 0, f"two units in a row in {words}"
            pending = VALUE[word]
    return total + pending


def english_value(words: list[str]) -> int:
    total = pending = 0
    for word in words:
        if word in ("thousand", "hundred"):
            total, pending = total + pending * (1000 if word == "thousand" else 100), 0
        elif word != "and":
            pending += ENGLISH[word]
    return total + pending


@pytest.mark.parametrize(("number", "said"), TABLE.items())
def test_table_of_domain(number: int, said: str) -> None:
    assert reading.words(number) == said.split()
    assert reading.words(number, region="south") == [SOUTH.get(word, word) for word in said.split()]


@pytest.mark.parametrize("region", ["north", "south"])
def test_every_number_is_understood_and_unlike_any_other(region: reading.Region) -> None:
    readings = [tuple(reading.words(number, region=region)) for number in range(10_000)]
    assert [value(list(said)) for said in readings] == list(range(10_000))
    assert len(set(readings)) == 10_000


@pytest.mark.parametrize("region", ["north", "south"])
def test_grammar_of_every_number(region: reading.Region) -> None:
    for number in range(10_000):
        said = reading.words(number, region=region)
        tens, unit = number // 10 % 10, number % 10
        before = dict(zip(said[1:], said, strict=False))
        assert ("mốt" in said) == (unit == 1 and tens > 1), said
        assert ("lăm" in said) == (unit == 5 and tens > 0), said
        assert ("mười" in said) == (tens == 1), said
        assert ("mươi" in said) == (tens > 1), said
        assert ("linh" in said or "lẻ" in said) == (number > 100 and tens == 0 and unit > 0), said
        for only_after_ten, ten in (("mốt", ("mươi",)), ("lăm", ("mươi", "mười"))):
            if only_after_ten in said:
                assert before[only_after_ten] in ten
        if "tư" in said:
            assert before["tư"] in ("mươi", "linh")
        assert number == 0 or said[-1] != "không"
        assert not {"linh", "nghìn", "tư"} & set(said) if region == "south" else not {"lẻ", "ngàn"} & set(said)


def test_regions_differ_in_three_words_only() -> None:
    for number in range(10_000):
        north = reading.words(number)
        assert reading.words(number, region="south") == [SOUTH.get(word, word) for word in north]


def test_every_number_digit_by_digit() -> None:
    for number in range(10_000):
        said = reading.ticket(f"{number:04d}")
        assert said[0::2] == [VI[int(figure)] for figure in f"{number:04d}"]
        assert set(said[1::2]) == {reading.PAUSE}
        assert reading.ticket(f"{number:04d}", region="south") == said


@pytest.mark.parametrize("region", ["north", "south"])
def test_every_ticket_in_words_keeps_its_zeros(region: reading.Region) -> None:
    for number in range(10_000):
        for digits in {f"{number:03d}", f"{number:04d}"}:
            said = reading.ticket(f"A-{digits}", style="words", region=region)
            zeros = len(digits) - len(digits.lstrip("0"))
            assert said[: zeros + 1] == ["a", *["không"] * zeros]
            assert said[zeros + 1 :] == (reading.words(number, region=region) if number else [])


@pytest.mark.parametrize(
    ("number", "options", "said"),
    [
        ("A-025", {}, "a, không, hai, năm"),
        ("A025", {"style": "words"}, "a không hai mươi lăm"),
        ("1002", {}, "một, không, không, hai"),
        ("a-104", {"style": "words", "region": "south"}, "a một trăm lẻ bốn"),
        ("Đ-121", {"style": "words"}, "đê một trăm hai mươi mốt"),
        ("0000", {"style": "words"}, "không không không không"),
        ("K-12345", {"style": "words"}, "ca, một, hai, ba, bốn, năm"),
        ("X-007", {"language": "en"}, "X, zero, zero, seven"),
        ("X-025", {"language": "en", "style": "words"}, "X zero twenty five"),
        ("0115", {"language": "en", "style": "words"}, "zero one hundred and fifteen"),
    ],
)
def test_tickets(number: str, options: dict[str, str], said: str) -> None:
    assert reading.text(reading.ticket(number, **options)) == said  # type: ignore[arg-type]  # literals by table


@pytest.mark.parametrize("wrong", ["", "A", "-12", "A--1", "1A2", "A-1\n2", "٣٤", "A-025; rm"])
def test_what_is_no_ticket_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a ticket number"):
        reading.ticket(wrong)


@pytest.mark.parametrize("wrong", [-1, 10_000])
def test_out_of_range(wrong: int) -> None:
    for said in (reading.words, reading.english_words):
        with pytest.raises(ValueError, match="0 to 9999"):
            said(wrong)


def test_every_number_in_english() -> None:
    readings = [tuple(reading.english_words(number)) for number in range(10_000)]
    assert [english_value(list(said)) for said in readings] == list(range(10_000))
    assert len(set(readings)) == 10_000


@pytest.mark.parametrize(
    ("name", "vi", "en"),
    [
        ("12", "mười hai", "twelve"),
        ("3A", "ba a", "three A"),
        ("21", "hai mươi mốt", "twenty one"),
        ("05", "năm", "five"),
    ],
)
def test_counters_are_read_as_words(name: str, vi: str, en: str) -> None:
    assert " ".join(reading.counter(name)) == vi
    assert " ".join(reading.counter(name, language="en")) == en


def test_letters_all_have_a_name_of_their_own() -> None:
    names = [reading.letter(each) for each in reading.VI_LETTERS]
    assert len(set(names)) == len(names)
    assert {reading.letter(each) for each in "ACHKLX"} == {"a", "xê", "hát", "ca", "e-lờ", "ích-xì"}


@settings(max_examples=40, deadline=None)  # each example reads all 9,999 numbers; the machine may be busy
@given(
    number=st.integers(0, 9999),
    series=st.sampled_from(["", "A", "H", "Đ", "XK"]),
    language=st.sampled_from(reading.LANGUAGES),
    style=st.sampled_from(["digits", "words"]),
    region=st.sampled_from(["north", "south"]),
)
def test_a_complete_pack_has_a_clip_for_every_token(
    number: int, series: str, language: str, style: reading.Style, region: reading.Region
) -> None:
    printed = f"{series}-{number:03d}" if series else f"{number:04d}"
    said = reading.ticket(printed, language=language, style=style, region=region)
    needed = reading.clips(language=language, region=region, style=style, letters=series, counters=[])
    assert set(said) - {reading.PAUSE} <= needed
    assert not any(first == second == reading.PAUSE for first, second in pairwise(said))
