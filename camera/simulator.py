"""Simulated cameras as a program: ``python -m camera.simulator --port 8554 --panel 9182 --camera cam1 --camera hall``.

The real recorder looks through ``rtsp://127.0.0.1:8554/cam1``; the page on the panel port has each camera's dials.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack

from camera.simulated.dials import PROFILES, Dials, Profile
from camera.simulated.panel import face
from camera.simulated.server import PASSWORD, USER, Simulator
from simulation.panel import Panel
from simulation.program import run

__all__ = ["PROFILES", "Dials", "Profile", "Simulator", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until SIGTERM, SIGINT or Ctrl-C. Prints its addresses, one a line; 1 when a port is taken."""
    return run("camera", _parser(), _begin, arguments)


def _begin(asked: argparse.Namespace, ending: ExitStack) -> list[str]:
    cameras, profile = asked.camera or ["cam1"], PROFILES[asked.profile]
    simulator = Simulator(cameras, profile, port=asked.port, user=asked.user, password=asked.password)
    ending.callback(simulator.stop)
    panel = ending.enter_context(Panel(face(simulator), asked.panel))
    streams = [f"camera {simulator.address(name)}" for name in cameras]
    return [*streams, f"panel http://127.0.0.1:{panel.port}/"]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m camera.simulator", description="Simulated network cameras.")
    parser.add_argument("--port", type=int, default=8554, help="RTSP port, 0 for a free one (8554)")
    parser.add_argument("--panel", type=int, default=9182, help="port of its page, 0 for a free one (9182)")
    parser.add_argument("--camera", action="append", help="a camera's name, once for each (cam1); hall sees the hall")
    parser.add_argument("--profile", choices=sorted(PROFILES), default="small", help="size and cost (small)")
    parser.add_argument("--user", default=USER, help=f"sign-in name, empty for none ({USER})")
    parser.add_argument("--password", default=PASSWORD, help=f"its password ({PASSWORD})")
    return parser


if __name__ == "__main__":
    sys.exit(main())
