"""A procedure as the office shows it: only what the source says for certain, the rest left empty."""

import hashlib
import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

CODE = r"^[1-9]\.[0-9]{6}$"
"""The national code (DOMAIN 3.4); local codes carry it as their first eight characters."""

ChannelName = Literal["direct", "online", "post"]
Unit = Literal["gio", "ngay", "ngay_lam_viec"]
"""Hours, days, working days (DOMAIN 4.2)."""

FeeBasis = Literal["council", "law"]
"""Who fixes a fee that has no amount here: the provincial council, or another act on fees."""

Caveat = Literal[
    "time_without_unit",  # the source prints a bare number: not shown
    "time_varies",  # the source prints several times for one channel: see its note
    "fee_varies",  # several amounts for one channel: see its note
    "fee_contradicts",  # "free" in one place, a fee in another: not shown as free
    "free_unconfirmed",  # the portal's fee box says free and nothing confirms it: show whose word it is
    "fee_odd",  # an amount too small to be meant: not shown
    "repeated_entry",  # the source prints the same text under three codes or more
    "withdrawn",  # no longer in the posted catalogue
]


class Entry(BaseModel):
    """Base of the parts: frozen, nothing unknown."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Channel(Entry):
    """One way to submit. Empty means the source is silent: show "ask at the counter", never a guess."""

    channel: ChannelName
    time_amount: int | None = Field(None, ge=1, le=10_000)
    time_unit: Unit | None = None
    same_day: bool = Field(False, description="handed back the same day; received after the cut-off, the next one")
    fee: int | None = Field(None, ge=0, le=10**12, description="đồng; 0 is free and said so by the source")
    fee_unit: str | None = Field(None, description="per what: /trang, /bản")
    fee_basis: FeeBasis | None = None
    exemption: str | None = Field(None, description="who is exempt; must stand next to any fee")
    note: str | None = None


class Paper(Entry):
    """One paper to bring, or a remark about papers."""

    name: str
    group: str | None = Field(None, description="heading it stands under")
    copies: int | None = Field(None, ge=1, le=20)
    kind: Literal["original", "copy"] | None = None
    remark: bool = Field(False, description="not a paper: an explanation the source lists among them")


class Procedure(Entry):
    """One administrative procedure of the posted catalogue."""

    code: Annotated[str, Field(pattern=CODE)]
    name: str
    field: str
    level: str | None = None
    audience: str | None = None
    decision: str | None = None
    channels: tuple[Channel, ...] = ()
    papers: tuple[Paper, ...] = ()
    result: str | None = None
    source_url: str
    fetched_at: date
    valid_from: date | None = None
    valid_to: date | None = None
    keywords: tuple[str, ...] = Field((), description="what people call it; the office's own words")
    caveats: tuple[Caveat, ...] = ()

    def valid_on(self, day: date) -> bool:
        """Whether it may be submitted on ``day``."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def stored(self) -> str:
        """The one JSON text kept in the table."""
        return self.model_dump_json(exclude_defaults=True)


def digest_of(text: str) -> str:
    """SHA-256 of ``text``, hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


_TERM = re.compile(r"\b\d+ (?:giờ|ngày|tháng)\b|\btrong ngày\b|\bthời hạn\b", re.IGNORECASE)


def time_words(channel: Channel, procedure: Procedure, say: Callable[..., str]) -> str:
    """How long it takes by this channel, when the source is sure of it; else empty. ``say`` gives a phrase's words."""
    doubtful = {"time_without_unit", "time_varies"} & set(procedure.caveats)
    if channel.same_day and not doubtful:
        return say("catalogue.time.same_day")
    if channel.time_amount is None or channel.time_unit is None or doubtful:
        return ""
    return say(f"catalogue.time.{channel.time_unit}", amount=channel.time_amount)


def time_alone(channel: Channel, procedure: Procedure, say: Callable[..., str]) -> str:
    """The same where the channel's note does not stand beside it: tells when the note has more to say about time."""
    time = time_words(channel, procedure, say)
    return say("catalogue.time.noted", time=time) if time and _TERM.search(channel.note or "") else time
