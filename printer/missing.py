"""The slip of missing papers: what to bring, and the bars that let its holder back in near the front the same day.

Drawn in the manner of printer/slip.py. There is no name on it: whoever finds it learns of nobody.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from office import code128
from office.phrases import Phrases
from printer.canvas import Canvas, clean
from printer.sheet import Sheet
from printer.slip import DOTS, LONGEST, MARGIN

BARS_TALL: Final = 104
"""Dots the bars are tall: 13 mm, readers ask for 12."""
MODULES: Final = (4, 3, 2)
"""Dots a module, the first that fits with its quiet zones; finer bars do not survive a worn print head."""
PAPER_LINES: Final = 3
"""Lines a paper's name may take; the whole name is on the form."""
MOST_PAPERS: Final = 8


@dataclass(frozen=True, slots=True)
class MissingSlip:
    """What one slip says, in the office's first language."""

    office: str
    parent: str
    code: str
    papers: tuple[str, ...]
    reentry: str
    at: datetime


def draw_missing(slip: MissingSlip, phrases: Phrases, width_mm: int = 80) -> Sheet:
    """The sheet of ``slip``; papers that would make it too long are counted instead of named."""
    for named in range(min(len(slip.papers), MOST_PAPERS), -1, -1):
        sheet = _drawn(slip, phrases, DOTS[width_mm], named)
        if sheet.height <= LONGEST:
            break
    return sheet


def _drawn(slip: MissingSlip, phrases: Phrases, width: int, named: int) -> Sheet:
    paper = Canvas(width, MARGIN)
    wide = width >= DOTS[80]

    def say(key: str, **params: object) -> str:
        return phrases.say(phrases.default, f"slip.missing.{key}", **params)

    paper.space(4)
    paper.text(clean(slip.parent, 200), "Medium", 22)
    paper.text(clean(slip.office, 200).upper(), "Bold", 26, lines=3)
    paper.space(4)
    paper.rule()
    paper.space(4)
    paper.text(say("title"), "Bold", 34 if wide else 26, lines=2)
    paper.text(f"{say('code')}: {clean(slip.code, 60)}", "Bold", 28 if wide else 20, lines=2)
    paper.text(f"{slip.at:%H:%M %d/%m/%Y}", "Medium", 22)
    paper.space(4)
    paper.rule()
    paper.space(4)
    _papers(paper, slip, named, say("needed"), say("more", n=len(slip.papers) - named))
    paper.space(8)
    _bars(paper, slip.reentry)
    paper.text(say("scan"), "Bold", 26 if wide else 22, lines=2)
    paper.text(say("thanks"), "Medium", 22 if wide else 20, lines=2)
    paper.space(2)
    return Sheet((paper.raster(),))


def _papers(paper: Canvas, slip: MissingSlip, named: int, needed: str, more: str) -> None:
    """The papers by number, flush left; the rest as ``more``."""
    paper.text(f"{needed}:", "SemiBold", 24, left=paper.margin)
    indent = 36
    for n, name in enumerate(slip.papers[:named], 1):
        top = paper.top
        paper.text(f"{n}.", "Bold", 26, left=paper.margin)
        paper.top = top
        left = paper.margin + indent
        paper.text(clean(name, 300) or "–", "Bold", 26, lines=PAPER_LINES, left=left, width=paper.inside - indent)
    if named < len(slip.papers):
        paper.text(more, "Medium", 22, lines=2, left=paper.margin, width=paper.inside)


def _bars(paper: Canvas, code: str) -> None:
    """The bars with the code in letters below; a code that no bars of this paper can carry in letters alone."""
    if code128.carries(code):
        room = code128.modules(code) + 2 * code128.QUIET
        module = next((dots for dots in MODULES if room * dots <= paper.width), 0)
        if module:
            paper.bars(code128.bars(code), module, BARS_TALL)
            paper.space(4)
    paper.text(clean(code, 60), "SemiBold", 28)
    paper.space(4)
