"""Frames of a lens: two agree, a receipt is given once, a hint comes when nothing reads. A fake sees what dials say."""

import numpy as np
import pytest

from scanner.reading import Found, Reader, Verdict
from tools.receipts import clip, easy_clip, hopeless_clip

CODE = "H55.242-261120-0007"
FRAME = np.zeros((4, 4), np.uint8)
FPS = 15


class Engines:
    """Sees what the dials say."""

    def __init__(self) -> None:
        self.sees: list[Found] = []
        self.trouble = ""

    def look(self, frame: np.ndarray, *, eager: bool = True) -> tuple[list[Found], str]:
        assert frame is FRAME
        return self.sees, "" if self.sees else self.trouble


class Lens:
    """A reader and its clock."""

    def __init__(self) -> None:
        self.engines = Engines()
        self.reader = Reader(self.engines)
        self.now = 100.0

    def show(self, seconds: float, *found: Found, trouble: str = "") -> list[Verdict]:
        """What comes of holding this under the lens for so long, nothings left out."""
        self.engines.sees, self.engines.trouble = list(found), trouble
        verdicts = []
        for _ in range(round(seconds * FPS)):
            verdicts.append(self.reader.feed(FRAME, self.now))
            self.now += 1 / FPS
        return [verdict for verdict in verdicts if verdict.found or verdict.hint]


def bars(text: str = CODE) -> Found:
    return Found("code128", text, "zxing")


def square(text: str) -> Found:
    return Found("qr", text, "zxing")


def test_bars_want_two_frames_and_a_square_one() -> None:
    lens = Lens()
    assert lens.show(1 / FPS, bars()) == []
    assert [verdict.found for verdict in lens.show(1 / FPS, bars())] == [bars()]
    assert len(Lens().show(1 / FPS, square(CODE))) == 1


def test_a_single_misread_frame_is_never_given() -> None:
    lens = Lens()
    lens.show(1 / FPS, bars("H55.242-261120-0008"))
    given = lens.show(2, bars())
    assert [verdict.found for verdict in given] == [bars()]


def test_same_receipt_is_given_once_while_it_is_held() -> None:
    lens = Lens()
    assert len(lens.show(5, bars())) == 1
    assert lens.show(4, trouble="tilt") == []  # it lies there and does not read for a while
    assert lens.show(3, bars()) == []
    lens.show(3)
    assert len(lens.show(1, bars())) == 1  # taken away, and held there again


def test_bars_and_square_of_one_receipt_are_one() -> None:
    lens = Lens()
    address = square(f"https://dichvucong.example.vn/tra-cuu.aspx?mahs={CODE}")
    assert len(lens.show(3, address, bars())) == 1


def test_a_text_of_no_use_waits_for_a_better_one() -> None:
    lens, other = Lens(), square("https://motcua.example.vn/apiqr/qr?id=0b7d")
    assert lens.show(0.4, other) == []
    assert [verdict.found for verdict in lens.show(2, other, bars())] == [bars()]
    assert [verdict.found for verdict in Lens().show(2, other)] == [other]


def test_the_next_receipt_is_given_at_once() -> None:
    lens = Lens()
    lens.show(1, bars())
    assert len(lens.show(0.2, bars("H55.242-261120-0009"))) == 1


def test_hint_after_two_seconds_and_none_over_an_empty_desk() -> None:
    lens = Lens()
    assert lens.show(1.9, trouble="tilt") == []
    assert lens.show(0.3, trouble="tilt")[0].hint == "tilt"
    lens.show(0.2)
    assert lens.show(1.9, trouble="move") == []
    assert Lens().show(5) == []


@pytest.mark.parametrize("seed", range(3))
def test_easy_receipt_is_read_within_a_third_of_a_second(seed: int) -> None:
    reader, number = Reader(), 0
    for number, receipt in enumerate(easy_clip(seed, 6)):
        found = reader.feed(receipt.image, number / FPS).found
        if found:
            assert (found.symbology, found.text) in receipt.texts
            break
    assert 1000 * number / FPS <= 300


def test_settling_focus_is_waited_for() -> None:
    reader = Reader()
    receipts = list(clip(3))
    given = [found for n, one in enumerate(receipts) if (found := reader.feed(one.image, n / FPS).found)]
    assert [(found.symbology, found.text) in receipts[0].texts for found in given] == [True]


def test_real_engines_hint_at_what_nobody_can_read_and_not_at_a_bare_desk() -> None:
    reader = Reader()
    hints = [reader.feed(one.image, n / 5).hint for n, one in enumerate(hopeless_clip(1, 13))]
    assert hints[:10] == [""] * 10
    assert hints[-1]
    desk, reader = np.full((720, 1280), 120, np.uint8), Reader()
    assert {reader.feed(desk, n / 5).hint for n in range(15)} == {""}
