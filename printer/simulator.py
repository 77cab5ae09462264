"""The simulated printer as a program: ``python -m printer.simulator --port 9100 --panel 9180 --out DIR``.

The real network driver prints to its port; its page on the panel port shows the slips and has the dials.
"""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from printer.simulated import Dials, Printed, Simulator
from printer.simulator_panel import Panel
from printer.slip import DOTS

__all__ = ["Dials", "Printed", "Simulator", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until SIGTERM, SIGINT or Ctrl-C. Prints both addresses, one a line; 1 when a port is taken."""
    asked = _parser().parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        simulator = Simulator(width=DOTS[asked.width], port=asked.port, out=asked.out)
        panel = Panel(simulator, asked.panel)
    except OSError as fault:
        sys.stderr.write(f"the simulated printer cannot start: {fault}\n")
        return 1
    sys.stdout.write(f"printer 127.0.0.1:{simulator.port}\npanel http://127.0.0.1:{panel.port}/\n")
    sys.stdout.flush()
    while not stop.wait(0.5):  # a bare wait() would not let signals through on Windows
        pass
    panel.stop()
    simulator.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m printer.simulator", description="A simulated ESC/POS printer.")
    parser.add_argument("--port", type=int, default=9100, help="raw printing port, 0 for a free one (9100)")
    parser.add_argument("--panel", type=int, default=9180, help="port of its page, 0 for a free one (9180)")
    parser.add_argument("--out", type=Path, help="folder for pictures of what was printed")
    parser.add_argument("--width", type=int, choices=sorted(DOTS), default=80, help="paper width in mm (80)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
