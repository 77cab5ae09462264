"""Footage of the past, made at once: pieces as the recorder leaves them, with a burnt-in clock, in folder and index."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Final

import av

from camera.simulated.burnt import burn
from camera.simulated.dials import Dials
from camera.simulated.scene import Scene
from office import footage
from office.footage import Piece, Span
from office.store import Store

WIDTH, HEIGHT, FPS = 480, 270, 10
STEP_MS: Final = 1000 // FPS
PIECE_MS: Final = 10_000


class Made:
    """Makes footage of simulated cameras below ``folder`` and tells ``store``'s index of it."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.folder = folder
        self.store = store

    def record(self, name: str, number: int, span: Span, *, without: Span = (0, 0), hall: bool = False) -> None:
        """Camera ``name``, whose picture bears ``number``, from … to (ms UTC), nothing of it within ``without``."""
        scene, found = Scene(WIDTH, HEIGHT, number, hall=hall), []
        for begins, ends in _pieces(span, without):
            path = footage.path_of(self.folder, name, begins)
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, scene, number, begins, ends)
            keys = tuple(range(0, ends - begins, 1000))
            found.append(Piece(name, begins, ends, path.stat().st_size, keys))
        with self.store.act() as act:
            footage.keep(act, found)


def _pieces(span: Span, without: Span) -> Iterator[Span]:
    """The stretches of at most PIECE_MS that there is to be footage of."""
    for begins, ends in ((span[0], without[0]), (without[1], span[1])) if without[1] else (span,):
        for at in range(begins, ends, PIECE_MS):
            yield at, min(at + PIECE_MS, ends)


def _write(path: Path, scene: Scene, number: int, begins: int, ends: int) -> None:
    options = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
    with av.open(str(path), "w", format="mp4", options=options) as file:
        stream = file.add_stream("libx264", rate=FPS, options={"preset": "ultrafast", "tune": "zerolatency"})
        stream.width, stream.height, stream.pix_fmt, stream.gop_size = WIDTH, HEIGHT, "yuv420p", FPS
        for at in range(begins, ends, STEP_MS):
            frame = _picture(scene, number, at)
            frame.pts, frame.time_base = (at - begins) // STEP_MS, Fraction(1, FPS)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))


def _picture(scene: Scene, number: int, at: int) -> av.VideoFrame:
    made = scene.picture(at, Dials()).copy()
    y, rest = made[:HEIGHT], made[HEIGHT:].reshape(2, HEIGHT // 2, WIDTH // 2)
    burn((y, rest[0], rest[1]), at, number)
    return av.VideoFrame.from_ndarray(made, format="yuv420p")
