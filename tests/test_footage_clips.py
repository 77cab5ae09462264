"""Clips and small pictures of what the real recorder left: linear in time, copied, kept for a while, cut elsewhere."""

import io
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import av
import pytest

from camera import CameraFault, FaultKind
from camera.cutters import Cutter
from camera.cutting.joining import Source, join
from camera.cutting.media import Copy, Footage
from camera.shelf import Shelf
from camera.simulated.dials import SMALL
from camera.simulated.server import Simulator
from office import footage
from office.clips import Clip
from office.errors import CutFailed, FootageBusy, NoFootage
from tools.burnt_clock import read
from tools.filmed import Filmed, filmed, row
from tools.waiting import wait_for

pytestmark = pytest.mark.xdist_group("footage clips")  # the hall is filmed once
FRAME_MS = 100
MASK = {"left": 0.5, "top": 0.5, "width": 0.25, "height": 0.25}
HANGS = (sys.executable, "-c", "print('{\"ok\": true}', flush=True); import time; time.sleep(60)")


@pytest.fixture(name="hall", scope="module")
def _hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filmed]:
    """One camera, filmed twice with a pause between."""
    with (
        Simulator(("cam1",), SMALL) as sim,
        filmed(tmp_path_factory.mktemp("office"), [row(sim, "cam1", masks=[MASK])]) as made,
    ):
        made.film(3)
        time.sleep(1)
        made.film(2)
        yield made


@pytest.fixture(name="span")
def _span(hall: Filmed) -> footage.Span:
    """From the first moment that was filmed to the last."""
    last = footage.last(hall.store.read(), "cam1")
    return footage.starts(hall.store.read(), "cam1")[0], last.ends if last else 0


def burnt(clip: Clip) -> list[tuple[float, int]]:
    """Of every picture: the moment it should be of, and the one its own clock tells (ms UTC)."""
    with av.open(str(clip.path)) as file:
        found = [(clip.begins + 1000 * (frame.time or 0), read(frame.to_ndarray(format="gray"))) for frame in
                 file.decode(video=0)]  # fmt: skip
    return [(at, seen.ms) for at, seen in found if seen]


def packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as file:
        return [bytes(packet) for packet in file.demux(video=0) if packet.size]


def test_time_in_a_clip_is_linear_across_pieces_and_the_gap(hall: Filmed, span: footage.Span) -> None:
    clip = hall.gallery.clip("cam1", span[0] + 700, span[1])
    seen = burnt(clip)
    assert max(abs(at - ms) for at, ms in seen) <= FRAME_MS
    assert span[0] <= clip.begins <= span[0] + 700  # the keyframe before
    assert abs(clip.ends - span[1]) <= FRAME_MS
    ((lost, found),) = clip.gaps
    assert not [ms for _, ms in seen if lost + FRAME_MS < ms < found - FRAME_MS]
    assert found - lost > 1000


def test_nothing_is_encoded_anew(hall: Filmed, span: footage.Span) -> None:
    clip = hall.gallery.clip("cam1", *span)
    known = hall.gallery.cover("cam1", *span).pieces
    left = [one for piece in known for one in packets(footage.path_of(hall.folder / "footage", "cam1", piece.begins))]
    copied = packets(clip.path)
    assert copied == left


def test_what_lies_outside_is_told(hall: Filmed, span: footage.Span) -> None:
    clip = hall.gallery.clip("cam1", span[0] - 5000, span[1] + 5000)
    assert clip.gaps[0] == (span[0] - 5000, span[0])
    assert clip.gaps[-1][1] == span[1] + 5000
    with pytest.raises(NoFootage) as refused:
        hall.gallery.clip("cam1", span[0] - 9000, span[0] - 5000)
    assert len(refused.value.params["nearest"]) == 1  # type: ignore[arg-type]


def test_a_second_look_waits_for_nothing_and_a_purged_piece_is_in_no_clip(hall: Filmed, span: footage.Span) -> None:
    first = hall.gallery.clip("cam1", span[0], span[0] + 3000)
    assert hall.gallery.clip("cam1", span[0], span[0] + 3000) == first
    piece = hall.gallery.cover("cam1", *span).pieces[0]
    with hall.store.act() as act:
        footage.drop(act, "cam1", [piece.begins])
    after = hall.gallery.clip("cam1", span[0], span[0] + 3000)
    with hall.store.act() as act:
        footage.keep(act, [piece])
    assert after.begins >= piece.ends - FRAME_MS
    assert after.tag != first.tag


def test_a_piece_that_is_gone_from_the_disk_is_a_gap(hall: Filmed, span: footage.Span) -> None:
    piece = hall.gallery.cover("cam1", *span).pieces[1]
    path = footage.path_of(hall.folder / "footage", "cam1", piece.begins)
    aside = path.with_suffix(".aside")
    path.rename(aside)
    try:
        clip = hall.gallery.clip("cam1", span[0] + 1, piece.ends + 1000)
    finally:
        aside.rename(path)
    assert clip.gaps
    assert abs(clip.gaps[0][0] - piece.begins) <= FRAME_MS


