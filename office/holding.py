"""Holds: footage that is kept beyond its days, with reason, owner and end (DOMAIN 6.3, 2).

A person holds; a lowest rating, a complaint or a call out of order holds by itself, for ``footage.hold_days``.
"""

import json
import sqlite3
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from office import camera_places, journal, visits, watching
from office.camera_kinds import REASONS
from office.clock import local
from office.errors import BadRequest, HoldEnded, UnknownHold
from office.footage import Span
from office.journal import Event, Filter
from office.settings import Settings
from office.store import Act
from office.visits import Visit
from office.watching import Wish

CAUSES: Final = ("person", "rating", "complaint", "out_of_order")
KINDS: Final = (
    *("rating.given", "note.left", "ticket.finished", "ticket.absent", "ticket.cancelled"),
    *("ticket.held", "ticket.transferred"),
)
"""Events after which footage may be held by itself. A call out of order is held once its visit has left the counter: a
visit put aside or passed on may never come to an end. So is what was rated or complained of while it lasted: at once
only what there was by then can be held."""

SAID: Final = ("rating.given", "note.left")
NONE: Final = ("", "")
LOWEST: Final = 1
"""Stars of the lowest rating."""

AROUND_MS: Final = 900_000
"""Held before a complaint that belongs to no ticket: who left it was in the hall just before. What is given so soon
after a visit belongs to its footage too."""

LATEST_DAYS: Final = 3660

_COLUMNS: Final = "hold, cameras, begins, ends, reason, owner, until, cause, released"


@dataclass(frozen=True, slots=True)
class Hold:
    """Footage kept beyond its days. ``until`` is the first local day it is not held any more; ``released`` the moment
    (ms UTC) somebody ended it before, or 0."""

    id: str
    cameras: tuple[str, ...]
    begins: int
    ends: int
    reason: str
    owner: str
    until: date
    cause: str
    released: int

    @property
    def seq(self) -> int:
        """The seq of the event it is named after."""
        return int(self.id[1:])

    def holds(self, today: date) -> bool:
        """Whether it holds on the local day ``today``."""
        return not self.released and today < self.until


def hold(
    act: Act, settings: Settings, wish: Wish, until: date, *, actor: str, cause: str = "person", cause_seq: int = 0
) -> str:
    """Keep what ``wish`` names until the local day ``until``; the hold's id. Its owner is ``actor``.

    Raises what ``watching.checked`` raises, and BadRequest for a day that is past or ten years away.
    """
    wish = watching.checked(settings, wish)
    today = local(act.now, settings.office.zone).date()
    if not today < until <= today + timedelta(days=LATEST_DAYS):
        raise BadRequest("until must be a day to come, within ten years", field="until")
    name = f"H{act.head[0] + 1}"
    more = {"hold": name, "owner": actor, "until": until.isoformat(), "cause": cause, "cause_seq": cause_seq}
    watching.record(act, settings, "footage.held", wish, actor=actor, **more)
    return name


def release(act: Act, settings: Settings, name: str, reason: str, *, actor: str) -> None:
    """End a hold before its day. Raises UnknownHold, HoldEnded, BadRequest without a reason."""
    held = find(act.db, name)
    if not held.holds(local(act.now, settings.office.zone).date()):
        raise HoldEnded("this hold has ended already")
    if reason not in REASONS:
        raise BadRequest(f"reason is one of {', '.join(REASONS)}", field="reason")
    data = {"hold": name, "reason": reason}
    journal.append(act, "footage.released", office=settings.office.id, actor=actor, data=data)


def find(db: sqlite3.Connection, name: str) -> Hold:
    """The hold of that id. Raises UnknownHold."""
    row = db.execute(f"SELECT {_COLUMNS} FROM footage_holds WHERE hold = ?", (name,)).fetchone()  # noqa: S608 — fixed
    if row is None:
        raise UnknownHold(f"no hold {name!r}")
    return _hold(row)


def every(db: sqlite3.Connection, today: date | None = None) -> list[Hold]:
    """All holds, the newest first; only those that hold on ``today`` when it is given."""
    sql = f"SELECT {_COLUMNS} FROM footage_holds WHERE ? = '' OR (released = 0 AND until > ?)"  # noqa: S608 — fixed
    day = today.isoformat() if today else ""
    rows = db.execute(sql, (day, day))
    return sorted(map(_hold, rows), key=lambda one: one.seq, reverse=True)


