"""The cover sheet of exported footage: who took it out, when and why, what of which camera, and how it is checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from office.clock import local
from office.clock_reads import Reading
from office.evidence import Order
from office.footage import Span
from office.footage_gaps import Gap
from office.form_matter import Letterhead
from office.form_parts import Codes, Column, Field, Fields, Form, Part, Prose, Signature, Signatures, Table
from office.form_slips import one
from office.form_text import Words, clean
from office.forms import head
from office.troubles import Seen


@dataclass(frozen=True, slots=True)
class Shown:
    """What the export has of one camera; spans in ms UTC. ``clock``: what its clock was then; ``gaps`` with reasons;
    ``troubles``: when its picture was of no use."""

    title: str
    clock: tuple[Reading, ...]
    elsewhere: bool
    masks: int
    clips: tuple[Span, ...]
    gaps: tuple[Gap, ...]
    troubles: tuple[Seen, ...] = ()


@dataclass(frozen=True, slots=True)
class Sealed:
    """What makes the export checkable: SHA-256 of its manifest, last number and hash of the journal."""

    manifest: str
    seq: int
    hash: str


def cover(order: Order, cameras: Sequence[Shown], sealed: Sealed, letterhead: Letterhead, words: Words) -> Form:
    """The sheet, always A4."""
    say = words.say
    return Form(
        name="bia_bang_chung",
        title=say("form.title.bia_bang_chung"),
        head=head(letterhead, words, order.at),
        codes=Codes(order.id, label=say("form.evidence.code")),
        parts=(
            *_asked(order, _masks(cameras, words), words),
            *_seen(cameras, words),
            *_checked(sealed, words),
            _signed(words),
        ),
        page="A4",
        foot=letterhead.basis,
    )


def exact(at: int, words: Words) -> str:
    """``at`` to the second, as footage is spoken of: ``08:15:30 20/11/2026``."""
    return f"{local(at, words.zone):%H:%M:%S %d/%m/%Y}"


def _asked(order: Order, masks: str, words: Words) -> tuple[Part, ...]:
    say, wish = words.say, order.wish
    return (
        one(say("form.evidence.by"), order.actor.partition(":")[2] or order.actor),
        one(say("form.evidence.at"), exact(order.at, words)),
        one(say("form.reason"), say(f"log.reason.{wish.reason}")),
        one(say("form.evidence.range"), f"{exact(wish.begins, words)} – {exact(wish.ends, words)}"),
        Fields(
            (
                Field(say("form.evidence.ticket"), clean(wish.ticket)),
                Field(say("form.code"), clean(wish.dossier)),
            )
        ),
        one(say("form.evidence.masks"), masks),
    )


def _masks(cameras: Sequence[Shown], words: Words) -> str:
    """Whether privacy masks were drawn: on all, on which (the others have none in the configuration), on none."""
    drawn = [camera.title for camera in cameras if camera.masks]
    if drawn and len(drawn) < len(cameras):
        return words.say("form.evidence.partly", cameras=", ".join(map(clean, drawn)))
    return words.say("form.evidence.masked" if drawn else "form.evidence.plain")


def _seen(cameras: Sequence[Shown], words: Words) -> tuple[Part, ...]:
    say = words.say
    columns = (
        Column(say("form.evidence.camera"), 25),
        Column(say("form.evidence.offset"), 19),
        Column(say("form.evidence.clips"), 28),
        Column(say("form.evidence.gaps"), 28),
    )
    rows = [row for camera in cameras for row in _rows(camera, words)]
    return (
        Prose("", lead=say("form.evidence.cameras")),
        Table(columns, tuple(rows)),
        *(one(say("form.evidence.troubles"), told) for told in _troubles(cameras, words)),
        Prose(say("form.evidence.time"), style="small"),
    )


def _troubles(cameras: Sequence[Shown], words: Words) -> list[str]:
    """A sentence for each picture of no use: of which camera, what, from when to when."""
    return [
        f"{clean(camera.title)}: {words.say(f'log.trouble.{seen.trouble}')}, {_lasted(seen, words)}"
        for camera in cameras
        for seen in camera.troubles
    ]


def _lasted(seen: Seen, words: Words) -> str:
    """Told with the day: a trouble may have begun long before."""
    ends = exact(seen.cleared, words) if seen.cleared else "…"
    return f"{exact(seen.at, words)} – {ends}"


def _rows(camera: Shown, words: Words) -> list[tuple[str, ...]]:
    """A row a stretch, with and without footage; the camera's name stands in the first."""
    clips = [_span(span, words) for span in camera.clips] or [words.say("form.evidence.none")]
    gaps = [_gap(gap, words) for gap in camera.gaps] or [words.say("form.evidence.no_gap")]
    where = words.say("form.evidence.elsewhere") if camera.elsewhere else ""
    title = [f"{clean(camera.title)} {where}".strip()]
    return list(zip_longest(title, _clock(camera, words), clips, gaps, fillvalue=""))


def _gap(gap: Gap, words: Words) -> str:
    """From when to when, and why."""
    known = gap.lost and words.known(f"log.lost.{gap.lost}")
    why = words.say(f"log.lost.{gap.lost}").rstrip(".") if known else words.say(f"form.evidence.gap.{gap.reason}")
    return f"{_span((gap.begins, gap.ends), words)}: {why}"


def _clock(camera: Shown, words: Words) -> list[str]:
    """How far its clock was ahead, with the time since when where that is not all of the range."""
    first, *later = camera.clock
    return [
        _offset(first.offset_s, words),
        *(f"{_time(one.since, words)}: {_offset(one.offset_s, words)}" for one in later),
    ]


def _offset(seconds: float | None, words: Words) -> str:
    """With a comma, as it is written here; no sign upon nothing."""
    if seconds is None:
        return words.say("form.evidence.unread")
    tenths = round(seconds * 10)
    return f"{tenths / 10:+.1f}".replace(".", ",") if tenths else "0"


def _span(span: Span, words: Words) -> str:
    return " – ".join(_time(at, words) for at in span)


def _time(at: int, words: Words) -> str:
    return f"{local(at, words.zone):%H:%M:%S}"


def _checked(sealed: Sealed, words: Words) -> tuple[Part, ...]:
    say = words.say
    return (
        one(say("form.evidence.manifest", file="manifest.json"), _grouped(sealed.manifest)),
        one(say("form.evidence.head", seq=sealed.seq), _grouped(sealed.hash)),
        Prose(say("form.evidence.how", program="verify.py"), style="small"),
    )


def _signed(words: Words) -> Signatures:
    say, hint = words.say, words.say("form.sign.hint")
    return Signatures((Signature(say("form.evidence.giver"), hint), Signature(say("form.evidence.taker"), hint)))


def _grouped(digest: str) -> str:
    """In groups of eight, so that people can compare it."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))
