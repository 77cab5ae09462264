"""The drawn slip: what is on it, how large, how long, and that nothing written on it can break it."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as given_settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from pyzbar.pyzbar import ZBarSymbol, decode

from office.phrases import Phrases
from printer import canvas, fonts
from printer.sheet import Code, Raster
from printer.slip import DOTS, FINEST, LONGEST, Slip, draw, half_of
from tools.strips import picture

HERE = Path(__file__).resolve().parent
PHRASES = Phrases.load(HERE.parent / "config" / "phrases")
URL = "http://192.168.1.10:8000/t/ABCDEFGHJKLMNPQR"
PLAIN = Slip(
    number="H-025",
    service={"vi": "Hộ tịch", "en": "Civil status"},
    office={"vi": "Trung tâm Phục vụ hành chính công xã Phú Lương", "en": "Service Centre of Phu Luong Commune"},
    parent={"vi": "Ủy ban nhân dân xã Phú Lương", "en": "People's Committee of Phu Luong"},
    ahead=12,
    at=datetime(2026, 11, 23, 8, 15, 32),  # noqa: DTZ001 - a slip shows local time and keeps no zone
    url=URL,
)
LONG = {
    "vi": "Xác nhận tình trạng hôn nhân, giám hộ, nhận cha, mẹ, con và các việc hộ tịch khác có yếu tố nước ngoài",
    "en": "Marital status certificates, guardianship, recognition of parents and other matters with a foreign element",
}
KINDS = {
    "vi": PLAIN,
    "en": replace(PLAIN, language="en"),
    "priority": replace(PLAIN, priority=True),
    "copy": replace(PLAIN, copy=True, number="0007"),
    "long": replace(PLAIN, service=LONG, priority=True, copy=True, language="en", number="L-999", ahead=120),
}


def framed(image: Image.Image) -> Image.Image:
    """The picture as a scanner sees it: with paper around it, for the code's quiet zone."""
    paper = Image.new("L", (image.width + 80, image.height + 80), 255)
    paper.paste(image.convert("L"), (40, 40))
    return paper


@pytest.mark.parametrize("width", DOTS)
@pytest.mark.parametrize("kind", KINDS)
def test_slip_is_the_same_dots_as_ever(width: int, kind: str) -> None:
    """To accept a changed drawing, delete the pictures and run again: they are written anew, and looked at."""
    drawn = picture(draw(KINDS[kind], PHRASES, width))
    kept = HERE / "snapshots" / f"slip-{width}-{kind}.png"
    if not kept.exists():
        drawn.save(kept, optimize=True)
        pytest.fail(f"{kept.name} was missing and has been written: look at it")
    with Image.open(kept) as before:
        assert (drawn.size, drawn.tobytes()) == (before.size, before.convert("1").tobytes())


@pytest.mark.parametrize("width", DOTS)
@pytest.mark.parametrize("kind", KINDS)
def test_slip_is_short_and_keeps_its_margins(width: int, kind: str) -> None:
    drawn = picture(draw(KINDS[kind], PHRASES, width))
    assert drawn.width == DOTS[width]
    assert drawn.height <= LONGEST
    left, _, right, _ = drawn.point([255] * 128 + [0] * 128).getbbox() or (0, 0, 0, 0)
    assert left >= 8
    assert right <= DOTS[width] - 8


@pytest.mark.parametrize("width", DOTS)
@pytest.mark.parametrize("kind", KINDS)
def test_qr_is_read_from_the_drawing(width: int, kind: str) -> None:
    (found,) = decode(framed(picture(draw(KINDS[kind], PHRASES, width))), symbols=[ZBarSymbol.QRCODE])
    assert found.data.decode() == URL
    assert found.rect.width >= 176 - 2  # 22 mm
    assert found.rect.width // len(canvas.qr_modules(URL)) >= FINEST


def test_an_address_no_code_can_carry_is_left_out() -> None:
    for url in ("", "http://phú-lương.vn/t/A", "http://a/" + "b" * 400, "http://a/\n"):
        assert decode(framed(picture(draw(replace(PLAIN, url=url), PHRASES))), symbols=[ZBarSymbol.QRCODE]) == []


@pytest.mark.parametrize("width", DOTS)
@pytest.mark.parametrize("number", ["H-025", "0007", "A-108", "1", "L-1000"])
def test_number_is_at_least_18_mm_tall(width: int, number: str) -> None:
    """Every digit, measured on the slip: the tallest unbroken run of rows with ink between the rules."""
    drawn = picture(
        draw(replace(PLAIN, number=number, service={"vi": ""}, parent={}, office={}, url=""), PHRASES, width)
    )
    rows = [
        drawn.crop((0, y, drawn.width, y + 1)).point([255] * 128 + [0] * 128).getbbox() for y in range(drawn.height)
    ]
    runs = re.findall(r"#+", "".join("#" if row else " " for row in rows))
    assert max(len(run) for run in runs) >= 144


