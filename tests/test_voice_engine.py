"""The voice's child process: the real engine (espeak-ng through pyttsx3), and a simulated one that fails on demand."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil
import pytest

from apart.child import ROOT
from display.voice import VoiceFault, opened, sound
from display.voice.engine import ChildEngine
from display.voice.pyttsx import NoVoiceError, choose
from display.voice.recipe import Joined, Line, Recipe
from office.sections import VoiceSettings
from tools.waiting import wait_for

CALL = Recipe((Line("Xin mời số thứ tự a, không, hai, năm, đến quầy số một", "vi"),))
SHORT = Recipe((Line("xin chào", "vi"),), chime=False, repeat=1)


@pytest.fixture(scope="module")
def real() -> Iterator[ChildEngine]:
    engine = opened(VoiceSettings(timeout_s=20))
    assert isinstance(engine, ChildEngine)
    yield engine
    engine.close()


class Dials:
    """The simulated engine with its dials."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "dials.json"
        program = [sys.executable, "-m", "display.voice.simulator", str(self.file)]
        self.engine = ChildEngine("simulator", program, timeout_s=0.6)

    def turn(self, **to: Any) -> None:
        self.file.write_text(json.dumps(to))

    def said(self) -> list[dict[str, Any]]:
        log = self.file.with_suffix(".said")
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


@pytest.fixture
def dials(tmp_path: Path) -> Iterator[Dials]:
    simulated = Dials(tmp_path)
    yield simulated
    simulated.engine.close()


def loud_spans(samples: "array[int]", quiet_s: float) -> list[tuple[float, float]]:
    """Begin and end in seconds of what sounds, parted where it is quiet for ``quiet_s`` or longer."""
    spans: list[tuple[float, float]] = []
    for at in range(0, len(samples), sound.BLOCK):
        if sound.peak(samples[at : at + sound.BLOCK]) > sound.SILENT:
            begin, end = at / sound.RATE, (at + sound.BLOCK) / sound.RATE
            if spans and begin - spans[-1][1] < quiet_s:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((begin, end))
    return spans


def test_a_real_call_is_chime_sentence_gap_sentence(real: ChildEngine, tmp_path: Path) -> None:
    made = real.make(CALL, tmp_path / "call.wav")
    heard = sound.read(tmp_path / "call.wav")
    assert made.failed == ()
    assert made.seconds == pytest.approx(sound.seconds(heard))
    assert 3_000 < sound.peak(heard) <= sound.FULL
    first, second = loud_spans(heard, 0.6)
    chime_and_rest = sound.seconds(sound.chime()) + 0.25
    assert first[0] < 0.05
    assert second[0] - first[1] == pytest.approx(0.65, abs=0.06)
    assert (first[1] - chime_and_rest) == pytest.approx(second[1] - second[0], abs=0.06)
    assert second[1] - second[0] > 2


def test_languages_and_voices_sound_different(real: ChildEngine, tmp_path: Path) -> None:
    lines = [
        Line("một trăm linh tư", "vi"),
        Line("một trăm linh tư", "vi", region="south"),
        Line("một trăm linh tư", "vi", voice="aav/vi-vn-x-central"),
        Line("một trăm linh tư", "en"),
        Line("một trăm linh tư", "vi", rate=220),
    ]
    heard = []
    for turn, line in enumerate(lines):
        real.make(Recipe((line,), chime=False, repeat=1), tmp_path / f"{turn}.wav")
        heard.append((tmp_path / f"{turn}.wav").read_bytes())
    assert len(set(heard)) == len(lines)
    assert len(heard[4]) < 0.8 * len(heard[0])


def test_an_unknown_voice_is_a_fault_and_not_another_voice(real: ChildEngine, tmp_path: Path) -> None:
    with pytest.raises(VoiceFault, match=r"no voice 'nobody'.*aav/vi"):
        real.make(Recipe((Line("xin chào", "vi", voice="nobody"),)), tmp_path / "x.wav")
    with pytest.raises(VoiceFault, match="no voice for language 'xx'"):
        real.make(Recipe((Line("xin chào", "xx"),)), tmp_path / "x.wav")
    assert not (tmp_path / "x.wav").exists()


def test_one_missing_language_does_not_silence_the_other(real: ChildEngine, tmp_path: Path) -> None:
    made = real.make(Recipe((Line("xin chào", "vi"), Line("hi", "xx"))), tmp_path / "x.wav")
    assert made.failed == ("the engine has no voice for language 'xx'",)
    assert len(loud_spans(sound.read(tmp_path / "x.wav"), 0.5)) == 2


