"""What the printed forms tell of one dossier, as plain data: gathered from the register, drawn by nobody.

Every text may be empty and every moment None: the form then has a dotted line to be filled by hand. Moments are ms UTC,
money is đồng.
"""

from dataclasses import dataclass, field
from typing import Literal

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
class Paper:
    """One paper handed in: what it is, its form (``original``, ``certified``, ``copy`` or other words), copies."""

    name: str
    form: str = ""
    copies: int = 1


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
class Person:
    """Who handed the dossier in, and whose it is when that is somebody else."""

    name: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    id_number: str = ""
    owner: str = ""
    owner_address: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """One dossier as the forms see it. ``now`` dates the form; ``reason`` is what the act it follows from gave."""

    code: str
    now: int | None
    procedure: str = ""
    person: Person = field(default_factory=Person)
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
