"""Which column of somebody else's table is which field of ours: by its name, accents, case and signs left out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from office.catalogue_text import fold
from office.dossier_cells import Cell
from office.import_sections import Columns, squeezed
from office.legacy_text import Garbled, garbled

FIELDS: Final = tuple(Columns.model_fields)
_TOTAL: Final = re.compile(r"tong|cong|(?:tong cong|tong so|cong tong)(?: .*)?")
HEADING_WITHIN: Final = 30
"""Exports begin with a title, an office's name, a date: the names of the columns stand within so many rows."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The row with the columns' names: its number, place → (field, the name as the file has it), names not known, and
    the place after the last name."""

    row: int
    fields: dict[int, tuple[str, str]]
    unused: tuple[str, ...]
    width: int

    @property
    def twice(self) -> tuple[str, str] | None:
        """A field that two columns claim, and the second one's name; None when each has one."""
        seen: set[str] = set()
        for field, name in self.fields.values():
            if field in seen:
                return field, name
            seen.add(field)
        return None


class Names:
    """The names that configuration knows."""

    def __init__(self, columns: Columns) -> None:
        self._field: dict[str, str] = {squeezed(field): field for field in FIELDS}
        for field in FIELDS:
            self._field.update((squeezed(name), field) for name in getattr(columns, field))

    def field(self, name: str) -> str | None:
        """The field that a column called ``name`` holds, or None."""
        return self._field.get(squeezed(name))

    def heading(self, row: int, cells: Sequence[Cell]) -> Heading | None:
        """``cells`` as the row of names; None when they are not: it names the code and one more."""
        fields: dict[int, tuple[str, str]] = {}
        unused: list[str] = []
        width = 0
        for place, cell in enumerate(cells):
            if not isinstance(cell, str) or not cell.strip():
                continue
            width = place + 1
            name = " ".join(cell.split())[:80]
            field = self.field(name)
            if field is None:
                unused.append(name)
            else:
                fields[place] = (field, name)
        known = {field for field, _ in fields.values()}
        return Heading(row, fields, tuple(unused), width) if "code" in known and len(known) > 1 else None


def garbled_heading(rows: Iterable[Sequence[Cell]]) -> Garbled | None:
    """What is wrong with the letters of a table without a row of names, if that is why it has none."""
    words = (cell for cells in rows for cell in cells if isinstance(cell, str))
    return next((found for cell in words if (found := garbled(cell)) is not None), None)


def is_total(cells: Sequence[Cell], code: int) -> bool:
    """Whether a line only sums up what stands above it: a word for that in its first filled cell, and no code at place
    ``code``."""
    first = next((place for place, cell in enumerate(cells) if cell not in (None, "")), None)
    if first is None or (first != code and code < len(cells) and cells[code] not in (None, "")):
        return False
    cell = cells[first]
    return isinstance(cell, str) and bool(_TOTAL.fullmatch(fold(cell)))


def is_numbering(cells: Sequence[Cell]) -> bool:
    """Whether a row beneath the names only counts the columns: (1), (2), (3) …"""
    told = [str(cell).strip(" ()") for cell in cells if cell not in (None, "")]
    return bool(told) and all(cell.isdecimal() and len(cell) < 3 for cell in told)
