"""One form on paper, A5 or A4: head, codes, title, parts, and a foot on every page."""

from collections.abc import Callable
from itertools import groupby
from typing import Final

import segno

from forms.flow import Flow, Run, Sheet
from forms.pen import Blank, Pen
from forms.table import Grid
from office import code128
from office.form_parts import Codes, Field, Fields, Form, Lines, Prose, Signatures, Table

SHEETS: Final = {
    "A5": Sheet(148, 210, (9, 11, 12, 15), 9),
    "A4": Sheet(210, 297, (15, 15, 16, 25), 12),
}
"""The left margin is wider: papers are bound there."""
BAR_MM: Final = 13.0
"""Height of the bars; readers ask for 12 (HARDWARE, "Codes")."""
QR_MM: Final = 0.55
"""mm a module of the QR code: more than 4 dots at 203 dpi, where 3 are needed."""
SIGN_MM: Final = 16.0
"""Room for a hand and a stamp."""
_GAP = 0.5
_BETWEEN = 3.0
_APART = 5.0
_SHORT = 16.0
"""A dotted line shorter than this begins on a line of its own."""


def draw(form: Form, pen: Pen, page_words: Callable[[int, int], str]) -> None:
    """Draw ``form``; ``page_words`` (page, of how many) gives the words at the foot of forms longer than a page."""
    blank = Blank(pen)
    _Paper(form, blank, 0, page_words).draw()
    _Paper(form, pen, blank.pages, page_words).draw()


