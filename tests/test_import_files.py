"""Files as they come: every encoding and separator, real cells and text, the same rows from all three kinds."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ledger import LedgerFault, kind_of, open_book
from ledger.importing import import_file
from office.dossier_import import ImportRefused, Report, run
from office.dossier_rows import Pushed
from office.dossier_table import Table
from office.import_sections import Columns
from tools.exports import as_csv, as_lines, as_xlsx, faults
from tools.rehearsal import Hall

HEAD = ("Mã hồ sơ", "Người nộp", "Ngày tiếp nhận", "Ngày hẹn trả", "Lệ phí", "Trạng thái", "Hình thức nộp", "Số bộ")
ROW = (
    *("H55.242-261120-0001", "Nguyễn Văn Thử", "20/11/2026 08:30", "25/11/2026", "20.000 đồng", "Thụ lý"),
    *("Trực tiếp", "1"),
)
OTHER = ("H55.242-261120-0002", "Trần Thị Mẫu", "20/11/2026 09:00", "", "Miễn phí", "9", "Trực tuyến", "2")
Write = Callable[[Path, list[tuple[Any, ...]]], Path]


def read(hall: Hall, path: Path) -> list[Pushed]:
    """The rows of a file that has no fault."""
    _, book = open_book(path)
    table = Table(hall.settings, hall.clock())
    try:
        found = [row for row, _ in table.rows(book.lines())]
    finally:
        book.close()
    assert table.faults == []
    return found


@pytest.fixture(name="take")
def _take(hall: Hall, tmp_path: Path) -> Callable[[str | bytes], list[tuple[int, str, str]]]:
    """What is wrong in a file of that text."""

    def take(text: str | bytes) -> list[tuple[int, str, str]]:
        path = tmp_path / "export"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return faults(hall, path)

    return take


# ---- what is read ------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_in_every_encoding_and_with_every_separator(hall: Hall, tmp_path: Path, sign: str, encoding: str) -> None:
    rows = read(hall, as_csv(tmp_path / "a", [HEAD, ROW, OTHER], sign, encoding))
    assert [row.name for row in rows] == ["Nguyễn Văn Thử", "Trần Thị Mẫu"]
    assert [row.fee for row in rows] == [20_000, 0]
    assert [(row.status, row.local_status) for row in rows] == [(None, "Thụ lý"), (9, None)]
    assert [row.intake for row in rows] == ["counter", "online"]
    assert rows[0].received_at == hall.moment("2026-11-20 08:30")
    assert (rows[0].due_at, rows[1].due_at) == (hall.moment("2026-11-25 00:00"), None)


def test_the_three_kinds_give_equal_rows(hall: Hall, tmp_path: Path) -> None:
    rows = [HEAD, ROW, OTHER]
    real = [HEAD, (*ROW[:2], datetime(2026, 11, 20, 8, 30), datetime(2026, 11, 25), 20000, *ROW[5:7], 1), OTHER]  # noqa: DTZ001 — cells have no zone
    assert read(hall, as_csv(tmp_path / "a", rows)) == read(hall, as_lines(tmp_path / "b", rows))
    assert read(hall, as_csv(tmp_path / "a", rows)) == read(hall, as_xlsx(tmp_path / "c", rows))
    assert read(hall, as_csv(tmp_path / "a", rows)) == read(hall, as_xlsx(tmp_path / "d", real))


WORDS = (
    "Nguyễn",
    "TRẦN",
    "Thử",
    "mẫu",
    "Đỗ",
    "Quỳnh",
    "a",
    "Xóm",
    "5",
    ".",
    ",",
    ";",
    '"',
    "'",
    "|",
    "\t",
    "\n",
    " ",
)
NAMES = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
ROWS = st.lists(
    st.tuples(
        NAMES,
        st.datetimes(datetime(2000, 1, 1), datetime(2026, 11, 1)).map(lambda at: at.replace(microsecond=0, second=0)),  # noqa: DTZ001
        st.integers(0, 10**9),
        st.integers(1, 10),
        st.sampled_from(["counter", "online", "post"]),
        st.sampled_from(["Trực tiếp", "TRỰC TUYẾN", "qua bưu chính", ""]),
    ),
    min_size=1,
    max_size=20,
)


@settings(
    deadline=None,
    max_examples=60,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(ROWS)
def test_any_rows_are_equal_from_all_three_kinds(hall: Hall, tmp_path: Path, made: list[tuple[Any, ...]]) -> None:
    head = ("Mã hồ sơ", "Họ tên", "Ngày tiếp nhận", "Lệ phí", "Trạng thái", "Hình thức nộp", "Hình thức trả")
    rows: list[tuple[Any, ...]] = [head]
    for n, (name, at, fee, status, intake, back) in enumerate(made, start=1):
        rows.append((f"H55.242-261120-{n:04d}", name, at, fee, status, intake, back))
    text = [(*row[:2], f"{row[2]:%d/%m/%Y %H:%M}", *row[3:]) for row in rows[1:]]
    plain = [head, *text]
    words = [head, *((*row[:3], f"{row[3]:,} đồng".replace(",", "."), str(row[4]), *row[5:]) for row in text)]
    kinds = [
        read(hall, as_csv(tmp_path / "a", words)),
        read(hall, as_csv(tmp_path / "b", plain, ",", "utf-16")),
        read(hall, as_lines(tmp_path / "c", plain)),
        read(hall, as_lines(tmp_path / "d", words)),
        read(hall, as_xlsx(tmp_path / "e", rows)),
        read(hall, as_xlsx(tmp_path / "f", words)),
    ]
    assert all(kind == kinds[0] for kind in kinds)
    assert [row.fee for row in kinds[0]] == [fee for _, _, fee, *_ in made]
    assert [row.name or "" for row in kinds[0]] == [" ".join(name.split()) for name, *_ in made]


def test_names_of_columns_with_or_without_accents_and_in_our_own_words(hall: Hall, tmp_path: Path) -> None:
    for head in (
        ("ma ho so", "nguoi nop", "NGAY TIEP NHAN", "Ngày Hẹn Trả", "le_phi", "trang-thai", "hinh thuc nop", "so bo"),
        ("code", "name", "received_at", "due_at", "fee", "status", "intake", "sets"),
        ("maHoSo", "hoTen", "ngayTiepNhan", "ngayHenTra", "lePhi", "trangThai", "hinhThucNop", "soBo"),
        ("Số hồ sơ", "Họ và tên", "Ngày nhận", "Hẹn trả", "Số tiền", "Tình trạng", "Kênh tiếp nhận", "Số bộ hồ sơ"),
    ):
        assert read(hall, as_csv(tmp_path / "a", [head, ROW])) == read(hall, as_csv(tmp_path / "b", [HEAD, ROW]))
        assert read(hall, as_lines(tmp_path / "c", [head, ROW])) == read(hall, as_csv(tmp_path / "b", [HEAD, ROW]))


def test_titles_above_the_names_and_numbers_beneath_them_are_passed_over(hall: Hall, tmp_path: Path) -> None:
    numbers = tuple(f"({n})" for n in range(1, 9))
    rows = [("SỔ THEO DÕI HỒ SƠ",), (), ("Tháng 11", "năm 2026"), HEAD, numbers, ROW, (), OTHER]
    assert len(read(hall, as_csv(tmp_path / "a", rows))) == 2
    assert len(read(hall, as_xlsx(tmp_path / "b", rows))) == 2


def test_excel_says_its_separator_and_cells_have_lines(hall: Hall, tmp_path: Path) -> None:
    text = 'sep=;\r\nMã hồ sơ;Địa chỉ;Lệ phí\r\nH55.242-261120-0001;"Xóm 1;\nxã ""Phú Lương""";0\r\n'
    (tmp_path / "a").write_bytes(text.encode())
    assert read(hall, tmp_path / "a")[0].address == 'Xóm 1; xã "Phú Lương"'


