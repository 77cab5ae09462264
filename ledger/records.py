"""JSON lines: one object a line, whose keys are the columns."""

import json
from collections.abc import Iterator
from typing import Any, Final

from ledger import LedgerFault
from ledger.text_file import TextFile
from office.dossier_cells import Cell, Line

LONGEST: Final = 200_000
"""Letters a line has at most."""


class Records(TextFile):
    """One file of JSON lines."""

    def rows(self) -> Iterator[Line]:
        """Objects with the number of their line; empty lines are passed over."""
        for row, line in enumerate(iter(lambda: self._text.readline(LONGEST), ""), start=1):
            if line.strip():
                yield row, _record(line, row)


def _record(line: str, row: int) -> dict[str, Cell]:
    if len(line) >= LONGEST:
        raise LedgerFault("line_too_long", row)
    try:
        found = _DECODE(line.strip())
    except (ValueError, RecursionError):
        raise LedgerFault("bad_json", row) from None
    if not isinstance(found, dict):
        raise LedgerFault("bad_json", row)
    if any(isinstance(value, dict | list) for value in found.values()):
        raise LedgerFault("nested", row)
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


_DECODE: Final = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_constant).decode
"""Made once: ``json.loads`` would make a decoder for every line."""
