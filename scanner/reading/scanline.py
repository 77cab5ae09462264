"""From upright bars to scan lines: rows averaged, light evened out, blur taken back; many lines are cheap to read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scanner.reading import vision
from scanner.reading.picture import Floats, Grey

BAND: int = 8
"""Rows that each scan line fills in the picture given to the engines."""


@dataclass(frozen=True, slots=True)
class Blur:
    """What may have blurred a line: ``soft`` (Gaussian, its sigma), ``disc`` (out of focus, its radius), ``shake`` (its
    length along the line), or ``laid``: what is to be laid on instead. Sizes in values of the line; ``clean`` is the
    power of signal over noise that is counted on."""

    shape: Literal["soft", "disc", "shake", "laid"]
    size: float
    clean: float = 0.0


def lines(flat: Floats) -> Iterator[Floats]:
    """Rows of upright bars made one: those that look alike, the dark that glare left, each third, the light."""
    yield _alike(flat)
    yield _ranked(flat, 20)
    third = max(4, flat.shape[0] // 3)
    for top in (0, (flat.shape[0] - third) // 2, flat.shape[0] - third):
        yield flat[top : top + third].mean(0)
    yield _ranked(flat, 80)


def _alike(flat: Floats) -> Floats:
    """The mean of the rows, each weighted by how much it is like the middle of them all."""
    middle = np.median(flat, axis=0)
    middle = middle - vision.softened(middle[None], 25)[0]
    rows = flat - vision.softened(flat, 25)
    like = (rows * middle).sum(1) / (np.sqrt((rows**2).sum(1) * (middle**2).sum()) + 1e-6)
    weight = np.clip(like - 0.3 * like.max(), 0.01, None) ** 2
    return np.asarray((flat * weight[:, None]).sum(0) / weight.sum(), np.float32)


def _ranked(flat: Floats, share: int) -> Floats:
    """Of each column the grey below which ``share`` percent lie: low against glare, high against what covers."""
    return np.asarray(np.percentile(vision.softened(flat, 0.8), share, axis=0), np.float32)


def stretched(line: Floats, factor: float) -> Floats:
    """``line`` made ``factor`` times as long."""
    return vision.lengthened(line, max(2, round(len(line) * factor)))


def even(line: Floats, reach: int) -> Floats:
    """``line`` between its local darkest and lightest: 0 to 1 whatever the light."""
    soft = vision.softened(line[None], 1.0)[0]
    low, high = vision.lowest(soft, reach), vision.highest(soft, reach)
    span = np.maximum(high - low, 0.25 * float(np.percentile(high - low, 90)) + 1)
    return np.asarray(np.clip((line - low) / span, 0, 1), np.float32)


def detail(line: Floats, sigma: float) -> Floats:
    """``line`` against its own neighbourhood: what a crease or a stain across the bars leaves readable."""
    rest = line - vision.softened(line[None], sigma)[0]
    spread = np.sqrt(vision.softened((rest**2)[None], 3 * sigma)[0]) + 0.1 * float(rest.std()) + 1e-3
    return np.asarray(np.clip(0.5 + rest / (3 * spread), 0, 1), np.float32)


def sharpened(line: Floats, blur: Blur) -> Floats:
    """Wiener's inverse of a blur (of ``laid``: that blur itself)."""
    if blur.shape == "laid":  # a line finer than any bar, a scratch or a dead dot, is no bar
        return np.asarray(vision.softened(line[None], blur.size)[0], np.float32)
    wide = len(line)
    padded = np.concatenate([line, line[::-1]])
    passed = _passed(blur, 2 * wide)
    inverse = passed / (passed**2 + 1 / blur.clean)
    sharp = np.fft.irfft(np.fft.rfft(padded) * inverse / inverse[0], 2 * wide)
    return np.asarray(sharp[:wide], np.float32)


def _passed(blur: Blur, wide: int) -> Floats:
    """What the blur leaves of each frequency of ``wide`` values. A disc and a shake turn some the other way round."""
    rate = np.fft.rfftfreq(wide)
    if blur.shape == "soft":
        return np.asarray(np.exp(-2 * (np.pi * rate * blur.size) ** 2))
    if blur.shape == "shake":
        return np.asarray(np.sinc(rate * blur.size))
    across = np.arange(-int(blur.size) - 1, int(blur.size) + 2)
    kernel = np.sqrt(np.clip(blur.size**2 - across**2, 0, None))  # a disc seen from the side
    whole = np.zeros(wide)
    whole[across % wide] = kernel / kernel.sum()
    return np.asarray(np.fft.rfft(whole).real)


def stacked(made: list[Floats]) -> Grey:
    """Scan lines of 0 to 1, one under the other, as a picture."""
    grey = np.clip(np.stack(made) * 215 + 20, 0, 255).astype(np.uint8)
    return np.repeat(grey, BAND, 0)
