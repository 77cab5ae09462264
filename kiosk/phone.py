"""One ticket on a phone: ``/t/<token>``, its live data and its QR. No sign-in: the token is the key."""

import io
import sqlite3
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import segno
from flask import Blueprint, Response, jsonify, render_template, request

from kiosk.home import Say, counted
from office import issuing, waits
from office.clock import day_of, rfc3339
from office.errors import UnknownTicket
from office.phrases import Phrases
from office.settings import Settings
from office.store import Store
from office.tickets import State, Ticket
from web.shapes import base_url

DONE = frozenset({State.FINISHED, State.CANCELLED})
NEAR = 1
"""With so many ahead, or fewer, the page asks its reader to come near."""


@dataclass(frozen=True, slots=True)
class View:
    """What the holder of a ticket may know, in words of ``language``; empty texts are not shown."""

    number: str
    service: str
    state: str
    headline: str
    what: str
    ahead: str
    counting: str
    wait: str
    over: bool


def add_routes(blueprint: Blueprint, settings: Settings, phrases: Phrases, store: Store) -> None:
    """Add the phone's page, ``.json`` and ``/qr.svg`` to the kiosk's blueprint."""

    def found(token: str) -> tuple[Ticket, str]:
        ticket = issuing.by_token(store.read(), token)
        if ticket.day != day_of(store.clock(), settings.office.zone):
            raise UnknownTicket(f"ticket {ticket.id} is of another day")
        asked = request.args.get("lang", "")
        languages = settings.office.languages
        return ticket, next((c for c in (asked, ticket.language) if c in languages), languages[0])

    @blueprint.get("/t/<token>")
    def ticket_page(token: str) -> Response:
        try:
            ticket, language = found(token)
        except UnknownTicket:
            return _unknown(settings, phrases)
        say = partial(phrases.say, language)
        text = render_template(
            "kiosk/phone.html",
            face="phone",
            theme="light",
            language=language,
            say=say,
            others=_others(settings, phrases, language),
            token=token,
            view=view(store.read(), settings, ticket, language, say),
            server_time=rfc3339(store.clock(), settings.office.zone),
        )
        return _unstored(Response(text))

    @blueprint.get("/t/<token>.json")
    def ticket_live(token: str) -> Response:
        ticket, language = found(token)
        answer = jsonify(asdict(view(store.read(), settings, ticket, language, partial(phrases.say, language))))
        answer.add_etag()
        answer.cache_control.private = True
        answer.cache_control.no_cache = True
        answer.make_conditional(request)
        return answer

    @blueprint.get("/t/<token>/qr.svg")
    def ticket_code(token: str) -> Response:
        ticket, _ = found(token)
        return Response(
            qr(f"{base_url(settings)}/t/{ticket.token}"),
            mimetype="image/svg+xml",
            headers={"Cache-Control": "private, max-age=3600"},
        )


def view(db: sqlite3.Connection, settings: Settings, ticket: Ticket, language: str, say: Say) -> View:
    """The ticket as its holder reads it. Neither priority nor names are told."""
    service = settings.service_by_id.get(ticket.service)
    waiting = ticket.state is State.WAITING
    seen = waits.outlook(db, settings, ticket)
    first = waiting and seen.served and not seen.ahead
    near = first or (waiting and seen.served and seen.ahead <= NEAR)
    words = "next" if near else ticket.state.value
    return View(
        number=ticket.number,
        service=service.name.text(language) if service else ticket.service,
        state=words,
        headline=say(f"phone.state.{words}", **_at_counter(ticket)),
        what=say(f"phone.what.{words}"),
        ahead=ahead_words(seen.ahead, say, first=first) if waiting else "",
        counting=say("kiosk.live.ahead_what") if waiting and seen.ahead and not first else "",
        wait=wait_words(seen.wait, say) if waiting else "",
        over=ticket.state in DONE,
    )


def ahead_words(ahead: int, say: Say, *, first: bool) -> str:
    """How many are called before; "next" only when some counter would call this number now."""
    if first:
        return say("phone.first")
    return say("kiosk.live.ahead_many", n=waits.MANY) if ahead > waits.MANY else counted(say, "kiosk.live.ahead", ahead)


def wait_words(wait: waits.Wait | None, say: Say) -> str:
    """An estimate as an honest range of minutes; never a single figure, never "0 minutes"."""
    if wait is None:
        return say("kiosk.live.wait_unknown")
    low, high = wait.p50_s // 60, max(1, -(-wait.p90_s // 60))
    if low < 1 or low >= high:
        return say("kiosk.live.wait_short", high=high + 1 if low >= high else high)
    return say("kiosk.live.wait", low=low, high=high)


def qr(text: str) -> bytes:
    """``text`` as an SVG QR code, error level M, with the quiet zone scanners need."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", scale=8, border=4, light="#ffffff")
    return out.getvalue()


def _at_counter(ticket: Ticket) -> dict[str, Any]:
    return {"counter": ticket.counter} if ticket.state in (State.CALLED, State.SERVING) else {}


def _others(settings: Settings, phrases: Phrases, language: str) -> list[tuple[str, str]]:
    codes = [code for code in settings.office.languages if code != language]
    return [(code, phrases.say(code, "kiosk.tool.language")) for code in codes]


def _unknown(settings: Settings, phrases: Phrases) -> Response:
    asked = request.args.get("lang", "")
    language = asked if asked in settings.office.languages else settings.office.languages[0]
    say: Callable[..., str] = partial(phrases.say, language)
    text = render_template("kiosk/unknown.html", face="phone", theme="light", language=language, say=say)
    return _unstored(Response(text, status=404))


def _unstored(answer: Response) -> Response:
    answer.cache_control.no_store = True
    return answer
