"""Sound as plain samples: read, trim, level, resample, join without clicks, write. Pure but for the files.

Everything is mono, 16 bit, ``RATE`` samples a second, held in ``array("h")``. It runs in the voice's child
process, so that a long loop over samples never holds up a page; only the chime is also made in the server.
"""

import math
import wave
from array import array
from collections.abc import Sequence
from functools import cache
from operator import mul
from pathlib import Path

RATE = 22_050
FULL = 32_767
SAMPLE_BYTES = 2
BLOCK = RATE // 200
"""Samples in 5 ms, the step in which silence is looked for."""

SILENT = 330
"""Peak below which a block counts as silence (1 % of full scale, about -40 dB)."""

FADE = RATE // 100
"""Samples of a fade: 10 ms, long enough to hide any step, too short to be heard."""

LOUD_RMS = 4_200.0
PEAK = 30_000
CHIME_HZ = (880.0, 1174.0, 1568.0)
CHIME_STEP_S = 0.24
CHIME_RING_S = 0.85
SHORT_STEP_S = 0.14
SHORT_RING_S = 0.42


class SoundError(ValueError):
    """The file is no WAV this voice can use; the text says why and what to do."""


def read(path: Path) -> "array[int]":
    """The samples of a WAV file (8, 16, 24 or 32 bit PCM, any channels and rate), mono at ``RATE``.

    Raises SoundError with a reason, also for a missing or empty file.
    """
    try:
        with wave.open(str(path), "rb") as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            raw = file.readframes(file.getnframes())
    except FileNotFoundError as fault:
        raise SoundError(f"{path.name}: the file is missing") from fault
    except (wave.Error, EOFError, OSError) as fault:
        raise SoundError(f"{path.name}: not a PCM WAV file ({fault}); save it as 16-bit PCM WAV") from fault
    if not raw or not channels or rate <= 0:
        raise SoundError(f"{path.name}: the file holds no sound")
    return resampled(_mono(_sixteen(raw, width), channels), rate)


