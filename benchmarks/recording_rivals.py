"""Other ways to record a stream, each a process of its own: FFmpeg's copy into pieces, OpenCV's decode and encode.

As a program: ``python -m benchmarks.recording_rivals opencv|segments ADDRESS FOLDER`` until it is ended. ``segments``
is libav's own muxer of pieces through PyAV, for machines without FFmpeg's program.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import av
import cv2

from benchmarks.hall import ROOT

PIECE_S: Final = 10
FPS: Final = 15


def segmenting(address: str, folder: Path) -> list[str]:
    """The command that copies a stream into pieces of ten seconds, by FFmpeg if it is installed."""
    if not has_ffmpeg():
        return [sys.executable, "-m", "benchmarks.recording_rivals", "segments", address, str(folder)]
    taken = ["ffmpeg", "-nostdin", "-loglevel", "error", "-rtsp_transport", "tcp", "-i", address]
    cut = ["-map", "0:v", "-c", "copy", "-f", "segment", "-segment_time", str(PIECE_S), "-reset_timestamps", "1"]
    return [*taken, *cut, str(folder / "%05d.mp4")]


def reencoding(address: str, folder: Path) -> list[str]:
    """The command that decodes and encodes it, as programs around OpenCV do."""
    return [sys.executable, "-m", "benchmarks.recording_rivals", "opencv", address, str(folder)]


def has_ffmpeg() -> bool:
    """Whether FFmpeg's program is installed."""
    return shutil.which("ffmpeg") is not None


@contextmanager
def at_work(commands: list[list[str]]) -> Iterator[list[int]]:
    """These programs until the end of the block; their process numbers."""
    started = [subprocess.Popen(one, cwd=ROOT, stdin=subprocess.DEVNULL) for one in commands]
    try:
        yield [one.pid for one in started]
    finally:
        for one in started:
            one.kill()
            one.wait()


def opencv(address: str, folder: Path) -> None:
    """Read pictures and write them as MPEG-4, a file for every ten seconds."""
    camera, number = cv2.VideoCapture(address, cv2.CAP_FFMPEG), 0
    while True:
        name = str(folder / f"{number // (PIECE_S * FPS):05d}.mp4")
        there, picture = camera.read()
        if not there:
            return
        if number % (PIECE_S * FPS) == 0:
            size = picture.shape[1], picture.shape[0]
            out = cv2.VideoWriter(name, cv2.VideoWriter.fourcc(*"mp4v"), FPS, size)
        out.write(picture)
        number += 1


def segments(address: str, folder: Path) -> None:
    """Copy packets into libav's segment muxer."""
    with av.open(address, options={"rtsp_transport": "tcp"}) as camera:
        options = {"segment_time": str(PIECE_S), "reset_timestamps": "1"}
        with av.open(str(folder / "%05d.mp4"), "w", format="segment", options=options) as out:
            source = camera.streams.video[0]
            stream = out.add_stream_from_template(source)
            for packet in camera.demux(source):
                if packet.dts is not None:
                    packet.stream = stream
                    out.mux(packet)


if __name__ == "__main__":
    {"opencv": opencv, "segments": segments}[sys.argv[1]](sys.argv[2], Path(sys.argv[3]))
