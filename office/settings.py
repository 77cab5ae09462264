"""What an office edits, read from config/*.toml and checked before anything starts."""

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Self, get_args

from pydantic import Field, ValidationError, model_validator

from office.camera_sections import CameraSettings, FootageSettings
from office.dossier_sections import Dossiers
from office.errors import ConfigurationError
from office.form_settings import FormSettings
from office.scan_sections import ScannerSettings, Scans
from office.sections import (
    Board,
    CameraNotice,
    Counter,
    Deadlines,
    Discipline,
    Holiday,
    Hours,
    Kiosk,
    Numbering,
    Office,
    PrinterSettings,
    PriorityClass,
    Season,
    Section,
    Service,
    Turns,
    VoiceSettings,
    Web,
    Wording,
)
from office.toml_file import read_toml
from office.workday import Calendar, calendar
from office.worktime import Worktime


class Misfit(ValueError):
    """Two parts that are right each for itself do not fit; ``key`` is where to mend it."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key = key


class Settings(Section):
    """All of it."""

    office: Office
    hours: Hours
    seasons: tuple[Season, ...] = ()
    deadlines: Deadlines = Deadlines()
    holidays: tuple[Holiday, ...] = ()
    holidays_from: date | None = Field(None, description="first day the table speaks for; earlier ones are not known")
    holidays_until: date | None = Field(
        None, description="last day whose official days off are all entered; a due time after it is marked as uncertain"
    )
    services: tuple[Service, ...] = Field(min_length=1)
    field_names: tuple[Wording, ...] = Field((), description="catalogue fields in another language")
    counters: tuple[Counter, ...] = Field(min_length=1)
    numbering: Numbering = Numbering()
    discipline: Discipline = Discipline()
    turns: Turns = Turns()
    kiosk: Kiosk = Kiosk()
    board: Board = Board()
    camera_notice: CameraNotice = CameraNotice()
    cameras: tuple[CameraSettings, ...] = ()
    footage: FootageSettings = FootageSettings()
    printer: PrinterSettings = PrinterSettings()
    voice: VoiceSettings = VoiceSettings()
    forms: FormSettings = FormSettings()
    web: Web = Web()
    dossiers: Dossiers = Dossiers()
    scans: Scans = Scans()
    scanners: tuple[ScannerSettings, ...] = ()
    demo: bool = Field(False, description="set by the demo command only: screens need no pairing")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _unique("services", "id", (s.id for s in self.services))
        _unique("counters", "id", (c.id for c in self.counters))
        _unique("discipline.classes", "id", (c.id for c in self.discipline.classes))
        if self.numbering.style == "letter":
            _unique("services", "series", (s.series for s in self.services))
        for language in self.voice.languages:
            if language not in self.office.languages:
                raise Misfit(
                    "voice.languages",
                    f"{language!r} is not among office.languages; allowed: {', '.join(self.office.languages)}",
                )
        known = {s.id for s in self.services}
        for n, counter in enumerate(self.counters):
            where = f"counters.{n}.services"
            for service in counter.services:
                if service not in known:
                    raise Misfit(where, f"no service {service!r}; allowed: {', '.join(sorted(known))}")
            _unique(where, "", iter(counter.services))
        self._every_service_is_served()
        self._scans_fit(known)
        self._times_fit(known)
        self._cameras_fit()
        return self

    def _every_service_is_served(self) -> None:
        """A service without a counter would give numbers that nobody ever calls; a field has one service."""
        served = {service for counter in self.counters for service in counter.services}
        for n, service in enumerate(self.services):
            if service.id not in served:
                raise Misfit(f"services.{n}.id", f"no counter serves {service.id!r}; name it in counters.toml")
        _unique("services", "fields", (field for service in self.services for field in service.fields))
        _unique("field_names", "vi", (one.vi for one in self.field_names))

    def _scans_fit(self, known: set[str]) -> None:
        """Every reader has a name and a line of its own; what a scan leads to is there."""
        _unique("scanners", "name", (one.name for one in self.scanners))
        _unique("scanners", "device", (one.device for one in self.scanners))
        for n, one in enumerate(self.scanners):
            if one.counter and one.counter not in {c.id for c in self.counters}:
                allowed = ", ".join(c.id for c in self.counters)
                raise Misfit(f"scanners.{n}.counter", f"no counter {one.counter!r}; allowed: {allowed}")
        for key in {"collect_service", "ask_service"} & self.scans.model_fields_set:
            if (service := getattr(self.scans, key)) and service not in known:
                raise Misfit(f"scans.{key}", f"no service {service!r}; allowed: {', '.join(sorted(known))}")

    def _cameras_fit(self) -> None:
        """A camera has a name of its own, and people are told of it. It may have seen a counter that is no more."""
        _unique("cameras", "name", (one.name for one in self.cameras))
        if self.cameras and not self.camera_notice.shown:
            told = "people in view must be told of the cameras in devices.toml (DOMAIN 6.3); allowed: true"
            raise Misfit("camera_notice.shown", told)

    def _times_fit(self, known: set[str]) -> None:
        """A season belongs to the office or to a service; the holiday table has no row before its first day."""
        for n, season in enumerate(self.seasons):
            if season.service and season.service not in known:
                allowed = ", ".join(sorted(known))
                raise Misfit(f"seasons.{n}.service", f"no service {season.service!r}; allowed: {allowed}")
        for n, row in enumerate(self.holidays):
            if self.holidays_from and row.date < self.holidays_from:
                raise Misfit(f"holidays.{n}.date", f"{row.date} lies before effective_from, {self.holidays_from}")

    @cached_property
    def service_by_id(self) -> dict[str, Service]:
        """Services by their id."""
        return {s.id: s for s in self.services}

    @cached_property
    def counter_by_id(self) -> dict[str, Counter]:
        """Counters by their number."""
        return {c.id: c for c in self.counters}

    @cached_property
    def calendars(self) -> dict[str, Calendar]:
        """A service's id → when it is open: its own hours, or the hall's, with seasons and holidays."""
        return {
            s.id: calendar(s.hours or self.hours, self.holidays, self.office.zone, self._seasons_of(s))
            for s in self.services
        }

    @cached_property
    def worktimes(self) -> dict[str, Worktime]:
        """A service's id, or "" for the office → the working time its deadlines are counted in (DOMAIN 4.3).

        Holidays never count, whatever the hours say; Saturdays where a setting says so; Sundays only as make-up days.
        """
        ordinary = self.deadlines.saturday_counts
        counted = {"": self._worktime(self.hours, self._seasons_of(None), ordinary)}
        for s in self.services:
            saturdays = ordinary if s.saturday_counts is None else s.saturday_counts
            counted[s.id] = self._worktime(s.hours or self.hours, self._seasons_of(s), saturdays)
        return counted

    def _worktime(self, hours: Hours, seasons: tuple[Season, ...], saturdays: bool) -> Worktime:
        closed: dict[str, Any] = {"sun": (), "on_holidays": False} | ({} if saturdays else {"sat": ()})
        if self.deadlines.hours is not None:
            hours, seasons = self.deadlines.hours, ()
        worked = tuple(s.model_copy(update={"hours": s.hours.model_copy(update=closed)}) for s in seasons)
        return Worktime(calendar(hours.model_copy(update=closed), self.holidays, self.office.zone, worked))

    def _seasons_of(self, service: Service | None) -> tuple[Season, ...]:
        """The seasons of ``service``: its own, over the office's if its hours are the office's (None: the office)."""
        own = tuple(s for s in self.seasons if service is not None and s.service == service.id)
        return own if service is not None and service.hours else (*(s for s in self.seasons if not s.service), *own)

    @cached_property
    def service_of_field(self) -> dict[str, str]:
        """Catalogue field → the id of the service that handles it."""
        return {field: service.id for service in self.services for field in service.fields}

    @cached_property
    def _field_names(self) -> dict[str, Wording]:
        return {one.vi: one for one in self.field_names}

    def field_words(self, field: str, language: str) -> tuple[str, str]:
        """A catalogue field's name for readers of ``language``, and which language it is in: Vietnamese if need be."""
        told = getattr(self._field_names.get(field), language, "")
        return (str(told), language) if told else (field, "vi")

    @cached_property
    def camera_by_name(self) -> dict[str, CameraSettings]:
        """Cameras by their name."""
        return {one.name: one for one in self.cameras}

    @cached_property
    def class_by_id(self) -> dict[str, PriorityClass]:
        """Priority classes by their id."""
        return {c.id: c for c in self.discipline.classes}


