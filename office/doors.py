"""Doors for machines: keys for other systems and paired screens. Only hashes of their secrets are kept."""

import hashlib
import re
import secrets
import sqlite3
from dataclasses import dataclass
from typing import Final, Literal

from office import journal
from office.errors import BadRequest, NotSignedIn, OtherKind, TooManyTries, UnknownName
from office.people import REFUSED
from office.settings import Settings
from office.store import Act, Store

SCOPES: Final = ("tickets", "counters", "dossiers", "journal", "footage", "admin")
ScreenKind = Literal["kiosk", "board"]
CODE_MS = 30 * 60 * 1000
CODE_TRIES = 10
"""Wrong codes an address may send while a code is good; all addresses together CODES_TIMES as many."""

CODES_TIMES = 10
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


def remove_key(act: Act, settings: Settings, name: str, *, actor: str) -> None:
    """Forget a key; it opens nothing from now on. Raises UnknownName."""
    if act.db.execute("DELETE FROM keys WHERE name = ?", (name,)).rowcount == 0:
        raise UnknownName(f"there is no key {name}")
    _changed(act, settings, "keys", name, actor, removed=1)


def keys(db: sqlite3.Connection) -> list[Key]:
    """All keys, by name."""
    rows = db.execute("SELECT name, scopes FROM keys ORDER BY name")
    return [Key(name, frozenset(scopes.split())) for name, scopes in rows]


def key(db: sqlite3.Connection, secret: str) -> Key | None:
    """The key with this secret."""
    row = db.execute("SELECT name, scopes FROM keys WHERE hash = ?", (_hash(secret),)).fetchone()
    return Key(row[0], frozenset(row[1].split())) if row else None


class KeyRing:
    """Keys that were shown lately: a busy system shows its key with every request.

    A change made through this store counts at once, one by another process as soon as the store hears of it (half a
    second; Store.watch_others).
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._changes = store.changes.about(("setting.changed",))
        self._kept: tuple[int, dict[str, Key]] = (-1, {})

    def find(self, secret: str) -> Key | None:
        """The key with this secret."""
        now = self._changes.count  # before the file is read: a change in between makes what was read be forgotten
        count, known = self._kept
        if count != now:
            known = {}
            self._kept = (now, known)
        digest = _hash(secret)
        if digest not in known:
            found = key(self._store.read(), secret)
            if found is None:
                return None
            known[digest] = found
        return known[digest]


def add_screen(act: Act, settings: Settings, name: str, kind: ScreenKind, *, actor: str) -> str:
    """Make a screen and answer the six digits that pair it within half an hour, once.

    A known name gets a new code; its old pairing ends when the code is used. Raises BadRequest, OtherKind for a
    screen that is paired as another kind.
    """
    _check_name(name)
    if act.db.execute("SELECT 1 FROM screens WHERE name = ? AND kind != ? AND hash != ''", (name, kind)).fetchone():
        raise OtherKind(f"{name} is paired as another kind of screen; remove it first, or choose another name")
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
    _throttle(store, kind, address)
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
    """End a screen's pairing and forget it. Raises UnknownName."""
    if act.db.execute("DELETE FROM screens WHERE name = ?", (name,)).rowcount == 0:
        raise UnknownName(f"there is no screen {name}")
    _changed(act, settings, "screens", name, actor, removed=1)


def _throttle(store: Store, kind: ScreenKind, address: str) -> None:
    """Refusals are counted in the journal, from the last code made for this kind of screen on."""
    db, now = store.read(), store.clock()
    made = db.execute(
        "SELECT coalesce(max(seq), 0) FROM journal INDEXED BY journal_kind WHERE kind = 'setting.changed' AND at > ?"
        " AND json_extract(data, '$.what') = 'screens'"
        " AND json_extract(data, '$.name') IN (SELECT name FROM screens WHERE kind = ? AND code_hash != '')",
        (now - CODE_MS, kind),
    ).fetchone()[0]
    rows = db.execute(
        "SELECT json_extract(data, '$.from') FROM journal INDEXED BY journal_kind"  # noqa: S608 — fixed words
        f" WHERE kind = 'screen.refused' AND seq > ? AND at > ? AND {REFUSED} ORDER BY seq DESC LIMIT ?",
        (made, now - CODE_MS, now - CODE_MS, now, CODES_TIMES * CODE_TRIES),
    ).fetchall()
    if len(rows) == CODES_TIMES * CODE_TRIES or sum(row[0] == address for row in rows) >= CODE_TRIES:
        raise TooManyTries("too many wrong pairing codes", seconds=CODE_MS // 1000)


def _refused(act: Act, settings: Settings, address: str) -> None:
    journal.append(
        act, "screen.refused", office=settings.office.id, actor="system", data={"from": address, "clock": act.now}
    )


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise BadRequest("a name has 1–40 letters, digits, spaces or . _ -", field="name")


def _changed(act: Act, settings: Settings, what: str, name: str, actor: str, **counts: int) -> None:
    data = {"what": what, "name": name, **counts}
    journal.append(act, "setting.changed", office=settings.office.id, actor=actor, data=data)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
