"""Footage that stays on a recorder (NVR): the simulated one, asked by time as Hikvision, Dahua and ONVIF G are."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, ClassVar

import av
import pytest

from camera import CameraFault, FaultKind, Job
from camera.cutters import Cutter
from camera.cutting.fetching import Moments
from camera.cutting.replaying import Replay
from camera.nvr_address import begun, hikvision
from camera.nvr_check import line
from camera.nvr_onvif import Onvif
from camera.simulated.dials import SMALL
from camera.simulated.onvif_answers import envelope
from camera.simulated.server import Simulator
from office.clock import rfc3339, system_clock
from office.errors import CutFailed, NoFootage, RecorderCodec, RecorderRefuses, RecorderUnreachable
from office.footage import Span
from office.people import Role
from simulation.local_web import LocalWeb
from tools.burnt_clock import read
from tools.filmed import Filmed, filmed
from tools.webhall import post

HOUR_MS = 3_600_000
FRAME_MS = 100
KEY_MS = 1_000
KINDS = ("hikvision", "dahua", "onvif")


@pytest.fixture(name="sim", scope="module")
def _sim() -> Iterator[Simulator]:
    with Simulator(("cam1", "cam2"), SMALL) as made:
        yield made


@pytest.fixture(name="hall")
def _hall(tmp_path: Path, sim: Simulator) -> Iterator[Filmed]:
    with filmed(tmp_path, [row(sim, kind) for kind in KINDS]) as made:
        yield made
    for camera in sim.cameras.values():
        camera.calm()


@pytest.fixture(name="begin")
def _yesterday() -> int:
    return (system_clock() - 20 * HOUR_MS) // HOUR_MS * HOUR_MS + 40 * 60_000 + 321


def row(sim: Simulator, kind: str, **more: Any) -> dict[str, Any]:
    """The recorder's second channel."""
    plain = {"name": kind, "title": {"vi": kind}, "source": kind, "address": f"127.0.0.1:{sim.port}", "channel": 2}
    return plain | {"user": sim.user, "password": sim.password, "control_port": sim.web_port, "timeout_s": 1} | more


def look(hall: Filmed, kind: str, asked: Span) -> tuple[Span, tuple[Span, ...], list[float]]:
    """What a clip delivers, its gaps, and of each picture how far its burnt-in clock is from the office's moment."""
    clip = hall.gallery.clip(kind, *asked)
    with av.open(str(clip.path)) as file:
        seen = [(frame.time or 0, read(frame.to_ndarray(format="gray"))) for frame in file.decode(video=0)]
    assert all(burnt and burnt.camera == 2 for _, burnt in seen)
    return (clip.begins, clip.ends), clip.gaps, [burnt.ms - clip.begins - 1000 * at for at, burnt in seen if burnt]


@pytest.mark.parametrize("kind", KINDS)
def test_the_asked_seconds_come_also_where_the_end_is_ignored(
    hall: Filmed, sim: Simulator, begin: int, kind: str
) -> None:
    for ignores in (False, True):
        sim.turn("cam2", ignores_end=ignores)
        asked = (begin + ignores * 10_000, begin + ignores * 10_000 + 4000)
        (first, last), gaps, off = look(hall, kind, asked)
        assert asked[0] - KEY_MS <= first <= asked[0]
        assert asked[1] - FRAME_MS <= last <= asked[1] + FRAME_MS
        assert gaps == ()
        assert max(map(abs, off)) <= FRAME_MS
    assert hall.gallery.picture(kind, begin + 1500)[:2] == b"\xff\xd8"
    assert hall.gallery.cover(kind, *asked).spans == (asked,)


@pytest.mark.parametrize("kind", KINDS)
def test_a_recorder_whose_clock_is_wrong_is_asked_by_its_clock(
    tmp_path: Path, sim: Simulator, begin: int, kind: str
) -> None:
    ahead_ms = 90_000
    for camera in ("cam1", "cam2"):
        sim.turn(camera, clock_s=ahead_ms / 1000)
    try:
        with filmed(tmp_path, [row(sim, kind, offset_s=ahead_ms / 1000)]) as hall:
            (first, _), _, off = look(hall, kind, (begin, begin + 3000))
    finally:
        for one in sim.cameras.values():
            one.calm()
    assert begin - KEY_MS <= first <= begin
    assert max(abs(one - ahead_ms) for one in off) <= FRAME_MS


