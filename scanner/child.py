"""Reading in a process of its own: some pictures make the libraries hang or abort, and then only that process ends."""

import sys
import time
from collections.abc import Sequence
from itertools import count
from typing import Any, ClassVar, Final

from apart.child import GoneError
from apart.worker import BusyError, Worker
from scanner.reading import STILL_MS, Found, UnreadablePicture, Verdict
from scanner.reading.picture import Picture

PROGRAM = (sys.executable, "-m", "scanner.reading.serving")
GRACE_S = 3.0
"""Beyond its budget a picture gets this long before the process counts as hanging."""
WAITING: Final = 4
"""So many pictures wait for their turn at most: each may hold megabytes and a thread of the server."""
WAIT_S: Final = 8.0
"""A picture waits no longer for its turn: as long as three hard ones take."""


class DecoderFault(Exception):
    """This picture was not read: the process died on it or hung; the next one finds a new process."""

    busy: ClassVar[bool] = False


class DecoderBusy(DecoderFault):
    """As many pictures as may wait are waiting, or this one waited too long; nothing is wrong with any of them."""

    busy: ClassVar[bool] = True


class Decoder(Worker):
    """The process that reads. Starts with the first picture, or earlier by ``start``; for several threads.

    Pictures wait for their turn, a few of them and not for long.
    """

    def __init__(
        self,
        program: Sequence[str] = PROGRAM,
        *,
        grace_s: float = GRACE_S,
        waiting: int = WAITING,
        wait_s: float = WAIT_S,
    ) -> None:
        super().__init__(program, waiting=waiting, wait_s=wait_s)
        self._grace_s = grace_s
        self._numbers = count(1)

    def read_bytes(self, data: bytes, budget_ms: float = STILL_MS) -> list[Found]:
        """The codes of a JPEG or PNG. Raises UnreadablePicture, DecoderBusy, DecoderFault."""
        told = self._ask({"do": "still", "budget_ms": budget_ms}, data, budget_ms / 1000 + self._grace_s)
        return [_found(one) for one in told["found"]]

    def feed(self, frame: Picture, lens: str = "", at: float | None = None) -> Verdict:
        """The next frame of a lens (its reader lives in the process). Raises DecoderBusy, DecoderFault."""
        when = time.monotonic() if at is None else at
        order = {"do": "frame", "shape": list(frame.shape), "lens": lens, "at": when}
        told = self._ask(order, frame.tobytes(), self._grace_s)
        return Verdict(_found(told["found"]) if told["found"] else None, told["hint"])

    def _ask(self, order: dict[str, Any], data: bytes, timeout_s: float) -> dict[str, Any]:
        line = order | {"id": next(self._numbers), "bytes": len(data)}
        try:
            told = self.tell(line, timeout_s, data)
        except BusyError as fault:
            raise DecoderBusy(f"to be read: {fault}") from None
        except (TimeoutError, GoneError) as fault:
            raise DecoderFault(f"the reading process: {fault}") from None
        if told["ok"]:
            return told
        raise UnreadablePicture(told["reason"]) if told["unreadable"] else DecoderFault(told["reason"])


def _found(told: dict[str, Any]) -> Found:
    corners = tuple((float(x), float(y)) for x, y in told["corners"])
    return Found(told["symbology"], told["text"], told["engine"], corners)
