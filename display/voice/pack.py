"""A recorded voice pack: a folder of WAV clips of one speaker, listed in ``pack.toml``.

    [vi]
    "xin mời số thứ tự" = "xin-moi.wav"
    "không" = "0.wav"
    "quầy số" = "quay-so.wav"

The left side is what the clip says, the right side a file in the folder (8 to 32 bit PCM, any rate, mono or
stereo). A clip may also say several words that follow each other ("đến quầy số"): the longest one fitting is
taken. ``python -m display.voice.pack FOLDER`` lists what is missing for the office's own calls.
"""

import argparse
import hashlib
import sys
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from display.voice import VoiceFault, reading, sentence, sound
from display.voice.recipe import Joined
from office.errors import ConfigurationError
from office.phrases import Phrases
from office.settings import Settings, load

MANIFEST = "pack.toml"
PAUSE_S = {reading.PAUSE: 0.1, reading.STOP: 0.35}
LONGEST_CLIP_S = 20.0
MOST_TOKENS = 6


class Pack:
    """The clips of a folder: language → what it says → file."""

    def __init__(self, folder: Path, clips: dict[str, dict[str, Path]]) -> None:
        self.folder = folder
        self.clips = clips
        self._stamp = _stamp(folder, clips)

    @classmethod
    def load(cls, folder: Path) -> "Pack":
        """Read ``pack.toml``. Raises VoiceFault naming file and line when it cannot be used."""
        manifest = folder / MANIFEST
        try:
            told = tomllib.loads(manifest.read_text(encoding="utf-8"))
        except FileNotFoundError as fault:
            raise VoiceFault(f"{manifest}: the voice pack's list is missing") from fault
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
            raise VoiceFault(f"{manifest}: {fault}") from fault
        clips = {
            language: {said(text): _inside(folder, file) for text, file in listed.items()}
            for language, listed in told.items()
            if isinstance(listed, dict)
        }
        return cls(folder, clips)

    def covers(self, line: sentence.Sentence) -> list[str]:
        """The tokens of ``line`` that no clip says; empty when the pack can speak it."""
        return [step for step in self._steps(line) if isinstance(step, str)]

    def joined(self, line: sentence.Sentence) -> Joined | None:
        """``line`` as clips in order; None unless the pack has every one."""
        steps = list(self._steps(line))
        if any(isinstance(step, str) for step in steps):
            return None
        clips = tuple(str(step) if isinstance(step, Path) else float(step) for step in steps)
        return Joined(line.text, clips, self._stamp)

    def _steps(self, line: sentence.Sentence) -> Iterator[Path | float | str]:
        """A file, a pause in seconds, or (str) a token without a clip."""
        clips = self.clips.get(line.language, {})
        at = 0
        while at < len(line.tokens):
            if line.tokens[at] in PAUSE_S:
                yield PAUSE_S[line.tokens[at]]
                at += 1
                continue
            taken, step = _longest(clips, line.tokens[at : at + MOST_TOKENS])
            yield step
            at += taken


def _longest(clips: dict[str, Path], tokens: Sequence[str]) -> tuple[int, Path | str]:
    for length in range(len(tokens), 0, -1):
        file = clips.get(said(" ".join(tokens[:length])))
        if file is not None and file.is_file():
            return length, file
    return 1, tokens[0]


def said(text: str) -> str:
    """A text as the manifest is searched for it: composed letters, lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _inside(folder: Path, file: object) -> Path:
    path = (folder / str(file)).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise VoiceFault(f"{folder / MANIFEST}: {file} lies outside the folder")
    return path


def _stamp(folder: Path, clips: dict[str, dict[str, Path]]) -> str:
    told = hashlib.sha256(str(folder.resolve()).encode())
    for file in sorted({file for listed in clips.values() for file in listed.values()}):
        if file.is_file():
            told.update(f"{file.name} {file.stat().st_size} {file.stat().st_mtime_ns}\n".encode())
    return told.hexdigest()[:16]


def missing(pack: Pack, phrases: Phrases, settings: Settings) -> dict[str, list[str]]:
    """Language → what must still be recorded for the calls of this office. Only languages with a gap."""
    letters = "".join(service.series for service in settings.services)
    counters = [counter.id for counter in settings.counters]
    gaps = {}
    for language in settings.voice.languages:
        lines = sentence.samples(phrases, settings.voice, language, letters=letters, counters=counters)
        lacking = {token for line in lines for token in pack.covers(line)}
        if lacking:
            gaps[language] = sorted(lacking)
    return gaps


def unusable(pack: Pack) -> list[str]:
    """What is wrong with the files there are: unreadable, silent, or far too long."""
    faults = []
    for file in sorted({file for listed in pack.clips.values() for file in listed.values() if file.is_file()}):
        try:
            heard = sound.trimmed(sound.read(file))
        except sound.SoundError as fault:
            faults.append(str(fault))
            continue
        if not heard:
            faults.append(f"{file.name}: the clip is silent")
        elif sound.seconds(heard) > LONGEST_CLIP_S:
            faults.append(f"{file.name}: {sound.seconds(heard):.0f} s long; cut it")
    return faults


def main(arguments: Sequence[str]) -> int:
    """Check a pack; 0 when it can speak every call of the office, 1 when not, 2 when it cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m display.voice.pack", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", type=Path, help="folder of the pack")
    parser.add_argument("--config", type=Path, default=Path("config"), help="the office's configuration folder")
    told = parser.parse_args(arguments)
    try:
        settings = load(told.config)
        pack = Pack.load(told.folder)
        gaps = missing(pack, Phrases.of_office(told.config / "phrases", settings.office.languages), settings)
    except (ConfigurationError, VoiceFault) as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    faults = unusable(pack)
    for language, tokens in gaps.items():
        sys.stdout.writelines(f'{language}: missing "{token}"\n' for token in tokens)
    sys.stdout.writelines(f"{fault}\n" for fault in faults)
    if not gaps and not faults:
        sys.stdout.write(f"{told.folder}: complete for {', '.join(settings.voice.languages)}\n")
    return 1 if gaps or faults else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
