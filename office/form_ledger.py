"""Sổ theo dõi hồ sơ, the ledger: one row a dossier in the order of intake (columns: DOMAIN 2.4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from office.form_parts import Column, Head
from office.form_text import Words, clean, short_moment

LONGEST = 300
"""Letters of a cell; what is longer belongs into the dossier."""


@dataclass(frozen=True, slots=True)
class Row:
    """One dossier. Moments are ms UTC; ``contact`` address and telephone."""

    code: str
    procedure: str = ""
    sets: int | None = None
    person: str = ""
    contact: str = ""
    unit: str = ""
    received_at: int | None = None
    due_at: int | None = None
    returned_at: int | None = None
    intake: str = ""
    give_back: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger of a span of days, ready to be drawn."""

    title: str
    span: str
    empty: str
    head: Head
    columns: tuple[Column, ...]
    rows: Sequence[tuple[str, ...]]
    foot: str = ""


def ledger(rows: Sequence[Row], head: Head, span: tuple[str, str], words: Words, foot: str = "") -> Ledger:
    """The ledger of ``rows``; ``span`` its first and last day as they are to be read."""
    return Ledger(
        title=words.say("form.title.so_theo_doi"),
        span=words.say("form.ledger.span", since=span[0], until=span[1]),
        empty=words.say("form.ledger.empty"),
        head=head,
        columns=columns(words),
        rows=[cells(n, row, words) for n, row in enumerate(rows, 1)],
        foot=foot,
    )


def columns(words: Words) -> tuple[Column, ...]:
    """The ledger's columns; the last one is for a hand."""
    say = words.say
    return (
        Column(say("form.no"), 4, "center"),
        Column(say("form.ledger.code"), 14),
        Column(say("form.ledger.procedure"), 14),
        Column(say("form.ledger.sets"), 4, "center"),
        Column(say("form.ledger.person"), 11),
        Column(say("form.ledger.contact"), 12),
        Column(say("form.ledger.unit"), 10),
        Column(say("form.ledger.received"), 8, "center"),
        Column(say("form.ledger.due"), 8, "center"),
        Column(say("form.ledger.returned"), 8, "center"),
        Column(say("form.ledger.intake"), 7, "center"),
        Column(say("form.ledger.back"), 7, "center"),
        Column(say("form.ledger.signed"), 6),
    )


def cells(n: int, row: Row, words: Words) -> tuple[str, ...]:
    """The cells of one row, ``n`` its running number."""
    return (
        str(n),
        clean(row.code, LONGEST),
        clean(row.procedure, LONGEST),
        "" if row.sets is None else str(row.sets),
        clean(row.person, LONGEST),
        clean(row.contact, LONGEST),
        clean(row.unit, LONGEST),
        *(short_moment(at, words.zone) for at in (row.received_at, row.due_at, row.returned_at)),
        words.say(f"form.intake.{row.intake}") if row.intake else "",
        words.say(f"form.collect.{row.give_back}") if row.give_back else "",
        "",
    )
