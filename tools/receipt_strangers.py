"""Receipts of another hand: the held-out set. Nothing is shared with tools/receipts.py but what a truth is.

Other encoders (python-barcode, OpenCV's QR), other faces, a thermal head's page at 203 dpi, a true cylinder before a
pinhole, motion along an arc, grain of photons, newsprint and wood beneath, two JPEGs one after the other. The reader
was never fitted to these.
"""

import io
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from barcode import Code39, Code128
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tools.receipt_page import Point, Truth
from tools.receipts import Receipt

Rng = np.random.Generator
Floats = npt.NDArray[np.float64]
DOTS = 8
FACES = tuple(Path("/usr/share/fonts/truetype/dejavu") / name for name in ("DejaVuSans.ttf", "DejaVuSerif.ttf"))
KINDS = (
    "plain",
    "soft",
    "shaken",
    "grainy",
    "dim",
    "shiny",
    "slanted",
    "turned",
    "rolled",
    "creased",
    "far",
    "squeezed",
)
SIZES = ((640, 480), (1280, 720), (1600, 1200), (1920, 1080), (3264, 2448))


def strangers(count: int, seed: int) -> Iterator[Receipt]:
    """``count`` photographs, all kinds in turn; the same for the same seed."""
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        rng = np.random.default_rng([seed, number, 77])
        paper, truth = _paper(rng)
        yield _photo(paper, truth, kind, rng)


