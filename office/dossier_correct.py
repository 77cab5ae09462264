"""A clerk's corrections of what describes a dossier; not of what an act with its own paper or reason decides."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from office import dossier_change, dossier_persons, dossiers
from office.clock import local
from office.dossier_fields import papers_told
from office.dossier_merge import left_of
from office.dossier_rows import Pushed, check
from office.dossiers import Dossier, Paper
from office.errors import NeedsAct
from office.settings import Settings
from office.store import Act

DESCRIPTIVE: Final = frozenset(
    {"procedure", "procedure_name", "service", "intake", "give_back", "tracking", "sets", "fee", "fee_note"}
)
"""Columns that a clerk may correct."""

ACTS: Final = {
    "status": "status",
    "local_status": "status",
    "finished_at": "status",
    "unit": "moves",
    "due_at": "reschedule",
    "term_amount": "reschedule",
    "term_unit": "reschedule",
    "returned_at": "hand-back",
    "received_at": "",
}
"""Column → the act of the API that changes it; '' for what the receipt in somebody's hands says, which nothing does."""


def correct(
    act: Act, settings: Settings, code: str, row: Pushed, papers: Sequence[Paper] | None = None, *, actor: str
) -> Dossier:
    """Correct a dossier as ``row`` tells, and its papers when they are told; fields that are as told count for nothing.

    An applicant who was erased is entered anew by it. Raises UnknownDossier, BadDossier, NeedsAct for a field that has
    an act of its own.
    """
    dossier = dossiers.get(act.db, code)
    today = local(act.now, settings.office.zone).date()
    checked = check(settings, _of(row, dossier), today)
    changed = {name: value for name, value in checked.told.items() if value != getattr(dossier, name)}
    for name in sorted(changed.keys() - DESCRIPTIVE):
        raise NeedsAct(f"{name}: is not corrected but changed by an act", field=name, act=ACTS[name])
    person = dossier_persons.correct(act.db, dossier.key, checked.person)
    return _write(act, settings, dossier, changed, papers, person=person, actor=actor)


def tell_papers(act: Act, settings: Settings, dossier: Dossier, papers: Sequence[Paper], *, actor: str) -> Dossier:
    """Another system tells all papers of a dossier. Those that the office has added to or corrected since are old
    (office/dossier_merge.py). Raises BadDossier."""
    told = _differing(act.db, dossier.key, papers)
    if told is None or told in left_of(act.db, [dossier.key]).get(dossier.key, {}).get("papers", []):
        return dossier
    data = {"set": {}, "papers": told, "applicant": False}
    return dossier_change.write(act, settings, "dossier.corrected", dossier.key, data, actor=actor, ours=False)


def _of(row: Pushed, dossier: Dossier) -> Pushed:
    """``row`` under the code that the register has, which was confirmed when it came in."""
    return replace(row, code=dossier.code, confirmed=True)


def _write(
    act: Act, settings: Settings, dossier: Dossier, changed: dict[str, Any], papers: Sequence[Paper] | None, *,
    person: bool, actor: str,
) -> Dossier:  # fmt: skip
    told = None if papers is None else _differing(act.db, dossier.key, papers)
    if not changed and told is None and not person:
        return dossier
    data = {"set": changed, "papers": told, "applicant": person}
    return dossier_change.write(act, settings, "dossier.corrected", dossier.key, data, actor=actor)


def _differing(db: sqlite3.Connection, key: str, papers: Sequence[Paper]) -> list[list[Any]] | None:
    """The papers as events carry them; None when they are those that the register has."""
    told = papers_told(papers)
    return told if told != dossier_change.papers_kept(db, key) else None
