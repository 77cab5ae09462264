"""Scans: from a text, a picture, or what a reader at the server has read, to the one useful thing for who stands there.

What was read is kept nowhere: not in the journal, not in a log, and not in an answer remembered for a repeated request.
"""

import json
from contextlib import suppress
from typing import Annotated, Any, Final, Literal

from flask import Blueprint, Response, g, request
from pydantic import Field

from office import scan_actions, scans
from office.clock import local
from office.errors import BadRequest, NoReading, UnknownArrival
from office.scan_actions import Action, Who
from office.scan_sections import Limits
from office.scans import Scan
from office.store import Act
from web.acts import Told, perform, reply
from web.api.operation import operation
from web.bodies import Body, body
from web.callers import Caller, allow
from web.dossier_shapes import persons
from web.hall import Hall
from web.problems import reader_language
from web.scan_shapes import Reading, answer, card_shape, shown

PICTURES: Final = ("image/jpeg", "image/png")
READINGS_MAX: Final = 20
REFUSALS: Final = (400, 401, 403, 404, 413, 415, 422, 429, 503)
"""Bad body, nobody, not this one, no such arrival, too large, another kind, no picture or a key used before, too many
tries, no reader."""
WHO: Final[dict[str, Who]] = {"kiosk": "kiosk", "person": "clerk", "key": "key"}
BEST: Final = ("missing", "ticket", "dossier", "card", "unknown")
"""Of several codes in one picture the first of these is acted on; a dossier that is known comes before all."""


class ScanWish(Body):
    """A text that was scanned or typed, or the id of what a reader at the server has read."""

    text: Annotated[str | None, Field(None, max_length=scans.TEXT_MAX, description="what a scanner or a hand typed")]
    arrival: Annotated[str | None, Field(None, max_length=40, description="id of a scan.arrived event")]
    by: Annotated[Literal["wedge", "keys"], Field("wedge", description="scanned into a field, or typed by hand")]


def create(hall: Hall) -> Blueprint:
    """The blueprint of /scans."""
    api = Blueprint("api_scans", __name__)

    @api.post("/scans")
    @operation(
        "What a scan leads to; JSON, or a picture as image/jpeg or image/png",
        body=ScanWish,
        media=PICTURES,
        answers={200: "Scan", **dict.fromkeys(REFUSALS, "Problem")},
        scope="dossiers",
    )
    @allow(hall, "kiosk", "person", "key", scope="dossiers")
    def scan() -> Response:
        found = _Found.of_picture(hall) if request.mimetype in PICTURES else _Found.of_body(hall)
        return found.completed(perform(hall, found.act, secret=True))

    return api


def _limits(hall: Hall) -> Limits:
    return hall.settings.scans.limits(screen=not g.caller.sees_all)