def test_eight_threads_at_once_each_get_their_own_sentence(real: ChildEngine, tmp_path: Path) -> None:
    orders = [Recipe((Line("số một " * turn, "vi"),), chime=False, repeat=1) for turn in range(1, 9)]
    alone = [real.make(order, tmp_path / "alone.wav").seconds for order in orders]
    assert all(longer - shorter > 0.3 for shorter, longer in pairwise(alone))
    threads = [
        threading.Thread(target=real.make, args=(order, tmp_path / f"{turn}.wav")) for turn, order in enumerate(orders)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    together = [sound.seconds(sound.read(tmp_path / f"{turn}.wav")) for turn in range(len(orders))]
    assert together == pytest.approx(alone, abs=0.02)
    assert real.state()["starts"] == 1


def test_every_sentence_is_whole_and_at_its_own_rate(real: ChildEngine, tmp_path: Path) -> None:
    # pyttsx3 alone gives one empty file in a hundred, and half of these at the rate of the sentence before.
    orders = [Recipe((Line("xin chào", "vi", rate=rate),), chime=False, repeat=1) for rate in (140, 220)]
    lengths = [real.make(orders[turn // 2 % 2], tmp_path / "x.wav").seconds for turn in range(16)]
    slow = [length for turn, length in enumerate(lengths) if turn // 2 % 2 == 0]
    fast = [length for turn, length in enumerate(lengths) if turn // 2 % 2 == 1]
    assert slow == pytest.approx([slow[0]] * 8, abs=0.03)
    assert fast == pytest.approx([fast[0]] * 8, abs=0.03)
    assert slow[0] > fast[0] * 1.2


def test_a_killed_child_is_replaced_within_the_same_sentence(real: ChildEngine, tmp_path: Path) -> None:
    before = real.make(SHORT, tmp_path / "x.wav")
    os.kill(real.state()["pid"], signal.SIGKILL)
    after = real.make(SHORT, tmp_path / "x.wav")
    assert after.seconds == pytest.approx(before.seconds, abs=0.03)
    assert not real.state()["resting"]


def test_the_first_sentence_of_a_new_child_sounds_like_every_other(real: ChildEngine, tmp_path: Path) -> None:
    slow = Recipe((Line("xin chào", "vi", rate=90),), chime=False, repeat=1)
    usual = real.make(slow, tmp_path / "x.wav").seconds
    for _ in range(4):
        os.kill(real.state()["pid"], signal.SIGKILL)
        assert real.make(slow, tmp_path / "x.wav").seconds == pytest.approx(usual, abs=0.03)


def test_the_child_is_small_and_ends_with_its_server(tmp_path: Path) -> None:
    engine = opened(VoiceSettings())
    engine.make(SHORT, tmp_path / "x.wav")
    child = psutil.Process(engine.state()["pid"])
    assert child.memory_info().rss < 60_000_000
    engine.close()
    assert not child.is_running()
    with pytest.raises(VoiceFault, match="shutting down"):
        engine.make(SHORT, tmp_path / "x.wav")


def test_a_hanging_engine_is_ended_and_left_in_peace(dials: Dials, tmp_path: Path) -> None:
    dials.turn(mode="hang")
    begin = time.monotonic()
    with pytest.raises(VoiceFault, match="no answer within"):
        dials.engine.make(SHORT, tmp_path / "x.wav")
    assert time.monotonic() - begin < 4
    assert dials.engine.state()["running"] is False
    with pytest.raises(VoiceFault, match="no answer within"):
        dials.engine.make(SHORT, tmp_path / "x.wav")
    begin = time.monotonic()
    with pytest.raises(VoiceFault, match="rests for"):
        dials.engine.make(SHORT, tmp_path / "x.wav")
    assert time.monotonic() - begin < 0.1, "while it rests, a call must not wait for it"
    dials.turn(mode="tone")
    wait_for(lambda: not dials.engine.state()["resting"], 10)
    assert dials.engine.make(SHORT, tmp_path / "x.wav").seconds > 0.1


def test_a_crash_on_one_sentence_is_tried_once_more(dials: Dials, tmp_path: Path) -> None:
    dials.turn(mode="crash", times=1)
    assert dials.engine.make(SHORT, tmp_path / "x.wav").seconds > 0.1
    assert dials.engine.state()["starts"] == 2
    dials.turn(mode="crash")
    with pytest.raises(VoiceFault, match="ended"):
        dials.engine.make(SHORT, tmp_path / "x.wav")
    assert dials.engine.state()["resting"]


@pytest.mark.parametrize(
    ("mode", "reason"),
    [("silent", "gave silence"), ("empty", "no sound"), ("nothing", "missing"), ("refuse", "the engine refuses")],
)
def test_bad_output_is_noticed(dials: Dials, tmp_path: Path, mode: str, reason: str) -> None:
    dials.turn(mode=mode)
    with pytest.raises(VoiceFault, match=reason):
        dials.engine.make(SHORT, tmp_path / "x.wav")
    assert not list(tmp_path.glob("*.speech"))
    dials.turn()
    assert dials.engine.make(SHORT, tmp_path / "x.wav").seconds > 0.1
    assert dials.engine.state()["starts"] == 1


def test_sentences_never_overlap_in_the_engine(dials: Dials, tmp_path: Path) -> None:
    dials.turn(slow_s=0.05)
    threads = [threading.Thread(target=dials.engine.make, args=(SHORT, tmp_path / f"{n}.wav")) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    said = sorted(dials.said(), key=lambda each: float(each["begin"]))
    assert len(said) == 6
    assert all(first["end"] <= second["begin"] for first, second in pairwise(said))


SERVER = """
import sys, threading, time
from pathlib import Path
from display.voice.engine import ChildEngine
from display.voice.recipe import Line, Recipe
engine = ChildEngine("simulator", [sys.executable, "-m", "display.voice.simulator", sys.argv[1]], timeout_s=60)
order = Recipe((Line("xin chào", "vi"),))
threading.Thread(target=engine.make, args=(order, Path(sys.argv[1] + ".wav")), daemon=True).start()
while not Path(sys.argv[1]).with_suffix(".hanging").exists():
    time.sleep(0.02)
print(engine.state()["pid"], flush=True)
time.sleep(60)
"""


def test_no_child_outlives_a_killed_server_even_while_it_hangs(tmp_path: Path) -> None:
    dials = tmp_path / "dials.json"
    dials.write_text(json.dumps({"mode": "hang"}))
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(dials)], cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8"
    )
    with server:
        assert server.stdout is not None
        child = psutil.Process(int(server.stdout.readline()))
        server.kill()
    _, alive = psutil.wait_procs([child], timeout=5)
    assert not alive


def test_without_an_engine_only_clips_are_joined(tmp_path: Path) -> None:
    sound.write(tmp_path / "a.wav", sound.chime())
    engine = opened(VoiceSettings(driver="none"))
    with pytest.raises(VoiceFault, match="no speech engine"):
        engine.make(SHORT, tmp_path / "x.wav")
    joined = Joined("a", (str(tmp_path / "a.wav"), 0.1, str(tmp_path / "a.wav")), "1")
    made = engine.make(Recipe((joined,), chime=False, repeat=1), tmp_path / "x.wav")
    assert made.seconds == pytest.approx(2 * sound.seconds(sound.chime()) + 0.1, abs=0.7)
    engine.close()


def test_the_key_tells_everything_that_changes_the_sound() -> None:
    line = Line("xin chào", "vi")
    recipes = [
        Recipe((line,)),
        Recipe((Line("xin chào!", "vi"),)),
        Recipe((Line("xin chào", "en"),)),
        Recipe((Line("xin chào", "vi", voice="an"),)),
        Recipe((Line("xin chào", "vi", region="south"),)),
        Recipe((Line("xin chào", "vi", rate=141),)),
        Recipe((line, line)),
        Recipe((line,), chime=False),
        Recipe((line,), repeat=1),
        Recipe((line,), gap_s=0.6),
        Recipe((Joined("xin chào", ("a.wav",), "1"),)),
        Recipe((Joined("xin chào", ("a.wav",), "2"),)),
    ]
    keys = [recipe.key("pyttsx3") for recipe in recipes] + [recipes[0].key("other")]
    assert len(set(keys)) == len(keys)
    assert keys[0] == Recipe((Line("xin chào", "vi"),)).key("pyttsx3")


@dataclass(frozen=True)
class Installed:
    """A voice as an engine tells of it."""

    id: str
    name: str
    languages: tuple[str, ...]


WINDOWS = (
    Installed(r"HKLM\SOFTWARE\Microsoft\Speech\Voices\Tokens\TTS_MS_EN-US_ZIRA_11.0", "Microsoft Zira", ("en-US",)),
    Installed(r"HKLM\SOFTWARE\Microsoft\Speech\Voices\Tokens\MSTTS_V110_viVN_An", "Microsoft An", ("vi-VN",)),
)


def test_on_windows_microsoft_an_is_found() -> None:
    assert choose(WINDOWS, Line("a", "vi")).endswith("viVN_An")
    assert choose(WINDOWS, Line("a", "vi", region="south")).endswith("viVN_An")
    assert choose(WINDOWS, Line("a", "en")).endswith("ZIRA_11.0")
    with pytest.raises(NoVoiceError, match="language 'vi'"):
        choose(WINDOWS[:1], Line("a", "vi"))
