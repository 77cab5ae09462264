"""What the staff pages' scripts start with: settings they need and the state as of now."""

from typing import Any

from office import journal
from office.people import Session
from office.settings import Settings
from web.api.counters import desk_shape
from web.api.hall_views import queue_shape
from web.api.session import day_shape
from web.hall import Hall

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
    return {"seq": journal.head(hall.store.read())[0], "me": session.person.name}


def holds(settings: Settings) -> list[int]:
    """The minutes to offer; at least one."""
    most = settings.turns.hold_max_min
    return [minutes for minutes in HOLDS_MIN if minutes <= most] or [max(1, int(most))]
