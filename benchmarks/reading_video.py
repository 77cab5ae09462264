"""Codes under the lens: clips of 30 frames at 15 a second, with jitter and focus that settles."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from benchmarks.figures import Figure, middle, percentile
from benchmarks.reading_rivals import zxing
from scanner.reading import Reader, Verdict
from tools.receipts import Receipt, clip, easy_clip, hopeless_clip

FPS = 15
CLIPS, EASY = 16, 8


@dataclass
class Watched:
    """What came of one clip. Times are in ms from its first frame on, the reading itself included."""

    ms: list[float] = field(default_factory=list)
    first: float | None = None
    reads: int = 0
    wrong: int = 0
    hint: float | None = None
    rival: bool = False

    def take(self, at_ms: float, verdict: Verdict, receipt: Receipt) -> None:
        """One more frame."""
        if verdict.found:
            right = (verdict.found.symbology, verdict.found.text) in receipt.texts
            self.reads, self.wrong = self.reads + 1, self.wrong + (not right)
            self.first = at_ms if self.first is None else self.first
        if verdict.hint and self.hint is None:
            self.hint = at_ms


def watch(frames: Iterable[Receipt], *, rival: bool = False) -> Watched:
    """Feed the frames as a lens would; ``rival``: also see whether zxing-cpp alone reads any of them."""
    reader, watched = Reader(), Watched()
    for number, receipt in enumerate(frames):
        began = time.perf_counter()
        verdict = reader.feed(receipt.image, number / FPS)
        took = 1000 * (time.perf_counter() - began)
        watched.ms.append(took)
        watched.take(1000 * number / FPS + took, verdict, receipt)
        watched.rival = watched.rival or (rival and bool(zxing(receipt.image) & receipt.texts))
    return watched


def measure() -> Iterator[Figure]:
    """All clips, then the easy ones, then one that nobody can read."""
    clips = [watch(clip(seed), rival=True) for seed in range(500, 500 + CLIPS)]
    easy = [watch(easy_clip(seed)) for seed in range(EASY)]
    frames = [ms for one in clips + easy for ms in one.ms]
    yield Figure("r", f"{CLIPS} clips: read", sum(one.reads > 0 for one in clips), f"of {CLIPS}")
    yield Figure(
        "r", f"{CLIPS} clips: read by zxing-cpp alone on any frame", sum(one.rival for one in clips), f"of {CLIPS}"
    )
    yield Figure("r", "clips: wrong reads", sum(one.wrong for one in clips + easy), "", 0)
    yield Figure("r", "clips: a receipt given twice", sum(one.reads > 1 for one in clips + easy), "", 0)
    yield Figure("r", "a frame of 1280 × 720: p50", middle(frames), "ms", 20)
    yield Figure("r", "a frame of 1280 × 720: p95", percentile(frames, 0.95), "ms", 150)
    slowest = max(one.first if one.first is not None else 9e9 for one in easy)
    yield Figure("r", f"{EASY} easy receipts under the lens: slowest first read", slowest, "ms", 350)
    hopeless = watch(hopeless_clip(1))
    yield Figure("r", "an unreadable receipt: hint after", hopeless.hint or 9e9, "ms", 2300)
