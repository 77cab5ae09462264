"""The server's loudspeaker, around programs that play, fail, or never end."""

import sys
import threading
import time
from pathlib import Path

import pytest

from display.voice import VoiceFault, sound
from display.voice.player import Loudspeaker

PLAYS = (sys.executable, "-c", "import pathlib, sys; pathlib.Path(sys.argv[1] + '.heard').touch()", "{file}")
FAILS = (sys.executable, "-c", "import sys; sys.exit('no sound card')", "{file}")
HANGS = (sys.executable, "-c", "import time; time.sleep(60)", "{file}")
ABSENT = ("no-such-player-here", "{file}")


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    sound.write(tmp_path / "a b.wav", sound.silence(0.1))
    return tmp_path / "a b.wav"


def test_the_first_program_that_works_plays(wav: Path) -> None:
    speaker = Loudspeaker([ABSENT, FAILS, PLAYS])
    speaker.play(wav, 0.1, threading.Event())
    assert wav.with_name("a b.wav.heard").exists()
    assert speaker.ready() == sys.executable


def test_no_program_and_no_sound_card_are_told(wav: Path) -> None:
    with pytest.raises(VoiceFault, match="install one of: no-such-player-here"):
        Loudspeaker([ABSENT]).play(wav, 0.1, threading.Event())
    with pytest.raises(VoiceFault, match="install one of"):
        Loudspeaker([ABSENT]).ready()
    with pytest.raises(VoiceFault, match="no sound card"):
        Loudspeaker([FAILS]).play(wav, 0.1, threading.Event())


def test_a_player_that_never_ends_is_ended(wav: Path) -> None:
    begin = time.monotonic()
    with pytest.raises(VoiceFault, match="still playing"):
        Loudspeaker([HANGS]).play(wav, -4.5, threading.Event())
    assert time.monotonic() - begin < 3


def test_stopping_ends_the_sound_at_once(wav: Path) -> None:
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    begin = time.monotonic()
    Loudspeaker([HANGS]).play(wav, 30, stop)
    assert time.monotonic() - begin < 3
