"""A stand-in for the footage API with dials, over real pieces: for the player alone, when nothing else is to be tried.

``on``: it answers in place of the office's own API; ``slow_s`` before each clip, ``expired``: every view has run out,
``broken``: clips end in an error of the server.
"""

import io
import json
import time
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from flask import Blueprint, Response, request
from PIL import Image

from office import footage
from office.clock import rfc3339
from office.footage import Coverage, Piece
from web.hall import Hall
from web.moments import moment


@dataclass
class Stand:
    """The footage API of ``hall`` with pieces below ``folder``; ``asked`` keeps what was sent to it."""

    hall: Hall
    folder: Path
    on: bool = True
    slow_s: float = 0
    expired: bool = False
    broken: bool = False
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def blueprint(self) -> Blueprint:
        """The calls below /api/v1."""
        api = Blueprint("stand", __name__)
        api.add_url_rule("/footage", view_func=self._cover)
        api.add_url_rule("/footage/clip", view_func=self._clip)
        api.add_url_rule("/footage/thumbnail", view_func=self._thumbnail)
        for name in ("views", "exports", "holds"):
            api.add_url_rule(f"/footage/{name}", f"{name}", self._written, methods=["POST"])
        return api

    def _cover(self) -> dict[str, Any]:
        camera, begins, ends = self._range()
        known, found = self.hall.settings.camera_by_name[camera], self._of(camera, begins, ends)
        one = {"id": camera, "title": known.title.text("vi"), "kind": known.source, "clock_offset_s": known.offset_s}
        one["clock_offsets"] = [{"from": self._rfc(begins), "offset_s": known.offset_s}]
        spans = {"ranges": self._told(found.spans), "gaps": self._told(found.gaps), "recorded": "here"}
        return {"from": self._rfc(begins), "to": self._rfc(ends), "cameras": [one | spans]}

    def _clip(self) -> Response:
        time.sleep(self.slow_s)
        if self.expired:
            return _problem(403, "error.view_first")
        if self.broken:
            return _problem(500, "error.unexpected")
        camera, begins, ends = self._range()
        found = self._of(camera, begins, ends)
        if not found.pieces:
            return _problem(404, "error.no_footage")
        first, data = joined(self.folder, found, begins, ends)
        gaps = [[self._rfc(one), self._rfc(other)] for one, other in found.gaps]
        last = min(ends, found.spans[-1][1])
        told = {"Footage-From": self._rfc(first), "Footage-To": self._rfc(last), "Footage-Gaps": json.dumps(gaps)}
        return Response(data, 200, told, content_type="video/mp4")

    def _thumbnail(self) -> Response:
        at = moment(request.args["at"], "at")
        found = self._of(request.args["camera"], at, at + 1000)
        if self.expired or not found.pieces:
            return _problem(404, "error.no_footage")
        return Response(picture(self.folder, found.pieces[0], at), content_type="image/jpeg")

    def _written(self) -> tuple[dict[str, Any], int]:
        self.asked.append((request.path, request.get_json()))
        self.expired = False
        until = self._rfc(self.hall.store.clock() + 3_600_000)
        told = {"view": "v1", "ends_at": until, "export": "e1", "url": "/api/v1/footage/exports/e1", "sha256": "0" * 64}
        return told | {"hold": "h1"}, 201

    def _range(self) -> tuple[str, int, int]:
        return request.args["camera"], moment(request.args["from"], "from"), moment(request.args["to"], "to")

    def _of(self, camera: str, begins: int, ends: int) -> Coverage:
        return footage.cover(self.hall.store.read(), camera, begins, ends)

    def _rfc(self, at: int) -> str:
        return rfc3339(at, self.hall.settings.office.zone)

    def _told(self, spans: tuple[footage.Span, ...]) -> list[dict[str, str]]:
        return [{"from": self._rfc(one), "to": self._rfc(other)} for one, other in spans]


def joined(folder: Path, found: Coverage, begins: int, ends: int) -> tuple[int, bytes]:
    """One file of the pieces from the keyframe before ``begins`` on, copied; and the moment it begins with."""
    first = max([at for at in _keys(found.pieces) if at <= begins], default=found.pieces[0].begins)
    out = io.BytesIO()
    with av.open(out, "w", format="mp4", options={"movflags": "frag_keyframe+empty_moov+default_base_moof"}) as file:
        stream = None
        for piece in found.pieces:
            with av.open(str(footage.path_of(folder, piece.camera, piece.begins))) as source:
                video = source.streams.video[0]
                stream = stream or file.add_stream_from_template(video)
                for packet in source.demux(video):
                    if packet.pts is None or packet.time_base is None:
                        continue
                    at = piece.begins + round(1000 * packet.pts * packet.time_base)
                    if first <= at < ends:
                        packet.pts = packet.dts = round(Fraction(at - first, 1000) / packet.time_base)
                        packet.stream = stream
                        file.mux(packet)
    return first, out.getvalue()


def picture(folder: Path, piece: Piece, at: int) -> bytes:
    """The piece's picture of ``at`` as JPEG."""
    with av.open(str(footage.path_of(folder, piece.camera, piece.begins))) as source:
        for frame in source.decode(video=0):
            if piece.begins + 1000 * (frame.time or 0) >= at:
                break
    out = io.BytesIO()
    Image.fromarray(frame.to_ndarray(format="rgb24")).save(out, "jpeg")
    return out.getvalue()


def _keys(pieces: tuple[Piece, ...]) -> list[int]:
    return [piece.begins + key for piece in pieces for key in piece.keyframes]


def _problem(status: int, key: str) -> Response:
    return Response(
        json.dumps({"key": key, "status": status, "title": key}), status, content_type="application/problem+json"
    )
