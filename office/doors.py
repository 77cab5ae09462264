"""Doors for machines: keys for other systems and paired screens. Only hashes of their secrets are kept."""

import hashlib
import re
import secrets
import sqlite3
from dataclasses import dataclass
from typing import Final, Literal

from office import journal
from office.errors import BadRequest, NotSignedIn, TooManyTries
from office.settings import Settings
from office.store import Act, Store

SCOPES: Final = ("tickets", "counters", "dossiers", "journal", "footage", "admin")
ScreenKind = Literal["kiosk", "board"]
CODE_MS = 30 * 60 * 1000
CODE_TRIES = 10
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}")


@dataclass(frozen=True, slots=True)
class Key:
    """Another system's key."""

    name: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Screen:
    """A paired screen of the hall."""

    name: str
    kind: ScreenKind
    paired: bool


def add_key(act: Act, settings: Settings, name: str, scopes: tuple[str, ...], *, actor: str) -> str:
    """Make a key and answer its secret, which is shown this once. Raises BadRequest for a name or scope unknown."""
    _check_name(name)
    wrong = set(scopes) - set(SCOPES)
    if wrong or not scopes:
        raise BadRequest(f"unknown scope {', '.join(sorted(wrong))}; allowed: {', '.join(SCOPES)}", field="scope")
    secret = f"mc_{secrets.token_urlsafe(30)}"
    act.db.execute(
        "INSERT OR REPLACE INTO keys VALUES (?, ?, ?, ?)", (name, _hash(secret), " ".join(sorted(set(scopes))), act.now)
    )
    _changed(act, settings, "keys", name, actor)
    return secret


def key(db: sqlite3.Connection, secret: str) -> Key | None:
    """The key with this secret."""
    row = db.execute("SELECT name, scopes FROM keys WHERE hash = ?", (_hash(secret),)).fetchone()
    return Key(row[0], frozenset(row[1].split())) if row else None


def add_screen(act: Act, settings: Settings, name: str, kind: ScreenKind, *, actor: str) -> str:
    """Make a screen and answer the six digits that pair it within half an hour, once.

    A known name gets a new code; its old pairing ends when the code is used.
    """
    _check_name(name)
    code = f"{secrets.randbelow(1_000_000):06d}"
    act.db.execute(
        "INSERT INTO screens VALUES (?, ?, ?, ?, '', ?) ON CONFLICT DO UPDATE SET"
        " kind = excluded.kind, code_hash = excluded.code_hash, code_ends_at = excluded.code_ends_at",
        (name, kind, _hash(code), act.now + CODE_MS, act.now),
    )
    _changed(act, settings, "screens", name, actor)
    return code


def pair(store: Store, settings: Settings, kind: ScreenKind, code: str, *, address: str) -> tuple[str, Screen]:
    """Trade a pairing code for the cookie's secret. Raises NotSignedIn for a wrong or old code, TooManyTries."""
    _throttle(store)
    code = "".join(c for c in code if c.isdigit())
    with store.act() as act:
        row = act.db.execute(
            "SELECT name FROM screens WHERE kind = ? AND code_hash = ? AND code_ends_at > ?",
            (kind, _hash(code), act.now),
        ).fetchone()
        if row is None:
            _refused(act, settings, address)
        else:
            secret = admit(act, settings, row[0], kind)
    if row is None:
        raise NotSignedIn("this pairing code is wrong or too old")
    return secret, Screen(row[0], kind, paired=True)


def admit(act: Act, settings: Settings, name: str, kind: ScreenKind, *, secret: str = "") -> str:
    """Pair the screen ``name`` without a code (the code was right, or this is the demo office); its secret, a random
    one unless given."""
    secret = secret or secrets.token_urlsafe(32)
    act.db.execute(
        "INSERT INTO screens VALUES (?, ?, '', 0, ?, ?) ON CONFLICT DO UPDATE SET"
        " hash = excluded.hash, code_hash = '', code_ends_at = 0",
        (name, kind, _hash(secret), act.now),
    )
    data = {"name": name, "kind": kind}
    journal.append(act, "screen.paired", office=settings.office.id, actor=f"screen:{name}", data=data)
    return secret


def screen(db: sqlite3.Connection, secret: str) -> Screen | None:
    """The paired screen with this secret."""
    row = db.execute("SELECT name, kind FROM screens WHERE hash = ? AND hash != ''", (_hash(secret),)).fetchone()
    return Screen(row[0], row[1], paired=True) if row else None


def screens(db: sqlite3.Connection) -> list[Screen]:
    """All screens, by name."""
    return [Screen(n, k, h != "") for n, k, h in db.execute("SELECT name, kind, hash FROM screens ORDER BY name")]


def remove_screen(act: Act, settings: Settings, name: str, *, actor: str) -> None:
    """End a screen's pairing and forget it."""
    act.db.execute("DELETE FROM screens WHERE name = ?", (name,))
    _changed(act, settings, "screens", name, actor)


def _throttle(store: Store) -> None:
    since = store.clock() - CODE_MS
    row = (
        store.read()
        .execute("SELECT count(*) FROM journal WHERE kind = 'screen.refused' AND at > ?", (since,))
        .fetchone()
    )
    if row[0] >= CODE_TRIES:
        raise TooManyTries("too many wrong pairing codes", seconds=CODE_MS // 1000)


def _refused(act: Act, settings: Settings, address: str) -> None:
    journal.append(act, "screen.refused", office=settings.office.id, actor="system", data={"from": address})


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise BadRequest("a name has 1–40 letters, digits, spaces or . _ -", field="name")


def _changed(act: Act, settings: Settings, what: str, name: str, actor: str) -> None:
    journal.append(act, "setting.changed", office=settings.office.id, actor=actor, data={"what": what, "name": name})


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
