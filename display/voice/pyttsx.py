"""Driver file of the vendor library pyttsx3: espeak-ng on Linux, SAPI5 on Windows. Runs as a child process.

Traps it is written around (measured): used from several threads the engine crashes; several saves before one
run lose all but the last; an unknown voice is silently ignored and another language's voice speaks. On espeak-ng
properties are set in the background, and a run begun meanwhile cancels them: one sentence in a hundred came out
empty, half of those after a change of rate and the first of every process at the wrong rate. An empty run at the
start and a short rest before each run cured all three; a run that is empty all the same is repeated.
"""

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

import pyttsx3

from display.voice import recipe
from display.voice.child import Speak, serve


class NoVoiceError(Exception):
    """The engine has no voice for the language, or not the one configured."""


class Voice(Protocol):
    """What pyttsx3 tells of a voice."""

    @property
    def id(self) -> str:
        """The engine's own name of it."""

    @property
    def name(self) -> str:
        """A name for people."""

    @property
    def languages(self) -> Sequence[str]:
        """Language tags, as the engine writes them."""


SETTLE_S = 0.05
SETTLE_CHANGED_S = 0.2
"""Rest after another voice or rate was set: longer, as a lost one would be heard."""

TRIES = 5
WAV_HEADER = 46
"""Bytes of a WAV file without samples, at most (SAPI5 writes two more than the usual 44)."""

PREFERRED = {
    ("vi", "north"): ("vi", "vi-vn"),
    ("vi", "south"): ("vi-vn-x-south", "vi-vn", "vi"),
    ("en", "north"): ("en-gb", "en-us"),
    ("en", "south"): ("en-us", "en-gb"),
}
"""Language tags to look for, best first: espeak-ng has regional voices, Windows has vi-VN (Microsoft An)."""


def choose(voices: Sequence[Voice], line: recipe.Line) -> str:
    """The id of the voice for ``line``: the configured one, else the best for its language and region.

    Raises NoVoiceError naming what there is: a wrong voice must never read Vietnamese as English.
    """
    tags = {voice.id: {tag.lower().replace("_", "-") for tag in voice.languages or ()} for voice in voices}
    if line.voice:
        found = _first(tags, lambda voice_id, _: voice_id.lower() == line.voice.lower())
        if not found:
            raise NoVoiceError(f"the engine has no voice {line.voice!r}; it has {_some(tags, line.language)}")
        return found
    for wanted in PREFERRED.get((line.language, line.region), ()):
        if found := _first(tags, partial(_speaks, wanted)):
            return found
    found = _first(tags, lambda _, spoken: any(tag.split("-")[0] == line.language for tag in spoken))
    if not found:
        raise NoVoiceError(f"the engine has no voice for language {line.language!r}")
    return found


def _speaks(wanted: str, _: str, spoken: set[str]) -> bool:
    return wanted in spoken


def _first(tags: dict[str, set[str]], fits: Callable[[str, set[str]], bool]) -> str:
    return next((voice_id for voice_id, spoken in tags.items() if fits(voice_id, spoken)), "")


def _some(tags: dict[str, set[str]], language: str) -> str:
    fitting = [voice_id for voice_id, spoken in tags.items() if any(tag.startswith(language) for tag in spoken)]
    return ", ".join(fitting) or f"none for {language!r}"


def _empty(out: Path) -> bool:
    return not out.exists() or out.stat().st_size <= WAV_HEADER


def opened() -> Speak:
    """The engine of this computer, ready to write lines to WAV files. Raises what pyttsx3 raises without one."""
    engine = pyttsx3.init()
    voices: list[Voice] = list(engine.getProperty("voices"))
    engine.runAndWait()  # an empty run: from now on properties act when set, not in the middle of the next run
    before: tuple[str, int] | None = None

    def speak(line: recipe.Line, out: Path) -> None:
        nonlocal before
        voice = choose(voices, line)
        for _ in range(TRIES):
            engine.setProperty("voice", voice)
            engine.setProperty("rate", line.rate)
            time.sleep(SETTLE_S if before == (voice, line.rate) else SETTLE_CHANGED_S)
            engine.save_to_file(line.text, str(out))
            engine.runAndWait()
            before = (voice, line.rate)
            if not _empty(out):
                break
        # Properties are set from a queue that swallows errors, so what was really used is asked afterwards.
        used = str(engine.getProperty("voice"))
        if used.lower() != voice.lower():
            raise NoVoiceError(f"the engine used voice {used!r} in place of {voice!r}")

    return speak


if __name__ == "__main__":
    serve(opened())
