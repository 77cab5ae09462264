"""A stream cut into pieces while clocks run apart, are set by hand, or pictures go missing; time is a dial here."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from camera import CameraFault, FaultKind, fragments
from camera.job import Job
from camera.recording.part import Durable
from camera.recording.pieces import Pieces, timed
from camera.recording.stream import Encoder
from office.footage import path_of

BEGUN: Final = 1_795_785_424.0
HOUR: Final = 3600.0
STEP_S: Final = 0.1
DARK: Final = np.full((48, 64, 3), 99, np.uint8)


class Film:
    """A camera of ten small pictures a second, a keyframe each second, recorded by an office with a clock to set."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = BEGUN
        self.at_ms = 0.0
        self.encoder = Encoder(64, 48, 5)
        self.template = self.encoder.template
        self.told = {"fps": 10}
        self.pieces: list[dict[str, Any]] = []
        job = Job("cam1", "rtsp", "", folder=str(folder / "cam1"), piece_s=3)
        self.recording = Pieces(job, self, Durable(), self._tell, lambda: self.clock)

    def packets(self) -> Iterator[Any]:
        """What the next picture becomes."""
        yield from self.encoder.encode(DARK, self.at_ms)

    def source_clock(self, _: Any) -> None:
        """It tells none."""

    def close(self) -> None:
        """The last piece."""
        self.recording.finish()

    def runs(self, seconds: float, *, pace: float = 1.0, waited_s: float = STEP_S) -> None:
        """Pictures of so many seconds arrive; the office's clock runs ``pace`` times as fast as the camera's."""
        for _ in range(round(seconds / STEP_S)):
            self.at_ms += 1000 * STEP_S
            self.clock += pace * STEP_S
            for packet in self.packets():
                self.recording.take(packet, waited_s)

    def spans(self) -> list[tuple[float, float]]:
        """Begin and end of each piece in seconds after the first moment; each is on disk, and none overlaps another."""
        for one in self.pieces:
            content = fragments.read(path_of(self.folder, "cam1", one["begins"]))
            assert content.whole == one["bytes"]
            assert content.keyframes[0] == 0
        spans = [(one["begins"] / 1000 - BEGUN, one["ends"] / 1000 - BEGUN) for one in self.pieces]
        ordered = sorted(spans)
        assert all(ends <= begins for (_, ends), (begins, _) in pairwise(ordered))
        return spans

    def _tell(self, told: dict[str, Any]) -> None:
        self.pieces.append(told["piece"])


@pytest.fixture(name="film")
def _film(tmp_path: Path) -> Film:
    return Film(tmp_path)


def test_what_was_buffered_bears_the_moment_it_was_taken(film: Film) -> None:
    film.clock += 5
    film.runs(5, pace=0, waited_s=0)  # five seconds lay ready and come at once
    film.runs(4)
    film.close()
    spans = film.spans()
    assert abs(spans[0][0]) < 0.15  # one picture is known by the next one's head
    assert abs(spans[-1][1] - 9) < 0.15


def test_clocks_that_run_apart_leave_no_overlap_and_no_gap_worth_telling(film: Film) -> None:
    for pace in (0.95, 1.05):
        film.runs(60, pace=pace)
    film.close()
    spans = film.spans()
    assert max(begins - ends for (_, ends), (begins, _) in pairwise(spans)) < 0.5
    assert abs(spans[-1][1] - (film.clock - BEGUN)) < 0.5


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_set_by_an_hour_begins_a_new_piece(film: Film, hours: int) -> None:
    film.runs(7)
    film.clock += hours * HOUR
    film.runs(7)
    film.close()
    spans = film.spans()
    assert abs(spans[-1][1] - (film.clock - BEGUN)) < 0.2
    assert sum(ends - begins for begins, ends in spans) > 12
    jump = next(later[0] - sooner[1] for sooner, later in pairwise(spans) if later[0] != sooner[1])
    assert HOUR - 4 < abs(jump) < HOUR + 8


@pytest.mark.parametrize("leap_s", [-900, 300])
def test_a_cameras_own_time_that_leaps_changes_no_moment(film: Film, leap_s: int) -> None:
    film.runs(7)
    film.at_ms = max(0, film.at_ms + leap_s * 1000)
    film.encoder = Encoder(64, 48, 5)
    film.runs(7)
    film.close()
    spans = film.spans()
    assert abs(spans[-1][1] - 14) < 0.2
    assert max(begins - ends for (_, ends), (begins, _) in pairwise(spans)) < 0.2


def test_pictures_that_go_missing_are_a_gap_in_their_piece(film: Film) -> None:
    film.runs(4.5)
    film.at_ms += 1200
    film.clock += 1.2
    film.runs(4)
    film.close()
    gaps = [(one["begins"] / 1000 - BEGUN, gap) for one in film.pieces for gap in one["gaps"]]
    [(begins, (gap_from, gap_to))] = gaps
    assert abs(begins + gap_from / 1000 - 4.5) < 0.25
    assert gap_to - gap_from == 1200


def test_a_stall_that_ends_with_a_new_piece_belongs_to_none(film: Film) -> None:
    film.runs(3)
    film.at_ms += 4000
    film.clock += 4
    film.runs(4)
    film.close()
    (_, ends), (begins, _) = film.spans()[:2]
    assert abs(ends - 3) < 0.25
    assert begins - ends == pytest.approx(4, abs=0.01)


def test_a_stream_without_keyframes_is_told_and_what_there_is_is_kept(film: Film) -> None:
    film.encoder = Encoder(64, 48, 2000)  # a keyframe each 4000 pictures
    with pytest.raises(CameraFault, match="keyframe") as fault:
        film.runs(130)
    assert fault.value.kind is FaultKind.STALLED
    film.close()
    assert [one["keyframes"] for one in film.pieces] == [[0]]  # what followed could not be shown
    assert round((film.pieces[0]["ends"] - film.pieces[0]["begins"]) / 1000) == 120


def test_a_clock_that_is_set_waits_for_a_keyframe_anew(film: Film) -> None:
    film.encoder = Encoder(64, 48, 25)  # a keyframe each five seconds
    film.runs(0.1, waited_s=0)
    for _ in range(2):  # the last time a minute after the first: packets before a piece were long ago
        film.runs(42)
        film.clock -= HOUR
        film.runs(12)
    film.close()
    assert sum(ends - begins for begins, ends in film.spans()) > 90


def test_a_stream_that_never_had_a_keyframe_is_told(film: Film) -> None:
    film.encoder = Encoder(64, 48, 2000)
    list(film.packets())  # the only one, before anybody listened
    with pytest.raises(CameraFault, match="keyframe"):
        film.runs(60)
    assert not film.recording.begun
    film.close()
    assert film.pieces == []


def test_the_first_packets_time_is_told_by_those_after_it(film: Film) -> None:
    film.at_ms = 1000
    [first] = film.packets()
    film.at_ms = 1100
    [second] = film.packets()
    first.pts = first.dts = None
    second.duration = 9000
    assert [packet.pts for packet in timed([first, second])] == [90_000, 99_000]
