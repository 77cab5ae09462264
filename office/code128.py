"""Code 128 as widths of bars and spaces: drawn by printed forms, by their pages, and by the ticket printer.

Pure. Letters are written in set B, runs of digits in pairs by set C, which keeps a dossier code short enough for A5.
"""

import re
from typing import Final

_PATTERNS: Final = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122"
    "123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323"
    "131123131321112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131"
    "213113213311213131311123311321331121312113312311332111314111221411431111111224111422121124121421141122"
    "141221112214112412122114122411142112142211241211221114413111241112134111111242121142121241114212124112"
    "124211411212421112421211212141214121412121111143111341131141114113114311411113411311113141114131311141"
    "411131211412211214211232"
)
_WIDTHS: Final = tuple(_PATTERNS[at : at + 6] for at in range(0, len(_PATTERNS), 6))
"""Six widths a letter, by its value."""
_STOP: Final = "2331112"
_START_B, _START_C, _TO_B, _TO_C = 104, 105, 100, 99
_CHECK: Final = 103
QUIET: Final = 10
"""Modules that must stay blank on both sides."""
LONGEST: Final = 48
"""Letters: a longer code fits no paper of ours."""

MODULE_MM: Final = (0.40, 0.36, 0.33)
"""mm a module on forms, the first that fits; finer bars are not printed at all (HARDWARE, "Codes")."""


def carries(text: str) -> bool:
    """Whether ``text`` can be a Code 128 here: printable ASCII, not empty, at most LONGEST letters."""
    return bool(text) and text.isascii() and text.isprintable() and len(text) <= LONGEST


def widths(text: str) -> tuple[int, ...]:
    """The widths in modules of bar, space, bar … of ``text``, without quiet zones.

    Raises ValueError for a text that ``carries`` refuses.
    """
    if not carries(text):
        raise ValueError("Code 128 carries 1 to 48 printable ASCII letters")
    values = _values(text)
    check = (values[0] + sum(place * value for place, value in enumerate(values[1:], 1))) % _CHECK
    pattern = "".join(_WIDTHS[value] for value in [*values, check]) + _STOP
    return tuple(map(int, pattern))


def bars(text: str) -> list[tuple[int, int]]:
    """Each bar of ``text`` as (modules before it, its width)."""
    found, at = [], 0
    for place, width in enumerate(widths(text)):
        if place % 2 == 0:
            found.append((at, width))
        at += width
    return found


def modules(text: str) -> int:
    """How many modules ``text`` is wide, without quiet zones."""
    return sum(widths(text))


def module_mm(text: str, room: float) -> float:
    """mm a module of ``text`` in ``room`` mm; 0 when the finest bars would not fit, or there is no text."""
    return next((mm for mm in MODULE_MM if text and modules(text) * mm <= room), 0.0)


def _values(text: str) -> list[int]:
    """Start, letters and changes between the sets; a change costs a letter, so only longer runs of digits pay."""
    values: list[int] = []
    for run in re.findall(r"\d+|\D+", text):
        odd = len(run) % 2
        last = text.endswith(run) and run.isdigit()
        if run.isdigit() and len(run) - odd >= (4 if last or not values else 6):
            if odd:
                _letters(values, run[:1])
            values.append(_TO_C if values else _START_C)
            values.extend(int(run[at : at + 2]) for at in range(odd, len(run), 2))
            values.append(_TO_B)
        else:
            _letters(values, run)
    return values[:-1] if values[-1] == _TO_B else values


def _letters(values: list[int], run: str) -> None:
    if not values:
        values.append(_START_B)
    values.extend(ord(letter) - 32 for letter in run)
