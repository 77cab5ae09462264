"""Tables on flowing pages: their heads stand on every page, a row stays whole unless it is longer than a page."""

from collections.abc import Iterable, Sequence

from forms.flow import PAD, Flow, Run
from office.form_parts import Column

Cells = list[list[list[Run]]]
"""The wrapped lines of each cell of a row."""


class Grid:
    """One table on ``flow``. ``size`` of its type, ``tall`` mm a row is high at least."""

    def __init__(self, flow: Flow, columns: Sequence[Column], size: float, tall: float = 0) -> None:
        self._flow = flow
        self._columns = columns
        self._size = size
        whole = sum(column.share for column in columns)
        self._wide = [flow.inside * column.share / whole for column in columns]
        self._high = flow.high(size)
        self._top = flow.y
        self._least = max(tall, self._high + 2 * PAD)
        self._head = [
            flow.cell(c.title, w - 2 * PAD, size, "SemiBold") for c, w in zip(columns, self._wide, strict=True)
        ]

    def draw(self, rows: Iterable[Sequence[str]]) -> None:
        """The heads and ``rows``; the flow goes on below them."""
        self._begin(self._least)
        for row in rows:
            cells = [
                self._flow.cell(text, wide - 2 * PAD, self._size) for text, wide in zip(row, self._wide, strict=True)
            ]
            for part in self._parts(cells):
                tall = self._tall(part)
                if self._flow.y + tall > self._flow.bottom:
                    self._close()
                    self._flow.turn()
                    self._begin(0)
                self._row(part, tall, head=False)
        self._close()

    def _begin(self, more: float) -> None:
        """The heads, on a page with room for them and a row."""
        tall = self._tall(self._head)
        self._flow.need(tall + more)
        self._top = self._flow.y
        self._flow.pen.line(self._flow.left, self._top, self._flow.left + self._flow.inside, self._top)
        self._row(self._head, tall, head=True)

    def _close(self) -> None:
        """The upright lines of what stands on this page: one each, not one a row."""
        x = self._flow.left
        for wide in (0.0, *self._wide):
            x += wide
            self._flow.pen.line(x, self._top, x, self._flow.y)

    def _parts(self, cells: Cells) -> list[Cells]:
        """The row, or what of it fits on a page each."""
        most = int((self._flow.bottom - self._flow.sheet.margins[0] - self._tall(self._head) - 2 * PAD) / self._high)
        longest = max(len(lines) for lines in cells)
        return [[lines[at : at + most] for lines in cells] for at in range(0, max(longest, 1), most)]

    def _tall(self, cells: Cells) -> float:
        return max(max(len(lines) for lines in cells) * self._high + 2 * PAD, self._least)

    def _row(self, cells: Cells, tall: float, *, head: bool) -> None:
        flow, x, top = self._flow, self._flow.left, self._flow.y
        flow.pen.line(x, top + tall, x + flow.inside, top + tall)
        for lines, column, wide in zip(cells, self._columns, self._wide, strict=True):
            y = top + (tall - len(lines) * self._high) / 2
            for line in lines:
                flow.write(line, x + PAD, y, wide - 2 * PAD, self._size, "center" if head else column.align)
                y += self._high
            x += wide
        flow.y = top + tall
