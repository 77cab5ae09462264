"""A line of a catalogue file read as it comes, dirt included, and what the office may show of it."""

import re
from datetime import date
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator

from office.catalogue_entry import Caveat, Channel, ChannelName, Paper, Procedure, Unit
from office.catalogue_money import Fee, read_fee
from office.catalogue_text import fold, tidy

CHANNELS: Final[dict[str, ChannelName]] = {
    "truc tiep": "direct",
    "truc tuyen": "online",
    "dich vu buu chinh": "post",
    "buu chinh": "post",
    "direct": "direct",
    "online": "online",
    "post": "post",
}
UNITS: Final[dict[str, Unit]] = {
    "gio": "gio",
    "ngay": "ngay",
    "ngay lam viec": "ngay_lam_viec",
    "gio lam viec": "gio",
}
_ORDER: Final[tuple[ChannelName, ...]] = ("direct", "online", "post")
_FILE = re.compile(
    r"(?<=[).;,”\w])\s*(?:\d+\.)?[^.;()\n]{1,120}(?: ?\(\d+\))?\.(?:docx?|pdf|xlsx?|rtf)\W*$", re.IGNORECASE
)
_FILE_ENDING = re.compile(r"\.(?:docx?|pdf|xlsx?|rtf)\W*$", re.IGNORECASE)
_TAIL = re.compile(r"\s*(?:Mã: ?\S+|\(\d\.\d{6}\))\s*$")
_BULLET = re.compile(r"^(?:[-+*•]|\(?[0-9a-zđ]{1,2}\)|\d{1,2}\.(?=\s))\s*")
_REMARK = re.compile(
    r"^(?:luu y|truong hop|doi voi|nguoi (?:tiep nhan|yeu cau|co yeu cau)|co quan|ca nhan|neu|trong thoi han"
    r"|giay to do)\b"
)


def _text(value: Any) -> Any:
    return tidy(value) if isinstance(value, str) else value


def _lines(value: Any) -> Any:
    return tidy(value, lines=True) if isinstance(value, str) else value


def _day(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return date.fromisoformat(value)
    if value is None:
        return None
    raise ValueError("not a date as YYYY-MM-DD")


def _code(value: Any) -> Any:
    """A national or local code; the national part (DOMAIN 3.4: the first eight characters) is kept."""
    text = _text(value)
    if isinstance(text, str) and re.fullmatch(r"[1-9]\.\d{6}(?:\.[0-9A-Za-z]{1,3}){0,6}", text):
        return text[:8]
    raise ValueError("not a procedure code such as 1.001193")


def _number(value: Any) -> int | str | None:
    if isinstance(value, str) and len(value) <= 300:
        return tidy(value)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10**12):
        return value
    raise ValueError("not a number or a short text")


Short = Annotated[str, BeforeValidator(_text), Field(max_length=300)]
Name = Annotated[str, BeforeValidator(_text), Field(min_length=1, max_length=1500)]
Long = Annotated[str, BeforeValidator(_lines), Field(max_length=6000)]
Day = Annotated[date, BeforeValidator(_day)]
Address = Annotated[str, BeforeValidator(_text), Field(pattern=r"^https?://[^\s<>\"']+$", max_length=300)]
Number = Annotated[int | str | None, PlainValidator(_number)]