def _paper(rng: Rng) -> tuple[Image.Image, Truth]:
    paper = Image.new("L", (110 * DOTS, 70 * DOTS), int(rng.integers(205, 250)))
    pen = ImageDraw.Draw(paper)
    fonts = [path for path in FACES if path.is_file()]
    font = ImageFont.truetype(fonts[int(rng.integers(len(fonts)))], 26) if fonts else ImageFont.load_default()
    for line, text in enumerate(("TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", "PHIẾU HẸN TRẢ KẾT QUẢ", "Ngày hẹn: 05/01/2026")):
        pen.text((30 + 20 * line, 10 + 34 * line), text, 30, font=font)
    code = _code(rng)
    pen.text((60, 500), f"Mã hồ sơ {code}", 30, font=font)
    symbology = ("code128", "code128", "code39", "qr")[int(rng.integers(4))]
    cells = _cells(symbology, code, rng)
    high, wide = cells.shape
    dots = 6 if symbology == "qr" else max(1, min(3, (paper.width - 80) // wide))
    tall = high * dots if symbology == "qr" else int(rng.integers(60, 110))
    square = Image.fromarray(np.where(cells, 40, 245).astype(np.uint8)).resize(
        (wide * dots, tall), Image.Resampling.NEAREST
    )
    left, top = (paper.width - square.width) // 2, 150
    margin = 5 * dots if symbology == "qr" else 12 * dots
    pen.rectangle((left - margin, top - 8, left + square.width + margin, top + tall + 8), fill=paper.getpixel((1, 1)))
    paper.paste(square, (left, top))
    _worn(pen, paper, rng)
    text = code if symbology != "qr" or rng.random() < 0.5 else f"https://tracuu.example.vn/?MaHoSo={code}"
    if symbology == "qr":
        text = cells_text(cells)
    right, bottom = left + square.width, top + tall
    return paper, Truth(symbology, text, ((left, top), (right, top), (right, bottom), (left, bottom)), wide)


_TEXTS: dict[bytes, str] = {}


def cells_text(cells: npt.NDArray[np.bool_]) -> str:
    """What the QR code with these cells was made of."""
    return _TEXTS[cells.tobytes()]


def _cells(symbology: str, code: str, rng: Rng) -> npt.NDArray[np.bool_]:
    if symbology == "qr":
        text = code if rng.random() < 0.5 else f"https://tracuu.example.vn/?MaHoSo={code}"
        drawn = cv2.QRCodeEncoder.create().encode(text)
        dark = np.asarray(drawn) < 128
        ys, xs = np.nonzero(dark)
        cells = dark[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
        _TEXTS[cells.tobytes()] = text
        return cells
    made = Code128(code) if symbology == "code128" else Code39(code, add_checksum=False)
    row = np.array([[bar == "1" for bar in made.build()[0]]])
    dark_at = np.flatnonzero(row[0])
    return row[:, dark_at[0] : dark_at[-1] + 1]


def _code(rng: Rng) -> str:
    a, b, c, d = (int(n) for n in rng.integers(1, 99, 4))
    day = f"{20 + a % 6}{1 + b % 12:02}{1 + c % 28:02}"
    return (f"H{d:02}.{a}-{day}-{b:04}", f"H{d:02}.{a:02}.{b:02}-{day}-{c:04}", f"{a:02}.{b:02}.H{d:02}-{day}-{c:05}")[
        a % 3
    ]


def _worn(pen: ImageDraw.ImageDraw, paper: Image.Image, rng: Rng) -> None:
    """A thermal head with a dead dot or two leaves white lines along the paper."""
    for _ in range(int(rng.integers(0, 3))):
        x = int(rng.integers(paper.width))
        pen.line((x, 0, x, paper.height), 245 if rng.random() < 0.5 else 60, 1)


def _photo(paper: Image.Image, truth: Truth, kind: str, rng: Rng) -> Receipt:
    size = SIZES[int(rng.choice(len(SIZES), p=(0.3, 0.3, 0.2, 0.15, 0.05)))]
    sheet = np.asarray(paper, np.float64)
    corners = np.asarray(truth.corners, np.float64)
    if kind == "rolled":
        sheet, corners = _rolled(sheet, corners, float(rng.uniform(0.5, 1.2)))
    if kind == "creased":
        sheet = sheet * (1 - 0.55 * np.exp(-(((np.arange(sheet.shape[1]) - rng.uniform(200, 700)) / 5) ** 2)))[None]
    home = _home(truth, corners, kind, size, rng)
    scene = _background(size, rng)
    warped = Image.fromarray(sheet.astype(np.uint8)).filter(
        ImageFilter.GaussianBlur(max(0.0, 0.35 / _scale(home) - 0.3))
    )
    back = np.linalg.inv(home)
    placed = warped.transform(
        size, Image.Transform.PERSPECTIVE, (back / back[2, 2]).ravel()[:8].tolist(), Image.Resampling.BICUBIC
    )
    mask = Image.new("L", paper.size, 255).transform(
        size, Image.Transform.PERSPECTIVE, (back / back[2, 2]).ravel()[:8].tolist()
    )
    over = np.asarray(mask, np.float64) / 255
    light = np.asarray(placed, np.float64) * over + scene * (1 - over)
    seen = np.column_stack([corners, np.ones(4)]) @ home.T
    points: tuple[Point, ...] = tuple((float(x / w), float(y / w)) for x, y, w in seen)
    return Receipt(
        _exposed(light, kind, points, rng), kind, (Truth(truth.symbology, truth.text, points, truth.modules),)
    )


def _scale(home: Floats) -> float:
    return float(np.sqrt(abs(np.linalg.det(home[:2, :2]))))


def _home(truth: Truth, corners: Floats, kind: str, size: tuple[int, int], rng: Rng) -> Floats:
    """Corners of the sheet's code pushed about in the picture: a homography by its four points."""
    wide, high = size
    module = rng.uniform(0.95, 1.5) if kind == "far" else rng.uniform(1.7, 3.4)
    ratio = float(np.hypot(*(corners[3] - corners[0])) / np.hypot(*(corners[1] - corners[0])))
    length = min(module * truth.modules, 0.8 * wide, 0.8 * high / max(ratio, 0.2))
    turn = np.radians(rng.uniform(0, 360) if kind == "turned" else rng.uniform(-9, 9))
    if kind == "turned":
        length = min(length, 0.85 * high)
    box = np.array([[-0.5, -ratio / 2], [0.5, -ratio / 2], [0.5, ratio / 2], [-0.5, ratio / 2]]) * length
    if kind == "slanted":
        lean = rng.uniform(-0.3, 0.3, 2)
        box = box / (1 + box @ lean / length)[:, None]
        box[:, 0] += box[:, 1] * rng.uniform(-0.4, 0.4)
    else:
        box = box + rng.normal(0, 0.012 * length * min(1, ratio * 3), box.shape)
    c, s = np.cos(turn), np.sin(turn)
    goal = box @ np.array([[c, s], [-s, c]]) + [wide * rng.uniform(0.46, 0.54), high * rng.uniform(0.44, 0.56)]
    return np.asarray(cv2.getPerspectiveTransform(corners.astype(np.float32), goal.astype(np.float32)), np.float64)


def _rolled(sheet: Floats, corners: Floats, bow: float) -> tuple[Floats, Floats]:
    """The sheet on a cylinder that stands upright before a pinhole, ``bow`` radians to each edge."""
    high, wide = sheet.shape
    radius, far = wide / 2 / bow, 1.6 * wide
    u = np.linspace(-wide / 2, wide / 2, 4 * wide)
    depth = far + radius * (1 - np.cos(u / radius))
    x = far * radius * np.sin(u / radius) / depth
    columns = np.interp(np.arange(wide) - wide / 2, x, u)
    deep = (far + radius * (1 - np.cos(columns / radius))) / far
    rows = (np.arange(high) - high / 2)[:, None] * deep[None] + high / 2
    across = np.broadcast_to(columns + wide / 2, rows.shape)
    bent = cv2.remap(sheet.astype(np.float32), across.astype(np.float32), rows.astype(np.float32), cv2.INTER_CUBIC)
    own = corners[:, 0] - wide / 2
    deep_own = (far + radius * (1 - np.cos(own / radius))) / far
    moved = np.column_stack(
        [radius * np.sin(own / radius) / deep_own + wide / 2, (corners[:, 1] - high / 2) / deep_own + high / 2]
    )
    return np.asarray(bent, np.float64).clip(0, 255), moved


def _background(size: tuple[int, int], rng: Rng) -> Floats:
    wide, high = size
    if rng.random() < 0.4:  # newsprint: rows of short strokes
        small = rng.random((high // 6 + 1, wide // 3 + 1)) < 0.4
        small[::2] = False
        rows = np.asarray(
            Image.fromarray(np.where(small, 90, 190).astype(np.uint8)).resize(size, Image.Resampling.BILINEAR)
        )
        return rows.astype(np.float64)
    y, x = np.mgrid[0:high, 0:wide]
    wood = 110 + 35 * np.sin(y / rng.uniform(3, 14) + 3 * np.sin(x / 190)) + rng.normal(0, 6, (high, wide))
    return np.asarray(wood, np.float64)


def _exposed(light: Floats, kind: str, points: tuple[Point, ...], rng: Rng) -> npt.NDArray[np.uint8]:
    high, wide = light.shape
    middle = np.mean(points, axis=0)
    y, x = np.mgrid[0:high, 0:wide]
    light = light * (1 - 0.35 * np.hypot(x - wide / 2, y - high / 2) / np.hypot(wide, high) * rng.uniform(0, 2))
    if kind == "shiny":
        band = np.abs((x - middle[0]) * np.cos(0.6) + (y - middle[1]) * np.sin(0.6) - rng.uniform(-80, 80))
        light = light + 230 * np.exp(-((band / rng.uniform(20, 70)) ** 2))
    sigma = rng.uniform(1.0, 2.4) if kind == "soft" else rng.uniform(0.3, 0.8)
    light = np.asarray(cv2.GaussianBlur(light, (0, 0), sigma), np.float64)
    if kind == "shaken":
        light = _shaken(light, rng)
    level = rng.uniform(0.08, 0.25) if kind == "dim" else rng.uniform(0.6, 1.0)
    photons = 25 if kind == "grainy" else 130
    grain = (
        rng.standard_normal((high, wide)) * np.sqrt(np.clip(light, 1, 255) / 255 / photons) * 255 * min(1.0, level * 2)
    )
    picture = Image.fromarray((np.clip(light, 0, 255) * level + grain).clip(0, 255).astype(np.uint8))
    first, second = (12, 30) if kind == "squeezed" else (85, 80)
    return _stored(_stored(picture, first), second)


def _shaken(light: Floats, rng: Rng) -> Floats:
    """The mean along a short arc."""
    length, bend, turn = rng.uniform(2, 9), rng.uniform(-0.2, 0.2), rng.uniform(0, 2 * np.pi)
    steps = np.linspace(-0.5, 0.5, 9) * length
    total = np.zeros_like(light)
    for step in steps:
        a = turn + bend * step
        move = np.array([[1, 0, step * np.cos(a)], [0, 1, step * np.sin(a)]])
        total += cv2.warpAffine(light, move, light.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(total / len(steps), np.float64)


def _stored(picture: Image.Image | npt.NDArray[np.uint8], quality: int) -> npt.NDArray[np.uint8]:
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=quality)
    return np.asarray(Image.open(kept).convert("L"), np.uint8)
