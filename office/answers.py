"""What each Idempotency-Key was answered, so that a repeated request gets the same answer and does nothing again."""

import hashlib
import sqlite3
from dataclasses import dataclass

from office.errors import KeyReused
from office.store import Act

KEEP_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """A remembered answer: HTTP status and body."""

    status: int
    body: str


def digest(method: str, path: str, body: bytes) -> str:
    """The fingerprint of a request; the same key with another one is refused."""
    return hashlib.sha256(b"\n".join([method.encode(), path.encode(), body])).hexdigest()


def known(db: sqlite3.Connection, caller: str, key: str, now: int) -> bool:
    """Whether ``caller`` got an answer for ``key`` within 24 hours, whatever the request was."""
    found = "SELECT 1 FROM answers WHERE caller = ? AND key = ? AND at > ?"
    return db.execute(found, (caller, key, now - KEEP_MS)).fetchone() is not None


def recall(db: sqlite3.Connection, caller: str, key: str, request: str, now: int) -> Answer | None:
    """The answer ``caller`` got for ``key`` within 24 hours. Raises KeyReused when ``request`` differs."""
    row = db.execute(
        "SELECT request, status, body FROM answers WHERE caller = ? AND key = ? AND at > ?",
        (caller, key, now - KEEP_MS),
    ).fetchone()
    if row is None:
        return None
    if row[0] != request:
        raise KeyReused("this Idempotency-Key came with another request before")
    return Answer(row[1], row[2])


def keep(act: Act, caller: str, key: str, request: str, answer: Answer) -> None:
    """Remember ``answer`` in the act that produced it."""
    act.db.execute(
        "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?)",
        (caller, key, request, answer.status, answer.body, act.now),
    )


def forget_old(act: Act) -> int:
    """Drop answers older than 24 hours; how many."""
    return act.db.execute("DELETE FROM answers WHERE at <= ?", (act.now - KEEP_MS,)).rowcount
