"""The sections of config/*.toml: every key with its limits and what it means (docs/configuration.md lists them)."""

import re
from datetime import date as Date  # noqa: N812 — a field is called date
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
CounterId = Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,4}$")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
SEASON_DAY = r"^(\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
SPAN = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$")


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as fault:
        raise ValueError(f"no time zone {name!r}; use for example Asia/Ho_Chi_Minh") from fault
    return name


def _strong_enough(colour: str) -> str:
    """Text in the office's colour on white must reach WCAG's 7:1."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    contrast = 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
    if contrast < 7:
        raise ValueError(f"{colour} has contrast {contrast:.1f}:1 on white; 7:1 is needed, choose a darker one")
    return colour


def _web_address(text: str) -> str:
    if text and not re.match(r"^https?://[!-~]{1,190}$", text):
        raise ValueError("use http://… or https://… in plain letters, 200 at most, or leave it empty")
    return text


class Section(BaseModel):
    """A part of the configuration: unknown keys are refused, values do not change while running."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Wording(Section):
    """One text in each language of the office; Vietnamese is required, others fall back to it."""

    vi: str = Field(min_length=1, max_length=200, description="Vietnamese text")
    en: str = Field("", max_length=200, description="English text; empty: the Vietnamese one is shown")

    def text(self, language: str) -> str:
        """The text in ``language``, or the Vietnamese one."""
        return str(getattr(self, language, "")) or self.vi


class Office(Section):
    """Who the office is: its names on slips and every page, address and telephone on the door page."""

    id: Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9.]{0,19}$")] = Field(
        description="agency code, for example H55.242"
    )
    name: Wording = Field(description="full name of the centre")
    parent: Wording = Field(description="the People's Committee it belongs to")
    address: str = Field("", max_length=200, description="street address")
    phone: str = Field("", max_length=40, description="telephone for questions")
    timezone: Annotated[str, AfterValidator(_known_zone)] = Field(
        "Asia/Ho_Chi_Minh", description="IANA time zone; days and number series turn over at its midnight"
    )
    languages: tuple[Annotated[str, Field(pattern=r"^[a-z]{2,3}$")], ...] = Field(
        ("vi", "en"),
        min_length=1,
        description="languages offered; the first is the default and large on the board, the second beneath",
    )
    colour: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$"), AfterValidator(_strong_enough)] = Field(
        "#8f1d1d", description="the office's own colour; must reach contrast 7:1 on white"
    )
    public_url: Annotated[str, AfterValidator(_web_address)] = Field(
        "", description="address a citizen's phone reaches this server under, printed in the QR; empty: none"
    )

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.timezone)


class Hours(Section):
    """Opening hours a weekday: a list of ``HH:MM-HH:MM`` spans in order (``24:00`` allowed as an end)."""

    mon: tuple[str, ...] = Field((), description="spans on Mondays")
    tue: tuple[str, ...] = Field((), description="spans on Tuesdays")
    wed: tuple[str, ...] = Field((), description="spans on Wednesdays")
    thu: tuple[str, ...] = Field((), description="spans on Thursdays")
    fri: tuple[str, ...] = Field((), description="spans on Fridays")
    sat: tuple[str, ...] = Field((), description="spans on Saturdays; make-up days use Monday's")
    sun: tuple[str, ...] = Field((), description="spans on Sundays")
    on_holidays: bool = Field(False, description="true: holidays do not close it (the demo office)")

    @field_validator("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    @classmethod
    def _ordered(cls, spans: tuple[str, ...]) -> tuple[str, ...]:
        last = -1
        for span in spans:
            if not SPAN.match(span):
                raise ValueError(f"{span!r} is not HH:MM-HH:MM")
            begins, ends = (int(t[:2]) * 60 + int(t[3:]) for t in span.split("-"))
            if begins <= last or ends <= begins:
                raise ValueError(f"{span!r} overlaps or runs backward")
            last = ends
        return spans

    def spans(self, weekday: Weekday) -> tuple[tuple[int, int], ...]:
        """The spans of ``weekday`` in minutes since midnight."""
        pairs = (span.split("-") for span in getattr(self, weekday))
        return tuple((int(a[:2]) * 60 + int(a[3:]), int(b[:2]) * 60 + int(b[3:])) for a, b in pairs)


class Season(Section):
    """Part of the year with hours of its own: summer and winter hours."""

    first: Annotated[str, Field(pattern=SEASON_DAY)] = Field(
        description="first day: MM-DD for every year, or YYYY-MM-DD for one"
    )
    last: Annotated[str, Field(pattern=SEASON_DAY)] = Field(
        description="last day, included, written as the first; every year: before the first it is the next year's"
    )
    service: str = Field(
        "", description="the service whose hours these are; empty: the office, and services without hours of their own"
    )
    hours: Hours = Field(description="the opening hours in it; a weekday left out is closed")

    @model_validator(mode="after")
    def _is_a_part_of_the_calendar(self) -> Self:
        if len(self.first) != len(self.last):
            raise ValueError("write first and last alike: both MM-DD, or both YYYY-MM-DD")
        days = [Date.fromisoformat(day if len(day) == 10 else f"2024-{day}") for day in (self.first, self.last)]
        if len(self.first) == 10 and days[1] < days[0]:
            raise ValueError("last lies before first")
        return self

    def covers(self, day: Date) -> bool:
        """Whether ``day`` lies in it."""
        here = day.isoformat()[-len(self.first) :]
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


class Holiday(Section):
    """One row of config/holidays.toml (kinds: DOMAIN 4.5; ``lam_bu`` is a day worked in place of another)."""

    date: Date = Field(description="the day")
    kind: Literal["nghi_le", "nghi_bu", "nghi_hoan_doi", "lam_bu"] = Field(
        description="public holiday, day off in lieu, swapped day off, or a day worked in place of another"
    )
    note: str = Field("", max_length=200, description="what it is")
    source: str = Field("", max_length=300, description="law or notice it follows from")


class Service(Section):
    """What citizens queue for, with its own number series."""

    id: Slug = Field(description="name in the API")
    name: Wording = Field(description="name on tile, slip and board")
    hint: Wording | None = Field(None, description="one line of typical matters under the name")
    series: Annotated[str, Field(pattern=r"^[A-Z]$")] = Field(
        description="letter of its numbers; prefer A C H K L X, avoid I O Q and letters that sound alike"
    )
    icon: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")] = Field(
        "file-text", description="name of an icon of the lucide set"
    )
    fields: tuple[str, ...] = Field((), description="catalogue fields it handles")
    hours: Hours | None = Field(None, description="its own opening hours, in place of the office's")
    minutes: float = Field(8, gt=0, le=240, description="expected service time until history tells better")
    saturday_counts: bool | None = Field(
        None, description="whether its Saturday hours count in deadlines; left out: as deadlines.saturday_counts"
    )


