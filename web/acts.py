"""Performing an act for a request: one transaction, and the same answer again for the same Idempotency-Key."""

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Response, g, request
from pydantic_core import to_json

from office import answers
from office.answers import Answer
from office.errors import BadRequest, OfficeError
from office.store import Act
from web.hall import Hall
from web.problems import TYPE, of_error, reader_language

Body = dict[str, Any] | None
Told = Body | Callable[[Act], Body]
"""A JSON body, or how to read it at the act's end, within it: what it needs was just written and is at hand there,
while a connection of the thread's own would first read it all anew.
"""
KEY_MAX = 200
REMEMBERED = frozenset({400, 404, 409, 422})
"""Refusals that depend on the office's state or the body are answered again; those of the door (401, 403, 429) not."""


def perform(hall: Hall, run: Callable[[Act], tuple[int, Told]], *, secret: bool = False) -> Response:
    """Run ``run`` in one transaction and answer what it says (status, JSON body).

    With an ``Idempotency-Key`` the answer is kept in the same transaction and given again for 24 hours; refusals
    too. ``secret``: the body has a password, so its fingerprint is a slow one. Raises what ``run`` raises when there is
    no key; KeyReused when the key came with another request.
    """
    key = _key()
    if not key:
        with hall.store.act() as act:
            status, told = run(act)
            body = told(act) if callable(told) else told
        return reply(status, body)
    return kept(_keyed(hall, key, run, _fingerprint(key, secret=secret)))


def done(hall: Hall, run: Callable[[Act, str], object]) -> Response:
    """Run an act by the caller that has nothing to tell; as ``perform`` otherwise."""

    def told(act: Act) -> tuple[int, None]:
        run(act, g.caller.actor)
        return 204, None

    return perform(hall, told)


def again(hall: Hall) -> Response | None:
    """The answer kept for the request's Idempotency-Key, before anything long is begun; None without one.

    Raises KeyReused when the key came with another request.
    """
    key = _key()
    if not key:
        return None
    asked, store = _fingerprint(key, secret=False), hall.store
    known = answers.recall(store.read(), g.caller.actor, key, asked, store.clock())
    return kept(known) if known else None


def enter(hall: Hall, run: Callable[[], Response]) -> Response:
    """Sign in or pair by ``run``, for a caller who is nobody yet.

    The answer sets a secret cookie and is therefore never kept. An ``Idempotency-Key`` binds the body only: the same
    request enters anew (with a new session; a pairing code that was used stays used), another one is refused. Raises
    KeyReused, and what ``run`` raises.
    """
    key, caller = _key(), f"door:{request.remote_addr or ''}"
    if not key:
        return run()
    if answers.known(hall.store.read(), caller, key, hall.store.clock()):  # the slow fingerprint only where it tells
        answers.recall(hall.store.read(), caller, key, _fingerprint(key, secret=True), hall.store.clock())
    response, asked = run(), _fingerprint(key, secret=True)
    with hall.store.act() as act:
        answers.keep(act, caller, key, asked, Answer(response.status_code, ""))
    return response


def reply(status: int, body: Body) -> Response:
    """A JSON answer; ``None`` is an empty one."""
    return kept(Answer(status, _text(body)))


def _key() -> str:
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > KEY_MAX or not key.isprintable():
        raise BadRequest(f"an Idempotency-Key has at most {KEY_MAX} printable characters", field="Idempotency-Key")
    return key


def _fingerprint(key: str, *, secret: bool) -> str:
    raw = request.get_data(cache=True)
    if secret:
        raw = hashlib.scrypt(raw, salt=key.encode(), n=2**14, r=8, p=1)
    return answers.digest(request.method, request.full_path, raw)


def _keyed(hall: Hall, key: str, run: Callable[[Act], tuple[int, Told]], request_digest: str) -> Answer:
    caller = g.caller.actor
    try:
        with hall.store.act() as act:
            if known := answers.recall(act.db, caller, key, request_digest, act.now):
                return known
            status, told = run(act)
            answer = Answer(status, _text(told(act) if callable(told) else told))
            answers.keep(act, caller, key, request_digest, answer)
        return answer
    except OfficeError as error:
        if error.status not in REMEMBERED or error.key == "error.key_reused":
            raise
        refusal = Answer(error.status, _text(of_error(hall, error, reader_language(hall))))
        with hall.store.act() as act:  # the same key may have come through in between
            if known := answers.recall(act.db, caller, key, request_digest, act.now):
                return known
            answers.keep(act, caller, key, request_digest, refusal)
        return refusal


def _text(body: Body) -> str:
    return "" if body is None else to_json(body).decode()


def kept(answer: Answer) -> Response:
    """An answer as it was remembered."""
    kind = "application/json" if answer.status < 400 else TYPE
    return Response(answer.body, answer.status, content_type=kind)
