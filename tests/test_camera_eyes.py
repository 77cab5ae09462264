"""The eyes on real degraded streams, and over a day of people, sun, clouds and lights off: what they tell, and that
they tell nothing else."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from camera.eyes import Trouble, known, sight
from camera.eyes.judging import ADOPT, IN_A_ROW, Eye, Verdict
from camera.eyes.known import LEARNED
from camera.service import Cameras
from camera.simulated.dials import SMALL
from camera.simulated.encoder import Encoder
from camera.simulated.feed import Camera
from camera.simulated.server import Simulator
from camera.watch import FOLDER, Eyes, closed
from office import journal, troubles
from office.clock import day_start, system_clock
from office.journal import Filter
from office.settings import load
from office.store import Store
from tools.rehearsal import CONFIG, settings_with

MIDNIGHT = 1_795_712_400_000
"""Of a local day, ms UTC."""
MINUTE = 60_000
DEGRADED = {one.value: {one.value: True} for one in Trouble}
KINDS = ("camera.troubled", "camera.cleared")


class Coded:
    """Pictures as they come out of an H.264 stream of keyframes."""

    def __init__(self) -> None:
        self._encoder = Encoder(replace(SMALL, bitrate=1_000_000))
        self._decoder = av.CodecContext.create("h264", "r")
        self._ticks = 0

    def __call__(self, picture: Any) -> Any:
        self._ticks += 9000
        units = self._encoder.encode(picture, self._ticks, key=True)
        frames = self._decoder.decode(av.Packet(b"".join(b"\0\0\0\1" + unit for unit in units)))
        return np.vsplit(frames[0].to_ndarray(), [SMALL.height])[0].copy() if frames else None


def plain(picture: Any) -> Any:
    return picture[: SMALL.height].copy()


@pytest.fixture(name="camera", params=["counter", "hall"])
def _camera(request: pytest.FixtureRequest) -> Iterator[Camera]:
    made = Camera(request.param, 1, SMALL, hall=request.param == "hall")
    yield made
    made.close()


def at(eye: Eye, camera: Camera, ms: int, seen: Callable[[Any], Any] = plain, **more: bool) -> Verdict | None:
    """A look at what ``camera`` sees at ``ms``; None where the codec holds the first picture back."""
    picture = seen(camera.picture(ms, ms))
    return None if picture is None else eye.see(sight.look(picture), **more)[0]


def test_nothing_is_told_over_a_day_of_sun_clouds_people_and_lights_off(camera: Camera) -> None:
    """From seven to seven, a look a minute, one of the two cameras through H.264; opening hours are not told."""
    eye, seen = Eye(), plain if camera.name == "hall" else Coded()
    camera.turn(day=True)
    told = [at(eye, camera, MIDNIGHT + minute * MINUTE + minute * 7919 % 5000, seen) for minute in range(420, 1860)]
    verdicts = [one for one in told if one is not None]
    assert len(verdicts) >= 1439  # a decoder keeps the first
    assert [one for one in verdicts if one.trouble is not None] == []
    by_day = verdicts[: 60 * 10]
    assert all(one.judged for one in by_day)


def test_lamps_that_fail_by_day_are_no_trouble_and_a_dark_closed_hall_is_not_judged(camera: Camera) -> None:
    eye = learned(camera)
    camera.turn(lights_off=True)
    assert [at(eye, camera, MIDNIGHT + (600 + n) * MINUTE) for n in range(5)][-1] is not None
    assert eye.standing is None
    camera.turn(black=True)
    unjudged = [at(eye, camera, MIDNIGHT + (1300 + n) * MINUTE, closed=True) for n in range(5)]
    assert not any(one.judged for one in unjudged if one)
    assert eye.standing is None


@pytest.mark.parametrize("trouble", list(Trouble))
def test_each_trouble_is_told_after_three_looks_and_ends_after_three(camera: Camera, trouble: Trouble) -> None:
    eye, begins = learned(camera), MIDNIGHT + 700 * MINUTE
    still = camera.picture(begins, begins)
    if trouble is not Trouble.FROZEN:
        camera.turn(**DEGRADED[trouble.value])
    for look in range(IN_A_ROW):
        assert eye.standing is None
        now = begins + look * MINUTE
        picture = still if trouble is Trouble.FROZEN else camera.picture(now, now)
        verdict, _ = eye.see(sight.look(plain(picture)))
    assert (verdict.trouble, eye.standing) == (trouble, trouble)
    camera.calm()
    for look in range(IN_A_ROW):
        assert eye.standing is trouble
        at(eye, camera, begins + (10 + look) * MINUTE)
    assert eye.standing is None


def test_a_clock_that_runs_over_a_frozen_picture_is_not_trusted(camera: Camera) -> None:
    eye, begins = learned(camera), MIDNIGHT + 700 * MINUTE
    for second in range(0, 300, 60):
        eye.see(sight.look(plain(camera.picture(begins, begins + second * 1000))))
    assert eye.standing is Trouble.FROZEN


def test_a_slight_push_is_told_and_a_crowd_is_not(camera: Camera) -> None:
    eye, begins = learned(camera), MIDNIGHT + 700 * MINUTE
    crowd = camera.picture(begins, begins)
    rows, columns = SMALL.height, SMALL.width
    for place in range(6):  # people right before the lens
        crowd[rows // 3 : rows, place * columns // 6 : place * columns // 6 + columns // 14] = 60 + 15 * place
    for look in range(IN_A_ROW):
        pushed = np.roll(crowd[:rows], look, axis=1)
        eye.see(sight.look(pushed))
    assert eye.standing is None
    for look in range(IN_A_ROW):
        now = begins + look * MINUTE
        eye.see(sight.look(np.roll(plain(camera.picture(now, now)), 24, axis=1)))
    assert eye.standing is Trouble.MOVED


def test_who_does_not_know_the_view_ends_no_trouble_with_it_before_it_is_learned(camera: Camera) -> None:
    eye = Eye(standing=Trouble.MOVED)
    for look in range(LEARNED):
        at(eye, camera, MIDNIGHT + (560 + look) * MINUTE)
        assert eye.standing is Trouble.MOVED
    at(eye, camera, MIDNIGHT + 580 * MINUTE)
    assert eye.standing is None


def test_a_view_that_stays_is_learned_anew_after_half_a_day(camera: Camera) -> None:
    eye = learned(camera)
    camera.turn(moved=True)
    looks = [
        sight.look(plain(camera.picture(ms, ms)))
        for ms in range(MIDNIGHT + 700 * MINUTE, MIDNIGHT + 706 * MINUTE, MINUTE)
    ]
    for number in range(ADOPT - 1):
        eye.see(looks[number % 6])
    assert eye.standing is Trouble.MOVED
    for number in range(LEARNED + 2):
        eye.see(looks[number % 6])
    assert eye.standing is None


def test_a_view_that_somebody_says_is_right_is_learned_at_once(tmp_path: Path, camera: Camera) -> None:
    eye, begins = learned(camera), MIDNIGHT + 700 * MINUTE
    camera.turn(moved=True)
    looks = [sight.look(plain(camera.picture(ms, ms))) for ms in range(begins, begins + 6 * MINUTE, MINUTE)]
    for number in range(IN_A_ROW):
        eye.see(looks[number], at=begins + number * MINUTE)
    assert eye.standing is Trouble.MOVED
    eye.standing, accepted = None, begins + 3 * MINUTE  # as the office tells it then
    for number in range(2 * LEARNED):
        eye.accept(accepted)  # told with every look
        verdict, news = eye.see(looks[number % 6], at=accepted + number * MINUTE)
        assert (verdict.trouble, news) == (None, False)
    assert eye.known is not None
    eye.known.save(tmp_path / "known.npz")
    kept = known.load(tmp_path / "known.npz")
    assert kept is not None
    assert (kept.ready, kept.since) == (True, accepted)


def test_what_was_learned_is_kept_and_a_broken_file_is_learned_anew(tmp_path: Path, camera: Camera) -> None:
    eye = learned(camera)
    assert eye.known is not None
    eye.known.save(tmp_path / "known.npz")
    again = known.load(tmp_path / "known.npz")
    assert again is not None
    assert again.ready
    assert np.array_equal(again.view, eye.known.view)
    (tmp_path / "known.npz").write_bytes((tmp_path / "known.npz").read_bytes()[:900])
    assert known.load(tmp_path / "known.npz") is None
    assert known.load(tmp_path / "none.npz") is None


def learned(camera: Camera) -> Eye:
    """An eye that has seen some minutes of a usual morning."""
    eye = Eye()
    for look in range(LEARNED + 5):
        at(eye, camera, MIDNIGHT + (560 + 3 * look) * MINUTE)
    assert eye.known is not None
    assert eye.known.ready
    return eye


def test_the_hall_is_closed_from_half_an_hour_after_its_last_service_to_half_an_hour_before_its_first() -> None:
    settings = load(CONFIG)
    monday = day_start(date(2026, 11, 23), settings.office.zone)
    shut = [closed(settings, monday + minute * MINUTE) for minute in range(0, 1440, 10)]
    first, last = shut.index(False), len(shut) - 1 - shut[::-1].index(False)
    opens = min(begins for one in settings.calendars.values() for begins, _ in one.spans(date(2026, 11, 23)))
    closes = max(ends for one in settings.calendars.values() for _, ends in one.spans(date(2026, 11, 23)))
    assert opens - 30 <= first * 10 < opens
    assert closes <= last * 10 + 10 <= closes + 40
    assert closed(settings, monday - 12 * 60 * MINUTE)  # a Sunday noon


def test_real_streams_are_seen_as_they_degrade_and_the_pictures_of_an_alarm_are_kept(tmp_path: Path) -> None:
    names = [*DEGRADED, "well"]
    store = Store(tmp_path / "office.sqlite3")
    with Simulator(names, SMALL, user="") as simulator:
        cameras = [{"name": name, "title": {"vi": name}, "address": simulator.address(name)} for name in names]
        settings = settings_with(cameras=cameras, footage={"piece_s": 2, "eyes_s": 5})
        recording, eyes = Cameras(store, settings, tmp_path / "footage"), Eyes(store, settings, tmp_path)
        assert eyes.health()["picture well"]()["state"] == "unknown"  # nothing came yet that could be looked at
        recording.start()
        try:
            looks(eyes, 2)
            simulator.turn("frozen", frozen=True)  # sooner: an encoder takes some seconds to settle on a still picture
            looks(eyes, LEARNED - 2)
            assert journal.read(store.read(), only=Filter(kinds=KINDS)) == []
            for name, dials in DEGRADED.items():
                simulator.turn(name, **dials)
            time.sleep(2.5)  # the pieces under way
            looks(eyes, IN_A_ROW)
            assert {*DEGRADED} - {name for name, trouble in eyes.standing.items() if trouble == name} <= {"frozen"}
            until = time.monotonic() + 20
            while not eyes.standing.get("frozen") and time.monotonic() < until:
                looks(eyes, 1)
            told = {one.camera: one for one in troubles.recent(store.read())}
            assert {name: one.trouble for name, one in told.items()} == {name: name for name in DEGRADED}
            assert eyes.health()["picture covered"]() == {"state": "trouble", "reason": "covered"}
            assert eyes.health()["picture well"]() == {"state": "ok", "reason": None}
            for one in told.values():
                assert 0 < one.before < one.now <= system_clock()
                for moment in (one.before, one.now):
                    assert (tmp_path / FOLDER / one.camera / f"{moment}.jpg").read_bytes()[:2] == b"\xff\xd8"
            kept = known.load(tmp_path / FOLDER / "moved" / "known.npz")
            assert kept is not None
            assert kept.ready
            assert Eyes(store, settings, tmp_path).standing == {name: name for name in DEGRADED}
            os.kill(eyes.pid, signal.SIGKILL)
            time.sleep(0.3)
            with store.act() as act:
                troubles.accept(act, settings, str(told["moved"].seq), actor="person:ha")
            assert eyes.health()["picture moved"]()["state"] == "ok"  # at once, not with the next look
            looks(eyes, 1)  # a new process, which knows what was learned, and what is right by now
            assert {name for name, trouble in eyes.standing.items() if trouble} == {*DEGRADED} - {"moved"}
        finally:
            eyes.stop()
            recording.stop()
    store.close()


def looks(eyes: Eyes, count: int) -> None:
    """So many looks at each camera, as pieces come."""
    left = {one.name: count for one in eyes.cameras}
    until = time.monotonic() + 40
    while any(left.values()):
        assert time.monotonic() < until, left
        for one in eyes.cameras:
            if left[one.name] and eyes.look(one) is not None:
                left[one.name] -= 1
        time.sleep(0.05)
