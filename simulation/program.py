"""A simulator as a program: begins, says where it is, runs until it is ended."""

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Final

STEP_S: Final = 0.5

Begin = Callable[[argparse.Namespace, ExitStack], Sequence[str]]
"""Starts everything, leaves on the stack how it ends, and gives the lines that say where it is.

Raises OSError, ImportError or ValueError when it cannot start."""


def run(name: str, parser: argparse.ArgumentParser, begin: Begin, arguments: Sequence[str] | None = None) -> int:
    """Run until SIGTERM, SIGINT or Ctrl-C, or the end of the input if asked to; the exit code, 1: it cannot start."""
    parser.add_argument("--with-input", action="store_true", help="end when standard input ends")
    asked = parser.parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with ExitStack() as ending:
        try:
            said = begin(asked, ending)
        except (OSError, ImportError, ValueError) as fault:
            sys.stderr.write(f"the simulated {name} cannot start: {fault}\n")
            return 1
        sys.stdout.write("".join(f"{line}\n" for line in said))
        sys.stdout.flush()
        if asked.with_input:
            threading.Thread(target=_await_end, args=(stop,), daemon=True).start()
        while not stop.wait(STEP_S):  # a bare wait() would not let signals through on Windows
            pass
    return 0


def _await_end(stop: threading.Event) -> None:
    """Whoever started the program holds its input: when that ends, killed or not, nobody is left to simulate for."""
    sys.stdin.read()
    stop.set()
