"""Times, lengths of time and kinds of event as the service log's pages tell them."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from office.clock import local
from web.hall import Hall

MINUTE: Final = 60_000


@dataclass(frozen=True, slots=True)
class Words:
    """The log's words in one language."""

    hall: Hall
    language: str

    def say(self, key: str, **params: object) -> str:
        """A phrase."""
        return self.hall.phrases.say(self.language, key, **params)

    def span(self, ms: int | None) -> str:
        """A length of time: ``dưới 1 phút``, ``12 phút``, ``1 giờ 5 phút``; a dash for none."""
        if ms is None:
            return "–"
        minutes = ms // MINUTE
        if minutes < 1:
            return self.say("log.time.under")
        if minutes < 60:
            return self.say("log.time.minutes", n=minutes)
        return self.say("log.time.hours", h=minutes // 60, m=minutes % 60)

    def clock(self, at: int | None, *, seconds: bool = False) -> str:
        """The local hour of ``at`` (ms UTC); a dash for none."""
        form = "%H:%M:%S" if seconds else "%H:%M"
        return f"{local(at, self.hall.settings.office.zone):{form}}" if at else "–"

    def day(self, day: date) -> str:
        """A day as people write it: ``23/11/2026``."""
        return f"{day:%d/%m/%Y}"

    def day_of(self, at: int) -> str:
        """The local day of ``at``."""
        return self.day(local(at, self.hall.settings.office.zone).date())

    def camera_titles(self) -> dict[str, str]:
        """Each camera's name and what it is called."""
        return {camera.name: camera.title.text(self.language) for camera in self.hall.settings.cameras}

    def kind(self, kind: str) -> str:
        """What a kind of event means."""
        return self.say(f"log.kind.{kind}")

    def service(self, service: str) -> str:
        """A service's name; its id where the office has it no more."""
        known = self.hall.settings.service_by_id.get(service)
        return known.name.text(self.language) if known else service
