"""What callers send about footage. Lengths are held here, meaning in office/watching.py."""

from datetime import date
from typing import Annotated

from pydantic import Field

from office.camera_kinds import REASONS
from office.errors import BadRequest
from office.watching import NOTE_MAX, Wish
from web.bodies import Body
from web.footage_asked import known, seeing, span
from web.hall import Hall

Moment = Annotated[str, Field(max_length=40)]
Name = Annotated[str, Field(min_length=1, max_length=60)]


class Range(Body):
    """Cameras and a range, with the reason why."""

    cameras: Annotated[list[Name] | None, Field(None, max_length=100, description="names; or counter")]
    counter: Annotated[str | None, Field(None, max_length=4, description="all cameras that saw it")]
    from_: Annotated[Moment, Field(alias="from", description="first moment, RFC 3339")]
    to: Annotated[Moment, Field(description="last moment, RFC 3339")]
    reason: Annotated[str, Field(max_length=40, description="complaint, incident, inspection, rating, dossier, …")]
    note: Annotated[str | None, Field(None, max_length=NOTE_MAX, description="in own words, kept beside the journal")]
    ticket: Annotated[str | None, Field(None, max_length=40, description="ticket id")]
    dossier: Annotated[str | None, Field(None, max_length=60, description="dossier code")]

    def read(self, hall: Hall) -> Wish:
        """As the office takes it. Raises BadRequest, UnknownCounter, UnknownTicket, BadCode, FootageTooLong."""
        begins, ends = span(self.from_, self.to)
        ticket, dossier = known(hall, self.ticket or "", self.dossier or "")
        if self.cameras is None and self.counter is None:
            raise BadRequest("name cameras or a counter", field="cameras")
        if self.reason not in REASONS:  # nor "system": people name their own
            raise BadRequest(f"reason is one of {', '.join(REASONS)}", field="reason")
        seen = seeing(hall, self.counter, begins) if self.counter else ()
        return Wish(
            tuple(self.cameras if self.cameras is not None else seen), begins, ends, self.reason, self.note or "",
            ticket, dossier, self.counter or "",
        )  # fmt: skip


class NewView(Range):
    """To be watched."""


class NewExport(Range):
    """To be handed out."""

    masked: Annotated[bool | None, Field(None, description="draw privacy masks; unsaid: where cameras have some")]


class NewHold(Range):
    """To be kept beyond its days."""

    until: Annotated[str, Field(max_length=10, description="first local day it is not held any more, YYYY-MM-DD")]

    def day(self) -> date:
        """The day. Raises BadRequest."""
        try:
            return date.fromisoformat(self.until)
        except ValueError:
            raise BadRequest("until is YYYY-MM-DD", field="until") from None


class Release(Body):
    """Why a hold ends before its day."""

    reason: Annotated[str, Field(max_length=40)]