class _Found:
    """What was read, and what is done about it. ``by``: wedge, keys, image or reader."""

    def __init__(self, hall: Hall, texts: list[tuple[str, str]], by: str, reader: str = "") -> None:
        self._hall = hall
        self._by = by
        self._reader = reader
        self._caller: Caller = g.caller
        self._readings = self._read(texts)

    @classmethod
    def of_body(cls, hall: Hall) -> "_Found":
        """From JSON. Raises BadRequest unless it has a text or an arrival."""
        wish = body(ScanWish)
        if (wish.text is None) == (wish.arrival is None):
            raise BadRequest("send text or arrival, one of the two", field="text")
        if wish.text is not None:
            return cls(hall, [("text", wish.text)], wish.by)
        return _Arrived(hall, str(wish.arrival))

    @classmethod
    def of_picture(cls, hall: Hall) -> "_Found":
        """From a picture, which is read before the act begins: that may take seconds. Raises TooManyTries, NoReading,
        UnreadablePicture."""
        request.max_content_length = hall.settings.scans.image_max
        hall.rates.check(f"picture {g.caller.actor}", _limits(hall).pictures)
        if hall.read_picture is None:
            raise NoReading("no reader of pictures runs here", seconds=60)
        return cls(hall, hall.read_picture(request.get_data(cache=True)), "image")

    def act(self, act: Act) -> tuple[int, Told]:
        """Decide, write what must be known, answer as far as it may be remembered. Raises TooManyTries."""
        hall, name, limits = self._hall, self._caller.actor, _limits(self._hall)
        hall.rates.check(f"scan {name}", limits.per_minute)
        hall.guesses.check(name, limits.guesses)
        tried = [(one, self._decide(act, one.scan)) for one in self._readings]
        reading, action = self._best(tried)
        found = reading.scan if reading else scans.UNKNOWN
        scan_actions.follow_up(
            act,
            hall.settings,
            found,
            action,
            actor=name,
            by=self._by,
            symbology=reading.symbology if reading else "",
            reader=self._reader,
        )
        hall.guesses.note(act, hall.settings, name, limits.guesses, [one.scan.asked for one, its in tried if its.guess])
        full, language = self._caller.sees_all, reader_language(hall)
        who = WHO[self._caller.who]
        return 200, answer(hall, act, self._readings, found, action, language, full=full, who=who)

    def completed(self, kept: Response) -> Response:
        """For staff and systems the answer with what may not be remembered for a repeated request: texts, a card's
        fields, and who handed a dossier in. They are read anew, each time."""
        if kept.status_code != 200 or not self._caller.sees_all:
            return kept
        told: dict[str, Any] = json.loads(kept.get_data())
        self._tell_texts(told)
        if told["dossier"] is not None:
            told["dossier"] |= persons(self._hall, self._hall.store.read(), told["dossier"]["key"])
        if told["action"]["name"] == "card_form":
            cards = (card_shape(one.scan.card) for one in self._readings if one.scan.card)
            told["action"]["card"] = next(cards, None)
        return reply(200, told)

    def _tell_texts(self, told: dict[str, Any]) -> None:
        db = self._hall.store.read()
        told["read"] = [{"symbology": one.symbology, "text": shown(db, one)} for one in self._readings]

    def _read(self, texts: list[tuple[str, str]]) -> list[Reading]:
        today = local(self._hall.store.clock(), self._hall.settings.office.zone).date()
        return [Reading(kind, text, scans.read(text, today)) for kind, text in texts[:READINGS_MAX]]

    def _best(self, tried: list[tuple[Reading, Action]]) -> tuple[Reading | None, Action]:
        """The reading to act on. Nothing read at all: try again."""
        if not tried:
            return None, Action("to_clerk", "unread")
        return min(tried, key=lambda pair: (pair[1].dossier is None, BEST.index(pair[0].scan.kind)))

    def _decide(self, act: Act, scan: Scan) -> Action:
        who = WHO[self._caller.who]
        return scan_actions.decide(act.db, self._hall.settings, scan, act.now, who=who)


class _Arrived(_Found):
    """What a reader at the server has read, fetched only when the act runs: a request repeated later than its text is
    kept (web/inbox.py) gets the answer that was remembered. So staff too are told codes only, which may be remembered,
    and a card's fields come as long as the text is there."""

    def __init__(self, hall: Hall, name: str) -> None:
        super().__init__(hall, [], "reader")
        self._name = name

    def act(self, act: Act) -> tuple[int, Told]:
        """As for a text. Raises UnknownArrival when nothing of that id is there for this page."""
        self._fetch()
        return super().act(act)

    def completed(self, kept: Response) -> Response:
        """As for a text; of a repeated request what is still there."""
        with suppress(UnknownArrival):
            self._fetch()
        return super().completed(kept)

    def _tell_texts(self, told: dict[str, Any]) -> None:
        """They are told as they were remembered."""

    def _fetch(self) -> None:
        if self._readings:
            return
        session = self._caller.session
        arrival = self._hall.inbox.take(
            self._name,
            screen=self._caller.actor.partition(":")[2] if self._caller.who == "kiosk" else "",
            counter=session.counter if session else "",
            key=request.headers.get("Idempotency-Key", ""),
        )
        self._reader = arrival.reader
        self._readings = self._read([(arrival.symbology, arrival.text)])
