"""What the hall does about a scan: the one useful thing for who stands there (issue line "Scan", DOMAIN 2.3, 4.1).

``decide`` only looks; ``follow_up`` writes what must be known: that something was read, and that a dossier is late.
"""

import sqlite3
from dataclasses import dataclass, replace
from typing import Final, Literal

from office import dossier_reentry, issuing, journal, near_front, overdue_seen
from office.clock import day_of, local
from office.dossier_acts import link_visit
from office.dossiers import (
    DONE,
    FEE_DUE,
    NOT_ACCEPTED,
    RETURNED,
    RUNNING,
    STOPPED,
    SUPPLEMENT,
    WITHDRAWN,
    Dossier,
    Missing,
    Purpose,
    known,
    missing,
    timeliness,
)
from office.errors import UnknownTicket
from office.scans import Card, Scan
from office.settings import Settings
from office.store import Act
from office.tickets import Ticket

Name = Literal[
    "status", "collect", "supplement", "overdue", "fee", "returned", "ticket", "card_class", "card_form", "to_clerk"
]
NAMES: Final[tuple[Name, ...]] = (
    *("status", "collect", "supplement", "overdue", "fee", "returned", "ticket", "card_class", "card_form"),
    "to_clerk",
)
Who = Literal["kiosk", "clerk", "key"]
Reason = Literal["", "not_here", "not_ours", "spent", "expired", "posted", "online", "unread"]
"""Why an action is as it is; each has its own sentence, phrase ``scan.say.<name>`` or ``scan.say.<name>_<reason>``;
clerks have the same of ``scan.say_staff``."""

APOLOGY: Final = "van_ban_xin_loi"
"""The form (office/forms.py) that a late dossier needs."""

_ENDED: Final = (NOT_ACCEPTED, WITHDRAWN, STOPPED)
_ELSEWHERE: Final[dict[str, Reason]] = {"post": "posted", "online": "online"}


@dataclass(frozen=True, slots=True, repr=False)
class Action:
    """What to do. ``service``: a number may be taken there (empty: none is needed); ``reentry``: with this right it
    stands near the front; ``missing``: papers to bring; ``days_late``: days past the due day; ``loose``: the text might
    be a code, of no shape the hall knows."""

    name: Name
    reason: Reason = ""
    dossier: Dossier | None = None
    ticket: Ticket | None = None
    service: str = ""
    reentry: str = ""
    missing: tuple[Missing, ...] = ()
    days_late: int = 0
    age_class: str = ""
    card: Card | None = None
    loose: bool = False

    @property
    def say(self) -> str:
        """The key of its sentence for who holds the paper."""
        return f"scan.say.{self.name}_{self.reason}" if self.reason else f"scan.say.{self.name}"

    @property
    def say_staff(self) -> str:
        """The key of its sentence for the clerk who scanned it."""
        return self.say.replace("scan.say.", "scan.say_staff.", 1)

    @property
    def guess(self) -> bool:
        """Whether the code might have been made up: one of ours, or like a code, that nobody here knows."""
        return self.loose or self.reason in ("not_here", "not_ours")


def decide(db: sqlite3.Connection, settings: Settings, scan: Scan, now: int, *, who: Who) -> Action:
    """What ``scan`` leads to at ``now`` (ms UTC). A card gives a class on the kiosk, a filled form to staff."""
    if scan.card is not None:
        return _card(settings, scan.card, now) if who == "kiosk" else Action("card_form", card=scan.card)
    if scan.ticket_token:
        return _ticket(db, settings, scan.ticket_token, now)
    if scan.reentry:
        return _returning(db, settings, scan.reentry, now)
    dossier = of_scan(db, scan)
    if dossier is not None:
        return _dossier(db, settings, dossier, now)
    if scan.code is not None:  # a receipt of another office: the return counter looks for it (DOMAIN 11, trap 6)
        return Action("to_clerk", "not_here", service=_service(settings, settings.scans.collect_service))
    return Action("to_clerk", service=_ask(settings), loose=bool(scan.sought))


def of_scan(db: sqlite3.Connection, scan: Scan) -> Dossier | None:
    """The dossier whose code was read, if the register has it; looking it up leaves no trace."""
    code = scan.code.key if scan.code else scan.sought
    return known(db, code) if code else None


