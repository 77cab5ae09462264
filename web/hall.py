"""The running office, as every face sees it."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from office.clips import Clip, Exported
from office.doors import KeyRing
from office.dossier_import import Progress, Report
from office.footage import Coverage
from office.form_parts import Page
from office.phrases import Phrases
from office.settings import Settings
from office.store import Store
from office.watching import Wish
from web.guesses import Guesses
from web.inbox import Inbox
from web.passwords import Argon2
from web.pulse import Pulse
from web.rates import Rates


@dataclass(frozen=True, slots=True)
class Footage:
    """What cameras saw: ``cover`` (camera, first moment, last) → what there is of it, ``clip`` the same → a file that
    plays it, ``picture`` (camera, moment) → a small JPEG;
    ``export`` (what, who, whether masks are drawn) → a ZIP that is gone after the block unless it was kept,
    ``exported`` id → a ZIP that was kept; ``alarm`` (camera, moment) → a picture kept of an alarm.

    They raise NoFootage, FootageBusy, CutFailed, FootageTooLong.
    """

    cover: Callable[[str, int, int], Coverage]
    clip: Callable[[str, int, int], Clip]
    picture: Callable[[str, int], bytes]
    export: Callable[[Wish, str, bool], AbstractContextManager[Exported]] | None = None
    exported: Callable[[str], Path | None] = lambda _: None
    alarm: Callable[[str, int], Path | None] = lambda _camera, _moment: None


Health = Callable[[], dict[str, Any]]
"""Answers a device's state: at least ``state`` (ok, trouble, off) and, in trouble, ``reason``."""


@dataclass
class Hall:
    """What the composition root hands to each face.

    ``devices`` name → its health; ``clip`` name → sound file of an announcement, ``spoken`` (phrase key, language) →
    sound file of a spoken help, ``spoken_number`` (ticket number, language) → sound file that tells it, all None when
    there is none; ``read_picture`` bytes of a picture → symbology and text of each code in it, None where nothing can
    read pictures; ``pdf`` (kind of form, dossier code, paper) → the form as PDF, ``ledger`` (first day, last day,
    ``pdf`` or ``xlsx``) → the ledger as a file, both None where nothing can print forms; ``import_dossiers`` (file,
    who brings it, whether unknown codes are confirmed) → what its import did, None where nothing imports,
    ``importing`` how far one is; ``footage`` of the cameras, None without any; ``demo`` extra lines for the door page.
    """

    settings: Settings
    phrases: Phrases
    store: Store
    pulse: Pulse
    keys: KeyRing = field(init=False)
    passwords: Argon2 = field(default_factory=Argon2)
    rates: Rates = field(default_factory=Rates)
    guesses: Guesses = field(default_factory=Guesses)
    inbox: Inbox = field(default_factory=Inbox)
    devices: dict[str, Health] = field(default_factory=dict)
    clip: Callable[[str], Path | None] = lambda _: None
    spoken: Callable[[str, str], Path | None] = lambda _key, _language: None
    spoken_number: Callable[[str, str], Path | None] = lambda _number, _language: None
    read_picture: Callable[[bytes], list[tuple[str, str]]] | None = None
    pdf: Callable[[str, str, Page | None], bytes] | None = None
    ledger: Callable[[date, date, str], bytes] | None = None
    import_dossiers: Callable[[Path, str, bool], Report] | None = None
    importing: Callable[[], Progress | None] = lambda: None
    footage: Footage | None = None
    demo: dict[str, Any] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.keys = KeyRing(self.store)
