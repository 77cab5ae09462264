"""The simulated cameras' own little web page: what each sees, and the dials of one that is chosen."""

import io
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from PIL import Image

from camera.simulated.dials import Dials
from camera.simulated.scene import rgb
from camera.simulated.server import Simulator
from simulation.panel import Face

_PAGE: Final = Path(__file__).with_name("panel.html")
_CALM: Final = asdict(Dials())
_WIDE: Final = 480


def face(simulator: Simulator) -> Face:
    """The page of ``simulator``.

    ``POST /dials {"camera": NAME, DIAL: VALUE...}``; ``/drop {"camera": NAME}`` hangs up on who looks; ``/power
    {"on": false}`` closes the port; ``/choose {"camera": NAME}``: whom ``/dials`` and ``/drop`` mean that name none.
    ``GET /state`` has the dials of all; /pictures/NAME.png is what one sees.
    """
    shown = _Shown(simulator)
    deeds = {"/dials": shown.turn, "/drop": shown.drop, "/power": shown.power, "/choose": shown.choose}
    return Face(_PAGE, shown.state, deeds, shown.picture)


class _Shown:
    """What the page shows and does."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._chosen = next(iter(simulator.cameras))

    def turn(self, asked: Any) -> None:
        """Turn dials of a camera, all or none."""
        name = self._camera(asked)
        self._simulator.turn(name, **{key: _fitting(key, value) for key, value in asked.items() if key != "camera"})

    def drop(self, asked: Any) -> None:
        """Hang up on who looks at a camera."""
        self._simulator.drop(self._camera(asked))

    def choose(self, asked: Any) -> None:
        """Show another camera's dials."""
        self._chosen = self._camera(asked)

    def power(self, asked: Any) -> None:
        """Close the port, or open it again."""
        if not isinstance(asked, dict) or type(asked.get("on")) is not bool:
            raise TypeError('a JSON object {"on": true or false}')
        (self._simulator.revive if asked["on"] else self._simulator.kill)()

    def state(self) -> dict[str, Any]:
        """How it is: ``dials`` are those of the chosen camera."""
        cameras = [
            {
                "name": one.name,
                "address": self._simulator.address(one.name),
                "looking": one.looking,
                "dials": asdict(one.dials),
            }
            for one in self._simulator.cameras.values()
        ]
        chosen = asdict(self._simulator.cameras[self._chosen].dials)
        on = self._simulator.alive
        return {"on": on, "user": self._simulator.user, "chosen": self._chosen, "dials": chosen, "cameras": cameras}

    def picture(self, name: str) -> bytes | None:
        """What a camera sees, as PNG."""
        camera = self._simulator.cameras.get(name)
        if camera is None:
            return None
        made = io.BytesIO()
        picture = Image.fromarray(rgb(camera.seen(round(time.time() * 1000))))
        picture.thumbnail((_WIDE, _WIDE))
        picture.save(made, "PNG", compress_level=1)
        return made.getvalue()

    def _camera(self, asked: Any) -> str:
        name = asked.get("camera", self._chosen) if isinstance(asked, dict) else None
        if name not in self._simulator.cameras:
            raise TypeError(f"a JSON object; camera is one of {', '.join(self._simulator.cameras)}")
        return str(name)


def _fitting(dial: str, value: Any) -> bool | float:
    """The value as that dial has it. Raises TypeError."""
    kind = type(_CALM.get(dial))
    if kind is float and type(value) in (int, float):
        return float(value)
    if kind is bool and type(value) is bool:
        return value
    raise TypeError(f"dials are {', '.join(_CALM)}; true or false, numbers where they count")
