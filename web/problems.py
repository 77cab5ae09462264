"""Errors as RFC 9457 problem+json with a stable key, in the reader's language; never a stack trace."""

import json
import logging
from typing import Any

from flask import Flask, Response, make_response, render_template, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from office.errors import Invalid, OfficeError
from office.phrases import Phrases
from web.hall import Hall

log = logging.getLogger(__name__)
TYPE = "application/problem+json"
LANGUAGE_COOKIE = "mc_lang"
ERRORS_MAX = 20
"""A body may be wrong in ten thousand places; so many are told."""

TITLED = frozenset({401, 403, 404, 405, 500, 503})
"""Statuses whose error page has a title of its own (phrases ``error_page.title_<status>``)."""
KEYS = {
    400: "error.bad_request",
    404: "error.not_found",
    405: "error.method",
    408: "error.bad_request",
    413: "error.too_large",
    414: "error.too_large",
    415: "error.media_type",
    431: "error.too_large",
    503: "error.stopping",
}


def problem(phrases: Phrases, language: str, status: int, key: str, detail: str = "", **more: Any) -> dict[str, Any]:
    """The body of a problem: a sentence for the reader (``title``), English detail for the caller's log."""
    return {
        "type": f"urn:mot-cua:{key}",
        "title": sentence(phrases, language, key, more),
        "status": status,
        "key": key,
        "detail": detail,
    } | {name: value for name, value in more.items() if isinstance(value, str | int | float | list)}


def sentence(phrases: Phrases, language: str, key: str, params: dict[str, Any]) -> str:
    """The reader's sentence for an error; the general one where it needs a figure that is not there."""
    try:
        return phrases.say(language, key, **params)
    except (KeyError, IndexError):
        return phrases.say(language, "error.unexpected")


def answer(body: dict[str, Any], retry_s: int = 0) -> Response:
    """A problem as a response."""
    text = json.dumps(body, ensure_ascii=False)
    response = Response(text, body["status"], content_type=TYPE)
    if retry_s:
        response.headers["Retry-After"] = str(retry_s)
    if body["status"] == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="mot-cua"'
    return response


def page(body: dict[str, Any], retry_s: int = 0) -> Response:
    """The same problem as a page, for a person whose browser was on its way somewhere."""
    status = body["status"]
    title = f"title_{status}" if status in TITLED else "title_other"
    response = make_response(render_template("web/error.html", face="door", problem=body, title=title), status)
    if retry_s:
        response.headers["Retry-After"] = str(retry_s)
    return response


def wants_page() -> bool:
    """Whether a browser is opening a page, rather than a program asking the API."""
    asks = request.method in ("GET", "HEAD") and "text/html" in request.headers.get("Accept", "")
    return asks and not _api()


def of_error(hall: Hall, error: OfficeError, language: str) -> dict[str, Any]:
    """The problem an office error becomes."""
    return problem(hall.phrases, language, error.status, error.key, str(error), **error.params)


def of_validation(fault: ValidationError) -> Invalid:
    """Which fields of a body do not fit, and why; values are not repeated, they may be anything."""
    told = fault.errors(include_url=False, include_context=False, include_input=False)[:ERRORS_MAX]
    errors = [{"field": ".".join(str(p) for p in e["loc"])[:80] or "body", "reason": e["msg"]} for e in told]
    fields = ", ".join(error["field"] for error in errors)
    return Invalid(f"wrong: {fields}"[:200], fields=fields[:200], errors=errors)


def install(app: Flask, hall: Hall) -> None:
    """Make every failure of ``app`` a problem."""

    def language() -> str:
        return reader_language(hall)

    def told(body: dict[str, Any], retry_s: int = 0) -> Response:
        return page(body, retry_s) if wants_page() else answer(body, retry_s)

    @app.errorhandler(OfficeError)
    def _office(error: OfficeError) -> Response:
        if error.status >= 500 and error.status != 503:  # 503 is the office's ordinary way to say: later
            log.error("%s: %s", type(error).__name__, error)
        seconds = error.params.get("seconds")
        retry_s = int(seconds) if error.status in (429, 503) and isinstance(seconds, int) else 0
        return told(of_error(hall, error, language()), retry_s or (2 if error.status == 503 else 0))

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        status = error.code or 500
        key = KEYS.get(status, "error.unexpected" if status >= 500 else "error.bad_request")
        response = told(problem(hall.phrases, language(), status, key, error.name))
        response.headers.extend([(n, v) for n, v in error.get_headers(request.environ) if n.lower() == "allow"])
        return response

    @app.errorhandler(Exception)
    def _other(error: Exception) -> Response:
        where = request.url_rule or "no path of ours"  # without what stands in its places: that may be anybody's number
        log.error("unexpected %s at %s %s", type(error).__name__, request.method, where, exc_info=error)
        return told(problem(hall.phrases, language(), 500, "error.unexpected", "see the server's log"))


def reader_language(hall: Hall) -> str:
    """The reader's language: ``?lang=``, the cookie a page set, an API caller's ``Accept-Language``, the office's.

    What the browser prefers does not count for pages: they are in the office's own language first, and an office PC
    often runs an English system.
    """
    wished = request.accept_languages.best_match(hall.settings.office.languages) if _api() else None
    return _chosen(hall) or wished or hall.settings.office.languages[0]


def page_language(hall: Hall) -> str:
    """A page's language: ``?lang=``, the cookie, else the office's first."""
    return _chosen(hall) or hall.settings.office.languages[0]


def _chosen(hall: Hall) -> str | None:
    known = hall.settings.office.languages
    asked = (request.args.get("lang"), request.cookies.get(LANGUAGE_COOKIE))
    return next((wanted for wanted in asked if wanted in known), None)


def _api() -> bool:
    return request.path.startswith("/api/")
