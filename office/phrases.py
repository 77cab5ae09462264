"""Every sentence a citizen or clerk reads or hears, one TOML file a language in config/phrases/."""

import string
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from office.errors import ConfigurationError
from office.toml_file import read_toml

SHIPPED: Final = Path(__file__).resolve().parents[1] / "config" / "phrases"
"""The program's own phrases."""

Words = Mapping[str, Mapping[str, str]]
"""A language → a key → its phrase."""


class Phrases:
    """The phrases of all languages; a key missing in one is taken from the first language.

    ``below`` are the program's own, for what an office's files do not have, or ask of it in vain: they may be older.
    """

    def __init__(self, languages: Words, default: str, below: Words | None = None) -> None:
        self._languages = languages
        self._below = below or {}
        self._sections: dict[tuple[str, str], dict[str, str]] = {}
        self.default = default

    @classmethod
    def load(cls, folder: Path, languages: tuple[str, ...] = ("vi", "en")) -> "Phrases":
        """Read ``<language>.toml`` for each language.

        Raises ConfigurationError naming the file, and the key of a phrase whose braces are wrong.
        """
        return cls({name: _words(folder / f"{name}.toml") for name in languages}, languages[0])

    @classmethod
    def of_office(cls, folder: Path, languages: tuple[str, ...]) -> "Phrases":
        """The same, over the program's own: the office's files stay as they are when the program grows."""
        ours = [name for name in languages if (SHIPPED / f"{name}.toml").is_file() and folder.resolve() != SHIPPED]
        below = {name: _words(SHIPPED / f"{name}.toml") for name in ours}
        return cls(cls.load(folder, languages)._languages, languages[0], below)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages, the default one first."""
        return tuple(self._languages)

    def keys(self, language: str) -> frozenset[str]:
        """All keys of ``language``."""
        return frozenset(self._languages[language]) | frozenset(self._below.get(language, ()))

    def known(self, key: str) -> bool:
        """Whether the default language has ``key``."""
        return key in self.keys(self.default)

    def say(self, language: str, key: str, **params: object) -> str:
        """The phrase ``key`` in ``language`` with its placeholders filled.

        Raises KeyError when no language has the key, or it cannot be filled: a programming error, found by tests.
        """
        for phrase in self._found(language, key):
            with suppress(KeyError, IndexError):  # it asks for what is not told: one of another version
                return phrase.format(**params) if params or "{" in phrase else phrase
        raise KeyError(key)

    def section(self, language: str, prefix: str) -> dict[str, str]:
        """All phrases below ``prefix``, keys without it; unfilled. Used to hand a page its script's words."""
        asked = language, prefix
        if asked not in self._sections:  # thousands of keys are looked through once
            self._sections[asked] = self._below_prefix(language, prefix)
        return dict(self._sections[asked])

    def _below_prefix(self, language: str, prefix: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for name in (self.default, language):
            for words in (self._below, self._languages):
                for key, phrase in words.get(name, {}).items():
                    if key.startswith(prefix + "."):
                        found[key[len(prefix) + 1 :]] = phrase
        return found

    def _found(self, language: str, key: str) -> Iterator[str]:
        """The phrases for ``key``, the best first."""
        for name in (language, self.default):
            for words in (self._languages, self._below):
                if (phrase := words.get(name, {}).get(key)) is not None:
                    yield phrase


def placeholders(phrase: str) -> frozenset[str]:
    """The names in braces of ``phrase``."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(phrase) if name)


def _words(path: Path) -> dict[str, str]:
    words = dict(_flat(read_toml(path)))
    for key, phrase in words.items():
        try:
            placeholders(phrase)
        except ValueError as fault:
            raise ConfigurationError(f"{path}: {key}: {fault}; a brace that is no placeholder is doubled") from fault
    return words


def _flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, str(value)
