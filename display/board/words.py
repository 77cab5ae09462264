"""The board's language and the one beneath it."""

from dataclasses import dataclass

from office.phrases import Phrases
from office.sections import Wording
from office.settings import Settings


@dataclass(frozen=True, slots=True)
class Words:
    """Phrases in the office's first language; ``second`` is the language written small beneath it, or empty.

    A board has nobody who could choose a language for it, so the configuration's order counts, not the browser's.
    """

    phrases: Phrases
    language: str
    second: str

    def say(self, key: str, **params: object) -> str:
        """The phrase in the board's language. Raises KeyError for a key or placeholder that is not there."""
        return self.phrases.say(self.language, key, **params)

    def under(self, key: str, **params: object) -> str:
        """The phrase for the line beneath; empty when the office has one language only."""
        return self.phrases.say(self.second, key, **params) if self.second else ""

    def text(self, wording: Wording) -> str:
        """A configured text in the board's language."""
        return wording.text(self.language)

    def text_under(self, wording: Wording) -> str:
        """The same for the line beneath; empty when it would only repeat."""
        second = wording.text(self.second) if self.second else ""
        return "" if second == self.text(wording) else second


def words_of(settings: Settings, phrases: Phrases) -> Words:
    """The board's words by ``office.languages``: the first one large, the second one beneath."""
    first, *others = settings.office.languages
    return Words(phrases, first, others[0] if others else "")
