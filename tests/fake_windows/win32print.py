"""A Windows print spooler as far as python-escpos and the driver see it; its dials are files in FAKE_SPOOLER."""

import json
import os
from pathlib import Path
from typing import Any

PRINTER_ENUM_NAME = 8
_PLACE = Path(os.environ["FAKE_SPOOLER"])
_open: dict[int, bytearray] = {}


class error(Exception):  # noqa: N801 - pywintypes' own name
    """(number, function, text), as pywin32 raises it."""


def OpenPrinter(name: str) -> int:  # noqa: N802 - pywin32's names, from here on
    if name != "Phiếu":
        raise error(1801, "OpenPrinter", "The printer name is invalid.")
    return 7


def ClosePrinter(handle: int) -> None:  # noqa: N802
    _open.pop(handle, None)


def GetPrinter(handle: int, level: int) -> dict[str, Any]:  # noqa: N802
    return {"Status": 0, "cJobs": 0, **json.loads((_PLACE / "dials.json").read_text())}


def GetDefaultPrinter() -> str:  # noqa: N802
    return "Phiếu"


def EnumPrinters(flags: int, name: str, level: int) -> list[dict[str, str]]:  # noqa: N802
    return [{"pPrinterName": "Phiếu"}]


def StartDocPrinter(handle: int, level: int, document: tuple[str, str, str]) -> int:  # noqa: N802
    assert document[2] == "RAW"
    _open[handle] = bytearray()
    return 1


def StartPagePrinter(handle: int) -> None:  # noqa: N802
    assert handle in _open


def WritePrinter(handle: int, data: bytes) -> int:  # noqa: N802
    _open[handle] += data
    return len(data)


def EndPagePrinter(handle: int) -> None:  # noqa: N802
    assert handle in _open


def EndDocPrinter(handle: int) -> None:  # noqa: N802
    (_PLACE / "job.bin").write_bytes(bytes(_open.pop(handle)))
