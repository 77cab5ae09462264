"""Section ``[forms]`` of config/office.toml: what the office decides about its printed papers."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from office.sections import Section


def _lookup(text: str) -> str:
    if text and not (re.match(r"^https?://[!-~]{1,150}$", text) and text.count("{code}") == 1):
        raise ValueError("use http://… or https://… in plain letters, 150 at most, with {code} once, or leave it empty")
    return text


class FormSettings(Section):
    """The printed forms of a dossier."""

    page: Literal["A5", "A4"] = Field("A5", description="paper of the forms; control slip and ledger are always A4")
    place: str = Field("", max_length=60, description="place written before the date, for example Phú Lương")
    lookup_url: Annotated[str, AfterValidator(_lookup)] = Field(
        "", description="look-up address in the QR, {code} stands for the dossier code; empty: the bare code"
    )
    book: str = Field("", max_length=30, description="number of the current ledger book; empty: filled in by hand")
    basis: str = Field("", max_length=120, description="small line at the foot, for example the circular in force")
