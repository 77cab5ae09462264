"""The cutter's process: ``python -m camera.cutter``. Clips, small pictures, and footage of recorders (NVR).

It takes one JSON line an order on standard input and answers one: ``{"ok": true, …}``, or ``{"ok": false, "fault",
"detail"}``. ``do`` is

- ``clip``: ``out``, ``pieces`` [path, begins, ends], ``begins``, ``ends``, ``masks`` (empty: copied, not encoded)
- ``picture``: ``path``, ``at_ms`` of its own time, ``width``; answers ``jpeg`` in Base64
- ``fetch``: see camera/cutting/fetching.py

A clip is answered by ``begins``, ``ends``, ``gaps`` and ``goes_on`` (ms UTC). It ends when its input does.
"""

import base64
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final

from apart.inside import Inside, lines
from camera import CameraFault, FaultKind
from camera.cutting import media
from camera.cutting.fetching import fetch
from camera.cutting.joining import Begin, Source, join

Order = dict[str, Any]


def clip(order: Order) -> dict[str, Any]:
    """A clip of pieces."""
    sources = [Source(Path(path), begins, ends) for path, begins, ends in order["pieces"]]
    return join(sources, order["begins"], order["ends"], _target(order))


def picture(order: Order) -> dict[str, Any]:
    """A small picture."""
    with media.Footage(Path(order["path"])) as piece:
        made = media.jpeg(piece.nearest(order["at_ms"]), order["width"])
    return {"jpeg": base64.b64encode(made).decode()}


def fetched(order: Order) -> dict[str, Any]:
    """A clip of a recorder's footage."""
    return fetch(order, _target(order))


WORK: Final[dict[str, Callable[[Order], dict[str, Any]]]] = {"clip": clip, "picture": picture, "fetch": fetched}


def done(order: Order) -> dict[str, Any]:
    """The answer to ``order``."""
    try:
        return {"ok": True, **WORK[order["do"]](order)}
    except CameraFault as fault:
        return {"ok": False, "fault": fault.kind.value, "detail": f"{fault}"}
    except OSError as fault:
        return {"ok": False, "fault": FaultKind.DISK.value, "detail": f"{fault.strerror or type(fault).__name__}"}
    except Exception as strange:
        return {"ok": False, "fault": FaultKind.UNKNOWN.value, "detail": type(strange).__name__}


def _target(order: Order) -> Begin:
    out, masks = Path(order["out"]), order.get("masks") or []
    if masks:
        return partial(media.Masked, out, masks=[tuple(mask) for mask in masks])
    return partial(media.Copy, out)


def serve() -> None:
    """Take orders until the input ends."""
    inside = Inside(silent=True)  # FFmpeg's complaints hold the address, password and all

    def read(wire: BinaryIO) -> Iterator[Order]:
        for line in lines(wire):
            yield json.loads(line)

    orders = inside.orders(read)
    inside.tell({"ok": True})
    while True:
        inside.tell(done(orders.get()))


if __name__ == "__main__":
    serve()