def test_a_small_picture_is_of_its_moment(hall: Filmed, span: footage.Span) -> None:
    made = hall.gallery.picture("cam1", span[0] + 1530)
    assert made[:3] == b"\xff\xd8\xff"
    with av.open(io.BytesIO(made), "r") as file:
        frame = next(file.decode(video=0))
    assert (frame.width, frame.height) == (320, 180)
    with pytest.raises(NoFootage):
        hall.gallery.picture("cam1", span[0] - 60_000)


def test_masks_black_out_their_part_alone(hall: Filmed, span: footage.Span, tmp_path: Path) -> None:
    out, cutter = tmp_path / "masked.mp4", Cutter()
    one = hall.settings.camera_by_name["cam1"].masks[0]
    masks = [(one.left, one.top, one.width, one.height)]
    told = hall.gallery.write(cutter, "cam1", (span[0], span[0] + 2500), masks, out)
    cutter.close()
    clip = Clip(out, told["begins"], told["ends"], (), "")
    seen = burnt(clip)
    assert len(seen) >= 24
    assert max(abs(at - ms) for at, ms in seen) <= FRAME_MS  # the clock is outside the mask, and time stays
    with av.open(str(out)) as file:
        gray = next(file.decode(video=0)).to_ndarray(format="gray")
    high, wide = gray.shape
    inside = gray[round(high * 0.52) : round(high * 0.73), round(wide * 0.52) : round(wide * 0.73)]
    assert inside.max() < 24
    assert gray[round(high * 0.8) :, :].max() > 60


@pytest.mark.skipif(sys.platform == "win32", reason="kills are POSIX")
def test_a_killed_cutter_is_followed_by_another(hall: Filmed, span: footage.Span, tmp_path: Path) -> None:
    cutter = Cutter()
    hall.gallery.write(cutter, "cam1", span, [], tmp_path / "one.mp4")
    first = cutter.pid or 0
    os.kill(first, signal.SIGKILL)
    try:
        hall.gallery.write(cutter, "cam1", span, [], tmp_path / "two.mp4")
    except CutFailed:  # it died between being looked at and being told
        hall.gallery.write(cutter, "cam1", span, [], tmp_path / "two.mp4")
    second = cutter.pid
    assert second not in (first, None)
    cutter.rest(0)
    assert cutter.pid is None
    cutter.close()


def test_one_that_hangs_is_ended_and_who_waits_too_long_is_told(tmp_path: Path) -> None:
    cutter, busy = Cutter(HANGS, waiting=0), threading.Event()

    def hang() -> None:
        with pytest.raises(CameraFault) as fault:
            cutter.ask({"do": "clip"}, 0.8)
        assert fault.value.kind is FaultKind.STALLED
        busy.set()

    thread = threading.Thread(target=hang)
    thread.start()
    wait_for(lambda: cutter.pid is not None, 5)
    with pytest.raises(FootageBusy):
        cutter.ask({"do": "clip"}, 1)
    thread.join()
    assert busy.is_set()
    assert cutter.pid is None


def test_the_shelf_keeps_little_and_not_for_long(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "clips", largest=25)

    def put(tag: str) -> None:
        part = shelf.room(tag)
        part.write_bytes(b"0123456789")
        shelf.put(tag, part, Clip(tmp_path / "clips" / f"{tag}.mp4", 0, 1, (), tag))

    for tag in ("a", "b"):
        put(tag)
    assert shelf.find("a")
    put("c")  # the one that was used least lately goes
    assert [bool(shelf.find(tag)) for tag in "abc"] == [True, False, True]
    shelf.purge(0)
    assert list((tmp_path / "clips").iterdir()) == []


@pytest.mark.parametrize("after_ms", [0, 40, 60, 949, 1530, 1999, 5000])
def test_the_nearest_picture_is_the_nearest(hall: Filmed, span: footage.Span, after_ms: int) -> None:
    piece = hall.gallery.cover("cam1", *span).pieces[0]
    with Footage(footage.path_of(hall.folder / "footage", "cam1", piece.begins)) as file:
        first, seen = (read(file.nearest(ms).to_ndarray(format="gray")) for ms in (0, after_ms))
    assert first
    assert seen
    last = piece.ends - piece.begins - FRAME_MS
    assert abs(seen.ms - first.ms - min(after_ms, last)) <= FRAME_MS / 2 + 10


def test_a_camera_that_was_set_otherwise_is_shown_in_a_clip_of_its_own(tmp_path: Path) -> None:
    sources = []
    for number, (wide, high) in enumerate(((320, 180), (640, 360))):
        path = tmp_path / f"{number}.mp4"
        with av.open(str(path), "w", format="mp4") as file:
            stream = file.add_stream("libx264", rate=10, options={"tune": "zerolatency"})
            stream.width, stream.height, stream.pix_fmt = wide, high, "yuv420p"
            for _ in range(10):
                file.mux(stream.encode(av.VideoFrame(wide, high, "yuv420p")))
            file.mux(stream.encode(None))
        sources.append(Source(path, number * 1000, (number + 1) * 1000))
    told = join(sources, 0, 2000, partial(Copy, tmp_path / "one.mp4"))
    assert (told["begins"], told["ends"], told["goes_on"]) == (0, 1000, 1000)
    told = join(sources[1:], 1000, 2000, partial(Copy, tmp_path / "two.mp4"))
    assert (told["begins"], told["ends"], told["goes_on"]) == (1000, 2000, None)
