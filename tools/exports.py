"""Files as other systems export them, written for rehearsals; and what an import says of one."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl

from ledger.importing import import_file
from office.dossier_import import ImportRefused
from tools.rehearsal import Hall


def as_csv(path: Path, rows: Sequence[tuple[Any, ...]], sign: str = ";", encoding: str = "utf-8-sig") -> Path:
    """``rows`` as CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=sign).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def as_xlsx(path: Path, rows: Sequence[tuple[Any, ...]]) -> Path:
    """``rows`` as the only sheet of a workbook."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("HS")
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def as_lines(path: Path, rows: Sequence[tuple[Any, ...]]) -> Path:
    """``rows`` as JSON lines, the first one naming the keys."""
    records = (dict(zip(rows[0], row, strict=True)) for row in rows[1:])
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records), encoding="utf-8")
    return path


def faults(hall: Hall, path: Path) -> list[tuple[int, str, str]]:
    """Row, column and reason of what is wrong in a file. Raises AssertionError when anything of it is taken."""
    before = hall.dump()
    try:
        import_file(hall.store, hall.settings, path, actor="system")
    except ImportRefused as refusal:
        if hall.dump() != before:
            raise AssertionError("a file was refused after something of it was written") from refusal
        return [(fault.row, fault.column, fault.reason) for fault in refusal.faults]
    raise AssertionError("nothing is wrong in it")
