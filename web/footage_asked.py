"""What a request asks of footage, read strictly: cameras, range, moment; and who may see it."""

from typing import Final

from flask import g, request

from office import camera_places, clips, dossier_code, dossiers, issuing, watching
from office.clock import local
from office.errors import BadRequest, FootageTooLong, NotFound, UnknownCamera, UnknownCounter
from office.footage import Span
from office.watching import SYSTEM, Asked, Wish
from web.hall import Footage, Hall
from web.moments import moment

RANGE: Final = {"from": "first moment, RFC 3339", "to": "last moment, RFC 3339"}
VIEW: Final = {"view": "id of a view that covers it; systems with a key need none"}
CLIP_MS: Final = clips.LONGEST_MS
NAME_MAX: Final = 60
EARLIEST: Final = 946_684_800_000
LATEST: Final = 4_102_444_800_000
"""Years 2000 to 2100: what lies outside is a mistake, and some systems cannot write it."""


def footage(hall: Hall) -> Footage:
    """The footage of the office. Raises NotFound where there is no camera."""
    if hall.footage is None:
        raise NotFound("this office has no camera")
    return hall.footage


def query(name: str) -> str:
    """The query's ``name``; '' when it is missing. Raises BadRequest when it is too long."""
    found = request.args.get(name, "").strip()
    if len(found) > NAME_MAX:
        raise BadRequest(f"{name} has at most {NAME_MAX} characters", field=name)
    return found


def at(name: str, text: str) -> int:
    """The moment ``text`` of field ``name``, ms UTC. Raises BadRequest."""
    if not text:
        raise BadRequest(f"{name} is needed: an RFC 3339 moment", field=name)
    return possible(name, moment(text, name))


def possible(name: str, found: int) -> int:
    """``found`` (ms UTC) of field ``name``. Raises BadRequest when it cannot be one of footage."""
    if not EARLIEST <= found <= LATEST:
        raise BadRequest(f"{name} lies between the years 2000 and 2100", field=name)
    return found


def span(begins: str, ends: str, longest: int = watching.LONGEST_MS) -> Span:
    """The range between two moments, ms UTC. Raises BadRequest, FootageTooLong."""
    found = at("from", begins), at("to", ends)
    if found[1] <= found[0]:
        raise BadRequest("`to` must lie after `from`", field="to")
    if found[1] - found[0] > longest:
        raise FootageTooLong("ask for less at once", field="to", minutes=longest // 60_000)
    return found


def camera(hall: Hall) -> str:
    """The query's camera. Raises UnknownCamera."""
    found = query("camera")
    if found not in hall.settings.camera_by_name:
        raise UnknownCamera("no such camera", camera=found)
    return found


def seeing(hall: Hall, counter: str, begins: int) -> tuple[str, ...]:
    """The cameras that saw ``counter`` on the day of ``begins``. Raises UnknownCounter."""
    if counter not in hall.settings.counter_by_id:
        raise UnknownCounter("no such counter", counter=counter)
    day = local(begins, hall.settings.office.zone).date()
    return tuple(one.name for one in camera_places.seeing(hall.settings.cameras, counter, day))


def known(hall: Hall, ticket: str, dossier: str) -> tuple[str, str]:
    """Ticket and dossier as the journal may hold them: a ticket that was given, a code that is one.

    Raises UnknownTicket, BadCode.
    """
    if ticket:
        issuing.find(hall.store.read(), ticket)
    if not dossier:
        return ticket, ""
    if (found := dossiers.known(hall.store.read(), dossier)) is not None:
        return ticket, found.key
    return ticket, dossier_code.parse(dossier, local(hall.store.clock(), hall.settings.office.zone).date()).key


def admitted(hall: Hall, name: str, wanted: Span) -> None:
    """Let a person through who gave a reason; note that a system watches. Raises ViewFirst, BadRequest."""
    if g.caller.who == "person":
        asked = Asked(g.caller.actor, query("view"), name, *wanted)
        watching.allowed(hall.store.read(), hall.settings, asked, hall.store.clock())


def noted(hall: Hall, name: str, wanted: Span) -> None:
    """Write that a system watches, before it is given anything."""
    if g.caller.who == "key":
        wish = Wish((name,), *wanted, SYSTEM)
        with hall.store.act() as act:
            watching.by_system(act, hall.settings, wish, actor=g.caller.actor)
