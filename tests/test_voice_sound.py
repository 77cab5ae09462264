"""Sound as samples: formats read, silence trimmed, joins without a click, the chime's notes."""

import math
import wave
from array import array
from itertools import pairwise
from pathlib import Path

import pytest

from display.voice import sound


def tone(hertz: float, length_s: float, *, amplitude: int = 12_000, rate: int = sound.RATE) -> "array[int]":
    step = 2 * math.pi * hertz / rate
    return array("h", [int(amplitude * math.cos(step * at)) for at in range(round(length_s * rate))])


def steepest(samples: "array[int]") -> int:
    return max((abs(after - before) for before, after in pairwise(samples)), default=0)


def power_at(samples: "array[int]", hertz: float) -> float:
    """Goertzel: how much of ``hertz`` is in the samples, as amplitude."""
    turn = 2 * math.pi * hertz / sound.RATE
    a = sum(sample * math.cos(turn * at) for at, sample in enumerate(samples))
    b = sum(sample * math.sin(turn * at) for at, sample in enumerate(samples))
    return 2 * math.hypot(a, b) / len(samples)


def write_wav(path: Path, frames: bytes, *, width: int, channels: int, rate: int) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(frames)
    return path


def in_width(samples: "array[int]", width: int) -> bytes:
    if width == 1:
        return bytes((sample >> 8) + 128 for sample in samples)
    return b"".join(sample.to_bytes(2, "little", signed=True).rjust(width, b"\0") for sample in samples)


@pytest.mark.parametrize("width", [1, 2, 3, 4])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000])
def test_every_usual_recording_becomes_the_same_sound(tmp_path: Path, width: int, channels: int, rate: int) -> None:
    recorded = tone(440, 0.25, rate=rate)
    doubled = array("h", [sample for sample in recorded for _ in range(channels)])
    path = write_wav(tmp_path / "clip.wav", in_width(doubled, width), width=width, channels=channels, rate=rate)
    heard = sound.read(path)
    assert sound.seconds(heard) == pytest.approx(0.25, abs=0.002)
    middle = heard[len(heard) // 4 : 3 * len(heard) // 4]
    assert power_at(middle, 440) == pytest.approx(12_000, rel=0.05)
    assert power_at(middle, 3_000) < 400


def test_resampling_lets_no_whistle_through() -> None:
    above_nyquist = tone(15_000, 0.2, rate=48_000)
    assert sound.peak(sound.resampled(above_nyquist, 48_000)[400:-400]) < 700


def test_what_is_no_sound_is_refused_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("not a sound")
    (tmp_path / "zero.wav").write_bytes(b"")
    write_wav(tmp_path / "empty.wav", b"", width=2, channels=1, rate=22_050)
    for name, reason in (("text", "16-bit PCM"), ("zero", "16-bit PCM"), ("empty", "no sound"), ("gone", "missing")):
        with pytest.raises(sound.SoundError, match=reason):
            sound.read(tmp_path / f"{name}.wav")


def test_trimming_takes_silence_only() -> None:
    padded = sound.silence(0.4) + tone(300, 0.3) + sound.silence(0.7)
    assert sound.seconds(sound.trimmed(padded)) == pytest.approx(0.33, abs=0.012)
    assert not sound.trimmed(sound.silence(1))
    assert not sound.trimmed(array("h"))


@pytest.mark.parametrize("amplitude", [700, 3_000, 32_000])
def test_clips_come_to_one_level(amplitude: int) -> None:
    levelled = sound.levelled(tone(300, 0.2, amplitude=amplitude))
    assert sound.peak(levelled) == pytest.approx(sound.LOUD_RMS * math.sqrt(2), rel=0.03)
    assert sound.peak(levelled) <= sound.PEAK


def test_hard_cut_clips_join_without_a_click() -> None:
    # A cosine begins at its very top and these lengths end in the middle of a swing: the worst cuts there are.
    clips = [tone(hertz, 0.1503, amplitude=20_000) for hertz in (200, 330, 470, 250)]
    natural = max(map(steepest, clips))
    made = sound.joined([sound.silence(0.05), *clips, sound.silence(0.05)])
    blunt = sound.silence(0.05) + clips[0] + clips[1] + clips[2] + clips[3] + sound.silence(0.05)
    assert steepest(blunt) > 10 * natural, "the blunt join must click, or this test shows nothing"
    assert steepest(made) <= 1.5 * natural
    assert sound.seconds(made) == pytest.approx(0.1 + 4 * 0.1503 - 5 * 0.01, abs=0.002)


def test_joining_keeps_the_order() -> None:
    made = sound.joined([tone(400, 0.2), tone(900, 0.2), tone(600, 0.2)])
    third = len(made) // 3
    for turn, hertz in enumerate((400, 900, 600)):
        part = made[turn * third + third // 4 : turn * third + 3 * third // 4]
        assert max((400, 600, 900), key=lambda each: power_at(part, each)) == hertz


def test_the_chime_is_soft_and_has_its_three_notes() -> None:
    chime = sound.chime()
    assert 1.0 < sound.seconds(chime) < 2.0
    assert 0.4 * sound.FULL < sound.peak(chime) <= 0.5 * sound.FULL
    assert abs(chime[0]) < 60
    assert abs(chime[-1]) < 60
    step = round(sound.CHIME_STEP_S * sound.RATE)
    for turn, hertz in enumerate(sound.CHIME_HZ):
        struck = chime[turn * step + 300 : (turn + 1) * step]
        assert power_at(struck, hertz) > 1_500
        assert power_at(chime[: turn * step], hertz) < 300 if turn else True
