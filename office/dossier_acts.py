"""The acts on a dossier that the register has: each checks the status, writes one event, or changes nothing.

Every function takes an ``Act`` (a transaction under way) and the actor's name as the journal keeps it. What a clerk
writes in own words (reason, note) is kept beside the journal.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any, ClassVar, get_args

from office import dossier_change, dossier_reentry, dossiers, issuing, journal
from office.clock import day_of, local
from office.dossier_change import STEPS, Deed, in_words, kept_by_step, kept_until, must_allow, record, resumed
from office.dossier_fields import CHECKS, papers_told, words
from office.dossier_persons import needed
from office.dossier_term import begun
from office.dossiers import (
    DONE,
    IN_PROCESS,
    NEW,
    NOT_ACCEPTED,
    PUT_OFF,
    PUT_OFF_LATE,
    RECEIVED,
    RETURNED,
    RUNNING,
    STOPPED,
    SUPPLEMENT,
    Dossier,
    Missing,
    Paper,
    Purpose,
    Way,
)
from office.errors import BadDossier, DossierStatus, NotAllowed, WrongDay
from office.journal import Filter
from office.settings import Settings
from office.store import Act


class SameUnit(NotAllowed):
    """The unit has the dossier already."""

    key: ClassVar[str] = "error.same_unit"


class MovedMeanwhile(NotAllowed):
    """Somebody else has handed the dossier over since it was looked at; ``params['unit']`` has it now."""

    key: ClassVar[str] = "error.moved_meanwhile"


def move(
    act: Act, settings: Settings, code: str, to_unit: str, note: str = "", due_at: int | None = None, *, actor: str,
    from_unit: str | None = None,
) -> Dossier:  # fmt: skip
    """Hand the dossier over to another unit, which must be done by ``due_at`` (ms UTC) if told; with ``from_unit``
    only if that unit has it.

    The event keeps how the giving unit kept its time. A received dossier is in process from then on. Raises
    UnknownDossier, DossierStatus, BadDossier, MovedMeanwhile, SameUnit.
    """
    dossier = dossiers.get(act.db, code)
    must_allow(dossier, Deed.HAND_OVER)
    unit = words("to_unit", to_unit, 120)
    if not unit:
        raise needed("to_unit")
    if due_at is not None:
        CHECKS["due_at"]("due_at", due_at)
    if from_unit is not None and from_unit != dossier.unit:
        raise MovedMeanwhile("another unit has it now", unit=dossier.unit)
    if unit == dossier.unit:
        raise SameUnit("that unit has it already", unit=unit)
    changed: dict[str, Any] = {"unit": unit}
    if dossier.status == RECEIVED:
        changed |= {"status": IN_PROCESS, "local_status": ""}
    return record(
        act, settings, "dossier.moved", dossier, changed, actor=actor, deed="handed_over", step_due_at=due_at,
        note=in_words("note", note, required=False), result=kept_by_step(act.db, settings, dossier, act.now),
    )  # fmt: skip


def set_status(act: Act, settings: Settings, code: str, status: int, note: str = "", *, actor: str) -> Dossier:
    """Set one of the statuses that need no paper: in process, fee due, withdrawn, done (STEPS).

    One that was only registered (online) is received at that moment, from which its due time is counted.
    Raises UnknownDossier, DossierStatus, BadDossier.
    """
    dossier = dossiers.get(act.db, code)
    if status not in STEPS.get(dossier.status, ()):
        raise DossierStatus(
            f"status {dossier.status} does not lead to {status}", state=dossier.status, deed=Deed.STATUS.value
        )
    return _become(act, settings, dossier, status, "status", note, actor=actor)


def refuse(act: Act, settings: Settings, code: str, reason: str, *, actor: str) -> Dossier:
    """It is not accepted (Phiếu từ chối). Raises UnknownDossier, DossierStatus, BadDossier without a reason."""
    dossier = dossiers.get(act.db, code)
    must_allow(dossier, Deed.REFUSE)
    return _become(act, settings, dossier, NOT_ACCEPTED, "refused", reason, actor=actor, required=True)


def stop(act: Act, settings: Settings, code: str, reason: str, *, actor: str) -> Dossier:
    """Processing stops (Thông báo dừng). Raises UnknownDossier, DossierStatus, BadDossier without a reason."""
    dossier = dossiers.get(act.db, code)
    must_allow(dossier, Deed.STOP)
    return _become(act, settings, dossier, STOPPED, "stopped", reason, actor=actor, required=True)


def ask_supplement(
    act: Act, settings: Settings, code: str, missing: Sequence[Missing], reason: str, *, actor: str, ticket: str = ""
) -> str:
    """Ask for missing papers (Phiếu yêu cầu bổ sung): the clock stands. The re-entry code for the same day.

    Raises SupplementOnce the second time (DOMAIN 2.3, Art. 12), UnknownDossier, DossierStatus, BadDossier without a
    paper, UnknownTicket.
    """
    dossier = dossiers.get(act.db, code)
    must_allow(dossier, Deed.ASK)
    names = [name for name, *_ in papers_told([Paper(one.name) for one in missing], "missing")]
    if not names:
        raise needed("missing")
    reentry = dossier_reentry.make(act.db)
    changed = dossier_change.clock(settings, dossier, SUPPLEMENT, act.now) | {"supplements": dossier.supplements + 1}
    record(
        act, settings, "dossier.supplement_asked", dossier, changed, actor=actor, ticket=ticket, missing=names,
        reentry=reentry, day=day_of(act.now, settings.office.zone), note=in_words("reason", reason, required=False),
    )  # fmt: skip
    return reentry


def supplement_done(
    act: Act, settings: Settings, code: str, papers: Sequence[Paper] = (), *, actor: str, ticket: str = ""
) -> Dossier:
    """The missing papers were brought: received anew, and the clock begins from zero (DOMAIN 2.3, Art. 19.4).

    One that was only registered (online) when papers were asked for is received now. Where no term is known, the clock
    goes on with what was left. Raises UnknownDossier, DossierStatus, BadDossier,
    UnknownTicket.
    """
    dossier = dossiers.get(act.db, code)
    must_allow(dossier, Deed.SUPPLEMENTED)
    changed = dossier_change.clock(settings, dossier, RECEIVED, act.now)
    changed |= begun(act.db, settings, dossier, act.now) or {"due_at": resumed(settings, dossier, act.now)}
    if _was_registered_only(act.db, dossier):
        changed |= {"received_at": act.now}
    return record(
        act, settings, "dossier.supplemented", dossier, changed, actor=actor, ticket=ticket,
        papers=papers_told(papers),
    )  # fmt: skip


def reschedule(act: Act, settings: Settings, code: str, due_at: int, reason: str, *, actor: str) -> Dossier:
    """Apologise and name another, later day (ms UTC), once (DOMAIN 2.3, Art. 19.9).

    The law wants it a day before the due day at the latest. One that comes later is taken all the same, for the citizen
    is owed it, and the dossier bears that it was late (DOMAIN 4.4: days are compared).

    Raises RescheduleOnce, UnknownDossier, DossierStatus, BadDossier for a day not after the old one or no reason.
    """
    dossier = dossiers.get(act.db, code)
    must_allow(dossier, Deed.RESCHEDULE)
    CHECKS["due_at"]("due_at", due_at)
    if due_at <= max(act.now, dossier.due_at or 0):
        raise WrongDay("due_at: not after the day before", field="due_at", reason="too_early")
    zone, due = settings.office.zone, dossier.due_at
    late = due is not None and local(due, zone).date() < local(act.now, zone).date()
    data = {
        "set": {"due_at": due_at, "rescheduled": PUT_OFF_LATE if late else PUT_OFF},
        "from_due_at": dossier.due_at,
        "due_at": due_at,
    }
    told = in_words("reason", reason, required=True)
    return dossier_change.write(act, settings, "dossier.rescheduled", dossier.key, data, actor=actor, note=told)


def hand_back(
    act: Act,
    settings: Settings,
    code: str,
    *,
    actor: str,
    ticket: str = "",
    how: Way = "counter",
    tracking: str = "",
) -> Dossier:
    """Hand the result over, or send it. A refused, withdrawn or stopped one gets its papers back and stays so.

    A dossier in process is done at that moment: procedures with an immediate result (DOMAIN 2.3, Art. 17.4). Raises
    UnknownDossier, DossierStatus (also when it was handed back before), BadDossier, UnknownTicket.
    """
    dossier = dossiers.get(act.db, code)
    must_allow(dossier, Deed.RETURN)
    if how not in get_args(Way):
        raise BadDossier(f"how: one of {', '.join(get_args(Way))}", field="how", reason="not_allowed")
    number = CHECKS["tracking"]("tracking", tracking)
    changed: dict[str, Any] = {"returned_at": act.now, "give_back": how, "tracking": number}
    kept = ""
    if dossier.status in (RECEIVED, IN_PROCESS, DONE):
        changed |= dossier_change.clock(settings, dossier, RETURNED, act.now)
        kept = kept_until(settings, dossier, changed)
    return record(
        act, settings, "dossier.returned", dossier, changed, actor=actor, ticket=ticket, how=how, kept=kept, result=kept
    )


def link_visit(act: Act, settings: Settings, code: str, ticket: str, purpose: Purpose, *, actor: str) -> Dossier:
    """Join a ticket to a dossier: what its holder came for. Nothing is written when it is known already.

    Raises UnknownDossier, UnknownTicket, BadDossier.
    """
    dossier = dossiers.get(act.db, code)
    issuing.find(act.db, ticket)
    if purpose not in get_args(Purpose):
        raise BadDossier(f"purpose: one of {', '.join(get_args(Purpose))}", field="purpose", reason="not_allowed")
    if any((v.ticket, v.purpose) == (ticket, purpose) for v in dossiers.visits(act.db, dossier.key)):
        return dossier
    return dossier_change.write(
        act, settings, "dossier.visited", dossier.key, {"purpose": purpose}, actor=actor, ticket=ticket
    )  # fmt: skip


def _was_registered_only(db: sqlite3.Connection, dossier: Dossier) -> bool:
    """Whether the papers that are brought now were asked for before the dossier was received."""
    asked = journal.read(db, limit=1, only=Filter(kinds=("dossier.supplement_asked",), dossier=dossier.key))
    return bool(asked) and asked[0].data["from_status"] == NEW


def _become(
    act: Act, settings: Settings, dossier: Dossier, status: int, deed: str, note: str, *, actor: str,
    required: bool = False,
) -> Dossier:  # fmt: skip
    told = in_words("reason", note, required=required)
    changed = dossier_change.clock(settings, dossier, status, act.now)
    if dossier.status == NEW and status in RUNNING:  # handed in online, and accepted now: its time begins
        changed |= {"received_at": act.now} | begun(act.db, settings, dossier, act.now)
    result = kept_until(settings, dossier, changed) if status == DONE else ""
    return record(
        act, settings, "dossier.moved", dossier, changed, actor=actor, deed=deed, step_due_at=None, note=told,
        result=result,
    )  # fmt: skip
