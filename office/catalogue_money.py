"""What a source says about a fee, read with suspicion (DOMAIN 7: "free" is often printed where a council decides)."""

import re
from dataclasses import dataclass

from office.catalogue_entry import Caveat, FeeBasis
from office.catalogue_text import fold

SMALLEST = 1_000  # đồng; no fee of a commune is below

_AMOUNT = re.compile(
    r"^\W*(?P<digits>[0-9][0-9.,]*) ?(?:việt nam đồng|vnđ|vnd|đồng|đ)(?![\w])(?: ?\((?P<unit>/[^()]{1,30})\))?",
    re.IGNORECASE,
)
_COPIES = re.compile(r"phí cấp bản sao[^.]*\.?", re.IGNORECASE)
_EXEMPT = re.compile(
    r"miễn (?:lệ )?phí (?:cho|đối với|đăng ký)[^.]{3,400}"
    r"|[^.()]{3,250}(?:được miễn|không phải nộp) (?:lệ )?phí[^.]{0,400}",
    re.IGNORECASE,
)
_COUNCIL = re.compile(r"\bhoi dong nhan dan\b|\bhdnd\b")
_FREE_SAID = re.compile(r"\bkhong (?:thu|phai nop) (?:le )?phi\b")
_FREE_ALONE = re.compile(r"(?:^|[.(;-])\s*miễn (?:lệ )?phí\s*(?:[.;)]|$)", re.IGNORECASE)
_SILENT = re.compile(r"^(?:khong|chua) quy dinh\b")
_FEE_WORDS = re.compile(r"\bphi\b|\bmuc thu\b")
_FREE_FIELD = re.compile(r"^mien (?:le )?phi")


@dataclass(frozen=True, slots=True)
class Fee:
    """``amount`` in đồng (0: free, None: not told here), per ``unit``; ``basis``: who fixes it; who is exempt."""

    amount: int | None = None
    unit: str | None = None
    basis: FeeBasis | None = None
    exemption: str | None = None
    caveats: tuple[Caveat, ...] = ()


def read_fee(field: str | int | None, note: str | None) -> Fee:
    """The fee that a channel's fee field and note agree on; never more certain than both together.

    An amount in a note counts only at its start (that is where the source prints one). "Free" is believed
    when nothing else in the note speaks of fees, or when the note says so in words.
    """
    told = _COPIES.sub("", note or "")
    exempt = _EXEMPT.search(told)
    exemption = exempt.group(0).strip(" ;)") if exempt else None
    if _COUNCIL.search(fold(told)):
        return Fee(basis="council", exemption=exemption)
    amount, unit = _amount(field, told)
    if amount:
        if amount < SMALLEST:
            return Fee(basis="law", exemption=exemption, caveats=("fee_odd",))
        return Fee(amount, unit, exemption=exemption)
    if amount == 0:
        return Fee(0, exemption=exemption)
    if _FREE_FIELD.match(fold(str(field or ""))) or _FREE_FIELD.match(fold(told)):
        return _free(told, exemption)
    return Fee(basis=_basis(told), exemption=exemption)


def _amount(field: str | int | None, note: str) -> tuple[int | None, str | None]:
    if isinstance(field, int):
        return field, None
    for text in (field or "", note):
        found = _AMOUNT.match(text)
        if found:
            return int(re.sub(r"\D", "", found["digits"])), found["unit"]
    return None, None


def _free(note: str, exemption: str | None) -> Fee:
    aside = _aside(note)
    if _FREE_SAID.search(fold(note)) or _FREE_ALONE.search(note):
        return Fee(0, exemption=exemption)
    if exemption or _FEE_WORDS.search(fold(aside)):
        return Fee(basis="law", exemption=exemption)  # whoever exempts some charges the others
    return Fee() if _SILENT.match(fold(aside)) else Fee(0, caveats=("free_unconfirmed",))


def _basis(note: str) -> FeeBasis | None:
    return "law" if re.search(r"\b(?:muc thu|le phi|thu phi|tra phi)\b", fold(_aside(note))) else None


def _aside(note: str) -> str:
    """The parenthesis a note begins with: the source keeps its words on fees there; else the first sentence."""
    text = note.strip()
    if not text.startswith("("):
        return "" if _FREE_FIELD.match(fold(text)) else text.split(".")[0]
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return text[1:place]
    return text[1:]