class Counter(Section):
    """A desk."""

    id: CounterId = Field(description="its number, as shown and spoken")
    name: Wording = Field(description="name or title shown on its panel")
    services: tuple[Slug, ...] = Field(min_length=1, description="services in order of preference")
    direction: Literal["left", "straight", "right"] = Field("straight", description="arrow on the board")


class Numbering(Section):
    """How numbers look."""

    style: Literal["letter", "plain"] = Field(
        "letter", description="letter: A-001, a series a service; plain: 0001, one series for the hall"
    )


class PriorityClass(Section):
    """A group served earlier (DOMAIN 2.6); its name is seen by the citizen choosing it and by clerks only."""

    id: Annotated[str, Field(pattern=r"^[A-Z][A-Z_]{1,19}$")] = Field(description="id in API and journal")
    name: Wording = Field(description="what the citizen touches")
    icon: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")] = Field("star", description="lucide icon")
    weight_min: float = Field(
        ge=0, le=240, description="minutes this class moves forward: its place is arrival time less this"
    )
    confirm: bool = Field(True, description="the clerk is asked to confirm the claim at the counter")


class Discipline(Section):
    """Who is next. Every rule is a bounded shift in minutes, so nobody is overtaken for ever."""

    classes: tuple[PriorityClass, ...] = Field((), description="priority classes")
    max_priority_run: int = Field(2, ge=1, le=20, description="priority calls in a row at a counter while others wait")
    preference_min: float = Field(
        5, ge=0, le=60, description="minutes a service falls back per step down a counter's preference order"
    )


class Turns(Section):
    """Limits on a clerk's acts."""

    recall_limit: int = Field(3, ge=0, le=20, description="recalls per call")
    recall_cooldown_s: float = Field(8, ge=0, le=120, description="seconds between calls of one number")
    undo_s: float = Field(10, ge=0, le=120, description="seconds in which a finish can be undone")
    hold_max_min: int = Field(120, ge=1, le=480, description="longest hold, minutes")
    without_counter: Literal["issue", "refuse"] = Field(
        "issue", description="whether a service without an open counter still gives numbers"
    )


class Deadlines(Section):
    """How due times are counted (DOMAIN 4.3)."""

    day_hours: float = Field(8, gt=0, le=24, description="working hours that make one working day of a term")
    cutoff: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = Field(
        "15:00", description="same-day procedures received after it are due the next working day"
    )
    calendar_end: Literal["next_working_day", "keep"] = Field(
        "next_working_day", description="a term in calendar days that ends on a day off: moved on, or kept"
    )
    saturday_counts: bool = Field(False, description="whether Saturday opening hours count as working time")
    hours: Hours | None = Field(
        None, description="working hours that deadlines are counted in, in place of the opening hours and seasons"
    )


class Kiosk(Section):
    """The citizens' screen."""

    idle_s: int = Field(60, ge=10, le=600, description="seconds without a touch until the warning")
    warn_s: int = Field(15, ge=5, le=120, description="seconds the warning stays before the screen resets")
    thanks_s: int = Field(20, ge=5, le=120, description="seconds the number stays on the screen")
    per_minute: int = Field(20, ge=1, le=600, description="numbers one kiosk may give a minute")


