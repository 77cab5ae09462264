"""Codes that are no receipt's: goods, parcels, and names in QR codes that must not come back garbled."""

from collections.abc import Iterator

import numpy as np
import zxingcpp

from tools.receipt_lens import Shot, photograph
from tools.receipt_page import DOTS, HIGH, WIDE, Page, Truth, squared
from tools.receipts import Receipt

Rng = np.random.Generator

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Hoàng", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý")
MIDDLE = ("Văn", "Thị", "Hữu", "Đức", "Ngọc", "Thế", "Mỹ", "Quốc", "Xuân", "Bích")
GIVEN = (
    "Thử",
    "Mẫu",
    "Nháp",
    "Ướm",
    "Giả",
    "Tưởng",
    "Vẽ",
    "Đoán",
    "Phỏng",
    "Ước",
    "Nghĩ",
    "Khởi",
    "Sửa",
    "Ghép",
    "Lược",
)
_F = zxingcpp.BarcodeFormat
OTHERS = ("ean13", "itf", "codabar", "code128", "code39")


def names(count: int, seed: int) -> Iterator[Receipt]:
    """Clear pictures of QR codes that hold a made-up full name each."""
    for number in range(count):
        rng = np.random.default_rng([seed, number, 5])
        parts = (FAMILY[number % 15], MIDDLE[number % 10], GIVEN[(number * 7 + number // 15) % 15])
        page = squared(" ".join(parts), rng)
        image, truths = photograph(page, Shot(size=(640, 480), module=4.0, angle=float(rng.uniform(-9, 9))), rng)
        yield Receipt(image, "name", truths)


def goods(count: int, seed: int) -> Iterator[Receipt]:
    """Pictures of bars of other kinds, some sharp and some poor; ``texts`` holds what may rightly be read."""
    for number in range(count):
        rng = np.random.default_rng([seed, number, 9])
        page = _label(OTHERS[number % len(OTHERS)], rng)
        shot = Shot(
            size=((640, 480), (1280, 720))[number % 2],
            angle=float(rng.uniform(-25, 25)),
            module=float(rng.uniform(1.1, 3.2)),
            blur=float(rng.uniform(0.4, 2.2)),
            noise=float(rng.uniform(2, 22)),
        )
        image, truths = photograph(page, shot, rng)
        yield Receipt(image, "goods", truths)


def _label(kind: str, rng: Rng) -> Page:
    digits = "".join(str(n) for n in rng.integers(0, 10, 12))
    text, symbology = {
        "ean13": (digits, _F.EAN13),
        "itf": (digits, _F.ITF),
        "codabar": (f"A{digits}B", _F.Codabar),
        "code128": (f"PKG{digits[:7]}-{digits[7:]}", _F.Code128),
        "code39": (f"LOT-{digits[:6]}", _F.Code39),
    }[kind]
    drawn = np.array(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, symbology), scale=4))
    paper = np.full((HIGH * DOTS, WIDE * DOTS), 240, np.uint8)
    high, wide = drawn.shape
    top, left = (paper.shape[0] - high) // 2, (paper.shape[1] - wide) // 2
    paper[top : top + high, left : left + wide] = np.clip(drawn, 30, 245)
    box = ((left, top), (left + wide, top), (left + wide, top + high), (left, top + high))
    return Page(paper, (Truth(kind, text, tuple((float(x), float(y)) for x, y in box), wide // 4),))
