"""What no library reads: QR codes in grain, module by module; bars out of focus or shaken, sharpened for just that."""

from datetime import date
from itertools import islice

import numpy as np
import pytest

from benchmarks.reading_rivals import RIVALS
from scanner.reading import belief, cascade, finders, locate, modules
from scanner.reading.barlines import STRONG
from scanner.reading.barlines import read as read_bars
from scanner.reading.scanline import Blur, sharpened
from tools.receipt_lens import Shot, photograph
from tools.receipt_page import draw
from tools.receipt_wrong import tempting
from tools.receipts import Receipt

TODAY = date(2026, 11, 27)


def taken(only: str, seed: int, **more: object) -> Receipt:
    rng = np.random.default_rng(seed)
    page = draw(rng, only=only)
    image, truths = photograph(page, Shot(**{"size": (640, 480)} | more), rng)  # type: ignore[arg-type]
    return Receipt(image, only, truths)


def by_grid(receipt: Receipt) -> set[tuple[str, str]]:
    looks = [
        look
        for triple in finders.triples(receipt.image)
        for seen in modules.read(receipt.image, triple)
        for look in seen
    ]
    return {(look.found.symbology, look.found.text) for look in looks}


@pytest.mark.parametrize("turn", [0, 33, 200])
def test_a_grid_finds_its_code_in_grain_at_any_turn(turn: int) -> None:
    receipt = taken("qr", 7, angle=turn, module=2.2, noise=25.0)
    assert by_grid(receipt) == receipt.texts
    three = finders.triples(receipt.image)[0]
    assert abs(three.modules + 7 - receipt.truths[0].modules) < 2
    corner = np.asarray(receipt.truths[0].corners[0])
    assert np.hypot(*(np.asarray((three.corner.x, three.corner.y)) - corner)) < 8 * 2.2


def test_grids_give_nothing_where_nothing_stands() -> None:
    noise = np.random.default_rng(2).integers(0, 256, (480, 640), dtype=np.uint8)
    assert by_grid(Receipt(noise, "noise", ())) == set()
    assert by_grid(taken("code128", 3)) == set()


@pytest.mark.parametrize("more", [{"blur": 3.2, "module": 2.6}, {"motion": 5.5, "module": 2.4}])
def test_strong_blur_of_bars_is_undone_by_its_own_shape(more: dict[str, float]) -> None:
    receipt = taken("code128", 12, size=(1280, 720), noise=2.0, **more)
    place = locate.coarse_bars(receipt.image)[0]

    looks = [look for seen in islice(read_bars(receipt.image, place, 3.0, STRONG), 2) for look in seen]
    assert {(found.symbology, found.text) for found in belief.believed(looks, TODAY)} == receipt.texts
    assert not any(look(receipt.image) & receipt.texts for look in RIVALS.values())


@pytest.mark.parametrize("blur", [Blur("disc", 6, 1000), Blur("shake", 9, 1000), Blur("soft", 3, 1000)])
def test_sharpening_brings_edges_back(blur: Blur) -> None:
    line = np.repeat(np.tile([20.0, 230.0], 20), 12).astype(np.float32)
    kernel = {
        "disc": np.sqrt(np.clip(36 - np.arange(-6, 7) ** 2, 0, None)),
        "shake": np.ones(9),
        "soft": np.exp(-(np.arange(-9, 10) ** 2) / 18),
    }[blur.shape]
    blurred = np.convolve(np.pad(line, 20, "symmetric"), kernel / kernel.sum(), "same")[20:-20].astype(np.float32)
    assert np.abs(sharpened(blurred, blur) - line).mean() < 0.6 * np.abs(blurred - line).mean()


def test_a_core_is_not_taken_for_its_pattern() -> None:
    receipt = taken("qr", 2, angle=33, module=3.0, noise=32.0)
    assert abs(finders.triples(receipt.image)[0].modules + 7 - receipt.truths[0].modules) < 2
    assert by_grid(receipt) == receipt.texts


def test_tempting_pictures_give_no_wrong_read() -> None:
    for receipt in tempting(3, 5):
        assert {(one.symbology, one.text) for one in cascade.read(receipt.image, 4000)} <= receipt.texts, receipt.kind