class Notice(Section):
    """A line on the board."""

    text: Wording = Field(description="the line")
    until: Date | None = Field(None, description="last day it is shown")


class Board(Section):
    """The hall display."""

    last_calls: int = Field(5, ge=1, le=10, description="earlier calls shown")
    notice_s: int = Field(8, ge=3, le=120, description="seconds each notice or posted procedure stays")
    theme: Literal["light", "dark"] = Field("light", description="dark for bright halls")
    notices: tuple[Notice, ...] = Field((), description="lines shown in turn")


class CameraNotice(Section):
    """What people in view of the cameras must be told (Law 91/2025/QH15 Art. 32; DOMAIN 6.3)."""

    shown: bool = Field(True, description="false where the hall has no camera; must be true with [[camera]]")
    keeper: str = Field("", max_length=120, description="who runs the cameras; empty: the office")
    days: int = Field(30, ge=1, le=3650, description="days footage is kept: told to people, and purged after them")
    contact: str = Field("", max_length=120, description="whom to ask")


class PrinterSettings(Section):
    """The ticket printer."""

    driver: Literal["none", "network", "usb", "serial", "cups", "windows"] = Field(
        "none", description="how the printer is reached; none: no slips"
    )
    host: str = Field("127.0.0.1", description="network: address")
    port: int = Field(9100, ge=1, le=65535, description="network: raw port")
    vendor_id: int = Field(0x04B8, ge=0, le=0xFFFF, description="usb: vendor id")
    product_id: int = Field(0x0202, ge=0, le=0xFFFF, description="usb: product id")
    device: str = Field("", description="serial: /dev/ttyUSB0 or COM3")
    baudrate: int = Field(115200, ge=1200, le=921600, description="serial: speed")
    queue: str = Field("", description="cups or windows: name of the print queue")
    width_mm: Literal[58, 80] = Field(80, description="paper width")
    profile: str = Field("RP-F10-80mm", description="python-escpos profile; must match the paper's dots")
    timeout_s: float = Field(3, gt=0, le=30, description="seconds until a silent printer counts as offline")
    stale_min: float = Field(10, gt=0, le=240, description="minutes after which a slip is given up")
    answers: bool = Field(
        True, description="false where the printer never answers questions: slips are sent unasked and unconfirmed"
    )
    retry_s: float = Field(2, gt=0, le=60, description="seconds between looks at a printer in trouble")
    native_qr: bool = Field(False, description="let the printer draw the QR (slow serial lines)")
    cut: bool = Field(True, description="false where the printer has no cutter")


class VoiceSettings(Section):
    """The voice that speaks calls."""

    driver: Literal["none", "pyttsx3"] = Field("pyttsx3", description="speech engine; none: chime or clips only")
    output: Literal["board", "server", "none"] = Field(
        "board", description="who plays it: the board's browser, the server's loudspeaker, nobody"
    )
    languages: tuple[str, ...] = Field(("vi",), description="languages of a call, spoken in this order")
    reading: Literal["digits", "words"] = Field("digits", description="digit by digit, or number words")
    region: Literal["north", "south"] = Field("north", description="linh/nghìn/tư or lẻ/ngàn/bốn")
    wording: Literal["default", "formal", "short"] = Field("default", description="DOMAIN 8.2")
    voice_id: str = Field("", description="engine's voice id; empty: its Vietnamese voice")
    rate: int = Field(140, ge=60, le=300, description="words a minute")
    repeat: int = Field(2, ge=1, le=3, description="times the sentence is spoken")
    brief: bool = Field(True, description="a call that others wait behind is spoken once, after a short chime")
    gap_s: float = Field(0.65, ge=0, le=3, description="silence between repeats")
    chime: bool = Field(True, description="a chime first")
    pack: str = Field("", description="folder of recorded clips; empty: the engine speaks")
    timeout_s: float = Field(8, gt=0, le=60, description="seconds after which a silent engine is ended")
    stale_s: float = Field(90, gt=0, le=900, description="a call older than this is no longer spoken")


class Web(Section):
    """The server itself."""

    threads: int = Field(96, ge=8, le=256, description="worker threads")
    streams: int = Field(72, ge=2, le=240, description="event streams at once; must stay below threads")
    body_max: int = Field(1_000_000, ge=1000, le=50_000_000, description="largest request body, bytes")
    secure_cookies: bool = Field(False, description="true behind HTTPS: cookies are never sent in the clear")
    session_hours: float = Field(12, gt=0, le=72, description="hours a sign-in lasts")
    sign_in_tries: int = Field(
        5, ge=1, le=50, description="wrong passwords for a name from one address before it must wait"
    )
    sign_in_wait_s: int = Field(300, ge=1, le=86400, description="how long it must wait")

    @model_validator(mode="after")
    def _room_for_requests(self) -> Self:
        if self.streams >= self.threads:
            raise ValueError("streams must be fewer than threads")
        return self
