"""Printed papers in the browser: a page of each form that prints as its PDF does, the files, and the ledger."""

from datetime import date
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

import segno
from flask import Blueprint, Response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from office import code128, form_register, forms
from office.clock import local
from office.errors import BadRequest, NotFound
from office.form_parts import Codes, Page
from web.callers import signed_in
from web.hall import Hall
from web.problems import page_language

LEDGER: Final = "so_theo_doi"
MOST_ROWS: Final = 2000
"""Rows of the ledger's page; a browser lays out more only slowly, and the files have them all."""
INSIDE_MM: Final[dict[Page, float]] = {"A5": 122, "A4": 170}
"""mm between the margins that static/forms-<page>.css sets."""
BAR_MM: Final = 13.0
QR_MM: Final = 0.55
_APART: Final = 5.0
TYPES: Final = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def create(hall: Hall) -> Blueprint:
    """Make the blueprint of ``/staff/dossiers/<code>/forms/<kind>`` (and ``.pdf``) and ``/staff/dossiers/ledger``
    (and ``.pdf``, ``.xlsx``), for signed-in people."""
    blueprint = Blueprint("staff_forms", __name__, template_folder="templates")

    @blueprint.get("/staff/dossiers/<code>/forms/<name>")
    def form(code: str, name: str) -> str | Answer:
        """One form: as a page, or with ``.pdf`` as a file. ``?page=A5`` or ``A4`` in place of the office's choice."""
        if signed_in(hall, request) is None:
            return _to_sign_in()
        kind, file = (name[:-4], True) if name.endswith(".pdf") else (name, False)
        return _form_file(hall, code, kind) if file else _form_page(hall, code, kind)

    @blueprint.get("/staff/dossiers/ledger")
    @blueprint.get("/staff/dossiers/ledger.<kind>")
    def ledger(kind: str = "") -> str | Answer:
        """The ledger of ``?from=`` … ``&to=`` (YYYY-MM-DD or DD/MM/YYYY; this month unless told)."""
        if signed_in(hall, request) is None:
            return _to_sign_in()
        kind = kind or request.args.get("format", "")
        return _ledger_file(hall, kind) if kind else _ledger_page(hall)

    return blueprint


def _to_sign_in() -> Answer:
    return redirect(url_for("staff.sign_in", to="staff.dossiers"))


def _form_page(hall: Hall, code: str, kind: str) -> str:
    db, wished = hall.store.read(), _page()
    made = form_register.made(db, hall.settings, hall.phrases, kind, code, hall.store.clock(), wished)
    return _render(
        hall,
        "form",
        form=made,
        bars=_bars(made.codes, INSIDE_MM[made.page]),
        qr=_qr(made.codes.qr),
        other={"A5": "A4", "A4": "A5"}[made.page] if forms.KINDS[kind].page is None else "",
        file=url_for(".form", code=code, name=f"{kind}.pdf", page=made.page) if hall.pdf else "",
        code=code,
    )


def _form_file(hall: Hall, code: str, kind: str) -> Answer:
    if hall.pdf is None:
        raise NotFound("this server prints no forms")
    return _file(hall.pdf(kind, code, _page()), "pdf", f"{kind}-{code}")


def _ledger_page(hall: Hall) -> str:
    since, until = _days(hall)
    made, count = form_register.ledger(hall.store.read(), hall.settings, hall.phrases, since, until, most=MOST_ROWS)
    span = {"from": since.isoformat(), "to": until.isoformat()}
    files = {kind: f"{url_for('.ledger', kind=kind)}?{urlencode(span)}" for kind in TYPES} if hall.ledger else {}
    days = f"{since:%d/%m/%Y}", f"{until:%d/%m/%Y}"
    return _render(hall, "ledger", ledger=made, count=count, days=days, files=files)


def _ledger_file(hall: Hall, kind: str) -> Answer:
    if hall.ledger is None or kind not in TYPES:
        raise NotFound("the ledger comes as pdf or xlsx")
    since, until = _days(hall)
    return _file(hall.ledger(since, until, kind), kind, f"{LEDGER}-{since:%Y%m%d}-{until:%Y%m%d}")


def _page() -> Page | None:
    pages: dict[str, Page] = {"A5": "A5", "A4": "A4"}
    return pages.get(request.args.get("page", ""))


def _days(hall: Hall) -> tuple[date, date]:
    """The days asked for. Raises BadRequest for what is no day, or an end before the beginning."""
    today = local(hall.store.clock(), hall.settings.office.zone).date()
    try:
        since = _day(request.args.get("from", "")) or today.replace(day=1)
        until = _day(request.args.get("to", "")) or max(today, since)
    except ValueError as fault:
        raise BadRequest("from and to are days, YYYY-MM-DD or DD/MM/YYYY") from fault
    if until < since or until == date.max:
        raise BadRequest("from must not be after to")
    return since, until


def _day(text: str) -> date | None:
    """A day as programs write it, or as people do here. Raises ValueError."""
    parts = text.strip().split("/")
    return date.fromisoformat("-".join(part.zfill(2) for part in reversed(parts))) if text.strip() else None


def _file(content: bytes, kind: str, name: str) -> Answer:
    """A file under a plain name: no sign of a dossier code may steer a browser's disk. A PDF is shown, not saved."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._-") else "_" for sign in name)
    how = "inline" if kind == "pdf" else "attachment"
    return Response(
        content, mimetype=TYPES[kind], headers={"Content-Disposition": f'{how}; filename="{plain[:120]}.{kind}"'}
    )


def _bars(codes: Codes, inside: float) -> dict[str, Any] | None:
    """The bars as a drawing of modules: how wide one is is the same rule as in the PDF."""
    room = inside - (_qr_side(codes.qr) + _APART if codes.qr else 0)
    module = code128.module_mm(codes.bar, room) or code128.module_mm(codes.bar, inside)
    if not module:
        return None
    wide = code128.modules(codes.bar)
    return {"bars": code128.bars(codes.bar), "modules": wide, "wide": f"{wide * module:.2f}mm", "tall": f"{BAR_MM}mm"}


def _qr(text: str) -> Markup:
    """The QR code drawn in place, without styles: the page's policy allows none."""
    if not text:
        return Markup()
    made = segno.make(text, error="m", micro=False)
    return Markup(  # noqa: S704 — segno writes numbers only
        made.svg_inline(scale=QR_MM, unit="mm", border=0, svgclass=None, lineclass=None)
    )


def _qr_side(text: str) -> float:
    return len(segno.make(text, error="m", micro=False).matrix) * QR_MM


def _render(hall: Hall, name: str, **more: Any) -> str:
    """A paper is in the office's own language; the tools around it are in the reader's."""
    language = page_language(hall)
    return render_template(
        f"staff/forms/{name}.html",
        face="staff",
        language=language,
        paper_language=hall.phrases.default,
        say=partial(hall.phrases.say, language),
        paper=partial(hall.phrases.say, hall.phrases.default),
        **more,
    )
