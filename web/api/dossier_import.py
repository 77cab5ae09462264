"""A file of dossiers sent by a clerk's page or another system: imported whole or not at all.

The file goes to disk as it comes, with a limit of its own, and an import in a process of its own reads it there
(``hall.import_dossiers``). Any content type is taken: what a file is, its first bytes tell.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import IO, Any

from flask import Blueprint, Response, g, request
from pydantic_core import to_json

from office import answers
from office.answers import Answer
from office.dossier_import import ImportRefused, Report, sentence
from office.errors import BadRequest, NotFound
from web.acts import KEY_MAX, kept, reply
from web.api.operation import operation
from web.callers import allow
from web.hall import Hall
from web.problems import of_error, reader_language

INCOMING = "incoming"
"""Below the data folder: files under way. Emptied when the office starts."""
PIECE = 1 << 18
FILES = (
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/jsonl",
    "application/octet-stream",
    "multipart/form-data",
)
"""What a file may be sent as; any other type is taken too, its first bytes tell what it is."""


def create(hall: Hall) -> Blueprint:
    """The blueprint of /dossiers/import."""
    api = Blueprint("api_dossier_import", __name__)

    @api.post("/dossiers/import")
    @operation(
        "Import a file (CSV, XLSX, JSON lines) as the raw body or as a form's one file; all of it or nothing",
        answers={200: "Imported", 409: "Problem", 413: "Problem", 422: "ImportProblem", 503: "Problem"},
        media=FILES,
        query={"confirmed": "1: codes of unknown shapes count as confirmed"},
        scope="dossiers",
    )
    @allow(hall, "person", "key", scope="dossiers")
    def take() -> Response:
        work = hall.import_dossiers
        if work is None:
            raise NotFound("this office imports no files")
        confirmed = _confirmed()
        with _saved(hall) as (path, sign):
            return _once(hall, sign, partial(work, path, g.caller.actor, confirmed))

    @api.get("/dossiers/import")
    @operation("How far the import under way is", answers={200: "Importing"}, scope="dossiers")
    @allow(hall, "person", "key", scope="dossiers")
    def look() -> Response:
        progress = hall.importing()
        return reply(200, {"running": progress is not None} | (asdict(progress) if progress else {}))

    return api


def _confirmed() -> bool:
    told = request.args.get("confirmed", "0")
    if told not in ("0", "1"):
        raise BadRequest("confirmed is 0 or 1", field="confirmed")
    return told == "1"


@contextmanager
def _saved(hall: Hall) -> Iterator[tuple[Path, str]]:
    """The file on disk for as long as the block runs, and the SHA-256 of what is in it. Raises BadRequest for none."""
    request.max_content_length = hall.settings.dossiers.imports.body_max
    folder = hall.store.path.parent / INCOMING
    folder.mkdir(exist_ok=True)
    number, name = tempfile.mkstemp(dir=folder)
    path = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            sign = _copied(_source(), file)
        yield path, sign
    finally:
        path.unlink(missing_ok=True)


def _source() -> IO[bytes]:
    if request.mimetype != "multipart/form-data":
        return request.stream
    files = list(request.files.values())
    if len(files) != 1:
        raise BadRequest("send one file", field="file")
    return files[0].stream


def _copied(source: IO[bytes], target: IO[bytes]) -> str:
    sign = hashlib.sha256()
    while piece := source.read(PIECE):
        sign.update(piece)
        target.write(piece)
    return sign.hexdigest()


def _once(hall: Hall, sign: str, work: Callable[[], Report]) -> Response:
    """What ``work`` answers; with an Idempotency-Key the same again for the same file (a refusal too).

    The answer is kept after the import, in an act of its own: should the power fail in between, the same file comes
    again and changes nothing. Raises KeyReused, and what ``work`` raises but ImportRefused.
    """
    key, caller, store = request.headers.get("Idempotency-Key", ""), g.caller.actor, hall.store
    if len(key) > KEY_MAX or not key.isprintable():
        raise BadRequest(f"an Idempotency-Key has at most {KEY_MAX} printable characters", field="Idempotency-Key")
    asked = answers.digest(request.method, request.full_path, sign.encode())
    known = answers.recall(store.read(), caller, key, asked, store.clock()) if key else None
    answer = known or _answer(hall, work)
    if key and known is None:
        with store.act() as act:
            answers.keep(act, caller, key, asked, answer)
    return kept(answer)


def _answer(hall: Hall, work: Callable[[], Report]) -> Answer:
    try:
        return Answer(200, to_json(asdict(work())).decode())
    except ImportRefused as refusal:
        return Answer(refusal.status, to_json(_refused(hall, refusal)).decode())


def _refused(hall: Hall, refusal: ImportRefused) -> dict[str, Any]:
    """The problem; each error also in the reader's words (``say``)."""
    language = reader_language(hall)
    body = of_error(hall, refusal, language)
    body["errors"] = [error | {"say": sentence(hall.phrases, language, error)} for error in body["errors"]]
    return body
