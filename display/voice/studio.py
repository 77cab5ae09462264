"""From what is to be said to a finished WAV: pack before engine, shelf before both, a chime when all fail."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from display.voice import Engine, VoiceFault, sentence, sound
from display.voice.pack import Pack
from display.voice.recipe import Joined, Line, Recipe
from display.voice.sentence import Sentence
from display.voice.shelf import Shelf
from office.phrases import Phrases
from office.sections import VoiceSettings


@dataclass(frozen=True, slots=True)
class Clip:
    """A finished sound. ``speech`` is false when only the chime is in it; ``reason`` says why, or what is missing."""

    name: str
    seconds: float
    speech: bool = True
    reason: str = ""


class Studio:
    """Makes and keeps the sounds of one office. Safe to use from several threads."""

    def __init__(
        self, voice: VoiceSettings, phrases: Phrases, engine: Engine, shelf: Shelf, pack: Pack | None = None
    ) -> None:
        self.voice = voice
        self.phrases = phrases
        self.engine = engine
        self.shelf = shelf
        self.pack = pack
        self.languages = tuple(each for each in voice.languages if each in phrases.languages) or (phrases.default,)

    def call(self, number: str, counter: str, *, recall: bool, brief: bool = False) -> Clip:
        """The call or recall of a ticket in the office's languages; the chime alone when it cannot be spoken.

        ``brief``: a short chime and the line once, because others wait to be called.
        Raises VoiceFault only when not even the chime can be written.
        """
        try:
            lines = [
                sentence.call(self.phrases, self.voice, language, number=number, counter=counter, recall=recall)
                for language in self.languages
            ]
        except ValueError as fault:
            return self.chime(f"{fault}")
        return self.announcement(lines, brief=brief)

    def closing(self, now: datetime, opens: datetime | None) -> Clip:
        """The announcement that no more numbers are given; both times local."""
        return self.announcement(
            [sentence.closing(self.phrases, self.voice, language, now=now, opens=opens) for language in self.languages]
        )

    def announcement(self, lines: Sequence[Sentence], *, brief: bool = False) -> Clip:
        """Chime and lines as the office set it; the chime alone when none of them can be spoken."""
        voice = self.voice
        repeat = 1 if brief else voice.repeat
        order = Recipe(tuple(map(self._part, lines)), voice.chime, repeat, voice.gap_s, short_chime=brief)
        try:
            return self._made(order)
        except VoiceFault as fault:
            return self.chime(f"{fault}")

    def help(self, line: Sentence) -> Clip:
        """A line spoken once without a chime. Raises VoiceFault when it cannot be spoken."""
        return self._made(Recipe((self._part(line),), chime=False, repeat=1))

    def chime(self, reason: str) -> Clip:
        """The chime alone, made without any engine. Raises VoiceFault when the disk refuses it."""
        key = Recipe((), repeat=1).key("chime")
        length = self.shelf.seconds(key)
        if length is None:
            try:
                draft = self.shelf.draft()
                sound.write(draft, sound.chime())
                self.shelf.put(key, draft)
            except OSError as fault:
                raise VoiceFault(f"the chime cannot be written: {fault}") from fault
            length = sound.seconds(sound.chime())
        return Clip(f"{key}.wav", length, speech=False, reason=reason)

    def path(self, name: str) -> Path | None:
        """The file of a clip for the web to serve; None for any name that is not a clip's."""
        return self.shelf.path(name)

    def _part(self, line: Sentence) -> Line | Joined:
        recorded = self.pack.joined(line) if self.pack else None
        if recorded:
            return recorded
        # A configured voice id is the voice of the first language; no voice speaks several.
        voice_id = self.voice.voice_id if line.language == self.languages[0] else ""
        return Line(line.text, line.language, voice_id, self.voice.region, self.voice.rate)

    def _made(self, order: Recipe) -> Clip:
        key = order.key(self.engine.name)
        length = self.shelf.seconds(key)
        if length is not None:
            return Clip(f"{key}.wav", length)
        draft = self.shelf.draft()
        try:
            made = self.engine.make(order, draft)
            if made.failed:  # a language is missing: kept under a key of its own, so the next call tries again
                key = order.key(f"{self.engine.name} without {made.failed}")
            self.shelf.put(key, draft)
        except OSError as fault:
            raise VoiceFault(f"the sound cannot be written: {fault}") from fault
        finally:
            draft.unlink(missing_ok=True)
        return Clip(f"{key}.wav", made.seconds, reason="; ".join(made.failed))


def warm(studio: Studio, lines: Sequence[Sentence], stop: threading.Event, *, rest_s: float = 0.1) -> int:
    """Make spoken-help lines ahead of need, slowly, so that a call never waits for more than one of them.

    Ends at ``stop`` or at the first fault (whoever needs the line later tries again). How many are ready.
    """
    ready = 0
    for line in lines:
        if stop.wait(rest_s):
            break
        try:
            studio.help(line)
        except VoiceFault:
            break
        ready += 1
    return ready
