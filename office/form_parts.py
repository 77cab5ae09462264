"""What a printed form is made of, as plain data: one ``Form`` is drawn on PDF pages and on a page of the browser.

A part names its ``kind``, by which a template chooses how to draw it. A value that is empty is drawn as a dotted line
to be filled by hand.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

Page = Literal["A5", "A4"]
Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Field:
    """A label with its value. ``room``: this field's share of a line that several fields stand on."""

    label: str
    value: str = ""
    room: int = 1


@dataclass(frozen=True, slots=True)
class Fields:
    """Fields side by side on one line."""

    kind: ClassVar[str] = "fields"
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A label over text of its own: ``value``, or ``blank`` dotted lines."""

    kind: ClassVar[str] = "lines"
    label: str
    value: str = ""
    blank: int = 2


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph. ``lead`` is written in bold before it."""

    kind: ClassVar[str] = "prose"
    text: str
    lead: str = ""
    style: Literal["plain", "italic", "small"] = "plain"
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column: heading, share of the width in hundredths, and how cells are aligned."""

    title: str
    share: int
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings that are repeated on each page. ``tall``: mm a row is high at least."""

    kind: ClassVar[str] = "table"
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    tall: int = 0


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs here: ``title`` over ``hint`` over room for hand and stamp, ``name`` beneath when it is known."""

    title: str
    hint: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """One signature to the right, or two side by side."""

    kind: ClassVar[str] = "signatures"
    who: tuple[Signature, ...]


Part = Fields | Lines | Prose | Table | Signatures


@dataclass(frozen=True, slots=True)
class Head:
    """The head of every form: who issues it on the left, the national motto on the right."""

    parent: str
    office: str
    country: str
    motto: str
    number: str
    """The form's own number on the left, or empty."""
    place_date: str


@dataclass(frozen=True, slots=True)
class Codes:
    """What machines read. ``bar`` Code 128, ``qr`` a QR code's ASCII text, each empty for none; ``text`` for people."""

    text: str
    bar: str = ""
    qr: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One form, ready to be drawn. ``name`` is its kind, ``foot`` a small line at the foot of every page."""

    name: str
    title: str
    head: Head
    codes: Codes
    parts: tuple[Part, ...]
    page: Page = "A5"
    subtitle: str = ""
    foot: str = ""
