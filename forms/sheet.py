"""Driver: the ledger as a spreadsheet by openpyxl, written row by row. The only file of the room that knows openpyxl.

Every cell is text or a whole number, never a formula: what an applicant is called must not be run by a spreadsheet.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from office.form_ledger import Ledger

_FACE: Final = "Be Vietnam Pro"
_BOLD: Final = Font(name=_FACE, bold=True, size=10)
_TITLE: Final = Font(name=_FACE, bold=True, size=14)
_PLAIN: Final = Font(name=_FACE, size=10)
_EDGE: Final = Side(style="thin")
_BOX: Final = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_MIDDLE: Final = Alignment(horizontal="center", vertical="center", wrap_text=True)
_WIDTH: Final = 1.35
"""Letters of a column's width for each share it has on paper."""
_HEADS: Final = 6
"""Row that the columns' headings stand in."""
_FORMULA: Final = ("=", "+", "-", "@")
_A4: Final = 9
_WHOLE: Final = 15


def write(ledger: Ledger) -> bytes:
    """The whole file. It prints on A4 across, one page wide, headings on every page."""
    book = Workbook(write_only=True)
    page = book.create_sheet(ledger.title[:31])
    _lay_out(page, ledger)
    for row in _above(page, ledger):
        page.append(row)
    page.append([_cell(page, column.title, _BOLD, _MIDDLE, _BOX) for column in ledger.columns])
    for cells in ledger.rows:
        page.append([_value(page, text) for text in cells])
    bytes_ = BytesIO()
    book.save(bytes_)
    return bytes_.getvalue()


def _lay_out(page: Any, ledger: Ledger) -> None:
    last = get_column_letter(len(ledger.columns))
    for n, column in enumerate(ledger.columns, 1):
        page.column_dimensions[get_column_letter(n)].width = max(column.share * _WIDTH, 6)
    page.freeze_panes = f"A{_HEADS + 1}"
    page.auto_filter.ref = f"A{_HEADS}:{last}{_HEADS + max(len(ledger.rows), 1)}"
    page.print_title_rows = f"{_HEADS}:{_HEADS}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = _A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.oddFooter.right.text = "&P/&N"


def _above(page: Any, ledger: Ledger) -> Iterator[list[Any]]:
    """The lines over the headings: who keeps the ledger, the motto, the title, the span of days."""
    right = max(len(ledger.columns) - 5, 2)
    head = ledger.head
    yield [_cell(page, head.parent.upper(), _PLAIN), *[None] * (right - 1), _cell(page, head.country, _BOLD)]
    yield [_cell(page, head.office.upper(), _BOLD), *[None] * (right - 1), _cell(page, head.motto, _BOLD)]
    yield [None, None, None, _cell(page, ledger.title, _TITLE)]
    yield [None, None, None, _cell(page, ledger.span, _PLAIN)]
    yield [None] if ledger.rows else [None, None, None, _cell(page, ledger.empty, _PLAIN)]


def _value(page: Any, text: str) -> Any:
    """A cell of the table: a running number as one, all else as text that no spreadsheet computes."""
    if text.isdecimal() and len(text) < _WHOLE and str(int(text)) == text:
        return int(text)
    return _cell(page, text) if text.startswith(_FORMULA) else text


def _cell(
    page: Any, text: str, font: Font | None = None, alignment: Alignment | None = None, border: Border | None = None
) -> Any:
    cell = WriteOnlyCell(page, value=text)
    cell.data_type = "s"
    for name, style in (("font", font), ("alignment", alignment), ("border", border)):
        if style is not None:
            setattr(cell, name, style)
    return cell
