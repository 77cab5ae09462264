"""One change of a dossier: which statuses allow it, what it does to the clock, the event, and the clerk's words."""

import sqlite3
from dataclasses import asdict
from enum import StrEnum
from typing import Any, Final, Literal

from office import deadlines, dossier_persons, dossiers, issuing, journal
from office.clock import local
from office.dossier_merge import leaving, left_of
from office.dossier_term import unit_of
from office.dossiers import (
    DONE,
    FEE_DUE,
    IN_PROCESS,
    NEW,
    NOT_ACCEPTED,
    PAUSED,
    RECEIVED,
    RETURNED,
    STOPPED,
    SUPPLEMENT,
    WITHDRAWN,
    Dossier,
)
from office.errors import DossierStatus, RescheduleOnce, SupplementOnce
from office.settings import Settings
from office.store import Act
from office.tickets import Ticket

Hindrance = Literal["", "status", "asked", "put_off", "returned"]


class Deed(StrEnum):
    """What can be done with a dossier."""

    HAND_OVER = "hand_over"
    STATUS = "status"
    ASK = "ask_supplement"
    SUPPLEMENTED = "supplement_done"
    REFUSE = "refuse"
    STOP = "stop"
    RESCHEDULE = "reschedule"
    RETURN = "hand_back"


STEPS: Final[dict[int, frozenset[int]]] = {
    NEW: frozenset({RECEIVED, IN_PROCESS, WITHDRAWN}),
    RECEIVED: frozenset({IN_PROCESS, FEE_DUE, WITHDRAWN, DONE}),
    IN_PROCESS: frozenset({FEE_DUE, WITHDRAWN, DONE}),
    SUPPLEMENT: frozenset({WITHDRAWN}),
    FEE_DUE: frozenset({IN_PROCESS, WITHDRAWN, DONE}),
    STOPPED: frozenset({IN_PROCESS, WITHDRAWN}),
    DONE: frozenset({IN_PROCESS}),  # it was marked done too soon
}
"""Status → those a clerk may set by hand; the others have acts of their own, with their papers."""

ALLOWED: Final[dict[Deed, frozenset[int]]] = {
    Deed.HAND_OVER: frozenset({NEW, RECEIVED, IN_PROCESS, SUPPLEMENT, FEE_DUE, STOPPED, DONE}),
    Deed.STATUS: frozenset(STEPS),
    Deed.ASK: frozenset({NEW, RECEIVED, IN_PROCESS}),
    Deed.SUPPLEMENTED: frozenset({SUPPLEMENT}),
    Deed.REFUSE: frozenset({NEW, RECEIVED, IN_PROCESS, SUPPLEMENT}),
    Deed.STOP: frozenset({RECEIVED, IN_PROCESS, SUPPLEMENT, FEE_DUE}),
    Deed.RESCHEDULE: frozenset({RECEIVED, IN_PROCESS}),
    # Papers of one that was refused, withdrawn or stopped are handed back too; its status stays.
    Deed.RETURN: frozenset({RECEIVED, IN_PROCESS, DONE, NOT_ACCEPTED, WITHDRAWN, STOPPED}),
}
"""Which statuses allow which deed; anything else is refused."""


_LEADS: Final[dict[Deed, tuple[frozenset[int], int]]] = {
    Deed.ASK: (ALLOWED[Deed.ASK], SUPPLEMENT),
    Deed.SUPPLEMENTED: (ALLOWED[Deed.SUPPLEMENTED], RECEIVED),
    Deed.REFUSE: (ALLOWED[Deed.REFUSE], NOT_ACCEPTED),
    Deed.STOP: (ALLOWED[Deed.STOP], STOPPED),
    Deed.RETURN: (frozenset({RECEIVED, IN_PROCESS, DONE}), RETURNED),
}
_NAMES: Final = (
    *("", "registered", "received", "not_accepted", "in_process", "supplement"),
    *("fee_due", "withdrawn", "stopped", "done", "returned"),
)


def diagram() -> str:
    """The statuses as a Mermaid state diagram; docs/architecture.md carries it, a test compares."""
    lines = ["stateDiagram-v2", "    [*] --> received: receive"]
    lines += [f"    {_NAMES[before]} --> {_NAMES[to]}: set" for before, row in STEPS.items() for to in sorted(row)]
    for deed, (allowed, to) in _LEADS.items():
        lines += [f"    {_NAMES[before]} --> {_NAMES[to]}: {deed}" for before in sorted(allowed)]
    return "\n".join(lines)


def hindrance(dossier: Dossier, deed: Deed) -> Hindrance:
    """Why the register refuses ``deed`` now; '' when it does not. Pages offer what it does not refuse (``must_allow``).

    Papers are asked for, a day is put off and a result is handed back once only (DOMAIN 2.3): then it was ``asked``,
    ``put_off`` or ``returned`` before.
    """
    if deed is Deed.ASK and dossier.supplements:
        return "asked"
    if deed is Deed.RESCHEDULE and dossier.rescheduled:
        return "put_off"
    if deed is Deed.RETURN and dossier.returned_at is not None:
        return "returned"
    return "" if dossier.status in ALLOWED[deed] else "status"


def must_allow(dossier: Dossier, deed: Deed) -> None:
    """Raises SupplementOnce, RescheduleOnce or DossierStatus when something hinders ``deed``."""
    why = hindrance(dossier, deed)
    if why == "asked":
        raise SupplementOnce("papers were asked for before")
    if why == "put_off":
        raise RescheduleOnce("the due day was put off before")
    if why:
        raise DossierStatus(f"status {dossier.status}, {why}: no {deed}", state=dossier.status, deed=deed.value)


