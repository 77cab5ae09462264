"""What the staff pages' scripts start with: settings they need and the state as of now."""

from typing import Any

from office import counters, issuing, journal, lines
from office.dossier_change import STEPS
from office.dossiers import DONE
from office.errors import OfficeError
from office.people import Session
from office.settings import Settings
from web.api.counters import desk_shape
from web.api.hall_views import queue_shape
from web.api.session import day_shape
from web.hall import Hall
from web.problems import page_language
from web.shapes import brief

HOLDS_MIN = (5, 10, 15, 30)
"""Minutes offered for putting a ticket aside; those above the office's limit are left out."""


def desk_data(hall: Hall, session: Session, language: str) -> dict[str, Any]:
    """The counter's page: rules, names in ``language``, the counter as it is, the clerk's day."""
    settings = hall.settings
    return {
        "me": session.person.name,
        "counter": session.counter,
        "own_services": list(settings.counter_by_id[session.counter].services),
        "services": {s.id: s.name.text(language) for s in settings.services},
        "counters": {c.id: c.name.text(language) for c in settings.counters},
        "classes": {c.id: c.name.text(language) for c in settings.discipline.classes},
        "holds": holds(settings),
        "statuses": hall.phrases.section(language, "dossier.status"),
        "rules": {
            "recall_limit": settings.turns.recall_limit,
            "recall_cooldown_s": settings.turns.recall_cooldown_s,
            "undo_s": settings.turns.undo_s,
            "max_priority_run": settings.discipline.max_priority_run,
            "preference_min": settings.discipline.preference_min,
            "prints": settings.printer.driver != "none",
        },
        "desk": desk_shape(hall, session.counter),
        "day": day_shape(hall, session.person.name),
    }


def choose_data(hall: Hall) -> dict[str, Any]:
    """The counters to choose from, as of journal ``seq``."""
    return {"queue": queue_shape(hall, full=True)}


def setup_data(hall: Hall, session: Session) -> dict[str, Any]:
    """The set-up page fetches its tables itself; it starts with the journal's place and who asks."""
    titles = {one.name: one.title.text(page_language(hall)) for one in hall.settings.cameras}
    who = {"me": session.person.name, "role": session.person.role.value}
    return {"seq": journal.head(hall.store.read())[0], "cameras": titles} | who


FORMS = (
    *("giay_tiep_nhan", "phieu_bo_sung", "phieu_tu_choi", "van_ban_xin_loi"),
    *("thong_bao_dung", "phieu_kiem_soat", "giay_bien_nhan"),
)
"""Forms of one dossier, in the order of the print dialog (DOMAIN 2.4)."""


def dossiers_data(hall: Hall, session: Session, language: str, ticket: str) -> dict[str, Any]:
    """The register's page: whose number is served (``ticket``, else that of the clerk's counter), what may be done."""
    settings = hall.settings
    return {
        "seq": journal.head(hall.store.read())[0],
        "me": session.person.name,
        "counter": session.counter if session.counter in settings.counter_by_id else "",
        "ticket": _served(hall, session.counter, ticket),
        "services": {s.id: {"name": s.name.text(language), "fields": list(s.fields)} for s in settings.services},
        "units": list(settings.dossiers.units),
        "statuses": hall.phrases.section(language, "dossier.status"),
        "steps": {status: sorted(following - {DONE}) for status, following in STEPS.items()},
        "ready": sorted(status for status, following in STEPS.items() if DONE in following),
        "forms": FORMS,
        "print_url": "/staff/dossiers/CODE/forms/KIND",
        "pdf_url": "/staff/dossiers/CODE/forms/KIND.pdf",
        "ledger_url": "/staff/dossiers/ledger",
        "ledger_file_url": "/staff/dossiers/ledger",
    }


def _served(hall: Hall, counter: str, ticket: str) -> dict[str, Any] | None:
    """The ticket asked for, else the one at the clerk's counter; None when there is neither."""
    db, settings = hall.store.read(), hall.settings
    found = None
    if ticket:
        try:
            found = issuing.find(db, ticket)
        except OfficeError:
            found = None  # an old link: the page opens without it
    elif counter in settings.counter_by_id:
        found = lines.at_counter(db, counters.find(db, settings, counter))
    return brief(found, settings, full=True) if found else None


def holds(settings: Settings) -> list[int]:
    """The minutes to offer; at least one."""
    most = settings.turns.hold_max_min
    return [minutes for minutes in HOLDS_MIN if minutes <= most] or [max(1, int(most))]
