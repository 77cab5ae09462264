"""Every kind of event with its fields: what docs/journal.md documents and what screens may see."""

from dataclasses import dataclass, field
from typing import Final

from office.camera_kinds import FIELDS as CAMERAS
from office.dossier_kinds import FIELDS as DOSSIERS


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: what happened, its data fields with their meaning, and which fields screens may see.

    ``public`` None: screens do not see the event at all; a set: they see it with these data fields.
    """

    meaning: str
    fields: dict[str, str] = field(default_factory=dict)
    public: frozenset[str] | None = None


_TICKET = {"number": "the ticket's number", "service": "its service id"}
_CLOCK = "the computer's clock then, ms UTC"
_SEEN = frozenset({"number", "service"})


def _ticket(meaning: str, public: frozenset[str] | None = frozenset(), **fields: str) -> Kind:
    return Kind(meaning, _TICKET | fields, None if public is None else _SEEN | public)


KINDS: Final[dict[str, Kind]] = {
    "ticket.issued": _ticket(
        "a number was given",
        day="local day, YYYY-MM-DD",
        series="number series",
        n="position in the series",
        token="secret of the phone page",  # noqa: S106 — a description
        priority="claimed class id or empty",
        verified="0 when a clerk should confirm the class",
        language="language of slip and page",
        place="place in line: arrival less class weight, ms UTC",
        slip="whether a slip is wanted",
        dossier="dossier code it was taken for, or empty",
    ),
    "ticket.called": _ticket(
        "called to a counter",
        frozenset({"call"}),
        why="rule and figures that chose it, or the clerk's reason",
        priority_run="the counter's run of priority calls afterwards",
        call="how many times it has been called, this one included",
    ),
    "ticket.recalled": _ticket("called again", frozenset({"recall"}), recall="recalls since the call"),
    "ticket.started": _ticket("service began"),
    "ticket.finished": _ticket("service ended", reason="day_ended when midnight ended it"),
    "ticket.reopened": _ticket("a finish was undone"),
    "ticket.absent": _ticket("nobody came"),
    "ticket.held": _ticket("put aside for some minutes", until="when it returns, ms UTC", minutes="asked minutes"),
    "ticket.returned": _ticket(
        "back in line at its old place",
        why="hold_over, asked, by_clerk, counter_paused or counter_closed",
        target="counter it waits for",
    ),
    "ticket.transferred": _ticket(
        "passed on: waiting again, first arrival kept",
        to_service="service it now waits for",
        target="counter it waits for, or empty",
        from_service="service before",
    ),
    "ticket.cancelled": _ticket("given up", reason="citizen, clerk, or day_ended"),
    "ticket.priority_checked": _ticket(
        "a clerk looked at a claimed class", None, confirmed="true or false", place="place in line, ms UTC"
    ),
    "ticket.announced": _ticket(
        "the call was spoken, or made ready for the board to speak",
        frozenset({"clip", "seconds", "output", "speech", "recall"}),
        clip="name of the sound clip, or empty",
        seconds="its length",
        output="board, server or none",
        speech="false when only the chime sounded",
        recall="whether it was a repeated call",
        reason="why there was no speech or no sound, or empty",
        call_seq="seq of the call it speaks",
    ),
    "ticket.printed": _ticket(
        "the slip is on paper",
        frozenset({"copy"}),
        copy="true for a reprint",
        confirmed="whether the printer itself said so",
        job="seq of the event that asked for it",
    ),
    "slip.requested": _ticket("a clerk asked for the slip again", None),
    "printer.failed": Kind(
        "the printer cannot print, or a slip was given up",
        {
            "number": "the waiting slip's number, or empty",
            "service": "its service id, or empty",
            "reason": "paper_out, cover_open, offline, cut_off, timeout, unknown or stale",
            "job": "seq of the event that asked for the slip, or 0",
            "given_up": "true when this slip will not be printed any more",
        },
        frozenset({"number", "service", "reason", "given_up"}),
    ),
    "printer.recovered": Kind("the printer prints again", {"after_s": "seconds it was out"}, frozenset()),
    "counter.opened": Kind("a counter takes calls", {"person": "clerk's sign-in name"}, frozenset()),
    "counter.paused": Kind("a counter pauses", {"person": "clerk's sign-in name"}, frozenset()),
    "counter.closed": Kind(
        "a counter closes", {"person": "clerk's sign-in name", "reason": "day_ended or empty"}, frozenset()
    ),
    "hall.closed": Kind(
        "opening hours ended: no more numbers for now",
        {"opens": "when the hall opens again, ms UTC, or 0"},
        frozenset({"opens"}),
    ),
    "hall.announced": Kind(
        "the closing was spoken, or made ready for the board to speak",
        {
            "clip": "name of the sound clip, or empty",
            "seconds": "its length",
            "output": "board, server or none",
            "speech": "false when only the chime sounded",
            "reason": "why there was no speech or no sound, or empty",
            "call_seq": "seq of the event it speaks",
        },
        frozenset({"clip", "seconds", "output", "speech"}),
    ),
    "help.requested": Kind(
        "someone at a kiosk asked for a person's help", {"screen": "which kiosk"}, frozenset({"screen"})
    ),
    "scan.arrived": Kind(
        "a reader at the server read something; its page asks for it with the id, once, within half a minute",
        {"id": "opaque, in memory only", "screen": "kiosk it is for, or empty", "reader": "name of the reader"},
        frozenset({"id", "screen", "reader"}),
    ),
    "scan.hinted": Kind(
        "something is held before a reader and does not read",
        {"hint": "tilt, closer, still, move or again", "screen": "kiosk, or empty", "reader": "name of the reader"},
        frozenset({"hint", "screen", "reader"}),
    ),
    "scan.read": Kind(
        "a code was read and acted on; what it said is not kept",
        {
            "kind": "dossier, ticket, missing, card or unknown",
            "action": "what the hall did: office/scan_actions.py NAMES",
            "by": "wedge, keys, image or reader",
            "symbology": "code128, code39, qr …, or text",
            "reader": "name of the reader at the server, or empty",
        },
    ),
    "scan.guessed": Kind(
        "unknown codes are being tried: no more are taken from there for a while",
        {"count": "unknown codes", "window_s": "within so many seconds", "by": "screen, person or key that sent them"},
    ),
    "scanner.failed": Kind(
        "a reader at the server does not work",
        {"reason": "offline, busy, timeout or unknown", "screen": "kiosk, or empty", "reader": "name of the reader"},
        frozenset({"reason", "screen", "reader"}),
    ),
    "scanner.recovered": Kind(
        "it works again",
        {"after_s": "seconds it was out", "screen": "kiosk, or empty", "reader": "name of the reader"},
        frozenset({"screen", "reader"}),
    ),
    "dossier.overdue_seen": Kind(
        "somebody asked after a dossier that is late: an apology is due; once a dossier and day",
        {"days": "days past its due day"},
    ),
    "dossier.overdue_noted": Kind("a supervisor has seen that somebody asked after a dossier that is late"),
    "person.signed_in": Kind("a clerk or supervisor signed in", {"name": "sign-in name", "role": "role"}),
    "person.refused": Kind(
        "a sign-in was refused",
        {"name": "name tried, or empty when nobody has it", "from": "address it came from", "clock": _CLOCK},
    ),
    "person.signed_out": Kind("a clerk or supervisor signed out", {"name": "sign-in name"}),
    "screen.paired": Kind("a screen was paired", {"name": "its name", "kind": "kiosk or board"}),
    "screen.refused": Kind("a pairing code was refused", {"from": "address it came from", "clock": _CLOCK}),
    "setting.changed": Kind(
        "something the office set was changed",
        {
            "what": "people, keys, screens or procedures",
            "name": "which one; for procedures the first 12 hex digits of the edition's digest",
            "added": "rows added",
            "changed": "rows changed",
            "removed": "rows removed",
        },
    ),
    **{name: Kind(meaning, fields) for name, (meaning, fields) in (DOSSIERS | CAMERAS).items()},
}
"""All kinds in use. Kinds of CONTRACT.md that belong to later work are added with that work."""


def public_data(kind: str, data: dict[str, object]) -> dict[str, object] | None:
    """The part of ``data`` that a screen may see, or None when it may not see the event."""
    allowed = KINDS[kind].public
    return None if allowed is None else {key: value for key, value in data.items() if key in allowed}
