"""Workbooks that are out to hurt, or only odd; and that our rows are those that openpyxl reads."""

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import IO, cast

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from ledger import open_book
from ledger.importing import import_file
from ledger.sheet_rows import UNREAD_MAX, SheetFault, SheetRows
from office.dossier_table import Table
from tools.exports import as_xlsx, faults
from tools.rehearsal import Hall

HEAD = ("Mã hồ sơ", "Người nộp", "Ngày hẹn trả", "Số bộ")
ROW = ("H55.242-261120-0001", "Nguyễn Văn Thử", "25/11/2026", "1")


def sets(hall: Hall, path: Path) -> list[int | None]:
    """How many sets each row of a good file tells."""
    _, book = open_book(path)
    found = [row.sets for row, _ in Table(hall.settings, hall.clock()).rows(book.lines())]
    book.close()
    return found


class Endless(io.RawIOBase):
    """A file that begins in some way and never ends."""

    def __init__(self, begins: bytes) -> None:
        self._begins = begins
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        piece, self._begins = self._begins or b"x" * size, b""
        self.given += len(piece)
        return piece


def _zip(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return path


def test_a_bomb_is_refused_before_it_is_opened(hall: Hall, tmp_path: Path) -> None:
    bomb = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
    path = _zip(tmp_path / "a", bomb | {"xl/worksheets/sheet1.xml": b"\0" * 20_000_000})
    assert faults(hall, path) == [(0, "", "too_big")]
    assert faults(hall, _zip(tmp_path / "b", {"readme.txt": b"x"})) == [(0, "", "not_a_table")]
    assert faults(hall, _zip(tmp_path / "c", bomb)) == [(0, "", "broken_file")]


PARTS = (
    "[Content_Types].xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/theme/theme1.xml",
    "docProps/core.xml",
)


def padded(data: bytes, size: int) -> bytes:
    """``data`` with a comment before its end that expands to ``size`` bytes and is packed some hundred times."""
    filler = b"".join(b"%06d" % n + b"x" * 994 for n in range(size // 1000))
    if data.rstrip().endswith(b"</cp:coreProperties>") or b"</" in data:
        place = data.rindex(b"</")
        return data[:place] + b"<!--" + filler + b"-->" + data[place:]
    return data + b"<!--" + filler + b"-->"


@pytest.mark.parametrize("name", PARTS)
def test_no_part_that_is_read_as_a_whole_may_be_large_whatever_its_name(hall: Hall, tmp_path: Path, name: str) -> None:
    good = as_xlsx(tmp_path / "good", [HEAD, ROW])
    with zipfile.ZipFile(good) as parts:
        copied = {one: parts.read(one) for one in parts.namelist()}
    large = _zip(tmp_path / "a", copied | {name: padded(copied[name], 6_000_000)})
    assert faults(hall, large) == [(0, "", "too_big")]
    assert sets(hall, _zip(tmp_path / "b", copied | {name: padded(copied[name], 500_000)})) == [1]


def test_shared_texts_are_measured_under_the_name_that_the_book_gives_them(hall: Hall, tmp_path: Path) -> None:
    good = as_xlsx(tmp_path / "good", [HEAD, ROW])
    with zipfile.ZipFile(good) as parts:
        copied = {one: parts.read(one) for one in parts.namelist()}
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    told = (
        copied["[Content_Types].xml"]
        .replace(b"</Types>", b'<Override PartName="/xl/media/a.png" ContentType="' + kind + b'"/></Types>')
        .replace(b"/xl/sharedStrings.xml", b"/xl/none.xml")
    )
    path = tmp_path / "a"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in (copied | {"[Content_Types].xml": told}).items():
            file.writestr(name, data)
        with file.open("xl/media/a.png", "w") as part:
            for n in range(160):
                part.write(b"".join(b"%09d" % (n * 1000 + line) + b"x" * 991 for line in range(1000)))
    assert faults(hall, path) == [(0, "", "too_big")]


def test_a_cell_or_a_tag_without_an_end_is_not_gathered_in_memory() -> None:
    for begins in (b"<worksheet><row><c><v>", b'<worksheet><row><c r="'):
        source = Endless(begins)
        with pytest.raises(SheetFault):
            list(SheetRows(cast(IO[bytes], source), lambda kind, style, told: told))
        assert source.given < 3 * UNREAD_MAX


def test_entities_that_multiply_are_refused(hall: Hall, tmp_path: Path) -> None:
    good = as_xlsx(tmp_path / "good", [HEAD, ROW])
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    evil = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "x">{levels}]><worksheet>&a11;</worksheet>'.encode()
    with zipfile.ZipFile(good) as parts:
        copied = {name: parts.read(name) for name in parts.namelist()}
    sheet = next(name for name in copied if name.startswith("xl/worksheets/"))
    (found,) = faults(hall, _zip(tmp_path / "evil", copied | {sheet: evil}))
    assert found[2] in ("broken_file", "no_columns")


def test_a_torn_workbook_is_refused(hall: Hall, tmp_path: Path) -> None:
    rows = [HEAD, *((f"H55.242-261120-{n:04d}", *ROW[1:]) for n in range(1, 400))]
    whole = as_xlsx(tmp_path / "a", rows).read_bytes()
    for share in (0.3, 0.6, 0.95):
        (tmp_path / "b").write_bytes(whole[: int(len(whole) * share)])
        assert faults(hall, tmp_path / "b") == [(0, "", "broken_file")]


def test_hidden_sheets_wrong_sizes_and_formulas(hall: Hall, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "An"
    book.active.append(["bí mật"])
    book.active.sheet_state = "hidden"
    sheet = book.create_sheet("HS")
    for row in ([], ["", *HEAD], ["", *ROW]):
        sheet.append(row)
    sheet["E3"] = "=1+1"  # never reckoned: no value
    book.save(tmp_path / "a")
    assert sets(hall, tmp_path / "a") == [None]
    sheet["D3"] = "#N/A"
    book.save(tmp_path / "a")
    assert faults(hall, tmp_path / "a") == [(3, "Ngày hẹn trả", "bad_date")]


def test_filled_sheets_that_are_not_read_are_named(hall: Hall, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Tháng 11").append(HEAD)
    book["Tháng 11"].append(ROW)
    for title, state in (("Tháng 12", "visible"), ("Trống", "visible"), ("Ẩn", "hidden")):
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        if title != "Trống":
            sheet.append(ROW)
    book.save(tmp_path / "a.xlsx")
    done = import_file(hall.store, hall.settings, tmp_path / "a.xlsx", actor="system")
    assert (done.added, done.sheets) == (1, ("Tháng 12",))


def test_a_further_sheet_that_is_broken_refuses_the_file_before_anything_is_written(hall: Hall, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for title, rows in (("Sheet", [HEAD, ROW]), ("Tháng 12", [HEAD])):
        sheet = book[title] if title in book else book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "good.xlsx")
    with zipfile.ZipFile(tmp_path / "good.xlsx") as good:
        parts = {name: good.read(name) for name in good.namelist()}
    path = _zip(tmp_path / "a", parts | {"xl/worksheets/sheet2.xml": b"<worksheet><sheetData><row"})
    assert faults(hall, path) == [(0, "", "broken_file")]


@pytest.mark.parametrize("last", [("", "Tổng cộng: 1 hồ sơ"), ("TỔNG SỐ", "", "", "", "1"), ("", "", "", "CỘNG")])
def test_a_line_that_only_sums_up_is_passed_over_and_told(hall: Hall, tmp_path: Path, last: tuple[str, ...]) -> None:
    path = as_xlsx(tmp_path / "a.xlsx", [HEAD, ROW, last])
    done = import_file(hall.store, hall.settings, path, actor="system")
    assert (done.rows, done.added, done.totals) == (1, 1, (3,))


def test_a_row_of_somebody_is_no_sum(hall: Hall, tmp_path: Path) -> None:
    rows = [HEAD, ROW, ("", "Công ty Mẫu"), ("H55.242-261120-0002", "Tổng", "31/02/2026")]
    told = faults(hall, as_xlsx(tmp_path / "a.xlsx", rows))
    assert [(row, reason) for row, _, reason in told] == [(3, "no_code"), (4, "no_such_day")]


def test_our_rows_are_openpyxls(tmp_path: Path) -> None:
    """Every type of cell, also where rows and cells are left out: what openpyxl itself reads."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    at = datetime(2026, 11, 20, 8, 30, 15)  # noqa: DTZ001 — a cell has no zone
    sheet.append(["a", None, 1, 2.5, True, False, at, at.date(), at.time(), at - datetime(2026, 11, 18), "", " x "])  # noqa: DTZ001
    sheet["AB7"], sheet["C9"], sheet["A9"] = "xa <&> đây", 1e-7, "#N/A"
    sheet["A10"] = CellRichText("đậm ", TextBlock(InlineFont(b=True), "nhạt"))
    book.save(tmp_path / "a.xlsx")
    _, mine = open_book(tmp_path / "a.xlsx")
    ours = {number: list(cells) for number, cells in mine.lines()}
    mine.close()
    theirs = openpyxl.load_workbook(tmp_path / "a.xlsx", read_only=True, data_only=True)
    read_only = list(theirs.worksheets[0].iter_rows(values_only=True))
    theirs.close()
    for number, row in enumerate(read_only, start=1):
        cells = list(row)
        while cells and cells[-1] is None:
            cells.pop()
        assert ours.get(number, []) == cells, number
    assert ours[7][27] == "xa <&> đây"
    assert ours[10] == ["đậm nhạt"]
