"""Who may watch footage, and that they did: a reason first, one event for every view and export (DOMAIN 6.3, 4).

A person names cameras, range and reason; the event that is written is the permission, for ``footage.view_min`` minutes.
Words of one's own may name persons: they are kept beside the journal and can be erased.
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from office import dossier_code, journal
from office.camera_kinds import REASONS
from office.catalogue_text import tidy
from office.errors import BadRequest, UnknownCamera, ViewFirst
from office.footage_errors import NoMasks, PersonalNote
from office.settings import Settings
from office.store import Act

LONGEST_MS: Final = 24 * 3_600_000
"""One view, export or hold of more than a day is a mistake in the date."""

NOTE_MAX: Final = 1000
SYSTEM: Final = "system"
"""The reason of other systems, which are given none to choose."""

SLACK_MS: Final = 2_000
"""What is watched may begin and end so far outside the range that the event names: a picture or two, no more, so that
the event says what was seen."""

REPEAT_MS: Final = 600_000
"""A system that asks for the same footage again within so long watches on: no second event."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to see, keep or take along, and why. ``begins`` and ``ends`` in ms UTC."""

    cameras: tuple[str, ...]
    begins: int
    ends: int
    reason: str
    note: str = ""
    ticket: str = ""
    dossier: str = ""
    counter: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page asks to be played: by whom, under which view, which camera and range (ms UTC)."""

    actor: str
    view: str
    camera: str
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class View:
    """A permission to watch: its id, and until when (ms UTC)."""

    id: str
    ends_at: int


def checked(settings: Settings, wish: Wish) -> Wish:
    """``wish`` as it may be written down.

    Raises UnknownCamera, or BadRequest for a range that is none or of more than a day, a reason that is none of
    ``REASONS``, or too long a note; PersonalNote for a telephone or identity number in it.
    """
    if not wish.cameras:
        raise BadRequest("name at least one camera", field="cameras")
    for name in wish.cameras:
        if name not in settings.camera_by_name:
            raise UnknownCamera(f"no camera {name!r}", camera=name)
    if not 0 < wish.ends - wish.begins <= LONGEST_MS:
        raise BadRequest("`to` must lie after `from`, at most a day", field="to")
    if wish.reason not in (*REASONS, SYSTEM):
        raise BadRequest(f"reason is one of {', '.join(REASONS)}", field="reason")
    note = tidy(wish.note, lines=True)
    if len(note) > NOTE_MAX:
        raise BadRequest(f"note: at most {NOTE_MAX} letters", field="note")
    if dossier_code.long_number(note) or dossier_code.personal(note):
        raise PersonalNote("note: no telephone or identity numbers here", field="note")
    unique = tuple(dict.fromkeys(wish.cameras))
    told = (unique, wish.begins, wish.ends, wish.reason, note, wish.ticket, wish.dossier, wish.counter)
    return Wish(*told)


def masked(settings: Settings, wish: Wish, asked: bool | None) -> tuple[str, ...]:
    """The cameras of ``wish`` on which masks are to be drawn: all that have some, unless ``asked`` is False.

    Raises NoMasks when they are asked for and there is none.
    """
    if asked is False:
        return ()
    found = tuple(name for name in wish.cameras if settings.camera_by_name[name].masks)
    if asked and not found:
        raise NoMasks("none of these cameras has privacy masks")
    return found


def view(act: Act, settings: Settings, wish: Wish, *, actor: str) -> View:
    """Write that ``actor`` watches, before anything is shown. Raises what ``checked`` raises."""
    wish = checked(settings, wish)
    name = str(act.head[0] + 1)  # the event's own number
    record(act, settings, "footage.viewed", wish, actor=actor, view=name)
    return View(name, act.now + settings.footage.view_min * 60_000)


def record(act: Act, settings: Settings, kind: str, wish: Wish, *, actor: str, **data: Any) -> journal.Event:
    """Write one event of ``kind`` about the checked ``wish``; its note beside the journal."""
    asked = {"cameras": list(wish.cameras), "begins": wish.begins, "ends": wish.ends, "reason": wish.reason}
    joins = {"counter": wish.counter, "ticket": wish.ticket, "dossier": wish.dossier}
    fields = asked | {"noted": bool(wish.note)} | data
    event = journal.append(act, kind, office=settings.office.id, actor=actor, data=fields, **joins)
    if wish.note:
        act.db.execute("INSERT INTO footage_notes VALUES (?, ?)", (event.seq, wish.note))
    return event


def allowed(db: sqlite3.Connection, settings: Settings, asked: Asked, now: int) -> None:
    """Let through who gave a reason for watching this, not too long before ``now`` (ms UTC). Raises ViewFirst."""
    row = _viewed(db, asked.view)
    if row is None or now - row[0] > settings.footage.view_min * 60_000:
        raise ViewFirst("say first why this is watched; a reason counts for some time only")
    _, who, data = row
    in_range = data["begins"] - SLACK_MS <= asked.begins and asked.ends <= data["ends"] + SLACK_MS
    if who != asked.actor or asked.camera not in data["cameras"] or not in_range:
        raise ViewFirst("this view is another's, or of another camera or range")


def _viewed(db: sqlite3.Connection, view_id: str) -> tuple[int, str, dict[str, Any]] | None:
    """Moment, actor and data of a view, by its id."""
    if not view_id.isascii() or not view_id.isdecimal() or len(view_id) > 18:
        return None
    sql = "SELECT at, actor, data FROM journal WHERE seq = ? AND kind = 'footage.viewed'"
    row = db.execute(sql, (int(view_id),)).fetchone()
    return (row[0], row[1], json.loads(row[2])) if row else None


def by_system(act: Act, settings: Settings, wish: Wish, *, actor: str) -> None:
    """Write that a system fetched footage; once for the same range within ``REPEAT_MS``."""
    sql = (
        "SELECT at, data FROM journal INDEXED BY journal_kind WHERE kind = 'footage.viewed' AND actor = ?"
        " AND at > ? ORDER BY seq DESC LIMIT 50"
    )
    asked = (list(wish.cameras), wish.begins, wish.ends)
    for _, text in act.db.execute(sql, (actor, act.now - REPEAT_MS)):
        data = json.loads(text)
        if (data["cameras"], data["begins"], data["ends"]) == asked:
            return
    view(act, settings, wish, actor=actor)


def notes(db: sqlite3.Connection, seqs: Iterable[int]) -> dict[int, str]:
    """What was written in own words with the events ``seqs``; those without are left out."""
    wanted = list(seqs)
    sql = f"SELECT seq, text FROM footage_notes WHERE seq IN ({','.join('?' * len(wanted))})"  # noqa: S608 — marks
    return dict(db.execute(sql, wanted).fetchall())


def erase(act: Act, seq: int) -> None:
    """Forget the own words of the event ``seq``: they named somebody who may ask for that."""
    act.db.execute("DELETE FROM footage_notes WHERE seq = ?", (seq,))