def spans(holds: list[Hold], camera: str) -> list[Span]:
    """What of ``camera`` is held, in order; spans that overlap are one."""
    found: list[Span] = []
    for begins, ends in sorted((one.begins, one.ends) for one in holds if camera in one.cameras):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((begins, ends))
    return found


def by_itself(act: Act, settings: Settings, event: Event) -> str:
    """Hold what ``event`` (one of ``KINDS``) gives cause to hold; the first hold's id, "" without cause or cameras."""
    cause, reason = _cause(act.db, event)
    wishes = _of_event(act.db, settings, event, reason) if cause else []
    until = local(act.now, settings.office.zone).date() + timedelta(days=settings.footage.hold_days)
    names = [
        hold(act, settings, one, until, actor="system", cause=cause, cause_seq=event.seq)
        for one in wishes
        if one.cameras
    ]
    return names[0] if names else ""


def _cause(db: sqlite3.Connection, event: Event) -> tuple[str, str]:
    """Why ``event`` holds footage: cause and reason, or two empty words."""
    if event.kind in SAID:
        return _said(event)
    called = journal.read(db, only=Filter(kinds=("ticket.called",), ticket=event.ticket))
    if any((one.data.get("why") or {}).get("rule") == "by_number" for one in called):
        return "out_of_order", "quality"
    said = journal.read(db, only=Filter(kinds=SAID, ticket=event.ticket))
    return next((cause for one in said if (cause := _said(one))[0]), NONE)


def _said(event: Event) -> tuple[str, str]:
    """What a citizen's own word gives cause to hold: cause and reason."""
    if event.kind == "rating.given":
        return ("rating", "rating") if event.data.get("stars") == LOWEST else NONE
    return ("complaint", "complaint") if event.data.get("about") == "complaint" else NONE


def _of_event(db: sqlite3.Connection, settings: Settings, event: Event, reason: str) -> list[Wish]:
    """The visit that ``event`` belongs to, or those about its dossier; without either the hall around the moment.

    Empty for an unknown ticket.
    """
    if event.ticket or event.dossier:
        found = visits.of_tickets(db, [event.ticket]) if event.ticket else visits.of_dossier(db, event.dossier)
        if found or event.ticket:
            return [_of_visit(settings, one, event, reason) for one in found]
    begins, ends = event.at - AROUND_MS, event.at + settings.footage.post_roll_s * 1000
    cameras = _seeing(settings, event.counter, event.at)
    return [Wish(tuple(cameras), begins, ends, reason, dossier=event.dossier, counter=event.counter)]


def _of_visit(settings: Settings, visit: Visit, event: Event, reason: str) -> Wish:
    """All stations of ``visit`` from its first call to its end, with the cameras that saw each on its day; what was
    never called, the hall from its arrival on."""
    before, after = settings.footage.pre_roll_s * 1000, settings.footage.post_roll_s * 1000
    stays = [(one.counter, one.called_at) for one in visit.stations] or [("", visit.ticket.arrived_at)]
    cameras = dict.fromkeys(name for stay in stays for name in _seeing(settings, *stay))
    begins = stays[0][1] - before
    ends = min(_end(visit, event.at) + after, begins + watching.LONGEST_MS)
    joins = {"ticket": visit.ticket.id, "dossier": event.dossier, "counter": event.counter or stays[-1][0]}
    return Wish(tuple(cameras), begins, ends, reason, **joins)


def _end(visit: Visit, at: int) -> int:
    """When ``visit`` ended (ms UTC), not ``at``, which may be days later: ``at`` only where it lasts, or just had."""
    last = visit.last
    ended = visit.ticket.ended_at or (last.left_at if last else None)
    return at if ended is None or 0 <= at - ended <= AROUND_MS else ended


def _seeing(settings: Settings, counter: str, at: int) -> list[str]:
    """The cameras that saw ``counter`` ('' the hall) on the local day of ``at``, ms UTC."""
    day = local(at, settings.office.zone).date()
    return [one.name for one in camera_places.seeing(settings.cameras, counter, day)]


def _hold(row: tuple[str, str, int, int, str, str, str, str, int]) -> Hold:
    name, cameras, begins, ends, reason, owner, until, cause, released = row
    return Hold(
        name, tuple(json.loads(cameras)), begins, ends, reason, owner, date.fromisoformat(until), cause, released
    )
