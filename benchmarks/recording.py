"""(f) What eight cameras cost that the real server records, next to other ways, and what a killed recorder loses."""

import os
import random
import signal
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import psutil

from benchmarks.cameras import Camera, devices, simulated
from benchmarks.figures import Figure
from benchmarks.hall import Office, found, serving
from benchmarks.recording_rivals import at_work, has_ffmpeg, reencoding, segmenting
from office import footage
from office.footage import begin_of
from office.store import Store

STREAMS: Final = 8
SECONDS: Final = 40.0
SETTLE_S: Final = 12.0
"""All have opened their stream and ended a first piece."""
KILLS: Final = 10
AGAIN_S: Final = 30.0
SEED: Final = 4
MB: Final = 1_000_000


def measure(folder: Path) -> list[Figure]:
    """All at once, so that they share whatever else the machine does; the cameras are a process of their own."""
    with ExitStack() as ending:
        cameras = ending.enter_context(simulated([f"cam{n}" for n in range(1, STREAMS + 1)], "loop"))
        office = found(folder / "office", devices=devices(cameras))
        server = ending.enter_context(serving(office)).pid
        with at_work(_rivals(cameras, folder)) as rivals:
            time.sleep(SETTLE_S)
            recorders = _recorders(server)
            groups = [[one.pid for one in recorders], [server], rivals[:STREAMS], rivals[STREAMS:]]
            shares = _shares(groups)
            memory = [one.memory_full_info() for one in recorders]
        lost = _kills(office, server)
    return [
        *_costs(*shares),
        Figure("f", "most memory of a recorder (RSS)", max(one.rss for one in memory) / MB, "MB", 80),
        Figure("f", "the same without what it shares (USS)", max(one.uss for one in memory) / MB, "MB", 80),
        Figure("f", f"kill -9 of a recorder: video lost, largest of {KILLS}", max(one for one, _ in lost), "s", 2),
        Figure("f", "the same: until pictures are recorded again, largest", max(other for _, other in lost), "s"),
    ]  # fmt: skip


def _rivals(cameras: list[Camera], folder: Path) -> list[list[str]]:
    """FFmpeg for each camera, OpenCV for the first."""
    places = [folder / f"rival{number}" for number in range(len(cameras) + 1)]
    for place in places:
        place.mkdir()
    copies = [segmenting(one.signed_in, place) for one, place in zip(cameras, places, strict=False)]
    return [*copies, reencoding(cameras[0].signed_in, places[-1])]


def _costs(recorders: float, server: float, copies: float, encoding: float) -> list[Figure]:
    """Percent of a core of all of them, as figures."""
    rival = "ffmpeg -c copy" if has_ffmpeg() else "libav's segment muxer (no ffmpeg on this machine)"
    return [
        Figure("f", f"CPU of a recorder ÷ {rival}, 1080p15, mean of {STREAMS}", recorders / copies, "", 1.2),
        Figure("f", "CPU of a recorder ÷ OpenCV, decoding and encoding mp4v", recorders / STREAMS / encoding, "", 0.1),
        Figure("f", f"{STREAMS} recorders together, of one core", recorders, "%", 25),
        Figure("f", "the server that holds them meanwhile", server, "%"),
        Figure("f", f"{rival}: {STREAMS} together", copies, "%"),
        Figure("f", "OpenCV: one", encoding, "%"),
    ]


def _shares(groups: list[list[int]]) -> list[float]:
    """Percent of one core that each group of processes used within SECONDS."""
    before = [sum(_cpu_s(pid) for pid in group) for group in groups]
    began = time.perf_counter()
    time.sleep(SECONDS)
    took = time.perf_counter() - began
    after = [sum(_cpu_s(pid) for pid in group) for group in groups]
    return [100 * (late - early) / took for early, late in zip(before, after, strict=True)]


def _cpu_s(pid: int) -> float:
    """Processor time of a process so far, its ended children's not among it. Raises NoSuchProcess when it has ended."""
    used = psutil.Process(pid).cpu_times()
    return used.user + used.system


def _recorders(server: int) -> list[psutil.Process]:
    """The server's recorders; one that is just ending is none."""
    return [one for one in psutil.Process(server).children() if "camera.recorder" in _words(one)]


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _kills(office: Office, server: int) -> list[tuple[float, float]]:
    """Seconds of video lost, and without pictures, of recorders killed one after another at any moment."""
    chance, store = random.Random(SEED), Store(office.data / "office.sqlite3")
    lost = []
    for number in range(KILLS):
        time.sleep(chance.uniform(0.2, 1.5))
        camera = f"cam{number % STREAMS + 1}"
        pid, _ = _at_work(server, camera)
        os.kill(pid, signal.SIGKILL)
        killed = round(1000 * time.time())
        _, begins = _at_work(server, camera, after=pid)
        last = max(one.ends for one in footage.pieces(store.read(), camera, killed - 60_000, killed))
        lost.append(((killed - last) / 1000, (begins - last) / 1000))
    store.close()
    return lost


def _at_work(server: int, camera: str, after: int = 0) -> tuple[int, int]:
    """The recorder of ``camera`` that writes (not ``after``), and the begin of its piece. Raises RuntimeError."""
    until = time.monotonic() + AGAIN_S
    while time.monotonic() < until:
        for one in _recorders(server):
            for begins in _written(one, camera):
                if one.pid != after:
                    return one.pid, begins
        time.sleep(0.1)
    raise RuntimeError(f"{camera} is not recorded")


def _written(recorder: psutil.Process, camera: str) -> list[int]:
    """Begin of the piece that ``recorder`` has under way, if it is one of ``camera``."""
    try:
        paths = [Path(one.path) for one in recorder.open_files()]
    except psutil.Error:
        return []  # it has ended meanwhile
    return [begin_of(path) for path in paths if path.parent.parent.name == camera and path.suffix == ".part"]