def test_columns_that_nobody_knows_are_told(hall: Hall, tmp_path: Path) -> None:
    path = as_csv(tmp_path / "a", [("STT", *HEAD, "Ghi chú"), ("1", *ROW, "x")])
    report = import_file(hall.store, hall.settings, path, actor="system")
    assert report == Report(1, 1, 0, 0, ("STT", "Ghi chú"))
    rows = as_lines(tmp_path / "b", [("STT", *HEAD), ("1", *ROW)])
    assert import_file(hall.store, hall.settings, rows, actor="system") == Report(1, 0, 0, 1, ("STT",))


# ---- what is refused ---------------------------------------------------------------------------


def test_every_fault_is_told_by_row_and_column(hall: Hall, tmp_path: Path) -> None:
    rows = [
        HEAD,
        ROW,
        ("H55.242-261120-0002", "Lê Thị Mẫu", "31/11/2026", "hôm nào", "20.5", "Bay", "Bồ câu", "hai"),
        ("", "Lê Thị Mẫu", "20/11/2026", "", "", "", "", ""),
        ("0900000000", *ROW[1:]),
        ("H55.242-261131-0001", *ROW[1:]),
        ("LA-2026/77", *ROW[1:]),
        ROW,
        ("H55.242-261120-0009", "NguyÔn V¨n Thö", "21/12/2026", "", "", "11", "", ""),
    ]
    expected = [
        *((3, "Ngày tiếp nhận", "no_such_day"), (3, "Ngày hẹn trả", "bad_date"), (3, "Lệ phí", "bad_money")),
        *((3, "Trạng thái", "unknown_status"), (3, "Hình thức nộp", "bad_way"), (3, "Số bộ", "bad_number")),
        *((4, "", "no_code"), (5, "Mã hồ sơ", "code_bad"), (6, "Mã hồ sơ", "code_day"), (7, "Mã hồ sơ", "code_bad")),
        *((8, "Mã hồ sơ", "code_twice"), (9, "Người nộp", "tcvn3"), (9, "Ngày tiếp nhận", "future")),
        (9, "Trạng thái", "status_number"),
    ]
    assert faults(hall, as_csv(tmp_path / "a", rows)) == expected
    assert faults(hall, as_xlsx(tmp_path / "b", rows)) == expected
    told = faults(hall, as_lines(tmp_path / "c", rows))
    assert [(row + 1, column, reason) for row, column, reason in told] == expected


