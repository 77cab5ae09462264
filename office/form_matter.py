"""What the printed forms tell of one dossier, as plain data: gathered from the register, drawn by nobody.

Every text may be empty and every moment None: the form then has a dotted line to be filled by hand. Moments are ms UTC,
money is đồng.
"""

from dataclasses import dataclass
from typing import Literal

from office.dossiers import NOBODY, Applicant, Paper
from office.form_parts import Page

Result = Literal["", "early", "on_time", "late"]


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who issues the forms, and what the office decides about them (``[forms]`` of config/office.toml)."""

    parent: str
    office: str
    telephone: str = ""
    place: str = ""
    book: str = ""
    basis: str = ""
    lookup_url: str = ""
    page: Page = "A5"


@dataclass(frozen=True, slots=True)
class Missing:
    """One paper to be added or put right, and why."""

    name: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HandOver:
    """One hand-over between units."""

    giver: str
    receiver: str
    at: int | None
    result: Result = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """One dossier as the forms see it. ``now`` dates the form; ``reason`` is what the act it follows from gave."""

    code: str
    now: int | None
    procedure: str = ""
    person: Applicant = NOBODY
    papers: tuple[Paper, ...] = ()
    sets: int | None = None
    fee: int | None = None
    fee_note: str = ""
    term: tuple[int, str] | None = None
    """Amount and unit (``gio``, ``ngay``, ``ngay_lam_viec``) of the statutory time."""
    received_at: int | None = None
    due_at: int | None = None
    old_due_at: int | None = None
    """What ``due_at`` was before it was put off."""
    returned_at: int | None = None
    give_back: str = ""
    """``counter``, ``post`` or ``online``."""
    tracking: str = ""
    missing: tuple[Missing, ...] = ()
    reason: str = ""
    hand_overs: tuple[HandOver, ...] = ()
    unit: str = ""
    """The unit that leads, empty for the office itself."""
    serial: str = ""
    """Its number in the ledger."""
