"""Who is asking: a signed-in person, a paired screen, or another system with a key."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Literal

from flask import Request, g, request

from office import doors, people
from office.doors import Screen
from office.errors import BadCsrf, Forbidden, LeadersOnly, NotSignedIn
from office.people import SUPERVISING, Role, Session
from web.hall import Hall

SESSION_COOKIE = "mc_session"
SCREEN_COOKIES = {"kiosk": "mc_kiosk", "board": "mc_board"}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
Who = Literal["person", "kiosk", "board", "key"]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as the journal names them (``actor``), and what they may do."""

    actor: str
    who: Who
    session: Session | None = None
    scopes: frozenset[str] = frozenset()

    @property
    def supervisor(self) -> bool:
        """Whether this is a signed-in supervisor, or their leader."""
        return self.session is not None and self.session.person.role in SUPERVISING

    @property
    def leader(self) -> bool:
        """Whether this is a signed-in leader, the supervisors' supervisor."""
        return self.session is not None and self.session.person.role is Role.LEADER

    @property
    def sees_all(self) -> bool:
        """Whether this caller sees whole events, not only what screens may see."""
        return self.who in ("person", "key")


def identify(hall: Hall, asked: Request) -> Caller | None:
    """The caller of a request, or None.

    A key counts before cookies. A browser that is kiosk and signed-in at once (the demo) acts as a person when it
    sends the page's CSRF token, as the screen otherwise. Raises NotSignedIn for a key nobody has, BadCsrf for a
    person's act without the token or from another site.
    """
    if header := asked.headers.get("Authorization"):
        return _by_key(hall, header)
    if asked.method not in SAFE:
        same_site(asked)
    session = signed_in(hall, asked)
    screen = None if asked.args.get("as") == "person" else paired_screen(hall, asked)
    as_screen = asked.args.get("as") == "screen" or (asked.method not in SAFE and "X-CSRF-Token" not in asked.headers)
    if screen is not None and (session is None or as_screen):
        return Caller(f"screen:{screen.name}", screen.kind)
    if session is None:
        return None
    if asked.method not in SAFE and asked.headers.get("X-CSRF-Token") != session.csrf:
        raise BadCsrf("the page's CSRF token is missing or old")
    return Caller(f"person:{session.person.name}", "person", session)


def still_welcome(hall: Hall, asked: Request, caller: Caller) -> bool:
    """Whether the sender of ``asked`` is still ``caller``: not removed, not signed out, not over its hours."""
    try:
        found = identify(hall, asked)
    except NotSignedIn:
        return False
    return found is not None and (found.actor, found.who) == (caller.actor, caller.who)


def signed_in(hall: Hall, asked: Request) -> Session | None:
    """The running session of the request's cookie."""
    secret = asked.cookies.get(SESSION_COOKIE)
    return people.session(hall.store.read(), secret, hall.store.clock()) if secret else None


def paired_screen(hall: Hall, asked: Request, kind: str = "") -> Screen | None:
    """The paired screen of the request's cookie; of any kind unless ``kind`` is given."""
    for name, cookie in SCREEN_COOKIES.items():
        if kind in ("", name) and (secret := asked.cookies.get(cookie)):
            screen = doors.screen(hall.store.read(), secret)
            if screen is not None and screen.kind == name:
                return screen
    return None


View = Callable[..., Any]


def allow(
    hall: Hall, *who: Who, scope: str | tuple[str, ...] = "", supervisor: bool = False, leader: bool = False
) -> Callable[[View], View]:
    """A view's guard: only these kinds of callers, keys only with ``scope`` (or one of them), people only as
    supervisors (which leaders are too) or only as leaders if asked.

    The caller is then ``g.caller``. Raises NotSignedIn, Forbidden, LeadersOnly.
    """

    enough = {scope, "admin"} if isinstance(scope, str) else {*scope, "admin"}

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            caller = identify(hall, request)
            if caller is None:
                raise NotSignedIn("sign in, pair this screen, or send Authorization: Bearer KEY")
            if caller.who not in who:
                raise Forbidden(f"{caller.who} may not do this")
            if caller.who == "key" and not enough & caller.scopes:
                raise Forbidden(f"this key lacks the scope {' or '.join(sorted(enough - {'admin'}))}")
            _rank(caller, supervisor=supervisor, leader=leader)
            g.caller = caller
            return view(*args, **kwargs)

        return guarded

    return wrap


def _rank(caller: Caller, *, supervisor: bool, leader: bool) -> None:
    """Raises Forbidden or LeadersOnly for a person below the rank that is asked."""
    if caller.who != "person":
        return
    if leader and not caller.leader:
        raise LeadersOnly("only a leader may do this")
    if supervisor and not caller.supervisor:
        raise Forbidden("only a supervisor may do this")


def _by_key(hall: Hall, header: str) -> Caller:
    scheme, _, secret = header.partition(" ")
    key = hall.keys.find(secret.strip()) if scheme.lower() == "bearer" else None
    if key is None:
        raise NotSignedIn("no such key")
    return Caller(f"key:{key.name}", "key", scopes=key.scopes)


def same_site(asked: Request) -> None:
    """Cookies are SameSite=Strict; this also stops a page of another origin on the same host name."""
    origin = asked.headers.get("Origin")
    if origin and origin.partition("://")[2] != asked.host:
        raise BadCsrf(f"an act from {origin} is refused")