def test_a_code_of_an_unknown_shape_needs_somebody_who_confirms_it(hall: Hall, tmp_path: Path) -> None:
    path = as_csv(tmp_path / "a", [HEAD, ("LA-2026-77", *ROW[1:])])
    assert faults(hall, path) == [(2, "Mã hồ sơ", "code_unknown")]
    assert import_file(hall.store, hall.settings, path, actor="system", confirmed=True).added == 1


@pytest.mark.parametrize(
    ("text", "row", "reason"),
    [
        ("", 0, "empty_file"),
        ("  \n \n", 0, "empty_file"),
        ("một;hai\n1;2\n", 0, "no_columns"),
        ("Mã hồ sơ\nH55.242-261120-0001\n", 0, "no_columns"),
        ("Mã hồ sơ;Lệ phí\n", 0, "no_rows"),
        ("Mã hồ sơ;Lệ phí;Phí\nH55.242-261120-0001;1;2\n", 1, "column_twice"),
        ('{"code": "H55.242-261120-0001", "fee": 1, "Lệ phí": 2}\n', 1, "column_twice"),
        ("Mã hồ sơ;Lệ phí\nH55.242-261120-0001;1;thừa\n", 2, "cells_too_many"),
        ('Mã hồ sơ;Lệ phí\nH55.242-261120-0001;"1\n', 2, "bad_quotes"),
        ('Mã hồ sơ;Lệ phí\nH55.242-261120-0001;"1"2\n', 2, "bad_quotes"),
        ('Mã hồ sơ;Lệ phí\nH55.242-261120-0001;"' + "x" * 140_000 + '"\n', 2, "cell_too_long"),
        ("<html><table><tr><td>Mã hồ sơ</td></tr></table></html>", 0, "html_table"),
        ("<?xml version='1.0'?><Workbook/>", 0, "html_table"),
        ("%PDF-1.7 …", 0, "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 ...", 0, "old_excel"),
        ('[{"code": "H55.242-261120-0001"}]', 0, "json_array"),
        ('{"code": "H55.242-261120-0001"}\n{"code": \n', 2, "bad_json"),
        ('{"code": "H55.242-261120-0001"}\n["code"]\n', 2, "bad_json"),
        ('{"code": "H55.242-261120-0001", "fee": NaN}\n', 1, "bad_json"),
        ('{"code": "H55.242-261120-0001", "code": "H55.242-261120-0002"}\n', 1, "bad_json"),
        ('{"code": "H55.242-261120-0001", "papers": ["Tờ khai"]}\n', 1, "nested"),
        ('{"code": "' + "x" * 300_000 + '"}\n', 1, "line_too_long"),
        ('{"code": ' + "[" * 100_000 + "\n", 1, "bad_json"),
        (b"PK\x03\x04 no archive", 0, "broken_file"),
        ("Mã hồ sơ;Người nộp\nH55.242-261120-0001;Nguyễn\n".encode("cp1258", "replace") + b"\xff", 1, "not_unicode"),
        (b"M\xb7 h\xe5 s\xac;Ng\xad\xeai n\xe9p\nH55.242-261120-0001;Nguy\xd4n V\xa8n Th\xf6\n", 1, "tcvn3"),
        ("Maõ hoà sô;Ngöôøi noäp\nH55.242-261120-0001;Nguyeãn Vaên Thöû\n".encode("latin-1"), 1, "vni"),
        ("M· hå s¬;Ng­êi nép\nH55.242-261120-0001;NguyÔn V¨n Thö\n", 0, "tcvn3"),
        ("Maõ hoà sô;Ngöôøi noäp\nH55.242-261120-0001;Nguyeãn Vaên Thöû\n", 0, "vni"),
        ("Mã hồ sơ;Người nộp\nH55.242-261120-0001;x\n".encode().decode("latin-1"), 0, "mojibake"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(take: Any, text: str | bytes, row: int, reason: str) -> None:
    found = take(text)
    assert [(number, why) for number, _, why in found] == [(row, reason)]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        *(("Nguyeãn Vaên Thöû", "vni"), ("TrÇn ThÞ MÉu", "tcvn3"), ("Nguy?n V?n", "lost")),
        ("Nguyễn Văn Thử".encode().decode("latin-1"), "mojibake"),
    ],
)
def test_one_garbled_cell_among_good_ones_is_found_in_every_kind(
    hall: Hall, tmp_path: Path, name: str, reason: str
) -> None:
    rows = [HEAD, ROW, (OTHER[0], name, *OTHER[2:])]
    for write in (as_csv, as_xlsx):
        assert faults(hall, write(tmp_path / "a", rows)) == [(3, "Người nộp", reason)]
    assert faults(hall, as_lines(tmp_path / "b", rows)) == [(2, "Người nộp", reason)]


def test_a_hundred_thousand_faults_are_counted_and_few_told(hall: Hall) -> None:
    lines: Iterator[Any] = iter([(1, HEAD), *((n, ("x", *ROW[1:])) for n in range(2, 5002))])
    with pytest.raises(ImportRefused) as refusal:
        run(hall.store, hall.settings, lines, actor="system")
    assert (refusal.value.params["count"], len(refusal.value.faults)) == (5000, 200)
    assert refusal.value.faults[0].cell == "A2"


def test_no_fault_repeats_what_a_cell_holds(hall: Hall, tmp_path: Path) -> None:
    rows = [HEAD, ("Nguyễn Văn Thử", "x" * 300, *["Nguyễn Văn Thử"] * 6)]
    with pytest.raises(ImportRefused) as refusal:
        import_file(hall.store, hall.settings, as_csv(tmp_path / "a", rows), actor="system")
    assert "Nguyễn" not in f"{refusal.value} {refusal.value.params}"


def test_kinds_are_told_by_what_is_inside(tmp_path: Path) -> None:
    assert kind_of(as_xlsx(tmp_path / "a.csv", [HEAD])) == "xlsx"
    assert kind_of(as_csv(tmp_path / "b.xlsx", [HEAD])) == "csv"
    assert kind_of(as_lines(tmp_path / "c.txt", [HEAD, ROW])) == "jsonl"
    (tmp_path / "d").write_bytes(b"")
    with pytest.raises(LedgerFault):
        kind_of(tmp_path / "d")


def test_the_shipped_names_are_those_the_program_knows(hall: Hall) -> None:
    """An office whose config/ is older than the columns has them all the same."""
    assert hall.settings.dossiers.columns == Columns()


def test_an_office_adds_its_own_names(hall: Hall, tmp_path: Path) -> None:
    columns = Columns(code=("Số phiếu",), fee=("Thu của dân",))
    own = hall.settings.model_copy(update={"dossiers": hall.settings.dossiers.model_copy(update={"columns": columns})})
    table = Table(own, hall.clock())
    _, book = open_book(as_csv(tmp_path / "a", [("so phieu", "thu cua dan", "Người nộp"), (ROW[0], "5.000", "x")]))
    assert [(row.fee, row.name) for row, _ in table.rows(book.lines())] == [(5000, "x")]
    book.close()


def test_a_name_is_one_columns(hall: Hall) -> None:
    with pytest.raises(ValidationError, match="stands under code and under fee"):
        Columns(code=("Số phiếu",), fee=("so_phieu",))
