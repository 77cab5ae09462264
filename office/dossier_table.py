"""Rows of somebody else's table made into rows of the register; what does not fit is told by row and column.

Nothing is guessed: a cell in an old font, a day that does not exist, a word nobody configured is a fault, and a file
with a fault is not imported at all (office/dossier_import.py). A fault never repeats the cell: it may hold a name.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, cast

from office.clock import local
from office.dossier_cells import BadCell, Cell, Line
from office.dossier_code import CODE, normal
from office.dossier_columns import HEADING_WITHIN, Heading, Names, garbled_heading, is_numbering, is_total
from office.dossier_compare import Checked
from office.dossier_readers import readers
from office.dossier_rows import Pushed, check
from office.errors import BadCode, BadDossier
from office.settings import Settings

TOLD: Final = 200
"""Faults told of a file; the rest are only counted."""
ROWS_MAX: Final = 1_000_000
NAMES_MAX: Final = 1000
"""Columns that records may bring with them, each with its own."""

_COLUMN_OF: Final = {"local_status": "status", "term_amount": "term", "term_unit": "term", "service": "field"}
"""Our field → the column it was read from, where it is called otherwise."""

Row = tuple[Pushed, Checked]
"""What a line tells, and the same as the register takes it."""
Told = list[tuple[int, str, Cell]]
"""The cells of a row: place (-1 in a record), the column's name, what it holds."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: row (0 the whole file), the column's name in the file, our field, ``import.reason.<reason>``.

    ``place`` counts columns from 0, -1 where there is none; ``other`` is the row it clashes with, or 0.
    """

    row: int
    column: str
    field: str
    reason: str
    place: int = -1
    other: int = 0

    @property
    def cell(self) -> str:
        """The cell as a spreadsheet names it (``F12``), '' where there is none."""
        letters, left = "", self.place + 1
        while left > 0:
            left, letter = divmod(left - 1, 26)
            letters = chr(ord("A") + letter) + letters
        return f"{letters}{self.row}" if letters and self.row else ""


class Table:
    """One file under way: ``rows`` gives what is good; ``faults``, and ``wrong`` (how many), tell the rest,
    ``totals`` the lines that only sum up."""

    def __init__(self, settings: Settings, now: int, *, confirmed: bool = False) -> None:
        self._settings = settings
        self._names = Names(settings.dossiers.columns)
        self._readers = readers(settings, now)
        self._today = local(now, settings.office.zone).date()
        self._confirmed = confirmed
        self._first: dict[bytes, int] = {}
        self._fields: dict[str, str | None] = {}
        self._unused: dict[str, None] = {}
        self.faults: list[Fault] = []
        self.wrong = 0
        self.count = 0
        self.totals: list[int] = []

    @property
    def unused(self) -> tuple[str, ...]:
        """Columns that nothing was made of."""
        return tuple(self._unused)

    def rows(self, lines: Iterable[Line]) -> Iterator[Row]:
        """What each line tells of a dossier; lines that do not fit are left out and told in ``faults``."""
        left = iter(lines)
        first = next(left, None)
        if first is not None:
            whole = chain([first], left)
            for number, told in self._of_records(whole) if isinstance(first[1], Mapping) else self._of_table(whole):
                self.count += 1
                if self.count > ROWS_MAX:
                    self.fault(Fault(number, "", "", "too_many_rows"))
                    return
                row = self._row(number, told)
                if row is not None:
                    yield row
        if not self.count and not self.wrong:
            self.fault(Fault(0, "", "", "no_rows"))

    def fault(self, fault: Fault) -> None:
        """Tell one more."""
        self.wrong += 1
        if len(self.faults) < TOLD:
            self.faults.append(fault)

    def _of_records(self, lines: Iterable[Line]) -> Iterator[tuple[int, Told]]:
        for number, cells in lines:
            record = cast(Mapping[str, Cell], cells)
            yield number, [(-1, name, cell) for name, cell in record.items()]

    def _of_table(self, lines: Iterator[Line]) -> Iterator[tuple[int, Told]]:
        heading = self._heading(lines)
        if heading is None:
            return
        columns = [(place, name) for place, (_, name) in heading.fields.items()]
        code = next(place for place, (field, _) in heading.fields.items() if field == "code")
        for number, line in lines:
            cells = cast(Sequence[Cell], line)
            if not any(cells) or (number == heading.row + 1 and is_numbering(cells)):
                continue
            if is_total(cells, code):
                self.totals.append(number)
                continue
            if len(cells) > heading.width and any(cells[heading.width :]):
                self.fault(Fault(number, "", "", "cells_too_many"))
                continue
            yield number, [(place, name, cells[place]) for place, name in columns if place < len(cells)]

    def _heading(self, lines: Iterator[Line]) -> Heading | None:
        """The row with the columns' names, which is looked for at the beginning; None is told as a fault."""
        before: list[Sequence[Cell]] = []
        for number, line in lines:
            cells = cast(Sequence[Cell], line)
            found = self._names.heading(number, cells)
            if found is not None:
                self._unused.update(dict.fromkeys(found.unused))
                if found.twice:
                    self.fault(Fault(number, found.twice[1], found.twice[0], "column_twice"))
                    return None
                return found
            before.append(cells)
            if number >= HEADING_WITHIN:
                break
        self.fault(Fault(0, "", "", garbled_heading(before) or "no_columns"))
        return None

    def _row(self, number: int, told: Told) -> Row | None:
        values: dict[str, Any] = {}
        where: dict[str, tuple[int, str]] = {}
        wrong = self.wrong
        for place, name, cell in told:
            field = self._field(name)
            if field is None or cell is None or cell == "":
                continue
            if field in where:  # a table's columns were looked at once; records bring their own names
                self.fault(Fault(number, name, field, "column_twice", place))
            where[field] = (place, name)
            try:
                values |= self._readers[field](cell)
            except BadCell as fault:
                self.fault(Fault(number, name, field, fault.reason, place))
        if self.wrong > wrong:
            return None
        if "code" not in values:
            self.fault(Fault(number, where.get("code", (-1, ""))[1], "code", "no_code"))
            return None
        return self._checked(number, Pushed(**values, confirmed=self._confirmed), where)

    def _checked(self, number: int, row: Pushed, where: dict[str, tuple[int, str]]) -> Row | None:
        """The row if the register takes it and no row before it has its code."""
        try:
            checked = check(self._settings, row, self._today)
        except BadCode as fault:
            self._tell(number, "code", _code_reason(row.code, fault), where)
            return None
        except BadDossier as fault:
            self._tell(number, str(fault.params["field"]), str(fault.params["reason"]), where)
            return None
        sign = hashlib.blake2b(checked.code.key.encode(), digest_size=10).digest()
        first = self._first.setdefault(sign, number)
        if first != number:
            self._tell(number, "code", "code_twice", where, first)
            return None
        return row, checked

    def _tell(self, number: int, field: str, reason: str, where: dict[str, tuple[int, str]], other: int = 0) -> None:
        column = _COLUMN_OF.get(field, field)
        place, name = where.get(column, (-1, column))
        self.fault(Fault(number, name, column, reason, place, other))

    def _field(self, name: str) -> str | None:
        """The field of a column; each name is looked up once."""
        if name not in self._fields and len(self._fields) < NAMES_MAX:
            self._fields[name] = self._names.field(name)
            if self._fields[name] is None:
                self._unused[name[:80]] = None
        return self._fields.get(name)


def _code_reason(code: str, fault: BadCode) -> str:
    if CODE.fullmatch(normal(code)):
        return "code_day"
    return "code_unknown" if fault.params.get("confirmable") else "code_bad"
