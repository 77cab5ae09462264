"""What each field of ours makes of the cell that holds it in somebody else's table.

A reader tells fields with their values (none for an empty cell), or raises BadCell.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from office.catalogue_text import fold
from office.dossier_cells import BadCell, Cell, identity, moment, money, phone, term, text, way, whole
from office.dossier_persons import LONGEST
from office.legacy_text import garbled
from office.settings import Settings

Values = Mapping[str, Any]
Reader = Callable[[Cell], Values]

DAY_MS: Final = 86_400_000
CODE_MAX, WORDS_MAX, TRACKING_MAX = 60, 300, 40
REMEMBERED: Final = 4000
"""Cells of which a reader remembers what it made: a table says the same few words, days and amounts again and again."""

NOTHING: Final[Values] = {}


def readers(settings: Settings, now: int) -> dict[str, Reader]:
    """A reader for each column that office/import_sections.py names; ``now`` in ms UTC tells what is yet to come."""
    persons = {name: _words(name, longest) for name, longest in LONGEST.items()}
    often = {
        **{name: _words(name, WORDS_MAX) for name in ("procedure_name", "unit", "fee_note")},
        **{name: _time(settings, name, now + DAY_MS) for name in ("received_at", "finished_at", "returned_at")},
        "procedure": _set("procedure", lambda cell: text(cell, CODE_MAX)),
        "intake": _set("intake", way),
        "give_back": _set("give_back", way),
        "sets": _set("sets", whole),
        "fee": _set("fee", money),
        "due_at": _time(settings, "due_at", None),
        "status": _status(settings),
        "field": _service(settings),
        "term": _term,
        "workdays": _workdays,
    }
    return persons | {name: lru_cache(REMEMBERED, typed=True)(reader) for name, reader in often.items()} | {
        "code": _set("code", lambda cell: text(cell, CODE_MAX)),
        "tracking": _set("tracking", lambda cell: text(cell, TRACKING_MAX)),
        "phone": _set("phone", lambda cell: phone(cell, LONGEST["phone"])),
        "id_number": _set("id_number", lambda cell: identity(cell, LONGEST["id_number"])),
    }  # fmt: skip


def _set(name: str, read: Callable[[Cell], Any]) -> Reader:
    def reader(cell: Cell) -> Values:
        found = read(cell)
        return NOTHING if found is None or found == "" else {name: found}

    return reader


def _words(name: str, longest: int) -> Reader:
    """Words that people wrote: those of an old font are refused."""

    def reader(cell: Cell) -> Values:
        if isinstance(cell, str) and (wrong := garbled(cell)) is not None:
            raise BadCell(wrong)
        found = text(cell, longest)
        return {name: found} if found else NOTHING

    return reader


def _time(settings: Settings, name: str, latest: int | None) -> Reader:
    zone = settings.office.zone

    def reader(cell: Cell) -> Values:
        found = moment(cell, zone)
        if found is None:
            return NOTHING
        if latest is not None and found > latest:
            raise BadCell("future")
        return {name: found}

    return reader


def _status(settings: Settings) -> Reader:
    """A number is national; another system's word is kept beside it. ``4 - Đang xử lý`` is both."""

    def reader(cell: Cell) -> Values:
        word = text(cell, 200)
        number, _, rest = word.partition("-")
        national: Values = NOTHING
        if number.strip().isdecimal() and len(number.strip()) < 3:
            if not 1 <= int(number) <= 10:
                raise BadCell("status_number")
            national, word = {"status": int(number)}, rest.strip()
        if word and not national and settings.dossiers.status_of(word) is None:
            raise BadCell(garbled(word) or "unknown_status")
        return {**national, "local_status": word} if word else national

    return reader


def _service(settings: Settings) -> Reader:
    """The service whose counter handles the field; of a field that nobody handles here nothing is kept."""
    services = {fold(field): service for field, service in settings.service_of_field.items()}

    def reader(cell: Cell) -> Values:
        word = text(cell, WORDS_MAX)
        wrong = garbled(word)
        if wrong is not None:
            raise BadCell(wrong)
        service = services.get(fold(word))
        return NOTHING if service is None else {"service": service}

    return reader


def _term(cell: Cell) -> Values:
    found = term(cell)
    return NOTHING if found is None else {"term_amount": found[0], "term_unit": found[1]}


def _workdays(cell: Cell) -> Values:
    found = whole(cell)
    return NOTHING if found is None else {"term_amount": found, "term_unit": "ngay_lam_viec"}
