"""What a recorder is told to do: one line on its standard input, so that no password stands among a program's
arguments."""

import json
from dataclasses import asdict, dataclass, field
from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

SHORTEST_OPEN_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class Job:
    """One camera to record. ``folder``: where its pieces go (a folder a day below it); empty: only look at it.

    ``piece_s``: a piece ends at the first keyframe after so many seconds; ``timeout_s``: without a packet for so long
    the stream counts as stalled.
    """

    camera: str
    source: str
    address: str
    user: str = ""
    password: str = field(default="", repr=False)
    folder: str = ""
    piece_s: int = 10
    timeout_s: float = 2.5

    @property
    def location(self) -> str:
        """The address with name and password in it: for libraries, never for a log."""
        parts = urlsplit(self.address)
        if not self.user or not parts.netloc:
            return self.address
        sign_in = quote(self.user, safe="") + (":" + quote(self.password, safe="") if self.password else "")
        return urlunsplit(parts._replace(netloc=f"{sign_in}@{parts.netloc}"))

    @property
    def open_s(self) -> float:
        """Longest time to open it, seconds."""
        return max(SHORTEST_OPEN_S, 2 * self.timeout_s)

    def line(self) -> bytes:
        """The job as a recorder reads it."""
        return json.dumps(asdict(self)).encode() + b"\n"


def read(line: str) -> Job:
    """The job of a ``line``. Raises ValueError or TypeError for anything else."""
    return Job(**json.loads(line))
