"""The section ``[dossiers]`` of config/dossiers.toml."""

from typing import Annotated

from pydantic import Field, field_validator

from office.catalogue_text import fold
from office.import_sections import Columns, Imports
from office.sections import Section

Status = Annotated[int, Field(ge=1, le=10)]


class Dossiers(Section):
    """The register of dossiers: codes given at the counter, words of other systems, re-entry."""

    agency: Annotated[str, Field(pattern=r"^$|^[A-Z][0-9]{2}(\.[0-9]{1,3}){0,4}$")] = Field(
        "", description="agency code that new dossier codes begin with; empty: the office's id"
    )
    digits: int = Field(4, ge=3, le=7, description="digits of the number in codes that this office gives")
    unit: str = Field("Bộ phận Một cửa", max_length=120, description="the unit that has a dossier on intake")
    units: tuple[str, ...] = Field((), description="units a dossier is handed over to, offered to the clerk")
    reentry_min: float = Field(
        45, ge=0, le=240, description="minutes that who brings missing papers the same day moves forward"
    )
    statuses: dict[str, Status] = Field(
        {},
        description="words of other systems for the national statuses 1 to 10; accents, case and signs do not matter",
    )
    columns: Columns = Columns()
    imports: Imports = Imports()

    @field_validator("statuses")
    @classmethod
    def _folded(cls, statuses: dict[str, int]) -> dict[str, int]:
        """Keys as they are looked up."""
        return {fold(word): status for word, status in statuses.items()}

    def status_of(self, word: str) -> int | None:
        """The national status that another system calls ``word``, or None."""
        return self.statuses.get(fold(word))
