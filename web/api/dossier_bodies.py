"""What callers send about dossiers. Lengths are held here, meaning in office/dossier_fields.py."""

from typing import Annotated, Any, Literal

from pydantic import Field

from office.dossier_intake import Intake
from office.dossier_rows import Pushed
from office.dossiers import Applicant, Missing, Paper
from web.bodies import Body
from web.moments import moment

Way = Literal["counter", "online", "post"]
Short = Annotated[str, Field(max_length=200)]
Long = Annotated[str, Field(max_length=400)]
Words = Annotated[str, Field(max_length=1000)]
Moment = Annotated[str, Field(max_length=40)]
TicketId = Annotated[str | None, Field(None, max_length=40, description="ticket being served")]


class PaperIn(Body):
    """A paper that is handed in."""

    name: Annotated[str, Field(min_length=1, max_length=300)]
    kind: Literal["original", "certified", "copy", ""] = ""
    count: Annotated[int, Field(1, ge=1, le=1000)]

    def read(self) -> Paper:
        """As the register takes it."""
        return Paper(self.name, self.kind, self.count)


class MissingIn(Body):
    """A paper that is asked for."""

    name: Annotated[str, Field(min_length=1, max_length=300)]


class ApplicantIn(Body):
    """Who hands it in, and whose it is if another's. Kept beside the journal, never in it."""

    name: Short = ""
    address: Long = ""
    phone: Short = ""
    email: Short = ""
    id_number: Short = ""
    owner: Short = ""
    owner_address: Long = ""


class NewDossier(Body):
    """A dossier to register at a counter."""

    procedure: Annotated[str | None, Field(None, max_length=60, description="code; null when it is not posted")]
    procedure_name: Annotated[str | None, Field(None, max_length=300, description="needed without a posted procedure")]
    service: Annotated[str | None, Field(None, max_length=40, description="service id; null: the procedure's")]
    ticket: TicketId
    code: Annotated[str | None, Field(None, max_length=60, description="the code it has; null: a new one")]
    confirmed: Annotated[bool, Field(False, description="the clerk confirms a code of an unknown shape")]
    intake: Way = "counter"
    give_back: Way = "counter"
    sets: Annotated[int, Field(1, ge=0, le=100)]
    fee: Annotated[int | None, Field(None, ge=0, le=10**12, description="đồng")]
    fee_note: Annotated[str | None, Field(None, max_length=300)]
    received_at: Annotated[Moment | None, Field(None, description="null: now")]
    due_at: Annotated[Moment | None, Field(None, description="null: by the term")]
    term_amount: Annotated[int | None, Field(None, ge=0, le=10_000, description="null: as posted")]
    term_unit: Literal["gio", "ngay", "ngay_lam_viec", ""] | None = None
    papers: Annotated[list[PaperIn], Field([], max_length=100)]
    applicant: ApplicantIn | None = None

    def read(self) -> Intake:
        """As the register takes it. Raises BadRequest for a moment that is none."""
        return Intake(
            procedure=self.procedure or "", procedure_name=self.procedure_name or "", service=self.service or "",
            code=self.code or "", confirmed=self.confirmed, intake=self.intake, give_back=self.give_back,
            sets=self.sets, fee=self.fee, fee_note=self.fee_note or "", received_at=at(self.received_at, "received_at"),
            due_at=at(self.due_at, "due_at"), term_amount=self.term_amount, term_unit=self.term_unit or "",
            papers=tuple(paper.read() for paper in self.papers),
            applicant=Applicant(**self.applicant.model_dump()) if self.applicant else Applicant(),
        )  # fmt: skip


