"""Cells of somebody else's table read as what they mean: days, money, numbers, ways. What is unsure is refused.

A cell is what a file's driver found: text, a number, a day or a moment, or nothing. Nothing here repeats a cell's
value in an error: the wrong column may hold a name.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from office.catalogue_text import fold, tidy
from office.clock import millis

Cell = str | int | float | bool | datetime | date | time | timedelta | None
Line = tuple[int, Sequence[Cell] | Mapping[str, Cell]]
"""A row by its number (1 is the first): its cells in order, or by the names that it brings with it."""

FIRST_YEAR, LAST_YEAR = 1990, 2100
DEAREST: Final = 100_000_000_000
"""đồng; more is a slip of the finger."""

_SLASHED: Final = re.compile(
    r"(?:(?P<h>\d{1,2})(?:[:h]| giờ ?)(?P<m>\d{2})?(?::(?P<s>\d{2})| phút)?,? (?:ngày )?)?"
    r"(?P<d>\d{1,2})([/.-])(?P<mo>\d{1,2})\5(?P<y>\d{4})"
    r"(?:,? (?:lúc )?(?P<h2>\d{1,2})[:h](?P<m2>\d{2})?(?::(?P<s2>\d{2})(?:\.\d{1,6})?)?(?: ?(?P<half>SA|CH|AM|PM))?)?",
    re.IGNORECASE,
)
_SPELLED: Final = re.compile(
    r"(?:(?P<h>\d{1,2}) gio (?:(?P<m>\d{1,2}) (?:phut )?)?)?ngay (?P<d>\d{1,2}) thang (?P<mo>\d{1,2}) nam (?P<y>\d{4})"
)
_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ].+)?")
_EXCEL_ZERO: Final = datetime(1899, 12, 30)  # noqa: DTZ001 — day 0 of a spreadsheet's dates, in no zone
_EXCEL_DAYS: Final = (32_874, 73_415)
"""1990 to 2100."""

_MONEY: Final = re.compile(
    r"(?:(?P<grouped>\d{1,3}(?:(?P<sign>[., \u00a0\u202f'])\d{3})(?:(?P=sign)\d{3})*)|(?P<plain>\d+))"
    r"(?P<cents>[.,]0{1,2})?(?P<short>[.,]\d{1,3})?\s*(?P<scale>nghìn|nghin|ngàn|ngan|k|triệu|trieu|tr)?\s*"
    r"(?:đồng|dong|vnđ|vnd|đ|d|₫)?\.?",
    re.IGNORECASE,
)
_SCALES: Final = {"nghin": 1000, "ngan": 1000, "k": 1000, "trieu": 1_000_000, "tr": 1_000_000}
_FREE: Final = frozenset(
    {"mien phi", "mien", "khong thu", "khong thu phi", "khong", "khong dong", "khong co phi"}
    | {"mien le phi", "mien phi le phi", "khong thu le phi", "khong co le phi"}
)
_MANGLED: Final = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
_EXCEL_ERRORS: Final = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})
_TERM: Final = re.compile(
    r"(?:khong qua |toi da |trong (?:thoi han )?)?(\d{1,4}) ?(gio|ngay lam viec|ngay)(?: lam viec)?"
    r"(?: ke tu (?:khi|ngay)? ?(?:tiep nhan|nhan) (?:du |duoc )?(?:du )?ho so(?: hop le)?)?"
)
_SAME_DAY: Final = re.compile(r"(?:giai quyet |tra )?(?:ngay )?trong ngay(?: lam viec)?|(?:giai quyet|tra) ngay")
_SPELLED_TOO: Final = re.compile(r"(\d)\s*\([^()\d]{1,20}\)")
"""``03 (ba) ngày``: the figure in words behind it."""
_TERM_UNITS: Final = {"gio": "gio", "ngay": "ngay", "ngay lam viec": "ngay_lam_viec"}

WAYS: Final = {
    "counter": "counter|truc tiep|tai quay|truc tiep tai quay|nop truc tiep|tai bo phan mot cua|mot cua|tai trung tam"
    "|nhan truc tiep|tra truc tiep|tai cho|truc tiep tai bo phan mot cua|nop truc tiep tai bo phan mot cua"
    "|truc tiep tai trung tam",
    "online": "online|truc tuyen|nop truc tuyen|qua mang|dien tu|tra truc tuyen|ban dien tu|nhan truc tuyen"
    "|cong dich vu cong|dvc truc tuyen|dich vu cong truc tuyen|qua cong dich vu cong",
    "post": "post|buu chinh|qua buu chinh|buu chinh cong ich|dich vu buu chinh|buu dien|qua buu dien|bcci"
    "|dich vu buu chinh cong ich|qua dich vu buu chinh cong ich|nhan qua buu chinh|tra qua buu chinh",
}
"""Our word for a way of handing in or giving back, and what others call it (folded)."""
_WAY: Final = {word: way for way, words in WAYS.items() for word in words.split("|")}
_NATIONAL_WAY: Final = {1: "counter", 2: "online", 3: "post"}
"""DOMAIN 4.1: intake channel 1 direct, 2 online, 3 postal."""


class BadCell(ValueError):
    """A cell that cannot be read; ``reason`` has a phrase ``import.reason.<reason>``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def text(cell: Cell, longest: int) -> str:
    """The cell as a line of text, '' for an empty one. Raises BadCell: too_long, mangled (``1.9E+11``),
    excel_error (``#N/A``), bad_text."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        try:
            found = tidy(cell)
        except ValueError:
            raise BadCell("bad_text") from None
        if _MANGLED.fullmatch(found):
            raise BadCell("mangled")
        if found in _EXCEL_ERRORS:
            raise BadCell("excel_error")
    elif isinstance(cell, datetime | date):
        found = cell.strftime("%d/%m/%Y")
    else:
        found = _digits(cell)
    if len(found) > longest:
        raise BadCell("too_long")
    return found


def moment(cell: Cell, zone: ZoneInfo) -> int | None:
    """The cell as ms UTC; a day alone is its local midnight (what the dossier systems themselves keep),
    of which office/dossier_rows.py makes the hour when work begins or ends.

    Day before month, always: 05/11/2026 is 5 November. Raises BadCell: bad_date (no date's shape), no_such_day
    (31/02/2026), date_range (before 1990 or after 2100).
    """
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    try:
        found = _moment(cell)
    except ValueError as fault:
        raise BadCell("bad_date" if str(fault) == "bad_date" else "no_such_day") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadCell("date_range")
    return millis(found if found.tzinfo else found.replace(tzinfo=zone))


def money(cell: Cell) -> int | None:
    """The cell in đồng: ``20.000 đồng``, ``20,000``, ``20 nghìn``, ``1,5 triệu``, a number; free in words is 0.

    Raises BadCell bad_money, also for what could be read in two ways (``20.5``).
    """
    if cell is None or isinstance(cell, str):
        amount = _spoken_money(tidy_or_bad(cell)) if cell else None
    else:
        amount = whole(cell, "bad_money")
    if amount is not None and not 0 <= amount <= DEAREST:
        raise BadCell("bad_money")
    return amount


def whole(cell: Cell, reason: str = "bad_number") -> int | None:
    """The cell as a whole number that is not negative. Raises BadCell with ``reason``."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, str) and (digits := cell.strip()).isascii() and digits.isdecimal() and len(digits) < 13:
        return int(digits)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 0 <= cell < 1e13 and cell == int(cell):
        return int(cell)
    if isinstance(cell, str) and not cell.strip():
        return None
    raise BadCell(reason)


def way(cell: Cell) -> str | None:
    """The cell as counter, online or post: in words, or by the national numbers 1, 2, 3. Raises BadCell bad_way."""
    if isinstance(cell, int | float) or (isinstance(cell, str) and cell.strip() in ("1", "2", "3")):
        found = _NATIONAL_WAY.get(whole(cell, "bad_way") or 0)
    else:
        word = fold(text(cell, 200))
        if not word:
            return None
        found = _WAY.get(word)
    if found is None:
        raise BadCell("bad_way")
    return found


def term(cell: Cell) -> tuple[int, str] | None:
    """The cell as amount and unit (gio, ngay, ngay_lam_viec); no days for ``Trong ngày``. Raises BadCell bad_term, also
    for a bare number: the sources leave the unit out and it decides weeks (DOMAIN 4.2)."""
    word = fold(_SPELLED_TOO.sub(r"\1", text(cell, 200)))
    if not word:
        return None
    if _SAME_DAY.fullmatch(word):
        return 0, "ngay_lam_viec"
    found = _TERM.fullmatch(word)
    if found is None:
        raise BadCell("bad_term")
    return int(found[1]), _TERM_UNITS[found[2]]


def identity(cell: Cell, longest: int) -> str:
    """An identity number. As a number a spreadsheet has cut its leading zeros: 12 digits, or 9 of the old card."""
    found = text(cell, longest)
    if isinstance(cell, int | float) and found.isdecimal():
        return found.zfill(9 if len(found) <= 9 else 12)
    return found


def phone(cell: Cell, longest: int) -> str:
    """A telephone number. As a number a spreadsheet has cut its leading zero."""
    found = text(cell, longest)
    if isinstance(cell, int | float) and found.isdecimal() and len(found) in (9, 10) and found[0] != "0":
        return f"0{found}"
    return found


def tidy_or_bad(cell: str | None) -> str:
    """Clean text of a cell. Raises BadCell bad_text for what cannot be written as UTF-8."""
    try:
        return tidy(cell or "")
    except ValueError:
        raise BadCell("bad_text") from None


def _digits(cell: int | float | bool | time | timedelta) -> str:
    if isinstance(cell, bool | time | timedelta):
        raise BadCell("bad_text")
    if isinstance(cell, float):
        if not abs(cell) < 1e15:  # NaN too
            raise BadCell("mangled")
        return str(int(cell)) if cell == int(cell) else repr(cell)
    return str(cell) if abs(cell) < 10**20 else "9" * 21


def _moment(cell: Cell) -> datetime:
    """Raises ValueError, ``bad_date`` when the cell has no date's shape."""
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 — the caller lays the office's zone over it
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if not _EXCEL_DAYS[0] <= cell < _EXCEL_DAYS[1]:
            raise ValueError("bad_date")
        return _EXCEL_ZERO + timedelta(seconds=round(float(cell) * 86_400))
    if not isinstance(cell, str):
        raise ValueError("bad_date")  # noqa: TRY004 — a wrong value of a foreign file, not of ours
    return _written(tidy_or_bad(cell))


def _written(words: str) -> datetime:
    if found := _SLASHED.fullmatch(words):
        hour, minute, second = (found[a] or found[b] for a, b in (("h", "h2"), ("m", "m2"), ("s", "s2")))
        if found["h"] and found["h2"]:
            raise ValueError("bad_date")
        return _built(found, _of_day(hour, found["half"]), minute, second)
    if found := _SPELLED.fullmatch(fold(words)):
        return _built(found, int(found["h"] or 0), found["m"], None)
    if _ISO.fullmatch(words):
        try:
            return datetime.fromisoformat(words)
        except ValueError:
            datetime.fromisoformat(words[:10])  # the day itself may be the fault
            raise ValueError("bad_date") from None
    raise ValueError("bad_date")


def _built(found: re.Match[str], hour: int, minute: str | None, second: str | None) -> datetime:
    day, month, year = int(found["d"]), int(found["mo"]), int(found["y"])
    return datetime(year, month, day, hour, int(minute or 0), int(second or 0))  # noqa: DTZ001 — see above


def _of_day(hour: str | None, half: str | None) -> int:
    """The hour by 24; SA and CH are Vietnamese for AM and PM."""
    told = int(hour or 0)
    if half is None:
        return told
    if not 1 <= told <= 12:
        raise ValueError("bad_date")
    return told % 12 + (12 if half.upper() in ("CH", "PM") else 0)


def _spoken_money(words: str) -> int | None:
    if not words or words in ("-", "–"):
        return None
    if fold(words) in _FREE:
        return 0
    found = _MONEY.fullmatch(words)
    if found is None:
        raise BadCell("bad_money")
    digits = re.sub(r"\D", "", found["grouped"] or found["plain"])
    scale = _SCALES[fold(found["scale"])] if found["scale"] else 1
    if found["cents"] and (int(digits) < 1000 or found["scale"] or found["cents"][0] == found["sign"]):
        raise BadCell("bad_money")  # 20.00: twenty, or twenty thousand with a nought lost
    return _scaled(digits, (found["short"] or "")[1:], scale)


def _scaled(digits: str, decimals: str, scale: int) -> int:
    if decimals and scale == 1:
        raise BadCell("bad_money")
    amount = int(digits) * scale + (int(decimals) * scale // 10 ** len(decimals) if decimals else 0)
    if decimals and int(decimals) * scale % 10 ** len(decimals):
        raise BadCell("bad_money")
    return amount
