"""Dossiers in a rehearsed register: received at the counter, or brought by another system into a status."""

from typing import Any

from office import dossier_intake
from office.clock import rfc3339
from office.dossier_intake import Intake
from office.dossier_rows import Pushed, put
from office.dossiers import Dossier
from tools.rehearsal import Hall

CLERK = "person:lan"
CODE = "H55.242-261110-0001"
BY: dict[str, Any] = {"actor": CLERK}


def received(hall: Hall, **more: Any) -> Dossier:
    """A dossier received at the counter now, five working days; ``more`` of office.dossier_intake.Intake."""
    told: dict[str, Any] = {"procedure_name": "Thủ tục mẫu", "term_amount": 5, "term_unit": "ngay_lam_viec"}
    return hall.do(dossier_intake.receive, Intake(**(told | more)), actor=CLERK)


def in_status(hall: Hall, status: int, **more: Any) -> Dossier:
    """A dossier that another system has brought into ``status``."""
    told: dict[str, Any] = {"procedure_name": "Thủ tục mẫu", "due_at": hall.moment("2026-11-30 17:00")}
    row = Pushed(code=CODE, status=status, **(told | more))
    return hall.do(put, CODE, row, actor="key:tinh")[0]


def day(hall: Hall, at: int | None) -> str:
    """``at`` as local wall time to the minute. Raises AssertionError when there is none."""
    if at is None:
        raise AssertionError("no moment is known")
    return rfc3339(at, hall.settings.office.zone)[:16]
