"""What a scanned or typed text means: a dossier's code, a ticket of ours, a re-entry code, a citizen's card, or nothing
the hall knows (DOMAIN 3.3, 6.1). Pure: no clock, no store, and no address is ever opened.

Identity numbers go before anything else is looked at: what ``read`` answers holds none, but for the card, which lives
in memory only and never shows itself in a message or a log.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from office import dossier_code
from office.dossier_code import Code
from office.errors import BadCode

Kind = Literal["dossier", "ticket", "missing", "card", "unknown"]
TEXT_MAX: Final = 4000
"""Letters; a QR code holds 4,296 at most, a citizen card some 200."""

CODE_KEYS: Final = ("mahs", "mahoso", "code", "ma", "dossiercode")
"""Query keys of look-up addresses that carry a dossier's code, small letters (DOMAIN 3.3), best first."""

TICKET: Final = re.compile(r"/t/([A-HJ-NP-Z2-9]{16})(?:[/?#]|$)", re.IGNORECASE)
REENTRY: Final = re.compile(r"MC-[A-Z]{8}")
CARD: Final = re.compile(r"\d{12}\|")
ADDRESS: Final = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.)|^[^\s|]*[?&#][\w.-]+=", re.IGNORECASE)
IDENTITY: Final = re.compile(
    r"sgt|dinhdanh|giayto|cccd|cmnd|cmt|cancuoc|identi|idn|citizen|sdt|thoai|phone|mobile|mail|hoten|^ten|name|sinh"
    r"|birth|dob|diachi|address"
)
"""Parts of query keys whose values are a person's: number, name, telephone, birth, address."""

_CODE: Final = re.compile(dossier_code.CODE.pattern, dossier_code.CODE.flags | re.IGNORECASE)


@dataclass(frozen=True, slots=True, repr=False)
class Card:
    """What a citizen card's QR says (DOMAIN 6.1). It proves nothing, fills a form, and is written nowhere."""

    number: str
    old_number: str
    name: str
    birth: date | None
    sex: str
    address: str
    issued: date | None

    def age(self, today: date) -> int | None:
        """Full years on ``today``; None when the birth date cannot be read."""
        if self.birth is None or self.birth > today:
            return None
        return today.year - self.birth.year - ((today.month, today.day) < (self.birth.month, self.birth.day))


@dataclass(frozen=True, slots=True, repr=False)
class Scan:
    """What was read. ``code``: kind dossier; ``ticket_token``: kind ticket; ``reentry``: kind missing; ``card``: kind
    card. ``sought``: kind unknown, a text that is a dossier's code if the register knows it, and else nothing: it may
    hold a person's number. ``loose``: the same if it looks like a code and like no number of a person."""

    kind: Kind
    code: Code | None = None
    ticket_token: str = ""
    reentry: str = ""
    card: Card | None = None
    loose: str = ""
    sought: str = ""

    @property
    def shown(self) -> str:
        """The part that any screen may be shown again: a code, never a person's data or an address."""
        return self.code.key if self.code else self.reentry

    @property
    def asked(self) -> str:
        """What is looked up for it, for counting: it may hold a person's number."""
        return self.shown or self.ticket_token or self.sought


UNKNOWN: Final = Scan("unknown")

_RUN: Final = re.compile(r"[0-9]{9}")
"""Begins a number that may be a person's where nobody has looked at it: a health card has fifteen digits."""
_GROUP: Final = re.compile(r"[0-9]{4}")
"""Years and sequences have four digits or more; people write their numbers in groups of two or three."""


def read(text: str, today: date) -> Scan:
    """The meaning of ``text`` on ``today`` (a code dated later is none). Never raises: the rest is unknown."""
    if len(text) > TEXT_MAX:
        return UNKNOWN
    clean = plain(text)
    if CARD.match(clean):
        return Scan("card", card=_card(clean))
    bare = dossier_code.normal(clean)
    if REENTRY.fullmatch(bare):
        return Scan("missing", reentry=bare)
    found = TICKET.search(clean)
    if found:
        return Scan("ticket", ticket_token=found[1].upper())
    return _of_address(clean, today) if ADDRESS.match(clean) else _of_text(clean, bare, today)


def plain(text: str) -> str:
    """``text`` composed, in ordinary letters instead of full-width ones, without what nobody sees."""
    composed = re.sub(r"\s", " ", unicodedata.normalize("NFKC", text))
    return "".join(c for c in composed if unicodedata.category(c) not in ("Cc", "Cf")).strip()


def without_identity(text: str, known: str = "") -> str:
    """``text`` as staff and systems may be shown it again: without a person's parameters of an address, and without
    numbers of nine digits or more that are no part of a dossier's code. What holds neither comes back as it was.

    ``known``: the key of the dossier that it names, whose code stays whatever it looks like.
    """
    clean = plain(text[:TEXT_MAX])
    bare = dossier_code.normal(clean)
    if bare == known or _like_code(bare):
        return text
    if not ADDRESS.match(clean):
        return text if _masked(clean, known) == clean else _masked(clean, known)
    known = known or _first(filter(_like_code, _named(clean)))
    decoded, kept = _decoded(clean), _query(clean, known)
    if len(kept) == len(_pairs(clean)) and _masked(decoded, known) == decoded:
        return text
    query = "&".join(f"{key}={value}" for key, value in kept)
    return _masked(re.split(r"[?#]", decoded, maxsplit=1)[0] + (f"?{query}" if query else ""), known)


def _like_code(bare: str) -> bool:
    """Whether a text may be a code of an unknown shape and is grouped as no number of a person is."""
    return bool(_loose(bare) and _GROUP.search(bare))


def _masked(text: str, known: str) -> str:
    """Long numbers taken out between the codes of dossiers, which have long numbers of their own."""
    if known:
        parts = re.split(rf"(?<![0-9A-Za-z])({re.escape(known)})(?![0-9A-Za-z])", text, flags=re.IGNORECASE)
        return "".join(part if n % 2 else _masked(part, "") for n, part in enumerate(parts))
    done, shown = 0, ""
    for found in _CODE.finditer(text):
        shown += dossier_code.LONG.sub("…", text[done : found.start()]) + found[0]
        done = found.end()
    return shown + dossier_code.LONG.sub("…", text[done:])


def for_ticket(text: str, today: date) -> str:
    """The key of the code a number is taken for, of a known shape or not; for a text that the register does not know.

    Raises BadCode for what can be none; so an identity or telephone number comes onto no ticket and into no journal.
    """
    code = dossier_code.confirmed(text, today)
    if code.shape == "other" and _anybodys(code.key):
        raise BadCode("no dossier's code", field="dossier", confirmable=False)
    return code.key


def _of_text(clean: str, bare: str, today: date) -> Scan:
    code = _whole(bare, today) or dossier_code.find(clean, today)
    if code:
        return Scan("dossier", code)
    return Scan("unknown", loose=_loose(bare), sought=_sought(bare))


def _of_address(clean: str, today: date) -> Scan:
    """Known keys first, then any code in what is left of the address without a person's parameters."""
    query = _query(clean)
    for wanted in CODE_KEYS:
        for key, value in query:
            if _letters(key) == wanted and (code := _whole(dossier_code.normal(value), today)):
                return Scan("dossier", code)
    code = dossier_code.find(" ".join([_path(clean), *(value for _, value in query)]), today)
    if code:
        return Scan("dossier", code)
    named = _named(clean)
    return Scan("unknown", loose=_first(map(_loose, named)), sought=_first(map(_sought, named)))


def _named(address: str) -> list[str]:
    """What the parameters say that are called like a dossier's code."""
    return [dossier_code.normal(value) for key, value in _pairs(address) if _letters(key) in CODE_KEYS]


def _first(texts: Iterable[str]) -> str:
    return next(filter(None, texts), "")


def _path(address: str) -> str:
    """The path of an address, decoded; empty when it cannot be taken apart."""
    try:
        return urlsplit(_decoded(address)).path
    except ValueError:
        return ""


def _query(address: str, known: str = "") -> list[tuple[str, str]]:
    """The parameters of an address without a person's, by key and by value; ``known`` as for ``without_identity``."""
    plain_keys = [(k, v) for k, v in _pairs(address) if not IDENTITY.search(_letters(k))]
    return [(k, v) for k, v in plain_keys if (known and dossier_code.normal(v) == known) or not _personal(v)]


def _pairs(address: str) -> list[tuple[str, str]]:
    """All parameters, after ``?`` or in the fragment."""
    tail = re.split(r"[?#]", _decoded(address), maxsplit=1)[1:]
    return [pair for part in tail for pair in parse_qsl(re.sub(r"[?#]", "&", part))]


def _personal(value: str) -> bool:
    return _anybodys(value) and dossier_code.find(value, date.max) is None


def _decoded(address: str) -> str:
    """Percent signs undone, also where one address was put into another."""
    for _ in range(3):
        address, before = unquote(address), address
        if address == before:
            break
    return address


def _whole(bare: str, today: date) -> Code | None:
    try:
        return dossier_code.parse(bare, today)
    except BadCode:
        return None


def _loose(bare: str) -> str:
    return bare if dossier_code.OTHER.fullmatch(bare) and not _anybodys(bare) else ""


def _sought(bare: str) -> str:
    """What the register may have: a clerk confirms no identity or telephone number as a code."""
    return bare if dossier_code.OTHER.fullmatch(bare) and not dossier_code.personal(bare) else ""


def _anybodys(text: str) -> bool:
    """Whether a text that nobody has looked at may be, or hold, a person's number: more than a clerk may confirm."""
    return bool(_RUN.search(text)) or dossier_code.personal(text)


def _letters(key: str) -> str:
    return re.sub(r"[^a-z]", "", key.lower())


def _card(text: str) -> Card:
    number, old, name, birth, sex, address, issued = [part.strip() for part in (text.split("|") + [""] * 7)[:7]]
    return Card(number, old, name, _day(birth), sex, address, _day(issued))


def _day(text: str) -> date | None:
    """``ddMMyyyy`` as a date."""
    if not re.fullmatch(r"[0-9]{8}", text):
        return None
    try:
        return date(int(text[4:]), int(text[2:4]), int(text[:2]))
    except ValueError:
        return None
