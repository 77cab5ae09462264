"""What is said: a call, a recall, the closing of the hall; wording from phrases, section ``voice``. Pure.

A sentence is a row of tokens: whole phrases ("Xin mời số thứ tự"), number words and pauses. An engine speaks
their text; a recorded pack plays their clips. The reason for a priority is never part of any sentence
(DOMAIN 8.2), nor is anything about the applicant: only number, counter and opening time go in.
"""

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from display.voice import reading
from office.phrases import Phrases
from office.sections import VoiceSettings

_PUNCTUATION = re.compile(r"([,;:]+|[.!?…]+)")
_COUNTER_NUMBER = re.compile(r"[A-Za-z0-9]{1,4}")
A_WEEK_DAYS = 7
"""From so many days ahead on a weekday alone would mean another day."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One spoken line in one language."""

    language: str
    tokens: tuple[str, ...]

    @property
    def text(self) -> str:
        """The line as an engine is given it."""
        return reading.text(list(self.tokens))

    @property
    def clips(self) -> tuple[str, ...]:
        """The tokens that need a clip in a recorded pack."""
        return tuple(token for token in self.tokens if token not in reading.PAUSES)


def plain(language: str, text: str) -> Sentence:
    """A line without number readings, for example the spoken help of a kiosk screen."""
    return Sentence(language, tuple(_tidy(_pieces(text))))


def call(
    phrases: Phrases, voice: VoiceSettings, language: str, *, number: str, counter: str, recall: bool = False
) -> Sentence:
    """The call of ticket ``number`` to ``counter``; a recall is worded differently (DOMAIN 8.2).

    ``counter`` is the counter's number as shown, or its name. Raises ValueError when ``number`` is no ticket
    number.
    """
    kind = "recall" if recall else "call"
    said = reading.ticket(number, language=language, style=voice.reading, region=voice.region)
    return _filled(
        phrases,
        language,
        f"{kind}.{voice.wording}",
        {"number": said, "counter": _counter(phrases, voice, language, counter)},
    )


def ticket(phrases: Phrases, voice: VoiceSettings, language: str, number: str) -> Sentence:
    """Tells its holder the ticket ``number``, read as calls read it. Raises ValueError when it is none."""
    said = reading.ticket(number, language=language, style=voice.reading, region=voice.region)
    return _filled(phrases, language, "ticket", {"number": said})


def closing(
    phrases: Phrases, voice: VoiceSettings, language: str, *, now: datetime, opens: datetime | None
) -> Sentence:
    """The hall stops giving numbers; ``opens`` is the next opening, both local. None: no time is said."""
    if opens is None:
        return _filled(phrases, language, "closing_plain", {})
    return _filled(phrases, language, "closing", {"when": _when(phrases, voice, language, now, opens)})


def _when(phrases: Phrases, voice: VoiceSettings, language: str, now: datetime, opens: datetime) -> list[str]:
    hour = reading.cardinal(opens.hour, language=language, region=voice.region)
    minute = reading.cardinal(opens.minute, language=language, region=voice.region)
    clock = _filled(
        phrases,
        language,
        "clock_minutes" if opens.minute else "clock",
        {"hour": hour, "minute": minute},
    )
    ahead = (opens.date() - now.date()).days
    day = {0: "today", 1: "tomorrow"}.get(ahead, WEEKDAYS[opens.weekday()])
    said = _filled(phrases, language, f"day.{day}", {})
    if ahead < A_WEEK_DAYS:
        return [*clock.tokens, *said.tokens]
    month = [phrases.section(language, "voice")[f"month.{opens.month}"]]
    number = reading.day(opens.day, language=language, region=voice.region)
    parts = {"weekday": list(said.tokens), "day": number, "month": month}
    return [*clock.tokens, *_filled(phrases, language, "date", parts).tokens]


def _counter(phrases: Phrases, voice: VoiceSettings, language: str, counter: str) -> list[str]:
    if not _COUNTER_NUMBER.fullmatch(counter):
        return [counter]
    said = reading.counter(counter, language=language, region=voice.region)
    return list(_filled(phrases, language, "counter", {"number": said}).tokens)


def _filled(phrases: Phrases, language: str, key: str, values: Mapping[str, list[str]]) -> Sentence:
    template = phrases.section(language, "voice")[key]
    tokens: list[str] = []
    for literal, name, _, _ in string.Formatter().parse(template):
        tokens += _pieces(literal)
        if name:
            tokens += values[name]
    return Sentence(language, tuple(_tidy(tokens)))


def _pieces(text: str) -> list[str]:
    tokens: list[str] = []
    for part in _PUNCTUATION.split(text):
        if _PUNCTUATION.fullmatch(part):
            tokens.append(reading.PAUSE if part[0] in ",;:" else reading.STOP)
        elif part.strip():
            tokens.append(" ".join(part.split()))
    return tokens


def _tidy(tokens: list[str]) -> list[str]:
    """No pause at either end, none twice in a row."""
    kept: list[str] = []
    for token in tokens:
        if token not in reading.PAUSES or (kept and kept[-1] not in reading.PAUSES):
            kept.append(token)
    return kept[:-1] if kept and kept[-1] in reading.PAUSES else kept


def samples(
    phrases: Phrases, voice: VoiceSettings, language: str, *, letters: str, counters: list[str]
) -> list[Sentence]:
    """Lines that together use every clip any call or recall of this office can need."""
    words = reading.clips(
        language=language, region=voice.region, style=voice.reading, letters=letters, counters=counters
    )
    calls = [
        call(phrases, voice, language, number="0", counter=counter, recall=recall)
        for counter in counters
        for recall in (False, True)
    ]
    return [*calls, *(Sentence(language, (word,)) for word in sorted(words))]
