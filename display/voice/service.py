"""The voice as the composition root sees it: start it, ask how it is, serve its sounds, end it."""

import threading
from contextlib import closing
from pathlib import Path
from typing import Any

from display.voice import Engine, VoiceFault, opened, sentence
from display.voice.announcer import Announcer
from display.voice.pack import Pack, missing
from display.voice.player import Loudspeaker, Player
from display.voice.shelf import Shelf
from display.voice.studio import Clip, Studio, warm
from office.errors import NotFound
from office.phrases import Phrases
from office.settings import Settings
from office.store import Store

SPOKEN = "kiosk.voice"
"""The only phrases that are read aloud on request, one a screen."""

SAMPLE_NUMBER = "0"
STOP_S = 5.0


class Voice:
    """The whole voice of one office.

    ``folder`` keeps the finished sounds; ``base`` is where a relative ``voice.pack`` starts from (the
    configuration folder). ``engine`` and ``player`` are given by tests; otherwise the settings choose them.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        phrases: Phrases,
        folder: Path,
        *,
        base: Path = Path(),
        engine: Engine | None = None,
        player: Player | None = None,
    ) -> None:
        self._settings = settings
        self._phrases = phrases
        self._engine = engine or opened(settings.voice)
        self._player: Player = player or Loudspeaker()
        self.pack_fault = self._start_fault = ""
        pack = self._load_pack(base)
        self.studio = Studio(settings.voice, phrases, self._engine, Shelf(folder), pack)
        self._announcer = Announcer(store, settings, self.studio, self._player)
        self._store = store
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin announcing, and make the spoken help of all screens ready in the background."""
        for name, work in (("voice-announcer", self._run), ("voice-warming", self._warm)):
            thread = threading.Thread(target=work, name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def close(self) -> None:
        """Stop speaking at once; no thread, child process or player is left."""
        self._stop.set()
        self._engine.close()
        self._store.changes.bump()  # wakes the announcer
        for thread in self._threads:
            thread.join(STOP_S)

    def clip(self, name: str) -> Path:
        """The WAV file called ``name``, as events and ``help`` name it. Raises NotFound for anything else."""
        path = self.studio.path(name)
        if path is None:
            raise NotFound("no such sound")
        return path

    def help(self, language: str, screen: str) -> Clip:
        """The spoken help of a kiosk screen. Raises NotFound for a screen or language without one, VoiceFault
        when it cannot be spoken (the page then shows the text only)."""
        if language not in self._phrases.languages:
            raise NotFound("no such language")
        text = self._phrases.section(language, SPOKEN).get(screen)
        if text is None:
            raise NotFound("no spoken help for this screen")
        return self.studio.help(sentence.plain(language, text))

    def help_number(self, language: str, number: str) -> Clip:
        """Tells a ticket's number to who cannot read it. Raises NotFound for a language without phrases or what is
        no ticket number, VoiceFault when it cannot be spoken."""
        if language not in self._phrases.languages:
            raise NotFound("no such language")
        try:
            return self.studio.help(sentence.ticket(self._phrases, self._settings.voice, language, number))
        except ValueError as fault:
            raise NotFound(f"{fault}") from fault

    def state(self) -> dict[str, Any]:
        """For ``/healthz``: ``state`` is ok, fault or off, with what is behind it."""
        engine, announcer = self._engine.state(), self._announcer.state()
        start_fault = "" if announcer["last"] else self._start_fault
        reason = announcer["fault"] or self.pack_fault or start_fault
        off = self._settings.voice.output == "none"
        told = {"state": "off" if off else "fault" if reason else "ok", "reason": reason}
        return told | {"output": self._settings.voice.output, "engine": engine, "announcer": announcer}

    def check(self) -> str:
        """One line for the command ``check``: speaks a test sentence into a file. Raises VoiceFault."""
        if self._settings.voice.output == "none":
            return "off (output is none)"
        player = self._player.ready() if self._settings.voice.output == "server" else "the board's browser"
        if self.pack_fault:
            raise VoiceFault(self.pack_fault)
        clip = self._test()
        if not clip.speech or clip.reason:
            raise VoiceFault(clip.reason)
        return f"{self._engine.name}, {', '.join(self.studio.languages)}, {clip.seconds:.1f} s, played by {player}"

    def _test(self) -> Clip:
        """A sample call: made like any other, so that it needs exactly what calls need."""
        return self.studio.call(SAMPLE_NUMBER, self._settings.counters[0].id, recall=False)

    def _load_pack(self, base: Path) -> Pack | None:
        """The recorded pack of the settings. One that cannot be read, or has gaps, is told and not fatal."""
        if not self._settings.voice.pack:
            return None
        try:
            pack = Pack.load(base / self._settings.voice.pack)
        except VoiceFault as fault:
            self.pack_fault = f"{fault}"
            return None
        gaps = missing(pack, self._phrases, self._settings)
        lacking = sum(map(len, gaps.values()))
        self.pack_fault = f"the voice pack lacks {lacking} clips; the engine speaks those calls" if lacking else ""
        return pack

    def _run(self) -> None:
        with closing(self._store):  # this thread's connection
            self._announcer.run(self._stop)

    def _warm(self) -> None:
        lines = [
            sentence.plain(language, text)
            for language in self._phrases.languages
            for text in self._phrases.section(language, SPOKEN).values()
        ]
        self._start_fault = self._test().reason
        self.studio.chime("")
        warm(self.studio, lines, self._stop)
