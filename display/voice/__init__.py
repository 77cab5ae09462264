"""The voice of the hall: speaks the calls that the journal holds (DOMAIN 8.2, 8.3; HARDWARE "Voice").

Parts: ``reading`` and ``sentence`` say what is spoken; ``recipe``, ``engine`` and ``child`` make WAV files of it
in a process of its own; ``pack`` replaces the engine by recorded clips; ``studio`` keeps the finished files;
``player`` is the server's loudspeaker; ``announcer`` follows the journal; ``spoken`` reads screens aloud.
"""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from display.voice.recipe import Recipe
from office.errors import OfficeError

if TYPE_CHECKING:  # the child process imports this file too and stays small without pydantic
    from office.sections import VoiceSettings


class VoiceFault(OfficeError):
    """Nothing could be spoken; the text says why. The chime may still sound."""

    key = "error.voice"
    status = 503


@dataclass(frozen=True, slots=True)
class Made:
    """A finished WAV: its length, and why parts of it are missing (none when all was spoken)."""

    seconds: float
    failed: tuple[str, ...] = ()


class Engine(Protocol):
    """What makes sound of sentences. One at a time; safe to ask from several threads."""

    @property
    def name(self) -> str:
        """Which engine, for the cache's keys."""

    def make(self, order: Recipe, out: Path) -> Made:
        """Make the WAV ``out``. Raises VoiceFault when no part could be spoken."""

    def state(self) -> dict[str, Any]:
        """What ``/healthz`` and ``check`` tell of it."""

    def close(self) -> None:
        """End it; no child process is left."""


DRIVERS = {"none": "display.voice.engine:clips_only", "pyttsx3": "display.voice.engine:pyttsx3"}
"""Setting ``voice.driver`` → what opens it from the voice's settings."""


def opened(voice: "VoiceSettings") -> Engine:
    """The engine that the settings name. No process is started before the first sentence."""
    opener: Callable[[VoiceSettings], Engine] = pkgutil.resolve_name(DRIVERS[voice.driver])
    return opener(voice)
