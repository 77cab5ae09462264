"""One posted procedure as the kiosk shows it: every line in the reader's words, never more certain than its source."""

import re
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from kiosk.home import Say
from office.catalogue_entry import Channel, Paper, Procedure, time_words
from office.catalogue_text import fold
from office.settings import Settings

TIMES = re.compile(r"\b(?:ngày|giờ|tháng|thời hạn)\b")
FEES = re.compile(r"\b(?:phí|đồng|mức thu)\b")
UNITS = ("trang", "ban", "van_ban", "giao_dich", "truong_hop", "di_chuc")
"""What fees are paid for, as far as phrases know it; another unit is shown as the source writes it."""


@dataclass(frozen=True, slots=True)
class Way:
    """How to hand in, how long it takes and what it costs; ``exemption`` stands beside any fee (DOMAIN 7 d).

    ``channels`` are those of which the source says the same; ``known`` tells whether its time and fee are certain.
    """

    channels: tuple[str, ...]
    name: str
    time: str
    fee: str
    exemption: str
    note: str
    known: tuple[bool, bool]


@dataclass(frozen=True, slots=True)
class Line:
    """A paper to bring. ``told`` is how many and of which kind; ``remark``: not a paper but an explanation."""

    name: str
    told: str
    group: str
    remark: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A procedure in words. ``service`` is whose counter handles it, empty where no service does.

    ``field_language`` tells which language the field's name is in; what comes from the catalogue is Vietnamese.
    """

    code: str
    name: str
    field: str
    field_language: str
    service: str
    papers: tuple[Line, ...]
    ways: tuple[Way, ...]
    result: str
    caveats: tuple[str, ...]
    updated: str
    source: str

    def json(self) -> dict[str, Any]:
        """The same as plain JSON data."""
        return asdict(self)


def sheet(procedure: Procedure, settings: Settings, say: Say, language: str = "vi") -> Sheet:
    """``procedure`` in words of ``language``.

    What the source is silent about stays empty: the page then says whom to ask.
    """
    field, field_language = settings.field_words(procedure.field, language)
    return Sheet(
        code=procedure.code,
        name=procedure.name,
        field=field,
        field_language=field_language,
        service=settings.service_of_field.get(procedure.field) or "",
        papers=tuple(_line(paper, say) for paper in procedure.papers),
        ways=_ways(procedure, say),
        result=procedure.result or "",
        caveats=tuple(say(f"catalogue.caveat.{caveat}") for caveat in procedure.caveats),
        updated=say("catalogue.updated", date=f"{procedure.fetched_at:%d/%m/%Y}"),
        source=urlsplit(procedure.source_url).hostname or "",
    )


def fee_words(channel: Channel, procedure: Procedure, say: Say) -> str:
    """What it costs, or who decides that; "free" with whose word it is. Empty when the source is silent."""
    if channel.fee == 0:
        return say("catalogue.free_unconfirmed" if "free_unconfirmed" in procedure.caveats else "catalogue.free")
    if channel.fee is not None:
        amount = f"{channel.fee:,}".replace(",", ".")  # DOMAIN 11.4
        unit = unit_words(channel.fee_unit or "", say)
        return say("catalogue.fee_per", amount=amount, unit=unit) if unit else say("catalogue.fee", amount=amount)
    return say(f"catalogue.basis.{channel.fee_basis}") if channel.fee_basis else ""


def unit_words(unit: str, say: Say) -> str:
    """What a fee is paid for in the reader's words: ``/trang`` is a page. Empty: not told."""
    bare = unit.strip("/ ")
    known = fold(bare).replace(" ", "_")
    return say(f"catalogue.unit.{known}") if known in UNITS else bare


def _ways(procedure: Procedure, say: Say) -> tuple[Way, ...]:
    """The channels, those that are told alike together, in the source's order."""
    alike: dict[tuple[str, str, str, str], list[Channel]] = {}
    for channel in procedure.channels:
        told = (time_words(channel, procedure, say), fee_words(channel, procedure, say))
        exemption = channel.exemption or ""
        note = (channel.note or "").replace(exemption, "").strip(" .;\n") if exemption else channel.note or ""
        alike.setdefault((*told, exemption, note), []).append(channel)
    return tuple(_way(channels, told, say) for told, channels in alike.items())


def _way(channels: list[Channel], told: tuple[str, str, str, str], say: Say) -> Way:
    time, fee, exemption, note = told
    said_so = exemption.lower().startswith("miễn")
    return Way(
        channels=tuple(channel.channel for channel in channels),
        name=", ".join(say(f"catalogue.channel.{channel.channel}") for channel in channels),
        time=time or _silent(note, TIMES, say),
        fee=fee or _silent(note, FEES, say),
        exemption=say("catalogue.exemption", who=exemption) if exemption and not said_so else exemption,
        note=note,
        known=(bool(time), bool(fee)),
    )


def _silent(note: str, words: re.Pattern[str], say: Say) -> str:
    """What stands for an unknown time or fee: the note when it speaks of it, else whom to ask."""
    return say("kiosk.sheet.see_note" if words.search(note.lower()) else "catalogue.unknown")


def _line(paper: Paper, say: Say) -> Line:
    kind = say(f"kiosk.sheet.{paper.kind}") if paper.kind else ""
    copies = say("kiosk.sheet.copies", n=paper.copies) if paper.copies and paper.copies > 1 else ""
    told = " · ".join(text for text in (kind, copies) if text)
    return Line(paper.name, told, paper.group or "", paper.remark)
