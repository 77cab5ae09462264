"""JSON lines: one object a line, whose keys are the columns."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from ledger import HEAD, LedgerFault, encoding_of, refuse_bytes
from office.dossier_cells import Cell, Line

LONGEST: Final = 200_000
"""Letters a line has at most."""


class Records:
    """One file of JSON lines."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._size = max(1, path.stat().st_size)
        self._raw = path.open("rb")
        head = self._raw.read(HEAD)
        self._raw.seek(0)
        self._encoding = encoding_of(head)
        self._text = io.TextIOWrapper(self._raw, encoding=self._encoding)

    def lines(self) -> Iterator[Line]:
        """Objects with the number of their line; empty lines are passed over."""
        try:
            for row, line in enumerate(iter(lambda: self._text.readline(LONGEST), ""), start=1):
                if line.strip():
                    yield row, _record(line, row)
        except UnicodeError:
            raise refuse_bytes(self._path, self._encoding) from None

    def others(self) -> tuple[str, ...]:
        """None: the file is one table."""
        return ()

    def share(self) -> float:
        """By bytes."""
        return min(1.0, self._raw.tell() / self._size)

    def close(self) -> None:
        """Let the file go."""
        self._text.close()


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
