"""What one WAV is made of: the order that goes to the voice's child process, and the key of its cache."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence for a speech engine."""

    text: str
    language: str
    voice: str = ""
    """Engine's voice id; empty: the engine's best voice for the language and region."""
    region: str = "north"
    rate: int = 140
    """Words a minute."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A sentence put together from recorded clips: file paths, and silences in seconds between them."""

    text: str
    clips: tuple[str | float, ...]
    stamp: str
    """Changes when the pack's files change, so that a new recording is not hidden by the cache."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A chime (long, short or none), then the parts in order, all of them ``repeat`` times with a gap between."""

    parts: tuple[Line | Joined, ...]
    chime: bool = True
    repeat: int = 2
    gap_s: float = 0.65
    short_chime: bool = False

    def key(self, engine: str) -> str:
        """Name of the WAV without its ending: engine, voice, rate, text and make-up, hashed."""
        told = json.dumps([FORMAT, engine, asdict(self)], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:KEY_LENGTH]


FORMAT = 1
"""Raise it when sound.py changes what a WAV sounds like: older cached files are then not used again."""

KEY_LENGTH = 32


def pack(recipe: Recipe) -> dict[str, Any]:
    """The recipe as JSON values."""
    parts = [{"kind": type(part).__name__, **asdict(part)} for part in recipe.parts]
    return {**asdict(recipe), "parts": parts}


def unpack(told: dict[str, Any]) -> Recipe:
    """The recipe from its JSON values; KeyError or TypeError when they are not one."""
    kinds = {"Line": Line, "Joined": Joined}
    parts = tuple(
        kinds[part["kind"]](**{name: value for name, value in part.items() if name != "kind"}) for part in told["parts"]
    )
    return Recipe(**{**told, "parts": parts})
