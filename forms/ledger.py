"""The ledger on A4 across: one table of as many pages as it takes, each with its number."""

from typing import Final

from forms.flow import Flow, Sheet
from forms.pen import Pen
from forms.table import Grid
from office.form_ledger import Ledger

SHEET: Final = Sheet(297, 210, (12, 12, 12, 12), 7.5)
_TITLE: Final = 13
_HEAD: Final = 9


def draw(ledger: Ledger, pen: Pen) -> None:
    """Draw all of it. What is drawn once only is not counted first: a year's ledger has a thousand pages."""
    flow = _Numbered(pen, ledger.foot)
    head = ledger.head
    half = flow.inside * 0.46
    right = flow.left + flow.inside - half
    y = flow.block(head.parent.upper(), flow.left, flow.y, half, _HEAD, "Regular", "center")
    y = flow.block(head.office.upper(), flow.left, y, half, _HEAD, "Bold", "center")
    z = flow.block(head.country, right, flow.y, half, _HEAD, "Bold", "center")
    z = flow.block(head.motto, right, z, half, _HEAD, "Bold", "center")
    flow.y = max(y, z) + 2
    flow.paragraph([(ledger.title, "Bold")], size=_TITLE, align="center")
    flow.paragraph([(ledger.span, "Italic")], size=_HEAD, align="center", gap=2)
    if ledger.rows:
        Grid(flow, ledger.columns, SHEET.size).draw(ledger.rows)
    else:
        flow.paragraph([(ledger.empty, "Italic")], size=_HEAD, align="center")


class _Numbered(Flow):
    """A flow whose pages bear their number."""

    def __init__(self, pen: Pen, foot: str) -> None:
        self._foot = foot
        super().__init__(pen, SHEET)

    def turn(self) -> None:
        """A new page: its number right, what the ledger follows left."""
        super().turn()
        number, size, y = str(self.pages), SHEET.size - 1, SHEET.height - 6
        self.pen.text(self.left, y, self._foot, "Regular", size)
        self.pen.text(self.left + self.inside - self.pen.measure(number, "Regular") * size, y, number, "Regular", size)