@pytest.mark.parametrize("weight", ["Medium", "SemiBold", "Bold"])
@pytest.mark.parametrize("size", [18, 22, 26, 34])
def test_marks_above_and_below_letters_are_not_clipped(weight: str, size: int) -> None:
    text = "ỖỂẪgyỵqỰ"
    paper = canvas.Canvas(576, 16)
    paper.space(100)
    paper.text(text, weight, size)
    paper.space(100)
    whole = Image.new("1", (576, 300), 0)
    pen = ImageDraw.Draw(whole)
    pen.fontmode = "1"
    pen.text((16, 150), text, fill=1, font=fonts.face(weight, size), anchor="ls")
    raster = paper.raster()
    drawn = Image.frombytes("1", (576, raster.height), raster.bits).getbbox()
    full = whole.getbbox()
    assert drawn is not None
    assert full is not None
    assert (drawn[2] - drawn[0], drawn[3] - drawn[1]) == (full[2] - full[0], full[3] - full[1])


def test_priority_is_marked_but_never_why() -> None:
    """A slip cannot say the reason: it is not told. The mark's words are the office's, from the phrases."""
    assert "priority" in Slip.__slots__
    assert isinstance(PLAIN.priority, bool)
    assert PHRASES.say("vi", "slip.priority") == "ƯU TIÊN"
    marked, plain = draw(KINDS["priority"], PHRASES), draw(PLAIN, PHRASES)
    assert marked.height > plain.height


def test_native_code_splits_the_sheet() -> None:
    upper, code, lower = draw(PLAIN, PHRASES, native_qr=True).parts
    assert isinstance(upper, Raster)
    assert isinstance(lower, Raster)
    assert code == Code(URL, 6)


def test_words_are_broken_between_lines_and_ended_honestly() -> None:
    assert canvas.wrap("một hai ba", "Bold", 26, 500, 2) == ("một hai ba",)
    lines = canvas.wrap("Trung tâm Phục vụ hành chính công xã Phú Lương", "Bold", 26, 360, 3)
    assert " ".join(lines) == "Trung tâm Phục vụ hành chính công xã Phú Lương"
    wide = [fonts.face("Bold", 26).getlength(line) for line in lines]
    assert max(wide) <= 360
    assert min(wide) > 0.5 * max(wide)  # no word left alone
    (cut,) = canvas.wrap("x" * 200, "Bold", 26, 300, 1)
    assert cut.endswith("…")


def test_text_is_cleaned() -> None:
    assert canvas.clean("  a\x00b\r\n\tc\u202e\u200bd  ", 50) == "a b cd"
    assert canvas.clean("Hô\u0323", 50) == "Hộ"
    assert canvas.clean("x" * 99, 12) == "x" * 12


def test_no_picture_holds_a_command() -> None:
    """DLE EOT and its kin inside a picture would be obeyed at once: one dot more and they are not there."""
    for bits in (b"\x10\x04\x01", b"\x00\x10\x05\x01\x00", b"\x10\x14\x01\x00", b"\x10\x04\x04" * 3):
        safe = canvas.tamed(bits)
        assert len(safe) == len(bits)
        assert not re.search(rb"\x10[\x04\x05\x14]", safe)
        assert all(before & ~after == 0 for before, after in zip(bits, safe, strict=True))
    assert canvas.tamed(b"\x10\x00\x04\x10\x20") == b"\x10\x00\x04\x10\x20"


HOSTILE = st.text(max_size=400) | st.sampled_from(
    [
        "\x1b@\x1dV\x00",
        "{0.__class__}",
        "'; DROP TABLE tickets;--",
        "\ud800",
        "a\u0301" * 500,
        "𝕏" * 300,
        "名" * 300,
        "\x10\x04\x01",
    ]
)


@given_settings(max_examples=40, deadline=None)
@given(
    HOSTILE,
    HOSTILE,
    HOSTILE,
    st.integers(-5, 10**9),
    HOSTILE,
    st.sampled_from([58, 80]),
    st.sampled_from(["vi", "en", "xx"]),
)
def test_hostile_words_do_not_break_a_slip(
    number: str, service: str, office: str, ahead: int, url: str, width: int, language: str
) -> None:
    slip = Slip(
        number,
        {"vi": service, "en": service},
        {"vi": office},
        {"vi": office},
        ahead,
        PLAIN.at,
        url,
        True,
        True,
        language,
    )
    sheet = draw(slip, PHRASES, width)
    assert 300 < sheet.height <= LONGEST + 60
    assert len(picture(sheet).tobytes()) == sheet.height * DOTS[width] // 8


@pytest.mark.parametrize(("hour", "half"), [(11, "morning"), (12, "afternoon"), (17, "afternoon"), (20, "evening")])
def test_a_slip_of_the_evening_is_not_of_the_afternoon(hour: int, half: str) -> None:
    assert half_of(datetime(2026, 11, 23, hour, 52, tzinfo=UTC)) == half
