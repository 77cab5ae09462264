"""The child process of scanner/child.py: reads pictures handed to it, answers with what it found.

An order is one JSON line ``{"id", "do", "bytes", …}`` and that many bytes after it; the answer is one JSON line
``{"id", "ok": true, …}`` or ``{"id", "ok": false, "reason", "unreadable"}``. ``do`` is ``still`` (a JPEG or PNG,
``budget_ms``) or ``frame`` (raw rows, ``shape``, ``lens``, ``at``). Once it can work it says ``{"ready": true}``.
It ends when its input ends, so it never outlives the server, not even while it reads.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, BinaryIO

import numpy as np

from apart.inside import Inside
from scanner.reading import Reader, UnreadablePicture, read_bytes
from scanner.reading.drivers import DRIVERS, load

Order = tuple[dict[str, Any], bytes]


def serve() -> None:
    """Answer orders on standard input until it ends. What the libraries print goes nowhere near the answers."""
    inside = Inside()
    for name in DRIVERS:
        load(name)
    orders = inside.orders(_taken)
    readers: dict[str, Reader] = {}
    inside.tell({"ready": True})
    while True:
        inside.tell(answer(*orders.get(), readers))


def _taken(wire: BinaryIO) -> Iterator[Order]:
    for line in wire:
        order = json.loads(line)
        yield order, wire.read(order["bytes"])


def answer(order: dict[str, Any], data: bytes, readers: dict[str, Reader]) -> dict[str, Any]:
    """The answer to one order; a fault is an answer too."""
    told: dict[str, Any] = {"id": order["id"], "ok": True}
    try:
        if order["do"] == "still":
            return told | {"found": [asdict(found) for found in read_bytes(data, order["budget_ms"])]}
        frame = np.frombuffer(data, np.uint8).reshape(order["shape"])
        reader = readers.setdefault(order["lens"], Reader())
        return told | asdict(reader.feed(frame, order["at"]))
    except Exception as fault:  # whatever a library raises reaches the server as an answer
        unreadable = isinstance(fault, UnreadablePicture)
        return told | {"ok": False, "reason": f"{fault}" or type(fault).__name__, "unreadable": unreadable}


if __name__ == "__main__":
    serve()
