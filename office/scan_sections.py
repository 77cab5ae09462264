"""The sections of readers and of what a scan leads to: ``[[scanner]]`` in devices.toml, ``[scans]`` in office.toml."""

from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from office.sections import Section, Slug


class ScannerSettings(Section):
    """A reader at the server's side. (One that types like a keyboard needs no entry: its page listens to it.)"""

    name: Slug = Field(description="its name in the health report and the journal")
    driver: Literal["serial", "lens"] = Field(
        description="serial: a scanner that sends text; lens: a camera's pictures"
    )
    device: str = Field(
        min_length=1,
        max_length=300,
        description="serial: /dev/serial/by-id/…, COM3 or socket://HOST:PORT; lens: number of a USB camera, rtsp://…,"
        " or a video file",
    )
    screen: str = Field("", max_length=60, description="pairing name of the kiosk that acts on what it reads")
    counter: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{0,4}$")] = Field(
        "", description="number of the counter whose page acts on what it reads"
    )
    baudrate: int = Field(9600, ge=1200, le=921600, description="serial: speed")
    suffix: bool = Field(True, description="serial: whether a code ends with Enter; false: with a short pause")
    fps: float = Field(12, ge=1, le=60, description="lens: pictures looked at in a second")
    timeout_s: float = Field(10, ge=1, le=60, description="lens: seconds without a picture until it counts as lost")

    @model_validator(mode="after")
    def _belongs_to_one(self) -> Self:
        if bool(self.screen) == bool(self.counter):
            raise ValueError("name the kiosk (screen) or the counter that acts on what it reads, one of the two")
        if self.driver == "serial" and self.device.isdecimal():
            raise ValueError(f"{self.device!r} is no serial port; use /dev/serial/by-id/…, COM3 or socket://HOST:PORT")
        return self


class Limits(NamedTuple):
    """How often one caller may scan: in a minute, of that pictures, and unknown codes in five minutes."""

    per_minute: int
    pictures: int
    guesses: int


class Scans(Section):
    """What a scan may lead to, and how often."""

    collect_service: str = Field(
        "tra-ket-qua", description="service that hands results over; a finished dossier gets a number there"
    )
    ask_service: str = Field(
        "huong-dan", description="service for whoever must speak to a clerk; empty: no number is offered"
    )
    age_class: str = Field("CAO_TUOI", description="priority class that a citizen card tells by age; empty: none")
    age: int = Field(60, ge=1, le=120, description="full years from which it applies (Law on the Elderly, Art. 2)")
    per_minute: int = Field(40, ge=1, le=600, description="scans one screen may send in a minute")
    pictures_per_minute: int = Field(30, ge=1, le=600, description="of them pictures")
    guesses: int = Field(10, ge=1, le=600, description="different unknown codes one screen may try in five minutes")
    staff_per_minute: int = Field(
        600, ge=1, le=6000, description="scans one person or key may send in a minute; a system has one for all"
    )
    staff_pictures_per_minute: int = Field(240, ge=1, le=6000, description="of them pictures")
    staff_guesses: int = Field(
        1000, ge=1, le=30_000, description="different unknown codes one person or key may try in 5 min"
    )
    image_max: int = Field(40_000_000, ge=100_000, le=100_000_000, description="largest uploaded picture, bytes")

    def limits(self, *, screen: bool) -> Limits:
        """A screen's, at which anybody may stand; or, far higher, those of staff and systems, whose names are known."""
        if screen:
            return Limits(self.per_minute, self.pictures_per_minute, self.guesses)
        return Limits(self.staff_per_minute, self.staff_pictures_per_minute, self.staff_guesses)
