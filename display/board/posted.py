"""What the strip at the board's foot shows in turn: notices, the camera notice, procedures as posted."""

import sqlite3
from dataclasses import asdict, dataclass
from datetime import date
from textwrap import wrap
from typing import Any, Literal

from display.board.words import Words
from office import procedures
from office.catalogue_entry import Procedure, time_alone
from office.clock import local
from office.settings import Settings

SHARE = 40
"""Procedures a board holds at a time; the next share comes with the next hour, so all of them have their turn."""

LINE = 80
"""Letters that fit into one of the strip's two lines. A procedure with a longer name is looked up at the kiosk: cut
off, it would say something else."""

BETWEEN = 3
"""Procedures between two notices."""

ALL = 20_000


@dataclass(frozen=True, slots=True)
class Item:
    """One text of the strip; ``under`` stands beneath it: the second language, or what belongs to a procedure."""

    kind: Literal["notice", "camera", "procedure"]
    text: str
    under: str = ""

    def json(self) -> dict[str, Any]:
        """The same as plain JSON data."""
        return asdict(self)


def items(db: sqlite3.Connection, settings: Settings, now: int, words: Words) -> list[Item]:
    """The strip from ``now`` (ms UTC) on: a notice, some procedures, the next notice … until all were there."""
    moment = local(now, settings.office.zone)
    told = [*_notices(settings, moment.date(), words), *_camera(settings, words)]
    listed = _share(procedures.search(db, "", limit=ALL, day=moment.date()), moment.toordinal() * 24 + moment.hour)
    posted = [_procedure(one, words) for one in listed]
    found: list[Item] = []
    for turn in range(max(len(told), -(-len(posted) // BETWEEN))):
        found += [*(told[turn % len(told)] if told else ()), *posted[turn * BETWEEN : (turn + 1) * BETWEEN]]
    return found


def _notices(settings: Settings, today: date, words: Words) -> list[list[Item]]:
    return [
        _told("notice", words.text(notice.text), words.text_under(notice.text))
        for notice in settings.board.notices
        if notice.until is None or today <= notice.until
    ]


def _camera(settings: Settings, words: Words) -> list[list[Item]]:
    """The sign that DOMAIN 6.3 words, in both languages, where the hall has cameras."""
    notice = settings.camera_notice
    if not notice.shown:
        return []
    contact = notice.contact or settings.office.phone
    name = settings.office.name
    kept = words.say(
        "board.camera.keeper",
        keeper=notice.keeper or words.text(name),
        days=notice.days,
        contact=contact or words.say("board.camera.contact"),
    )
    under = words.under(
        "board.camera.keeper",
        keeper=notice.keeper or words.text_under(name) or words.text(name),
        days=notice.days,
        contact=contact or words.under("board.camera.contact"),
    )
    purpose = _told("camera", words.say("board.camera.purpose"), words.under("board.camera.purpose"))
    return [[*purpose, *_told("camera", kept, under)]]


def _told(kind: Literal["notice", "camera"], text: str, under: str) -> list[Item]:
    """A text as items that fit: with its second language beneath when both take one line, else one after the other."""
    if len(text) <= LINE and len(under) <= LINE:
        return [Item(kind, text, under)]
    return [Item(kind, piece) for one in (text, under) for piece in wrap(one, 2 * LINE - 10)]


def _share(found: list[Procedure], hour: int) -> list[Procedure]:
    fitting = [one for one in found if len(one.name) <= LINE]
    if len(fitting) <= SHARE:
        return fitting
    begins = hour * SHARE % len(fitting)
    return (fitting + fitting)[begins : begins + SHARE]


def _procedure(one: Procedure, words: Words) -> Item:
    """Name, field, time and date of the entry; no fee, because an exemption must stand beside any fee (DOMAIN 7 d)."""
    told = f"{_time(one, words)} · {words.say('catalogue.updated', date=f'{one.fetched_at:%d/%m/%Y}')}"
    with_field = f"{one.field} · {told}"
    return Item("procedure", one.name, with_field if len(with_field) <= LINE else told)


def _time(one: Procedure, words: Words) -> str:
    """The time when handed in at the counter, as far as the source is sure of it."""
    direct = next((c for c in one.channels if c.channel == "direct"), None)
    time = time_alone(direct, one, words.say) if direct and "repeated_entry" not in one.caveats else ""
    return words.say("board.posted.time", time=time) if time else words.say("board.posted.time_ask")
