"""Every sentence a citizen or clerk reads or hears, one TOML file a language in config/phrases/."""

import string
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from office.errors import ConfigurationError


class Phrases:
    """The phrases of all languages; a key missing in one is taken from the first language."""

    def __init__(self, languages: Mapping[str, Mapping[str, str]], default: str) -> None:
        self._languages = languages
        self.default = default

    @classmethod
    def load(cls, folder: Path, languages: tuple[str, ...] = ("vi", "en")) -> "Phrases":
        """Read ``<language>.toml`` for each language. Raises ConfigurationError naming the file."""
        return cls({name: dict(_flat(_read(folder / f"{name}.toml"))) for name in languages}, languages[0])

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages, the default one first."""
        return tuple(self._languages)

    def keys(self, language: str) -> frozenset[str]:
        """All keys of ``language``."""
        return frozenset(self._languages[language])

    def known(self, key: str) -> bool:
        """Whether the default language has ``key``."""
        return key in self._languages[self.default]

    def say(self, language: str, key: str, **params: object) -> str:
        """The phrase ``key`` in ``language`` with its placeholders filled.

        Raises KeyError when no language has the key: a missing phrase is a programming error, found by tests.
        """
        for name in (language, self.default):
            phrase = self._languages.get(name, {}).get(key)
            if phrase is not None:
                return phrase.format(**params) if params or "{" in phrase else phrase
        raise KeyError(key)

    def section(self, language: str, prefix: str) -> dict[str, str]:
        """All phrases below ``prefix``, keys without it; unfilled. Used to hand a page its script's words."""
        found: dict[str, str] = {}
        for name in (self.default, language):
            for key, phrase in self._languages.get(name, {}).items():
                if key.startswith(prefix + "."):
                    found[key[len(prefix) + 1 :]] = phrase
        return found


def placeholders(phrase: str) -> frozenset[str]:
    """The names in braces of ``phrase``."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(phrase) if name)


def _flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, str(value)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as fault:
        raise ConfigurationError(f"{path}: the phrase file is missing") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ConfigurationError(f"{path}: not valid TOML: {fault}") from fault