def test_one_that_takes_utc_for_local_time_is_found_out_and_when_it_is_mended_too(
    hall: Filmed, sim: Simulator, begin: int
) -> None:
    health = hall.gallery.health({"camera hikvision": dict})["camera hikvision"]
    for number, (wrong, shift_s) in enumerate(((True, 25_200), (True, 25_200), (False, 0))):
        sim.turn("cam2", local_z=wrong)
        asked = (begin + number * 5000, begin + number * 5000 + 3000)
        (first, _), _, off = look(hall, "hikvision", asked)
        assert asked[0] - KEY_MS <= first <= asked[0]
        assert max(map(abs, off)) <= FRAME_MS
        assert health()["asked_off_utc_s"] == shift_s


@pytest.mark.parametrize("kind", KINDS)
def test_holes_are_told(hall: Filmed, sim: Simulator, begin: int, kind: str) -> None:
    sim.turn("cam2", holes=True)  # minutes 20 to 25 of every hour
    hole = begin // HOUR_MS * HOUR_MS + 20 * 60_000
    _, gaps, off = look(hall, kind, (hole - 2000, hole + 302_000))
    assert gaps == ((hole, hole + 300_000),)
    assert max(map(abs, off)) <= FRAME_MS
    with pytest.raises(NoFootage):
        hall.gallery.clip(kind, hole + 2000, hole + 6000)
    with pytest.raises(NoFootage):
        hall.gallery.clip(kind, begin - 9 * 24 * HOUR_MS, begin - 9 * 24 * HOUR_MS + 3000)


def test_each_fault_has_its_own_word_and_a_refusal_is_not_repeated(hall: Filmed, sim: Simulator, begin: int) -> None:
    def refused(kind: str, fault: type[CutFailed]) -> None:
        with pytest.raises(fault) as told:
            hall.gallery.clip(kind, begin, begin + 2000)
        assert sim.password not in str(told.value)
        assert type(told.value) is fault

    health = hall.gallery.health({"camera dahua": lambda: {"state": "ok"}})["camera dahua"]
    sim.turn("cam2", hevc=True)
    refused("dahua", RecorderCodec)
    assert (health()["state"], health()["reason"]) == ("trouble", FaultKind.CODEC)
    sim.turn("cam2", hevc=False, stalled=True)
    refused("hikvision", RecorderUnreachable)
    sim.turn("cam2", stalled=False, changed_password=True)
    refused("dahua", RecorderRefuses)
    sim.turn("cam2", changed_password=False)
    refused("dahua", RecorderRefuses)  # it is left alone for a while: many lock an account
    hall.gallery.clip("hikvision", begin, begin + 2000)
    sim.turn("cam1", changed_password=True)  # ONVIF's
    refused("onvif", RecorderRefuses)
    sim.kill()
    try:
        with pytest.raises(RecorderUnreachable):
            hall.gallery.clip("hikvision", begin + 60_000, begin + 62_000)
    finally:
        sim.revive()


def test_a_hold_says_that_a_recorder_may_still_overwrite_it(hall: Filmed, begin: int) -> None:
    zone = hall.settings.office.zone
    asked = {"cameras": [KINDS[0]], "from": rfc3339(begin, zone), "to": rfc3339(begin + 9000, zone), "reason": "test"}
    until = rfc3339(hall.store.clock() + 240 * HOUR_MS, zone)[:10]
    answer = post(hall.doors().person("ha", Role.SUPERVISOR), "/footage/holds", asked | {"until": until})
    assert (answer.status_code, answer.get_json()["kept_here"]) == (201, False)


def test_check_fetches_a_little(hall: Filmed, sim: Simulator) -> None:
    zone = hall.settings.office.zone
    by_name = hall.settings.camera_by_name
    begun = time.monotonic()
    assert "footage of a minute ago comes" in line(by_name["dahua"], lambda: False, zone)
    assert time.monotonic() - begun < 5
    sim.turn("cam2", changed_password=True)
    with pytest.raises(CameraFault) as refused:
        line(by_name["dahua"], lambda: False, zone)
    assert refused.value.kind is FaultKind.REFUSED


def moments(begins: int, *, ahead_ms: int = 0, now: int = 10**12) -> Moments:
    return Moments(begins, ahead_ms, lambda: now)


