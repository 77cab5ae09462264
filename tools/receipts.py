"""Photographs of receipts that never were: code shapes, papers and everything that goes wrong before a lens.

``stills(count, seed)`` and ``clip(seed)`` give the same pictures for the same seed, each with what truly stands on it
and where. ``page`` (tools/receipt_page.py) draws the paper, ``lens`` (tools/receipt_lens.py) takes the picture.
As a program (``python -m tools.receipts FOLDER [--count 26] [--seed 1]``) it writes them as JPEG to look at.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from tools.receipt_lens import Shot, photograph
from tools.receipt_page import Page, Truth, draw

Grey = npt.NDArray[np.uint8]
Rng = np.random.Generator

KINDS = (
    *("clean", "blur", "motion", "noise", "dark", "glare", "perspective", "rotation", "curl"),
    *("occluded", "small", "jpeg", "mixture"),
)
SIZES = ((640, 480), (1280, 720), (1280, 960), (1920, 1080), (2592, 1944), (4000, 3000))
"""Width by height; small ones come more often, as in a hall."""
SHARE = (0.24, 0.28, 0.18, 0.18, 0.08, 0.04)
FRAMES = 30


@dataclass(frozen=True, slots=True)
class Receipt:
    """One picture with the codes that stand on it; their corners are in its pixels."""

    image: Grey
    kind: str
    truths: tuple[Truth, ...]

    @property
    def texts(self) -> frozenset[tuple[str, str]]:
        """Symbology and text of each code."""
        return frozenset((truth.symbology, truth.text) for truth in self.truths)


def stills(count: int, seed: int, sizes: tuple[tuple[int, int], ...] = SIZES) -> Iterator[Receipt]:
    """``count`` photographs, all kinds of trouble in turn."""
    for number in range(count):
        yield still(KINDS[number % len(KINDS)], seed * 100_003 + number, sizes)


def still(kind: str, seed: int, sizes: tuple[tuple[int, int], ...] = SIZES) -> Receipt:
    """One photograph with the given trouble."""
    rng = np.random.default_rng(seed)
    page = draw(rng)
    share = np.asarray(SHARE[: len(sizes)])
    size = sizes[int(rng.choice(len(sizes), p=share / share.sum()))]
    return _taken(page, _shot(kind, rng, size), kind, rng)


def tilted(angle: float, seed: int) -> Receipt:
    """A sharp photograph of a receipt with a Code 128, turned by ``angle`` degrees."""
    rng = np.random.default_rng(seed)
    page = draw(rng, only="code128")
    shot = Shot(size=(1280, 720), angle=angle, module=float(rng.uniform(2.2, 3.0)), blur=0.5, noise=2.0)
    return _taken(page, shot, "tilt", rng)


def clip(seed: int, size: tuple[int, int] = (1280, 720), frames: int = FRAMES) -> Iterator[Receipt]:
    """A receipt laid under the lens: it jitters, and the focus settles over the first half second or so."""
    rng = np.random.default_rng(seed)
    page = draw(rng)
    kind = KINDS[int(rng.integers(len(KINDS)))]
    shot = _shot(kind, rng, size)
    settles, worst = float(rng.uniform(2, 8)), float(rng.uniform(1, 6))
    for number in range(frames):
        now = shot.moved(rng, blur=shot.blur + worst * float(np.exp(-number / settles)))
        yield _taken(page, now, kind, rng)


def easy_clip(seed: int, frames: int = FRAMES) -> Iterator[Receipt]:
    """The same with nothing wrong but hand jitter: what must read at once."""
    rng = np.random.default_rng(seed)
    page = draw(rng)
    shot = Shot(size=(1280, 720), angle=float(rng.uniform(-6, 6)), module=float(rng.uniform(2.4, 3.2)), blur=0.6)
    for _ in range(frames):
        yield _taken(page, shot.moved(rng, blur=shot.blur), "easy", rng)


def hopeless_clip(seed: int, frames: int = 45) -> Iterator[Receipt]:
    """A receipt so far out of focus that nobody reads it, for three seconds."""
    rng = np.random.default_rng(seed)
    page = draw(rng, only="code128")
    for _ in range(frames):
        yield _taken(page, Shot(size=(1280, 720), module=2.4, blur=7.0), "hopeless", rng)


def _taken(page: Page, shot: Shot, kind: str, rng: Rng) -> Receipt:
    image, truths = photograph(page, shot, rng)
    return Receipt(image, kind, truths)


def _shot(kind: str, rng: Rng, size: tuple[int, int]) -> Shot:
    """A shot with a little of everything and much of ``kind``."""

    def between(low: float, high: float) -> float:
        return float(rng.uniform(low, high))

    mild: dict[str, Any] = {
        "size": size,
        "angle": between(-12, 12),
        "tilt": (between(-12, 12), between(-12, 12)),
        "module": between(1.9, 3.6),
        "blur": between(0.3, 0.9),
        "noise": between(1, 5),
        "light": between(0.7, 1.05),
        "slope": between(0, 0.35),
        "jpeg": int(between(70, 95)),
    }
    strong: dict[str, Callable[[], dict[str, Any]]] = {
        "blur": lambda: {"blur": between(1.2, 3.4)},
        "motion": lambda: {"motion": between(3, 14), "motion_angle": between(0, 180)},
        "noise": lambda: {"noise": between(14, 42)},
        "dark": lambda: {"light": between(0.06, 0.22), "noise": between(3, 9)},
        "glare": lambda: {"glare": between(0.5, 1.5), "glare_size": between(0.05, 0.22)},
        "perspective": lambda: {"tilt": (between(-48, 48), between(-48, 48))},
        "rotation": lambda: {"angle": between(0, 360)},
        "curl": lambda: {
            "curl": between(0.35, 1.5) * (1 if rng.random() < 0.5 else -1),
            "curl_angle": between(-30, 30),
        },
        "occluded": lambda: {"cover": between(0.08, 0.4)},
        "small": lambda: {"module": between(0.95, 1.7)},
        "jpeg": lambda: {"jpeg": int(between(6, 24))},
    }
    chosen = [kind] if kind in strong else []
    if kind == "mixture":
        chosen = [str(name) for name in rng.choice(sorted(strong), 3, replace=False)]
    for name in chosen:
        mild |= _eased(strong[name](), kind)
    return Shot(**mild)


def _eased(more: dict[str, Any], kind: str) -> dict[str, Any]:
    """In a mixture three troubles come together, each at little more than half its strength."""
    soft = ("blur", "motion", "noise", "glare", "cover")
    return {name: value * 0.6 if kind == "mixture" and name in soft else value for name, value in more.items()}


def main(arguments: list[str]) -> int:
    """Write pictures and one line of truth each."""
    parser = argparse.ArgumentParser(prog="python -m tools.receipts", description="Photographs of receipts.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=2 * len(KINDS))
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    asked.folder.mkdir(parents=True, exist_ok=True)
    for number, receipt in enumerate(stills(asked.count, asked.seed)):
        name = f"{number:03}-{receipt.kind}.jpg"
        cv2.imwrite(str(asked.folder / name), receipt.image)
        told = [{"symbology": t.symbology, "text": t.text, "corners": t.corners} for t in receipt.truths]
        print(json.dumps({"file": name, "codes": told}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
