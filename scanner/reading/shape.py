"""Which texts are worth believing or acting on: a dossier code with a real date, our own codes, a citizen card."""

import re
from datetime import date
from typing import Final
from urllib.parse import unquote

CODE: Final = re.compile(
    r"(?<![0-9A-Za-z.])("
    r"[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}"
    r"|[0-9]{2,3}(?:\.[0-9]{2}){0,3}\.[A-Z][0-9]{2}"
    r"|[A-Z][0-9]{2}(?:\.[0-9]{1,3}){0,4}"
    r")-([0-9]{2})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])-([0-9]{3,7})(?![0-9A-Za-z])"
)
"""The three shapes of DOMAIN 3.2."""

OWN: Final = re.compile(r"MC-[A-Z0-9-]{4,40}")
TICKET: Final = re.compile(r"https?://[^/\s]+/t/[\w-]{8,}")
CARD: Final = re.compile(r"[0-9]{12}\|[^|]*\|[^|]*\|[0-9]{8}\|.*", re.DOTALL)
FIRST: Final = date(2015, 1, 1)


def dossier(text: str, today: date) -> str:
    """The first dossier code in ``text`` whose date can be; "" when there is none."""
    for found in CODE.finditer(unquote(text).upper()):
        if _can_be(found[2], found[3], found[4], today):
            return found[0]
    return ""


def whole(text: str, today: date) -> bool:
    """Whether a text of bars is nothing but a dossier code, or one of our own codes."""
    bare = text.strip().strip("*").upper()
    return dossier(bare, today) == bare != "" or OWN.fullmatch(bare) is not None


def key(text: str, today: date) -> str:
    """What the hall can act on, the same for all codes of one receipt; "" for any other text."""
    found = dossier(text, today)
    if found:
        return found
    known = OWN.fullmatch(text.strip().upper()) or TICKET.match(text) or CARD.fullmatch(text)
    return known[0] if known else ""


def _can_be(year: str, month: str, day: str, today: date) -> bool:
    try:
        return FIRST <= date(2000 + int(year), int(month), int(day)) <= today
    except ValueError:
        return False
