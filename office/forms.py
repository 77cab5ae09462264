"""The printed forms of a dossier (DOMAIN 2.4), keyed by name and not by number: numbers change with each circular.

Pure: ``form`` answers what stands on a paper; `forms/` draws it as PDF, `staff/` as a page that the browser prints.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from office import code128
from office.errors import NotFound
from office.form_letters import apology, refusal, stopped
from office.form_matter import Letterhead, Matter
from office.form_parts import Codes, Form, Head, Page, Part
from office.form_slips import control, handed_back, receipt, supplement
from office.form_text import Words, clean


@dataclass(frozen=True, slots=True)
class _Kind:
    parts: Callable[[Matter, Letterhead, Words], tuple[Part, ...]]
    sign: str | None = None
    """What follows the number of an outgoing paper; None: the form bears no number."""
    coded: bool = False
    """Whether machines read it: receipts that a citizen brings back."""
    page: Page | None = None
    """None: the office's choice, A5 or A4."""


KINDS: Final[dict[str, _Kind]] = {
    "giay_tiep_nhan": _Kind(receipt, coded=True),
    "phieu_bo_sung": _Kind(supplement, sign="HDHS", coded=True),
    "phieu_tu_choi": _Kind(refusal, sign="TC"),
    "van_ban_xin_loi": _Kind(apology, sign="PXL"),
    "thong_bao_dung": _Kind(stopped, sign="TB"),
    "phieu_kiem_soat": _Kind(control, page="A4"),
    "giay_bien_nhan": _Kind(handed_back, coded=True),
}
"""The forms of one dossier. The ledger is of many: office/form_ledger.py."""


def form(kind: str, matter: Matter, letterhead: Letterhead, words: Words, page: Page | None = None) -> Form:
    """The form ``kind`` (a key of KINDS) of ``matter``. ``page`` is wished for; Phiếu kiểm soát is always A4.

    Raises NotFound for a kind that is none.
    """
    if kind not in KINDS:
        raise NotFound(f"no form of that kind; there are {', '.join(KINDS)}")
    this = KINDS[kind]
    return Form(
        name=kind,
        title=words.say(f"form.title.{kind}"),
        subtitle=words.say("form.receipt.copies") if kind == "giay_tiep_nhan" else "",
        head=head(letterhead, words, matter.now, this.sign),
        codes=_codes(this, matter.code, letterhead, words),
        parts=this.parts(matter, letterhead, words),
        page=this.page or page or letterhead.page,
        foot=letterhead.basis,
    )


def head(letterhead: Letterhead, words: Words, at: int | None, sign: str | None = None) -> Head:
    """The head of a form dated ``at`` (ms UTC; None: by hand); ``sign`` follows the number of outgoing papers."""
    return Head(
        parent=clean(letterhead.parent),
        office=clean(letterhead.office),
        country=words.say("form.country"),
        motto=words.say("form.motto"),
        number=words.say("form.number", sign=sign) if sign else "",
        place_date=words.place_and_date(letterhead.place, at),
    )


def lookup(code: str, letterhead: Letterhead) -> str:
    """What the QR code says: the configured look-up address with nothing but the code in it, or the bare code."""
    url = letterhead.lookup_url
    return url.replace("{code}", quote(code, safe="")) if url else code


def _codes(this: _Kind, code: str, letterhead: Letterhead, words: Words) -> Codes:
    """A code that is not plain ASCII gets no bars: readers garble the rest (HARDWARE, "Codes")."""
    text, label = clean(code, 100), words.say("form.code")
    plain = this.coded and code128.carries(text)
    return Codes(text, text if plain else "", lookup(text, letterhead) if plain else "", label)
