"""The simulated scanner as a program: ``python -m scanner.simulator --link PATH --panel 9181``.

The real serial driver opens the link; its page on the panel port has sample receipts to scan, and the dials. The
samples come as one JSON line on standard input: a list of ``{"label", "text"}``.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from scanner.simulated import Simulator, wire
from scanner.simulator_panel import face
from simulation.panel import Panel
from simulation.program import run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until it is ended. Prints both addresses, one a line; 1 when it cannot start."""
    return run("scanner", _parser(), _begin, arguments)


def _begin(asked: argparse.Namespace, ending: ExitStack) -> tuple[str, ...]:
    samples = [] if sys.stdin.isatty() else json.loads(sys.stdin.readline() or "[]")
    line = wire("pty", asked.link) if asked.link else wire("tcp", asked.port)
    simulator = ending.enter_context(Simulator(line))
    panel = ending.enter_context(Panel(face(simulator, samples), asked.panel))
    return f"scanner {line.address}", f"panel http://127.0.0.1:{panel.port}/"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scanner.simulator", description="A simulated serial scanner.")
    parser.add_argument("--link", type=Path, help="name under which the line appears; without it a TCP port is opened")
    parser.add_argument("--port", type=int, default=0, help="that TCP port, 0 for a free one (0)")
    parser.add_argument("--panel", type=int, default=9181, help="port of its page, 0 for a free one (9181)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
