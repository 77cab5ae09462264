"""One visit, or any moment, with the cameras that saw it: what the log's player starts with.

All moments are ms UTC. A camera of a counter is shown while somebody was at that counter, those of the hall throughout.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from office import journal, outages
from office.camera_kinds import REASONS
from office.holding import AROUND_MS
from office.journal import Event, Filter
from office.visits import Visit
from office.watching import LONGEST_MS
from staff import log_seen
from staff.log_rows import event_row
from staff.log_stays import Stay
from staff.log_words import Words

MOST_EVENTS: Final = 200
SPARED: Final = 0.05
"""The share of a visit that waiting must take for the line to begin with the first call."""
NEAR_MS: Final = 5000
"""How long before the moment asked for the first picture may be (player.js)."""

SHOWN: Final = ("ticket.", "counter.", "dossier.", "camera.lost", "camera.recovered", "rating.", "scan.read", "note.")
"""Kinds that a moment's timeline shows; who watched it is another matter."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is looked at: the whole stretch, where the player begins, the stays and the events within."""

    begins: int
    ends: int
    at: int
    stays: tuple[Stay, ...]
    events: tuple[Event, ...]
    ticket: str = ""
    dossier: str = ""


def of_visit(words: Words, visit: Visit, now: int) -> Scene:
    """The visit from its first sign to its last, with the pre- and post-roll around it; a day at most, as all that is
    watched for one reason."""
    before, after = rolls(words)
    db, ticket = words.hall.store.read(), visit.ticket
    events = journal.read(db, limit=MOST_EVENTS, only=Filter(ticket=ticket.id))
    last = now if ticket.state in ("called", "serving") else _ends(visit, events) + after
    stays = tuple(Stay(one.counter, one.called_at - before, (one.left_at or last) + after) for one in visit.stations)
    at = visit.first_call_at or ticket.arrived_at
    dossier = visit.dossiers[0].code if visit.dossiers else ""
    shown = tuple(event for event in events if event.kind.startswith(SHOWN))
    begins = ticket.arrived_at - before
    ends = min(max(last, at + after), now, begins + LONGEST_MS)
    return Scene(begins, ends, at, stays, shown, ticket.id, dossier)


def _ends(visit: Visit, events: Iterable[Event]) -> int:
    """When the visit's footage ends: with its last sign, but not with a rating or a complaint that came much later
    (as holds have it); the list tells those all the same."""
    signs = [event.at for event in events if event.kind.startswith(SHOWN)]
    ended = visit.ticket.ended_at
    until = max(signs, default=0) if ended is None else ended + AROUND_MS
    return max([at for at in signs if at <= until], default=visit.ticket.arrived_at)


def of_moment(words: Words, at: int, counter: str, now: int) -> Scene:
    """A moment at ``counter`` ('': in the hall) with what happened there around it."""
    before, after = rolls(words)
    begins, ends = at - before, min(at + after, max(now, at))
    only = Filter(counter=counter, begins=begins, ends=ends + 1)
    events = journal.read(words.hall.store.read(), limit=MOST_EVENTS, only=only)
    shown = tuple(event for event in events if event.kind.startswith(SHOWN))
    return Scene(begins, ends, at, (Stay(counter, begins, ends),), shown)


def rolls(words: Words) -> tuple[int, int]:
    """How much is shown before and after, ms."""
    footage = words.hall.settings.footage
    return footage.pre_roll_s * 1000, footage.post_roll_s * 1000


def data(words: Words, scene: Scene) -> dict[str, Any]:
    """What the player's script starts with."""
    settings, before = words.hall.settings, rolls(words)[0]
    cameras = log_seen.cameras(words, scene.stays, Stay("", scene.begins, scene.ends))
    names = [one["name"] for one in cameras]
    lost = outages.between(words.hall.store.read(), scene.begins, scene.ends)
    return {
        "begins": scene.begins,
        "ends": scene.ends,
        "at": scene.at,
        "pre_ms": before,
        "ticket": scene.ticket,
        "dossier": scene.dossier,
        "cameras": cameras,
        "events": [_event(words, event) for event in scene.events],
        "outages": [
            {"camera": one.camera, "begins": one.begins, "ends": one.ends, "why": _why(words, one.reason)}
            for one in lost
            if one.camera in names
        ],
        "troubles": log_seen.troubled(words, names, scene.begins, scene.ends),
        "unseen": log_seen.unseen(words, scene.stays),
        "nearest": log_seen.nearest(words, cameras, scene.begins, scene.ends),
        "focus": _focus(scene),
        "reasons": REASONS,
        "kept_days": settings.camera_notice.days,
        "hold_days": settings.footage.hold_days,
        "masked": any(one.masks for one in settings.cameras if one.name in names),
    }


def _focus(scene: Scene) -> list[int] | None:
    """From a visit's first call, less the pre-roll and what a jump may miss, to its end; None where that is most."""
    begins = max(scene.begins, min((stay.begins for stay in scene.stays), default=scene.begins) - NEAR_MS)
    spared = begins - scene.begins
    return [begins, scene.ends] if scene.ticket and spared > SPARED * (scene.ends - scene.begins) else None


def _event(words: Words, event: Event) -> dict[str, Any]:
    row = event_row(words, event)
    return {name: row[name] for name in ("seq", "at", "time", "kind", "what", "counter", "actor")} | {
        "detail": _told(words, event)
    }


def _told(words: Words, event: Event) -> str:
    """The one thing worth knowing about an event; most need none."""
    why = event.data.get("why")
    if isinstance(why, dict) and why.get("reason"):
        return words.say("log.why.out_of_order", reason=why["reason"])
    if event.kind == "ticket.transferred":
        return words.say("log.why.to_service", service=words.service(event.data["to_service"]))
    if event.kind == "ticket.held":
        return words.say("log.why.minutes", n=round(event.data.get("minutes") or 0))
    if event.kind == "rating.given":
        return f"{event.data.get('stars')}/5"
    return event.dossier if event.kind.startswith("dossier.") else ""


def _why(words: Words, reason: str) -> str:
    """Why a camera gave nothing; the general word for a reason without one of its own."""
    known = words.hall.phrases.known(f"log.lost.{reason}")
    return words.say(f"log.lost.{reason}") if known else words.say("log.lost.unknown")
