"""The paper of a receipt: headings, lines, a table, and one or two codes with made-up contents."""

import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import segno
import zxingcpp
from PIL import Image, ImageDraw

from printer.fonts import face

Rng = np.random.Generator
Point = tuple[float, float]

DOTS = 12
"""Dots a millimetre."""
WIDE, HIGH = 148, 105
INK = 28
PEOPLE = (
    "Nguyễn Văn Thử",
    "Trần Thị Mẫu",
    "Lê Hoàng Ví Dụ",
    "Phạm Thị Ướm",
    "Đặng Quốc Giả",
    "Vũ Thị Nháp",
    "Bùi Kiểm",
)
LINES = (
    *("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ"),
    *("Tiếp nhận hồ sơ của: ………………………", "Nội dung yêu cầu giải quyết: Đăng ký khai sinh", "Số lượng hồ sơ: 01 (bộ)"),
    *("Thời gian giải quyết: 03 ngày làm việc", "Nhận kết quả tại: Trung tâm Phục vụ hành chính công"),
)


@dataclass(frozen=True, slots=True)
class Truth:
    """A code that stands there: its corners run clockwise from where reading begins."""

    symbology: str
    text: str
    corners: tuple[Point, ...]
    modules: int
    """How many modules its long side has, quiet zone not counted."""


@dataclass(frozen=True, slots=True)
class Page:
    """The paper in dots, and its codes in dots of the paper."""

    image: npt.NDArray[np.uint8]
    truths: tuple[Truth, ...]

    @property
    def module(self) -> float:
        """Dots of the finest module."""
        return min(_length(truth) / truth.modules for truth in self.truths)


def draw(rng: Rng, only: str = "") -> Page:
    """A receipt; ``only`` one symbology (``code128``, ``code39``, ``qr``) or as it comes."""
    paper = Image.new("L", (WIDE * DOTS, HIGH * DOTS), int(rng.integers(225, 256)))
    _print_text(paper, rng)
    chosen = (only,) if only else CHOICES[int(rng.choice(len(CHOICES), p=ODDS))]
    code = dossier_code(rng)
    truths = [_put(paper, rng, symbology, code) for symbology in chosen]
    return Page(np.asarray(paper), tuple(truths))


CHOICES = (("code128",), ("code39",), ("qr",), ("code128", "qr"))
ODDS = (0.5, 0.12, 0.23, 0.15)


def dossier_code(rng: Rng) -> str:
    """A code of one of the shapes seen in use, with a made-up agency."""
    day = f"{rng.integers(21, 26):02}{rng.integers(1, 13):02}{rng.integers(1, 29):02}"
    two = [f"{n:02}" for n in rng.integers(0, 99, 4)]
    province = f"H{two[0]}"
    agency = (
        f"{province}.{rng.integers(1, 400)}",
        f"{province}.{two[1]}.{two[2]}",
        f"000.{two[1]}.{two[2]}.{province}",
        f"{two[1]}.{two[2]}.{province}",
    )[int(rng.integers(4))]
    digits = (4, 4, 4, 5, 6)[int(rng.integers(5))]
    return f"{agency}-{day}-{rng.integers(1, 9000):0{digits}}"


def payload(rng: Rng, code: str) -> str:
    """What a QR of a receipt holds: the code, an address with it, or Vietnamese text around it."""
    person = PEOPLE[int(rng.integers(len(PEOPLE)))]
    return (
        code,
        f"https://dichvucong.example.vn/tra-cuu.aspx?mahs={code}",
        f"https://motcua.example.vn/portaldvc/tra-cuu?SGT=000000000000&MHS={code}",
        f"Mã hồ sơ: {code}; người nộp: {person}; hẹn trả đúng hạn",
        f"{person}|{code}|Xã Phú Thử, tỉnh Thí Nghiệm",
    )[int(rng.integers(5))]


