"""(r) Codes on receipts: each library alone, zxing-cpp with retries, and ours, on the same pictures in one run."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks import reading_video
from benchmarks.figures import Figure, middle, percentile
from benchmarks.reading_rivals import RIVALS, Grey, Texts, with_corners, zbar
from scanner.reading import read
from tools.receipt_goods import names
from tools.receipt_strangers import strangers
from tools.receipt_wrong import tempting
from tools.receipts import Receipt, stills, tilted

SEED = 2026
"""Not the seed that the reader was built with."""
STILLS, STRANGERS = 104, 96
TILTS, EACH = range(46), 10
NAMES, TEMPTING = 150, 45


@dataclass
class Tally:
    """What one reader made of a set."""

    right: list[bool] = field(default_factory=list)
    wrong: int = 0
    ms: list[float] = field(default_factory=list)

    def count(self, got: Texts, truth: Texts, ms: float) -> None:
        """One more picture; a wrong read is a text that does not stand on it."""
        self.right.append(bool(got & truth))
        self.wrong += len(got - truth)
        self.ms.append(ms)

    @property
    def rate(self) -> float:
        """Pictures read, in percent."""
        return 100 * sum(self.right) / len(self.right)


def measure(_folder: Path) -> list[Figure]:
    """The sets one after another; nothing is written."""
    return [
        *_compared("own set", stills(STILLS, SEED)),
        *_compared("held-out set", strangers(STRANGERS, SEED)),
        *_tilts(),
        *_names(),
        *_tempting(),
        *reading_video.measure(),
    ]


def ours(image: Grey) -> Texts:
    """The cascade with its usual time."""
    return {(found.symbology, found.text) for found in read(image)}


def _compared(name: str, receipts: Iterable[Receipt]) -> Iterator[Figure]:
    tallies = {reader: Tally() for reader in (*RIVALS, "ours")}
    corners: list[bool] = []
    for receipt in receipts:
        for reader, look in (*RIVALS.items(), ("ours", ours)):
            began = time.perf_counter()
            got = look(receipt.image)
            tallies[reader].count(got, set(receipt.texts), 1000 * (time.perf_counter() - began))
        corners.append(bool(with_corners(receipt.image, receipt.truths)))
    yield from _told(name, tallies)
    yield from _against(name, tallies, np.asarray(corners))


def _told(name: str, tallies: dict[str, Tally]) -> Iterator[Figure]:
    for reader, tally in tallies.items():
        mine = reader == "ours"
        yield Figure("r", f"{name}, {reader}: read", tally.rate, "%")
        yield Figure("r", f"{name}, {reader}: wrong reads", tally.wrong, "", 0 if mine else None)
        yield Figure("r", f"{name}, {reader}: mean of a picture", sum(tally.ms) / len(tally.ms), "ms")
    yield Figure("r", f"{name}, ours: p50 of a picture", middle(tallies["ours"].ms), "ms")
    yield Figure("r", f"{name}, ours: p95 of a picture", percentile(tallies["ours"].ms, 0.95), "ms")


def _against(
    name: str, tallies: dict[str, Tally], corners: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
) -> Iterator[Figure]:
    union = np.any([tallies[reader].right for reader in RIVALS], axis=0)
    mine = np.asarray(tallies["ours"].right)
    yield Figure("r", f"{name}: any of the four reads", 100 * float(union.mean()), "%")
    yield Figure("r", f"{name}: ours misses what one of the four reads", int((union & ~mine).sum()), "", 0)
    yield Figure("r", f"{name}: readable with true corners", 100 * float(corners.mean()), "%")
    share = 100 * float((mine & corners).sum()) / max(1, int(corners.sum()))
    yield Figure("r", f"{name}: of those, read by ours", share, "%", 97, "at least")


def _tilts() -> Iterator[Figure]:
    good = [sum(bool(ours(one.image) & one.texts) for one in _at(tilt)) == EACH for tilt in TILTS]
    yield Figure("r", f"Code 128, tilts 0–45° with {EACH} of {EACH} read", sum(good), "of 46", len(TILTS), "at least")


def _at(tilt: int) -> Iterator[Receipt]:
    return (tilted(float(tilt), 1000 * tilt + number) for number in range(EACH))


def _names() -> Iterator[Figure]:
    garbled = rival = 0
    for receipt in names(NAMES, SEED):
        truth = set(receipt.texts)
        garbled += ours(receipt.image) != truth
        rival += zbar(receipt.image) != truth
    yield Figure("r", f"{NAMES} Vietnamese names in QR codes, ours: garbled or not read", garbled, "", 0)
    yield Figure("r", f"{NAMES} Vietnamese names in QR codes, pyzbar: garbled or not read", rival, "")


def _tempting() -> Iterator[Figure]:
    wrong = sum(len(ours(receipt.image) - receipt.texts) for receipt in tempting(TEMPTING, SEED))
    yield Figure("r", f"{TEMPTING} pictures of other bars, no code or spoilt ones: wrong reads accepted", wrong, "", 0)