def _sixteen(raw: bytes, width: int) -> "array[int]":
    if width == 1:
        return array("h", [(byte - 128) << 8 for byte in raw])
    whole = raw[: len(raw) - len(raw) % width]
    if width > SAMPLE_BYTES:  # keep the two highest bytes of each little-endian sample
        kept = bytearray(len(whole) // width * 2)
        kept[0::2], kept[1::2] = whole[width - 2 :: width], whole[width - 1 :: width]
        whole = bytes(kept)
    return array("h", whole)


def _mono(samples: "array[int]", channels: int) -> "array[int]":
    if channels == 1:
        return samples
    lanes = [samples[lane::channels] for lane in range(channels)]
    return array("h", [sum(frame) // channels for frame in zip(*lanes, strict=False)])


def resampled(samples: "array[int]", rate: int) -> "array[int]":
    """``samples`` taken at ``rate``, now at ``RATE``: a windowed sinc in 64 phases."""
    if rate == RATE or not samples:
        return samples
    step = rate / RATE
    reach = math.ceil(12 * max(1.0, step))
    table = [_kernel(phase / 64, reach, min(1.0, 1 / step) * 0.94) for phase in range(64)]
    padded = array("h", bytes(2 * reach)) + samples + array("h", bytes(2 * (reach + 2)))
    made = array("h")
    for at in range(int(len(samples) / step)):
        whole, part = divmod(at * step, 1.0)
        start = int(whole) + 1
        value = sum(map(mul, table[int(part * 64)], padded[start : start + 2 * reach]))
        made.append(_clipped(value))
    return made


def _kernel(shift: float, reach: int, cut: float) -> list[float]:
    taps = []
    for index in range(2 * reach):
        x = index - reach + 1 - shift
        sinc = 1.0 if x == 0 else math.sin(math.pi * cut * x) / (math.pi * cut * x)
        taps.append(sinc * (0.5 + 0.5 * math.cos(math.pi * x / (reach + 1))))
    total = sum(taps)
    return [tap / total for tap in taps]


def seconds(samples: "array[int]") -> float:
    """Length in seconds."""
    return len(samples) / RATE


def peak(samples: "array[int]") -> int:
    """The largest deviation from silence."""
    highest, lowest = max(samples, default=0), min(samples, default=0)
    return max(highest, -lowest)


def silence(length_s: float) -> "array[int]":
    """``length_s`` seconds of nothing."""
    return array("h", bytes(2 * max(0, round(length_s * RATE))))


def trimmed(samples: "array[int]", *, keep_s: float = 0.015) -> "array[int]":
    """Without the silence at both ends but ``keep_s`` of it; empty when there is nothing but silence."""
    loud = [at for at in range(0, len(samples), BLOCK) if peak(samples[at : at + BLOCK]) > SILENT]
    if not loud:
        return array("h")
    keep = round(keep_s * RATE)
    return samples[max(0, loud[0] - keep) : loud[-1] + BLOCK + keep]


def levelled(samples: "array[int]") -> "array[int]":
    """At the common loudness: root mean square of the sounding blocks ``LOUD_RMS``, peak below ``PEAK``."""
    blocks = [samples[at : at + BLOCK] for at in range(0, len(samples), BLOCK)]
    powers = [sum(map(mul, block, block)) / len(block) for block in blocks if peak(block) > SILENT]
    if not powers:
        return samples
    gain = min(LOUD_RMS / math.sqrt(sum(powers) / len(powers)), PEAK / peak(samples))
    return array("h", [int(sample * gain) for sample in samples])


def faded(samples: "array[int]") -> "array[int]":
    """With both ends raised from and lowered to exactly zero over ``FADE`` samples."""
    made = samples[:]
    length = min(FADE, len(made) // 2)
    for at in range(length):
        gain = 0.5 - 0.5 * math.cos(math.pi * at / length)
        made[at] = int(made[at] * gain)
        made[-1 - at] = int(made[-1 - at] * gain)
    return made


def joined(parts: Sequence["array[int]"]) -> "array[int]":
    """The parts one after another, neighbours overlapped by ``FADE`` samples.

    Each part is faded to zero at both ends first, so that no step is left at a join however hard a clip was
    cut; the overlap keeps words from being pulled apart.
    """
    made = array("h")
    for part in map(faded, parts):
        lap = min(FADE, len(made), len(part))
        for at in range(lap):
            made[at - lap] = _clipped(made[at - lap] + part[at])
        made.extend(part[lap:])
    return made


@cache
def chime() -> "array[int]":
    """Three soft notes going up (880, 1174, 1568 Hz), each ringing into the next. Not to be changed in place."""
    return _rung(CHIME_HZ, CHIME_STEP_S, CHIME_RING_S)


@cache
def short_chime() -> "array[int]":
    """The chime's last two notes, quick: between calls of which more wait. Not to be changed in place."""
    return _rung(CHIME_HZ[1:], SHORT_STEP_S, SHORT_RING_S)


def _rung(notes: Sequence[float], step_s: float, ring_s: float) -> "array[int]":
    made = array("d", bytes(8 * round((step_s * (len(notes) - 1) + ring_s) * RATE)))
    for turn, hertz in enumerate(notes):
        start = round(turn * step_s * RATE)
        for at in range(min(round(ring_s * RATE), len(made) - start)):
            made[start + at] += _note(hertz, at / RATE, ring_s)
    scale = 0.5 * FULL / max(map(abs, made))
    return faded(array("h", [int(sample * scale) for sample in made]))


def _note(hertz: float, at_s: float, ring_s: float) -> float:
    attack = min(1.0, at_s / 0.012)
    release = min(1.0, (ring_s - at_s) / 0.08)
    turn = 2 * math.pi * hertz * at_s
    tone = math.sin(turn) + 0.18 * math.sin(2 * turn) * math.exp(-9 * at_s)
    return attack * attack * (3 - 2 * attack) * release * math.exp(-4.5 * at_s) * tone


def write(path: Path, samples: "array[int]") -> None:
    """Write a mono 16-bit WAV; the caller makes the file appear under its final name."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())


def _clipped(value: float) -> int:
    return max(-FULL, min(FULL, round(value)))
