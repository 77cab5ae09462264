"""What a fragmented MP4 really holds, read from its boxes (ISO/IEC 14496-12) without any library: how far it is whole,
when each frame is shown, and which are keyframes. The pictures themselves are passed over, so it takes some 0.2 ms.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import SEEK_END, FileIO
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Final

Span = tuple[int, int]
Frame = tuple[int, int, bool]
"""When it is decoded and how long it lasts, in ticks; whether it is a keyframe."""

GAP_MS: Final = 500
"""Frames further apart than this, and than three times the usual, have something missing between them: elsewhere the
picture shown is never older than half a second."""
_NO_SYNC: Final = 0x10000
_LARGEST_BOX: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Content:
    """A piece's frames. ``whole``: bytes up to the end of the last whole fragment; ``length``, ``keyframes`` and
    ``gaps`` in ms from its first frame."""

    whole: int
    length: int
    keyframes: tuple[int, ...]
    gaps: tuple[Span, ...]


@dataclass(slots=True)
class _Track:
    scale: int = 0
    at: int = 0
    duration: int = 0
    flags: int = 0


def read(path: Path) -> Content:
    """What the file at ``path`` holds. Raises OSError, or ValueError when there is not one whole fragment in it."""
    with path.open("rb", buffering=0) as file:
        return _content(file, file.seek(0, SEEK_END))


def gaps_between(times: Sequence[float]) -> tuple[Span, ...]:
    """Where frames are missing between frames shown at ``times`` (ms, in order), ms."""
    steps = [later - sooner for sooner, later in pairwise(times)]
    if not steps or max(steps) <= GAP_MS:
        return ()
    usual = median(steps)
    found = zip(times, steps, strict=False)
    return tuple((round(at + usual), round(at + step)) for at, step in found if is_gap(step, usual))


def is_gap(step: float, usual: float) -> bool:
    """Whether something is missing in a ``step`` from one frame to the next, when they ``usual``ly are so far apart."""
    return step > max(GAP_MS, 3 * usual)


def _content(file: FileIO, size: int) -> Content:
    """Fragment after fragment, as far as both its boxes are whole."""
    frames: list[Frame] = []
    pending: list[Frame] = []
    track, whole = _Track(), 0
    try:
        for kind, begins, ends in _boxes(file, 0, size):
            if kind == b"moov":
                track.scale, track.duration, track.flags = _head(_body(file, begins, ends))
            elif kind == b"moof":
                pending = list(_fragment(_body(file, begins, ends), track))
            elif kind == b"mdat" and pending:
                frames, pending, whole = frames + pending, [], ends
            elif kind == b"mfra":
                whole = ends
    except (struct.error, IndexError) as fault:
        raise ValueError(f"no MP4 as recorders write it: {fault}") from None
    if not frames or not track.scale:
        raise ValueError("not one whole fragment")
    return _told(frames, track.scale, whole)


def _told(frames: list[Frame], scale: int, whole: int) -> Content:
    first = frames[0][0]
    times = [(at - first) * 1000 / scale for at, _, _ in frames]
    last = frames[-1][0] + frames[-1][1] - first
    keys = tuple(round(at) for at, frame in zip(times, frames, strict=True) if frame[2])
    return Content(whole, max(1, round(last * 1000 / scale)), keys, gaps_between(times))


def _boxes(file: FileIO, begins: int, ends: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, first byte after its head, and end of each whole box of a file."""
    while begins + 8 <= ends:
        file.seek(begins)
        head = file.read(16)
        size, kind = struct.unpack_from(">I4s", head)
        skip = 8
        if size == 1:
            size, skip = struct.unpack_from(">Q", head, 8)[0], 16
        if size < skip or begins + size > ends:
            return
        yield kind, begins + skip, begins + size
        begins += size


def _body(file: FileIO, begins: int, ends: int) -> bytes:
    if ends - begins > _LARGEST_BOX:
        raise ValueError("a head of several MB")
    file.seek(begins)
    return file.read(ends - begins)


def _inner(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of each box in ``data``."""
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        if size < 8:
            return
        yield kind, data[at + 8 : at + size]
        at += size


def _find(data: bytes, *way: bytes) -> bytes:
    """The content of the first box along ``way``; raises IndexError where there is none."""
    for step in way:
        data = next((body for kind, body in _inner(data) if kind == step), b"")
        if not data:
            raise IndexError(step.decode())
    return data


def _head(moov: bytes) -> tuple[int, int, int]:
    """Ticks a second, and what a frame that tells nothing lasts and is."""
    mdhd = _find(moov, b"trak", b"mdia", b"mdhd")
    scale = struct.unpack_from(">I", mdhd, 20 if mdhd[0] else 12)[0]
    trex = _find(moov, b"mvex", b"trex")
    return scale, *struct.unpack_from(">I", trex, 12), *struct.unpack_from(">I", trex, 20)


def _fragment(moof: bytes, track: _Track) -> Iterator[Frame]:
    """When each frame of a fragment is decoded, how long it lasts (ticks), and whether it is a keyframe."""
    traf = _find(moof, b"traf")
    duration, flags = _defaults(_find(traf, b"tfhd"), track)
    tfdt = _find(traf, b"tfdt")
    at = struct.unpack_from(">Q" if tfdt[0] else ">I", tfdt, 4)[0]
    for kind, trun in _inner(traf):
        if kind == b"trun":
            for lasts, is_key in _run(trun, duration, flags):
                yield at, lasts, is_key
                at += lasts


def _defaults(tfhd: bytes, track: _Track) -> tuple[int, int]:
    given = int.from_bytes(tfhd[1:4])
    at = 8 + 8 * bool(given & 0x01) + 4 * bool(given & 0x02)
    duration, flags = track.duration, track.flags
    if given & 0x08:
        duration = struct.unpack_from(">I", tfhd, at)[0]
        at += 4
    at += 4 * bool(given & 0x10)
    if given & 0x20:
        flags = struct.unpack_from(">I", tfhd, at)[0]
    return duration, flags


def _run(trun: bytes, duration: int, flags: int) -> Iterator[tuple[int, bool]]:
    given = int.from_bytes(trun[1:4])
    count = struct.unpack_from(">I", trun, 4)[0]
    at = 8 + 4 * bool(given & 0x01)
    first = struct.unpack_from(">I", trun, at)[0] if given & 0x04 else None
    at += 4 * bool(given & 0x04)
    fields = [bit for bit in (0x100, 0x200, 0x400, 0x800) if given & bit]
    step = 4 * len(fields)
    for number in range(count):
        told = dict(zip(fields, struct.unpack_from(f">{len(fields)}I", trun, at + number * step), strict=True))
        own = first if first is not None and not number else told.get(0x400, flags)
        yield told.get(0x100, duration), not own & _NO_SYNC
