"""A slip drawn as dots, for 80 mm and 58 mm paper (order of its lines: DOMAIN 8.1; sizes: LOOK, "Slip").

The same slip is always the same dots. The reason of a priority is never printed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from office.phrases import Phrases
from printer.canvas import Canvas, clean, qr_modules
from printer.sheet import Code, Sheet

DOTS: Final = {80: 576, 58: 384}
"""Dots across, by paper width in mm, at 203 dpi: 8 dots a mm."""
NUMBER_TALL: Final = 146
"""Dots a digit is tall; 18 mm are 144."""
QR_SIDE: Final = 176
"""Dots a QR code is wide at least: 22 mm."""
FINEST: Final = 3
"""Dots a module at least; finer codes do not survive a worn print head."""
LONGEST: Final = 760
"""Dots a slip is long at most: 95 mm."""
MARGIN: Final = 16
"""Dots left blank at each side; a printer is never wholly straight."""
_NOON = 12
_EVENING = 18
_GAP = 28
_TERSEST = 3
_LONGEST_URL = 250


def half_of(at: datetime) -> str:
    """The part of the day on the slip: the phrase's name."""
    if at.hour < _NOON:
        return "morning"
    return "afternoon" if at.hour < _EVENING else "evening"


@dataclass(frozen=True, slots=True)
class Slip:
    """What one slip says. ``office``, ``parent`` and ``service`` come in each language the slip speaks."""

    number: str
    service: dict[str, str]
    office: dict[str, str]
    parent: dict[str, str]
    ahead: int
    at: datetime
    url: str = ""
    priority: bool = False
    copy: bool = False
    language: str = "vi"


def draw(slip: Slip, phrases: Phrases, width_mm: int = 80, *, native_qr: bool = False) -> Sheet:
    """The sheet of ``slip``: Vietnamese, and a second line in the ticket's language where that is another.

    ``native_qr``: the printer draws the QR code itself, which a slow serial line needs. A slip that would be too
    long leaves out the least useful lines first.
    """
    modules, scale = _code(slip.url, DOTS[width_mm] - 2 * MARGIN)
    for terse in range(_TERSEST + 1):
        drawing = _Drawing(slip, phrases, DOTS[width_mm], terse)
        if native_qr and modules:
            sheet = drawing.around(Code(slip.url, scale), len(modules))
        else:
            sheet = drawing.beside(modules, scale)
        if sheet.height <= LONGEST:
            break
    return sheet


def _code(url: str, room: int) -> tuple[list[list[int]], int]:
    """The QR code's modules and dots a module; none without an address, or for one that paper cannot carry."""
    if not url or not url.isascii() or not url.isprintable() or len(url) > _LONGEST_URL:
        return [], 0
    modules = qr_modules(url)
    scale = max(FINEST, -(-QR_SIDE // len(modules)))
    return (modules, scale) if len(modules) * scale <= room else ([], 0)


class _Drawing:
    """One attempt; ``terse`` 0 says all, higher says less."""

    def __init__(self, slip: Slip, phrases: Phrases, width: int, terse: int) -> None:
        self._slip = slip
        self._phrases = phrases
        self._first = phrases.default
        self._second = slip.language if slip.language != phrases.default else ""
        self._paper = Canvas(width, MARGIN)
        self._wide = width >= DOTS[80]
        self._terse = terse

    def beside(self, modules: list[list[int]], scale: int) -> Sheet:
        """The slip with the QR code drawn beside the facts."""
        paper = self._paper
        self._upper()
        top, left, side = paper.top, paper.margin, len(modules) * scale
        if modules:
            paper.qr(modules, scale, left)
            left += side + (_GAP if self._wide else _GAP // 2)
        self._facts(left, paper.width - paper.margin - left)
        paper.top = max(paper.top, top + side + 8)
        self._foot(scan=bool(modules))
        return Sheet((paper.raster(),))

    def around(self, code: Code, modules: int) -> Sheet:
        """The slip in two pieces with the printer's own QR code between them."""
        paper = self._paper
        self._upper()
        self._facts(paper.margin, paper.inside)
        paper.space(8)
        upper, begins = paper.raster(), paper.top
        paper.space(8)
        self._foot(scan=True)
        return Sheet((upper, code, paper.raster(begins)), modules * code.module)

    def _upper(self) -> None:
        paper, slip, terse = self._paper, self._slip, self._terse
        paper.space(4)
        if not terse:
            paper.text(self._name(slip.parent), "Medium", 22)
        paper.text(self._name(slip.office).upper(), "Bold", 22 if terse > 1 else 26, lines=3)
        paper.space(4)
        paper.rule()
        paper.text(self._say("title"), "Bold", 34 if self._wide else 30)
        if self._second and terse <= 1:
            paper.text(self._say("title", self._second), "Medium", 20)
        paper.space(8)
        paper.giant(clean(slip.number, 12) or "–", NUMBER_TALL)
        paper.space(12)
        self._marks()
        paper.text(self._name(slip.service), "Bold", 26 if terse else 32, lines=2 if terse else 3)
        if self._second:
            paper.text(self._name(slip.service, self._second), "Medium", 20 if terse else 24, lines=1 if terse else 2)
        paper.space(4)
        paper.rule()
        paper.space(10)

    def _marks(self) -> None:
        wanted = [(key, key == "priority") for key in ("priority", "copy") if getattr(self._slip, key)]
        if wanted:
            alone = len(wanted) == 1
            self._paper.marks([(self._both(key) if alone else self._say(key), fill) for key, fill in wanted], 26)
            self._paper.space(4)

    def _facts(self, left: int, width: int) -> None:
        paper, at = self._paper, self._slip.at
        half = half_of(at)
        small, bold, lines = (20, 28, 1) if self._wide else (18, 22, 2)

        def label(key: str) -> None:
            words = self._both(key) if self._wide or not self._terse else self._say(key)
            paper.text(words, "Medium", small, lines=lines + 1, left=left, width=width)

        label("ahead")
        paper.text(str(max(self._slip.ahead, 0)), "Bold", bold + 8, left=left, width=width)
        label("time")
        paper.text(f"{at:%H:%M:%S %d/%m/%Y}", "Bold", bold, lines=2, left=left, width=width)
        part = self._both(half) if self._wide else self._say(half)
        paper.text(f"{self._say('half')}: {part}", "SemiBold", small + 2, left=left, width=width)

    def _foot(self, *, scan: bool) -> None:
        paper = self._paper
        if scan and not self._terse:
            paper.text(self._both("scan"), "Medium", 20, lines=2)
        paper.text(self._say("thanks"), "SemiBold", 22, lines=2)
        if self._second and self._terse < _TERSEST:
            paper.text(self._say("thanks", self._second), "Medium", 20, lines=2)
        paper.space(2)

    def _name(self, names: dict[str, str], language: str = "") -> str:
        return clean(names.get(language or self._first, ""), 200)

    def _say(self, key: str, language: str = "") -> str:
        return self._phrases.say(language or self._first, f"slip.{key}")

    def _both(self, key: str) -> str:
        first = self._say(key)
        return f"{first} · {self._say(key, self._second)}" if self._second else first
