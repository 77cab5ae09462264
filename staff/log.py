"""``/staff/log``: the service log of supervisors. Every view of it is an address that can be passed on."""

from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from office import journal, people, visit_filters, watched
from office.clock import day_start
from office.errors import Forbidden, LeadersOnly
from office.journal import Filter
from office.kinds import KINDS
from office.people import SUPERVISING, Role, Session
from office.visit_filters import LONG_WAIT_MIN, Wanted
from staff.frame import draw
from staff.log_alarms import alarms_page
from staff.log_holds import holds_page
from staff.log_moment import scene_page
from staff.log_rows import counts, event_row, visit_row, watched_row
from staff.log_words import Words
from web.callers import signed_in
from web.camera_faults import ailing
from web.hall import Hall
from web.problems import page_language
from web.visit_query import QUERY, day, figure, text, today, wanted

PAGE: Final = 200
"""Visits shown at once: more than a day of most offices."""

EVENTS: Final = 100
FLAGS: Final = ("out_of_order", "overdue", "low")


def add(blueprint: Blueprint, hall: Hall) -> None:
    """Add the log's pages to the staff blueprint."""
    blueprint.add_url_rule("/staff/log", "log", lambda: _log(hall))
    blueprint.add_url_rule("/staff/log/cameras", "cameras", lambda: alarms_page(hall, supervisor(hall)))
    blueprint.add_url_rule("/staff/log/holds", "holds", lambda: holds_page(hall, supervisor(hall)))
    blueprint.add_url_rule("/staff/log/watched", "watched", lambda: _watched(hall))


def supervisor(hall: Hall) -> Session | None:
    """Who asks, None when nobody is signed in. Raises Forbidden for a clerk."""
    session = signed_in(hall, request)
    if session is not None and session.person.role not in SUPERVISING:
        raise Forbidden("only a supervisor may see this page")
    return session


def _log(hall: Hall) -> str | Answer:
    """A day of visits, or what ``?view=``, ``?visit=`` or ``?at=`` names."""
    session = supervisor(hall)
    if session is None:
        return redirect(url_for("staff.sign_in", to="staff.log", ask=request.query_string.decode()))
    if text("visit") or text("at"):
        return scene_page(hall, session)
    return _events(hall, session) if text("view") == "events" else _visits(hall, session)


def _visits(hall: Hall, session: Session) -> str:
    words, asked, now = Words(hall, page_language(hall)), wanted(hall), hall.store.clock()
    found = visit_filters.find(hall.store.read(), asked, now, hall.settings.office.zone)
    begin = figure("offset", 1_000_000)
    rows = [visit_row(words, one, now, dated=asked.over_a_year) for one in found[begin : begin + PAGE]]
    more = begin + PAGE if begin + PAGE < len(found) else 0
    return draw(
        hall,
        "log",
        session,
        {"seq": journal.head(hall.store.read())[0]},
        **_filters(hall, words, asked),
        view="visits",
        rows=rows,
        counts=counts(words, found, now),
        total=len(found),
        begin=begin,
        more=more,
    )


def _events(hall: Hall, session: Session) -> str:
    """The journal as it is, oldest first, a page at a time by ``since``."""
    words, asked = Words(hall, page_language(hall)), wanted(hall)
    any_day = bool(asked.ticket or asked.dossier)
    only = Filter(
        kinds=(asked.kind,) if asked.kind else (),
        ticket=asked.ticket,
        dossier=asked.dossier,
        counter=asked.counter,
        begins=None if any_day else day_start(asked.day, hall.settings.office.zone),
        ends=None if any_day else day_start(asked.day + timedelta(days=1), hall.settings.office.zone),
    )
    found = journal.read(hall.store.read(), figure("since", 10**9), EVENTS + 1, only)
    return draw(
        hall,
        "log",
        session,
        {"seq": journal.head(hall.store.read())[0]},
        **_filters(hall, words, asked),
        view="events",
        rows=[event_row(words, event) for event in found[:EVENTS]],
        more=found[EVENTS - 1].seq if len(found) > EVENTS else 0,
        begin=figure("since", 10**9),
    )


def _watched(hall: Hall) -> str | Answer:
    """Who watched footage on the days from ``?from=`` to ``?to=`` (the last week); for leaders."""
    session = signed_in(hall, request)
    if session is None:
        return redirect(url_for("staff.sign_in", to="staff.watched"))
    if session.person.role is not Role.LEADER:
        raise LeadersOnly("only a leader may see this page")
    words, zone = Words(hall, page_language(hall)), hall.settings.office.zone
    last = day("to", today(hall))
    first = day("from", last - timedelta(days=7))
    found = watched.read(hall.store.read(), day_start(first, zone), day_start(last + timedelta(days=1), zone))
    rows = [watched_row(words, one) for one in found]
    return draw(hall, "watched", session, {}, rows=rows, first=first, last=last, full=len(found) == watched.LIMIT)


def _filters(hall: Hall, words: Words, asked: Wanted) -> dict[str, Any]:
    """What the filters offer and how they are set."""
    own = request.args.to_dict()
    return {
        "asked": asked,
        "today": today(hall).isoformat(),
        "day_name": words.day(asked.day),
        "before": address(own, day=(asked.day - timedelta(days=1)).isoformat()),
        "after": address(own, day=(asked.day + timedelta(days=1)).isoformat()),
        "address": lambda **more: address(own, **more),
        "clerks": [person.name for person in people.everyone(hall.store.read())],
        "kinds": [(kind, words.kind(kind)) for kind in KINDS],
        "flags": [(name, bool(getattr(asked, name))) for name in FLAGS],
        "long_wait": LONG_WAIT_MIN,
        "alarms": len(ailing(hall)),
        "filtered": any(own.get(name) for name in ("counter", "clerk", "service", "kind", "wait", *FLAGS)),
    }


def address(own: dict[str, str], **more: Any) -> str:
    """The log's address with ``own`` query and ``more`` laid over it (empty takes one away); paging begins anew."""
    query = {name: own[name] for name in (*QUERY, "view") if name in own} | more
    return url_for("staff.log", **{name: value for name, value in query.items() if value not in ("", None, 0)})
