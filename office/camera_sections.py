"""The sections of cameras and of kept footage: ``[[camera]]`` in devices.toml, ``[footage]`` in office.toml."""

import os
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from office.sections import Section, Slug, Wording

SourceKind = Literal["rtsp", "usb", "hikvision", "dahua", "onvif"]
RECORDERS = ("hikvision", "dahua", "onvif")
"""Sources whose footage stays on a recorder of their own (NVR): nothing is recorded here."""

Share = Annotated[float, Field(ge=0, le=1)]


class Cover(Section):
    """What a camera sees, and when: a camera moved in March still explains February."""

    counter: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{0,4}$")] = Field(
        "", description="number of the counter it sees; empty: the whole hall, so every counter"
    )
    since: date | None = Field(None, description="first local day; empty: from the beginning")
    until: date | None = Field(None, description="last local day; empty: until now")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise ValueError(f"until ({self.until}) lies before since ({self.since})")
        return self


class Mask(Section):
    """A rectangle that is blacked out in exported clips, in shares of the picture's width and height."""

    left: Share = Field(description="left edge, 0 to 1")
    top: Share = Field(description="upper edge, 0 to 1")
    width: Annotated[float, Field(gt=0, le=1)] = Field(description="width, 0 to 1")
    height: Annotated[float, Field(gt=0, le=1)] = Field(description="height, 0 to 1")


class CameraSettings(Section):
    """A camera, or a channel of a recorder (NVR)."""

    name: Slug = Field(description="its name in addresses, folders, the health report and the journal")
    title: Wording = Field(description="what the supervisor reads, for example Quầy 1 nhìn từ trên")
    source: SourceKind = Field(
        "rtsp",
        description="rtsp, usb: recorded here; hikvision, dahua, onvif: footage stays on that recorder and is fetched",
    )
    address: str = Field(
        min_length=1,
        max_length=300,
        description="rtsp: rtsp://HOST:554/PATH without name and password; usb: its number; recorders: HOST[:PORT]",
    )
    user: str = Field("", max_length=60, description="sign-in name at the camera or recorder")
    password: str = Field("", max_length=120, repr=False, description="its password; or password_env")
    password_env: str = Field("", max_length=60, description="environment variable that holds the password")
    channel: int = Field(1, ge=1, le=256, description="recorders: channel")
    control_port: int = Field(
        80, ge=1, le=65535, description="port of its web service: asked for its clock, onvif also for footage"
    )
    offset_s: float = Field(
        0,
        ge=-86400,
        le=86400,
        description="how many seconds the source's clock is ahead of the office's, where measured",
    )
    covers: tuple[Cover, ...] = Field((Cover(),), min_length=1, description="what it sees, and when")
    masks: tuple[Mask, ...] = Field((), max_length=20, description="rectangles blacked out in exported clips")
    retired: bool = Field(
        False,
        description="it hangs no more: not recorded, not checked; what it saw is shown until its days are over",
    )
    timeout_s: float = Field(
        2.5, ge=0.5, le=30, description="seconds without a packet until the stream counts as stalled"
    )

    @property
    def secret(self) -> str:
        """The password, wherever it is kept; empty when the variable is not set."""
        return os.environ.get(self.password_env, "") if self.password_env else self.password

    @property
    def recorded(self) -> bool:
        """Whether it is recorded here."""
        return self.source not in RECORDERS

    @property
    def recording(self) -> bool:
        """Whether it is to be recorded here now."""
        return self.recorded and not self.retired

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.source == "rtsp" and not self.address.startswith(("rtsp://", "rtsps://")):
            raise ValueError(f"{self.address!r} is no stream; use rtsp://HOST:554/PATH")
        if "@" in self.address:
            raise ValueError("write name and password into user and password (or password_env), not into the address")
        if self.source == "usb" and not self.address.isdecimal():
            raise ValueError(f"{self.address!r} is no USB camera; use its number, 0 for the first")
        if self.password and self.password_env:
            raise ValueError("password or password_env, one of the two")
        if self.retired and any(cover.until is None for cover in self.covers):
            raise ValueError("retired: give each of its covers an until, the last day on which it saw that")
        return self


class FootageSettings(Section):
    """How footage is kept and shown. How many days it is kept is ``camera_notice.days``: what people are told is so."""

    folder: str = Field(
        "footage",
        min_length=1,
        max_length=300,
        description="where pieces are kept; below the data folder unless absolute",
    )
    piece_s: int = Field(10, ge=2, le=60, description="length of a piece, seconds; it ends at the next keyframe")
    disk_share: float = Field(
        0.85, gt=0.05, le=0.98, description="share of the disk that may be full; above it the oldest pieces are purged"
    )
    alarm_share: float = Field(0.8, gt=0.05, le=0.98, description="share of the disk from which an alarm is given")
    pre_roll_s: int = Field(15, ge=0, le=600, description="seconds shown before a moment of the log")
    post_roll_s: int = Field(30, ge=5, le=600, description="seconds shown after it")
    view_min: int = Field(60, ge=5, le=720, description="minutes for which a given reason lets footage be watched")
    hold_days: int = Field(
        60, ge=1, le=3650, description="days an automatic hold keeps footage (complaint, lowest rating)"
    )
    exports_gb: int = Field(
        20, ge=1, le=10_000, description="most that all exports kept may take, GB (10^9 bytes); more is refused"
    )
    eyes_s: int = Field(
        60, ge=5, le=3600, description="seconds between two looks at each camera's picture; covered, black, frozen …"
    )

    leap_days: int = Field(
        3,
        ge=1,
        le=365,
        description="a clock that leaps ahead by more days than this deletes no footage by age for a day",
    )

    @model_validator(mode="after")
    def _alarm_first(self) -> Self:
        if self.alarm_share > self.disk_share:
            raise ValueError("alarm_share must not exceed disk_share: the alarm comes first")
        return self
