"""Recorded voice packs: made here by the real engine saying every clip, then put together, checked, and broken."""

import shutil
import subprocess
import sys
import wave
from array import array
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from apart.child import ROOT
from display.voice import VoiceFault, opened, sentence, sound
from display.voice.engine import ChildEngine
from display.voice.pack import MANIFEST, Pack, main, missing, unusable
from display.voice.recipe import Line, Recipe
from display.voice.shelf import Shelf
from display.voice.studio import Studio
from office.phrases import Phrases
from office.sections import VoiceSettings
from office.settings import Settings, load

CONFIG = ROOT / "config"
VOICE = VoiceSettings(driver="none")


@pytest.fixture(scope="module")
def phrases() -> Phrases:
    return Phrases.load(CONFIG / "phrases")


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load(CONFIG, {"voice": {"driver": "none", "languages": ("vi",)}})


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory, phrases: Phrases, settings: Settings) -> Path:
    """A complete pack for the office in config/, "recorded" by espeak-ng, every fourth clip as a recorder leaves it."""
    folder = tmp_path_factory.mktemp("pack")
    letters = "".join(service.series for service in settings.services)
    counters = [counter.id for counter in settings.counters]
    lines = sentence.samples(phrases, settings.voice, "vi", letters=letters, counters=counters)
    engine = opened(VoiceSettings(timeout_s=20))
    listed = []
    for turn, token in enumerate(sorted({token for line in lines for token in line.clips})):
        engine.make(Recipe((Line(token, "vi"),), chime=False, repeat=1), folder / f"{turn}.wav")
        if turn % 4 == 0:
            as_recorded(folder / f"{turn}.wav", level=0.3 + 0.02 * turn)
        listed.append(f'"{token.upper()}" = "{turn}.wav"\n')
    engine.close()
    (folder / MANIFEST).write_text("[vi]\n" + "".join(listed), encoding="utf-8")
    return folder


def as_recorded(path: Path, *, level: float) -> None:
    """Turn a clip of ours into what a recorder leaves: 44.1 kHz, stereo, silence around it, its own level."""
    samples = sound.silence(0.2) + sound.read(path) + sound.silence(0.3)
    frames = array("h", [int(sample * level) for sample in samples for _ in range(4)])
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(2 * sound.RATE)
        file.writeframes(frames.tobytes())


@pytest.fixture
def joiner() -> Iterator[ChildEngine]:
    engine = opened(VOICE)
    assert isinstance(engine, ChildEngine)
    yield engine
    engine.close()


def steepest(samples: "array[int]") -> int:
    return max(abs(after - before) for before, after in pairwise(samples))


