"""The clock error that is told is the moment's, not today's: a reading holds until the next, none before the first."""

from datetime import timedelta
from pathlib import Path

import pytest

from camera.clocks import Clock
from camera.keeping import Keeping
from office import clock_reads, footage, holding, journal, retention
from office.clock import local
from office.clock_reads import Reading
from office.footage_gaps import Gap, explained, lost
from office.outages import Outage
from office.watching import Wish
from tools.rehearsal import Hall, settings_with

MINUTE = 60_000
ROWS = [
    {"name": name, "title": {"vi": name}, "address": "rtsp://127.0.0.1/none", "offset_s": offset}
    for name, offset in (("q1", 0), ("sanh", 3.2))
]


@pytest.fixture(name="hall")
def _hall(tmp_path: Path) -> Hall:
    return Hall(tmp_path, settings_with(cameras=ROWS))


def clock(hall: Hall, name: str = "q1") -> Clock:
    """As a start of the server makes it."""
    return Clock(hall.settings.camera_by_name[name], Keeping(hall.store, "xa", Path()))


def test_every_reading_holds_until_the_next(hall: Hall) -> None:
    begun = hall.clock.at
    for minutes, read_ms in ((10, 90_000), (20, 90_300), (30, 0), (40, 100)):
        hall.clock.at = begun + minutes * MINUTE
        clock(hall).read(read_ms)  # each after a start anew: what was told last is known from the journal

    def told(first: int, last: int) -> list[Reading]:
        span = begun + first * MINUTE, begun + last * MINUTE
        return clock_reads.between(hall.store.read(), hall.settings, "q1", *span)

    at_10, at_30 = (begun + minutes * MINUTE for minutes in (10, 30))
    assert told(0, 5) == [Reading(begun, None)]
    assert told(5, 15) == [Reading(begun + 5 * MINUTE, None), Reading(at_10, 90_000)]
    assert told(10, 11) == [Reading(at_10, 90_000)]
    assert told(25, 45) == [Reading(begun + 25 * MINUTE, 90_000), Reading(at_30, 0)]
    assert told(31, 32) == [Reading(begun + 31 * MINUTE, 0)]


def test_a_clock_that_wavers_fills_no_journal_and_a_leap_is_told_at_once(hall: Hall) -> None:
    wavering = clock(hall)
    for number in range(200):
        wavering.read(700 * (number % 2), streamed=True)
    assert wavering.offset_ms == 700
    wavering.read(90_000, streamed=True)
    told = journal.read(hall.store.read(), only=journal.Filter(kinds=("camera.clock_read",)))
    assert [one.data["offset_ms"] for one in told] == [0, 90_000]


def test_what_configuration_says_is_told_of_a_clock_that_was_never_read(hall: Hall) -> None:
    def told(name: str) -> list[float | None]:
        found = clock_reads.between(hall.store.read(), hall.settings, name, hall.clock.at - MINUTE, hall.clock.at)
        return [one.offset_s for one in found]

    assert (told("q1"), told("sanh")) == ([None], [3.2])
    clock(hall, "sanh").read(3_100)
    assert told("sanh") == [None]  # it is read by now: what it was a minute ago nobody knows


def test_why_there_is_none_not_yet_deleted_or_missing(hall: Hall) -> None:
    now = hall.clock.at

    def told(first: int, last: int) -> list[tuple[int, int, str]]:
        """In minutes from now."""
        gaps = ((now + first * MINUTE, now + last * MINUTE),)
        found = explained(hall.store.read(), hall.settings, "q1", gaps, now)
        return [((one.begins - now) // MINUTE, (one.ends - now) // MINUTE, one.reason) for one in found]

    assert told(-90, -1) == [(-90, -1, "not_yet")]  # there was never any
    pieces = [footage.Piece("q1", now + at * MINUTE, now + (at + 1) * MINUTE, 1) for at in (-60, -40, -20)]
    with hall.store.act() as act:
        footage.keep(act, pieces)
    assert told(-90, -60) == [(-90, -60, "not_yet")]
    assert told(-59, -40) == [(-59, -40, "missing")]
    with hall.store.act() as act:
        retention.purge(act, hall.settings, pieces[:1], "disk")
    assert told(-90, -40) == [(-90, -60, "not_yet"), (-60, -40, "purged")]
    assert told(-39, -20) == [(-39, -20, "missing")]
    with hall.store.act() as act:  # what is older is held: the disk takes what is younger
        retention.purge(act, hall.settings, pieces[2:], "disk")
        footage.keep(act, [footage.Piece("q1", now - 5 * MINUTE, now - 4 * MINUTE, 1)])
    assert told(-20, -5) == [(-20, -5, "purged")]
    assert told(-39, -21) == [(-39, -21, "missing")]
    with hall.store.act() as act:  # the disk takes what is older, too: that tells nothing new of what went before
        retention.purge(act, hall.settings, pieces[1:2], "disk")
    assert told(-20, -5) == [(-20, -5, "purged")]


def test_of_what_is_held_nothing_was_deleted_however_old_it_is(hall: Hall) -> None:
    begun = hall.clock.at
    hall.clock.turn(hours=2)
    pieces = [footage.Piece("q1", begun + at * MINUTE, begun + (at + 1) * MINUTE, 1) for at in (0, 1, 3, 4)]
    with hall.store.act() as act:
        footage.keep(act, pieces)
        until = local(hall.clock.at, hall.settings.office.zone).date() + timedelta(days=60)
        wish = Wish(("q1",), begun + MINUTE, begun + 4 * MINUTE, "incident")
        holding.hold(act, hall.settings, wish, until, actor="person:ha")
    hall.clock.turn(hours=24 * (hall.settings.camera_notice.days + 10))
    with hall.store.act() as act:
        assert len(retention.purge(act, hall.settings, pieces, "age")) == 2  # one event, from before to after the held
    now = hall.clock.at
    gaps = ((begun, begun + MINUTE), (begun + 2 * MINUTE, begun + 3 * MINUTE), (begun + 4 * MINUTE, now))
    told = explained(hall.store.read(), hall.settings, "q1", gaps, now)
    assert [one.reason for one in told] == ["purged", "missing", "purged", "missing"]
    assert (told[1].begins, told[1].ends) == gaps[1]
    outage = Outage("q1", gaps[1][0] + 3_000, gaps[1][1] - 3_000, "refused")
    assert lost(told, "q1", [outage])[1] == Gap(*gaps[1], "missing", "refused")


def test_an_outage_explains_its_own_time_whatever_the_age_and_nothing_beside_it() -> None:
    hours = 180 * MINUTE
    away = [Outage("q1", 2_000, 7_000, "ended"), Outage("sanh", 0, None, "codec")]
    assert lost([Gap(0, hours, "missing")], "q1", away) == [
        Gap(0, 7_000, "missing", "ended"), Gap(7_000, hours, "missing"),
    ]  # fmt: skip
    middle = [Outage("q1", 10 * MINUTE, 20 * MINUTE, "refused"), Outage("q1", 170 * MINUTE, None, "stalled")]
    assert lost([Gap(0, hours, "purged")], "q1", middle) == [
        Gap(0, 10 * MINUTE, "purged"), Gap(10 * MINUTE, 20 * MINUTE, "missing", "refused"),
        Gap(20 * MINUTE, 170 * MINUTE, "purged"), Gap(170 * MINUTE, hours, "missing", "stalled"),
    ]  # fmt: skip
    assert lost([Gap(0, 9, "not_yet")], "sanh", away) == [Gap(0, 9, "not_yet")]
