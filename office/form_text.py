"""How dates, times and money stand on official papers (DOMAIN 11: dd/mm/yyyy, dots between thousands)."""

import unicodedata
from zoneinfo import ZoneInfo

from office.clock import is_day, local
from office.phrases import Phrases

LONGEST = 2000
"""Letters of one field; what an import brings may be longer than any paper."""


def clean(text: str, most: int = LONGEST) -> str:
    """``text`` composed (NFC), on one line, without control, invisible or direction characters, cut at ``most``."""
    composed = unicodedata.normalize("NFC", text[: most * 4])
    kept = (
        "" if unicodedata.category(c) == "Cf" else " " if unicodedata.category(c)[0] in "CZ" else c for c in composed
    )
    return " ".join("".join(kept).split())[:most]


def day(at: int | None, zone: ZoneInfo) -> str:
    """``at`` (ms UTC) as local dd/mm/yyyy; empty for None."""
    return "" if at is None else f"{local(at, zone):%d/%m/%Y}"


def short_moment(at: int | None, zone: ZoneInfo) -> str:
    """``at`` as local ``HH:MM dd/mm/yyyy``, for narrow columns; a midnight is its day alone; empty for None."""
    return day(at, zone) if at is None or is_day(at, zone) else f"{local(at, zone):%H:%M %d/%m/%Y}"


class Words:
    """The phrases of the printed forms in the office's first language, with its zone."""

    def __init__(self, phrases: Phrases, zone: ZoneInfo) -> None:
        self._phrases = phrases
        self.zone = zone

    def say(self, key: str, **params: object) -> str:
        """A phrase of section ``form``."""
        return self._phrases.say(self._phrases.default, key, **params)

    def known(self, key: str) -> bool:
        """Whether there is such a phrase."""
        return self._phrases.known(key)

    def moment(self, at: int | None) -> str:
        """``at`` with hour, minute and date in words: ``08 giờ 15 phút, ngày 20/11/2026``; a midnight is its day
        alone, of which no hour is known; empty for None."""
        if at is None or is_day(at, self.zone):
            return day(at, self.zone)
        here = local(at, self.zone)
        return self.say("form.moment", hour=f"{here:%H}", minute=f"{here:%M}", date=f"{here:%d/%m/%Y}")

    def place_and_date(self, place: str, at: int | None) -> str:
        """The line under the motto; with dots to be filled by hand for None."""
        parts = ("……", "……", "………") if at is None else f"{local(at, self.zone):%d %m %Y}".split()
        date = dict(zip(("day", "month", "year"), parts, strict=True))
        return self.say("form.place_date", place=place, **date) if place else self.say("form.date", **date)

    def money(self, amount: int | None, note: str = "") -> str:
        """``8.000 đồng``, with the note in brackets; empty when neither is known."""
        told = "" if amount is None else self.say("form.money", amount=f"{amount:,}".replace(",", "."))
        return f"{told} ({note})" if told and note else told or note
