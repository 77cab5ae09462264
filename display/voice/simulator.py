"""A speech engine that does not exist, for trying faults: the real child process around tones with dials.

``python -m display.voice.simulator DIALS`` reads the JSON file DIALS before every sentence:

- ``mode``: ``tone`` (default), ``silent``, ``empty`` (a file without samples), ``nothing`` (no file), ``hang``,
  ``crash`` (the process dies as in a segmentation fault), ``refuse`` (the engine reports a fault)
- ``slow_s``: seconds each sentence takes
- ``times``: how many sentences the mode holds for, then it is ``tone`` again; missing: for ever

A hang is told by the file ``DIALS.hanging``. Each sentence is added to ``DIALS.said``, one JSON line: text, language,
process id, begin and end.
"""

import json
import math
import os
import signal
import sys
import time
from array import array
from pathlib import Path
from typing import Any

from display.voice import recipe, sound
from display.voice.child import Speak, serve

SECONDS_A_LETTER = 0.02
HERTZ = 330
FOREVER_S = 3600


class RefusedError(Exception):
    """The dial ``refuse`` is set."""


def engine(dials: Path) -> Speak:
    """An engine that does what the file ``dials`` says."""

    def speak(line: recipe.Line, out: Path) -> None:
        begin = time.time()
        mode, slow_s = _turn(dials)
        time.sleep(slow_s)
        if mode == "hang":
            dials.with_suffix(".hanging").touch()
        _act(mode, line, out)
        told = {"text": line.text, "language": line.language, "pid": os.getpid(), "begin": begin, "end": time.time()}
        with dials.with_suffix(".said").open("a", encoding="utf-8") as said:
            said.write(json.dumps(told, ensure_ascii=False) + "\n")

    return speak


def _turn(dials: Path) -> tuple[str, float]:
    set_to: dict[str, Any] = json.loads(dials.read_text(encoding="utf-8")) if dials.exists() else {}
    left = int(set_to.get("times", 1))
    mode = str(set_to.get("mode", "tone")) if left > 0 else "tone"
    if "times" in set_to:
        dials.write_text(json.dumps(set_to | {"times": left - 1}), encoding="utf-8")
    return mode, float(set_to.get("slow_s", 0))


def _act(mode: str, line: recipe.Line, out: Path) -> None:
    length = round(len(line.text) * SECONDS_A_LETTER * sound.RATE)
    if mode == "hang":
        time.sleep(FOREVER_S)
    elif mode == "crash":
        os.kill(os.getpid(), signal.SIGTERM if sys.platform == "win32" else signal.SIGSEGV)
    elif mode == "refuse":
        raise RefusedError("the engine refuses")
    elif mode == "silent":
        sound.write(out, array("h", bytes(2 * length)))
    elif mode == "empty":
        sound.write(out, array("h"))
    elif mode != "nothing":
        step = 2 * math.pi * HERTZ / sound.RATE
        sound.write(out, array("h", [int(9000 * math.sin(step * at)) for at in range(length)]))


if __name__ == "__main__":
    serve(engine(Path(sys.argv[1])))
