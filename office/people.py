"""Clerks, supervisors and leaders: names, roles, hashed passwords, and sign-ins kept on the server."""

import hashlib
import re
import secrets
import sqlite3
import threading
from collections.abc import Hashable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, Protocol

from office import journal
from office.errors import BadRequest, LastSupervisor, LeadersOnly, Oneself, TooManyTries, UnknownName, WrongPassword
from office.settings import Settings
from office.store import Act, Store

NAME_TIMES, ADDRESS_TIMES = 10, 4
"""How many times ``sign_in_tries`` a name may be tried from all addresses together, and an address may try names.

The strict count is per name and address: whoever stands in the hall with a phone locks nobody out but themselves.
"""

LOOK_BACK = 2000
"""Refusals counted at most, so that a flood of them costs no more."""

_CLOCK = "coalesce(json_extract(data, '$.clock'), at)"
REFUSED: Final = f"{_CLOCK} > ? AND {_CLOCK} <= ?"
"""When a door refused somebody, by the clock of then. The journal's moments stand still after a clock that was ahead:
whoever erred since would wait until that moment is past."""

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
PASSWORD_MIN, PASSWORD_MAX = 8, 200
_CHECKING = threading.Lock()
"""Passwords are checked one at a time: a wrong one is counted before the next is tried, and argon2 takes its
memory once."""


class Passwords(Hashable, Protocol):
    """How passwords are hashed; web.passwords has the argon2id one."""

    def hash(self, password: str) -> str:
        """A salted hash of ``password``."""

    def matches(self, hashed: str, password: str) -> bool:
        """Whether ``password`` gave ``hashed``."""


class Role(StrEnum):
    """What a person may do: a supervisor may all a clerk may; a leader, the supervisors' supervisor, all they may,
    and sees who watched footage."""

    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    LEADER = "leader"


SUPERVISING: Final = frozenset({Role.SUPERVISOR, Role.LEADER})
"""Who may set up the office and see its log."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who can sign in."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in: ``csrf`` must come with every act, ``counter`` is the one the clerk sits at."""

    person: Person
    csrf: str
    counter: str
    hash: str


def add(
    act: Act, settings: Settings, passwords: Passwords, name: str, role: Role, password: str, *, actor: str
) -> Person:
    """Add a person, or give a known one a new role and password.

    Raises BadRequest, saying what is wrong; LastSupervisor when no supervisor would be left.
    """
    if not NAME.fullmatch(name):
        raise BadRequest("a sign-in name has 2–32 of a–z 0–9 . _ - and begins with a letter or digit", field="name")
    check_password(password)
    if role not in SUPERVISING:
        _leave_a_supervisor(act.db, name)
    act.db.execute(
        "INSERT INTO people VALUES (?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET"
        " role = excluded.role, password = excluded.password, active = 1",
        (name, role.value, passwords.hash(password), act.now),
    )
    act.db.execute("DELETE FROM sessions WHERE person = ?", (name,))
    journal.append(
        act, "setting.changed", office=settings.office.id, actor=actor, data={"what": "people", "name": name}
    )
    return Person(name, role)


def remove(act: Act, settings: Settings, name: str, *, actor: str) -> None:
    """End all sessions of ``name`` and forget the person; the journal keeps the name in what they did.

    Raises UnknownName, LastSupervisor, Oneself when ``actor`` is that person.
    """
    if actor == f"person:{name}":
        raise Oneself("nobody removes themselves; ask another supervisor")
    if name not in [person.name for person in everyone(act.db)]:
        raise UnknownName(f"nobody is called {name}")
    _leave_a_supervisor(act.db, name)
    act.db.execute("DELETE FROM sessions WHERE person = ?", (name,))
    act.db.execute("DELETE FROM people WHERE name = ?", (name,))
    data = {"what": "people", "name": name, "removed": 1}
    journal.append(act, "setting.changed", office=settings.office.id, actor=actor, data=data)


def _leave_a_supervisor(db: sqlite3.Connection, name: str) -> None:
    if [person.name for person in everyone(db) if person.role in SUPERVISING] == [name]:
        raise LastSupervisor(f"{name} is the last supervisor; add another one first")


def spare_leaders(db: sqlite3.Connection, by: Person, name: str, role: Role | None = None) -> None:
    """Raises LeadersOnly when ``by`` is none and would make, renew or remove a leader: those who watch footage do not
    choose who watches them. The first leader is made on the command line."""
    leaders = [person.name for person in everyone(db) if person.role is Role.LEADER]
    if by.role is not Role.LEADER and (role is Role.LEADER or name in leaders):
        raise LeadersOnly("only a leader may make, renew or remove a leader")


def check_password(password: str) -> None:
    """Raises BadRequest for a password that is too short, too long or one letter repeated."""
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX or len(set(password)) < 4:
        raise BadRequest(
            f"a password has {PASSWORD_MIN}–{PASSWORD_MAX} characters, four of them different", field="password"
        )


