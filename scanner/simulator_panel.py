"""What the simulated scanner's page shows and does: sample receipts to scan, a field for any text, and the dials."""

from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from scanner.simulated import Dials, Simulator
from simulation.panel import Face

_PAGE: Final = Path(__file__).with_name("simulator_panel.html")
_DIALS: Final = frozenset(asdict(Dials()))


def face(simulator: Simulator, samples: list[dict[str, str]]) -> Face:
    """The page of ``simulator``, which offers ``samples``: ``{"label", "text"}`` each."""

    def state() -> dict[str, Any]:
        return {
            "line": simulator.wire.address,
            "sent": simulator.sent,
            "dials": asdict(simulator.dials),
            "samples": samples,
        }

    deeds = {
        "/scan": lambda asked: simulator.scan(text_from(asked)),
        "/dials": lambda asked: simulator.turn(**dials_from(asked)),
    }
    return Face(_PAGE, state, deeds)


def text_from(asked: object) -> str:
    """The text to scan. Raises TypeError when there is none."""
    if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
        raise TypeError("a JSON object with a text")
    return str(asked["text"])


def dials_from(asked: object) -> dict[str, bool]:
    """The dials of a request. Raises TypeError for anything else."""
    if not isinstance(asked, dict) or not all(n in _DIALS and type(v) is bool for n, v in asked.items()):
        raise TypeError(f"a JSON object of dials, true or false: {', '.join(sorted(_DIALS))}")
    return asked
