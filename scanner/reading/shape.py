"""Which texts are worth believing or acting on: what the office knows how to take (office/scans.py), and with sense."""

from datetime import date, datetime, timedelta, timezone
from typing import Final

from office import dossier_code, scans
from office.errors import BadCode

FIRST: Final = date(2015, 1, 1)
"""A code in bars that is dated before this is more likely misread than old."""

VIET_NAM: Final = timezone(timedelta(hours=7))
"""Its time all year round: receipts are numbered by the day there, whatever zone the office PC was left at."""


def today() -> date:
    """The day by which receipts are numbered now; a code of tomorrow is misread."""
    return datetime.now(VIET_NAM).date()


def whole(text: str, today: date) -> bool:
    """Whether a text of bars is nothing but a dossier code with a likely date, or a re-entry code of ours."""
    bare = dossier_code.normal(text)
    if not text.isascii():
        return False
    if scans.REENTRY.fullmatch(bare):
        return True
    try:
        day = dossier_code.parse(bare, today).day
    except BadCode:
        return False
    return day is not None and day >= FIRST


def key(text: str, today: date) -> str:
    """What the hall can act on, the same for all codes of one receipt; "" for any other text."""
    scan = scans.read(text, today)
    if scan.card:
        return f"card {scan.card.number}"
    return scan.shown or scan.ticket_token
