"""The papers that go with a dossier from hand to hand: receipt, supplement, control slip, receipt of the result.

Each function answers the parts below the form's title, in the order of the official form (DOMAIN 2.4).
"""

from collections.abc import Sequence
from typing import Final

from office.dossiers import Applicant
from office.form_matter import HandOver, Letterhead, Matter
from office.form_parts import Column, Field, Fields, Lines, Part, Prose, Signature, Signatures, Table
from office.form_text import Words, clean

FEWEST_PAPERS: Final = 3
"""Rows of the table of papers when fewer, or none, were noted: room for a hand."""
SHORT: Final = 120
"""Letters of a field that shares its line."""
FEWEST_HAND_OVERS: Final = 5
SIGNED_MM: Final = 17
"""Height of a row in which two people sign."""
GIVEN_BACK: Final = ("counter", "post", "online")


def receipt(matter: Matter, letterhead: Letterhead, words: Words) -> tuple[Part, ...]:
    """Giấy tiếp nhận hồ sơ và hẹn trả kết quả."""
    say, person = words.say, matter.person
    sets = "" if matter.sets is None else say("form.sets", count=f"{matter.sets:02d}")
    return (
        *whose(person, say("form.received_from"), words),
        one(say("form.content"), matter.procedure),
        one(say("form.owner"), person.owner or person.name),
        *([one(say("form.owner_address"), person.owner_address)] if person.owner_address else []),
        Prose("", lead=say("form.papers.title")),
        _papers(matter, words),
        Fields(
            (
                Field(say("form.sets_label"), sets, 2),
                Field(say("form.fee"), words.money(matter.fee, clean(matter.fee_note, SHORT)), 3),
            )
        ),
        one(say("form.term"), _term(matter.term, words)),
        one(say("form.received_at"), words.moment(matter.received_at)),
        one(say("form.due_at"), words.moment(matter.due_at)),
        one(say("form.give_back"), given_back(matter, words)),
        Fields((Field(say("form.book"), letterhead.book, 3), Field(say("form.serial"), matter.serial, 2))),
        _both_sign(words, "form.sign.submitter", "form.sign.receiver"),
        Prose(say("form.receipt.note"), style="small"),
    )


def supplement(matter: Matter, letterhead: Letterhead, words: Words) -> tuple[Part, ...]:
    """Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ; asked for once only (DOMAIN 2.3)."""
    say = words.say
    columns = [Column(say("form.no"), 8, "center"), Column(say("form.missing.name"), 52)]
    rows: list[tuple[str, ...]] = [(str(n), clean(m.name)) for n, m in enumerate(matter.missing, 1)]
    if any(m.reason for m in matter.missing):
        columns.append(Column(say("form.missing.reason"), 40))
        rows = [(*row, clean(m.reason)) for row, m in zip(rows, matter.missing, strict=True)]
    return (
        *whose(matter.person, say("form.dossier_of"), words),
        one(say("form.content"), matter.procedure),
        Prose("", lead=say("form.missing.title")),
        Table(tuple(columns), _filled(rows, FEWEST_PAPERS, len(columns))),
        Lines(say("form.reason"), clean(matter.reason)),
        Prose(
            say(
                "form.missing.contact",
                office=clean(letterhead.office),
                telephone=clean(letterhead.telephone) or "……………………",
            )
        ),
        Signatures((Signature(say("form.sign.guide"), say("form.sign.hint")),)),
    )


def control(matter: Matter, letterhead: Letterhead, words: Words) -> tuple[Part, ...]:
    """Phiếu kiểm soát quá trình giải quyết hồ sơ: every hand-over with two signatures."""
    say = words.say
    columns = (
        Column(say("form.no"), 7, "center"),
        Column(say("form.control.units"), 27),
        Column(say("form.control.at"), 16, "center"),
        Column(say("form.control.gives"), 13, "center"),
        Column(say("form.control.takes"), 13, "center"),
        Column(say("form.control.result"), 11, "center"),
        Column(say("form.control.note"), 13),
    )
    blank = HandOver("", "", None)
    moves = [*matter.hand_overs, *[blank] * (FEWEST_HAND_OVERS - len(matter.hand_overs))]
    rows = tuple(_hand_over(n, move, words) for n, move in enumerate(moves, 1))
    return (
        one(say("form.procedure"), matter.procedure),
        one(say("form.control.leads"), matter.unit or letterhead.office),
        one(say("form.control.joins"), ""),
        one(say("form.received_at"), words.moment(matter.received_at)),
        one(say("form.due_at"), words.moment(matter.due_at)),
        Table(columns, rows, tall=SIGNED_MM),
        Prose(say("form.control.hint"), style="small"),
    )


