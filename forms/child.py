"""A long ledger drawn in a process of its own, so that nobody in the hall waits for it: ``python -m forms.child KIND``.

The ledger comes in as JSON, the file goes out as bytes; ``drawn_apart`` is the caller's side.
"""

import json
import os
import sys
from dataclasses import asdict, replace
from typing import Any, Final

from apart.child import GoneError, once
from forms import ledger as across
from forms import load_driver
from office.form_ledger import Ledger
from office.form_parts import Column, Head

LONGEST_S: Final = 300
"""Seconds after which a drawing is given up; a year's 20,000 dossiers take about eight."""
KINDS: Final = ("pdf", "xlsx")


class LedgerFault(Exception):
    """The other process drew nothing; the text is its last word, for logs."""


def drawn(made: Ledger, kind: str) -> bytes:
    """The ledger as ``pdf`` or ``xlsx``, in this process."""
    if kind == "xlsx":
        return bytes(load_driver("xlsx")(made))
    document = load_driver("pdf")(made.title, made.head.office)
    across.draw(made, document)
    return bytes(document.done())


def drawn_apart(made: Ledger, kind: str) -> bytes:
    """The same, in a process of its own. Raises LedgerFault when that ends badly or takes too long."""
    plain = asdict(replace(made, rows=())) | {"rows": made.rows}
    command = [sys.executable, "-m", "forms.child", kind]
    try:
        return once(command, json.dumps(plain, ensure_ascii=False).encode(), LONGEST_S)
    except TimeoutError as fault:
        raise LedgerFault("the ledger was not drawn in time") from fault
    except GoneError as fault:
        raise LedgerFault(f"the ledger was not drawn: {fault}") from fault


def _ledger(plain: dict[str, Any]) -> Ledger:
    columns = tuple(Column(**column) for column in plain["columns"])
    return Ledger(**plain | {"head": Head(**plain["head"]), "columns": columns})


def main() -> None:
    """Read a ledger, write the file."""
    if hasattr(os, "nice"):
        os.nice(10)  # the hall comes first
    made = _ledger(json.load(sys.stdin.buffer))
    sys.stdout.buffer.write(drawn(made, sys.argv[1]))


if __name__ == "__main__":
    main()