def _unique(where: str, key: str, names: Iterator[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise Misfit(where, f"{key or 'service'} {name!r} stands twice; each may stand once")
        seen.add(name)


FILES: dict[str, tuple[str, ...]] = {
    "office.toml": (
        "office",
        "hours",
        "season",
        "deadlines",
        "numbering",
        "discipline",
        "turns",
        "kiosk",
        "board",
        "camera_notice",
        "footage",
        "forms",
        "scans",
        "web",
    ),
    "services.toml": ("service", "field"),
    "counters.toml": ("counter",),
    "devices.toml": ("printer", "voice", "scanner", "camera"),
    "dossiers.toml": ("dossiers",),
    "holidays.toml": ("effective_from", "known_until", "day"),
}
"""Which file holds which top-level keys."""

MAY_LACK = ("holidays.toml", "dossiers.toml")

NAMES = {
    "service": "services",
    "field": "field_names",
    "counter": "counters",
    "scanner": "scanners",
    "camera": "cameras",
    "season": "seasons",
    "day": "holidays",
    "effective_from": "holidays_from",
    "known_until": "holidays_until",
}
"""What a top-level key is called in Settings, where that is another name."""


def load(folder: Path, overlay: dict[str, Any] | None = None) -> Settings:
    """Read and check the configuration in ``folder``.

    ``overlay`` replaces whole sections (the demo office uses it). Raises ConfigurationError, whose text
    names every wrong file and key and what is allowed there.
    """
    merged = _merged(folder)
    for key, value in (overlay or {}).items():
        below = merged.get(key, {})
        if not isinstance(value, dict):
            merged[key] = value
        elif isinstance(below, dict):  # else the file's own mistake is told
            merged[key] = {**below, **value}
    try:
        return Settings.model_validate(merged)
    except ValidationError as fault:
        raise ConfigurationError("\n".join(_told(folder, fault))) from fault


def _merged(folder: Path) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for name, allowed in FILES.items():
        path = folder / name
        if name in MAY_LACK and not path.exists():
            continue
        for key, value in read_toml(path).items():
            if key not in allowed:
                raise ConfigurationError(f"{path}: unknown key {key!r}; allowed: {', '.join(allowed)}")
            merged[NAMES.get(key, key)] = value
    return merged


def _told(folder: Path, fault: ValidationError) -> Iterator[str]:
    back = {new: old for old, new in NAMES.items()}
    for error in fault.errors():
        cause = error.get("ctx", {}).get("error")
        loc = cause.key.split(".") if isinstance(cause, Misfit) else [str(part) for part in error["loc"] or ("?",)]
        message = error["msg"].removeprefix("Value error, ")
        if error["type"] == "extra_forbidden":
            message = f"unknown key; allowed: {', '.join(_allowed(loc[:-1]))}"
        key = back.get(loc[0], loc[0])
        where = next((name for name, keys in FILES.items() if key in keys), "config")
        yield f"{folder / where}: {'.'.join([key, *loc[1:]])}: {message}"


def _allowed(path: list[str]) -> list[str]:
    """The keys of the section at ``path``; positions in lists are passed over."""
    section: type[Section] = Settings
    for step in path:
        if not step.isdigit():
            section = next(_sections(section.model_fields[step].annotation))
    return list(section.model_fields)


def _sections(annotation: Any) -> Iterator[type[Section]]:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        yield annotation
    for part in get_args(annotation):
        yield from _sections(part)