def modules(symbology: str, text: str) -> npt.NDArray[np.uint8]:
    """The dark modules of a bar code as one row of 0 and 1, without quiet zone."""
    kind = {"code128": zxingcpp.BarcodeFormat.Code128, "code39": zxingcpp.BarcodeFormat.Code39}[symbology]
    drawn = np.array(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, kind), scale=1))
    dark = np.flatnonzero(drawn[0] < 128)
    row: npt.NDArray[np.uint8] = (drawn[0, dark[0] : dark[-1] + 1] < 128).astype(np.uint8)
    return row


def _put(paper: Image.Image, rng: Rng, symbology: str, code: str) -> Truth:
    if symbology == "qr":
        return _put_square(paper, rng, payload(rng, code))
    row = modules(symbology, code)
    dots = int(rng.integers(3, 5)) if symbology == "code128" else 3
    high = int(rng.uniform(7, 15) * DOTS)
    bars = Image.fromarray(np.repeat(np.repeat((1 - row)[None] * 255, high, 0), dots, 1).astype(np.uint8))
    left, top = int((WIDE * DOTS - bars.width) * rng.uniform(0.3, 0.7)), int(rng.uniform(34, 44) * DOTS)
    _blank(paper, left - 14 * dots, top - 10, left + bars.width + 14 * dots, top + high + 50)
    paper.paste(bars.point(lambda value: INK if value < 128 else 255), (left, top))
    ImageDraw.Draw(paper).text((left + bars.width // 4, top + high + 6), code, INK, font=face("Regular", 36))
    return Truth(symbology, code, _box(left, top, bars.width, high), len(row))


def _put_square(paper: Image.Image, rng: Rng, text: str) -> Truth:
    made = segno.make_qr(text, error="LMQ"[int(rng.integers(3))])
    side = int(made.symbol_size(border=0)[0])
    dots = int(rng.integers(4, 8))
    stored = io.BytesIO()
    made.save(stored, kind="png", scale=dots, border=0)
    square = Image.open(stored).convert("L").point(lambda value: INK if value < 128 else 255)
    left, top = int(rng.uniform(20, 100) * DOTS), int(rng.uniform(62, 72) * DOTS)
    left = min(left, WIDE * DOTS - square.width - 60)
    top = min(top, HIGH * DOTS - square.height - 60)
    margin = 4 * dots
    _blank(paper, left - margin, top - margin, left + square.width + margin, top + square.height + margin)
    paper.paste(square, (left, top))
    return Truth("qr", text, _box(left, top, square.width, square.height), side)


def squared(text: str, rng: Rng) -> Page:
    """A sheet with nothing but a QR code of ``text``."""
    paper = Image.new("L", (WIDE * DOTS, HIGH * DOTS), 245)
    truth = _put_square(paper, rng, text)
    return Page(np.asarray(paper), (truth,))


def _print_text(paper: Image.Image, rng: Rng) -> None:
    pen = ImageDraw.Draw(paper)
    for number, line in enumerate(LINES):
        size = 46 if number < 3 else 38
        pen.text((rng.uniform(5, 20) * DOTS, (4 + 12 * number) * DOTS), line, INK, font=face("Regular", size))
    for row in range(int(rng.integers(0, 5))):
        pen.line((8 * DOTS, (90 + 3 * row) * DOTS, 140 * DOTS, (90 + 3 * row) * DOTS), INK, width=3)


def _blank(paper: Image.Image, left: int, top: int, right: int, bottom: int) -> None:
    ImageDraw.Draw(paper).rectangle((left, top, right, bottom), fill=paper.getpixel((2, 2)))


def _box(left: float, top: float, wide: float, high: float) -> tuple[Point, ...]:
    return ((left, top), (left + wide, top), (left + wide, top + high), (left, top + high))


def _length(truth: Truth) -> float:
    (x0, y0), (x1, y1) = truth.corners[:2]
    return float(np.hypot(x1 - x0, y1 - y0))
