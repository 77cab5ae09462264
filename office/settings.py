"""What an office edits, read from config/*.toml and checked before anything starts."""

import tomllib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from pydantic import Field, ValidationError, model_validator

from office.errors import ConfigurationError
from office.sections import (
    Board,
    CameraNotice,
    Counter,
    Discipline,
    Holiday,
    Hours,
    Kiosk,
    Numbering,
    Office,
    PrinterSettings,
    PriorityClass,
    Section,
    Service,
    Turns,
    VoiceSettings,
    Web,
)


class Settings(Section):
    """All of it."""

    office: Office
    hours: Hours
    holidays: tuple[Holiday, ...] = ()
    services: tuple[Service, ...] = Field(min_length=1)
    counters: tuple[Counter, ...] = Field(min_length=1)
    numbering: Numbering = Numbering()
    discipline: Discipline = Discipline()
    turns: Turns = Turns()
    kiosk: Kiosk = Kiosk()
    board: Board = Board()
    camera_notice: CameraNotice = CameraNotice()
    printer: PrinterSettings = PrinterSettings()
    voice: VoiceSettings = VoiceSettings()
    web: Web = Web()
    demo: bool = Field(False, description="set by the demo command only: screens need no pairing")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _unique("service id", (s.id for s in self.services))
        _unique("counter id", (c.id for c in self.counters))
        _unique("priority class id", (c.id for c in self.discipline.classes))
        if self.numbering.style == "letter":
            _unique("service series", (s.series for s in self.services))
        known = {s.id for s in self.services}
        for counter in self.counters:
            for service in counter.services:
                if service not in known:
                    raise ValueError(f"counter {counter.id} names service {service!r}; known: {sorted(known)}")
            _unique(f"service of counter {counter.id}", iter(counter.services))
        return self

    @cached_property
    def service_by_id(self) -> dict[str, Service]:
        """Services by their id."""
        return {s.id: s for s in self.services}

    @cached_property
    def counter_by_id(self) -> dict[str, Counter]:
        """Counters by their number."""
        return {c.id: c for c in self.counters}

    @cached_property
    def class_by_id(self) -> dict[str, PriorityClass]:
        """Priority classes by their id."""
        return {c.id: c for c in self.discipline.classes}


def _unique(what: str, names: Iterator[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{what} {name!r} stands twice")
        seen.add(name)


FILES: dict[str, tuple[str, ...]] = {
    "office.toml": (
        "office",
        "hours",
        "numbering",
        "discipline",
        "turns",
        "kiosk",
        "board",
        "camera_notice",
        "web",
    ),
    "services.toml": ("service",),
    "counters.toml": ("counter",),
    "devices.toml": ("printer", "voice"),
    "holidays.toml": ("effective_from", "day"),
}
"""Which file holds which top-level keys."""

_LISTS = {"service": "services", "counter": "counters", "day": "holidays"}


def load(folder: Path, overlay: dict[str, Any] | None = None) -> Settings:
    """Read and check the configuration in ``folder``.

    ``overlay`` replaces whole sections (the demo office uses it). Raises ConfigurationError, whose text
    names every wrong file and key and what is allowed there.
    """
    merged: dict[str, Any] = {}
    for name, allowed in FILES.items():
        for key, value in _read(folder / name, optional=name == "holidays.toml").items():
            if key not in allowed:
                raise ConfigurationError(f"{folder / name}: unknown key {key!r}; allowed: {', '.join(allowed)}")
            if key != "effective_from":
                merged[_LISTS.get(key, key)] = value
    for key, value in (overlay or {}).items():
        merged[key] = {**merged.get(key, {}), **value} if isinstance(value, dict) else value
    try:
        return Settings.model_validate(merged)
    except ValidationError as fault:
        raise ConfigurationError("\n".join(_told(folder, fault))) from fault


def _read(path: Path, *, optional: bool) -> dict[str, Any]:
    if optional and not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as fault:
        raise ConfigurationError(f"{path}: the file is missing") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ConfigurationError(f"{path}: not valid TOML: {fault}") from fault


def _told(folder: Path, fault: ValidationError) -> Iterator[str]:
    back = {new: old for old, new in _LISTS.items()}
    for error in fault.errors():
        top = str(error["loc"][0]) if error["loc"] else ""
        key = back.get(top, top)
        where = next((name for name, keys in FILES.items() if key in keys), "config")
        path = ".".join([key, *(str(part) for part in error["loc"][1:])])
        yield f"{folder / where}: {path or 'file'}: {error['msg']}"
