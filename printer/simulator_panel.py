"""What the simulated printer's page shows and turns: the last slips as pictures, and the dials."""

import io
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from PIL import Image

from printer import Paper
from printer.simulated import Simulator
from simulation.panel import Face

_PAGE: Final = Path(__file__).with_name("simulator_panel.html")
_SHOWN: Final = 12
_DIALS: Final[dict[str, type]] = {
    "paper": str,
    "cover_open": bool,
    "offline": bool,
    "unplugged": bool,
    "mute": bool,
    "slow": int,
    "cut_off_after": int,
    "paper_left": int,
}


def face(simulator: Simulator) -> Face:
    """The page of ``simulator``."""

    def state() -> dict[str, Any]:
        slips = reversed(simulator.printed[-_SHOWN:])
        return {
            "port": simulator.port,
            "dials": asdict(simulator.dials),
            "received": simulator.received,
            "slips": [{"n": slip.n, "at": slip.at, "height": slip.picture.height} for slip in slips],
        }

    def slip(name: str) -> bytes | None:
        return next((_png(one.picture) for one in simulator.printed if str(one.n) == name), None)

    return Face(_PAGE, state, {"/dials": lambda asked: simulator.turn(**dials_from(asked))}, slip)


def dials_from(asked: object) -> dict[str, Any]:
    """The dials of a request, each of its type. Raises TypeError or ValueError for anything else."""
    if not isinstance(asked, dict):
        raise TypeError("a JSON object of dials")
    for name, value in asked.items():
        if name not in _DIALS or type(value) is not _DIALS[name]:
            raise ValueError(f"dials: {', '.join(f'{n} ({t.__name__})' for n, t in _DIALS.items())}")
        if isinstance(value, int) and value < 0:
            raise ValueError(f"{name} is at least 0")
    if "paper" in asked:
        return {**asked, "paper": Paper(asked["paper"])}
    return asked


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