def clock(settings: Settings, dossier: Dossier, status: int, now: int) -> dict[str, Any]:
    """What becoming ``status`` at ``now`` (ms UTC) does to the dossier's times: stopped, going on, ended."""
    follows: dict[str, Any] = {"status": status, "local_status": ""}
    if status in PAUSED:
        return follows | _stopped(settings, dossier, now)
    follows |= {"paused_at": None, "due_left": None}
    if status not in (RECEIVED, IN_PROCESS, DONE, RETURNED):
        return follows
    if dossier.due_left is not None:  # also when it ends at once: the suspension extends the term all the same
        follows |= {"due_at": resumed(settings, dossier, now)}
    if status in (DONE, RETURNED):
        return follows | {"finished_at": dossier.finished_at or now}
    return follows | {"finished_at": None, "returned_at": None}


def _stopped(settings: Settings, dossier: Dossier, now: int) -> dict[str, Any]:
    if dossier.paused_at is not None:
        return {}
    due = dossier.due_at
    left = None if due is None else deadlines.pause(settings, due, now, service=dossier.service)
    return {"paused_at": now, "due_left": left}


def resumed(settings: Settings, dossier: Dossier, now: int) -> int | None:
    """The due time when a paused dossier goes on at ``now`` with what was left; as it was when nothing was noted."""
    if dossier.due_left is None:
        return dossier.due_at
    unit = unit_of(dossier.term_unit)
    same_day = dossier.term_amount == 0
    return deadlines.resume(settings, dossier.due_left, now, unit, service=dossier.service, same_day=same_day).at


def kept_by_step(db: sqlite3.Connection, settings: Settings, dossier: Dossier, now: int) -> str:
    """How the unit that has the dossier kept its time, handing it on at ``now``: by its own step's due time when it
    was told one, else by the dossier's.

    '' while the clock stands. Of one that is done its end counts, not the hand-over (DOMAIN 4.4); '' if nobody told it.
    """
    at = dossier.finished_at if dossier.status == DONE else now
    if at is None or dossier.status in PAUSED:
        return ""
    row = db.execute(
        "SELECT due_at FROM dossier_moves WHERE dossier = ? AND (from_unit != to_unit OR from_unit = '')"
        " ORDER BY seq DESC LIMIT 1",
        (dossier.key,),
    ).fetchone()
    due = row[0] if row and row[0] is not None else dossier.due_at
    return _kept(settings, at, due)


def kept_until(settings: Settings, dossier: Dossier, changed: dict[str, Any]) -> str:
    """How a dossier that ends by ``changed`` (what ``clock`` answered) kept its time as a whole."""
    return _kept(settings, changed["finished_at"], changed.get("due_at", dossier.due_at))


def _kept(settings: Settings, at: int, due: int | None) -> str:
    zone = settings.office.zone
    return dossiers.kept(local(at, zone).date(), None if due is None else local(due, zone).date())


def record(
    act: Act,
    settings: Settings,
    kind: str,
    dossier: Dossier,
    changed: dict[str, Any],
    *,
    actor: str,
    ticket: str = "",
    note: str = "",
    result: str = "",
    **fields: Any,
) -> Dossier:
    """Write one event that makes ``changed`` of the dossier's columns, with the clerk's words beside it.

    The dossier as it is afterwards.
    """
    data = {
        "set": changed,
        "from_unit": dossier.unit,
        "to_unit": changed.get("unit", dossier.unit),
        "from_status": dossier.status,
        "status": changed.get("status", dossier.status),
        "result": result,
        **fields,
    }
    return write(act, settings, kind, dossier.key, data, actor=actor, ticket=ticket, note=note)


def write(
    act: Act,
    settings: Settings,
    kind: str,
    key: str,
    data: dict[str, Any],
    *,
    actor: str,
    ticket: str = "",
    note: str = "",
    ours: bool = True,
) -> Dossier:
    """Write one event of a dossier at the counter of its ticket; the dossier as it is afterwards.

    What it changes is remembered beside rows of other systems (office/dossier_merge.py), unless one of them tells it
    (not ``ours``).
    """
    if "set" in data and ours:
        before, left = asdict(dossiers.get(act.db, key)), left_of(act.db, [key]).get(key, {})
        before["papers"] = papers_kept(act.db, key)
        left = leaving(left, before, data["set"] | _papers_after(before["papers"], kind, data))
        data |= {"left": left} if left else {}
    served = ticket_of(act.db, ticket)
    event = journal.append(
        act, kind, office=settings.office.id, actor=actor, counter=served.counter if served else "", ticket=ticket,
        dossier=key, data=data,
    )  # fmt: skip
    dossier_persons.write_note(act, key, event.seq, note)
    return dossiers.get(act.db, key)


def papers_kept(db: sqlite3.Connection, key: str) -> list[list[Any]]:
    """The papers handed in as events carry them."""
    return [[one.name, one.kind, one.count] for one in dossiers.papers(db, key)]


def _papers_after(before: list[list[Any]], kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """All papers after an event that tells any: those that were brought come to those of before."""
    told = data.get("papers")
    if told is None or kind == "dossier.received":
        return {}
    return {"papers": before + told if kind == "dossier.supplemented" else told}


def ticket_of(db: sqlite3.Connection, ticket: str) -> Ticket | None:
    """The ticket an act is done with, or None without one. Raises UnknownTicket."""
    return issuing.find(db, ticket) if ticket else None


def in_words(name: str, text: str, *, required: bool) -> str:
    """A reason or note in a clerk's own words. Raises BadDossier when it is too long, or needed and empty."""
    kept = dossier_persons.cleaned(name, text, dossier_persons.NOTE_MAX, lines=True)
    if required and not kept:
        raise dossier_persons.needed(name)
    return kept