def test_the_pack_is_complete_and_the_checker_says_so(
    recorded: Path, phrases: Phrases, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = Pack.load(recorded)
    assert missing(pack, phrases, settings) == {}
    assert main([str(recorded), "--config", str(CONFIG)]) == 0
    assert "complete for vi" in capsys.readouterr().out


def test_calls_are_put_together_in_order_without_a_click(
    recorded: Path, phrases: Phrases, tmp_path: Path, joiner: ChildEngine
) -> None:
    pack = Pack.load(recorded)
    studio = Studio(VOICE.model_copy(update={"chime": False, "repeat": 1}), phrases, joiner, Shelf(tmp_path), pack)
    clip = studio.call("A-907", "2", recall=False)
    assert clip.speech
    assert clip.reason == ""
    heard = sound.read(tmp_path / clip.name)

    line = sentence.call(phrases, VOICE, "vi", number="A-907", counter="2")
    at, natural = 0, 0
    for token in line.clips:  # each clip is found whole, one after another
        alone = sound.levelled(sound.trimmed(sound.read(pack.clips["vi"][token.casefold()])))
        natural = max(natural, steepest(alone))
        middle = alone[sound.FADE : -sound.FADE]
        found = heard.tobytes().find(middle.tobytes(), 2 * at)
        assert found >= 0, f"{token} is missing, cut, or out of order"
        at = found // 2
    assert steepest(heard) <= natural * 1.1
    assert abs(heard[0]) <= 2
    assert abs(heard[-1]) <= 2


def test_a_recall_uses_its_own_words(recorded: Path, phrases: Phrases, tmp_path: Path, joiner: ChildEngine) -> None:
    studio = Studio(VOICE, phrases, joiner, Shelf(tmp_path), Pack.load(recorded))
    first, again = (studio.call("A-907", "2", recall=recall) for recall in (False, True))
    assert first.speech
    assert again.speech
    assert first.name != again.name


def test_a_longer_clip_is_taken_before_its_parts(recorded: Path, phrases: Phrases, tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(recorded, folder)
    shutil.copy(folder / "0.wav", folder / "den-quay-so.wav")
    with (folder / MANIFEST).open("a", encoding="utf-8") as manifest:
        manifest.write('"đến quầy số" = "den-quay-so.wav"\n')
    line = sentence.call(phrases, VOICE, "vi", number="A-1", counter="2")
    joined = Pack.load(folder).joined(line)
    assert joined is not None
    assert [Path(str(clip)).name for clip in joined.clips].count("den-quay-so.wav") == 1
    assert len(joined.clips) == len(line.tokens) - 1


def test_a_gap_is_named_and_the_engine_takes_over(
    recorded: Path, phrases: Phrases, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(recorded, folder)
    pack = Pack.load(folder)
    pack.clips["vi"]["bảy"].unlink()
    assert missing(pack, phrases, settings) == {"vi": ["bảy"]}
    assert main([str(folder), "--config", str(CONFIG)]) == 1
    assert 'missing "bảy"' in capsys.readouterr().out
    assert pack.joined(sentence.call(phrases, VOICE, "vi", number="A-907", counter="2")) is None
    assert pack.joined(sentence.call(phrases, VOICE, "vi", number="A-906", counter="2")) is not None
    engine = opened(VoiceSettings(timeout_s=20))
    clip = Studio(VOICE, phrases, engine, Shelf(tmp_path / "shelf"), pack).call("A-907", "2", recall=False)
    engine.close()
    assert clip.speech


def test_a_broken_clip_leaves_the_chime_and_its_name(
    recorded: Path, phrases: Phrases, tmp_path: Path, joiner: ChildEngine
) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(recorded, folder)
    pack = Pack.load(folder)
    seven = pack.clips["vi"]["bảy"]
    seven.write_bytes(b"RIFF and so on")
    pack.clips["vi"]["tám"].write_bytes(pack.clips["vi"]["chín"].read_bytes()[:60])
    assert any(seven.name in fault for fault in unusable(pack))
    clip = Studio(VOICE, phrases, joiner, Shelf(tmp_path / "shelf"), pack).call("A-907", "2", recall=False)
    assert not clip.speech
    assert seven.name in clip.reason
    assert clip.seconds == pytest.approx(sound.seconds(sound.chime()))


def test_a_new_recording_is_not_hidden_by_the_shelf(
    recorded: Path, phrases: Phrases, tmp_path: Path, joiner: ChildEngine
) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(recorded, folder)
    names = []
    for _ in range(2):
        pack = Pack.load(folder)
        names.append(
            Studio(VOICE, phrases, joiner, Shelf(tmp_path / "shelf"), pack).call("A-907", "2", recall=False).name
        )
        shutil.copy(pack.clips["vi"]["tám"], pack.clips["vi"]["bảy"])
    assert names[0] != names[1]


def test_bad_manifests_are_told_by_file(tmp_path: Path) -> None:
    with pytest.raises(VoiceFault, match=r"pack\.toml: the voice pack's list is missing"):
        Pack.load(tmp_path)
    (tmp_path / MANIFEST).write_text("[vi\n")
    with pytest.raises(VoiceFault, match=r"pack\.toml"):
        Pack.load(tmp_path)
    (tmp_path / MANIFEST).write_text('[vi]\n"không" = "../../secret.wav"\n', encoding="utf-8")
    with pytest.raises(VoiceFault, match="outside the folder"):
        Pack.load(tmp_path)


def test_the_checker_as_a_command(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "display.voice.pack", str(tmp_path)],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert told.returncode == 2
    assert "list is missing" in told.stderr