def handed_back(matter: Matter, letterhead: Letterhead, words: Words) -> tuple[Part, ...]:
    """Giấy biên nhận trả kết quả."""
    say = words.say
    return (
        Prose(say("form.back.begins", office=clean(letterhead.office))),
        *whose(matter.person, say("form.back.to"), words),
        one(say("form.content"), matter.procedure),
        one(say("form.received_at"), words.moment(matter.received_at)),
        one(say("form.due_at"), words.moment(matter.due_at)),
        one(say("form.back.at"), words.moment(matter.returned_at)),
        one(say("form.back.how"), given_back(matter, words)),
        *([one(say("form.back.tracking"), matter.tracking)] if matter.give_back == "post" else []),
        one(say("form.fee"), words.money(matter.fee, clean(matter.fee_note, SHORT))),
        Lines(say("form.back.result")),
        Prose(say("form.back.ends")),
        _both_sign(words, "form.sign.taker", "form.sign.giver"),
    )


def whose(person: Applicant, label: str, words: Words) -> tuple[Part, ...]:
    """Name, address and how to reach the person, as every form has them."""
    say = words.say
    return (
        one(label, person.name),
        one(say("form.address"), person.address),
        Fields(
            (
                Field(say("form.phone"), clean(person.phone, SHORT), 2),
                Field(say("form.email"), clean(person.email, SHORT), 3),
            )
        ),
        *([one(say("form.id_number"), person.id_number)] if person.id_number else []),
    )


def one(label: str, value: str) -> Fields:
    """One field that has its line alone."""
    return Fields((Field(label, clean(value)),))


def given_back(matter: Matter, words: Words) -> str:
    """Where the result is to be collected; empty when nobody said."""
    return words.say(f"form.given_back.{matter.give_back}") if matter.give_back in GIVEN_BACK else ""


def _papers(matter: Matter, words: Words) -> Table:
    say = words.say
    columns = (
        Column(say("form.no"), 8, "center"),
        Column(say("form.papers.name"), 54),
        Column(say("form.papers.form"), 24),
        Column(say("form.papers.copies"), 14, "center"),
    )
    rows = [
        (str(n), clean(p.name), say(f"form.paper.{p.kind}") if p.kind else "", str(p.count))
        for n, p in enumerate(matter.papers, 1)
    ]
    return Table(columns, _filled(rows, FEWEST_PAPERS if not rows else 0, len(columns)))


def _filled(rows: Sequence[tuple[str, ...]], fewest: int, width: int) -> tuple[tuple[str, ...], ...]:
    return (*rows, *[("",) * width] * (fewest - len(rows)))


def _hand_over(n: int, move: HandOver, words: Words) -> tuple[str, ...]:
    say = words.say
    units = "\n".join(
        say(key, unit=clean(unit) or "…………………")
        for key, unit in (("form.control.from", move.giver), ("form.control.to", move.receiver))
    )
    result = say(f"form.result.{move.result}") if move.result else ""
    return str(n), units, words.moment(move.at), "", "", result, clean(move.note)


def _term(term: tuple[int, str] | None, words: Words) -> str:
    if term is None:
        return ""
    amount, unit = term
    return words.say(f"form.term_unit.{unit}", amount=amount) if amount else words.say("form.term_unit.same_day")


def _both_sign(words: Words, left: str, right: str) -> Signatures:
    hint = words.say("form.sign.hint")
    return Signatures((Signature(words.say(left), hint), Signature(words.say(right), hint)))
