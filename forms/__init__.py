"""Printed forms: one plain form (office/form_parts.py) drawn as PDF, the ledger as PDF and as a spreadsheet.

What needs a vendor's library is in one driver file each, loaded when the first form is asked for: the server starts
without them, and an office that never prints a form never loads them.
"""

from pkgutil import resolve_name
from typing import Any, Final

DRIVERS: Final = {"pdf": "forms.pdf:Document", "xlsx": "forms.sheet:write"}
"""What is made → where; imported only when asked for."""


def load_driver(name: str) -> Any:
    """The driver of that name; raises ImportError where its vendor's library is not installed."""
    return resolve_name(DRIVERS[name])


def check() -> str:
    """One line for the command ``check``. Raises ImportError where a library is missing."""
    for name in DRIVERS:
        load_driver(name)
    return ", ".join(DRIVERS)
