"""The server's end of a cutter (camera/cutter.py): one process, one order at a time, a few that wait, none for long."""

import sys
from collections.abc import Sequence
from typing import Any, Final

from apart.child import GoneError
from apart.worker import BusyError, Worker
from camera import CameraFault, FaultKind
from office.errors import FootageBusy

PROGRAM: Final = (sys.executable, "-m", "camera.cutter")
WAITING: Final = 12
"""So many orders wait at most: each holds a thread of the server."""
WAIT_S: Final = 8.0
BUSY_S: Final = 3
"""When to ask again, seconds."""


class Cutter(Worker):
    """Starts with the first order, or earlier by ``start``; for several threads. ``close`` ends it.

    ``waiting`` orders wait their turn at most, each ``wait_s`` at most.
    """

    def __init__(self, program: Sequence[str] = PROGRAM, *, waiting: int = WAITING, wait_s: float = WAIT_S) -> None:
        super().__init__(program, waiting=waiting, wait_s=wait_s, silent=True)

    def ask(self, order: dict[str, Any], longest_s: float) -> dict[str, Any]:
        """The answer to ``order``. A process that gives none within ``longest_s`` is ended.

        Raises FootageBusy when too many wait, CameraFault.
        """
        try:
            told = self.tell(order, longest_s)
        except BusyError as fault:
            raise FootageBusy(f"to be cut: {fault}", seconds=BUSY_S) from None
        except (TimeoutError, GoneError) as fault:
            kind = FaultKind.STALLED if isinstance(fault, TimeoutError) else FaultKind.UNKNOWN
            raise CameraFault(kind, f"the cutter's process: {fault}") from None
        if not told["ok"]:
            raise CameraFault(FaultKind(told["fault"]), told["detail"])
        return told
