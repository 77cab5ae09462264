"""The simulated scanner as a program: ``python -m scanner.simulator --link PATH --panel 9181``.

The real serial driver opens the link; its page on the panel port has sample receipts to scan, and the dials. The
samples come as one JSON line on standard input: a list of ``{"label", "text"}``.
"""

import argparse
import json
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from scanner.simulated import Simulator, wire
from scanner.simulator_panel import Panel


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until SIGTERM, SIGINT or Ctrl-C. Prints both addresses, one a line; 1 when it cannot start."""
    asked = _parser().parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        samples = [] if sys.stdin.isatty() else json.loads(sys.stdin.readline() or "[]")
        line = wire("pty", asked.link) if asked.link else wire("tcp", asked.port)
        simulator = Simulator(line)
        panel = Panel(simulator, samples, asked.panel)
    except (OSError, ImportError, ValueError) as fault:
        sys.stderr.write(f"the simulated scanner cannot start: {fault}\n")
        return 1
    sys.stdout.write(f"scanner {line.address}\npanel http://127.0.0.1:{panel.port}/\n")
    sys.stdout.flush()
    while not stop.wait(0.5):  # a bare wait() would not let signals through on Windows
        pass
    panel.stop()
    simulator.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scanner.simulator", description="A simulated serial scanner.")
    parser.add_argument("--link", type=Path, help="name under which the line appears; without it a TCP port is opened")
    parser.add_argument("--port", type=int, default=0, help="that TCP port, 0 for a free one (0)")
    parser.add_argument("--panel", type=int, default=9181, help="port of its page, 0 for a free one (9181)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
