"""The service log's rows: visits and events in words, and the counts above them."""

from collections import Counter
from datetime import date, timedelta
from statistics import median
from typing import Any, Final

from office.camera_kinds import REASONS
from office.journal import Event
from office.visit_filters import LONG_WAIT_MIN, LOW_STARS, late
from office.visits import Visit
from office.watched import Watched
from staff.log_details import details
from staff.log_words import MINUTE, Words

TONES: Final = {
    "finished": "done",
    "serving": "now",
    "called": "now",
    "waiting": "wait",
    "held": "wait",
    "absent": "plain",
    "cancelled": "plain",
}
"""How a visit's state is coloured; the word says it too."""

LONGEST_DETAIL: Final = 160
LONGEST_TECHNICAL: Final = 1000


def visit_row(words: Words, visit: Visit, now: int, *, dated: bool) -> dict[str, Any]:
    """A visit in the list; ``dated``: its day is told, the list is of several days."""
    ticket, last = visit.ticket, visit.last
    waited = visit.waited_ms(now)
    return {
        "id": ticket.id,
        "number": ticket.number,
        "day": words.day_of(ticket.arrived_at) if dated else "",
        "arrived": words.clock(ticket.arrived_at),
        "service": words.service(ticket.service),
        "moved": len(visit.services) > 1,
        "counters": way(visit),
        "clerk": last.clerk if last else "",
        "waited": words.span(waited),
        "long": waited >= LONG_WAIT_MIN * MINUTE,
        "served": words.span(visit.served_ms or None),
        "state": ticket.state.value,
        "tone": TONES[ticket.state.value],
        "calls": ticket.calls + sum(one.recalls for one in visit.stations),
        "priority": bool(ticket.priority),
        "reasons": visit.reasons,
        "stars": visit.stars,
        "low": 0 < visit.stars <= LOW_STARS,
        "dossiers": [(one.code, late(one, now, words.hall.settings.office.zone)) for one in visit.dossiers],
    }


def way(visit: Visit) -> str:
    """The counters it came to, in order: ``1 → 3``."""
    seen: list[str] = []
    for station in visit.stations:
        if not seen or seen[-1] != station.counter:
            seen.append(station.counter)
    return " → ".join(seen)


def counts(words: Words, visits: list[Visit], now: int) -> list[tuple[str, str]]:
    """What the list's head tells: (what, figure)."""
    states = Counter(visit.ticket.state.value for visit in visits)
    waits = [visit.waited_ms(now) for visit in visits if visit.first_call_at]
    told = [
        ("visits", str(len(visits))),
        ("finished", str(states["finished"])),
        ("absent", str(states["absent"])),
        ("median_wait", words.span(int(median(waits)) if waits else None)),
        ("out_of_order", str(sum(bool(visit.reasons) for visit in visits))),
        ("low", str(sum(0 < visit.stars <= LOW_STARS for visit in visits))),
    ]
    return [(words.say(f"log.count.{name}"), figure) for name, figure in told]


def event_row(words: Words, event: Event) -> dict[str, Any]:
    """An event as it stands in the journal; a citizen's token is told to nobody."""
    said, technical = details(words, event)
    return {
        "seq": event.seq,
        "at": event.at,
        "time": words.clock(event.at, seconds=True),
        "kind": event.kind,
        "what": words.kind(event.kind),
        "counter": event.counter,
        "ticket": event.ticket,
        "number": event.data.get("number") or event.ticket.partition("-")[2],
        "dossier": event.dossier,
        "actor": actor(words, event.actor),
        "detail": _cut(said),
        "technical": _cut(technical, LONGEST_TECHNICAL),
    }


def actor(words: Words, name: str) -> str:
    """Who did it: a sign-in name, or in words what did."""
    who, _, own = name.partition(":")
    if who in ("system", "screen", "key"):
        return words.say(f"log.actor.{who}", name=own)
    return own if who == "person" else name


def watched_row(words: Words, one: Watched) -> dict[str, Any]:
    """Who did what with footage, and why."""
    titles = words.camera_titles()
    own = words.say(f"log.reason.{one.reason}") if one.reason in (*REASONS, "system") else one.reason
    return {
        "day": words.day_of(one.at),
        "time": words.clock(one.at),
        "actor": actor(words, one.actor),
        "what": words.kind(one.kind),
        "kind": one.kind,
        "cameras": ", ".join(titles.get(name, name) for name in one.cameras),
        "range": stretch(words, one.begins, one.ends) if one.begins else "–",
        "at": (one.begins + one.ends) // 2,
        "counter": one.counter,
        "ticket": one.ticket,
        "number": one.ticket.partition("-")[2],
        "dossier": one.dossier,
        "reason": words.say(f"log.cause.{one.cause}") if one.cause and one.cause != "person" else own,
        "note": one.note,
        "masked": one.masked,
        "until": words.day(date.fromisoformat(one.until) - timedelta(days=1)) if one.until else "",
    }


def stretch(words: Words, begins: int, ends: int) -> str:
    """``23/11/2026 09:12:03–09:13:00``."""
    return f"{words.day_of(begins)} {words.clock(begins, seconds=True)}–{words.clock(ends, seconds=True)}"


def _cut(text: str, longest: int = LONGEST_DETAIL) -> str:
    return text[:longest] + ("…" if len(text) > longest else "")