def test_moments_come_from_sender_reports_of_the_past_alone() -> None:
    now = 10**12
    past = now - HOUR_MS
    told = moments(past)
    assert told.take(40.0, past - 900) == past - 900  # the keyframe before
    assert told.take(140.0, None) == past - 800
    assert told.take(340.0, past - 650) == past - 600  # less than half a second: the same line of time
    assert told.take(1040.0, past + 300_000) == past + 300_000  # it left a hole out without a gap in its stamps
    sending = moments(past)
    assert sending.take(40.0, now - 300) == past  # it reports when it sends: it is believed to begin as asked
    assert sending.take(2040.0, now + 1700) == past + 2000
    silent = moments(past)
    assert [silent.take(at, None) for at in (500.0, 600.0)] == [past, past + 100]
    wrong = moments(past, ahead_ms=90_000)
    assert wrong.take(0.0, past + 90_000) == past


def test_a_recorder_that_tells_no_time_is_believed_to_begin_at_the_whole_second_it_was_asked_for(hall: Filmed) -> None:
    zone, camera, begins = hall.settings.office.zone, hall.settings.camera_by_name["hikvision"], 1_795_000_000_900
    for ahead_ms in (0, 350, -90_250):  # its clock less the office's
        asked = hikvision(camera, begins + ahead_ms, begins + 3000, zone).partition("starttime=")[2][:16]
        theirs = datetime.strptime(asked, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp() * 1000
        assert begun(begins, begins + ahead_ms) == theirs - ahead_ms


class BitByBit(BaseHTTPRequestHandler):
    """An ONVIF recorder that tells of each recording as it finds it."""

    states: ClassVar = iter(("Queued", "Searching", "Completed", "asked once too often"))

    def do_POST(self) -> None:
        """Answer what is asked."""
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        spaces = ("http://www.onvif.org/ver10/search/wsdl", "http://www.onvif.org/ver10/replay/wsdl")
        told = "<a><SearchToken>s</SearchToken></a>"
        if "GetServices" in asked:
            told = "".join(f"<a><Namespace>{one}</Namespace><XAddr>http://h/x</XAddr></a>" for one in spaces)
        elif "SearchResults" in asked:
            state = next(self.states)
            span = "".join(
                f"<{name}Recording>2026-11-01T00:00:00Z</{name}Recording>" for name in ("Earliest", "Latest")
            )
            one = f"<RecordingInformation><RecordingToken>{state}</RecordingToken>{span}</RecordingInformation>"
            told = f"<SearchState>{state}</SearchState>{one if state != 'Queued' else ''}"
        body = envelope(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def test_a_recorder_that_lists_its_recordings_bit_by_bit_is_asked_until_it_has_told_all() -> None:
    device = LocalWeb(BitByBit)
    try:
        found = Onvif("127.0.0.1", device.port, "", "").recordings()
        assert [one.token for one in found] == ["Searching", "Completed"]
    finally:
        device.stop()


def test_a_relay_leaves_nothing_behind() -> None:
    before = threading.active_count()
    for _ in range(3):
        with Replay(Job("cam", "rtsp", "rtsp://127.0.0.1:9/none"), ("19700101T000000Z", "19700101T000001Z")):
            pass
    for thread in threading.enumerate():
        if thread.name == "replay":
            thread.join(2)
    assert threading.active_count() <= before


@pytest.mark.parametrize("kind", ["dahua", "onvif"])
def test_one_that_sends_in_real_time_is_waited_for(hall: Filmed, sim: Simulator, begin: int, kind: str) -> None:
    sim.turn("cam2", pace=2.0)
    begun = time.monotonic()
    (_, last), gaps, _ = look(hall, kind, (begin, begin + 3000))
    assert (abs(last - begin - 3000) <= FRAME_MS, gaps) == (True, ())
    assert kind == "onvif" or time.monotonic() - begun > 1.2  # ONVIF is asked for all at once


def test_masks_are_drawn_on_what_is_fetched(hall: Filmed, begin: int, tmp_path: Path) -> None:
    out, asked = tmp_path / "masked.mp4", (begin, begin + 2000)
    told = hall.gallery.write(Cutter(), "dahua", asked, [(0.5, 0.5, 0.25, 0.25)], out)
    with av.open(str(out)) as file:
        grays = [(frame.time or 0, frame.to_ndarray(format="gray")) for frame in file.decode(video=0)]
    burnt = [(at, read(gray)) for at, gray in grays]
    assert len(burnt) >= 20
    assert all(seen and abs(seen.ms - told["begins"] - 1000 * at) <= FRAME_MS for at, seen in burnt)
    assert max(gray[190:260, 340:460].max() for _, gray in grays) < 24
