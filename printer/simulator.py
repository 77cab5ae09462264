"""The simulated printer as a program: ``python -m printer.simulator --port 9100 --panel 9180 --out DIR``.

The real network driver prints to its port; its page on the panel port shows the slips and has the dials.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from printer.simulated import Dials, Printed, Simulator
from printer.simulator_panel import face
from printer.slip import DOTS
from simulation.panel import Panel
from simulation.program import run

__all__ = ["Dials", "Printed", "Simulator", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until it is ended. Prints both addresses, one a line; 1 when a port is taken."""
    return run("printer", _parser(), _begin, arguments)


def _begin(asked: argparse.Namespace, ending: ExitStack) -> tuple[str, ...]:
    simulator = ending.enter_context(Simulator(width=DOTS[asked.width], port=asked.port, out=asked.out))
    panel = ending.enter_context(Panel(face(simulator), asked.panel))
    return f"printer 127.0.0.1:{simulator.port}", f"panel http://127.0.0.1:{panel.port}/"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m printer.simulator", description="A simulated ESC/POS printer.")
    parser.add_argument("--port", type=int, default=9100, help="raw printing port, 0 for a free one (9100)")
    parser.add_argument("--panel", type=int, default=9180, help="port of its page, 0 for a free one (9180)")
    parser.add_argument("--out", type=Path, help="folder for pictures of what was printed")
    parser.add_argument("--width", type=int, choices=sorted(DOTS), default=80, help="paper width in mm (80)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
