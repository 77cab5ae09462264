"""ESC/POS on the wire: the few commands and answers used beyond what python-escpos offers.

Sources: Epson ESC/POS Application Programming Guide, commands DLE EOT, GS r, GS ( H, GS P, ESC J, GS V.
Driver and simulator both speak from this page; the tests hold it against bytes taken from the guide.
"""

from collections.abc import Iterator
from typing import Final

from printer import Paper, PrinterStatus

DLE, EOT, ESC, GS = b"\x10", b"\x04", b"\x1b", b"\x1d"

ASK_PRINTER, ASK_CAUSE, ASK_ERROR, ASK_PAPER = 1, 2, 3, 4
"""The n of DLE EOT n: state, why it is offline, which error, paper sensors."""

WAKE: Final = ESC + b"@"
"""ESC @: forget every setting of an earlier job."""
UNITS: Final = GS + b"P\xcb\xcb"
"""GS P 203 203: one unit of feed is one dot; models differ in their default."""
ASK_PAPER_IN_TURN: Final = GS + b"r\x01"
"""GS r 1: answered only after everything before it has been worked off, unlike DLE EOT."""

_FIXED, _REALTIME = 0b1001_0011, 0b0001_0010
_OFFLINE = 0b0000_1000
_COVER, _STOPPED, _ERROR = 0b0000_0100, 0b0010_0000, 0b0100_0000
_NEAR_END, _END = 0b0000_1100, 0b0110_0000
_ERRORS: Final = {0b100: "mechanical", 0b1000: "cutter", 0b10_0000: "unrecoverable", 0b100_0000: "head too hot"}


def ask(n: int) -> bytes:
    """DLE EOT n, the question answered at once whatever the printer is busy with."""
    return DLE + EOT + bytes((n,))


def feed(dots: int) -> Iterator[bytes]:
    """ESC J: ``dots`` of blank paper."""
    while dots > 0:
        yield ESC + b"J" + bytes((min(dots, 255),))
        dots -= 255


def is_realtime(answer: int) -> bool:
    """Whether a byte is an answer to DLE EOT: bits 1 and 4 are set, 0 and 7 are not."""
    return answer & _FIXED == _REALTIME


def is_paper_in_turn(answer: int) -> bool:
    """Whether a byte is an answer to GS r 1: bits 4 and 7 are not set, and sensors are told in pairs."""
    return answer & 0b1111_0000 == 0 and answer & 0b11 in (0, 3) and answer >> 2 in (0, 3)


def status_from(state: int, cause: int, paper: int, error: int = _REALTIME) -> PrinterStatus:
    """The status told by the answers to DLE EOT 1, 2, 4 and, when the second speaks of an error, 3."""
    out = paper & _END or cause & _STOPPED
    near = paper & _NEAR_END
    named = [name for bit, name in _ERRORS.items() if error & bit]
    return PrinterStatus(
        online=not state & _OFFLINE,
        paper=Paper.OUT if out else Paper.NEAR_END if near else Paper.OK,
        cover_open=bool(cause & _COVER),
        error=(", ".join(named) or "error") if cause & _ERROR else "",
    )


def has_error(cause: int) -> bool:
    """Whether the answer to DLE EOT 2 speaks of an error, which DLE EOT 3 then names."""
    return bool(cause & _ERROR)


def answers(status: PrinterStatus) -> dict[int, int]:
    """The four real-time answers a printer in this status gives; the simulator's side of ``status_from``."""
    stopped = status.paper is Paper.OUT
    return {
        ASK_PRINTER: _REALTIME | (0 if status.online and status.fault is None else _OFFLINE),
        ASK_CAUSE: _REALTIME
        | (_COVER if status.cover_open else 0)
        | (_STOPPED if stopped else 0)
        | (_ERROR if status.error else 0),
        ASK_ERROR: _REALTIME | sum(bit for bit, name in _ERRORS.items() if name in status.error),
        ASK_PAPER: _REALTIME
        | (_NEAR_END if status.paper in (Paper.NEAR_END, Paper.OUT) else 0)
        | (_END if stopped else 0),
    }


def paper_in_turn(paper: Paper) -> int:
    """The answer to GS r 1."""
    return {Paper.OK: 0, Paper.UNKNOWN: 0, Paper.NEAR_END: 0b0011, Paper.OUT: 0b1111}[paper]