class _Paper:
    """One way down the form; ``of`` its pages, 0 while they are counted."""

    def __init__(self, form: Form, pen: Pen, of: int, page_words: Callable[[int, int], str]) -> None:
        self._form = form
        self._of = of
        self._page_words = page_words
        self._flow = _Footed(pen, SHEETS[form.page], self._foot)

    def draw(self) -> None:
        """All of it."""
        self._head()
        self._codes(self._form.codes)
        self._title()
        for part in self._form.parts:
            match part:
                case Fields():
                    self._fields(part)
                case Lines():
                    self._lines(part)
                case Prose():
                    self._prose(part)
                case Table():
                    self._flow.y += 0.6
                    Grid(self._flow, part.columns, self._flow.sheet.size - 0.5, part.tall).draw(part.rows)
                    self._flow.y += 1.6
                case Signatures():
                    self._signatures(part)

    def _head(self) -> None:
        flow, head = self._flow, self._form.head
        size, top, left = flow.sheet.size - 1, flow.y, flow.left
        mine, theirs = flow.inside * 0.44, flow.inside * 0.54
        right = left + flow.inside - theirs
        y = flow.block(head.parent.upper(), left, top, mine, size, "Regular", "center")
        y = flow.block(head.office.upper(), left, y, mine, size, "Bold", "center")
        flow.pen.line(left + mine * 0.35, y + 0.7, left + mine * 0.65, y + 0.7)
        z = flow.block(head.country, right, top, theirs, size, "Bold", "center")
        z = flow.block(head.motto, right, z, theirs, size + 0.5, "Bold", "center")
        wide = flow.pen.measure(head.motto, "Bold") * (size + 0.5)
        flow.pen.line(right + (theirs - wide) / 2, z + 0.5, right + (theirs + wide) / 2, z + 0.5)
        y, z = y + 2.2, z + 2.2
        if head.number:
            y = flow.block(head.number, left, y, mine, size, "Regular", "center")
        z = flow.block(head.place_date, right, z, theirs, size, "Italic", "center")
        flow.y = max(y, z) + 1.5

    def _codes(self, codes: Codes) -> None:
        """The bars to the left, the QR code to the right; bars that would be too fine are left out."""
        flow = self._flow
        side = _qr_side(codes.qr)
        module = code128.module_mm(codes.bar, flow.inside - side - _APART) or code128.module_mm(codes.bar, flow.inside)
        beside = bool(module) and _bars_wide(codes, module) <= flow.inside - side - _APART
        below = top = flow.y + 0.8
        if module:
            wide = _bars_wide(codes, module)
            flow.pen.boxes([(flow.left + a * module, top, w * module, BAR_MM) for a, w in code128.bars(codes.bar)])
            words = f"{codes.label}: {codes.text}"
            below = flow.block(words, flow.left, top + BAR_MM + 0.4, wide, flow.sheet.size, "SemiBold", "center")
        if side:
            at = top if beside else below + 1.5
            flow.pen.boxes(_qr(codes.qr, flow.left + flow.inside - side, at))
            below = max(below, at + side)
        flow.y = below + (1.5 if module or side else 0)

    def _title(self) -> None:
        flow, form = self._flow, self._form
        flow.paragraph([(form.title, "Bold")], size=flow.sheet.size + 2.5, align="center")
        if form.subtitle:
            flow.paragraph([(form.subtitle, "Italic")], size=flow.sheet.size - 1, align="center")
        if not form.codes.bar:
            words = f"{form.codes.label}: {form.codes.text}"
            flow.paragraph([(words, "SemiBold")], align="center")
        flow.y += 1.8

    def _fields(self, part: Fields) -> None:
        """Fields side by side; a row is never broken between pages."""
        flow = self._flow
        whole = sum(field.room for field in part.fields)
        between = _BETWEEN if len(part.fields) > 1 else 0.0
        wide = [flow.inside * field.room / whole - between for field in part.fields]
        texts = [self._field(field, width) for field, width in zip(part.fields, wide, strict=True)]
        flow.need(max(map(len, texts)) * flow.high())
        x = flow.left
        for field, lines, width in zip(part.fields, texts, wide, strict=True):
            for n, line in enumerate(lines):
                flow.write(line, x, flow.y + n * flow.high(), width, flow.sheet.size, "left")
            if not field.value:
                used = flow.wide(lines[-1]) + 1.2 if lines[-1] else 0.0
                flow.dotted(x + used, flow.y + (len(lines) - 1) * flow.high(), width - used)
            x += width + between
        flow.y += max(map(len, texts)) * flow.high() + _GAP

    def _field(self, field: Field, width: float) -> list[list[Run]]:
        """The lines of a field; where a value is to be written by hand, an empty one if the last has no room for it."""
        runs: list[Run] = [(f"{field.label}:", "Regular")]
        lines = self._flow.wrap(
            [*runs, (field.value, "SemiBold")] if field.value else runs, width, self._flow.sheet.size
        )
        if not field.value and width - self._flow.wide(lines[-1]) < min(_SHORT, width / 3):
            lines.append([])
        return lines

    def _lines(self, part: Lines) -> None:
        if part.value:
            self._flow.paragraph([(f"{part.label}:", "Regular"), (part.value, "SemiBold")], gap=_GAP)
            return
        self._fields(Fields((Field(part.label),)))
        for _ in range(part.blank - 1):
            self._flow.need(self._flow.high())
            self._flow.dotted(self._flow.left, self._flow.y, self._flow.inside)
            self._flow.y += self._flow.high() + _GAP

    def _prose(self, part: Prose) -> None:
        size = self._flow.sheet.size - (1 if part.style == "small" else 0)
        runs: list[Run] = [(part.lead, "SemiBold")] if part.lead else []
        if part.text:
            runs.append((part.text, "Regular" if part.style == "plain" else "Italic"))
        self._flow.paragraph(runs, size=size, align=part.align, gap=_GAP)

    def _signatures(self, part: Signatures) -> None:
        """Side by side, one alone stands right; never torn from each other by a page's end."""
        flow = self._flow
        size, wide = flow.sheet.size, flow.inside / 2
        flow.need(3 * flow.high() + SIGN_MM)
        top = flow.y + 1
        for n, one in enumerate(part.who):
            x = flow.left + (n if len(part.who) > 1 else 1) * wide
            y = flow.block(one.title, x, top, wide, size, "Bold", "center")
            flow.block(one.hint, x, y, wide, size - 1, "Italic", "center")
            flow.block(one.name, x, top + 2 * flow.high() + SIGN_MM, wide, size, "SemiBold", "center")
        flow.y = top + 2 * flow.high() + SIGN_MM

    def _foot(self, pen: Pen, page: int, sheet: Sheet) -> None:
        """The small line at the foot: what the form follows, whose it is on later pages, and which page it is."""
        size, y = sheet.size - 2, sheet.height - sheet.margins[2] + 3.5
        left, right = sheet.margins[3], sheet.width - sheet.margins[1]
        code = f"{self._form.codes.label}: {self._form.codes.text}" if page > 1 else ""
        pen.text(left, y, " · ".join(part for part in (code, self._form.foot) if part), "Regular", size)
        if self._of > 1:
            words = self._page_words(page, self._of)
            pen.text(right - pen.measure(words, "Regular") * size, y, words, "Regular", size)


class _Footed(Flow):
    """A flow that draws a foot on every page it begins."""

    def __init__(self, pen: Pen, sheet: Sheet, foot: Callable[[Pen, int, Sheet], None]) -> None:
        self._drawn = foot
        super().__init__(pen, sheet)

    def turn(self) -> None:
        """A new page with its foot."""
        super().turn()
        self._drawn(self.pen, self.pages, self.sheet)


def _bars_wide(codes: Codes, module: float) -> float:
    return code128.modules(codes.bar) * module


def _qr_side(text: str) -> float:
    return len(segno.make(text, error="m", micro=False).matrix) * QR_MM if text else 0.0


def _qr(text: str, x: float, y: float) -> list[tuple[float, float, float, float]]:
    """The dark modules of a row that touch are one box: no reader sees a seam."""
    found = []
    for row, modules in enumerate(segno.make(text, error="m", micro=False).matrix):
        begins = 0
        for dark, run in groupby(modules):
            width = len(list(run))
            if dark:
                found.append((x + begins * QR_MM, y + row * QR_MM, width * QR_MM, QR_MM))
            begins += width
    return found
