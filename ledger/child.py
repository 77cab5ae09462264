"""An import in a process of its own: the hall's threads keep their core, and its memory ends with it.

What the child says is one JSON object a line: how far it is, at last its report or why the file was refused.
"""

import json
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

from apart.child import Child, GoneError
from office.dossier_import import ImportRefused, Progress, Report
from office.dossier_table import Fault
from office.errors import NotAllowed, Stopping

END_S: Final = 5.0
WAIT_S: Final = 30.0
"""How long an import waits for the one before it."""


class ImportBusy(NotAllowed):
    """Another file is being imported; one at a time."""

    key: ClassVar[str] = "import.busy"


class ImportBroken(Stopping):
    """The import ended without a result (killed, or the disk was full); nothing of the file was written."""

    key: ClassVar[str] = "import.broken"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One import: the file, who brings it, and whether codes of unknown shapes count as confirmed."""

    path: Path
    actor: str
    confirmed: bool = False

    def arguments(self) -> list[str]:
        """As the child takes them."""
        return ["--actor", self.actor, *(["--confirmed"] if self.confirmed else []), "--", str(self.path)]


class Importer:
    """Runs imports, one at a time; ``command`` starts the child and takes what ``Wanted.arguments`` gives.

    Once ``stopping`` is set the one under way is ended, unless it is writing already, and no other begins.
    """

    def __init__(self, command: Sequence[str], folder: Path, stopping: threading.Event | None = None) -> None:
        self._command = tuple(command)
        self._folder = folder
        self._ended = stopping or threading.Event()
        self._turn = threading.Lock()
        self._child: Child | None = None
        self._progress: Progress | None = None

    def progress(self) -> Progress | None:
        """How far the import under way is, None when there is none."""
        return self._progress

    def run(self, wanted: Wanted, *, wait_s: float = WAIT_S) -> Report:
        """Import, ``wait_s`` after one under way at most (-1: however long that takes).

        Raises ImportBusy, ImportRefused, ImportBroken, nothing changed.
        """
        if not self._turn.acquire(timeout=wait_s):
            raise ImportBusy("another file is being imported")
        try:
            if self._ended.is_set():
                raise ImportBroken("the office is stopping")
            self._progress = Progress("reading", 0, 0.0)
            return self._run(wanted)
        finally:
            self._progress = None
            self._turn.release()

    def close(self) -> None:
        """End an import under way: nothing of it is written, unless it was being committed."""
        self._ended.set()
        child = self._child
        if child is not None:
            child.leave()

    def _run(self, wanted: Wanted) -> Report:
        try:
            child = Child([*self._command, *wanted.arguments()], self._folder, deaf=True)
        except GoneError as fault:
            raise ImportBroken(f"the import: {fault}", seconds=30) from fault
        self._child = child
        if self._ended.is_set():
            child.leave()
        try:
            return self._follow(child)
        except GoneError as fault:
            raise ImportBroken(f"the import gave no result: {fault}", seconds=30) from fault
        finally:
            self._child = None
            child.end(END_S)

    def _follow(self, child: Child) -> Report:
        while True:
            said = child.hear(None)
            if "progress" in said:
                self._progress = Progress(**said["progress"])
                if self._ended.is_set() and self._progress.doing == "reading":
                    child.leave()
            elif "report" in said:
                told: dict[str, Any] = said["report"]
                return Report(**told | {name: tuple(told[name]) for name in ("unused", "totals", "sheets")})
            elif "refused" in said:
                raise ImportRefused((Fault(**fault) for fault in said["refused"]), said["count"])


def say(what: dict[str, Any]) -> None:
    """One line to who started this child."""
    sys.stdout.write(json.dumps(what, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def tell(work: Callable[[Callable[[Progress], None]], Report]) -> int:
    """Do ``work`` as a child, telling how far it is and what came of it; the exit code."""
    try:
        say({"report": asdict(work(lambda progress: say({"progress": asdict(progress)})))})
    except ImportRefused as refusal:
        say({"refused": [asdict(fault) for fault in refusal.faults], "count": refusal.params["count"]})
        return 1
    return 0