def everyone(db: sqlite3.Connection) -> list[Person]:
    """All who may sign in, by name."""
    rows = db.execute("SELECT name, role FROM people WHERE active = 1 ORDER BY name")
    return [Person(name, Role(role)) for name, role in rows]


def sign_in(
    store: Store, settings: Settings, passwords: Passwords, name: str, password: str, *, address: str
) -> tuple[str, Session]:
    """Check a password and begin a session; the cookie's secret and the session.

    Raises WrongPassword, or TooManyTries once ``sign_in_tries`` wrong ones came for this name from this address, or
    NAME_TIMES as many for this name or ADDRESS_TIMES as many from this address, within ``sign_in_wait_s``. Refusals
    are counted in the journal: a restart forgets none.
    """
    name = name.strip().lower()[:40]
    with _CHECKING:
        _throttle(store, settings, name, address)
        person = _check(store, settings, passwords, name, password, address)
    return _begin(store, settings, person)


def _check(store: Store, settings: Settings, passwords: Passwords, name: str, password: str, address: str) -> Person:
    row = store.read().execute("SELECT role, password FROM people WHERE name = ? AND active = 1", (name,)).fetchone()
    # An unknown name is checked against a hash too, so that the answer takes as long.
    hashed = row[1] if row else _decoy(passwords)
    if not passwords.matches(hashed, password[: PASSWORD_MAX + 1]) or row is None:
        with store.act() as act:
            journal.append(
                # A name nobody has is not kept: people type passwords there.
                act, "person.refused", office=settings.office.id, actor="system",
                data={"name": name if row else "", "from": address, "clock": act.now},
            )  # fmt: skip
        raise WrongPassword("name or password do not match")
    return Person(name, Role(row[0]))


@lru_cache(maxsize=1)
def _decoy(passwords: Passwords) -> str:
    """A hash that nobody's password gives; made once, as making one takes as long as comparing."""
    return passwords.hash(secrets.token_urlsafe(24))


def session(db: sqlite3.Connection, secret: str, now: int) -> Session | None:
    """The running session of a cookie's secret."""
    row = db.execute(
        "SELECT s.person, p.role, s.csrf, s.counter, s.hash FROM sessions s JOIN people p ON p.name = s.person"
        " WHERE s.hash = ? AND s.ends_at > ? AND p.active = 1",
        (_hash(secret), now),
    ).fetchone()
    return Session(Person(row[0], Role(row[1])), row[2], row[3], row[4]) if row else None


def sit_at(act: Act, running: Session, counter: str) -> None:
    """The clerk of ``running`` sits down at ``counter``."""
    act.db.execute("UPDATE sessions SET counter = ? WHERE hash = ?", (counter, running.hash))


def sign_out(act: Act, settings: Settings, running: Session) -> None:
    """End a session."""
    act.db.execute("DELETE FROM sessions WHERE hash = ?", (running.hash,))
    name = running.person.name
    journal.append(act, "person.signed_out", office=settings.office.id, actor=f"person:{name}", data={"name": name})


def forget_old(act: Act) -> int:
    """Drop sessions that are over; how many."""
    return act.db.execute("DELETE FROM sessions WHERE ends_at <= ?", (act.now,)).rowcount


def _begin(store: Store, settings: Settings, person: Person) -> tuple[str, Session]:
    secret, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    with store.act() as act:
        ends_at = act.now + round(settings.web.session_hours * 3_600_000)
        act.db.execute(
            "INSERT INTO sessions VALUES (?, ?, ?, '', ?, ?)", (_hash(secret), person.name, csrf, act.now, ends_at)
        )
        journal.append(
            act,
            "person.signed_in",
            office=settings.office.id,
            actor=f"person:{person.name}",
            data={"name": person.name, "role": person.role.value},
        )
    return secret, Session(person, csrf, "", _hash(secret))


def _throttle(store: Store, settings: Settings, name: str, address: str) -> None:
    now = store.clock()
    since = now - settings.web.sign_in_wait_s * 1000
    rows = (
        store.read()
        .execute(
            "SELECT json_extract(data, '$.name'), json_extract(data, '$.from')"  # noqa: S608 — fixed words
            " FROM journal INDEXED BY journal_kind"
            f" WHERE kind = 'person.refused' AND at > ? AND {REFUSED} ORDER BY seq DESC LIMIT ?",
            (since, since, now, LOOK_BACK),
        )
        .fetchall()
    )
    here, named, from_here = (
        sum(one == (name, address) for one in rows),
        sum(one[0] == name for one in rows),
        sum(one[1] == address for one in rows),
    )
    tries = settings.web.sign_in_tries
    if here >= tries or named >= NAME_TIMES * tries or from_here >= ADDRESS_TIMES * tries:
        raise TooManyTries("too many wrong passwords", seconds=settings.web.sign_in_wait_s)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