class PushedDossier(Body):
    """What a system tells of a dossier, or a person corrects; what is left out, or null, stays as it was.

    A person corrects procedure, procedure_name, service, intake, give_back, tracking, sets, fee, fee_note, applicant
    and papers; another value in any other field is refused with the act that changes it.
    """

    procedure: Annotated[str | None, Field(None, max_length=60, description="national or local code")]
    procedure_name: Annotated[str | None, Field(None, max_length=300)]
    service: Annotated[str | None, Field(None, max_length=40, description="service id")]
    status: Annotated[int | None, Field(None, ge=1, le=10, description="national status")]
    local_status: Annotated[str | None, Field(None, max_length=120, description="own word: [dossiers.statuses]")]
    unit: Annotated[str | None, Field(None, max_length=200, description="unit that has it")]
    intake: Way | None = None
    give_back: Way | None = None
    tracking: Annotated[str | None, Field(None, max_length=40)]
    sets: Annotated[int | None, Field(None, ge=0, le=100)]
    fee: Annotated[int | None, Field(None, ge=0, le=10**12, description="đồng")]
    fee_note: Annotated[str | None, Field(None, max_length=300)]
    received_at: Moment | None = None
    due_at: Moment | None = None
    term_amount: Annotated[int | None, Field(None, ge=0, le=10_000)]
    term_unit: Literal["gio", "ngay", "ngay_lam_viec", ""] | None = None
    finished_at: Annotated[Moment | None, Field(None, description="processing ended (status 9)")]
    returned_at: Annotated[Moment | None, Field(None, description="result handed over (status 10)")]
    applicant: ApplicantIn | None = None
    papers: Annotated[list[PaperIn] | None, Field(None, max_length=100, description="all papers that are handed in")]
    confirmed: Annotated[bool, Field(False, description="a person has confirmed a code of an unknown shape")]

    def read(self, code: str) -> Pushed:
        """As the register takes it. Raises BadRequest for a moment that is none."""
        told: dict[str, Any] = self.model_dump(exclude={"applicant", "papers"})
        for name in ("received_at", "due_at", "finished_at", "returned_at"):
            told[name] = at(told[name], name)
        person = self.applicant.model_dump(exclude_unset=True) if self.applicant else {}
        return Pushed(code=code, **told, **person)

    def all_papers(self) -> list[Paper] | None:
        """The papers as the register takes them, None when they are not told."""
        return None if self.papers is None else [paper.read() for paper in self.papers]


class HandOver(Body):
    """Another unit."""

    to_unit: Annotated[str, Field(min_length=1, max_length=120)]
    from_unit: Annotated[str | None, Field(None, max_length=200, description="the unit that has it, as far as known")]
    note: Words | None = None
    due_at: Annotated[Moment | None, Field(None, description="when that unit must be done")]


class StatusChange(Body):
    """Another status: in process, payment due, withdrawn, done."""

    status: Annotated[int, Field(ge=1, le=10)]
    note: Words | None = None


class SupplementAsked(Body):
    """Papers that are missing."""

    missing: Annotated[list[MissingIn], Field(min_length=1, max_length=100)]
    reason: Words = ""
    ticket: TicketId

    def read(self) -> list[Missing]:
        """As the register takes it."""
        return [Missing(one.name) for one in self.missing]


class SupplementBrought(Body):
    """The missing papers are there."""

    papers: Annotated[list[PaperIn], Field([], max_length=100)]
    ticket: TicketId


class Reason(Body):
    """Why, in the clerk's words."""

    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class Refusal(Reason):
    """Why it is not accepted."""

    ticket: TicketId


class NewDue(Body):
    """An apology and another day, once."""

    due_at: Moment
    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class HandBack(Body):
    """How the result is handed over."""

    how: Way = "counter"
    tracking: Annotated[str | None, Field(None, max_length=40, description="the post's number")]
    ticket: TicketId


class VisitOf(Body):
    """A ticket that serves the dossier."""

    ticket: Annotated[str, Field(min_length=1, max_length=40)]
    purpose: Literal["hand_in", "supplement", "collect", "ask"]


def at(text: str | None, name: str) -> int | None:
    """The moment of field ``name``, ms UTC, or None. Raises BadRequest."""
    return None if text is None else moment(text, name)
