"""The code of a dossier as it stands on receipts: three known shapes, read forgivingly, never guessed (DOMAIN 3)."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from office.errors import BadCode

Shape = Literal["qcvn102", "short", "qd20", "other"]
"""``other``: a pattern nobody knows yet, taken after a clerk has confirmed it (DOMAIN 3.1, point 5)."""

SHAPES: Final[tuple[Shape, ...]] = ("qcvn102", "short", "qd20")
LONGEST: Final = 60

CODE: Final = re.compile(
    r"""(?<![0-9A-Za-z.])(?P<agency>
      (?P<qcvn102>[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2})        # QCVN 102:2016, province last
    | (?P<short>[0-9]{2,3}(?:\.[0-9]{2}){0,3}\.[A-Z][0-9]{2})         # the same, shortened
    | (?P<qd20>[A-Z][0-9]{2}(?:\.[0-9]{1,3}){0,4})                    # QĐ 20/2020, province first
    )-(?P<day>[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))-(?P<sequence>[0-9]{3,7})(?![0-9A-Za-z])""",
    re.VERBOSE,
)
OTHER: Final = re.compile(r"[0-9A-Z][0-9A-Z._-]{2,39}")
"""What a confirmed code of another shape may look like: it must fit into an address and be typed on any keyboard."""

LONG: Final = re.compile(r"\d(?:[ ._-]?\d){8,}")
"""Nine digits or more, also in groups: what free text must not carry into the journal or onto a screen."""

_ALONE: Final = re.compile(r"\+?\d(?:[ ._-]*\d)*")
_IDENTITY_DIGITS: Final = (9, 12)
_TELEPHONE: Final = re.compile(r"(?:0|84)\d+")
_TELEPHONE_DIGITS: Final = range(9, 12)
_INSIDE: Final = re.compile(
    r"""(?<!\d)(?: 0\d{8,11} | 84\d{7,9}                               # a telephone or identity number in one run
      | 0\d{2,3}([ ._-])\d{3}\1\d{3,4} | 0\d{2}([ ._-])\d{3}\2\d{3}\2\d{3}  # the same, grouped as people write them
    )(?!\d) | (?<![A-Z])(?:CCCD|CMND|CMT|S[DĐ]T|ĐT)[ ._:-]*\d          # or called what it is""",
    re.VERBOSE,
)

_ANY_CASE: Final = re.compile(CODE.pattern, CODE.flags | re.IGNORECASE)
_SIGNS: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-") | {"\u3002": "."})


@dataclass(frozen=True, slots=True)
class Code:
    """A code: ``text`` as given, ``key`` for looking up, and what the key says (``day`` None where it says none)."""

    text: str
    key: str
    shape: Shape
    agency: str
    day: date | None
    sequence: str


def normal(text: str) -> str:
    """``text`` as codes are looked up: upper case, ASCII digits, dots and dashes; no spaces, no unseen letters, no
    Code 39 guards (``*``). Anything may be given; what is no code stays none."""
    return re.sub(r"\s+", "", _plain(text)).strip("*")


def parse(text: str, today: date) -> Code:
    """The code that ``text`` is.

    Raises BadCode for an unknown shape, a day that does not exist or one after ``today``.
    """
    given = unicodedata.normalize("NFC", text).strip().strip("*").strip()
    key = normal(text)
    match = CODE.fullmatch(key) if len(key) <= LONGEST else None
    if match is None:
        raise BadCode("no known shape of a dossier code", field="code", confirmable=_confirmable(key))
    day = _day(match["day"])
    if day is None or day > today:
        why = "the code names a day that does not exist" if day is None else "the code names a day to come"
        raise BadCode(why, field="code", confirmable=True)
    return Code(given, key, _shape(match), match["agency"], day, match["sequence"])


def confirmed(text: str, today: date) -> Code:
    """The code that ``text`` is, also one of an unknown shape that a clerk has confirmed.

    Raises BadCode for what no code can be: too short, too long, other letters, a telephone or identity number.
    """
    try:
        return parse(text, today)
    except BadCode as refusal:
        if not refusal.params["confirmable"]:
            raise
    given = unicodedata.normalize("NFC", text).strip()
    return Code(given, normal(text), "other", "", None, "")


def find(text: str, today: date) -> Code | None:
    """The first good code inside a longer text, such as an address from a QR; None when there is none."""
    plain = _plain(text)
    for match in CODE.finditer(plain):
        day = _day(match["day"])
        if day is not None and day <= today:
            found = match.group()
            return Code(found, found, _shape(match), match["agency"], day, match["sequence"])
    return None


def personal(text: str) -> bool:
    """Whether what was given as a code is a telephone or identity number, or has one in it.

    It is one when it is nine or twelve digits and nothing else, in groups or not, or nine to eleven that begin with 0
    or 84. It has one in it as a run of digits that begins so (twelve digits: with 0), in the groups that people write,
    or behind its name (CCCD, SĐT). Other long numbers are codes: years, offices and sequences in a row.
    """
    plain = _ANY_CASE.sub("|", text.upper())
    if _ALONE.fullmatch(plain):
        digits = re.sub(r"\D", "", plain)
        telephone = bool(_TELEPHONE.fullmatch(digits)) and len(digits) in _TELEPHONE_DIGITS
        return telephone or len(digits) in _IDENTITY_DIGITS
    return bool(_INSIDE.search(plain))


def long_number(text: str) -> bool:
    """Whether free text holds nine digits or more in a row or in groups, dossier codes of known shapes left out."""
    return bool(LONG.search(text) and LONG.search(_ANY_CASE.sub("|", text)))


def _plain(text: str) -> str:
    """``text`` in upper case, full-width forms and dashes as ASCII, without letters that cannot be seen."""
    flat = unicodedata.normalize("NFKC", text).translate(_SIGNS)
    if not flat.isascii():
        flat = "".join(letter for letter in flat if unicodedata.category(letter) != "Cf")
    return flat.upper()


def _shape(match: re.Match[str]) -> Shape:
    return next(shape for shape in SHAPES if match[shape])


def _day(digits: str) -> date | None:
    """The day of YYMMDD, or None. Codes began in 2018: every year is of this century."""
    try:
        return date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    except ValueError:
        return None


def _confirmable(key: str) -> bool:
    return bool(OTHER.fullmatch(key)) and not personal(key)
