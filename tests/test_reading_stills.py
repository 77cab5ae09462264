"""Still pictures: what is read, and that nothing is read that does not stand there."""

import os
import subprocess
import sys
import time
from datetime import date

import cv2
import numpy as np
import pytest

from benchmarks.reading_rivals import RIVALS, zbar
from scanner.reading import STILL_MS, Found, UnreadablePicture, read, read_bytes, shape
from scanner.reading.belief import Look, believed
from tools.receipt_goods import goods, names
from tools.receipt_strangers import strangers
from tools.receipts import KINDS, Receipt, still, stills, tilted

TODAY = date(2026, 11, 27)
SMALL = ((640, 480), (1280, 720))
CODE = "H55.242-261120-0007"


def texts(receipt: Receipt, budget_ms: float = STILL_MS) -> set[tuple[str, str]]:
    return {(found.symbology, found.text) for found in read(receipt.image, budget_ms)}


def test_reads_what_any_library_reads_and_more() -> None:
    union = ours = 0
    for receipt in (*stills(13, 7, SMALL[:1]), *strangers(6, 7)):
        rivals = any(look(receipt.image) & receipt.texts for look in RIVALS.values())
        got = texts(receipt)
        assert got <= receipt.texts, f"{receipt.kind}: a text that does not stand there"
        assert got or not rivals, f"{receipt.kind}: a library reads it, ours does not"
        union, ours = union + rivals, ours + bool(got)
    assert ours >= 13
    assert ours >= union + 3


@pytest.mark.parametrize("tilt", range(0, 46, 5))
def test_reads_bars_at_every_tilt(tilt: int) -> None:
    assert all(texts(one) == one.texts for one in (tilted(tilt, seed) for seed in range(3)))


def test_same_seed_same_picture_and_corners_where_the_code_is() -> None:
    one, two = still("rotation", 5, SMALL), still("rotation", 5, SMALL)
    assert np.array_equal(one.image, two.image)
    assert one.truths == two.truths
    assert set(KINDS) == {receipt.kind for receipt in stills(len(KINDS), 1, SMALL[:1])}
    straight = tilted(20, 1)
    found = read(straight.image)[0]
    middle = np.mean(found.corners, axis=0)
    assert np.hypot(*(middle - np.mean(straight.truths[0].corners, axis=0))) < 40


def test_vietnamese_names_come_back_whole_where_zbar_garbles_them() -> None:
    garbled = 0
    for receipt in names(6, 3):  # each is looked at to the end of the time: a name is no code
        assert texts(receipt) == receipt.texts
        garbled += zbar(receipt.image) != receipt.texts
    assert garbled > 2, "these names would prove nothing"


def test_other_bars_give_no_wrong_read() -> None:
    for receipt in goods(15, 3):
        assert texts(receipt, 500) <= receipt.texts


def test_nothing_is_read_from_noise_and_the_time_is_kept() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (720, 1280), dtype=np.uint8)
    began = time.monotonic()
    assert read(noise, 300) == []
    assert time.monotonic() - began < 2


def test_bytes_of_a_picture_are_read_and_others_refused() -> None:
    receipt = tilted(8, 2)
    stored = cv2.imencode(".png", receipt.image)[1].tobytes()
    assert {(found.symbology, found.text) for found in read_bytes(stored)} == receipt.texts
    for data in (b"", b"no picture", stored[:300]):
        with pytest.raises(UnreadablePicture):
            read_bytes(data)


def test_more_than_twelve_megapixels_are_refused() -> None:
    data = cv2.imencode(".png", np.zeros((4000, 4000), np.uint8))[1].tobytes()
    with pytest.raises(UnreadablePicture, match="too many"):
        read_bytes(data)


def bars(text: str, engine: str = "zxing", symbology: str = "code128") -> Found:
    return Found(symbology, text, engine)


@pytest.mark.parametrize(
    ("looks", "kept"),
    [
        ([Look(bars(CODE))], [CODE]),
        ([Look(bars(CODE), "1/0/0")], []),  # one scan line of our own making is not enough
        ([Look(bars(CODE), "1/0/0"), Look(bars(CODE), "1/1/0")], [CODE]),
        ([Look(bars("H55.242-271320-0007"))], []),  # no such month
        ([Look(bars("H55.242-261220-0007"))], []),  # a day to come
        ([Look(bars("H55.242-091120-0007"))], []),  # long before such codes
        ([Look(bars(CODE, symbology="code39"))], []),  # Code 39 has no check sum
        ([Look(bars(CODE, symbology="code39")), Look(bars(CODE, "zbar", "code39"))], [CODE]),
        ([Look(bars("PARCEL-1"))], []),
        ([Look(bars("PARCEL-1")), Look(bars("PARCEL-1", "zbar"), "1/0/0")], ["PARCEL-1"]),
        ([Look(bars(CODE)), Look(bars("H55.242-261120-0008"))], []),  # the same bars read in two ways
        ([Look(bars("MC-BCGHKLMN"))], ["MC-BCGHKLMN"]),
        ([Look(bars("Trần Thị Mẫu", symbology="qr"))], ["Trần Thị Mẫu"]),
    ],
)
def test_what_is_believed(looks: list[Look], kept: list[str]) -> None:
    assert [found.text for found in believed(looks, TODAY)] == kept


@pytest.mark.parametrize("zone", ["Etc/GMT+12", "Etc/GMT-14"])  # 26 hours apart: not the same day at any moment
def test_the_day_is_that_of_viet_nam_whatever_the_zone_of_the_computer(zone: str) -> None:
    before = shape.today()
    program = [sys.executable, "-c", "from scanner.reading import shape; print(shape.today())"]
    told = subprocess.run(program, env=os.environ | {"TZ": zone}, capture_output=True, text=True, check=True).stdout
    assert before <= date.fromisoformat(told.strip()) <= shape.today()


def test_what_was_found_does_not_show_its_text() -> None:
    assert "Mẫu" not in repr(Found("qr", "000000000000|Trần Thị Mẫu", "zxing"))
