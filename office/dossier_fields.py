"""What the fields of a dossier may hold, wherever they come from: a clerk, another system, a file.

Each check answers the value as it is kept, or raises BadDossier with the field and a reason
(phrases ``import.reason.<reason>``).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Final, get_args
from zoneinfo import ZoneInfo

from office import dossier_code
from office.catalogue_entry import Unit
from office.clock import local
from office.dossier_code import Code
from office.dossier_persons import LONGEST, clean, cleaned, needed
from office.dossiers import Paper, PaperKind, Way
from office.errors import BadDossier, PersonalNumber, WrongDay
from office.settings import Settings

SETS_MAX, FEE_MAX, TERM_MAX, COUNT_MAX, PAPERS_MAX = 100, 10**12, 10_000, 1000, 100
EARLIEST, LATEST = 0, 7_258_118_400_000
"""1970 and 2200, ms UTC: a time outside is a mistake."""

AHEAD_MS: Final = 300_000
"""Another clock may be some minutes ahead; what is told to have happened later than that has not."""
IN_ORDER: Final = ("received_at", "finished_at", "returned_at")

NATIONAL: Final = re.compile(r"[1-9]\.[0-9]{6}(?![0-9])")
TRACKING: Final = re.compile(r"[0-9A-Za-z .-]{0,40}")

Check = Callable[[str, Any], Any]


def code_of(text: str, today: date, *, confirmed: bool) -> Code:
    """The dossier code ``text`` is; of an unknown shape only when ``confirmed``. Raises BadCode."""
    return (dossier_code.confirmed if confirmed else dossier_code.parse)(text, today)


def words(name: str, text: str, longest: int = 300) -> str:
    """Text that the journal may hold. Raises BadDossier also for a telephone or identity number in it."""
    kept = cleaned(name, text, longest)
    if dossier_code.long_number(kept) or dossier_code.personal(kept):
        raise PersonalNumber(f"{name}: no telephone or identity numbers here", field=name, reason="personal")
    return kept


def status_of(settings: Settings, status: int | None, local: str | None) -> int | None:
    """The national status; another system's word is translated by configuration. None when neither is told."""
    if status is not None:
        return _whole(1, 10)("status", status)
    if not local:
        return None
    found = settings.dossiers.status_of(local)
    if found is None:
        raise BadDossier("local_status: not in [dossiers.statuses]", field="local_status", reason="unknown_status")
    return found


def service_of(settings: Settings, service: str) -> str:
    """A service the office has, or ''."""
    if service and service not in settings.service_by_id:
        raise BadDossier("service: no such service", field="service", reason="unknown_service")
    return service


def must_be_term(amount: int | None, unit: str) -> None:
    """Raises BadDossier for two that each fit but are no term together (office/deadlines.py): no hours at all."""
    if amount == 0 and unit == "gio":
        raise BadDossier("term_amount: at least one hour", field="term_amount", reason="out_of_range")


def must_be_past(name: str, at: int | None, now: int) -> None:
    """Raises WrongDay for a time (ms UTC) that is yet to come."""
    if at is not None and at > now + AHEAD_MS:
        raise WrongDay(f"{name}: in the future", field=name, reason="future")


def must_follow(told: Mapping[str, Any], zone: ZoneInfo) -> None:
    """Raises WrongDay when processing ended, or the result was handed over, before the day of intake, or the result
    before the day on which processing ended. What is not told follows anything."""
    known = [(name, told[name]) for name in IN_ORDER if told.get(name) is not None]
    for (_, before), (name, at) in pairwise(known):
        if at < before and local(at, zone).date() < local(before, zone).date():
            raise WrongDay(f"{name}: before what came before it", field=name, reason="too_early")


def _whole(least: int, most: int) -> Callable[[str, int], int]:
    def check(name: str, value: int) -> int:
        if not least <= value <= most:
            raise BadDossier(f"{name}: {least} to {most}", field=name, reason="out_of_range")
        return value

    return check


def _one_of(allowed: tuple[str, ...]) -> Callable[[str, str], str]:
    def check(name: str, value: str) -> str:
        if value not in allowed:
            raise BadDossier(f"{name}: one of {', '.join(allowed)}", field=name, reason="not_allowed")
        return value

    return check


def _procedure(name: str, text: str) -> str:
    """The national code where there is one (DOMAIN 3.4: the first eight characters count)."""
    match = NATIONAL.match(text.strip())
    return match.group() if match else words(name, text, 60)


def _tracking(name: str, text: str) -> str:
    kept = cleaned(name, text, 40)
    if not TRACKING.fullmatch(kept):
        raise BadDossier(f"{name}: letters and digits only", field=name, reason="not_allowed")
    return kept


_TIME: Final = _whole(EARLIEST, LATEST)
_WAY: Final = _one_of(get_args(Way))

CHECKS: Final[dict[str, Check]] = {
    "procedure": _procedure,
    "procedure_name": words,
    "local_status": words,
    "unit": words,
    "intake": _WAY,
    "give_back": _WAY,
    "tracking": _tracking,
    "sets": _whole(0, SETS_MAX),
    "fee": _whole(0, FEE_MAX),
    "fee_note": words,
    "received_at": _TIME,
    "due_at": _TIME,
    "term_amount": _whole(0, TERM_MAX),
    "term_unit": _one_of(("", *get_args(Unit))),
    "finished_at": _TIME,
    "returned_at": _TIME,
}
"""Field of the register → its check. Codes, statuses and services have their own, above."""

PERSONS: Final[dict[str, Check]] = dict.fromkeys(LONGEST, clean)
"""Field of an applicant → its check."""

_PAPER_KIND: Final = _one_of(get_args(PaperKind))
_PAPER_COUNT: Final = _whole(1, COUNT_MAX)


def _paper(one: Paper) -> list[Any]:
    named = words("papers", one.name)
    if not named:
        raise needed("papers")
    return [named, _PAPER_KIND("papers", one.kind), _PAPER_COUNT("papers", one.count)]


def papers_told(papers: Sequence[Paper], name: str = "papers") -> list[list[Any]]:
    """Papers as events carry them. Raises BadDossier, also for too many; ``name`` is the field it speaks of."""
    if len(papers) > PAPERS_MAX:
        raise BadDossier(f"{name}: at most {PAPERS_MAX}", field=name, reason="too_many")
    return [_paper(one) for one in papers]