class _Raw(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class RawChannel(_Raw):
    """A channel as printed."""

    channel: Short
    time_amount: Number = None
    time_unit: Short | None = None
    same_day: bool = False
    fee: Number = None
    note: Long | None = None


class RawPaper(_Raw):
    """A paper as printed."""

    name: Long
    copies: Number = None
    kind: Short | None = None


class RawLine(_Raw):
    """A line as printed; unknown keys are passed over, wrong types are not."""

    code: Annotated[str, BeforeValidator(_code)]
    name: Name
    field: Annotated[str, BeforeValidator(_text), Field(min_length=1, max_length=200)]
    level: Short | None = None
    audience: Annotated[str, BeforeValidator(_text), Field(max_length=1000)] | None = None
    decision: Short | None = None
    channels: tuple[RawChannel, ...] = Field((), max_length=100)
    papers: tuple[RawPaper, ...] = Field((), max_length=500)
    result: Long | None = None
    source_url: Address
    fetched_at: Day
    valid_from: Day | None = None
    valid_to: Day | None = None
    keywords: tuple[Short, ...] | None = Field(None, max_length=40)


def shown(raw: RawLine, keywords: tuple[str, ...] = ()) -> Procedure:
    """What of ``raw`` the office shows. ``keywords`` stand in when the line has none of its own.

    Raises ValueError for a channel that is not one of CHANNELS.
    """
    caveats: list[Caveat] = []
    channels = tuple(_merged(name, rows, caveats) for name, rows in _by_channel(raw).items())
    return Procedure(
        code=raw.code,
        name=_TAIL.sub("", raw.name).rstrip(" .;") or raw.name,
        field=raw.field,
        level=raw.level or None,
        audience=raw.audience or None,
        decision=raw.decision or None,
        channels=_never_free_by_halves(channels, caveats),
        papers=tuple(_paper(paper) for paper in raw.papers if paper.name),
        result=_BULLET.sub("", _TAIL.sub("", raw.result or "")) or None,
        source_url=raw.source_url,
        fetched_at=raw.fetched_at,
        valid_from=raw.valid_from,
        valid_to=raw.valid_to,
        keywords=tuple(word for word in (keywords if raw.keywords is None else raw.keywords) if word),
        caveats=tuple(dict.fromkeys(caveats)),
    )


def _by_channel(raw: RawLine) -> dict[ChannelName, list[RawChannel]]:
    found: dict[ChannelName, list[RawChannel]] = {}
    for place, row in enumerate(raw.channels):
        name = CHANNELS.get(fold(row.channel))
        if name is None:
            raise UnknownChannel(f"channels.{place}.channel")
        found.setdefault(name, []).append(row)
    return {name: found[name] for name in _ORDER if name in found}


class UnknownChannel(ValueError):
    """A channel the office does not know; the text is the field's path."""


def _merged(name: ChannelName, rows: list[RawChannel], caveats: list[Caveat]) -> Channel:
    """One channel from the rows the source repeats for it: what they agree on, and all their notes."""
    times = {time for row in rows if (time := _time(row, caveats))}
    if len(times) > 1:
        caveats.append("time_varies")
    silent = not times
    amount, unit = times.pop() if len(times) == 1 else (None, None)
    fee = _one_fee([read_fee(row.fee, row.note) for row in rows], caveats)
    notes = tuple(dict.fromkeys(row.note for row in rows if row.note))
    return Channel(
        channel=name,
        time_amount=amount,
        time_unit=unit,
        same_day=silent and all(row.same_day for row in rows),
        fee=fee.amount,
        fee_unit=fee.unit,
        fee_basis=fee.basis,
        exemption=fee.exemption,
        note="\n".join(notes) or None,
    )


def _time(row: RawChannel, caveats: list[Caveat]) -> tuple[int, Unit] | None:
    amount = _whole(row.time_amount)
    if not 1 <= amount <= 10_000:
        return None
    unit = UNITS.get(fold(row.time_unit or ""))
    if unit is None:
        caveats.append("time_without_unit")
        return None
    return amount, unit


def _whole(printed: int | str | None) -> int:
    """A number printed as one or as text; 0 for anything else."""
    text = str(printed or "")
    return int(text) if text.isdecimal() else 0


def _one_fee(fees: list[Fee], caveats: list[Caveat]) -> Fee:
    caveats.extend(caveat for fee in fees for caveat in fee.caveats)
    told = list(dict.fromkeys(fee for fee in fees if fee.amount is not None or fee.basis))
    if len({(fee.amount, fee.basis) for fee in told}) > 1:
        caveats.append("fee_varies")
        return Fee(exemption=next((fee.exemption for fee in told if fee.exemption), None))
    return told[0] if told else fees[0]


def _never_free_by_halves(channels: tuple[Channel, ...], caveats: list[Caveat]) -> tuple[Channel, ...]:
    """Take back "free" on one channel when another channel of the same procedure speaks of a fee set elsewhere."""
    basis = next((c.fee_basis for c in channels if c.fee_basis), None)
    if basis is None or all(channel.fee != 0 for channel in channels):
        return channels
    caveats.append("fee_contradicts")
    return tuple(c.model_copy(update={"fee": None, "fee_basis": basis}) if c.fee == 0 else c for c in channels)


def _paper(raw: RawPaper) -> Paper:
    group, line, rest = raw.name.partition("\n")
    group, name = (group, rest) if line and rest and len(group) <= 300 else ("", raw.name)
    name = _without_file(name.replace("\n", " "))
    name = _BULLET.sub("", name).strip() or raw.name.replace("\n", " ")
    copies = _whole(raw.copies)
    return Paper(
        name=name,
        group=group.rstrip(" :") or None,
        copies=copies if 1 <= copies <= 20 else None,
        kind=_kind(raw.kind, copies),
        remark=raw.copies == 0 and bool(_REMARK.match(fold(name))),
    )


def _without_file(name: str) -> str:
    """``name`` without the name of a form's file that the crawl glued to its end."""
    return _FILE.sub("", name) if _FILE_ENDING.search(name) else name


def _kind(printed: str | None, copies: int) -> Any:
    """The source prints "bản chính" by default, even for remarks: believed only with a number of copies."""
    kind = {"ban chinh": "original", "ban sao": "copy"}.get(fold(printed or ""))
    return kind if kind == "copy" or 1 <= copies <= 20 else None
