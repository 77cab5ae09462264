"""Signing in and out, the clerk's own counter and day; and, for supervisors, people and screens."""

from typing import Annotated, Any, Literal

from flask import Blueprint, Response, g, request
from pydantic import Field, StringConstraints

from office import counters, doors, figures, people
from office.clock import day_start, local
from office.errors import NotSignedIn
from office.people import Role, Session
from office.store import Act
from web.acts import Body as Answer
from web.acts import done, enter, perform, reply
from web.api.operation import operation
from web.bodies import Body, body
from web.callers import SESSION_COOKIE, allow, same_site
from web.hall import Hall

AS_TYPED = StringConstraints(strip_whitespace=False)
"""A password may begin or end with a space."""


class SignIn(Body):
    """Name and password."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    password: Annotated[str, AS_TYPED, Field(min_length=1, max_length=200)]


class Seat(Body):
    """The counter the clerk sits at."""

    counter: Annotated[str, Field(max_length=4, description="counter number, or empty")]


class NewScreen(Body):
    """A screen to pair."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    kind: Literal["kiosk", "board"]


class NewPerson(Body):
    """Someone who may sign in."""

    name: Annotated[str, Field(min_length=2, max_length=32)]
    role: Literal["clerk", "supervisor", "leader"]
    password: Annotated[str, AS_TYPED, Field(min_length=8, max_length=200)]


def create(hall: Hall) -> Blueprint:
    """The blueprint of /session, /me/day, /people and /screens."""
    api = Blueprint("api_session", __name__)
    _sessions(hall, api)
    _screens(hall, api)
    _people(hall, api)
    return api


def _sessions(hall: Hall, api: Blueprint) -> None:
    @api.post("/session")
    @operation(
        "Sign in; sets the session cookie. A repeated Idempotency-Key begins a new session: the secret is not kept",
        body=SignIn,
        answers={200: "Session"},
    )
    def sign_in() -> Response:
        same_site(request)
        wish = body(SignIn)
        return enter(hall, lambda: _begun(hall, wish))

    @api.get("/session")
    @operation("Who is signed in", answers={200: "Session"})
    @allow(hall, "person")
    def show() -> Response:
        return reply(200, session_shape(_mine()))

    @api.put("/session")
    @operation("Sit down at a counter", body=Seat, answers={200: "Session"})
    @allow(hall, "person")
    def sit() -> Response:
        counter = body(Seat).counter
        with hall.store.act() as act:
            if counter:
                counters.find(act.db, hall.settings, counter)
            people.sit_at(act, _mine(), counter)
        return reply(200, session_shape(_mine()) | {"counter": counter or None})

    @api.delete("/session")
    @operation("Sign out", answers={204: ""})
    @allow(hall, "person")
    def sign_out() -> Response:
        with hall.store.act() as act:
            people.sign_out(act, hall.settings, _mine())
        response = reply(204, None)
        response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="Strict")
        return response

    @api.get("/me/day")
    @operation("The signed-in clerk's day so far", answers={200: "Day"})
    @allow(hall, "person")
    def my_day() -> Response:
        return reply(200, day_shape(hall, _mine().person.name))


def _begun(hall: Hall, wish: SignIn) -> Response:
    address = request.remote_addr or ""
    secret, session = people.sign_in(
        hall.store, hall.settings, hall.passwords, wish.name, wish.password, address=address
    )
    response = reply(200, session_shape(session))
    response.set_cookie(
        SESSION_COOKIE,
        secret,
        max_age=round(hall.settings.web.session_hours * 3600),
        httponly=True,
        samesite="Strict",
        secure=hall.settings.web.secure_cookies,
    )
    return response


def _screens(hall: Hall, api: Blueprint) -> None:
    chiefs = allow(hall, "person", "key", scope="admin", supervisor=True)

    @api.get("/screens")
    @operation("Screens and whether they are paired", answers={200: ""}, scope="admin")
    @chiefs
    def list_screens() -> Response:
        found = doors.screens(hall.store.read())
        return reply(200, {"screens": [{"name": s.name, "kind": s.kind, "paired": s.paired} for s in found]})

    @api.post("/screens")
    @operation("Add a screen; the answer has its pairing code", body=NewScreen, answers={201: ""}, scope="admin")
    @chiefs
    def add_screen() -> Response:
        wish = body(NewScreen)

        def run(act: Act) -> tuple[int, Answer]:
            code = doors.add_screen(act, hall.settings, wish.name, wish.kind, actor=g.caller.actor)
            return 201, {"name": wish.name, "kind": wish.kind, "code": code, "minutes": doors.CODE_MS // 60_000}

        return perform(hall, run)

    @api.delete("/screens/<name>")
    @operation("Forget a screen; its pairing ends", answers={204: ""}, scope="admin")
    @chiefs
    def remove_screen(name: str) -> Response:
        return done(hall, lambda act, actor: doors.remove_screen(act, hall.settings, name, actor=actor))


def _people(hall: Hall, api: Blueprint) -> None:
    chiefs = allow(hall, "person", "key", scope="admin", supervisor=True)

    @api.get("/people")
    @operation("Who may sign in", answers={200: ""}, scope="admin")
    @chiefs
    def list_people() -> Response:
        found = people.everyone(hall.store.read())
        return reply(200, {"people": [{"name": p.name, "role": p.role.value} for p in found]})

    @api.post("/people")
    @operation("Add a person, or renew role and password", body=NewPerson, answers={201: ""}, scope="admin")
    @chiefs
    def add_person() -> Response:
        wish = body(NewPerson)

        def run(act: Act) -> tuple[int, Answer]:
            _spare_leaders(act, wish.name, Role(wish.role))
            person = people.add(
                act, hall.settings, hall.passwords, wish.name, Role(wish.role), wish.password, actor=g.caller.actor
            )
            return 201, {"name": person.name, "role": person.role.value}

        return perform(hall, run, secret=True)

    @api.delete("/people/<name>")
    @operation("Remove a person; their sessions end at once", answers={204: ""}, scope="admin")
    @chiefs
    def remove_person(name: str) -> Response:
        def run(act: Act, actor: str) -> None:
            _spare_leaders(act, name)
            people.remove(act, hall.settings, name, actor=actor)

        return done(hall, run)


def _spare_leaders(act: Act, name: str, role: Role | None = None) -> None:
    """A system's key with scope ``admin`` may all that the command line may."""
    if g.caller.session is not None:
        people.spare_leaders(act.db, g.caller.session.person, name, role)


def session_shape(session: Session) -> dict[str, Any]:
    """A session as its own browser sees it."""
    person = session.person
    return {
        "name": person.name,
        "role": person.role.value,
        "csrf": session.csrf,
        "counter": session.counter or None,
    }


def day_shape(hall: Hall, person: str) -> dict[str, Any]:
    """A clerk's day so far."""
    zone = hall.settings.office.zone
    today = local(hall.store.clock(), zone).date()
    day = figures.clerk_day(hall.store.read(), person, day_start(today, zone))
    return {
        "date": today.isoformat(),
        "finished": day.finished,
        "absent": day.absent,
        "median_wait_s": day.median_wait_s,
        "median_service_s": day.median_service_s,
    }


def _mine() -> Session:
    session = g.caller.session
    if not isinstance(session, Session):
        raise NotSignedIn("sign in first")
    return session
