"""Rows of other systems against what the office itself has done since: which of the two counts, column by column.

When the office changes a column, the value it leaves behind is kept with the dossier (``Left``). A row that tells
such a value is older than the office's act, and the column stays as it is. Any other value is news and counts. A
status is news only if it is no earlier stage than the office has reached. An older file is known as such even after a
newer one has agreed with the office, or told news: what was left is not forgotten. Only a unit that both agree on may
be told again, for dossiers go to and fro between units; and a push as it happens is never older than what it agrees
with. When the office itself ended a dossier or handed its result over stays whatever day a row tells. What the office
never changed is the other system's alone, but that no file takes back that a result was handed over.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from office.clock import is_day, local
from office.dossiers import DONE, FEE_DUE, IN_PROCESS, NEW, RECEIVED, RETURNED, STOPPED, SUPPLEMENT

Left = dict[str, list[Any]]
"""Column → the values that the office has changed it from."""

TELLABLE: Final = frozenset(
    {"procedure", "procedure_name", "service", "status", "unit", "intake", "give_back", "tracking", "sets", "fee"}
    | {"fee_note", "received_at", "due_at", "term_amount", "term_unit", "papers"}
)
"""Columns that other systems tell and the office may change, and all papers handed in."""

WITH_STATUS: Final = ("status", "local_status", "finished_at", "returned_at")
"""What belongs to one status: an old status does not bring its ends along."""

ENDS: Final = ("finished_at", "returned_at")
"""Days of which no hour is made up: they are compared by days alone. One that the office's own act has set stays: it is
when the act was done."""

TO_AND_FRO: Final = "unit"
"""A column that takes the same value again and again."""

TIMES: Final = frozenset({"received_at", "due_at", "finished_at", "returned_at"})

_STAGES: Final = {NEW: 0, RECEIVED: 1, IN_PROCESS: 2, SUPPLEMENT: 3, FEE_DUE: 3, STOPPED: 3, DONE: 4}
_ENDED: Final = 5


@dataclass(frozen=True, slots=True)
class Merged:
    """What of a row counts: ``told``; ``left`` when less of it is to be remembered; ``ours`` whether something old
    was passed over."""

    told: dict[str, Any]
    left: Left | None
    ours: bool


def left_of(db: sqlite3.Connection, keys: Sequence[str]) -> dict[str, Left]:
    """What the office has left behind, of those dossiers of which it has."""
    marks = ",".join("?" * len(keys))
    sql = f"SELECT dossier, columns FROM dossier_left WHERE dossier IN ({marks})"  # noqa: S608 — question marks
    return {key: json.loads(columns) for key, columns in db.execute(sql, list(keys))}


def leaving(left: Left, before: Mapping[str, Any], changed: Mapping[str, Any]) -> Left:
    """``left`` after the office has ``changed`` a dossier that was as ``before``.

    An end that it takes back (done too soon) is not remembered: the other system may well say it again. One that its
    own act sets is.
    """
    after = {name: list(values) for name, values in left.items()}
    for name in sorted(TELLABLE & changed.keys()):
        old = before[name]
        if old != changed[name] and (name, old) != ("status", DONE) and old not in after.get(name, []):
            after.setdefault(name, []).append(old)
    for name in (name for name in ENDS if name in changed):
        if changed[name] is None:
            after.pop(name, None)
        elif _own_end(name, before, changed):
            after[name] = [None]
    return after


def _own_end(name: str, before: Mapping[str, Any], changed: Mapping[str, Any]) -> bool:
    """Whether the office's act is that end. When one that is done is handed back, its processing ended before: the day
    of that is the other system's to tell (DOMAIN 4.4)."""
    return bool(changed[name] != before[name] and (name != "finished_at" or before["status"] != DONE))


def merged(
    told: Mapping[str, Any], left: Left, ours: Mapping[str, Any], zone: ZoneInfo, *, live: bool = False
) -> Merged:
    """What of the row ``told`` counts for a dossier that is as ``ours``.

    ``live``: it is pushed as it happens; otherwise a file's day without an hour stands for any moment of that day.
    """
    kept, rest = dict(told), dict(left)
    if not live and ours["status"] == RETURNED != told.get("status", RETURNED):
        _drop(kept, "status")
    for name in left.keys() & kept.keys():
        value = told[name]
        same = _alike(name, value, ours[name], zone, live=live)
        old = any(_alike(name, value, one, zone, live=live) for one in left[name])
        if not same and (old or name in ENDS or (name == "status" and _stage(value) < _stage(ours[name]))):
            _drop(kept, name)
        elif name in ENDS:
            continue
        elif live or name == TO_AND_FRO:  # else an older file may still come
            del rest[name]
    return Merged(kept, rest if rest != left else None, len(kept) < len(told))


def _drop(kept: dict[str, Any], name: str) -> None:
    for gone in WITH_STATUS if name == "status" else (name,):
        kept.pop(gone, None)


def same_day(name: str, told: int, known: int | None, zone: ZoneInfo) -> bool:
    """Whether a time told as a day alone is the day of the moment known."""
    if name not in TIMES or known is None or not is_day(told, zone):
        return False
    return local(told, zone).date() == local(known, zone).date()


def _alike(name: str, told: Any, known: Any, zone: ZoneInfo, *, live: bool) -> bool:
    return bool(told == known or (not live and same_day(name, told, known, zone)))


def _stage(status: int) -> int:
    """How far a status is; statuses that end a dossier are the last."""
    return _STAGES.get(status, _ENDED)