def follow_up(
    act: Act, settings: Settings, scan: Scan, action: Action, *, actor: str, by: str, symbology: str, reader: str = ""
) -> None:
    """Write what was read (kinds and a known dossier's code, never the text), and once a day that a dossier is late."""
    dossier = action.dossier.key if action.dossier else ""
    journal.append(
        act,
        "scan.read",
        office=settings.office.id,
        actor=actor,
        ticket=action.ticket.id if action.ticket else "",
        dossier=dossier,
        data={"kind": scan.kind, "action": action.name, "by": by, "symbology": symbology, "reader": reader},
    )
    if action.name == "overdue":
        overdue_seen.tell(act, settings, dossier, action.days_late, actor=actor)


def link(act: Act, settings: Settings, ticket: Ticket, *, actor: str) -> None:
    """Join a number just given to the dossier it was taken for, when the register knows that."""
    dossier = known(act.db, ticket.dossier) if ticket.dossier else None
    if dossier is not None:
        link_visit(act, settings, dossier.code, ticket.id, _purpose(dossier), actor=actor)


def _purpose(dossier: Dossier) -> Purpose:
    if dossier.status == DONE:
        return "collect"
    return "supplement" if dossier.status == SUPPLEMENT else "ask"


def _card(settings: Settings, card: Card, now: int) -> Action:
    age = card.age(local(now, settings.office.zone).date())
    known_class = settings.scans.age_class in settings.class_by_id
    old_enough = age is not None and age >= settings.scans.age and known_class
    return Action("card_class", age_class=settings.scans.age_class if old_enough else "")


def _ticket(db: sqlite3.Connection, settings: Settings, token: str, now: int) -> Action:
    try:
        ticket = issuing.by_token(db, token)
    except UnknownTicket:
        return Action("to_clerk", "not_ours", service=_ask(settings))
    today = ticket.day == day_of(now, settings.office.zone)
    return Action("ticket", "" if today else "expired", ticket=ticket)


def _returning(db: sqlite3.Connection, settings: Settings, code: str, now: int) -> Action:
    found = dossier_reentry.find(db, code)
    dossier = known(db, found.dossier) if found else None
    if dossier is None:
        return Action("to_clerk", "not_ours", service=_ask(settings))
    action = _dossier(db, settings, dossier, now)
    if action.name != "supplement":
        return action
    if near_front.holds(db, settings, code, now):
        return replace(action, reentry=code, reason="")
    return replace(action, reentry="", reason="spent")


def _dossier(db: sqlite3.Connection, settings: Settings, dossier: Dossier, now: int) -> Action:
    if dossier.status in RUNNING:
        return _running(settings, dossier, now)
    if dossier.status == DONE:
        where = _ELSEWHERE.get(dossier.give_back, "")
        service = settings.scans.collect_service
        return Action("collect", where, dossier, service=_service(settings, service, dossier.service))
    if dossier.status == SUPPLEMENT:
        return _lacking(db, settings, dossier, now)
    if dossier.status == FEE_DUE:
        return Action("fee", dossier=dossier, service=_service(settings, dossier.service))
    if dossier.status == RETURNED:
        return Action("returned", dossier=dossier)
    return Action("status", dossier=dossier, service=_ask(settings) if dossier.status in _ENDED else "")


def _running(settings: Settings, dossier: Dossier, now: int) -> Action:
    today = local(now, settings.office.zone).date()
    if dossier.due_at is None or timeliness(dossier, today, settings.office.zone) != "overdue":
        return Action("status", dossier=dossier)
    late = today - local(dossier.due_at, settings.office.zone).date()
    return Action("overdue", dossier=dossier, days_late=late.days, service=_ask(settings))


def _lacking(db: sqlite3.Connection, settings: Settings, dossier: Dossier, now: int) -> Action:
    near = near_front.holds(db, settings, dossier.key, now)
    return Action(
        "supplement",
        "" if near else "spent",
        dossier,
        service=_service(settings, dossier.service),
        reentry=dossier.key if near else "",
        missing=tuple(missing(db, dossier.key)),
    )


def _service(settings: Settings, *wanted: str) -> str:
    """The first of ``wanted`` that there is, else where one asks."""
    return next((name for name in wanted if name in settings.service_by_id), _ask(settings))


def _ask(settings: Settings) -> str:
    asked = settings.scans.ask_service
    return asked if asked in settings.service_by_id else ""
