"""What an event's data says, in words; what nobody but a technician reads is kept apart."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

from office.camera_kinds import REASONS
from office.journal import Event
from staff.log_words import Words
from web.pulse import LEFT_OUT, lean

EMPTY: Final[tuple[object, ...]] = ("", None, 0, False, [], {})
FIRST: Final = ("camera", "cameras", "begins", "ends", "why", "call")
"""Fields that are told first; data is stored by the order of its fields' names."""

MOMENTS: Final = frozenset({"begins", "ends", "since", "before", "now", "place", "opens", "until"})
"""Fields that are moments, ms UTC, where they are numbers."""


def details(words: Words, event: Event) -> tuple[str, str]:
    """An event's data: (what people read, all the rest as field and value)."""
    left = {key: value for key, value in lean(event.data).items() if key not in LEFT_OUT}
    told = {key: left.pop(key) for key in FIRST if key in left} | left
    said, rest = [], []
    for key, value in told.items():
        if value in EMPTY:
            continue
        text = _worded(words, event, key, value)
        if text:
            said.append(text)
        elif not _said_already(event, key):
            rest.append(f"{key} {_plain(words, key, value)}")
    return ", ".join(said), ", ".join(rest)


def _said_already(event: Event, key: str) -> bool:
    """Whether another column says it: who opened a counter is who did it."""
    return key == "person" and event.actor == f"person:{event.data[key]}"


def _worded(words: Words, event: Event, key: str, value: Any) -> str:
    """The field in words; '' for one that has none."""
    if key == "reason":
        return _reason(words, event, str(value))
    if key == "why":
        return _why(words, value)
    run = FIELDS.get(key)
    return run(words, value) if run else ""


def _reason(words: Words, event: Event, reason: str) -> str:
    if event.kind.startswith("footage.") and reason in (*REASONS, "system"):
        return words.say(f"log.reason.{reason}")
    if event.kind == "camera.lost" and words.hall.phrases.known(f"log.lost.{reason}"):
        return words.say(f"log.lost.{reason}").rstrip(".")
    return ""


def _why(words: Words, why: Any) -> str:
    if not isinstance(why, dict):
        return ""
    waited = words.say("log.detail.waited", span=words.span(int(1000 * (why.get("waited_s") or 0))))
    if why.get("reason"):
        return words.say("log.why.out_of_order", reason=why["reason"]) + ", " + waited
    return waited


def _listed(key: str) -> Callable[[Words, Any], str]:
    def run(words: Words, value: Any) -> str:
        return words.say(f"log.detail.{key}", value=", ".join(map(str, value)))

    return run


def _simple(key: str) -> Callable[[Words, Any], str]:
    return lambda words, value: words.say(f"log.detail.{key}", value=value)


def _cameras(words: Words, value: Any) -> str:
    titles = words.camera_titles()
    return ", ".join(titles.get(name, name) for name in ([value] if isinstance(value, str) else value))


def _moment(key: str) -> Callable[[Words, Any], str]:
    def run(words: Words, value: Any) -> str:
        return words.say(f"log.detail.{key}", value=_time(words, value))

    return run


def _until(words: Words, value: Any) -> str:
    """A moment, or the first day on which nothing is held any more."""
    if isinstance(value, int):
        return words.say("log.detail.until", value=words.clock(value))
    return words.say("log.watched.until", day=words.day(date.fromisoformat(value) - timedelta(days=1)))


FIELDS: Final[dict[str, Callable[[Words, Any], str]]] = {
    "camera": _cameras,
    "cameras": _cameras,
    "begins": _moment("begins"),
    "ends": _moment("ends"),
    "until": _until,
    "trouble": lambda words, value: words.say(f"log.trouble.{value}"),
    "call": _simple("call"),
    "stars": lambda _, value: f"{value}/5",
    "minutes": lambda words, value: words.say("log.why.minutes", n=round(value)),
    "to_service": lambda words, value: words.say("log.why.to_service", service=words.service(value)),
    "missing": _listed("missing"),
    "from_unit": _simple("from_unit"),
    "to_unit": _simple("to_unit"),
    "person": lambda _, value: str(value),
    "days": _simple("days"),
    "share": lambda words, value: words.say("log.detail.share", value=round(100 * value)),
}
"""Fields that people read, in words."""


def _time(words: Words, at: int) -> str:
    return f"{words.day_of(at)} {words.clock(at, seconds=True)}"


def _plain(words: Words, key: str, value: object) -> str:
    if isinstance(value, dict):
        return "(" + ", ".join(f"{name} {_plain(words, name, one)}" for name, one in value.items()) + ")"
    if isinstance(value, list):
        return "[" + ", ".join(_plain(words, key, one) for one in value) + "]"
    if key in MOMENTS and isinstance(value, int) and value > 10**11:
        return _time(words, value)
    return str(value)
