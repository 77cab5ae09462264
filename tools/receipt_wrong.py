"""Pictures that tempt a reader to a wrong text: codes taken away, put together wrongly, or spoilt beyond reading.

As a program (``python -m tools.receipt_wrong [--count 2000] [--seed 1]``) it has them all read and counts wrong texts.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from scanner.reading import STILL_MS, read
from tools.receipt_goods import goods
from tools.receipt_lens import Shot, photograph
from tools.receipt_page import Page, draw
from tools.receipts import Receipt

Rng = np.random.Generator
Grey = npt.NDArray[np.uint8]
SIZE = (640, 480)
WAYS = ("blank", "squares", "stripes", "swapped")


def tempting(count: int, seed: int) -> Iterator[Receipt]:
    """``count`` pictures: bars of other goods, receipts without a true code, true codes spoilt; in turn."""
    others = goods(count, seed)
    for number in range(count):
        rng = np.random.default_rng([seed, number, 123])
        match number % 3:
            case 0:
                yield next(others)
            case 1:
                yield _without(rng)
            case _:
                yield _spoilt(rng)


def _without(rng: Rng) -> Receipt:
    """A receipt on which something else stands where its codes were; no text of it may be read."""
    page = draw(rng)
    image, way = page.image.copy(), WAYS[int(rng.integers(len(WAYS)))]
    for truth in page.truths:
        corners = np.asarray(truth.corners).astype(int)
        (left, top), (right, bottom) = corners.min(0), corners.max(0)
        image[top:bottom, left:right] = _instead(image[top:bottom, left:right], way, rng)
    shot = Shot(size=SIZE, module=float(rng.uniform(1.2, 3.2)), angle=float(rng.uniform(-20, 20)), blur=_blur(rng))
    return Receipt(photograph(Page(image, page.truths), shot, rng)[0], way, ())


def _instead(code: Grey, way: str, rng: Rng) -> Grey:
    high, wide = code.shape
    if way == "swapped":  # its halves in the wrong order
        part = int(rng.uniform(0.3, 0.7) * wide)
        return np.concatenate([code[:, part:], code[:, :part]], 1)
    dots = 12 if way == "squares" else 4
    rows = high // dots + 1 if way == "squares" else 1
    light = rng.integers(0, 2, (rows, wide // dots + 1)) if way != "blank" else np.ones((1, wide), int)
    drawn = np.repeat(np.repeat(light, high if rows == 1 else dots, 0), dots, 1)[:high, :wide]
    return np.asarray(drawn * 215 + 30, np.uint8)


def _blur(rng: Rng) -> float:
    return float(rng.uniform(0.3, 2.0))


def _spoilt(rng: Rng) -> Receipt:
    """A true receipt out of focus, shaken and grainy: what is read must stand on it."""
    page = draw(rng)
    shot = Shot(size=SIZE, module=float(rng.uniform(1.2, 3.2)), blur=float(rng.uniform(1.5, 5)))
    shaken = replace(shot, motion=float(rng.uniform(0, 18)), motion_angle=float(rng.uniform(0, 180)))
    image, truths = photograph(page, replace(shaken, noise=float(rng.uniform(3, 40))), rng)
    return Receipt(image, "spoilt", truths)


def main(arguments: list[str]) -> int:
    """Read them; the exit code says whether any text was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tools.receipt_wrong", description="Wrong reads, counted.")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    wrong = 0
    for number, receipt in enumerate(tempting(asked.count, asked.seed), 1):
        bad = {(one.symbology, one.text) for one in read(receipt.image, 2 * STILL_MS)} - receipt.texts
        wrong += len(bad)
        if bad or number % 50 == 0 or number == asked.count:
            print(f"{number} pictures, {wrong} wrong reads", *sorted(bad), flush=True)
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
